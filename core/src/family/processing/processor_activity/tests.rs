use ProcessorActivityEvent as E;

use super::*;
use crate::family::check::{History, amends_everything, clear, code, codes, date, laws, stream, words};

fn transfer(family: &str) -> Transfer {
    Transfer {
        recipient: Some(code("vendor-n")),
        country: code("US"),
        transfer_ground: Some(stream(family, 1)),
        safeguards: Some(clear("standard contractual clauses")),
    }
}

fn entry(version: u32) -> Established {
    Established {
        version,
        name: Some(words("examinations for a partner university")),
        controller: Some(code("partner-university")),
        controller_contact: Some(clear("its privacy desk")),
        controller_representative: None,
        processor: Some(code("demo-university")),
        dpo_contact: Some(clear("the privacy mailbox")),
        processing_categories: codes(&["HOSTING", "GRADING"]),
        transfers: vec![transfer("transferGround")],
        security_class: Some(code("CONFIDENTIAL")),
        security_measures: vec![clear("encryption")],
        sub_processors: codes(&["vendor-n"]),
        agreement: Some(stream("agreement", 3)),
        systems: codes(&["exam-server"]),
        unit: Some(code("mu-01")),
        owner: Some(code("PROCESS_OWNER")),
        approved_by: Some(code("DPO")),
        remark: Some(clear("a pilot")),
    }
}

/// An amendment that changes nothing.
fn amendment(version: u32) -> Amended {
    Amended {
        version,
        name: None,
        controller: None,
        controller_contact: None,
        controller_representative: None,
        processor: None,
        dpo_contact: None,
        processing_categories: None,
        transfers: None,
        security_class: None,
        security_measures: None,
        sub_processors: None,
        agreement: None,
        systems: None,
        unit: None,
        owner: None,
        approved_by: None,
        materiality: None,
        remark: None,
    }
}

fn established(version: u32) -> ProcessorActivityEvent {
    E::Established(entry(version))
}

fn amended(version: u32) -> ProcessorActivityEvent {
    E::Amended(Amended {
        unit: Some(code("mu-02")),
        sub_processors: Some(Vec::new()),
        materiality: Some(Materiality::Material),
        ..amendment(version)
    })
}

fn ceased() -> ProcessorActivityEvent {
    E::Ceased(Ceased { reason: Some(clear("the pilot ended")), remark: None })
}

fn retracted() -> ProcessorActivityEvent {
    E::Retracted(Retracted { reason: clear("it is a joint activity"), remark: None })
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<ProcessorActivity>(&[established(1), established(2), amended(2), amended(3), ceased(), retracted()]);
}

#[test]
fn what_cannot_have_been_is_refused() {
    let mut history = History::<ProcessorActivity>::new();
    history.refuses("2018", amended(1), RejectionCode::NeverExisted, "event.amended");
    history.refuses("2018", ceased(), RejectionCode::NeverExisted, "event.ceased");
    history.refuses("2018", established(0), RejectionCode::Malformed, "event.established.version");
    history.refuses("2018", established(2), RejectionCode::Malformed, "event.established.version");
    history.admits("2018", established(1));
    history.refuses("2019", established(1), RejectionCode::AlreadyExists, "event.established.version");
    history.refuses("2019", amended(1), RejectionCode::AlreadyExists, "event.amended.version");
    history.refuses("2019", amended(3), RejectionCode::Malformed, "event.amended.version");
    history.admits("2019", amended(2));
    history.admits("2020", ceased());
    history.refuses("2021", ceased(), RejectionCode::Ended, "event.ceased");
    history.refuses("2021", amended(3), RejectionCode::Ended, "event.amended");
    history.admits("2021", established(3));
}

