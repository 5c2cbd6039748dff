use ActivityEvent as E;

use std::collections::BTreeSet;

use super::*;
use crate::family::check::{History, amends_everything, clear, code, codes, date, laws, stream, words};
use crate::family::value::AdviceOutcome;

fn assessment() -> StreamId {
    stream("legitimateInterestAssessment", 2)
}

fn consent_text() -> StreamId {
    stream("consentText", 1)
}

fn law() -> Option<LegalReference> {
    Some(LegalReference { instrument: code("UAVG"), article: Some(code("46")), paragraph: None })
}

fn purpose(name: &str, basis: Option<LegalBasis>) -> Purpose {
    Purpose {
        code: code(name),
        text: Some(words("to inform people who may come to study")),
        basis,
        legal_reference: None,
        assessment: None,
        consent_text: Some(consent_text()),
        necessity: None,
        case_note: None,
    }
}

/// An entry with one purpose, `inform`, on consent.
fn entry(version: u32) -> Established {
    Established {
        version,
        name: Some(words("event mailing")),
        kind: Some(code("NEWSLETTER")),
        purposes: vec![purpose("inform", Some(LegalBasis::Consent))],
        public_task: Some(false),
        public_task_reason: Some(clear("recruitment")),
        subject_categories: codes(&["PROSPECT"]),
        data_categories: vec![DataCategory {
            code: code("EMAIL"),
            special: None,
            national_id: None,
            criminal: Some(false),
        }],
        operations: codes(&["SEND"]),
        platforms: codes(&["platform-a", "platform-b"]),
        recipients: codes(&["vendor-n"]),
        transfers: vec![Transfer { recipient: code("vendor-n"), country: code("US"), safeguards: None }],
        retention: vec![Retention { category: None, term: "P2Y".parse().unwrap(), rule: None }],
        security: Some(Security { class: Some(code("CONFIDENTIAL")), measures: vec![clear("encryption")] }),
        source: Some(DataSource::Direct),
        automated_decisions: Some(AutomatedDecisions { taken: false, ground: None }),
        automation: Some(Automation::Automated),
        systems: codes(&["mailer"]),
        owning_unit: Some(code("mu-01")),
        owner: Some(code("PROCESS_OWNER")),
        controller: Some(code("demo-university")),
        joint_controllers: Vec::new(),
        processors: codes(&["vendor-n"]),
        dpo_contact: Some(clear("the privacy mailbox")),
        approved_by: Some(code("PROCESS_OWNER")),
        remark: None,
    }
}

/// An amendment that changes nothing.
fn amendment(version: u32) -> Amended {
    Amended {
        version,
        name: None,
        kind: None,
        purposes: None,
        public_task: None,
        public_task_reason: None,
        subject_categories: None,
        data_categories: None,
        operations: None,
        platforms: None,
        recipients: None,
        transfers: None,
        retention: None,
        security: None,
        source: None,
        automated_decisions: None,
        automation: None,
        systems: None,
        owning_unit: None,
        owner: None,
        controller: None,
        joint_controllers: None,
        processors: None,
        dpo_contact: None,
        approved_by: None,
        materiality: None,
        pushed_to: Vec::new(),
        remark: None,
    }
}

fn established(version: u32) -> ActivityEvent {
    E::Established(entry(version))
}

fn amended(version: u32) -> ActivityEvent {
    E::Amended(amendment(version))
}

fn drafted() -> ActivityEvent {
    E::Drafted(Drafted { name: Some(words("draft")), kind: None, unit: Some(code("mu-02")), remark: None })
}

fn notified() -> ActivityEvent {
    E::NotifiedToDpo(NotifiedToDpo { name: Some(words("mailing")), unit: Some(code("mu-01")), remark: None })
}

fn screened(criteria_met: u16) -> ActivityEvent {
    screened_by(Some(criteria_met), None)
}

fn screened_by(criteria_met: Option<u16>, criteria: Option<Vec<ScreeningCriterion>>) -> ActivityEvent {
    E::DpiaScreened(DpiaScreened {
        version: Some(1),
        criteria_met,
        criteria,
        outcome: ScreeningOutcome::NotRequired,
        reason: Some(clear("a small audience")),
        remark: None,
    })
}

