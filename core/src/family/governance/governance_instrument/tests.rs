use GovernanceInstrumentEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, date, laws, words};

fn about(instrument: &str, kind: InstrumentKind) -> InstrumentAbout {
    InstrumentAbout {
        instrument: Some(code(instrument)),
        kind: Some(kind),
        name: Some(words("Privacy policy")),
        unit: Some(code("mu-legal")),
        applies_to: None,
    }
}

fn policy() -> Option<InstrumentAbout> {
    Some(about("POL-001", InstrumentKind::Policy))
}

fn document(byte: u8) -> Option<Document> {
    Some(Document {
        sha256: Hash([byte; 32]),
        media_type: Some("application/pdf".to_owned()),
        language: Some(code("nl")),
        document_date: None,
        title: None,
    })
}

fn parameter(name: &str) -> InstrumentParameter {
    InstrumentParameter { name: code(name), term: None, calendar: None, number: None, values: Vec::new() }
}

fn term(name: &str, term: &str) -> InstrumentParameter {
    InstrumentParameter { term: Some(term.parse().unwrap()), ..parameter(name) }
}

fn values(name: &str, values: &[&str]) -> InstrumentParameter {
    InstrumentParameter { values: codes(values), ..parameter(name) }
}

fn number(name: &str, number: u32) -> InstrumentParameter {
    InstrumentParameter { number: Some(number), ..parameter(name) }
}

/// The parameters of the policy of 2018, as the scenario has them.
fn policy_parameters() -> Vec<InstrumentParameter> {
    vec![
        InstrumentParameter { calendar: Some(InstrumentTermCalendar::Regulation1182), ..term("dsrTerm", "P28D") },
        term("dsrExt", "P2M"),
        term("indirectNotice", "P28D"),
        term("breach", "PT72H"),
        values("adequacyAccepts", &["EC_LIST", "PRIVACY_SHIELD"]),
        number("minorAge", 16),
    ]
}

/// The parameters of the guidelines of 2024, as the scenario has them.
fn guideline_parameters() -> Vec<InstrumentParameter> {
    vec![
        term("indirectNotice", "P1M"),
        values("lia", &["3-part"]),
        values("purelyCommercial", &["NOT_ALLOWED"]),
        values("admGround", &["EXPLICIT_CONSENT"]),
    ]
}

fn drafted(version: Option<u32>) -> GovernanceInstrumentEvent {
    E::Drafted(Drafted { about: policy(), version, document: document(1), remark: None })
}

fn council(version: Option<u32>) -> GovernanceInstrumentEvent {
    E::CouncilApprovalRecorded(CouncilApprovalRecorded {
        about: policy(),
        version,
        council: Some(code("UNIVERSITY_COUNCIL")),
        decision: None,
        conditions: vec![clear("evaluate in a year")],
        document: None,
        remark: None,
    })
}

fn works_council() -> GovernanceInstrumentEvent {
    E::WorksCouncilConsentRecorded(WorksCouncilConsentRecorded {
        about: None,
        version: None,
        outcome: Some(WorksCouncilOutcome::ConsentedWithConditions),
        grounds: vec![WorksCouncilGround::StaffData, WorksCouncilGround::StaffMonitoring],
        decision: Some(code("OR-2018-07")),
        conditions: vec![clear("no appraisal by logs")],
        document: None,
        remark: None,
    })
}

fn issued_with(version: u32, parameters: Vec<InstrumentParameter>) -> GovernanceInstrumentEvent {
    E::VersionIssued(VersionIssued {
        about: Some(about("GDL-001", InstrumentKind::Guideline)),
        version,
        label: Some(code("1.0")),
        document_date: Some(date("2024-05-07")),
        parameters,
        document: document(2),
        remark: None,
    })
}

fn issued(version: u32) -> GovernanceInstrumentEvent {
    issued_with(version, guideline_parameters())
}

fn adoption(version: Option<u32>) -> VersionAdopted {
    VersionAdopted {
        about: None,
        version,
        label: None,
        decision: Some(code("BD-2018-01")),
        decided_at: Some(date("2018-05-29")),
        body: Some(code("EXECUTIVE_BOARD")),
        effective_from: None,
        parameters: Vec::new(),
        removes: Vec::new(),
        other_parameters: None,
        document: document(3),
        remark: None,
    }
}

