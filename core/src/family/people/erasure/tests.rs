use ErasureEvent as E;

use serde_json::json;

use super::*;
use crate::family::check::{History, clear, date, fact, laws, sealed, stream};
use crate::family::kit::Event as _;
use crate::ledger::merkle::Hash;

/// The commitment in the head of `erasable.rs`.
const DIGEST: &str = "uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY";

fn certificate() -> Option<Document> {
    Some(Document {
        sha256: Hash([7; 32]),
        media_type: Some("application/pdf".to_owned()),
        language: None,
        document_date: Some(date("2026-04-21")),
        title: None,
    })
}

fn erasure_of(subject: StreamId) -> SubjectDataErased {
    SubjectDataErased {
        subject,
        request: Some(stream("dataSubjectRequest", 3)),
        ground: Some(ErasureGround::NoLongerNecessary),
        values: Some(12),
        digests: vec![DIGEST.to_owned()],
        material: vec![
            ErasedMaterial::Values,
            ErasedMaterial::Salts,
            ErasedMaterial::Keys,
            ErasedMaterial::IdentityLinks,
        ],
        backups_expire: Some(date("2026-05-26")),
        certificate: certificate(),
        remark: Some(clear("checked by two")),
    }
}

fn erased() -> ErasureEvent {
    E::SubjectDataErased(erasure_of(stream("consent", 2)))
}

fn detachment() -> PayloadDetached {
    PayloadDetached {
        sequence: Sequence(7),
        subject: Some(stream("activity", 5)),
        request: None,
        ground: Some(ErasureGround::Misplaced),
        digests: vec![DIGEST.to_owned()],
        material: vec![ErasedMaterial::Values],
        backups_expire: None,
        certificate: None,
        remark: None,
    }
}

fn detached() -> ErasureEvent {
    E::PayloadDetached(detachment())
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    let retracted = E::Retracted(Retracted { reason: clear("it was not carried out"), remark: None });
    laws::<Erasure>(&[erased(), detached(), retracted]);
}

#[test]
fn one_stream_is_one_act() {
    for first in [erased(), detached()] {
        let mut history = History::<Erasure>::new();
        history.admits("2026", first);
        for second in [erased(), detached()] {
            let field = format!("event.{}", second.kind().0);
            history.refuses("2027", second, RejectionCode::AlreadyExists, &field);
        }
    }
}

#[test]
fn the_malformed_and_what_subjects_cannot_say_is_refused() {
    let history = History::<Erasure>::new();
    let digests = |digests: &[&str]| digests.iter().map(|digest| (*digest).to_owned()).collect::<Vec<String>>();
    let whole = || erasure_of(stream("consent", 2));
    for (event, field) in [
        (E::SubjectDataErased(erasure_of(stream("activity", 1))), "subject"),
        (E::SubjectDataErased(erasure_of(stream("nothing", 1))), "subject"),
        (E::SubjectDataErased(SubjectDataErased { request: Some(stream("consent", 1)), ..whole() }), "request"),
        (E::SubjectDataErased(SubjectDataErased { material: vec![ErasedMaterial::Keys; 2], ..whole() }), "material"),
        (E::SubjectDataErased(SubjectDataErased { digests: digests(&["name"]), ..whole() }), "digests"),
        (E::PayloadDetached(PayloadDetached { digests: digests(&[DIGEST, DIGEST]), ..detachment() }), "digests"),
        (E::PayloadDetached(PayloadDetached { request: Some(stream("case", 1)), ..detachment() }), "request"),
    ] {
        let field = format!("event.{}.{field}", event.kind().0);
        history.refuses("2026", event, RejectionCode::Malformed, &field);
    }
    history.refuses_subjects("2026", &erased());
    history.refuses_subjects("2026", &detached());
}

