use super::*;
use crate::family::activity::ActivityEvent;
use crate::family::check::{History, date, sealed, stream};
use crate::family::consent_text::ConsentTextEvent;
use crate::family::kit::Event;
use crate::family::opened::Erased;
use crate::family::party::PartyEvent;
use crate::ledger::erasable::{Disclosure, SALT_BYTES};
use crate::ledger::merkle::Hash;
use crate::ledger::name::Sequence;

/// An event from its wire form; what is clear is in it as `{"...": {"clear": …}}`.
fn said<E: Event>(fact: &str, data: Value) -> E {
    E::from_data(fact, 1, &sealed(data, 0)).unwrap()
}

fn clear(value: Value) -> Value {
    json!({ "...": { "clear": value } })
}

/// A consent with a text, an activity and a party; what the vault would open.
struct World {
    consent: History<Consent>,
    text: History<ConsentText>,
    activity: History<Activity>,
    party: History<Party>,
    opened: BTreeMap<Digest, Opened>,
}

impl World {
    fn new() -> Self {
        let mut text = History::new();
        let published = json!({
            "version": 1, "activity": stream("activity", 3).to_string(), "languages": ["nl", "en"],
            "grantChannels": ["PAPER"], "withdrawChannels": ["EMAIL", "WEB"],
            "items": [
                { "code": "photo", "purpose": clear(json!({ "nl": "foto's" })), "operations": ["PUBLISH"], "platforms": ["platform-a"] },
                { "code": "video", "operations": [], "platforms": [] },
            ],
        });
        text.admits("2018", said::<ConsentTextEvent>("published", published));
        let mut activity = History::new();
        let established = json!({
            "version": 1, "controller": "university", "recipients": ["vendor-n"], "processors": [], "jointControllers": [],
            "dataCategories": [{ "code": "PHOTO" }], "retention": [{ "term": "P5Y" }], "dpoContact": clear(json!("dpo@example.nl")),
            "purposes": [], "subjectCategories": [], "operations": [], "platforms": [], "transfers": [], "systems": [],
        });
        activity.admits("2018", said::<ActivityEvent>("established", established));
        let mut party = History::new();
        let registered =
            json!({ "party": "university", "name": clear(json!({ "en": "Demo University" })), "country": "NL" });
        party.admits("2018", said::<PartyEvent>("registered", registered));
        let consent = History::new().beside(stream("consentText", 1), &text);
        // As `check::sealed` does: a number, here 0, and the place in the fact make the salt.
        let salted = |sequence: u64, count: u64, value: Value| {
            let mut salt = [0; SALT_BYTES];
            salt[..8].copy_from_slice(&sequence.to_be_bytes());
            salt[8..].copy_from_slice(&count.to_be_bytes());
            (Disclosure::new(salt, &value).unwrap().digest(), Opened::Value(value))
        };
        let opened = [json!({ "nl": "foto's" }), json!("dpo@example.nl"), json!({ "en": "Demo University" })];
        let opened = opened.into_iter().map(|value| salted(0, 1, value)).collect();
        Self { consent, text, activity, party, opened }
    }

    fn granted(mut self) -> Self {
        let granted = json!({
            "text": stream("consentText", 1).to_string(), "textVersion": 1, "method": "SIGNED_FORM", "expression": "EXPLICIT",
            "items": [{ "code": "photo", "decision": "YES" }, { "code": "video", "decision": "NO" }],
            "representative": { "authority": "PARENT_DECLARATION", "evidence": clear(json!({ "description": "Anna's mother" })) },
            "evidence": clear(json!({ "description": "form of Anna" })), "remark": clear(json!("Anna was happy")),
        });
        self.consent.admits("2018-09-10", said("granted", granted));
        self
    }

    fn withdrawn(mut self) -> Self {
        let withdrawn = json!({ "items": ["photo"], "channel": "WEB" });
        self.consent.admits("2024-09-06", said("withdrawn", withdrawn));
        self
    }

