use AwarenessEvent as E;

use super::*;
use crate::family::check::{History, clear, code, codes, laws, words};
use crate::family::kit::RejectionCode;

fn campaign() -> CampaignHeld {
    CampaignHeld {
        audiences: vec![Audience::Staff, Audience::Students],
        units: Vec::new(),
        topic: Some(words("Think before you post")),
        supported_by: codes(&["DPO", "CISO"]),
        reached: Some(1_200),
        until: Some("2024-11".parse().unwrap()),
        document: None,
        remark: None,
    }
}

fn activity() -> ActivityHeld {
    ActivityHeld {
        unit: Some(code("mu-01")),
        kind: Some(ActivityKind::WorkMeeting),
        audiences: vec![Audience::Staff],
        topic: None,
        participants: Some(14),
        invited: Some(12),
        attested_by: Some(code("LINE_MANAGER")),
        document: None,
        remark: None,
    }
}

fn meeting() -> GovernanceMeetingHeld {
    GovernanceMeetingHeld {
        level: Some(Level::Tactical),
        body: Some(code("IM_CONSULTATION")),
        units: codes(&["mu-02", "mu-03"]),
        roles: codes(&["DPO"]),
        topic: Some(clear("the register")),
        participants: Some(9),
        document: None,
        remark: None,
    }
}

fn onboarding() -> OnboardingAttested {
    OnboardingAttested {
        unit: code("mu-04"),
        count: Some(7),
        newcomers: Some(8),
        instrument: Some(code("GDL-001")),
        version: Some(1),
        attested_by: Some(code("UNIT_HEAD")),
        from: Some("2024-01-01".parse().unwrap()),
        to: Some("2024-12-31".parse().unwrap()),
        remark: None,
    }
}

fn undertaking() -> AwarenessEvent {
    E::ConfidentialityUndertakingRecorded(ConfidentialityUndertakingRecorded {
        unit: Some(code("mu-01")),
        actor_kind: Some(ActorKind::Employee),
        count: Some(250),
        after_leaving: Some(true),
        document: None,
        remark: None,
    })
}

fn agreed() -> GuidelineAgreementRecorded {
    GuidelineAgreementRecorded {
        actor_kind: ActorKind::SelfEmployed,
        unit: None,
        count: Some(3),
        instrument: Some(code("GDL-001")),
        version: Some(1),
        from: None,
        to: Some("2025-12-31".parse().unwrap()),
        document: None,
        remark: None,
    }
}

fn retracted() -> AwarenessEvent {
    E::Retracted(Retracted { reason: clear("it was put off"), remark: None })
}

#[test]
fn it_obeys_the_laws_of_all_families() {
    laws::<Awareness>(&[
        E::CampaignHeld(campaign()),
        E::ActivityHeld(activity()),
        E::GovernanceMeetingHeld(meeting()),
        E::OnboardingAttested(onboarding()),
        undertaking(),
        E::GuidelineAgreementRecorded(agreed()),
        retracted(),
    ]);
}

#[test]
fn what_contradicts_itself_is_refused() {
    let history = History::<Awareness>::new();
    let refuses =
        |event: AwarenessEvent, field: &str| history.refuses("2024-10-01", event, RejectionCode::Malformed, field);
    let twice = vec![Audience::Guests, Audience::Guests];
    refuses(E::CampaignHeld(CampaignHeld { audiences: twice.clone(), ..campaign() }), "event.campaignHeld.audiences");
    refuses(
        E::CampaignHeld(CampaignHeld { units: codes(&["mu-01", "mu-01"]), ..campaign() }),
        "event.campaignHeld.units",
    );
    refuses(
        E::CampaignHeld(CampaignHeld { supported_by: codes(&["DPO", "DPO"]), ..campaign() }),
        "event.campaignHeld.supportedBy",
    );
    refuses(E::CampaignHeld(CampaignHeld { until: "2024-09".parse().ok(), ..campaign() }), "event.campaignHeld.until");
    refuses(E::ActivityHeld(ActivityHeld { audiences: twice, ..activity() }), "event.activityHeld.audiences");
    let meets = |units: &[&str], roles: &[&str]| {
        E::GovernanceMeetingHeld(GovernanceMeetingHeld { units: codes(units), roles: codes(roles), ..meeting() })
    };
    refuses(meets(&["mu-01", "mu-01"], &[]), "event.governanceMeetingHeld.units");
    refuses(meets(&[], &["DPO", "DPO"]), "event.governanceMeetingHeld.roles");
    let onboards = |change: fn(&mut OnboardingAttested)| {
        let mut event = onboarding();
        change(&mut event);
        E::OnboardingAttested(event)
    };
    refuses(onboards(|event| event.version = Some(0)), "event.onboardingAttested.version");
    refuses(onboards(|event| event.count = Some(9)), "event.onboardingAttested.count");
    refuses(onboards(|event| event.to = "2023".parse().ok()), "event.onboardingAttested.to");
    let agrees = |change: fn(&mut GuidelineAgreementRecorded)| {
        let mut event = agreed();
        change(&mut event);
        E::GuidelineAgreementRecorded(event)
    };
    refuses(agrees(|event| event.version = Some(0)), "event.guidelineAgreementRecorded.version");
    refuses(agrees(|event| event.to = "2024-09-30".parse().ok()), "event.guidelineAgreementRecorded.to");
}

#[test]
fn anything_may_come_first_and_is_found_by_what_it_is_about() {
    let mut history = History::<Awareness>::new();
    assert_eq!(history.state("2024").status, AwarenessStatus::Empty);
    history.admits("2024-10-01", E::CampaignHeld(campaign()));
    history.admits("2024-10-02", E::GovernanceMeetingHeld(meeting()));
    history.admits("2024-10-03", E::ActivityHeld(activity()));
    history.admits("2024-10-04", undertaking());
    history.admits("2024-10-05", E::GuidelineAgreementRecorded(agreed()));
    history.admits("2024-10-06", E::OnboardingAttested(onboarding()));
    let state = history.state("2024-10-06");
    assert_eq!((state.status, state.anomalies.len()), (AwarenessStatus::Recorded, 0));
    assert_eq!(state.units, codes(&["mu-02", "mu-03", "mu-01", "mu-04"]));
    let keys = history.keys("2024-10-06");
    for key in [
        "unit=mu-04",
        "audience=STUDENTS",
        "level=TACTICAL",
        "actorKind=EMPLOYEE",
        "actorKind=SELF_EMPLOYED",
        "instrument=GDL-001",
        "status=RECORDED",
    ] {
        assert!(keys.contains(&key.to_owned()), "{key} is not among {keys:?}");
    }
}