fn consulted() -> ActivityEvent {
    let question = Some(clear("may it start?"));
    E::DpoConsulted(DpoConsulted { version: Some(1), question, document: None, remark: None })
}

fn advised() -> ActivityEvent {
    E::DpoAdviceIssued(DpoAdviceIssued {
        outcome: AdviceOutcome::Negative,
        advice: Some(clear("not yet")),
        conditions: vec![clear("an agreement first")],
        document: None,
        remark: None,
    })
}

fn assessed() -> ActivityEvent {
    E::LawfulnessAssessed(LawfulnessAssessed {
        version: None,
        outcome: LawfulnessOutcome::LawfulWithConditions,
        conditions: vec![clear("a transfer ground")],
        remark: None,
    })
}

fn submitted() -> ActivityEvent {
    E::Submitted(Submitted { version: Some(1), remark: None })
}

fn approved() -> ActivityEvent {
    E::Approved(Approved { version: Some(1), by: None, advice_response: None, remark: None })
}

fn determined(purpose: &str, assessment: Option<StreamId>) -> ActivityEvent {
    E::LegalBasisDetermined(LegalBasisDetermined {
        purpose: code(purpose),
        basis: LegalBasis::LegitimateInterest,
        legal_reference: None,
        assessment,
        consent_text: None,
        public_task: Some(false),
        public_task_reason: Some(clear("recruitment")),
        case_note: None,
        remark: None,
    })
}

fn changed(purpose: &str) -> ActivityEvent {
    E::LegalBasisChanged(LegalBasisChanged {
        purpose: code(purpose),
        basis: LegalBasis::PublicTask,
        legal_reference: law(),
        assessment: None,
        consent_text: None,
        public_task: Some(true),
        public_task_reason: None,
        case_note: None,
        reason: Some(clear("the statute changed")),
        remark: None,
    })
}

fn started() -> ActivityEvent {
    E::Started(Started { remark: None })
}

fn suspended() -> ActivityEvent {
    E::Suspended(Suspended { reason: clear("no clear agreements"), remark: None })
}

fn resumed() -> ActivityEvent {
    E::Resumed(Resumed { remark: None })
}

fn ceased() -> ActivityEvent {
    E::Ceased(Ceased { reason: Some(clear("no longer needed")), remark: None })
}

fn lapsed() -> ActivityEvent {
    E::DeclaredObsolete(DeclaredObsolete { reason: Some(clear("no data are left")), remark: None })
}

fn transferred(unit: &str) -> ActivityEvent {
    E::TransferredToUnit(TransferredToUnit { unit: code(unit), decision: Some(code("BD-2020-01")), remark: None })
}

fn retracted() -> ActivityEvent {
    E::Retracted(Retracted { reason: clear("another activity"), remark: None })
}