fn adopted(version: Option<u32>) -> GovernanceInstrumentEvent {
    E::VersionAdopted(adoption(version))
}

fn first_policy() -> GovernanceInstrumentEvent {
    E::VersionAdopted(VersionAdopted { about: policy(), parameters: policy_parameters(), ..adoption(Some(1)) })
}

fn second_policy() -> GovernanceInstrumentEvent {
    let removes =
        vec![InstrumentParameterRemoval { name: code("adequacyAccepts"), values: codes(&["PRIVACY_SHIELD"]) }];
    E::VersionAdopted(VersionAdopted {
        removes,
        other_parameters: Some(OtherParameters::Kept),
        decision: None,
        ..adoption(Some(2))
    })
}

fn published(version: Option<u32>) -> GovernanceInstrumentEvent {
    E::VersionPublished(VersionPublished {
        version,
        document: document(3),
        url: Some("https://example.org/policy".to_owned()),
        remark: None,
    })
}

fn announced() -> GovernanceInstrumentEvent {
    E::VersionAnnounced(VersionAnnounced {
        version: None,
        institution_wide: Some(true),
        audience: codes(&["STAFF"]),
        channel: Some(code("INTRANET")),
        remark: None,
    })
}

fn distributed(units: &[&str], audience: &[&str]) -> GovernanceInstrumentEvent {
    E::Distributed(Distributed {
        version: None,
        units: codes(units),
        audience: codes(audience),
        channel: None,
        remark: None,
    })
}

fn acknowledged(units: &[&str]) -> GovernanceInstrumentEvent {
    E::Acknowledged(Acknowledged { version: None, units: codes(units), role: Some(code("UNIT_HEAD")), remark: None })
}

fn reviewed() -> GovernanceInstrumentEvent {
    E::Reviewed(Reviewed {
        version: None,
        outcome: Some(ReviewOutcome::ToBeAmended),
        effectiveness_audited: Some(true),
        trigger: Some(code("LEX-C311-18")),
        next_review: Some(date("2021-06")),
        conclusions: Some(clear("a framework fell away")),
        document: None,
        remark: None,
    })
}

fn superseded(version: Option<u32>) -> GovernanceInstrumentEvent {
    E::Superseded(Superseded {
        version,
        by_instrument: Some(code("POL-003")),
        by_version: Some(1),
        decision: None,
        remark: None,
    })
}

fn repealed() -> GovernanceInstrumentEvent {
    E::Repealed(Repealed { reason: Some(clear("no longer needed")), decision: Some(code("BD-2025-02")), remark: None })
}

fn framework(version: &str) -> GovernanceInstrumentEvent {
    E::ReferenceFrameworkAdopted(ReferenceFrameworkAdopted {
        about: Some(about("FRM-SURF", InstrumentKind::ReferenceFramework)),
        framework: code("SURF"),
        framework_version: Some(code(version)),
        model_version: Some(code(&format!("SURF-{version}"))),
        decision: None,
        document: None,
        remark: None,
    })
}

fn retracted() -> GovernanceInstrumentEvent {
    E::Retracted(Retracted { reason: clear("never adopted"), remark: None })
}

fn parameters_of(state: &GovernanceInstrument, version: u32) -> &[InstrumentParameter] {
    &state.version(version).unwrap().parameters
}

fn in_force(history: &History<GovernanceInstrument>, at: &str) -> Option<u32> {
    history.state(at).in_force_at(date(at).earliest()).map(|version| version.version)
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<GovernanceInstrument>(&[
        drafted(Some(1)),
        council(None),
        works_council(),
        issued(1),
        issued(2),
        adopted(None),
        first_policy(),
        second_policy(),
        E::VersionAdopted(VersionAdopted { effective_from: Some(date("2020-06")), ..adoption(Some(3)) }),
        published(None),
        announced(),
        distributed(&["mu-01"], &["STAFF"]),
        acknowledged(&["mu-01", "mu-02"]),
        reviewed(),
        superseded(None),
        superseded(Some(1)),
        repealed(),
        framework("3.0"),
        framework("4.0"),
        retracted(),
    ]);
}

