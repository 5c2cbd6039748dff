use ConsentEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, date, laws, stream, words};
use crate::family::consent_text::{ConsentTextEvent, Published, TextItem};

fn text() -> StreamId {
    stream("consentText", 1)
}

/// A consent record beside a text whose version 1 asks for `photo` and `video`.
fn history() -> History<Consent> {
    let item = |item: &str| TextItem {
        code: code(item),
        purpose: Some(words("publicity")),
        operations: codes(&["PUBLISH"]),
        platforms: Vec::new(),
        profiling: None,
        mandatory: None,
        pre_ticked: None,
    };
    let mut text_history = History::<ConsentText>::new();
    text_history.admits(
        "2018",
        ConsentTextEvent::Published(Published {
            version: 1,
            activity: None,
            languages: codes(&["en"]),
            items: vec![item("photo"), item("video")],
            grant_channels: vec![Channel::Paper],
            withdraw_channels: vec![Channel::Email],
            steps_grant: None,
            steps_withdraw: None,
            withdrawal_costs: None,
            withdrawal_reason_demanded: None,
            mentions_withdrawal: None,
            minors_variant: None,
            document: None,
            remark: None,
        }),
    );
    History::new().beside(text(), &text_history)
}

fn decisions(items: &[(&str, Decision)]) -> Vec<ItemDecision> {
    items.iter().map(|(item, decision)| ItemDecision { code: code(item), decision: *decision }).collect()
}

fn evidence() -> Option<Erasable<Evidence>> {
    Some(Erasable::Clear(Evidence {
        description: "the signed form in binder 3".to_owned(),
        sha256: Some(Hash([3; 32])),
        media_type: None,
        document_date: None,
    }))
}

fn granted_on(text: StreamId, text_version: u32, items: &[(&str, Decision)]) -> ConsentEvent {
    E::Granted(Granted {
        text,
        text_version,
        language: Some(code("en")),
        items: decisions(items),
        expression: Some(Expression::Expressed),
        method: Some(Method::SignedForm),
        age_band: Some(AgeBand::Under16),
        representative: Some(Representation { authority: Authority::ParentDeclaration, evidence: evidence() }),
        evidence: evidence(),
        validity: Some("P2Y".parse().unwrap()),
        unit: Some(code("mu-01")),
        remark: None,
    })
}

fn granted() -> ConsentEvent {
    granted_on(text(), 1, &[("photo", Decision::Yes), ("video", Decision::Yes)])
}

fn requested(text_version: u32) -> ConsentEvent {
    E::Requested(Requested { text: text(), text_version, channel: None, unit: Some(code("mu-02")), remark: None })
}

fn refused() -> ConsentEvent {
    E::Refused(Refused { text: None, text_version: None, remark: Some(clear("by e-mail")) })
}

fn deferred() -> ConsentEvent {
    E::Deferred(Deferred { until: None, remark: None })
}

fn reaffirmed(items: &[(&str, Decision)]) -> ConsentEvent {
    E::Reaffirmed(Reaffirmed {
        text: text(),
        text_version: 1,
        items: decisions(items),
        method: Some(Method::Web),
        evidence: evidence(),
        remark: None,
    })
}

fn item_changed(item: &str, decision: Decision) -> ConsentEvent {
    E::ItemChanged(ItemChanged { code: code(item), decision, channel: Some(Channel::Web), remark: None })
}

fn withdrawn(items: &[&str]) -> ConsentEvent {
    E::Withdrawn(Withdrawn { items: codes(items), channel: Some(Channel::Email), remark: None })
}

fn actioned(complete: bool) -> ConsentEvent {
    let result = Some(clear("the video is down"));
    E::WithdrawalActioned(WithdrawalActioned {
        uses: codes(&["PUB-0003"]),
        exceptions: Some(vec![UseException {
            code: code("ARCHIVE"),
            legal_reference: Some(LegalReference { instrument: code("ARCHIVES-ACT"), article: None, paragraph: None }),
            reason: Some(clear("the annual report is kept")),
        }]),
        complete,
        result,
        remark: None,
    })
}