/// What is recorded about an activity beside its entry; none of it depends on what came before.
fn beside() -> Vec<ActivityEvent> {
    vec![
        E::NecessityStatementRecorded(NecessityStatementRecorded {
            purpose: code("inform"),
            data_categories: codes(&["EMAIL"]),
            statement: words("no mail without an address"),
            remark: None,
        }),
        E::AnonymisationConsidered(AnonymisationConsidered {
            version: Some(1),
            outcome: AnonymisationOutcome::IdentificationNeeded,
            reason: Some(clear("mail needs an address")),
            remark: None,
        }),
        E::ScopeDeterminationRecorded(ScopeDeterminationRecorded {
            kind: Some(code("RETARGETING")),
            outcome: ScopeOutcome::AggregatedOnly,
            isolation_excluded: Some(true),
            linkage_excluded: Some(true),
            inference_excluded: Some(false),
            reason: Some(clear("counts only")),
            remark: None,
        }),
        E::DesignReviewCompleted(DesignReviewCompleted {
            by_design: Some(true),
            by_default: Some(false),
            systems: codes(&["mailer"]),
            measures: vec![clear("double opt-in")],
            remark: None,
        }),
        E::AccuracyMeasureRecorded(AccuracyMeasureRecorded {
            measure: clear("bounces are removed"),
            reviewed: Some(date("2019-11")),
            remark: None,
        }),
        E::AutomatedDecisionsDeclared(AutomatedDecisionsDeclared {
            profiling: Some(false),
            taken: Some(true),
            significant_effect: Some(false),
            logic: Some(words("by interest")),
            consequences: Some(words("other mail")),
            remark: None,
        }),
        E::AutomatedDecisionGroundRecorded(AutomatedDecisionGroundRecorded {
            ground: AutomatedDecisionGround::ExplicitConsent,
            legal_reference: law(),
            remark: None,
        }),
        E::AutomatedDecisionSafeguardsRecorded(AutomatedDecisionSafeguardsRecorded {
            human_intervention: Some(true),
            point_of_view: Some(true),
            contestable: Some(true),
            measures: vec![clear("a desk")],
            remark: None,
        }),
        E::CriminalDataGroundRecorded(CriminalDataGroundRecorded {
            ground: CriminalDataGround::AuthorisedByLaw,
            legal_reference: law(),
            data_categories: codes(&["EMAIL"]),
            remark: None,
        }),
        E::PurposeCompatibilityAssessed(PurposeCompatibilityAssessed {
            original_purpose: code("inform"),
            further_purpose: code("survey"),
            outcome: Compatibility::Compatible,
            factors: vec![clear("close to the first")],
            remark: None,
        }),
        E::SpecialCategoryGroundRecorded(SpecialCategoryGroundRecorded {
            category: SpecialCategory::Health,
            ground: SpecialCategoryGround::ExplicitConsent,
            legal_reference: None,
            consent_text: Some(consent_text()),
            remark: None,
        }),
        E::NationalIdUseJustified(NationalIdUseJustified {
            number: NationalId::Local,
            legal_reference: law(),
            purpose: Some(code("inform")),
            remark: None,
        }),
        E::Reviewed(Reviewed {
            outcome: ReviewOutcome::Maintained,
            next_review: Some(date("2021")),
            remark: Some(clear("yearly")),
        }),
    ]
}

fn pool() -> Vec<ActivityEvent> {
    let two_purposes = vec![purpose("inform", None), purpose("survey", Some(LegalBasis::PublicTask))];
    let platforms = Some(codes(&["platform-b"]));
    let mut pool = vec![
        drafted(),
        notified(),
        screened(1),
        screened_by(None, Some(vec![ScreeningCriterion::LargeScale])),
        consulted(),
        advised(),
        assessed(),
        submitted(),
        approved(),
        established(1),
        established(2),
        E::Amended(Amended { purposes: Some(two_purposes), platforms, ..amendment(2) }),
        amended(4),
        determined("inform", Some(assessment())),
        changed("survey"),
        transferred("mu-03"),
        started(),
        suspended(),
        resumed(),
        ceased(),
        lapsed(),
        retracted(),
    ];
    pool.extend(beside());
    pool
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<Activity>(&pool());
}

#[test]
fn a_data_subject_records_nothing_here() {
    for event in pool().iter().filter(|event| !matches!(event, E::Retracted(_))) {
        History::<Activity>::new().refuses_subjects("2018", event);
    }
}

#[test]
fn what_is_unassessed_or_in_the_wrong_order_is_admitted() {
    let firsts = [drafted(), notified(), screened(9), advised(), assessed(), submitted(), approved(), started()];
    let more = [established(1), determined("inform", None), transferred("mu-03"), consulted()];
    for event in firsts.into_iter().chain(more).chain(beside()) {
        let mut history = History::<Activity>::new();
        history.admits("2018", event);
        assert_eq!(history.state("2018").anomalies, []);
    }
}

#[test]
fn versions_count_up_without_gaps_or_forks() {
    let mut history = History::<Activity>::new();
    let check = |history: &History<Activity>, event: ActivityEvent, code: RejectionCode| {
        let field = format!("event.{}.version", crate::family::kit::Event::kind(&event).0);
        history.refuses("2019", event, code, &field);
    };
    check(&history, established(0), RejectionCode::Malformed);
    check(&history, established(2), RejectionCode::Malformed);
    history.refuses("2019", amended(1), RejectionCode::NeverExisted, "event.amended");
    history.admits("2018", established(1));
    check(&history, established(1), RejectionCode::AlreadyExists);
    check(&history, amended(1), RejectionCode::AlreadyExists);
    check(&history, amended(3), RejectionCode::Malformed);
    history.admits("2019", amended(2));
    history.admits("2020", established(3));
    let versions: Vec<u32> = history.state("2020").versions().map(|version| version.entry.version).collect();
    assert_eq!(versions, [1, 2, 3]);
}