#[test]
fn what_may_come_first_is_admitted_as_the_first_fact() {
    let first = [
        drafted(None),
        council(Some(1)),
        works_council(),
        issued(1),
        first_policy(),
        adopted(None),
        published(None),
        announced(),
        distributed(&["mu-01"], &[]),
        acknowledged(&["mu-01"]),
        reviewed(),
        framework("3.0"),
    ];
    for event in first {
        History::<GovernanceInstrument>::new().admits("2018-05-29", event);
    }
}

#[test]
fn what_cannot_have_been_is_refused() {
    let mut history = History::<GovernanceInstrument>::new();
    history.refuses("2018", superseded(None), RejectionCode::NeverExisted, "event.superseded");
    history.refuses("2018", repealed(), RejectionCode::NeverExisted, "event.repealed");
    history.admits("2018", first_policy());
    history.refuses("2019", first_policy(), RejectionCode::AlreadyExists, "event.versionAdopted.version");
    history.refuses("2019", superseded(Some(2)), RejectionCode::NeverExisted, "event.superseded.version");
    let none = Superseded { version: None, by_instrument: None, by_version: Some(0), decision: None, remark: None };
    history.refuses("2019", E::Superseded(none), RejectionCode::Malformed, "event.superseded.byVersion");
    history.admits("2019", issued(2));
    history.refuses("2019", issued(2), RejectionCode::AlreadyExists, "event.versionIssued.version");
    history.admits("2020", repealed());
    history.refuses("2021", repealed(), RejectionCode::Ended, "event.repealed");
    history.refuses("2021", superseded(None), RejectionCode::Ended, "event.superseded");
}

#[test]
fn malformed_facts_are_refused() {
    let history = History::<GovernanceInstrument>::new();
    let refuses = |event: GovernanceInstrumentEvent, field: &str| {
        history.refuses("2018", event, RejectionCode::Malformed, &format!("event.{field}"));
    };
    refuses(drafted(Some(0)), "drafted.version");
    refuses(issued(0), "versionIssued.version");
    refuses(adopted(Some(0)), "versionAdopted.version");
    refuses(distributed(&[], &[]), "distributed.units");
    refuses(distributed(&["mu-01", "mu-01"], &[]), "distributed.units");
    refuses(distributed(&[], &["STAFF", "STAFF"]), "distributed.audience");
    refuses(acknowledged(&[]), "acknowledged.units");
    refuses(acknowledged(&["mu-01", "mu-01"]), "acknowledged.units");
    let misfits = [
        vec![parameter("dsrTerm")],
        vec![InstrumentParameter { number: Some(28), ..term("dsrTerm", "P28D") }],
        vec![number("minorAge", 16), number("minorAge", 18)],
        vec![values("accepts", &["EC_LIST", "EC_LIST"])],
    ];
    for parameters in misfits {
        refuses(issued_with(1, parameters.clone()), "versionIssued.parameters");
        refuses(E::VersionAdopted(VersionAdopted { parameters, ..adoption(None) }), "versionAdopted.parameters");
    }
    let removal = InstrumentParameterRemoval { name: code("minorAge"), values: Vec::new() };
    let removes = vec![removal.clone(), removal];
    refuses(E::VersionAdopted(VersionAdopted { removes, ..adoption(None) }), "versionAdopted.removes");
    let twice = InstrumentAbout { applies_to: Some(codes(&["mu-01", "mu-01"])), ..policy().unwrap() };
    let event = VersionAdopted { about: Some(twice), ..adoption(None) };
    refuses(E::VersionAdopted(event), "versionAdopted.about.appliesTo");
}