    fn record(&self, at: &str, language: Language) -> Value {
        let consent = Found { stream: stream("consent", 9), reference: None, state: self.consent.state(at) };
        let reference = Some("CTX-001".parse().unwrap());
        let text = Found { stream: stream("consentText", 1), reference, state: self.text.state(at) };
        let activity = Found { stream: stream("activity", 3), reference: None, state: self.activity.state(at) };
        let party = Found { stream: stream("party", 4), reference: None, state: self.party.state(at) };
        let parties = BTreeMap::from([("university".parse().unwrap(), party)]);
        let known: Vec<Fact> = self.consent.known().into_iter().cloned().collect();
        let there = consent.state.text.is_some();
        let sources = ConsentSources {
            consent: &consent,
            known: &known,
            text: Some(&text).filter(|_| there),
            activity: Some(&activity).filter(|_| there),
            parties: &parties,
        };
        assert!(
            sources.digests().is_subset(&self.opened.keys().cloned().collect()),
            "only what all consents share is opened"
        );
        let shown = Shown {
            origin: "ledger.example/tenant-1".parse().unwrap(),
            size: 3,
            root: Hash([0; 32]),
            recorded: None,
            is_final: true,
            valid: date(at).latest(),
            checkpoint: None,
        };
        consent_record(&sources, &Writing { language, shown: &shown, opened: &self.opened }).unwrap()
    }
}

fn check(record: &Value, pointer: &str, expected: Value) {
    assert_eq!(record.pointer(pointer).cloned().unwrap_or_default(), expected, "{pointer} of {record:#}");
}

#[test]
fn a_record_has_what_the_profile_demands() {
    let record = World::new().granted().withdrawn().record("2018", Language::Nl);
    check(&record, "/@type", json!("dpv:ConsentRecord"));
    check(&record, "/dct:conformsTo", json!("https://w3id.org/dpv/schema/dpv-27560#record"));
    check(&record, "/dct:identifier", json!(stream("consent", 9).id().to_string()));
    check(&record, "/dpv:hasDataSubject/dct:identifier", json!(stream("consent", 9).id().to_string()));
    check(&record, "/dpv:hasNotice/dct:identifier", json!("CTX-001"));
    check(&record, "/dpv:hasNotice/schema:version", json!(1));
    check(&record, "/dct:language", json!(["nl", "en"]));
    let process = "/dpv:hasProcess/0";
    check(&record, &format!("{process}/dpv:hasPurpose/dct:identifier"), json!("photo"));
    check(&record, &format!("{process}/dpv:hasPurpose/dct:description"), json!("foto's"));
    check(&record, &format!("{process}/dpv:hasLegalBasis"), refer("eu-gdpr:A6-1-a-explicit-consent"));
    check(&record, &format!("{process}/dpv:hasConsentStatus"), refer("dpv:ConsentGiven"));
    check(&record, &format!("{process}/dpv:hasPersonalData/0/dct:identifier"), json!("PHOTO"));
    check(&record, &format!("{process}/dpv:hasRecipient"), json!([{ "dct:identifier": "vendor-n" }]));
    check(&record, &format!("{process}/dpv:hasStorageCondition/0/dpv:hasDuration"), json!("P5Y"));
    check(&record, &format!("{process}/dpv:hasStorageCondition/1/dpv:hasApplicability"), refer("dpv:NotAvailable"));
    check(&record, "/dpv:hasProcess/1/dpv:hasConsentStatus", refer("dpv:ConsentRefused"));
    let university = format!("urn:uuid:{}", stream("party", 4).id());
    check(&record, "/dpv:hasDataController", json!([{ "@id": university }]));
    check(&record, "/dpv:hasJurisdiction", refer("loc:EU"));
    check(&record, "/dpv:hasConsentControl/dpv:isExercisedAt", json!(["e-mail", "website"]));
    check(&record, "/dpv:hasRight/0", refer("eu-gdpr:A7-3"));
    check(&record, "/dpv:hasEntity/0/dpv:hasName", json!("Demo University"));
    check(&record, "/dpv:hasEntity/0/@type", json!("dpv:DataController"));
    check(&record, "/dpv:hasEntity/1", json!({ "@type": "dpv:Recipient", "dpv:hasIdentifier": "vendor-n" }));
    check(&record, "/dpv:hasEntity/2/dpv:hasContact", json!("dpo@example.nl"));
    check(&record, "/dct:provenance/@value/known/size", json!(3));
}

