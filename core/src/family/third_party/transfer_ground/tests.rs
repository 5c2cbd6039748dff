use TransferGroundEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, date, laws, stream};
use crate::family::value::AdviceOutcome;
use crate::ledger::merkle::Hash;

fn ground(kind: GroundKind, instrument: Option<&str>) -> Ground {
    Ground {
        kind,
        module: None,
        derogation: None,
        instrument: instrument.map(code),
        agreement: None,
        listing_checked: None,
        document: None,
    }
}

fn clauses(instrument: &str) -> Ground {
    Ground {
        module: Some(SccModule::ControllerToProcessor),
        agreement: Some(stream("agreement", 1)),
        document: Some(Document {
            sha256: Hash([4; 32]),
            media_type: None,
            language: None,
            document_date: None,
            title: Some(clear("signed clauses")),
        }),
        ..ground(GroundKind::Scc, Some(instrument))
    }
}

fn identified(activity: StreamId, first_transfer: Option<&str>) -> TransferGroundEvent {
    E::Identified(Identified {
        activity: Some(activity),
        exporter: Some(code("demo-university")),
        importer: Some(code("vendor-n")),
        country: Some(code("US")),
        onward: vec![OnwardTransfer { party: None, country: Some(code("IN")) }],
        first_transfer: first_transfer.map(date),
        remark: None,
    })
}

fn started() -> TransferGroundEvent {
    E::Started(Started { remark: Some(clear("the first mailing")) })
}

fn established_on(ground: Ground) -> TransferGroundEvent {
    E::GroundEstablished(GroundEstablished {
        activity: Some(stream("activity", 1)),
        exporter: None,
        importer: Some(code("vendor-n")),
        country: Some(code("US")),
        ground,
        from: None,
        first_transfer: None,
        remark: None,
    })
}

/// Row S-012.
fn established() -> TransferGroundEvent {
    let listing_checked = Some(date("2018-06-28"));
    established_on(Ground { listing_checked, ..ground(GroundKind::PrivacyShield, Some("LEX-PSHIELD")) })
}

fn assessed(instrument: Option<&str>, outcome: Option<ImpactOutcome>) -> TransferGroundEvent {
    E::ImpactAssessed(ImpactAssessed {
        instrument: instrument.map(code),
        law: Some(clear("surveillance law")),
        practice: Some(clear("no requests so far")),
        outcome,
        measures: vec![clear("encryption in transit"), clear("EU region"), clear("pseudonymous ids")],
        document: None,
        remark: None,
    })
}

fn advised() -> TransferGroundEvent {
    E::DpoAdviceIssued(DpoAdviceIssued {
        outcome: AdviceOutcome::PositiveWithConditions,
        advice: Some(clear("look again in a year")),
        conditions: vec![clear("the key stays here")],
        document: None,
        remark: None,
    })
}

fn approved(instrument: Option<&str>) -> TransferGroundEvent {
    E::ImpactAssessmentApproved(ImpactAssessmentApproved {
        by: Some(code("OWNER")),
        instrument: instrument.map(code),
        outcome: None,
        next_review: Some(date("2022-02-01")),
        advice_response: None,
        document: None,
        remark: None,
    })
}

fn measure() -> TransferGroundEvent {
    E::SupplementaryMeasureAdopted(SupplementaryMeasureAdopted {
        kind: Some(MeasureKind::Technical),
        measure: Some(clear("encryption in transit")),
        effective_from: None,
        document: None,
        remark: None,
    })
}

fn challenged() -> TransferGroundEvent {
    E::GroundChallenged(GroundChallenged {
        case: Some("C-703/25 P".to_owned()),
        by: Some(code("LEX-C703-25P")),
        reason: None,
        remark: None,
    })
}

fn invalidated(instrument: Option<&str>, alerted: &[&str]) -> TransferGroundEvent {
    E::GroundInvalidated(GroundInvalidated {
        cause: Some(InvalidationCause::InstrumentInvalid),
        instrument: instrument.map(code),
        reason: Some(clear("C-311/18")),
        alerted_units: codes(alerted),
        remark: None,
    })
}

