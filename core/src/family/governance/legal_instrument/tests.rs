use LegalInstrumentEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, date, laws, words};
use crate::family::kit::RejectionCode;
use crate::ledger::merkle::Hash;

fn instrument(text: &str) -> Registered {
    Registered {
        code: code(text),
        kind: None,
        version: None,
        citation: None,
        identifier: None,
        title: None,
        issuer: None,
        territory: None,
        scope: None,
        modules: Vec::new(),
        adopted: None,
        published: None,
        valid_from: None,
        valid_to: None,
        new_use_until: None,
        relations: Vec::new(),
        rules: Vec::new(),
        rule_effect: None,
        parameters: Vec::new(),
        confidence: None,
        url: None,
        document: None,
        remark: None,
    }
}

fn force(text: &str) -> EnteredIntoForce {
    EnteredIntoForce {
        code: code(text),
        kind: None,
        version: None,
        citation: None,
        identifier: None,
        title: None,
        issuer: None,
        territory: None,
        scope: None,
        modules: Vec::new(),
        adopted: None,
        published: None,
        valid_from: None,
        valid_to: None,
        new_use_until: None,
        relations: Vec::new(),
        rules: Vec::new(),
        rule_effect: None,
        parameters: Vec::new(),
        confidence: None,
        url: None,
        document: None,
        remark: None,
    }
}

fn scope(recipients: ScopeKind) -> Option<Scope> {
    Some(Scope { recipients: Some(recipients), sector: None, text: Some(words("companies on the list")) })
}

fn parameter(name: &str, values: &[&str], term: Option<&str>) -> Parameter {
    Parameter { name: code(name), values: codes(values), term: term.map(|term| term.parse().unwrap()), calendar: None }
}

fn relation(kind: RelationKind, other: &str) -> InstrumentRelation {
    InstrumentRelation { kind, instrument: code(other) }
}

/// Row S-001.
fn privacy_shield() -> LegalInstrumentEvent {
    E::EnteredIntoForce(EnteredIntoForce {
        kind: Some(InstrumentKind::Adequacy),
        citation: Some("2016/1250".to_owned()),
        territory: Some(code("US")),
        scope: scope(ScopeKind::Listed),
        valid_from: Some(date("2016-07-12")),
        ..force("LEX-PSHIELD")
    })
}

/// Row S-018, with all that a registration may have.
fn norm_explanation() -> LegalInstrumentEvent {
    E::Registered(Registered {
        kind: Some(InstrumentKind::SupervisorAdvice),
        version: Some(code("v1.0")),
        citation: Some("Normuitleg grondslag gerechtvaardigd belang".to_owned()),
        identifier: Some(code("ECLI:EU:C:2020:559")),
        title: Some(words("Explanation of norms")),
        issuer: Some(code("AP")),
        territory: Some(code("NL")),
        scope: scope(ScopeKind::All),
        modules: vec![SccModule::ControllerToProcessor],
        adopted: Some(date("2019-11")),
        published: Some(date("2019-11-01")),
        valid_from: None,
        valid_to: None,
        new_use_until: None,
        relations: vec![relation(RelationKind::Interprets, "LEX-GDPR")],
        rules: codes(&["LIA-02"]),
        rule_effect: Some(clear("LIA-02 strict (supervisor view)")),
        parameters: vec![parameter("purelyCommercial", &["NOT_ALLOWED"], None), parameter("dsrTerm", &[], Some("P1M"))],
        confidence: Some(LegalConfidence::Sourced),
        url: Some("https://example.org/norm".to_owned()),
        document: Some(Document {
            sha256: Hash([2; 32]),
            media_type: None,
            language: Some(code("nl")),
            document_date: None,
            title: Some(clear("norm")),
        }),
        remark: Some(clear("sourced (year), day known")),
        ..instrument("LEX-AP-LI-2019")
    })
}

fn challenged(case: &str, outcome: Option<ChallengeOutcome>) -> LegalInstrumentEvent {
    E::Challenged(Challenged {
        case: Some(case.to_owned()),
        by: Some(code("LEX-C703-25P")),
        outcome,
        reason: Some(clear("no oversight")),
        remark: None,
    })
}

fn amendment() -> Amended {
    Amended {
        by: Some(code("LEX-OMNIBUS")),
        version: None,
        citation: None,
        title: None,
        territory: None,
        scope: None,
        modules: None,
        published: None,
        rules: None,
        rule_effect: None,
        parameters: None,
        confidence: None,
        change: None,
        document: None,
        remark: None,
    }
}

fn amended() -> LegalInstrumentEvent {
    E::Amended(Amended {
        version: Some(code("v2.0")),
        parameters: Some(vec![parameter("breachTerm", &[], Some("PT96H"))]),
        change: Some(clear("another term")),
        ..amendment()
    })
}