#[test]
fn a_late_version_that_collides_is_admitted_and_shown_as_an_anomaly() {
    let mut history = History::<Activity>::new();
    history.admits("2018", established(1));
    history.admits("2020", amended(2));
    history.admits("2019", amended(2));
    assert_eq!(history.state("2019").anomalies, []);
    assert_eq!(history.state("2020").anomalies.len(), 1);
}

#[test]
fn codes_occur_once() {
    let twice = || codes(&["x", "x"]);
    let email = entry(1).data_categories[0].clone();
    let term = Retention { category: Some(code("EMAIL")), ..entry(1).retention[0].clone() };
    let entries = [
        ("purposes", Established { purposes: vec![purpose("a", None), purpose("a", None)], ..entry(1) }),
        ("subjectCategories", Established { subject_categories: twice(), ..entry(1) }),
        ("dataCategories", Established { data_categories: vec![email.clone(), email], ..entry(1) }),
        ("operations", Established { operations: twice(), ..entry(1) }),
        ("platforms", Established { platforms: twice(), ..entry(1) }),
        ("recipients", Established { recipients: twice(), ..entry(1) }),
        ("retention", Established { retention: vec![term.clone(), term], ..entry(1) }),
        ("systems", Established { systems: twice(), ..entry(1) }),
        ("jointControllers", Established { joint_controllers: twice(), ..entry(1) }),
        ("processors", Established { processors: twice(), ..entry(1) }),
    ];
    let mut history = History::<Activity>::new();
    for (field, entry) in entries {
        let field = format!("event.established.{field}");
        history.refuses("2018", E::Established(entry), RejectionCode::Malformed, &field);
    }
    history.admits("2018", established(1));
    let platforms = E::Amended(Amended { platforms: Some(twice()), ..amendment(2) });
    history.refuses("2018", platforms, RejectionCode::Malformed, "event.amended.platforms");
    let pushed = E::Amended(Amended { pushed_to: twice(), ..amendment(2) });
    history.refuses("2018", pushed, RejectionCode::Malformed, "event.amended.pushedTo");
}

#[test]
fn malformed_links_and_counts_are_refused() {
    let history = History::<Activity>::new();
    let wrong = Purpose { assessment: Some(consent_text()), ..purpose("inform", None) };
    let entry = E::Established(Established { purposes: vec![wrong], ..entry(1) });
    history.refuses("2018", entry, RejectionCode::Malformed, "event.established.purposes");
    let basis = determined("inform", Some(consent_text()));
    history.refuses("2018", basis, RejectionCode::Malformed, "event.legalBasisDetermined.assessment");
    history.refuses("2018", screened(10), RejectionCode::Malformed, "event.dpiaScreened.criteriaMet");
    let (scale, new) = (ScreeningCriterion::LargeScale, ScreeningCriterion::InnovativeUse);
    for (met, criteria) in [(None, vec![scale, scale]), (Some(1), vec![scale, new]), (Some(1), Vec::new())] {
        let screened = screened_by(met, Some(criteria));
        history.refuses("2018", screened, RejectionCode::Malformed, "event.dpiaScreened.criteria");
    }
    History::<Activity>::new().admits("2018", screened_by(Some(2), Some(vec![scale, new])));
}

#[test]
fn a_legal_basis_belongs_to_a_purpose_of_the_version_in_force() {
    let mut history = History::<Activity>::new();
    history.refuses("2018", changed("inform"), RejectionCode::NeverExisted, "event.legalBasisChanged.purpose");
    history.admits("2018-01", determined("inform", Some(assessment())));
    history.admits("2018-02", established(1));
    let unknown = determined("survey", None);
    history.refuses("2018-03", unknown, RejectionCode::Unknown, "event.legalBasisDetermined.purpose");
    history.refuses("2018-03", changed("survey"), RejectionCode::Unknown, "event.legalBasisChanged.purpose");
    history.admits("2018-03", changed("inform"));
    let bases =
        |at: &str| -> Vec<LegalBasis> { history.state(at).legal_bases().iter().map(|basis| basis.basis).collect() };
    assert_eq!(bases("2018-01"), [LegalBasis::LegitimateInterest]);
    assert_eq!(bases("2018-02"), [LegalBasis::Consent]);
    assert_eq!(bases("2018-03"), [LegalBasis::PublicTask]);
}