fn replaced(ground: Ground) -> TransferGroundEvent {
    E::GroundReplaced(GroundReplaced {
        ground,
        from: None,
        impact_assessment_drafted: Some(true),
        reason: Some(clear("the old ground fell")),
        remark: None,
    })
}

fn fallback(ground: Ground) -> TransferGroundEvent {
    E::FallbackRecorded(FallbackRecorded { fallback: ground, remark: None })
}

fn certified(primary: Option<Ground>, fallback: Option<Ground>, coverage: Vec<DpfCoverage>) -> TransferGroundEvent {
    E::DpfCertificationRecorded(DpfCertificationRecorded {
        importer: Some(code("vendor-n")),
        standing: DpfStanding::Active,
        checked: None,
        coverage,
        renewal_due: None,
        primary,
        fallback,
        document: None,
        remark: None,
    })
}

/// Row S-050.
fn certified_with_fallback() -> TransferGroundEvent {
    certified(Some(ground(GroundKind::Dpf, Some("LEX-DPF"))), Some(clauses("LEX-SCC-2021")), Vec::new())
}

fn lapse() -> TransferGroundEvent {
    E::DpfCertificationLapsed(DpfCertificationLapsed {
        checked: None,
        reason: Some(clear("not renewed")),
        remark: None,
    })
}

fn suspended() -> TransferGroundEvent {
    E::Suspended(Suspended { reason: Some(clear("18 days after invalidation")), remark: None })
}

fn resumed() -> TransferGroundEvent {
    E::Resumed(Resumed { reason: None, remark: Some(clear("assessment not approved yet")) })
}

fn derogation(activity: StreamId, consent_text: StreamId) -> TransferGroundEvent {
    E::DerogationInvoked(DerogationInvoked {
        activity: Some(activity),
        importer: Some(code("fair-x")),
        country: Some(code("BR")),
        derogation: Derogation::ExplicitConsent,
        necessity: Some(clear("the student asked for it")),
        repetitive: Some(false),
        justification: None,
        public_powers: Some(false),
        data_subjects: Some(1),
        consent_text: Some(consent_text),
        authority_informed: None,
        subjects_informed: Some(date("2024-03")),
        document: None,
        remark: None,
    })
}

fn derogated() -> TransferGroundEvent {
    derogation(stream("activity", 5), stream("consentText", 1))
}

fn ceased() -> TransferGroundEvent {
    E::Ceased(Ceased { reason: Some(clear("another vendor")), remark: None })
}

fn retracted() -> TransferGroundEvent {
    E::Retracted(Retracted { reason: clear("another activity"), remark: None })
}

fn firsts() -> Vec<TransferGroundEvent> {
    vec![
        identified(stream("activity", 1), Some("2018-07-02")),
        started(),
        established(),
        assessed(None, Some(ImpactOutcome::SufficientWithMeasures)),
        assessed(Some("LEX-SCC-2021"), None),
        advised(),
        approved(Some("LEX-SCC-2010")),
        measure(),
        replaced(clauses("LEX-SCC-2010")),
        fallback(clauses("LEX-SCC-2021")),
        certified_with_fallback(),
        lapse(),
        suspended(),
        derogated(),
        ceased(),
    ]
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    let mut pool = firsts();
    pool.extend([challenged(), invalidated(Some("LEX-PSHIELD"), &["mu-01"]), resumed(), retracted()]);
    laws::<TransferGround>(&pool);
}

#[test]
fn old_records_may_begin_anywhere() {
    for event in firsts() {
        let mut history = History::<TransferGround>::new();
        history.admits("2018", event);
        assert_eq!(history.state("2018").anomalies, []);
    }
    for event in [challenged(), invalidated(None, &[]), resumed()] {
        let field = format!("event.{}", crate::family::kit::Event::kind(&event).0);
        History::<TransferGround>::new().refuses("2018", event, RejectionCode::NeverExisted, &field);
    }
}