fn sunset(to: &str) -> LegalInstrumentEvent {
    E::SunsetSet(SunsetSet {
        to: date(to),
        by: Some(code("LEX-UK-ADEQ-2")),
        published: None,
        confidence: Some(LegalConfidence::Check),
        remark: None,
    })
}

fn invalidated_by(by: &str, to: Option<&str>) -> LegalInstrumentEvent {
    E::Invalidated(Invalidated {
        by: Some(code(by)),
        effect: Some(AnnulmentEffect::ExTunc),
        to: to.map(date),
        confidence: Some(LegalConfidence::Sourced),
        reason: Some(clear("no effective remedy")),
        remark: None,
    })
}

fn invalidated(to: Option<&str>) -> LegalInstrumentEvent {
    invalidated_by("LEX-C311-18", to)
}

fn repealed(to: &str, transition_until: Option<&str>, new_use_until: Option<&str>) -> LegalInstrumentEvent {
    E::Repealed(Repealed {
        to: date(to),
        transition_until: transition_until.map(date),
        new_use_until: new_use_until.map(date),
        by: Some(code("LEX-SCC-2021")),
        confidence: Some(LegalConfidence::Known),
        remark: None,
    })
}

fn retracted() -> LegalInstrumentEvent {
    E::Retracted(Retracted { reason: clear("registered twice"), remark: None })
}

fn begun(event: LegalInstrumentEvent, at: &str) -> History<LegalInstrument> {
    let mut history = History::new();
    history.admits(at, event);
    history
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<LegalInstrument>(&[
        norm_explanation(),
        privacy_shield(),
        E::EnteredIntoForce(EnteredIntoForce { valid_to: Some(date("2020-02")), ..force("LEX-UK-ADEQ") }),
        challenged("T-553/23", None),
        challenged("T-553/23", Some(ChallengeOutcome::Rejected)),
        amended(),
        sunset("2020-01"),
        sunset("2031-12-27"),
        invalidated(None),
        invalidated(Some("2020-07-16")),
        repealed("2021-09-27", Some("2022-12-28"), None),
        retracted(),
    ]);
}

/// A row of the legal timeline: how it is recorded, and which text it has on the rules and how sure it is.
#[test]
fn the_rows_of_the_legal_timeline_fit_as_first_facts() {
    use InstrumentKind as K;
    use LegalConfidence as C;
    let rows = [
        ("LEX-SAFEHARBOUR", "2000-07-26", K::Adequacy, "ADEQUACY US/self-certified from 2000-07-26", C::Known),
        (
            "LEX-C362-14",
            "2015-10-06",
            K::Judgment,
            "Safe Harbour validTo 2015-10-06 (in principle ex tunc)",
            C::Sourced,
        ),
        ("LEX-GDPR", "2018-05-25", K::Statute, "rule set LAW-1 active", C::Known),
        ("LEX-BZK-FB-DPIA", "2022-11", K::Other, "PLT risk factor", C::Sourced),
        ("LEX-DPC-META", "2023-05-22", K::SupervisorDecision, "platform transfer risk", C::Sourced),
        ("LEX-AP-EDU", "2024-06-13", K::SupervisorAdvice, "JNT/CON/PLT advice rules active", C::Sourced),
        ("LEX-SURF4", "2024-11", K::Standard, "GOV-26 benchmark", C::Sourced),
        ("LEX-PCLOB", "2025-01", K::Development, "DPF CHALLENGED factor", C::Sourced),
        ("LEX-C703-25P", "2025-10-31", K::Proceeding, "DPF status CHALLENGED, still valid", C::Sourced),
        ("LEX-OMNIBUS", "2025-11-19", K::Proposal, "future rule set, inactive", C::Sourced),
        ("LEX-CEF-ERASURE", "2026-02-10", K::Guideline, "RET/DSR guidance", C::Secondary),
        ("LEX-ADEQ-ANDORRA", "2010-10-19", K::Adequacy, "ADEQUACY Andorra", C::Check),
        ("LEX-ATW", "1964", K::Statute, "calendar of Dutch terms", C::Check),
    ];
    for (row, at, kind, rule_effect, confidence) in rows {
        let (kind, rule_effect, confidence) = (Some(kind), Some(clear(rule_effect)), Some(confidence));
        let registered =
            Registered { kind, rule_effect: rule_effect.clone(), confidence, remark: None, ..instrument(row) };
        let state = begun(E::Registered(registered), at).state("2027");
        assert_eq!((state.status, state.kind, state.confidence), (InstrumentStatus::Registered, kind, confidence));
        let entered = EnteredIntoForce { kind, rule_effect, confidence, ..force(row) };
        let state = begun(E::EnteredIntoForce(entered), at).state("2027");
        assert_eq!(
            (state.status, state.code, state.valid_from),
            (InstrumentStatus::Valid, Some(code(row)), Some(date(at)))
        );
        assert!(state.rule_effect.is_some());
    }
}