#[test]
fn a_basis_that_does_not_change_keeps_its_date() {
    let mut history = History::<Activity>::new();
    let first = history.admits("2018", established(1));
    history.admits("2019", established(2));
    history.admits("2020", amended(3));
    let state = history.state("2020");
    let basis = &state.legal_bases()[0];
    assert_eq!((basis.since, basis.sequence), (date("2018"), first));
    history.admits("2021", changed("inform"));
    history.admits("2022", amended(4));
    let state = history.state("2022");
    let of_each: Vec<_> = state.versions().map(|version| version.legal_bases[0].basis).collect();
    let (consent, task) = (LegalBasis::Consent, LegalBasis::PublicTask);
    assert_eq!(of_each, [consent, consent, task, task]);
    assert_eq!(state.legal_bases()[0].since, date("2021"));
}

#[test]
fn an_amendment_replaces_what_it_names_and_keeps_the_rest() {
    let mut history = History::<Activity>::new();
    history.admits("2018-09-03", established(1));
    history.admits(
        "2024-08-26",
        E::Amended(Amended {
            platforms: Some(codes(&["platform-b"])),
            joint_controllers: Some(codes(&["platform-b"])),
            recipients: Some(Vec::new()),
            materiality: Some(Materiality::Material),
            pushed_to: codes(&["mu-01", "mu-02"]),
            ..amendment(2)
        }),
    );
    let state = history.state("2024-09-01");
    let (before, now) = (&state.earlier_versions[0].entry, &state.current.as_ref().unwrap().entry);
    assert_eq!((now.version, &now.platforms), (2, &codes(&["platform-b"])));
    assert_eq!((&now.joint_controllers, &now.recipients), (&codes(&["platform-b"]), &Vec::new()));
    assert_eq!((&now.purposes, &now.name, now.source), (&before.purposes, &before.name, before.source));
    assert_eq!((before.version, before.platforms.len()), (1, 2));
    assert_eq!(now.approved_by, None, "the approval of a version is not that of the next");
    let text = format!("consentText={}", consent_text());
    let parties = ["jointController=platform-b", "kind=NEWSLETTER", "party=platform-b", "party=vendor-n"];
    let rest = ["platform=platform-b", "processor=vendor-n", "status=ESTABLISHED", "system=mailer", "unit=mu-01"];
    let keys: BTreeSet<&str> = [text.as_str()].into_iter().chain(parties).chain(rest).collect();
    let found = history.keys("2024-09-01");
    assert_eq!(found.iter().map(String::as_str).collect::<BTreeSet<_>>(), keys);
}

#[test]
fn an_amendment_of_everything_leaves_nothing_of_the_version_before() {
    let (joint_controllers, remark) = (codes(&["platform-b"]), Some(clear("a pilot")));
    let entry = Established { joint_controllers, remark, ..entry(2) };
    amends_everything(&entry, &["pushedTo"], Established::amended);
}

#[test]
fn a_party_is_found_in_whatever_role_it_has() {
    let mut history = History::<Activity>::new();
    let transfers = vec![Transfer { recipient: code("vendor-t"), country: code("US"), safeguards: None }];
    let entry = Established {
        recipients: codes(&["vendor-r"]),
        processors: codes(&["vendor-p"]),
        joint_controllers: codes(&["vendor-j"]),
        transfers,
        ..entry(1)
    };
    history.admits("2018", E::Established(entry));
    let keys = history.keys("2018");
    for party in ["vendor-r", "vendor-p", "vendor-j", "vendor-t"] {
        assert!(keys.contains(&format!("party={party}")), "{party} in {keys:?}");
    }
    assert!(!keys.contains(&"processor=vendor-r".to_owned()), "{keys:?}");
}

#[test]
fn a_kind_of_use_that_was_found_out_of_scope_is_found_by_its_kind() {
    let mut history = History::<Activity>::new();
    let determination = beside().into_iter().find(|event| matches!(event, E::ScopeDeterminationRecorded(_)));
    history.admits("2018", determination.unwrap());
    assert_eq!(history.keys("2018"), ["status=DRAFT", "kind=RETARGETING"]);
}