#[test]
fn what_cannot_have_been_is_refused() {
    let activity = || stream("activity", 1);
    let mut history = History::<TransferGround>::new();
    history.admits("2018", identified(activity(), None));
    history.admits("2018", started());
    history.admits("2018", established());
    for event in [identified(activity(), None), started(), established()] {
        let field = format!("event.{}", crate::family::kit::Event::kind(&event).0);
        history.refuses("2019", event, RejectionCode::AlreadyExists, &field);
    }
    history.admits("2019", suspended());
    history.admits("2019", suspended());
    history.admits("2020", resumed());
    history.refuses("2021", resumed(), RejectionCode::NeverExisted, "event.resumed");
    history.admits("2022", ceased());
    for event in [replaced(clauses("LEX-SCC-2021")), suspended(), resumed(), derogated(), ceased()] {
        let field = format!("event.{}", crate::family::kit::Event::kind(&event).0);
        history.refuses("2023", event, RejectionCode::Ended, &field);
    }
    history.admits("2023", assessed(None, None));
}

#[test]
fn malformed_facts_are_refused() {
    let mut history = History::<TransferGround>::new();
    history.admits("2018", replaced(clauses("LEX-SCC-2010")));
    let check = |event: TransferGroundEvent, field: &str| {
        history.refuses("2018", event, RejectionCode::Malformed, field);
    };
    let module = || Ground { kind: GroundKind::Dpf, ..clauses("LEX-DPF") };
    let letter = || Ground { derogation: Some(Derogation::Contract), ..ground(GroundKind::Bcr, None) };
    let other = || Ground { agreement: Some(stream("party", 1)), ..clauses("LEX-SCC-2021") };
    check(identified(stream("party", 1), None), "event.identified.activity");
    for wrong in [module(), letter(), other()] {
        check(established_on(wrong.clone()), "event.groundEstablished.ground");
        check(replaced(wrong.clone()), "event.groundReplaced.ground");
        check(fallback(wrong.clone()), "event.fallbackRecorded.fallback");
        let primary = certified(Some(wrong.clone()), None, Vec::new());
        check(primary, "event.dpfCertificationRecorded.primary");
        check(certified(None, Some(wrong), Vec::new()), "event.dpfCertificationRecorded.fallback");
    }
    let twice = vec![DpfCoverage::HumanResources; 2];
    check(certified(None, None, twice), "event.dpfCertificationRecorded.coverage");
    check(invalidated(None, &["mu-01", "mu-01"]), "event.groundInvalidated.alertedUnits");
    let text = || stream("consentText", 1);
    check(derogation(stream("party", 1), text()), "event.derogationInvoked.activity");
    check(derogation(stream("activity", 1), stream("consent", 1)), "event.derogationInvoked.consentText");
}

/// The rows of TRG-001 in the scenario, and where each leads.
fn scenario() -> History<TransferGround> {
    use TransferStatus as S;
    let rows = [
        ("2018-06-29", established(), S::Grounded),
        ("2018-07-02", started(), S::Grounded),
        ("2020-07-16T09:40:05.000000Z", invalidated(None, &["mu-01"]), S::Invalid),
        ("2020-08-03", suspended(), S::Suspended),
        ("2020-09-15", replaced(clauses("LEX-SCC-2010")), S::Suspended),
        ("2020-09-21", resumed(), S::Replaced),
        ("2021-02-01", assessed(None, Some(ImpactOutcome::SufficientWithMeasures)), S::Replaced),
        ("2021-02-01", approved(Some("LEX-SCC-2010")), S::Replaced),
        ("2022-12-19", replaced(clauses("LEX-SCC-2021")), S::Replaced),
        ("2023-10-17", certified_with_fallback(), S::Replaced),
    ];
    let mut history = History::<TransferGround>::new();
    for (at, event, status) in rows {
        history.admits(at, event);
        assert_eq!(history.state(at).status, status, "{at}");
    }
    history
}

