use LegitimateInterestAssessmentEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, date, laws, stream, words};
use crate::family::value::{AdviceFollowing, AdviceOutcome};

type Assessment = LegitimateInterestAssessment;

fn opened(activity: StreamId) -> E {
    E::Opened(Opened {
        subject: Some(words("group photos at public events")),
        purpose: Some(code("report")),
        activity: Some(activity),
        remark: None,
    })
}

fn catalogue_entry(interest: &str) -> E {
    E::InterestCatalogueEntryAdded(InterestCatalogueEntryAdded {
        code: code(interest),
        statement: words("reporting public events"),
        remark: None,
    })
}

fn interest() -> E {
    E::InterestIdentified(InterestIdentified {
        holder: Some(InterestHolder::Controller),
        statement: words("reporting public events"),
        catalogue_code: Some(code("REPORTING")),
        not_in_catalogue_because: None,
        lawful: Some(true),
        real: Some(true),
        present: Some(true),
        purely_commercial: Some(false),
        public_task: Some(false),
        remark: None,
    })
}

fn necessity(categories: &[&str]) -> E {
    E::NecessityAssessed(NecessityAssessed {
        alternatives: vec![Alternative {
            text: clear("ask everybody"),
            rejected_because: Some(clear("800 visitors")),
            outcome: Some(AlternativeOutcome::Rejected),
        }],
        proportionality: Some(clear("overview pictures only")),
        data_minimised: Some(true),
        data_categories: codes(categories),
        remark: None,
    })
}

fn balancing() -> E {
    E::InterestsBalanced(InterestsBalanced {
        impacts: vec![clear("being seen"), clear("being found")],
        reasonable_expectations: Some(clear("pictures are taken at public events")),
        vulnerable_groups: Some(false),
        children: Some(true),
        scale: Some(clear("800 visitors a year")),
        consent_infeasible: Some(true),
        consent_infeasible_reason: Some(clear("visitors come and go")),
        outcome: Some(BalancingOutcome::InFavourWithSafeguards),
        remark: None,
    })
}

fn safeguard() -> E {
    E::SafeguardAdopted(SafeguardAdopted {
        measure: clear("a lanyard for who does not want to be in the picture"),
        opt_out: Some(true),
        remark: None,
    })
}

fn consulted() -> E {
    E::DpoConsulted(DpoConsulted { question: Some(clear("is it needed?")), document: None, remark: None })
}

fn advised() -> E {
    E::DpoAdviceIssued(DpoAdviceIssued {
        outcome: AdviceOutcome::PositiveWithConditions,
        advice: None,
        conditions: vec![clear("a sign at the entrance")],
        document: None,
        remark: None,
    })
}

fn approved(next_review: &str) -> E {
    E::Approved(Approved {
        by: Some(code("PROCESS_OWNER")),
        from: None,
        next_review: Some(date(next_review)),
        advice_response: Some(AdviceResponse { response: AdviceFollowing::Followed, reasons: None }),
        notice_reference: Some(code("NOT-003")),
        document: None,
        remark: None,
    })
}

fn rejected() -> E {
    E::Rejected(Rejected { by: None, reason: Some(clear("overridden")), remark: None })
}

fn summary() -> E {
    E::SummaryPublished(SummaryPublished {
        languages: codes(&["nl"]),
        document: None,
        notice_reference: None,
        remark: None,
    })
}

fn disclosed() -> E {
    E::Disclosed(Disclosed {
        to: DisclosedTo::Authority,
        requested: Some(date("2018-12")),
        document: None,
        remark: None,
    })
}

fn reviewed(outcome: ReviewOutcome, next_review: Option<&str>) -> E {
    E::Reviewed(Reviewed {
        trigger: Some(code("LEX-EDPB-LI")),
        outcome,
        next_review: next_review.map(date),
        remark: None,
    })
}

fn superseded(by: StreamId) -> E {
    E::Superseded(Superseded { by: Some(by), remark: None })
}

fn withdrawn() -> E {
    E::Withdrawn(Withdrawn { reason: clear("consent is asked from now on"), remark: None })
}

fn retracted() -> E {
    E::Retracted(Retracted { reason: clear("recorded twice"), remark: None })
}

fn activity() -> StreamId {
    stream("activity", 3)
}

fn another() -> StreamId {
    stream("legitimateInterestAssessment", 9)
}

fn pool() -> Vec<E> {
    vec![
        opened(activity()),
        catalogue_entry("REPORTING"),
        interest(),
        necessity(&["PHOTO"]),
        balancing(),
        safeguard(),
        consulted(),
        advised(),
        approved("2021-12-04"),
        rejected(),
        summary(),
        disclosed(),
        reviewed(ReviewOutcome::Maintained, Some("2023")),
        reviewed(ReviewOutcome::Revised, None),
        reviewed(ReviewOutcome::Withdrawn, None),
        superseded(another()),
        withdrawn(),
        retracted(),
    ]
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<Assessment>(&pool());
}

#[test]
fn a_data_subject_records_nothing_here() {
    for event in pool().iter().filter(|event| !matches!(event, E::Retracted(_))) {
        History::<Assessment>::new().refuses_subjects("2019", event);
    }
}

