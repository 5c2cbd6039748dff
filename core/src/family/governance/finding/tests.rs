use FindingEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, laws, stream};
use crate::family::value::AdviceFollowing;
use crate::time::PartialDate;

fn scope() -> Scope {
    Scope {
        units: codes(&["mu-01"]),
        activities: vec![stream("activity", 1)],
        platforms: codes(&["platform-a"]),
        systems: codes(&["system-1"]),
        parties: codes(&["vendor-1"]),
        subjects: vec![stream("transferGround", 2)],
    }
}

fn raised_in(scope: Option<Scope>) -> Raised {
    Raised {
        rule: Some(code("TRF-01")),
        layer: Some(Layer::Law),
        severity: Some(Severity::High),
        source: Some(Source::Audit),
        scope,
        statement: Some(clear("no ground for the transfer")),
        advice: Some(clear("suspend, or standard clauses with an assessment")),
        audit: Some(stream("auditEngagement", 3)),
        audit_finding: Some(code("A-1")),
        rule_set: Some(stream("ruleSet", 4)),
        sheet: Some(Hash([7; 32])),
        document: None,
        remark: None,
    }
}

fn raised() -> FindingEvent {
    E::Raised(raised_in(Some(scope())))
}

/// The first fact of FND-001 as the scenario has it (S-023): nothing but rule, severity and advice.
fn raised_bare() -> FindingEvent {
    E::Raised(Raised {
        layer: None,
        source: None,
        statement: None,
        audit: None,
        audit_finding: None,
        rule_set: None,
        sheet: None,
        ..raised_in(None)
    })
}

fn disputed() -> FindingEvent {
    let reason = Some(clear("the data stay in the EEA"));
    E::Disputed(Disputed {
        by: Some(code("PROCESS_OWNER")),
        unit: Some(code("mu-01")),
        reason,
        document: None,
        remark: None,
    })
}

fn advised() -> FindingEvent {
    E::DpoAdviceIssued(DpoAdviceIssued {
        adviser: Some(code("CISO")),
        outcome: Some(AdviceOutcome::PositiveWithConditions),
        advice: Some(clear("encrypt first")),
        conditions: vec![clear("own keys")],
        document: None,
        remark: None,
    })
}

fn planned(due: Option<&str>, owner: Option<&str>) -> FindingEvent {
    E::RemediationPlanned(RemediationPlanned {
        measure: Some(clear("another supplier")),
        due: due.map(|due| due.parse().unwrap()),
        owner: owner.map(code),
        unit: None,
        document: None,
        remark: None,
    })
}

fn approved() -> FindingEvent {
    E::MeasureApproved(MeasureApproved {
        by: Some(code("CIO")),
        measure: None,
        decision: Some(code("CIO-2020-03")),
        advice_response: Some(AdviceResponse { response: AdviceFollowing::Followed, reasons: None }),
        remark: None,
    })
}

fn follow_up() -> FindingEvent {
    E::FollowUpDecided(FollowUpDecided {
        by: Some(code("BOARD")),
        outcome: Some(FollowUp::EmploymentLaw),
        decision: None,
        hr_case: Some(clear("HR-1")),
        reason: None,
        remark: None,
    })
}

fn accepted(from: Option<&str>, until: Option<&str>) -> RiskAccepted {
    let date = |text: &str| text.parse::<PartialDate>().unwrap();
    RiskAccepted {
        by: Some(code("BOARD")),
        mandate: Some(code("MAN-1")),
        decision: Some(code("BD-2020-02")),
        from: from.map(date),
        until: until.map(date),
        reason: Some(clear("no alternative before the summer")),
        compensating_measures: vec![clear("fewer data")],
        residual: Some(Severity::Low),
        advice_response: None,
        remark: None,
    }
}

fn resolved() -> FindingEvent {
    E::Resolved(Resolved { measure: None, evidence: Vec::new(), verified_by: Some(code("DPO")), remark: None })
}

fn reopened() -> FindingEvent {
    E::Reopened(Reopened { reason: Some(clear("the old supplier is back")), remark: None })
}

fn retracted() -> FindingEvent {
    E::Retracted(Retracted { reason: clear("another institution"), remark: None })
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<Finding>(&[
        raised(),
        raised_bare(),
        disputed(),
        advised(),
        planned(Some("2020-10"), Some("SYSTEM_OWNER")),
        approved(),
        follow_up(),
        E::RiskAccepted(accepted(None, Some("2021"))),
        resolved(),
        reopened(),
        retracted(),
    ]);
}

