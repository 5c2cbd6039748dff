use SecurityWeaknessEvent as E;

use super::*;
use crate::family::check::{History, clear, code, date, laws, stream};
use crate::family::handling::Escalation;
use crate::family::kit::RejectionCode;

fn reported(account: StreamId) -> SecurityWeaknessEvent {
    E::Reported(Reported {
        unit: Some(code("mu-04")),
        system: Some(code("sys-07")),
        account: Some(account),
        kind: Some(WeaknessKind::SharedCredentials),
        reporter_category: Some(ReporterCategory::Employee),
        reporter: Some(clear("a colleague")),
        channel: Some(ReportChannel::ServiceDesk),
        discovered: Some(date("2021-11-05")),
        weakness: Some(clear("shared password on a brand account")),
        remark: None,
    })
}

/// Row S-030 says no more than this.
fn reported_in_short() -> SecurityWeaknessEvent {
    E::Reported(Reported {
        unit: Some(code("mu-04")),
        system: None,
        account: None,
        kind: None,
        reporter_category: None,
        reporter: None,
        channel: None,
        discovered: None,
        weakness: Some(clear("shared password on a brand account")),
        remark: None,
    })
}

fn triaged() -> SecurityWeaknessEvent {
    E::Triaged(Triaged {
        impact: Impact::Serious,
        class: Some(code("accounts")),
        term: Some("P14D".parse().unwrap()),
        reason: Some(clear("everybody follows this account")),
        remark: None,
    })
}

fn forwarded(to: Option<&str>) -> SecurityWeaknessEvent {
    E::Forwarded(Forwarded { to: to.map(code), to_role: None, reason: None, remark: None })
}

fn escalated(addressees: &[Escalation]) -> SecurityWeaknessEvent {
    E::Escalated(Escalated { addressees: addressees.to_vec(), reason: Some(clear("reputation")), remark: None })
}

fn measure() -> SecurityWeaknessEvent {
    E::MeasureTaken(MeasureTaken {
        code: Some(code("mfa")),
        measure: Some(clear("a second factor")),
        document: None,
        remark: None,
    })
}

fn resolved() -> SecurityWeaknessEvent {
    E::Resolved(Resolved {
        resolution: Some(clear("own passwords")),
        verified: Some(true),
        document: None,
        remark: None,
    })
}

fn accepted() -> SecurityWeaknessEvent {
    E::RiskAccepted(RiskAccepted {
        accepted_by: Some(code("BOARD")),
        until: Some(date("2022-12-31")),
        reason: Some(clear("the account goes")),
        remark: None,
    })
}

fn retracted() -> SecurityWeaknessEvent {
    E::Retracted(Retracted { reason: clear("it was no password"), remark: None })
}

fn handling() -> [SecurityWeaknessEvent; 6] {
    [triaged(), forwarded(Some("mu-02")), escalated(&[Escalation::Board]), measure(), resolved(), accepted()]
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    let mut pool = vec![reported(stream("account", 1)), reported_in_short(), forwarded(None), retracted()];
    pool.extend(handling());
    laws::<SecurityWeakness>(&pool);
}

#[test]
fn what_cannot_have_been_is_refused() {
    let mut history = History::<SecurityWeakness>::new();
    for event in handling() {
        let field = format!("event.{}", crate::family::kit::Event::kind(&event).0);
        history.refuses("2021", event, RejectionCode::NeverExisted, &field);
    }
    history.refuses("2021", reported(stream("platform", 1)), RejectionCode::Malformed, "event.reported.account");
    history.admits("2021", reported_in_short());
    history.refuses("2021", reported_in_short(), RejectionCode::AlreadyExists, "event.reported");
    for addressees in [&[][..], &[Escalation::Legal, Escalation::Legal]] {
        history.refuses("2021", escalated(addressees), RejectionCode::Malformed, "event.escalated.addressees");
    }
    history.admits("2021", resolved());
    history.refuses("2021", resolved(), RejectionCode::Ended, "event.resolved");
    history.refuses("2021", accepted(), RejectionCode::Ended, "event.riskAccepted");
}

#[test]
fn anyone_may_report_a_weakness_and_no_more() {
    let mut history = History::<SecurityWeakness>::new();
    history.admits("2021", reported_in_short());
    for event in handling() {
        history.refuses_subjects("2021", &event);
    }
}

#[test]
fn the_row_of_the_scenario_is_admitted_as_it_stands() {
    let mut history = History::<SecurityWeakness>::new();
    history.admits("2021-11-08", reported_in_short());
    history.admits("2021-11-09", forwarded(None));
    history.admits("2021-11-15", measure());
    use SecurityWeaknessStatus as S;
    let statuses = ["2021-11-07", "2021-11-08", "2021-11-09", "2021-11-15"].map(|at| history.state(at).status);
    assert_eq!(statuses, [S::Unreported, S::Open, S::Forwarded, S::Treated]);
    let state = history.state("2022");
    assert_eq!((state.unit, state.forwarded[0].from), (Some(code("mu-04")), date("2021-11-09")));
    assert_eq!(state.anomalies, []);
}

#[test]
fn the_state_is_what_the_facts_say() {
    let mut history = History::<SecurityWeakness>::new();
    history.admits("2021-11", reported(stream("account", 1)));
    history.admits("2021-12", forwarded(Some("mu-02")));
    history.admits("2022-01", triaged());
    history.admits("2022-02", accepted());
    history.admits("2022-03", resolved());
    history.admits("2022-04", measure());
    use SecurityWeaknessStatus as S;
    let statuses = ["2021-12", "2022-01", "2022-02", "2022-03", "2022-04"].map(|at| history.state(at).status);
    assert_eq!(statuses, [S::Forwarded, S::Forwarded, S::RiskAccepted, S::Resolved, S::Resolved]);
    assert_eq!(history.state("2022-02").risk_accepted_until, Some(date("2022-12-31")));
    let account = format!("account={}", stream("account", 1));
    let keys = history.keys("2022-04");
    assert_eq!(keys[..3], ["status=RESOLVED", "unit=mu-02", "impact=SERIOUS"]);
    assert_eq!(keys[3..], ["system=sys-07", &account, "kind=SHARED_CREDENTIALS", "reportedYear=2021"]);
}

#[test]
fn facts_in_another_order_are_noted() {
    let mut history = History::<SecurityWeakness>::new();
    let report = history.admits("2021-11", reported_in_short());
    history.admits("2021-12", resolved());
    history.corrects(report, "2022", reported_in_short());
    let state = history.state("2022");
    assert_eq!((state.anomalies.len(), state.status), (1, SecurityWeaknessStatus::Resolved));
}