fn invalidated() -> ConsentEvent {
    E::Invalidated(Invalidated {
        by: InvalidatedBy::Dpo,
        effect: AnnulmentEffect::ExTunc,
        reason: Some(clear("pressure")),
        remark: None,
    })
}

fn expired() -> ConsentEvent {
    E::Expired(Expired { remark: None })
}

fn revoked() -> ConsentEvent {
    E::RevokedByController(RevokedByController { reason: clear("the campaign is over"), remark: None })
}

fn invited() -> ConsentEvent {
    E::ConfirmationInvited(ConfirmationInvited { reason: InvitationReason::Age16, remark: None })
}

fn receipt() -> ConsentEvent {
    E::ReceiptIssued(ReceiptIssued { format: code("ISO_27560"), sha256: Hash([5; 32]), remark: None })
}

fn representative_authorised() -> ConsentEvent {
    E::RepresentativeAuthorised(RepresentativeAuthorised {
        authority: Authority::Guardianship,
        evidence: evidence(),
        scope: Vec::new(),
        until: Some(date("2024-09-30")),
        remark: None,
    })
}

fn retracted() -> ConsentEvent {
    E::Retracted(Retracted { reason: clear("another person's form"), remark: None })
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<Consent>(&[
        requested(1),
        granted(),
        granted_on(text(), 1, &[("photo", Decision::Yes), ("video", Decision::No)]),
        refused(),
        deferred(),
        representative_authorised(),
        receipt(),
        reaffirmed(&[("photo", Decision::Yes)]),
        item_changed("video", Decision::No),
        withdrawn(&[]),
        withdrawn(&["photo"]),
        actioned(true),
        expired(),
        revoked(),
        invalidated(),
        invited(),
        retracted(),
    ]);
}

#[test]
fn answers_are_to_items_of_a_known_text() {
    let yes = Decision::Yes;
    let check = |event: ConsentEvent, code: RejectionCode, field: &str| {
        history().refuses("2018-09-10", event, code, field);
    };
    check(granted_on(stream("consentText", 9), 1, &[("photo", yes)]), RejectionCode::Unknown, "event.granted.text");
    check(granted_on(stream("activity", 1), 1, &[("photo", yes)]), RejectionCode::Unknown, "event.granted.text");
    check(granted_on(text(), 2, &[("photo", yes)]), RejectionCode::Unknown, "event.granted.textVersion");
    check(granted_on(text(), 1, &[("audio", yes)]), RejectionCode::Unknown, "event.granted.items");
    check(granted_on(text(), 1, &[("photo", yes), ("photo", yes)]), RejectionCode::Malformed, "event.granted.items");
    check(granted_on(text(), 1, &[]), RejectionCode::Malformed, "event.granted.items");
    check(requested(3), RejectionCode::Unknown, "event.requested.textVersion");
}

#[test]
fn consent_is_given_once_and_everything_else_needs_it() {
    let never_given = [
        reaffirmed(&[("photo", Decision::Yes)]),
        item_changed("photo", Decision::No),
        withdrawn(&[]),
        expired(),
        revoked(),
        invalidated(),
        invited(),
        receipt(),
    ];
    for event in &never_given {
        let field = format!("event.{}", crate::family::kit::Event::kind(event).0);
        history().refuses("2018-09-10", event.clone(), RejectionCode::NeverExisted, &field);
    }
    let mut history = history();
    history.admits("2018-09-10", granted());
    history.refuses("2018-09-11", granted(), RejectionCode::AlreadyExists, "event.granted");
    history.refuses("2018-09-09", withdrawn(&[]), RejectionCode::NeverExisted, "event.withdrawn");
    for event in never_given {
        history.admits("2018-09-12", event);
    }
}

#[test]
fn only_what_was_answered_changes_and_only_what_was_withdrawn_is_actioned() {
    let mut history = history();
    history.admits("2018-09-10", granted_on(text(), 1, &[("photo", Decision::Yes)]));
    history.refuses("2018-09-11", withdrawn(&["video"]), RejectionCode::NeverExisted, "event.withdrawn.items");
    let changed = item_changed("video", Decision::No);
    history.refuses("2018-09-11", changed, RejectionCode::NeverExisted, "event.itemChanged.items");
    history.refuses("2018-09-11", actioned(true), RejectionCode::NeverExisted, "event.withdrawalActioned");
    history.admits("2018-09-11", withdrawn(&["photo"]));
    history.admits("2018-09-12", actioned(true));
    let state = history.state("2018-09-12");
    assert_eq!(state.withdrawal_actioned, Some(true));
    assert_eq!((state.withdrawals[0].from, state.withdrawal_actions[0].from), (date("2018-09-11"), date("2018-09-12")));
}

