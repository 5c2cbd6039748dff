use RoleAssignmentEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, date, laws, stream};

fn scope(kind: RoleScopeKind, name: &str) -> RoleScope {
    RoleScope { kind, code: Some(code(name)), activity: None }
}

fn unit(name: &str) -> RoleScope {
    scope(RoleScopeKind::Unit, name)
}

fn activity(family: &str) -> RoleScope {
    RoleScope { kind: RoleScopeKind::Activity, code: None, activity: Some(stream(family, 1)) }
}

fn institution() -> RoleScope {
    RoleScope { kind: RoleScopeKind::Institution, code: None, activity: None }
}

fn assigned_as(role: &str, holder: &str, scope: Vec<RoleScope>) -> Assigned {
    Assigned {
        role: code(role),
        holder: Some(code(holder)),
        scope,
        from: None,
        until: None,
        decision: Some(code("BD-2018-02")),
        document: None,
        remark: None,
    }
}

fn assigned(role: &str, holder: &str, scope: Vec<RoleScope>) -> RoleAssignmentEvent {
    E::Assigned(assigned_as(role, holder, scope))
}

fn portfolio() -> RoleAssignmentEvent {
    assigned("PORTFOLIO_HOLDER", "board-member-01", vec![institution()])
}

fn delegated(to: &str, until: Option<&str>) -> RoleAssignmentEvent {
    E::Delegated(Delegated {
        to: code(to),
        role: Some(code("CIO")),
        scope: vec![scope(RoleScopeKind::Domain, "it")],
        until: until.map(date),
        decision: Some(code("BD-2018-03")),
        document: None,
        remark: None,
    })
}

fn revoked(delegate: Option<&str>) -> RoleAssignmentEvent {
    E::Revoked(Revoked {
        delegate: delegate.map(code),
        reason: Some(clear("another portfolio")),
        decision: None,
        remark: None,
    })
}

fn designated(holder: &str) -> RoleAssignmentEvent {
    E::DpoDesignated(DpoDesignated {
        holder: Some(code(holder)),
        scope: vec![institution()],
        position: Some(DpoPosition::Staff),
        from: None,
        until: None,
        contact_published: Some(date("2018-06-02")),
        decision: None,
        document: None,
        remark: None,
    })
}

fn registered(holder: Option<&str>) -> RoleAssignmentEvent {
    E::DpoRegisteredWithAuthority(DpoRegisteredWithAuthority {
        holder: holder.map(code),
        authority: Some(code("AP")),
        number: Some(clear("FG000000")),
        document: None,
        remark: None,
    })
}

fn positioned() -> RoleAssignmentEvent {
    E::DpoPositionRecorded(DpoPositionRecorded {
        resources: Some(true),
        access: Some(true),
        no_instructions: Some(true),
        reports_to_highest_level: Some(false),
        document: None,
        remark: None,
    })
}

fn relieved() -> RoleAssignmentEvent {
    E::DpoRelieved(DpoRelieved {
        ground: Some(DpoReliefGround::OwnRequest),
        reason: Some(clear("retires")),
        decision: None,
        remark: None,
    })
}

fn monitored(family: &str) -> RoleAssignmentEvent {
    E::DpoMonitoringRecorded(DpoMonitoringRecorded {
        domain: Some(code("education")),
        unit: None,
        year: Some(2019),
        result: Some(clear("registers are kept")),
        findings: vec![stream(family, 7)],
        document: None,
        remark: None,
    })
}

fn mandated(body: &str, acts: &[&str]) -> RoleAssignmentEvent {
    E::MandateGranted(MandateGranted {
        mandate: Some(code("MAN-001")),
        body: Some(code(body)),
        role: None,
        scope: vec![institution()],
        acts: codes(acts),
        sub_mandate: Some(false),
        from: None,
        until: Some(date("2022")),
        decision: Some(code("BD-2018-04")),
        document: None,
        remark: None,
    })
}

fn implemented(mandate: Option<&str>) -> RoleAssignmentEvent {
    E::ImplementationDecisionTaken(ImplementationDecisionTaken {
        decision: Some(code("ITB-2019-01")),
        mandate: mandate.map(code),
        body: Some(code("it-board")),
        subject: Some(clear("log access to systems")),
        document: None,
        remark: None,
    })
}