#[test]
fn a_version_says_who_recorded_it() {
    let mut history = History::<Activity>::new();
    history.admits("2018", established(1));
    let version = history.state("2018").current.unwrap();
    assert_eq!((version.role, version.by, version.from), (code("DPO"), None, date("2018")));
}

#[test]
fn the_status_follows_the_life_of_the_activity() {
    use ActivityStatus as S;
    let steps = [
        (drafted(), S::Draft),
        (notified(), S::Draft),
        (submitted(), S::InReview),
        (approved(), S::Approved),
        (established(1), S::Established),
        (started(), S::Active),
        (submitted(), S::Active),
        (amended(2), S::Active),
        (suspended(), S::Suspended),
        (resumed(), S::Active),
        (ceased(), S::Ceased),
        (amended(3), S::Ceased),
        (started(), S::Active),
        (suspended(), S::Suspended),
        (lapsed(), S::Obsolete),
        (amended(4), S::Obsolete),
    ];
    let mut history = History::<Activity>::new();
    for (event, status) in steps {
        history.admits("2018", event);
        assert_eq!(history.state("2018").status, status);
    }
    assert_eq!(history.state("2018").anomalies, []);
}

#[test]
fn only_what_exists_is_halted_and_only_what_is_halted_is_resumed() {
    let mut history = History::<Activity>::new();
    history.refuses("2018", suspended(), RejectionCode::NeverExisted, "event.suspended");
    history.refuses("2018", resumed(), RejectionCode::NeverExisted, "event.resumed");
    history.refuses("2018", ceased(), RejectionCode::NeverExisted, "event.ceased");
    history.admits("2018", drafted());
    history.refuses("2018", drafted(), RejectionCode::AlreadyExists, "event.drafted");
    history.admits("2019", started());
    history.refuses("2019", started(), RejectionCode::AlreadyExists, "event.started");
    history.admits("2020", suspended());
    assert!(history.state("2020").suspension.is_some());
    history.refuses("2020", started(), RejectionCode::AlreadyExists, "event.started");
    history.admits("2021", ceased());
    history.refuses("2022", ceased(), RejectionCode::Ended, "event.ceased");
    history.refuses("2022", suspended(), RejectionCode::Ended, "event.suspended");
    assert_eq!(history.state("2022").suspension, None);
}

#[test]
fn an_entry_lapses_once_and_does_not_come_back() {
    let mut history = History::<Activity>::new();
    history.refuses("2018", lapsed(), RejectionCode::NeverExisted, "event.declaredObsolete");
    history.admits("2018", established(1));
    history.admits("2019", started());
    history.admits("2020", suspended());
    history.admits("2021", lapsed());
    let state = history.state("2021");
    assert_eq!((state.status, state.suspension), (ActivityStatus::Obsolete, None));
    assert_eq!(state.obsolescence.map(|lapse| lapse.from), Some(date("2021")));
    for event in [lapsed(), started(), suspended(), ceased()] {
        let field = format!("event.{}", crate::family::kit::Event::kind(&event).0);
        history.refuses("2022", event, RejectionCode::Ended, &field);
    }
    let mut draft = History::<Activity>::new();
    draft.admits("2018", drafted());
    draft.admits("2019", lapsed());
    assert_eq!(draft.state("2019").status, ActivityStatus::Obsolete);
}

#[test]
fn a_transfer_changes_the_unit_by_which_it_is_found() {
    let mut history = History::<Activity>::new();
    history.admits("2018", notified());
    assert_eq!(history.keys("2018"), ["status=DRAFT", "unit=mu-01"]);
    history.admits("2019", transferred("mu-03"));
    assert_eq!(history.keys("2019"), ["status=DRAFT", "unit=mu-03"]);
}

#[test]
fn a_version_recorded_in_error_is_mended_or_taken_back() {
    let mut history = History::<Activity>::new();
    let first = history.admits("2018", established(1));
    let mended = Established { platforms: Vec::new(), ..entry(1) };
    let mended = history.corrects(first, "2018", E::Established(mended));
    assert!(history.state("2018").current.unwrap().entry.platforms.is_empty());
    history.refuses_correction(first, established(1), RejectionCode::Ended);
    history.corrects(mended, "2018", retracted());
    assert_eq!(history.state("2020"), Activity::default());
    history.admits("2020", established(1));
}
