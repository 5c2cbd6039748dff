//! Watching verdicts and deadlines: told once, in order, by facts and by time, and resumable at every place.

use serde_json::{Value, json};

use crate::support::api::{Api, Following};
use crate::support::on_both;

/// The next result: its data and its cursor.
async fn next(following: &mut Following, field: &str) -> (Value, String) {
    let result = following.next().await;
    let cursor = result["extensions"]["cursor"].as_str().unwrap_or_else(|| panic!("{result}")).to_owned();
    (result["data"][field].clone(), cursor)
}

/// A law, a policy with a term, a unit and a request that comes in on 1 January 2020.
async fn told(api: &Api) -> Value {
    let law = json!({ "reference": "LEX-GDPR", "effective": "2018-05-25", "event": { "enteredIntoForce": {
        "code": "LEX-GDPR", "kind": "STATUTE", "validFrom": "2018-05-25", "modules": [], "relations": [], "rules": [],
        "parameters": [{ "name": "dsrTerm", "term": "P1M", "values": [] }] } } });
    api.recorded("LegalInstrument", law).await;
    let policy = json!({ "reference": "POL-001", "effective": "2018-05-29", "event": { "versionAdopted": {
        "version": 1, "about": { "instrument": "POL-001", "kind": "POLICY" }, "decidedAt": "2018-05-29", "removes": [],
        "parameters": [{ "name": "dsrTerm", "term": "P28D", "values": [] }] } } });
    api.recorded("GovernanceInstrument", policy).await;
    let unit = json!({ "effective": "2018-05-29", "event": { "registered": { "unit": "mu-01", "kind": "FACULTY" } } });
    api.recorded("ManagementUnit", unit).await;
    let request = json!({ "effective": "2020-01-01", "event": { "received": {
        "rights": ["ACCESS"], "channel": "EMAIL", "unit": "mu-01", "activities": [], "platforms": [] } } });
    api.recorded("DataSubjectRequest", request).await
}

/// The term of DSR-02 in a result: its layer and limit.
fn answer_terms(result: &Value) -> Vec<(&str, &str)> {
    let terms = result["deadlines"].as_array().unwrap_or_else(|| panic!("{result}")).iter();
    let answers = terms.filter(|term| term["verdict"]["ruleId"] == "DSR-02");
    let layer_and_limit = |term: &'_ Value| {
        let text = |value: &Value| value.as_str().unwrap().to_owned().leak() as &str;
        (text(&term["verdict"]["layer"]), text(&term["deadline"]["limit"]))
    };
    answers.map(layer_and_limit).collect()
}