fn retracted() -> RoleAssignmentEvent {
    E::Retracted(Retracted { reason: clear("another person was meant"), remark: None })
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<RoleAssignment>(&[
        portfolio(),
        positioned(),
        assigned("DPO", "staff-dpo-02", vec![unit("mu-01"), activity("activity")]),
        delegated("staff-cio-01", None),
        revoked(Some("staff-cio-01")),
        revoked(None),
        designated("staff-dpo-01"),
        registered(Some("staff-dpo-02")),
        registered(None),
        relieved(),
        monitored("finding"),
        mandated("it-board", &["IMPLEMENTATION"]),
        implemented(Some("MAN-001")),
        retracted(),
    ]);
}

#[test]
fn what_may_come_first_is_admitted_as_the_first_fact() {
    let first = [
        portfolio(),
        assigned("CONTROLLER", "demo-university", Vec::new()),
        designated("staff-dpo-01"),
        registered(None),
        monitored("finding"),
        mandated("it-board", &[]),
        implemented(None),
    ];
    for event in first {
        History::<RoleAssignment>::new().admits("2018-06-01", event);
    }
}

#[test]
fn what_never_was_has_no_end_and_no_delegate() {
    let history = History::<RoleAssignment>::new();
    for event in [delegated("staff-cio-01", None), revoked(None), relieved()] {
        let field = format!("event.{}", crate::family::kit::Event::kind(&event).0);
        history.refuses("2018", event, RejectionCode::NeverExisted, &field);
    }
}

#[test]
fn malformed_facts_are_refused() {
    let mut history = History::<RoleAssignment>::new();
    let misfits = [
        vec![RoleScope { code: None, ..unit("mu-01") }],
        vec![RoleScope { activity: Some(stream("activity", 1)), ..unit("mu-01") }],
        vec![RoleScope { kind: RoleScopeKind::Activity, ..unit("mu-01") }],
        vec![RoleScope { kind: RoleScopeKind::Institution, ..unit("mu-01") }],
        vec![unit("mu-01"), unit("mu-02"), unit("mu-01")],
        vec![activity("consent")],
    ];
    for scope in misfits {
        let event = assigned("CISO", "staff-ciso-01", scope);
        history.refuses("2018", event, RejectionCode::Malformed, "event.assigned.scope");
    }
    let reversed = Assigned { until: Some(date("2017")), ..assigned_as("CISO", "staff-ciso-01", Vec::new()) };
    history.refuses("2018", E::Assigned(reversed.clone()), RejectionCode::Malformed, "event.assigned.until");
    history.admits("2017-05", E::Assigned(Assigned { from: Some(date("2016")), ..reversed }));
    history.refuses("2018", monitored("breach"), RejectionCode::Malformed, "event.dpoMonitoringRecorded.findings");
    let twice = mandated("staff-ciso-01", &["A", "A"]);
    let mut mandate = History::<RoleAssignment>::new();
    mandate.refuses("2018", twice, RejectionCode::Malformed, "event.mandateGranted.acts");
    mandate.refuses("2023", mandated("it-board", &[]), RejectionCode::Malformed, "event.mandateGranted.until");
    mandate.admits("2018", mandated("it-board", &[]));
    mandate.refuses("2018", mandated("cio", &[]), RejectionCode::AlreadyExists, "event.mandateGranted.body");
}

#[test]
fn one_holder_at_a_time_has_the_role_of_a_stream() {
    let mut history = History::<RoleAssignment>::new();
    history.admits("2018-06-01", designated("staff-dpo-01"));
    let other = designated("staff-dpo-02");
    history.refuses("2019", other.clone(), RejectionCode::AlreadyExists, "event.dpoDesignated.holder");
    let ciso = assigned("CISO", "staff-dpo-01", Vec::new());
    history.refuses("2019", ciso, RejectionCode::AlreadyExists, "event.assigned.role");
    history.admits("2019", designated("staff-dpo-01"));
    history.admits("2020", relieved());
    history.refuses("2021", relieved(), RejectionCode::Ended, "event.dpoRelieved");
    history.refuses("2021", revoked(None), RejectionCode::Ended, "event.revoked");
    history.admits("2021", other);
    let ended = history.state("2020");
    assert_eq!((ended.status, ended.ended), (RoleStatus::Ended, Some(date("2020"))));
    let next = history.state("2021");
    assert_eq!((next.status, next.holder, next.ended), (RoleStatus::InForce, Some(code("staff-dpo-02")), None));
    assert!(next.anomalies.is_empty());
}