#[test]
fn the_controllers_acts_are_not_the_subjects_to_say() {
    let mut history = history();
    history.admits("2018-09-10", granted());
    history.admits("2018-09-11", withdrawn(&["photo"]));
    for event in [actioned(true), revoked(), invalidated(), invited(), receipt()] {
        history.refuses_subjects("2018-09-12", &event);
    }
}

#[test]
fn the_answers_stand_as_last_given() {
    let mut history = history();
    history.admits("2018-09-01", requested(1));
    history.admits("2018-09-10", granted());
    history.admits("2018-09-11", withdrawn(&["photo"]));
    history.admits("2018-09-12", withdrawn(&[]));
    history.admits("2018-09-13", reaffirmed(&[("photo", Decision::Yes), ("video", Decision::No)]));
    history.admits("2018-09-14", invalidated());
    let check = |at: &str, status: ConsentStatus, answers: &[Decision]| {
        let state = history.state(at);
        let found: Vec<Decision> = state.items.iter().map(|item| item.decision).collect();
        assert_eq!((state.status, found.as_slice()), (status, answers), "{at}");
    };
    let (yes, no) = (Decision::Yes, Decision::No);
    check("2018-08-31", ConsentStatus::Unknown, &[]);
    check("2018-09-01", ConsentStatus::Requested, &[]);
    check("2018-09-10", ConsentStatus::Given, &[yes, yes]);
    check("2018-09-11", ConsentStatus::Given, &[no, yes]);
    check("2018-09-12", ConsentStatus::Withdrawn, &[no, no]);
    check("2018-09-13", ConsentStatus::Renewed, &[yes, no]);
    check("2018-09-14", ConsentStatus::Invalidated, &[yes, no]);
    let keys = ["status=INVALIDATED".to_owned(), format!("text={}", text()), "unit=mu-01".to_owned()];
    assert_eq!(history.keys("2018-09-14"), keys);
    assert_eq!(history.state("2018-09-14").anomalies, []);
}

#[test]
fn a_refusal_or_a_delay_is_shown_until_consent_is_given() {
    for (event, status) in [(refused(), ConsentStatus::Refused), (deferred(), ConsentStatus::Deferred)] {
        let mut history = history();
        history.admits("2018-09-01", requested(1));
        history.admits("2018-09-02", event.clone());
        assert_eq!(history.state("2018-09-02").status, status);
        history.admits("2018-09-03", granted());
        assert_eq!(history.state("2018-09-03").status, ConsentStatus::Given);
        history.admits("2018-09-04", event);
        assert_eq!(history.state("2018-09-04").anomalies.len(), 1);
    }
}

#[test]
fn a_grant_recorded_in_error_is_mended_or_taken_back() {
    let mut history = history();
    let first = history.admits("2018-09-10", granted());
    let mended = history.corrects(first, "2018-09-09", granted_on(text(), 1, &[("photo", Decision::Yes)]));
    assert_eq!(history.state("2018-09-09").items.len(), 1);
    history.refuses_correction(first, granted(), RejectionCode::Ended);
    history.refuses("2018", retracted(), RejectionCode::Malformed, "replaces");
    history.corrects(mended, "2018-09-09", retracted());
    assert_eq!(history.state("2020"), Consent::default());
    history.admits("2020", granted());
}

#[test]
fn a_consent_for_a_time_says_until_when() {
    let mut history = history();
    history.admits("2018-09-10", granted());
    assert_eq!(history.state("2021-01-01").valid_until, Some(date("2020-09-10")));
    history.admits("2020-03-01", reaffirmed(&[("photo", Decision::Yes)]));
    assert_eq!(history.state("2021-01-01").valid_until, Some(date("2022-03-01")));
}