#[test]
fn what_is_malformed_is_refused() {
    let mut history = History::<ProcessorActivity>::new();
    let twice = || codes(&["one", "one"]);
    let agreement = Some(stream("party", 1));
    let entries = [
        ("processingCategories", Established { processing_categories: twice(), ..entry(1) }),
        ("subProcessors", Established { sub_processors: twice(), ..entry(1) }),
        ("systems", Established { systems: twice(), ..entry(1) }),
        ("transfers", Established { transfers: vec![transfer("party")], ..entry(1) }),
        ("agreement", Established { agreement: agreement.clone(), ..entry(1) }),
    ];
    for (field, entry) in entries {
        let field = format!("event.established.{field}");
        history.refuses("2018", E::Established(entry), RejectionCode::Malformed, &field);
    }
    history.admits("2018", established(1));
    let amendments = [
        ("processingCategories", Amended { processing_categories: Some(twice()), ..amendment(2) }),
        ("subProcessors", Amended { sub_processors: Some(twice()), ..amendment(2) }),
        ("systems", Amended { systems: Some(twice()), ..amendment(2) }),
        ("transfers", Amended { transfers: Some(vec![transfer("party")]), ..amendment(2) }),
        ("agreement", Amended { agreement, ..amendment(2) }),
    ];
    for (field, amendment) in amendments {
        let field = format!("event.amended.{field}");
        history.refuses("2019", E::Amended(amendment), RejectionCode::Malformed, &field);
    }
}

#[test]
fn an_amendment_of_everything_leaves_nothing_of_the_version_before() {
    let entry = Established { controller_representative: Some(clear("its representative")), ..entry(2) };
    amends_everything(&entry, &[], Established::amended);
}

#[test]
fn the_state_is_what_the_facts_say() {
    let mut history = History::<ProcessorActivity>::new();
    history.admits("2018", established(1));
    history.admits("2020", amended(2));
    history.admits("2022", ceased());
    assert_eq!(history.state("2017").status, ProcessorActivityStatus::Unestablished);
    let keys = [
        "status=ESTABLISHED".to_owned(),
        "unit=mu-01".to_owned(),
        "controller=partner-university".to_owned(),
        "party=partner-university".to_owned(),
        "party=vendor-n".to_owned(),
        format!("agreement={}", stream("agreement", 3)),
        "system=exam-server".to_owned(),
        format!("transferGround={}", stream("transferGround", 1)),
    ];
    assert_eq!(history.keys("2018"), keys);
    let current = history.state("2020").current.unwrap();
    assert_eq!((current.from, current.fact.version, current.fact.unit), (date("2020"), 2, Some(code("mu-02"))));
    assert_eq!((current.fact.sub_processors, current.fact.systems), (Vec::new(), codes(&["exam-server"])));
    assert_eq!((current.fact.approved_by, current.fact.remark), (None, None), "they are of that version alone");
    let end = history.state("2022");
    assert_eq!((end.status, end.anomalies.len()), (ProcessorActivityStatus::Ceased, 0));
}

#[test]
fn facts_in_another_order_are_noted() {
    let mut history = History::<ProcessorActivity>::new();
    let first = history.admits("2018", established(1));
    history.admits("2019", amended(2));
    let end = history.admits("2020", ceased());
    history.corrects(first, "2019-06", established(1));
    let late = history.state("2020");
    assert_eq!((late.current.unwrap().fact.version, late.anomalies.len()), (1, 1), "amended before it was established");
    history.corrects(end, "2019-07", ceased());
    history.admits("2019-08", established(2));
    assert_eq!(history.state("2020").status, ProcessorActivityStatus::Established);
}

#[test]
fn versions_that_do_not_count_are_noted() {
    let mut history = History::<ProcessorActivity>::new();
    history.admits("2018", established(1));
    let second = history.admits("2019", amended(2));
    history.admits("2020", amended(3));
    history.corrects(second, "2021", amended(4));
    let gap = history.state("2020");
    assert_eq!((gap.current.unwrap().fact.version, gap.anomalies.len()), (3, 1));
    let again = history.admits("2017", established(1));
    let twice = history.state("2018");
    assert_eq!((twice.current.unwrap().sequence, twice.anomalies.len()), (again, 1));
    history.admits("2019", ceased());
    assert_eq!(history.state("2020").anomalies.len(), 3, "amended after its end");
}