#[test]
fn an_approval_without_any_part_happened_and_is_admitted() {
    let mut history = History::<Assessment>::new();
    history.admits("2019-12-04", approved("2021-12-04"));
    let state = history.state("2019-12-04");
    assert_eq!((state.status, state.anomalies.len()), (AssessmentStatus::Approved, 0));
    assert_eq!((state.interest, state.necessity, state.balancing), (None, None, None));
    history.admits("2019-12-05", interest());
    assert_eq!(history.state("2019-12-05").status, AssessmentStatus::Approved);
}

#[test]
fn every_part_may_come_first() {
    let firsts = [necessity(&[]), balancing(), safeguard(), consulted(), advised(), rejected()];
    for event in firsts.into_iter().chain([catalogue_entry("REPORTING")]) {
        History::<Assessment>::new().admits("2019", event);
    }
}

#[test]
fn what_never_was_is_not_shown_reviewed_or_ended() {
    let review = reviewed(ReviewOutcome::Maintained, None);
    for event in [summary(), disclosed(), review, superseded(another()), withdrawn()] {
        let field = format!("event.{}", crate::family::kit::Event::kind(&event).0);
        History::<Assessment>::new().refuses("2019", event.clone(), RejectionCode::NeverExisted, &field);
        let mut history = History::<Assessment>::new();
        history.admits("2018", approved("2020"));
        history.admits("2019", event);
    }
}

#[test]
fn an_assessment_is_opened_and_ended_once() {
    let mut history = History::<Assessment>::new();
    history.admits("2019", opened(activity()));
    history.refuses("2020", opened(activity()), RejectionCode::AlreadyExists, "event.opened");
    history.admits("2021", withdrawn());
    history.refuses("2022", withdrawn(), RejectionCode::Ended, "event.withdrawn");
    history.refuses("2022", superseded(another()), RejectionCode::Ended, "event.superseded");
    history.admits("2022", approved("2024"));
    let state = history.state("2022");
    assert_eq!((state.status, state.anomalies.len()), (AssessmentStatus::Withdrawn, 1));
}

#[test]
fn links_and_codes_are_well_formed() {
    let mut history = History::<Assessment>::new();
    history.refuses("2019", opened(another()), RejectionCode::Malformed, "event.opened.activity");
    let twice = necessity(&["PHOTO", "PHOTO"]);
    history.refuses("2019", twice, RejectionCode::Malformed, "event.necessityAssessed.dataCategories");
    history.admits("2019", catalogue_entry("REPORTING"));
    let again = catalogue_entry("REPORTING");
    history.refuses("2020", again, RejectionCode::AlreadyExists, "event.interestCatalogueEntryAdded.code");
    history.admits("2020", catalogue_entry("REPUTATION"));
    history.admits("2020", interest());
    history.refuses("2021", superseded(activity()), RejectionCode::Malformed, "event.superseded.by");
}

#[test]
fn the_status_follows_the_parts_to_the_decision() {
    use AssessmentStatus as S;
    let steps = [
        (opened(activity()), S::Open),
        (interest(), S::Interest),
        (balancing(), S::Balanced),
        (necessity(&[]), S::Balanced),
        (advised(), S::Advised),
        (safeguard(), S::Advised),
        (approved("2021"), S::Approved),
        (reviewed(ReviewOutcome::Maintained, Some("2023")), S::Approved),
        (reviewed(ReviewOutcome::Revised, None), S::UnderReview),
        (approved("2025"), S::Approved),
        (superseded(another()), S::Superseded),
    ];
    let mut history = History::<Assessment>::new();
    for (event, status) in steps {
        history.admits("2019", event);
        assert_eq!(history.state("2019").status, status);
    }
    let state = history.state("2019");
    assert_eq!((state.next_review, state.superseded_by), (Some(date("2025")), Some(another())));
    let keys = ["status=SUPERSEDED".to_owned(), "purpose=report".to_owned(), format!("activity={}", activity())];
    assert_eq!(history.keys("2019"), keys);
}

#[test]
fn each_part_says_when_and_by_which_fact() {
    let mut history = History::<Assessment>::new();
    history.admits("2019-01-01", interest());
    let assessed = history.admits("2019-02-01", necessity(&[]));
    let balanced = history.admits("2019-03", balancing());
    let again = history.admits("2019-04-01", interest());
    let state = history.state("2019-04-01");
    let interest = state.interest.map(|part| (part.from, part.sequence));
    let necessity = state.necessity.map(|part| (part.from, part.sequence));
    let balancing = state.balancing.map(|part| (part.from, part.sequence));
    assert_eq!(interest, Some((date("2019-04-01"), again)));
    assert_eq!(necessity, Some((date("2019-02-01"), assessed)));
    assert_eq!(balancing, Some((date("2019-03"), balanced)));
}

#[test]
fn an_approval_recorded_in_error_is_mended_or_taken_back() {
    let mut history = History::<Assessment>::new();
    history.admits("2019-12-01", interest());
    let first = history.admits("2019-12-04", approved("2020"));
    let mended = history.corrects(first, "2019-12-04", approved("2021-12-04"));
    assert_eq!(history.state("2019-12-04").next_review, Some(date("2021-12-04")));
    history.corrects(mended, "2019-12-04", retracted());
    assert_eq!(history.state("2020").status, AssessmentStatus::Interest);
}
