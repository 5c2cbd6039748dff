//! The golden questions on the demonstration, asked from the outside on both databases.

use serde_json::{Value, json};

use crate::support::api::Api;
use crate::support::on_both;

/// The verdict of a rule on the stream of a reference, as known and in force at the ends of two dates.
async fn verdict(api: &Api, rule: &str, layer: &str, reference: &str, (known, valid): (&str, &str)) -> Value {
    let query = format!(
        r#"{{ asOf(knownAt: {{ at: "{known}" }}, validAt: "{valid}") {{ verdict(rule: "{rule}", scope: {{ reference: "{reference}" }}, layer: {layer}) {{
            outcome class imputable until flags {{ mark days }} hindsight {{ outcome imputable }} reasons {{ nl en facts events {{ sequence entry }} }}
            parameters {{ name value instrument }} deadlineTrace {{ term calendar limit minutes steps }} }} }} }}"#
    );
    api.ask(&query).await["asOf"]["verdict"].clone()
}

/// The intervals of non-compliance as known and in hindsight: first day, day after the last, days.
async fn intervals(api: &Api, rule: &str, reference: &str, moment: &str) -> Value {
    let query = format!(
        r#"{{ asOf{moment} {{ nonComplianceIntervals(rule: "{rule}", scope: {{ reference: "{reference}" }}, from: "2016", to: "2027", layer: LAW) {{
            asKnown {{ from to days opened {{ byTime facts }} closed {{ byTime facts }} }} atThisMoment {{ days }} hindsight {{ from to days opened {{ facts }} }} }} }} }}"#
    );
    api.ask(&query).await["asOf"]["nonComplianceIntervals"][0].clone()
}

fn days(intervals: &Value) -> Vec<i64> {
    intervals.as_array().unwrap().iter().map(|interval| interval["days"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn the_golden_questions_are_answered_by_the_rules() {
    on_both("golden questions", async |url| {
        let api = Api::demonstration(&url).await;
        transfers(&api).await;
        errors(&api).await;
    })
    .await;
}

async fn transfers(api: &Api) {
    let then = ("2019-06-01", "2019-06-01");
    let q01 = verdict(api, "TRF-01", "LAW", "TRG-001", then).await;
    assert_eq!((&q01["outcome"], &q01["imputable"]), (&json!("PASS"), &Value::Null), "{q01}");
    assert_eq!(q01["hindsight"], json!({ "outcome": "FAIL", "imputable": false }), "{q01}");
    let proof = &q01["reasons"][0]["events"][0];
    assert!(proof["entry"].as_str().is_some_and(|entry| entry.contains("legalInstrument")), "{q01}");
    let q03 = verdict(api, "TRF-01", "POLICY", "TRG-001", ("2020-07-20", "2020-07-20")).await;
    assert_eq!((&q03["outcome"], &q03["flags"][0]["mark"]), (&json!("PASS"), &json!("POLICY_STALE")), "{q03}");
    assert_eq!(q03["parameters"][0]["instrument"], "POL-001", "{q03}");
    let q04 = intervals(api, "TRF-01", "TRG-001", "").await;
    assert_eq!((days(&q04["asKnown"]), days(&q04["hindsight"])), (vec![18], vec![763]), "{q04}");
    assert_eq!(q04["asKnown"][0]["opened"]["byTime"], json!(false), "{q04}");
    let q05 = verdict(api, "TRF-04", "LAW", "TRG-001", ("2020-12-01", "2020-12-01")).await;
    assert_eq!(q05["outcome"], "FAIL", "{q05}");
    assert_eq!(days(&intervals(api, "TRF-04", "TRG-001", "").await["hindsight"])[0], 133);
}

async fn errors(api: &Api) {
    let refuse = async |question: &str, expected: &str| {
        let (_, body) = api.post(question, json!({})).await;
        let error = &body["errors"][0];
        let told = error["message"].as_str().unwrap_or_default().contains(expected);
        assert!(told && error["extensions"]["code"] == "BAD_USER_INPUT", "{question}\n{body}");
    };
    let one = |moment: &str, rule: &str, scope: &str| {
        format!(r#"{{ asOf{moment} {{ verdict(rule: "{rule}", scope: {scope}) {{ outcome }} }} }}"#)
    };
    refuse(&one("", "TRF-99", r#"{ reference: "TRG-001" }"#), "there is no rule `TRF-99`").await;
    refuse(&one("", "TRF-01", r#"{ reference: "TRG-999" }"#), "nothing was known of TRG-999").await;
    refuse(&one("", "TRF-01", r#"{ unit: "mu-99" }"#), "the unit mu-99").await;
    refuse(&one("", "TRF-01", r#"{ reference: "ACT-001" }"#), "does not judge streams of the family activity").await;
    refuse(&one(r#"(rulesAt: "2015")"#, "TRF-01", r#"{ reference: "TRG-001" }"#), "no rule applies at").await;
    let future = one(r#"(validAt: "2030", rulesAt: "2031")"#, "TRF-01", r#"{ reference: "TRG-001" }"#);
    assert_eq!(api.ask(&future).await["asOf"]["verdict"]["outcome"], "PASS");
}