#[test]
fn what_is_erased_must_be_there() {
    use crate::family::activity::{Activity, ActivityEvent};
    let subject = stream("activity", 5);
    let mut activity = History::<Activity>::new();
    let drafted = sealed(json!({ "unit": "mu-01", "name": { "...": { "clear": { "en": "x" } } } }), 0);
    let drafted = activity.admits("2020", ActivityEvent::from_data("drafted", 1, &drafted).unwrap());
    let held: Vec<String> =
        activity.known().iter().flat_map(|fact| commitments(&fact.data)).map(|digest| digest.to_string()).collect();
    assert_eq!(held.len(), 1);
    let check = |event: PayloadDetached, refused: Option<&str>| {
        let mut history = History::<Erasure>::new().beside(subject.clone(), &activity);
        match refused {
            None => drop(history.admits("2026", E::PayloadDetached(event))),
            Some(field) => {
                let field = format!("event.payloadDetached.{field}");
                history.refuses("2026", E::PayloadDetached(event), RejectionCode::Unknown, &field);
            }
        }
    };
    let of = |sequence: Sequence, digests: Vec<String>| PayloadDetached { sequence, digests, ..detachment() };
    check(of(drafted, held.clone()), None);
    check(of(drafted, Vec::new()), None);
    check(of(Sequence(drafted.0 + 1), held.clone()), Some("sequence"));
    check(of(drafted, vec![DIGEST.to_owned()]), Some("digests"));
    check(PayloadDetached { subject: None, ..of(Sequence(77), vec![DIGEST.to_owned()]) }, None);
}

#[test]
fn the_ledger_reads_what_the_family_writes() {
    use crate::ledger::entry::Entry;
    use crate::ledger::entry::tests::example;
    use crate::ledger::erasing::{Erasing, FAMILY};
    assert_eq!(Erasure::NAME, FAMILY);
    let read = |event: &ErasureEvent| {
        let written = fact(9, date("2026"), event, None, "DPO");
        let event = format!("{FAMILY}.{}", written.fact).parse().unwrap();
        Erasing::of(&Entry { sequence: 9, event, data: written.data, ..example() })
    };
    let digests = Some(BTreeSet::from([DIGEST.parse().unwrap()]));
    let whole = Erasing { by: 9, stream: Some(stream("consent", 2)), entry: None, digests: digests.clone() };
    assert_eq!(read(&erased()), Some(whole));
    let single = Erasing { by: 9, stream: Some(stream("activity", 5)), entry: Some(7), digests };
    assert_eq!(read(&detached()), Some(single));
}

#[test]
fn the_scenarios_erasure() {
    for family in ["consent", "dataSubjectRequest", "objection"] {
        let mut history = History::<Erasure>::new();
        history.admits("2026-04-21", E::SubjectDataErased(erasure_of(stream(family, 2))));
        let state = history.state("2026-04-21");
        assert_eq!(state.status, ErasureStatus::Erased);
        assert_eq!(state.ground, Some(ErasureGround::NoLongerNecessary));
        assert_eq!(state.erased_at, Some(date("2026-04-21")));
        assert_eq!(state.backups_expire, Some(date("2026-05-26")));
        assert_eq!(history.state("2026-04-20").status, ErasureStatus::NothingErased);
        assert_eq!(
            history.keys("2026-04-21"),
            [
                "status=ERASED".to_owned(),
                "ground=NO_LONGER_NECESSARY".to_owned(),
                format!("subject={family}/00000000-0000-0000-0000-000000000002"),
                "request=dataSubjectRequest/00000000-0000-0000-0000-000000000003".to_owned(),
            ]
        );
    }
}

#[test]
fn single_values_are_detached() {
    let mut history = History::<Erasure>::new();
    history.admits("2026", detached());
    assert_eq!(history.state("2026").status, ErasureStatus::Detached);
    let activity = "subject=activity/00000000-0000-0000-0000-000000000005";
    assert_eq!(history.keys("2026"), ["status=DETACHED", "ground=MISPLACED", "sequence=7", activity]);
}

#[test]
fn two_acts_in_one_stream_are_noted() {
    let mut history = History::<Erasure>::new();
    let first = history.admits("2026", erased());
    history.corrects(first, "2028", erased());
    history.admits("2027", detached());
    let state = history.state("2029");
    assert_eq!((state.anomalies.len(), state.status), (1, ErasureStatus::Erased));
}