#[test]
fn the_policy_keeps_its_parameters_but_what_the_next_version_removes() {
    let mut history = History::<GovernanceInstrument>::new();
    history.admits("2018-05-22", council(Some(1)));
    assert_eq!(history.state("2018-05-22").status, InstrumentStatus::Draft);
    history.admits("2018-05-29", first_policy());
    history.admits("2020-10-13", second_policy());
    let state = history.state("2020-10-13");
    let (first, second) = (parameters_of(&state, 1), parameters_of(&state, 2));
    assert_eq!(first, policy_parameters());
    assert_eq!((&second[..4], &second[5..]), (&first[..4], &first[5..]));
    assert_eq!(second[4], values("adequacyAccepts", &["EC_LIST"]));
    let version = state.version(1).unwrap();
    assert_eq!((version.council_approved, version.adopted), (Some(date("2018-05-22")), Some(date("2018-05-29"))));
    assert_eq!((version.in_force_from, version.in_force_to), (Some(date("2018-05-29")), Some(date("2020-10-13"))));
    assert_eq!((version.decision.clone(), version.decided_at), (Some(code("BD-2018-01")), Some(date("2018-05-29"))));
    assert_eq!([in_force(&history, "2018-05-29"), in_force(&history, "2020-10-13")], [Some(1), Some(2)]);
    assert!(state.anomalies.is_empty());
}

#[test]
fn what_is_issued_binds_nobody_until_it_is_adopted() {
    let units = ["mu-01", "mu-02", "mu-03"];
    let mut history = History::<GovernanceInstrument>::new();
    history.admits("2024-05-07", issued(1));
    history.admits("2024-05-08", published(None));
    history.admits("2024-05-13", distributed(&units, &["STAFF"]));
    history.admits("2024-05-27", acknowledged(&["mu-01"]));
    history.admits("2024-06-07", acknowledged(&["mu-01", "mu-02"]));
    let before = history.state("2024-07-08");
    assert_eq!((before.status, before.in_force.is_none()), (InstrumentStatus::Issued, true));
    assert_eq!(in_force(&history, "2024-07-08"), None);
    history.admits("2024-07-09", adopted(None));
    let state = history.state("2024-07-09");
    assert_eq!((state.status, in_force(&history, "2024-07-09")), (InstrumentStatus::Adopted, Some(1)));
    let version = state.version(1).unwrap();
    assert_eq!(version.parameters, guideline_parameters());
    assert_eq!((version.issued, version.document_date), (Some(date("2024-05-07")), Some(date("2024-05-07"))));
    assert_eq!(version.published[0].sha256, version.adopted_sha256);
    assert_ne!(version.issued_sha256, version.adopted_sha256);
    assert_eq!(version.distributed.len(), 3);
    let dates: Vec<_> = version.acknowledged.iter().map(|unit| (unit.unit.as_str(), unit.from)).collect();
    assert_eq!(dates, [("mu-01", date("2024-05-27")), ("mu-02", date("2024-06-07"))]);
}

#[test]
fn a_version_is_in_force_from_its_day_on() {
    let mut history = History::<GovernanceInstrument>::new();
    history.admits("2018", first_policy());
    let later = VersionAdopted { effective_from: Some(date("2021")), ..adoption(Some(2)) };
    history.admits("2020-10", E::VersionAdopted(later));
    let state = history.state("2020-11");
    let current = state.in_force.clone().unwrap();
    assert_eq!((current.version, current.from, current.previous), (2, date("2021"), Some(1)));
    assert_eq!([in_force(&history, "2020-11"), in_force(&history, "2021")], [Some(1), Some(2)]);
    assert_eq!(parameters_of(&state, 2), [], "what is neither named nor kept no longer holds");
}

#[test]
fn a_version_left_out_is_the_one_that_is_meant() {
    let mut history = History::<GovernanceInstrument>::new();
    history.admits("2018", adopted(None));
    history.admits("2019", adopted(None));
    history.admits("2020", issued(5));
    history.admits("2020", council(None));
    history.admits("2021", adopted(None));
    history.admits("2022", drafted(None));
    history.admits("2022", announced());
    let state = history.state("2022");
    let adopted: Vec<_> = state.versions.iter().map(|version| (version.version, version.adopted)).collect();
    let expected =
        [(1, Some(date("2018"))), (2, Some(date("2019"))), (5, Some(date("2021"))), (6, None::<PartialDate>)];
    assert_eq!(adopted, expected);
    assert_eq!(state.version(5).unwrap().council_approved, Some(date("2020")));
    assert_eq!(state.version(5).unwrap().announced, Some(date("2022")));
}