#[tokio::test]
async fn a_deadline_is_told_when_it_comes_near_and_not_again() {
    on_both("approaching deadlines", async |url| {
        let api = Api::new(&url).await;
        told(&api).await;
        let question = |after: &str| {
            format!(
                r#"subscription {{ deadlineApproaching(unit: "mu-01", within: "P7D"{after}) {{ at deadlines {{ deadline {{ limit }} verdict {{ ruleId layer }} }} }} }}"#
            )
        };
        let mut following = api.follow(&question(""));
        following.is_quiet().await;
        // A week before the end of 29 January the policy's term comes near, by time alone.
        api.at("2020-01-25T12:00:00.000000Z");
        let (policy, cursor) = next(&mut following, "deadlineApproaching").await;
        assert_eq!(answer_terms(&policy), [("POLICY", "2020-01-29T22:59:59.999999Z")], "{policy}");
        assert_eq!(policy["at"], "2020-01-22T22:59:59.999999Z", "{policy}");
        drop(following);
        // Whoever resumes there is told what comes after it, once: the law's term, which may not end on a Saturday.
        let mut resumed = api.follow(&question(&format!(r#", after: "{cursor}""#)));
        resumed.is_quiet().await;
        api.at("2020-01-31T12:00:00.000000Z");
        let (law, _) = next(&mut resumed, "deadlineApproaching").await;
        assert_eq!(answer_terms(&law), [("LAW", "2020-02-03T22:59:59.999999Z")], "{law}");
    })
    .await;
}

/// The outcomes of a rule in a result: before and after.
fn outcomes(result: &Value, rule: &str) -> Vec<(Value, Value)> {
    let changes = result["changes"].as_array().unwrap_or_else(|| panic!("{result}")).iter();
    let of_rule = changes.filter(|change| change["after"]["ruleId"] == rule && change["after"]["layer"] == "LAW");
    of_rule.map(|change| (change["before"]["outcome"].clone(), change["after"]["outcome"].clone())).collect()
}

#[tokio::test]
async fn a_verdict_that_changes_is_told_with_the_fact_or_the_time_that_changed_it() {
    on_both("changed verdicts", async |url| {
        let api = Api::new(&url).await;
        told(&api).await;
        let question = |after: &str| {
            format!(
                r#"subscription {{ verdictChanged(units: ["mu-01"], rules: ["LAW-01", "LAW-02"]{after}) {{ at fact changes {{ before {{ outcome }} after {{ ruleId layer outcome }} }} }} }}"#
            )
        };
        let mut following = api.follow(&question(""));
        following.is_quiet().await;
        api.at("2020-01-02T12:00:00.000000Z");
        let established = json!({ "reference": "ACT-001", "effective": "2020-01-02", "event": { "established": {
            "version": 1, "owningUnit": "mu-01", "purposes": [{ "code": "inform" }], "subjectCategories": [], "dataCategories": [],
            "operations": [], "platforms": [], "recipients": [], "transfers": [], "retention": [], "systems": [],
            "jointControllers": [], "processors": [] } } });
        let activity = api.recorded("Activity", established).await;
        let (first, cursor) = next(&mut following, "verdictChanged").await;
        assert_eq!(first["fact"], activity["sequence"], "{first}");
        assert_eq!(outcomes(&first, "LAW-01"), [(Value::Null, json!("NOT_APPLICABLE"))], "{first}");
        drop(following);
        // Known before, it comes into force by time alone: processing begins without a legal basis.
        api.at("2020-01-03T12:00:00.000000Z");
        let started = json!({ "stream": activity["stream"], "effective": "2020-01-05", "event": { "started": {} } });
        api.recorded("Activity", started).await;
        let mut resumed = api.follow(&question(&format!(r#", after: "{cursor}""#)));
        resumed.is_quiet().await;
        api.at("2020-01-06T12:00:00.000000Z");
        let (second, _) = next(&mut resumed, "verdictChanged").await;
        assert_eq!((&second["fact"], &second["at"]), (&Value::Null, &json!("2020-01-04T23:00:00.000000Z")), "{second}");
        assert_eq!(outcomes(&second, "LAW-01"), [(json!("NOT_APPLICABLE"), json!("FAIL"))], "{second}");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_watched_is_refused() {
    on_both("watching refused", async |url| {
        let api = Api::new(&url).await;
        told(&api).await;
        let refuse = async |question: &str, expected: &str| {
            let result = api.follow(question).next().await;
            let message = result["errors"][0]["message"].as_str().unwrap_or_default();
            assert!(message.contains(expected), "{question}\n{result}");
        };
        refuse(r#"subscription { verdictChanged(units: []) { at } }"#, "name 1 to 20 units").await;
        let many: Vec<String> = (0..21).map(|number| format!("\"mu-{number}\"")).collect();
        let many = format!("subscription {{ verdictChanged(units: [{}]) {{ at }} }}", many.join(", "));
        refuse(&many, "name 1 to 20 units").await;
        refuse(r#"subscription { verdictChanged(units: ["mu-99"]) { at } }"#, "the unit mu-99").await;
        refuse(r#"subscription { verdictChanged(units: ["mu-01"], rules: ["TRF-99"]) { at } }"#, "there is no rule")
            .await;
        let approaching =
            |arguments: &str| format!("subscription {{ deadlineApproaching(unit: \"mu-01\", {arguments}) {{ at }} }}");
        refuse(&approaching(r#"within: "P1M""#), "no fixed length").await;
        refuse(&approaching(r#"after: "99@2020-01-01T11:00:00.000000Z""#), "is not among them").await;
        refuse(&approaching(r#"after: "3@2029-01-01T11:00:00.000000Z""#), "lies in the future").await;
    })
    .await;
}
