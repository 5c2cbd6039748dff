use EvidenceAccessEvent as E;

use super::*;
use crate::family::check::{History, clear, code, laws, stream};
use crate::family::kit::RejectionCode;

fn accessed() -> Accessed {
    Accessed {
        role: code("DPO"),
        unit: Some(code("mu-01")),
        on_behalf_of: None,
        purpose: Some(Purpose::RequestHandling),
        explanation: Some(clear("copy for the requester")),
        subject: Some(stream("consent", 1)),
        event: Some(Sequence(12)),
        extent: Some(Extent::Exported),
        case: Some(stream("dataSubjectRequest", 2)),
        remark: None,
    }
}

/// As little as can be said of an opening.
fn bare() -> Accessed {
    Accessed { unit: None, purpose: None, explanation: None, subject: None, extent: None, case: None, ..accessed() }
}

fn retracted() -> EvidenceAccessEvent {
    E::Retracted(Retracted { reason: clear("nobody opened it"), remark: None })
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<EvidenceAccess>(&[E::Accessed(accessed()), E::Accessed(bare()), retracted()]);
}

#[test]
fn an_opening_says_what_was_opened() {
    let mut history = History::<EvidenceAccess>::new();
    let of_nothing = E::Accessed(Accessed { event: None, ..bare() });
    history.refuses("2026", of_nothing, RejectionCode::Malformed, "event.accessed.subject");
    history.admits("2026-03-19", E::Accessed(bare()));
    history.admits("2026-03-19", E::Accessed(Accessed { event: None, ..accessed() }));
}

#[test]
fn openings_are_found_by_what_why_and_who() {
    let mut history = History::<EvidenceAccess>::new();
    assert_eq!(history.state("2026").status, EvidenceAccessStatus::Sealed);
    history.admits("2026-03-19", E::Accessed(accessed()));
    history.admits("2026-03-20", E::Accessed(bare()));
    let state = history.state("2026-03-20");
    assert_eq!((state.status, state.accesses.len()), (EvidenceAccessStatus::Opened, 2));
    let (subject, case) = (stream("consent", 1), stream("dataSubjectRequest", 2));
    let expected = [
        "status=OPENED".to_owned(),
        "role=DPO".to_owned(),
        "unit=mu-01".to_owned(),
        "purpose=REQUEST_HANDLING".to_owned(),
        format!("subject={subject}"),
        "event=12".to_owned(),
        format!("case={case}"),
    ];
    assert_eq!(history.keys("2026-03-19"), expected);
}

#[test]
fn an_opening_that_never_was_is_taken_back() {
    let mut history = History::<EvidenceAccess>::new();
    let wrong = history.admits("2026-03-19", E::Accessed(accessed()));
    history.corrects(wrong, "2026-03-19", retracted());
    assert_eq!(history.state("2026-03-20"), EvidenceAccess::default());
}