#[test]
fn events_are_those_that_had_taken_effect() {
    let world = World::new().granted().withdrawn();
    let early = world.record("2018", Language::En);
    check(&early, "/dpv:hasConsentStatus/0/@type", json!(["dpv:ConsentGiven", "dpv:ExplicitlyExpressedConsent"]));
    check(&early, "/dpv:hasConsentStatus/0/dpv:isIndicatedAtTime", json!("2018-09-10"));
    check(&early, "/dpv:hasConsentStatus/0/dpv:isIndicatedBy", json!({ "@type": "dpv:ParentOfDataSubject" }));
    check(&early, "/dpv:hasConsentStatus/0/dpv:hasIndicationMethod", json!("signed form"));
    check(&early, "/dpv:hasConsentStatus/0/dpv:hasPurpose", json!(["photo"]));
    check(&early, "/dpv:hasConsentStatus/0/dpv:hasDuration/rdf:value", json!("withdrawal"));
    check(&early, "/dpv:hasConsentStatus/0/dct:identifier", json!(0));
    check(&early, "/dpv:hasConsentStatus/1", Value::Null);
    let late = world.record("2025", Language::Nl);
    check(&late, "/dpv:hasConsentStatus/1/@type", json!("dpv:ConsentWithdrawn"));
    check(&late, "/dpv:hasConsentStatus/1/dpv:hasPurpose", json!(["photo"]));
    check(&late, "/dpv:hasConsentStatus/1/dpv:hasIndicationMethod", json!("website"));
    check(&late, "/dpv:hasProcess/0/dpv:hasConsentStatus", refer("dpv:ConsentWithdrawn"));
    check(&late, "/dpv:hasProcess/1/dpv:hasConsentStatus", refer("dpv:ConsentRefused"));
}

#[test]
fn what_is_asked_and_what_is_known_of_nothing_are_shown_too() {
    let mut asked = World::new();
    let requested = json!({ "text": stream("consentText", 1).to_string(), "textVersion": 1, "channel": "EMAIL" });
    asked.consent.admits("2018-03", said("requested", requested));
    let record = asked.record("2019", Language::En);
    check(&record, "/dpv:hasProcess/1/dpv:hasConsentStatus", refer("dpv:ConsentRequested"));
    let controller = json!({ "@id": format!("urn:uuid:{}", stream("party", 4).id()) });
    check(&record, "/dpv:hasConsentStatus/0/dpv:isIndicatedBy", controller);
    let mut refused = World::new();
    refused.consent.admits("2018-03", said("refused", json!({})));
    let record = refused.record("2019", Language::En);
    check(&record, "/dpv:hasProcess", json!([]));
    check(&record, "/dpv:hasNotice/dpv:hasApplicability", refer("dpv:NotAvailable"));
    check(&record, "/dpv:hasDataController/0/dpv:hasApplicability", refer("dpv:NotAvailable"));
    check(&record, "/dpv:hasConsentStatus/0/@type", json!("dpv:ConsentRefused"));
}

#[test]
fn an_erased_value_is_marked() {
    let mut world = World::new().granted();
    let erased = Erased { by: Sequence(9), at: date("2026-04-21"), ground: None };
    world.opened.values_mut().for_each(|value| *value = Opened::Erased(erased.clone()));
    for (language, mark) in [(Language::Nl, "[gewist]"), (Language::En, "[erased]")] {
        let record = world.record("2025", language);
        check(&record, "/dpv:hasProcess/0/dpv:hasPurpose/dct:description", json!(mark));
        check(&record, "/dpv:hasEntity/0/dpv:hasName", json!(mark));
        check(&record, "/dpv:hasEntity/2/dpv:hasContact", json!(mark));
    }
}

#[test]
fn nothing_personal_is_in_a_record() {
    let record = World::new().granted().withdrawn().record("2025", Language::En).to_string();
    assert!(!record.contains("Anna") && !record.contains("..."), "{record}");
}

#[test]
fn every_way_in_which_a_consent_changes_has_a_term() {
    let check = |fact: &str, data: Value, expected: Value| {
        let mut world = World::new().granted();
        world.consent.admits("2020", said(fact, data));
        let record = world.record("2021", Language::En);
        let found = record.pointer("/dpv:hasConsentStatus/1/@type").cloned().unwrap_or_default();
        assert_eq!(found, expected, "{fact}");
    };
    let text = stream("consentText", 1).to_string();
    let items = json!([{ "code": "photo", "decision": "YES" }]);
    check("reaffirmed", json!({ "text": text, "textVersion": 1, "items": items }), json!("dpv:RenewedConsentGiven"));
    check("itemChanged", json!({ "code": "video", "decision": "YES" }), json!("dpv:ConsentGiven"));
    check("itemChanged", json!({ "code": "photo", "decision": "NO" }), json!("dpv:ConsentWithdrawn"));
    check("withdrawn", json!({ "items": [] }), json!("dpv:ConsentWithdrawn"));
    check("expired", json!({}), json!("dpv:ConsentExpired"));
    check("revokedByController", json!({ "reason": clear(json!("x")) }), json!("dpv:ConsentRevoked"));
    check("invalidated", json!({ "by": "COURT", "effect": "EX_TUNC" }), json!("dpv:ConsentInvalidated"));
    check("confirmationInvited", json!({ "reason": "AGE_16" }), Value::Null);
}