#[test]
fn a_registration_counts_for_the_officer_it_was_made_for() {
    let mut history = History::<RoleAssignment>::new();
    history.admits("2018-06-01", designated("staff-dpo-01"));
    assert_eq!(history.state("2018-06-07").registered, None);
    history.admits("2018-06-08", registered(None));
    assert_eq!(history.state("2019").registered, Some(date("2018-06-08")));
    history.admits("2020-05-20", registered(Some("staff-dpo-02")));
    history.admits("2020-06-01", relieved());
    assert_eq!(history.state("2020-06-01").registered, None);
    history.admits("2020-06-02", designated("staff-dpo-02"));
    assert_eq!(history.state("2020-06-02").registered, Some(date("2020-05-20")));
    history.admits("2021", relieved());
    history.admits("2022", designated("staff-dpo-01"));
    assert_eq!(history.state("2022").registered, None, "the registration of 2018 was for another designation");
}

#[test]
fn delegations_stand_until_they_are_taken_back() {
    let mut history = History::<RoleAssignment>::new();
    history.admits("2018", portfolio());
    let own = delegated("board-member-01", None);
    history.refuses("2019", own, RejectionCode::Malformed, "event.delegated.to");
    let reversed = delegated("staff-cio-01", Some("2018"));
    history.refuses("2019", reversed, RejectionCode::Malformed, "event.delegated.until");
    history.refuses("2019", revoked(Some("x")), RejectionCode::NeverExisted, "event.revoked.delegate");
    history.admits("2019", delegated("staff-cio-01", Some("2022")));
    assert!(history.keys("2019").contains(&"delegate=staff-cio-01".to_owned()));
    history.admits("2020", revoked(Some("staff-cio-01")));
    history.refuses("2021", revoked(Some("staff-cio-01")), RejectionCode::Ended, "event.revoked.delegate");
    let state = history.state("2020");
    assert_eq!((state.status, state.delegations[0].revoked), (RoleStatus::InForce, Some(date("2020"))));
    assert!(!history.keys("2020").contains(&"delegate=staff-cio-01".to_owned()));
}

#[test]
fn the_keys_say_what_it_is_held_for_and_on_what_it_rests() {
    let mut owner = History::<RoleAssignment>::new();
    let scopes = vec![
        unit("mu-01"),
        scope(RoleScopeKind::Domain, "education"),
        scope(RoleScopeKind::System, "sys-1"),
        activity("activity"),
    ];
    owner.admits("2018", assigned("PROCESS_OWNER", "owner-01", scopes));
    let activity = format!("activity={}", stream("activity", 1));
    let expected = [
        "status=IN_FORCE",
        "role=PROCESS_OWNER",
        "holder=owner-01",
        "decision=BD-2018-02",
        "scope=UNIT",
        "unit=mu-01",
        "scope=DOMAIN",
        "domain=education",
        "scope=SYSTEM",
        "system=sys-1",
        "scope=ACTIVITY",
        activity.as_str(),
    ];
    assert_eq!(owner.keys("2018"), expected);
    let mut board = History::<RoleAssignment>::new();
    board.admits("2018", mandated("it-board", &["IMPLEMENTATION"]));
    board.admits("2019", implemented(Some("MAN-001")));
    let expected = [
        "status=IN_FORCE",
        "holder=it-board",
        "mandate=MAN-001",
        "decision=BD-2018-04",
        "scope=INSTITUTION",
        "underMandate=MAN-001",
    ];
    assert_eq!(board.keys("2019"), expected);
    let mut officer = History::<RoleAssignment>::new();
    officer.admits("2018", designated("staff-dpo-01"));
    officer.admits("2019", monitored("finding"));
    assert!(officer.keys("2019").contains(&format!("finding={}", stream("finding", 7))));
    assert!(officer.keys("2019").contains(&"role=DPO".to_owned()));
}

#[test]
fn facts_in_another_order_are_noted() {
    let mut history = History::<RoleAssignment>::new();
    let start = history.admits("2018", portfolio());
    history.admits("2019", delegated("staff-cio-01", None));
    history.admits("2020", revoked(None));
    history.corrects(start, "2021", portfolio());
    let state = history.state("2021");
    assert_eq!((state.status, state.anomalies.len()), (RoleStatus::InForce, 2));
}