#[test]
fn what_gave_way_or_was_repealed_is_no_longer_in_force() {
    let ends = [(superseded(None), InstrumentStatus::Superseded), (repealed(), InstrumentStatus::Repealed)];
    for (end, status) in ends {
        let mut history = History::<GovernanceInstrument>::new();
        history.admits("2018", first_policy());
        history.admits("2020", end);
        let state = history.state("2021");
        assert_eq!((state.status, state.in_force.clone()), (status, None));
        assert_eq!(
            [in_force(&history, "2019"), in_force(&history, "2020"), in_force(&history, "2021")],
            [Some(1), None, None]
        );
        history.admits("2022", second_policy());
        assert_eq!((in_force(&history, "2021"), in_force(&history, "2022")), (None, Some(2)));
        assert_eq!(history.state("2022").status, InstrumentStatus::Adopted);
        assert_eq!(history.state("2022").in_force.unwrap().previous, None);
    }
}

#[test]
fn the_end_of_an_old_version_leaves_the_new_one_in_force() {
    let mut history = History::<GovernanceInstrument>::new();
    history.admits("2018", first_policy());
    history.admits("2020", second_policy());
    history.admits("2021", superseded(Some(1)));
    assert_eq!((history.state("2021").status, in_force(&history, "2021")), (InstrumentStatus::Adopted, Some(2)));
    assert_eq!(history.state("2021").version(1).unwrap().in_force_to, Some(date("2020")));
}

#[test]
fn a_framework_is_the_benchmark_until_its_next_version() {
    let mut history = History::<GovernanceInstrument>::new();
    history.admits("2019-04", framework("3.0"));
    history.admits("2024-11", framework("4.0"));
    let state = history.state("2024-11");
    let spans: Vec<_> = state.frameworks.iter().map(|at| (at.from, at.to)).collect();
    assert_eq!(spans, [(date("2019-04"), Some(date("2024-11"))), (date("2024-11"), None)]);
    assert_eq!(state.status, InstrumentStatus::Adopted);
    let mut policy = History::<GovernanceInstrument>::new();
    policy.admits("2018", issued(1));
    policy.admits("2019", framework("3.0"));
    assert_eq!(policy.state("2019").status, InstrumentStatus::Issued, "a text is not adopted by naming a framework");
}

#[test]
fn the_state_shows_reviews_and_answers_and_the_keys_find_it() {
    let mut history = History::<GovernanceInstrument>::new();
    let own = InstrumentAbout { applies_to: Some(codes(&["mu-01", "mu-02"])), ..policy().unwrap() };
    history.admits("2018", E::Drafted(Drafted { about: Some(own), version: None, document: None, remark: None }));
    history.admits("2018-02", works_council());
    history.admits("2018-05", first_policy());
    history.admits("2018-06", distributed(&["mu-01"], &[]));
    history.admits("2018-07", acknowledged(&["mu-01"]));
    history.admits("2019", reviewed());
    let state = history.state("2019");
    let version = state.version(1).unwrap();
    assert_eq!(version.works_council, Some(WorksCouncilOutcome::ConsentedWithConditions));
    assert_eq!((state.last_reviewed, state.next_review), (Some(date("2019")), Some(date("2021-06"))));
    let expected = [
        "status=ADOPTED",
        "instrument=POL-001",
        "kind=POLICY",
        "unit=mu-legal",
        "appliesTo=mu-01",
        "appliesTo=mu-02",
        "decision=BD-2018-01",
        "distributedTo=mu-01",
        "acknowledgedBy=mu-01",
    ];
    assert_eq!(history.keys("2019"), expected);
    history.admits("2020", superseded(None));
    assert!(history.keys("2020").contains(&"byInstrument=POL-003".to_owned()));
    let mut benchmark = History::<GovernanceInstrument>::new();
    benchmark.admits("2019", framework("3.0"));
    let keys = benchmark.keys("2019");
    assert!(keys.contains(&"framework=SURF".to_owned()) && keys.contains(&"modelVersion=SURF-3.0".to_owned()));
}

#[test]
fn facts_in_another_order_are_noted() {
    let mut history = History::<GovernanceInstrument>::new();
    history.admits("2020", first_policy());
    history.admits("2019", adopted(Some(1)));
    let state = history.state("2020");
    assert_eq!((state.anomalies.len(), state.version(1).unwrap().adopted), (1, Some(date("2019"))));
}
