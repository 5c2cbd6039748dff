use ManagementUnitEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, laws, words};
use crate::family::kit::RejectionCode;

fn registered() -> ManagementUnitEvent {
    E::Registered(Registered {
        unit: code("mu-01"),
        kind: Some(UnitKind::Faculty),
        name: Some(words("Faculty of Law")),
        remark: None,
    })
}

fn renamed() -> ManagementUnitEvent {
    E::Renamed(Renamed { name: words("Law School"), remark: None })
}

fn merged(into: &str) -> ManagementUnitEvent {
    E::Merged(Merged { into: code(into), decision: Some(code("BD-2020-01")), remark: None })
}

fn split(into: &[&str]) -> ManagementUnitEvent {
    E::Split(Split { into: codes(into), decision: None, remark: None })
}

fn closed() -> ManagementUnitEvent {
    E::Closed(Closed { decision: None, remark: Some(clear("its tasks ended")) })
}

fn retracted() -> ManagementUnitEvent {
    E::Retracted(Retracted { reason: clear("registered twice"), remark: None })
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<ManagementUnit>(&[
        registered(),
        renamed(),
        merged("mu-02"),
        split(&["mu-03", "mu-04"]),
        closed(),
        retracted(),
    ]);
}

#[test]
fn what_cannot_have_been_is_refused() {
    let mut history = History::<ManagementUnit>::new();
    for event in [renamed(), merged("mu-02"), split(&["mu-03", "mu-04"]), closed()] {
        let field = format!("event.{}", crate::family::kit::Event::kind(&event).0);
        history.refuses("2018", event, RejectionCode::NeverExisted, &field);
    }
    history.admits("2018", registered());
    history.refuses("2019", registered(), RejectionCode::AlreadyExists, "event.registered");
    history.refuses("2019", merged("mu-01"), RejectionCode::Malformed, "event.merged.into");
    history.refuses("2019", split(&[]), RejectionCode::Malformed, "event.split.into");
    history.refuses("2019", split(&["mu-02"]), RejectionCode::Malformed, "event.split.into");
    history.refuses("2019", split(&["mu-02", "mu-02"]), RejectionCode::Malformed, "event.split.into");
    history.admits("2020", closed());
    history.refuses("2021", closed(), RejectionCode::Ended, "event.closed");
}

#[test]
fn the_state_is_what_the_facts_say() {
    let mut history = History::<ManagementUnit>::new();
    history.admits("2018", registered());
    history.admits("2020", renamed());
    history.admits("2024", merged("mu-02"));
    assert_eq!(history.state("2017").status, UnitStatus::Unregistered);
    assert_eq!(history.state("2018").status, UnitStatus::Active);
    assert_ne!(history.state("2019").name, history.state("2020").name);
    let merged = history.state("2024");
    assert_eq!((merged.status, merged.merged.unwrap().fact.into), (UnitStatus::Closed, code("mu-02")));
    assert_eq!(history.keys("2024"), ["status=CLOSED", "unit=mu-01", "kind=FACULTY"]);
}

#[test]
fn facts_in_another_order_are_noted() {
    let mut history = History::<ManagementUnit>::new();
    history.admits("2018", registered());
    history.admits("2020", renamed());
    history.corrects(crate::ledger::name::Sequence(0), "2021", registered());
    assert_eq!(history.state("2022").anomalies.len(), 1);
}