#[test]
fn the_rows_of_the_scenario_fit_as_first_facts() {
    // S-003, S-006, S-042, S-045, S-063, S-078, S-099: a code, a citation or a version, a rule set.
    let law = EnteredIntoForce { rules: codes(&["LAW-1"]), ..force("LEX-GDPR") };
    assert_eq!(begun(E::EnteredIntoForce(law), "2018-05-25").state("2018-05-25").rules, codes(&["LAW-1"]));
    let judgment = Registered { citation: Some("C-210/16".to_owned()), ..instrument("LEX-FANPAGES") };
    begun(E::Registered(judgment), "2018-06-05");
    let guideline = Registered { version: Some(code("v2.0")), ..instrument("LEX-BLOCK-FINAL") };
    begun(E::Registered(guideline), "2026-07-07");
    let framework = EnteredIntoForce {
        kind: Some(InstrumentKind::Adequacy),
        territory: Some(code("US")),
        scope: scope(ScopeKind::Certified),
        ..force("LEX-DPF")
    };
    let history = begun(E::EnteredIntoForce(framework), "2023-07-10");
    assert_eq!(
        history.keys("2023-07-10"),
        ["status=VALID", "code=LEX-DPF", "kind=ADEQUACY", "territory=US", "instrument=LEX-DPF"]
    );
    let explained = begun(norm_explanation(), "2019-11-01").state("2019-11-01");
    assert_eq!(explained.parameters[0].values, codes(&["NOT_ALLOWED"]));
    assert_eq!(explained.parameters[1].term, Some("P1M".parse().unwrap()));
}

#[test]
fn what_cannot_have_been_is_refused() {
    let mut history = History::<LegalInstrument>::new();
    let later =
        [challenged("T-553/23", None), amended(), sunset("2025"), invalidated(None), repealed("2021", None, None)];
    for event in later {
        let field = format!("event.{}", crate::family::kit::Event::kind(&event).0);
        history.refuses("2018", event, RejectionCode::NeverExisted, &field);
    }
    history.admits("2018", privacy_shield());
    history.refuses("2019", privacy_shield(), RejectionCode::AlreadyExists, "event.enteredIntoForce");
    history.admits("2020", invalidated(None));
    history.refuses("2021", invalidated(None), RejectionCode::AlreadyExists, "event.invalidated");
    history.refuses("2021", amended(), RejectionCode::Ended, "event.amended");
    history.refuses("2021", sunset("2025"), RejectionCode::Ended, "event.sunsetSet");
    history.refuses("2021", repealed("2025", None, None), RejectionCode::Ended, "event.repealed");
    history.admits("2021", E::Registered(instrument("LEX-PSHIELD")));
}

#[test]
fn malformed_facts_are_refused() {
    let history = begun(privacy_shield(), "2016-07-12");
    let check = |event: LegalInstrumentEvent, field: &str| {
        history.refuses("2021", event, RejectionCode::Malformed, field);
    };
    let with = |parameters: Vec<Parameter>| E::Amended(Amended { parameters: Some(parameters), ..amendment() });
    let own = vec![relation(RelationKind::Repeals, "LEX-PSHIELD")];
    check(E::Registered(instrument("LEX-DPF")), "event.registered.code");
    check(E::Registered(Registered { relations: own, ..instrument("LEX-PSHIELD") }), "event.registered.relations");
    check(with(vec![parameter("dsrTerm", &[], None)]), "event.amended.parameters");
    check(with(vec![parameter("admGround", &["A", "A"], None)]), "event.amended.parameters");
    check(with(vec![parameter("a", &["A"], None), parameter("a", &["B"], None)]), "event.amended.parameters");
    check(sunset("2016-07-11"), "event.sunsetSet.to");
    check(invalidated(Some("2015")), "event.invalidated.to");
    check(invalidated_by("LEX-PSHIELD", None), "event.invalidated.by");
    check(repealed("2016-06", None, None), "event.repealed.to");
    check(repealed("2021-09-27", Some("2021-09-26"), None), "event.repealed.transitionUntil");
    let reversed = |from: Option<&str>| {
        E::EnteredIntoForce(EnteredIntoForce {
            valid_from: from.map(date),
            valid_to: Some(date("2017")),
            ..force("LEX-UK-ADEQ")
        })
    };
    for from in [None, Some("2021-06-28")] {
        let field = "event.enteredIntoForce.validTo";
        History::<LegalInstrument>::new().refuses("2021-06-28", reversed(from), RejectionCode::Malformed, field);
    }
}