#[test]
fn the_scenario_says_on_what_the_transfer_rests() {
    let history = scenario();
    let kind = |at: &str| history.state(at).ground.map(|period| (period.ground.kind, period.since));
    assert_eq!(kind("2018-06-28"), None);
    assert_eq!(kind("2020-07-20"), Some((GroundKind::PrivacyShield, date("2018-06-29"))));
    assert_eq!(kind("2021-01"), Some((GroundKind::Scc, date("2020-09-15"))));
    assert_eq!(kind("2024"), Some((GroundKind::Dpf, date("2023-10-17"))));
    let state = history.state("2024");
    assert_eq!(state.anomalies, []);
    let earlier: Vec<_> =
        state.earlier_grounds.iter().map(|period| (period.ground.instrument.clone(), period.until)).collect();
    assert_eq!(
        earlier,
        [
            (Some(code("LEX-PSHIELD")), Some(date("2020-09-15"))),
            (Some(code("LEX-SCC-2010")), Some(date("2022-12-19"))),
            (Some(code("LEX-SCC-2021")), Some(date("2023-10-17"))),
        ]
    );
    assert_eq!(state.earlier_grounds[0].invalidated, Some(date("2020-07-16T09:40:05.000000Z")));
    let fallback = state.fallback.unwrap();
    assert_eq!((fallback.ground.instrument, fallback.since), (Some(code("LEX-SCC-2021")), date("2023-10-17")));
    let certification = state.dpf_certification.unwrap();
    assert_eq!((certification.standing, certification.checked), (DpfStanding::Active, date("2023-10-17")));
}

#[test]
fn the_scenario_says_when_data_went() {
    let history = scenario();
    let running = |at: &str| history.state(at).running_since;
    assert_eq!(running("2018-06-30"), Some(date("2018-06-29")), "nobody had said when the first data went");
    assert_eq!(running("2019"), Some(date("2018-07-02")));
    assert_eq!(running("2020-07-20"), Some(date("2018-07-02")));
    assert_eq!(running("2020-08-10"), None);
    assert_eq!(running("2020-12-01"), Some(date("2020-09-21")));
    let state = history.state("2024");
    assert_eq!(state.first_transfer, Some(date("2018-07-02")));
    let suspensions: Vec<_> = state.suspensions.iter().map(|suspension| (suspension.from, suspension.until)).collect();
    assert_eq!(suspensions, [(date("2020-08-03"), Some(date("2020-09-21")))]);
}

#[test]
fn the_keys_of_the_scenario_lead_to_the_instrument_in_use() {
    let activity = format!("activity={}", stream("activity", 1));
    let keys = |at: &str| scenario().keys(at);
    assert_eq!(
        keys("2019"),
        [
            "status=GROUNDED",
            activity.as_str(),
            "country=US",
            "party=vendor-n",
            "instrument=LEX-PSHIELD",
            "ground=PRIVACY_SHIELD"
        ]
    );
    let later = keys("2024");
    assert_eq!(
        (later[0].as_str(), &later[4..]),
        ("status=REPLACED", &["instrument=LEX-DPF", "ground=DPF"].map(str::to_owned)[..])
    );
}

#[test]
fn an_assessment_is_for_one_instrument() {
    let history = scenario();
    let assessments = history.state("2024").impact_assessments;
    assert_eq!(assessments.len(), 1);
    let assessment = &assessments[0];
    assert_eq!(assessment.instrument, Some(code("LEX-SCC-2010")));
    assert_eq!(assessment.outcome, Some(ImpactOutcome::SufficientWithMeasures));
    assert_eq!((assessment.made, assessment.approved), (Some(date("2021-02-01")), Some(date("2021-02-01"))));
    assert_eq!(assessment.approved_by, Some(code("OWNER")));

    let mut history = History::<TransferGround>::new();
    history.admits("2021", assessed(Some("LEX-SCC-2010"), Some(ImpactOutcome::Insufficient)));
    history.admits("2022", approved(Some("LEX-SCC-2021")));
    let standing = |at: &str| -> Vec<_> {
        let assessments = history.state(at).impact_assessments;
        assessments.into_iter().map(|one| (one.instrument, one.outcome, one.made, one.approved)).collect()
    };
    let old = (Some(code("LEX-SCC-2010")), Some(ImpactOutcome::Insufficient), Some(date("2021")), None);
    let new = (Some(code("LEX-SCC-2021")), None, None, Some(date("2022")));
    assert_eq!(standing("2022"), [old, new]);
}