#[test]
fn what_cannot_have_been_is_refused() {
    let mut history = History::<Finding>::new();
    let accept = E::RiskAccepted(accepted(None, None));
    for event in [disputed(), advised(), planned(None, None), approved(), follow_up(), accept, resolved(), reopened()] {
        let field = format!("event.{}", crate::family::kit::Event::kind(&event).0);
        history.refuses("2020", event, RejectionCode::NeverExisted, &field);
    }
    let in_scope = |change: fn(&mut Scope)| {
        let mut scope = scope();
        change(&mut scope);
        E::Raised(raised_in(Some(scope)))
    };
    for event in [
        in_scope(|scope| scope.units.push(code("mu-01"))),
        in_scope(|scope| scope.parties.push(code("vendor-1"))),
        in_scope(|scope| scope.activities.push(stream("activity", 1))),
        in_scope(|scope| scope.activities.push(stream("dpia", 1))),
        in_scope(|scope| scope.subjects.push(stream("transferGround", 2))),
    ] {
        history.refuses("2020", event, RejectionCode::Malformed, "event.raised.scope");
    }
    let strange = E::Raised(Raised { audit: Some(stream("finding", 3)), ..raised_in(None) });
    history.refuses("2020", strange, RejectionCode::Malformed, "event.raised.audit");
    let strange = E::Raised(Raised { rule_set: Some(stream("finding", 3)), ..raised_in(None) });
    history.refuses("2020", strange, RejectionCode::Malformed, "event.raised.ruleSet");

    history.admits("2020-07-20", raised_bare());
    history.refuses("2020-07-21", raised(), RejectionCode::AlreadyExists, "event.raised");
    history.refuses("2020-07-21", reopened(), RejectionCode::NeverExisted, "event.reopened");
    for backwards in [accepted(None, Some("2020-07")), accepted(Some("2022"), Some("2021"))] {
        let event = E::RiskAccepted(backwards);
        history.refuses("2020-08", event, RejectionCode::Malformed, "event.riskAccepted.until");
    }
}

#[test]
fn the_state_is_what_the_facts_say() {
    let mut history = History::<Finding>::new();
    history.admits("2020-07-20", raised());
    history.admits("2020-07-22", disputed());
    history.admits("2020-07-23", planned(Some("2020-10"), Some("SYSTEM_OWNER")));
    history.admits("2020-08-01", E::RiskAccepted(accepted(None, Some("2020-12-31"))));
    history.admits("2020-09-01", planned(Some("2020-11"), None));
    history.admits("2020-11-15", resolved());
    history.admits("2020-11-20", follow_up());
    history.admits("2021-02-01", reopened());
    let stands = |at: &str| history.state(at).status;
    assert_eq!(stands("2020-07-22"), FindingStatus::Open);
    assert_eq!(stands("2020-07-23"), FindingStatus::Planned);
    assert_eq!(stands("2020-09-01"), FindingStatus::Accepted, "a plan ends no acceptance");
    assert_eq!(stands("2020-11-20"), FindingStatus::Resolved);
    let accepted = history.state("2020-09-01");
    assert_eq!(accepted.accepted_until, "2020-12-31".parse().ok());
    assert_eq!((accepted.due, accepted.owner), ("2020-11".parse().ok(), Some(code("SYSTEM_OWNER"))));
    let reopened = history.state("2021-02-01");
    assert_eq!((reopened.status, reopened.accepted_until), (FindingStatus::Open, None));
    assert_eq!((reopened.plans.len(), reopened.anomalies.len()), (2, 0));
}

#[test]
fn it_is_found_by_what_it_is_about() {
    let mut history = History::<Finding>::new();
    history.admits("2020-07-20", raised());
    history.admits("2020-08-01", approved());
    history.admits("2020-08-01", E::RiskAccepted(accepted(None, None)));
    let link = |family: &str, number| stream(family, number).to_string();
    assert_eq!(
        history.keys("2020-08-01"),
        [
            "status=ACCEPTED".to_owned(),
            "rule=TRF-01".to_owned(),
            "layer=LAW".to_owned(),
            "severity=HIGH".to_owned(),
            format!("audit={}", link("auditEngagement", 3)),
            format!("ruleSet={}", link("ruleSet", 4)),
            "decision=CIO-2020-03".to_owned(),
            "decision=BD-2020-02".to_owned(),
            "unit=mu-01".to_owned(),
            format!("activity={}", link("activity", 1)),
            "platform=platform-a".to_owned(),
            "system=system-1".to_owned(),
            "party=vendor-1".to_owned(),
            format!("subject={}", link("transferGround", 2)),
            "underMandate=MAN-1".to_owned(),
        ]
    );
}

#[test]
fn facts_in_another_order_are_noted() {
    let mut history = History::<Finding>::new();
    history.admits("2020-07-20", raised());
    history.admits("2020-08-01", resolved());
    history.corrects(crate::ledger::name::Sequence(0), "2020-09-01", raised_bare());
    let state = history.state("2020-09-01");
    assert_eq!((state.status, state.anomalies.len()), (FindingStatus::Resolved, 1));
}