#[test]
fn the_privacy_shield_is_annulled_from_the_beginning() {
    let mut history = begun(privacy_shield(), "2016-07-12");
    let last = history.admits("2020-07-16T09:40:00.000000Z", invalidated(Some("2020-07-16")));
    let before = history.state("2020-07-15");
    assert_eq!((before.status, before.valid_to, before.annulled), (InstrumentStatus::Valid, None, None));
    let after = history.state("2020-07-16");
    assert_eq!((after.status, after.valid_to), (InstrumentStatus::Invalidated, Some(date("2020-07-16"))));
    let annulled = after.annulled.unwrap();
    assert_eq!((annulled.effect, annulled.by), (Some(AnnulmentEffect::ExTunc), Some(code("LEX-C311-18"))));
    assert_eq!((annulled.from, annulled.sequence), (date("2020-07-16T09:40:00.000000Z"), last));
    assert!(history.keys("2020-07-16").contains(&"related=LEX-C311-18".to_owned()));
}

#[test]
fn a_repeal_has_a_transition_that_is_evaluated_later() {
    let set = EnteredIntoForce {
        kind: Some(InstrumentKind::SccSet),
        modules: vec![SccModule::ControllerToProcessor],
        adopted: Some(date("2010-02-05")),
        valid_from: Some(date("2010-05-15")),
        ..force("LEX-SCC-2010")
    };
    let mut history = begun(E::EnteredIntoForce(set), "2010-02-05");
    history.admits("2021-06-27", repealed("2021-09-27", Some("2022-12-28"), None));
    let state = history.state("2021-06-27");
    assert_eq!((state.status, state.valid_from), (InstrumentStatus::Repealed, Some(date("2010-05-15"))));
    assert_eq!((state.valid_to, state.new_use_until), (Some(date("2022-12-28")), Some(date("2021-09-27"))));
    history.admits("2021-07", repealed("2021-09-27", None, Some("2021-08-01")));
    let state = history.state("2021-07");
    assert_eq!((state.valid_to, state.new_use_until), (Some(date("2021-09-27")), Some(date("2021-08-01"))));
}

#[test]
fn a_sunset_is_prolonged() {
    let adequacy = EnteredIntoForce {
        territory: Some(code("UK")),
        valid_from: Some(date("2021-06-28")),
        valid_to: Some(date("2025-06-27")),
        ..force("LEX-UK-ADEQ")
    };
    let mut history = begun(E::EnteredIntoForce(adequacy), "2021-06-28");
    history.admits("2025-06-24", sunset("2025-12-27"));
    let state = history.state("2025-12");
    assert_eq!((state.status, state.valid_to), (InstrumentStatus::Valid, Some(date("2025-12-27"))));
    // A fact of the time after the end shows that it is over; one that prolongs it brings it back.
    history.admits("2025-12-28", amended());
    assert_eq!(history.state("2025-12-28").status, InstrumentStatus::Expired);
    history.admits("2025-12-29", sunset("2031-12-27"));
    let state = history.state("2026");
    assert_eq!((state.status, state.valid_to), (InstrumentStatus::Valid, Some(date("2031-12-27"))));
    assert_eq!((state.version, state.parameters.len()), (Some(code("v2.0")), 1));
}

#[test]
fn an_instrument_is_challenged_until_the_case_is_decided() {
    use InstrumentStatus as S;
    let mut history = begun(privacy_shield(), "2016-07-12");
    let steps = [
        (challenged("T-553/23", None), S::Challenged, 1),
        (challenged("T-553/23", Some(ChallengeOutcome::Pending)), S::Challenged, 1),
        (challenged("C-703/25 P", None), S::Challenged, 2),
        (challenged("T-553/23", Some(ChallengeOutcome::Rejected)), S::Challenged, 1),
        (challenged("C-703/25 P", Some(ChallengeOutcome::Withdrawn)), S::Valid, 0),
    ];
    for (event, status, open) in steps {
        history.admits("2018", event);
        let state = history.state("2018");
        assert_eq!((state.status, state.open_challenges.len()), (status, open));
    }
    assert_eq!(history.state("2018").challenged.len(), 5);
}

#[test]
fn facts_in_another_order_are_noted() {
    let mut history = begun(privacy_shield(), "2016-07-12");
    let target = history.admits("2021", invalidated(None));
    history.admits("2020", sunset("2030"));
    history.admits("2020", amended());
    history.corrects(target, "2019", invalidated(Some("2019")));
    let state = history.state("2022");
    assert_eq!((state.anomalies.len(), state.valid_to, state.version), (2, Some(date("2019")), None));
}