#[test]
fn a_ground_falls_with_its_own_instrument_only() {
    let mut history = History::<TransferGround>::new();
    history.admits("2018", established());
    history.admits("2019", challenged());
    assert_eq!(history.state("2019").status, TransferStatus::Challenged);
    history.admits("2020", invalidated(Some("LEX-SAFEHARBOUR"), &[]));
    let state = history.state("2020");
    assert_eq!((state.status, state.anomalies.len()), (TransferStatus::Challenged, 1));
    history.admits("2021", invalidated(Some("LEX-PSHIELD"), &[]));
    history.admits("2022", invalidated(Some("LEX-PSHIELD"), &[]));
    let state = history.state("2022");
    assert_eq!(state.status, TransferStatus::Invalid);
    assert_eq!(state.ground.unwrap().invalidated, Some(date("2021")));
}

#[test]
fn a_look_that_confirms_the_ground_begins_no_new_one() {
    let mut history = scenario();
    history.admits("2024-10-01", certified_with_fallback());
    history.admits("2025", lapse());
    let state = history.state("2024-10-01");
    assert_eq!((state.earlier_grounds.len(), state.ground.unwrap().since), (3, date("2023-10-17")));
    let certification = state.dpf_certification.unwrap();
    assert_eq!((certification.since, certification.checked), (date("2023-10-17"), date("2024-10-01")));
    let state = history.state("2025");
    assert_eq!(state.dpf_certification.unwrap().standing, DpfStanding::Inactive);
    assert_eq!(state.status, TransferStatus::Replaced, "what follows from the lapse is a verdict");
}

#[test]
fn a_derogation_is_the_ground_where_there_is_no_other() {
    let mut history = History::<TransferGround>::new();
    history.admits("2024-03", derogated());
    let period = history.state("2024-03").ground.unwrap();
    assert_eq!(
        (period.ground.kind, period.ground.derogation),
        (GroundKind::Derogation, Some(Derogation::ExplicitConsent))
    );
    history.admits("2025", replaced(clauses("LEX-SCC-2021")));
    history.admits("2026", derogated());
    let state = history.state("2026");
    assert_eq!(state.ground.unwrap().ground.kind, GroundKind::Scc);
    assert_eq!((state.derogation_invoked.len(), state.earlier_grounds.len()), (2, 1));
}

#[test]
fn an_identified_transfer_has_no_ground_and_may_run() {
    let mut history = History::<TransferGround>::new();
    history.admits("2018", identified(stream("activity", 1), Some("2012")));
    let state = history.state("2018");
    assert_eq!((state.status, state.ground), (TransferStatus::Identified, None));
    assert_eq!((state.first_transfer, state.running_since), (Some(date("2012")), Some(date("2012"))));
    assert_eq!((state.exporter, state.onward.len()), (Some(code("demo-university")), 1));
    history.admits("2019", ceased());
    let state = history.state("2019");
    assert_eq!((state.status, state.running_since), (TransferStatus::Ceased, None));
}

#[test]
fn facts_after_the_end_are_noted() {
    let mut history = History::<TransferGround>::new();
    history.admits("2018", established());
    history.admits("2019", suspended());
    let end = history.admits("2021", ceased());
    history.admits("2020", resumed());
    history.corrects(end, "2018-06", ceased());
    let state = history.state("2021");
    assert_eq!((state.status, state.running_since), (TransferStatus::Ceased, None));
    assert_eq!(state.anomalies.len(), 2);
}
