//! Awareness: what is done so that people know and keep the rules (GDPR Art. 24(1), 32(4), 39(1)(b); policy and
//! guidelines).
//!
//! One stream is what one unit, or the institution, did in one year or one campaign. It holds counts and kinds of
//! people, no names: who took part, signed or was absent is none of the ledger's business.

use super::declare::{choice, dossier, events, filter, record};
use super::dossier::{Refusal, counted, distinct, not_reversed};
use super::finding::keyed;
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation};
use super::value::{Document, LangText};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::Code;
use crate::time::PartialDate;

choice! {
    /// For whom a campaign is.
    Audience "AwarenessAudience" {
        /// Staff.
        Staff = "medewerkers",
        /// Students.
        Students = "studenten",
        /// Guests.
        Guests = "gasten",
    }
}

record! {
    /// A campaign is held (Art. 39(1)(b)).
    CampaignHeld "AwarenessCampaignHeld" "AwarenessCampaignHeldInput" {
        /// For whom it is; none named: not known.
        audiences: Vec<Audience> = "doelgroepen",
        /// The units in which it is held; none named: in the whole institution.
        units: Vec<Code> = "beheerseenheden",
        /// What it is about.
        topic: Option<Erasable<LangText>> = "onderwerp",
        /// The roles that supported it, as `DPO` or `CISO`.
        supported_by: Vec<Code> = "ondersteund door",
        /// How many people it reached.
        reached: Option<u32> = "aantal bereikt",
        /// Until when it ran; it began when the fact holds.
        until: Option<PartialDate> = "tot",
        /// The material of the campaign.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What kind of activity it is.
    ActivityKind "AwarenessActivityKind" {
        /// Training or instruction.
        Training = "training",
        /// A course at the screen.
        OnlineCourse = "e-learning",
        /// A point on the agenda of a work meeting.
        WorkMeeting = "werkoverleg",
        /// A workshop or exercise.
        Exercise = "oefening",
        /// A test, as of forged mail.
        Test = "proef",
        /// Another kind of activity.
        Other,
    }
}

record! {
    /// A unit does something so that its people know the rules (Art. 32(4)).
    ActivityHeld "AwarenessActivityHeld" "AwarenessActivityHeldInput" {
        /// The unit.
        unit: Option<Code>,
        /// What kind of activity.
        kind: Option<ActivityKind>,
        /// For whom it is; none named: not known.
        audiences: Vec<Audience> = "doelgroepen",
        /// What it is about.
        topic: Option<Erasable<LangText>> = "onderwerp",
        /// How many people took part.
        participants: Option<u32> = "aantal deelnemers",
        /// How many people were meant to take part.
        invited: Option<u32> = "aantal genodigden",
        /// The role that attests it, as `LINE_MANAGER`.
        attested_by: Option<Code> = "verklaard door",
        /// The material of the activity.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// The level of a meeting on privacy.
    Level "GovernanceMeetingLevel" {
        /// Direction: the IT Board.
        Strategic = "strategisch",
        /// Steering: the information managers of the units.
        Tactical = "tactisch",
        /// Execution: the ICT consultation.
        Operational = "operationeel",
    }
}

record! {
    /// Privacy is discussed in a regular meeting.
    GovernanceMeetingHeld "GovernanceMeetingHeld" "GovernanceMeetingHeldInput" {
        /// The level.
        level: Option<Level> = "niveau",
        /// The body that meets, as `IT_BOARD`.
        body: Option<Code> = "overleg",
        /// The units that were represented.
        units: Vec<Code> = "beheerseenheden",
        /// The roles that were represented, as `DPO`.
        roles: Vec<Code> = "rollen",
        /// What was discussed.
        topic: Option<Erasable<String>> = "onderwerp",
        /// How many people took part.
        participants: Option<u32> = "aantal deelnemers",
        /// The minutes.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The head of a unit attests that newcomers know the rules that matter to them.
    OnboardingAttested "OnboardingAttested" "OnboardingAttestedInput" {
        /// The unit.
        unit: Code,
        /// How many newcomers were told.
        count: Option<u32> = "aantal",
        /// How many newcomers there were.
        newcomers: Option<u32> = "aantal nieuwkomers",
        /// The policy or guideline they were told of, by its code.
        instrument: Option<Code> = "beleidsdocument",
        /// Its version.
        version: Option<u32>,
        /// The role that attests it, as `UNIT_HEAD`.
        attested_by: Option<Code> = "verklaard door",
        /// The first day of the period it is about.
        from: Option<PartialDate>,
        /// The last day of the period it is about.
        to: Option<PartialDate> = "tot en met",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// In which capacity people work for the institution.
    ActorKind "AwarenessActorKind" {
        /// As an employee.
        Employee = "werknemer",
        /// As a self-employed person.
        SelfEmployed = "zelfstandige",
        /// Through another employer.
        Hired = "ingehuurd",
        /// As a student with a task.
        StudentAssistant = "student-assistent",
        /// As a guest or volunteer.
        Guest = "gast of vrijwilliger",
        /// In another capacity.
        Other,
    }
}

record! {
    /// People undertake to keep personal data confidential (Art. 28(3)(b), 29, 32(4)).
    ConfidentialityUndertakingRecorded "ConfidentialityUndertakingRecorded" "ConfidentialityUndertakingRecordedInput" {
        /// The unit for which they work.
        unit: Option<Code>,
        /// In which capacity they work.
        actor_kind: Option<ActorKind> = "hoedanigheid",
        /// How many people undertook it.
        count: Option<u32> = "aantal",
        /// Whether it goes on after they leave.
        after_leaving: Option<bool> = "ook na vertrek",
        /// The wording of the undertaking.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// It is agreed with people who are bound by no employment that they follow the guidelines.
    GuidelineAgreementRecorded "GuidelineAgreementRecorded" "GuidelineAgreementRecordedInput" {
        /// In which capacity they work.
        actor_kind: ActorKind = "hoedanigheid",
        /// The unit for which they work.
        unit: Option<Code>,
        /// How many people it binds.
        count: Option<u32> = "aantal",
        /// The guideline, by its code.
        instrument: Option<Code> = "beleidsdocument",
        /// Its version.
        version: Option<u32>,
        /// From when it binds; absent: from when the fact holds.
        from: Option<PartialDate>,
        /// Until when it binds; absent: without an end.
        to: Option<PartialDate> = "tot",
        /// The wording of the agreement.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What is done for awareness.
    AwarenessEvent "AwarenessEvent" "AwarenessEventInput",
    retracted "AwarenessRetracted" "AwarenessRetractedInput"
    {
        /// A campaign is held.
        CampaignHeld "campaignHeld" 1 "AwarenessCampaignHeld" = "bewustwordingscampagne gehouden",
        /// A unit holds an activity.
        ActivityHeld "activityHeld" 1 "AwarenessActivityHeld" = "bewustwordingsactiviteit gehouden",
        /// Privacy is discussed in a meeting.
        GovernanceMeetingHeld "governanceMeetingHeld" 1 "GovernanceMeetingHeld" = "privacyoverleg gehouden",
        /// Newcomers know the rules.
        OnboardingAttested "onboardingAttested" 1 "OnboardingAttested" = "instructie van nieuwkomers verklaard",
        /// People undertake to keep confidence.
        ConfidentialityUndertakingRecorded "confidentialityUndertakingRecorded" 1 "ConfidentialityUndertakingRecorded"
            = "geheimhoudingsverklaringen vastgelegd",
        /// The guidelines are agreed.
        GuidelineAgreementRecorded "guidelineAgreementRecorded" 1 "GuidelineAgreementRecorded"
            = "richtlijnen overeengekomen",
    }
}

choice! {
    /// Whether anything was done.
    #[derive(Default)]
    AwarenessStatus "AwarenessStatus" {
        /// Nothing is recorded.
        #[default]
        Empty = "niets vastgelegd",
        /// Something was done.
        Recorded = "vastgelegd",
    }
}

dossier! {
    /// What was done for awareness, at one moment.
    Awareness "AwarenessState" follows AwarenessEvent, status AwarenessStatus {
        /// Campaigns, oldest first.
        campaigns: every CampaignHeld -> Recorded,
        /// Activities of units, oldest first.
        held_activities: every ActivityHeld -> Recorded,
        /// Meetings, oldest first.
        meetings: every GovernanceMeetingHeld -> Recorded,
        /// Attestations about newcomers, oldest first.
        onboardings: every OnboardingAttested -> Recorded,
        /// Undertakings of confidence, oldest first.
        undertakings: every ConfidentialityUndertakingRecorded -> Recorded,
        /// Agreements on the guidelines, oldest first.
        guideline_agreements: every GuidelineAgreementRecorded -> Recorded,
    } and {
        /// The units that did something or were reached by name.
        units: Vec<Code> = "beheerseenheden",
    }
}

filter! {
    "AwarenessFilter" {
        /// Whether anything was done.
        status "status": AwarenessStatus,
        /// What concerns a unit.
        unit "unit": Code,
        /// What was done for an audience.
        audience "audience": Audience,
        /// What holds meetings of a level.
        level "level": Level,
        /// What concerns people in a capacity.
        actor_kind "actorKind": ActorKind,
        /// What is about a policy or guideline.
        instrument "instrument": Code,
    }
}

impl Family for Awareness {
    const NAME: &'static str = "awareness";
    const LABEL_NL: &'static str = "bewustwording";
    const GRAPHQL_NAME: &'static str = "Awareness";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = false;
    const RELATIONS: &'static [Relation] = &[
        Relation::many(
            "managementUnits",
            "beheerseenheden",
            "managementUnit",
            By::Shared("unit", "unit"),
            "The units that did something or were reached by name.",
        ),
        Relation::many(
            "governanceInstruments",
            "beleidsdocumenten",
            "governanceInstrument",
            By::Shared("instrument", "instrument"),
            "The policies and guidelines it is about.",
        ),
    ];
    type Event = AwarenessEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &AwarenessEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use AwarenessEvent as E;
        self.admit_order(event)?;
        match event {
            E::CampaignHeld(event) => {
                distinct("audiences", &event.audiences)?;
                distinct("units", &event.units)?;
                distinct("supportedBy", &event.supported_by)?;
                not_reversed("until", Some(context.place.effective), event.until)
            }
            E::ActivityHeld(event) => distinct("audiences", &event.audiences),
            E::GovernanceMeetingHeld(event) => {
                distinct("units", &event.units)?;
                distinct("roles", &event.roles)
            }
            E::OnboardingAttested(event) => {
                admit_version(event.version)?;
                admit_share("count", event.count, event.newcomers)?;
                not_reversed("to", event.from, event.to)
            }
            E::GuidelineAgreementRecorded(event) => {
                admit_version(event.version)?;
                not_reversed("to", event.from.or(Some(context.place.effective)), event.to)
            }
            E::ConfidentialityUndertakingRecorded(_) | E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &AwarenessEvent, recorded: &Recorded) {
        self.keep(event, recorded);
        for unit in units(event) {
            if !self.units.contains(unit) {
                self.units.push(unit.clone());
            }
        }
    }

    fn keys(&self) -> Keys {
        let campaigns = self.campaigns.iter().flat_map(|campaign| &campaign.fact.audiences);
        let audiences = campaigns.chain(self.held_activities.iter().flat_map(|activity| &activity.fact.audiences));
        let onboardings = self.onboardings.iter().filter_map(|onboarding| onboarding.fact.instrument.as_ref());
        let agreements = self.guideline_agreements.iter().map(|agreement| &agreement.fact);
        let undertakings = self.undertakings.iter().filter_map(|undertaking| undertaking.fact.actor_kind.as_ref());
        [
            keyed("unit", &self.units),
            keyed("audience", audiences),
            keyed("level", self.meetings.iter().filter_map(|meeting| meeting.fact.level.as_ref())),
            keyed("actorKind", undertakings.chain(agreements.clone().map(|agreement| &agreement.actor_kind))),
            keyed("instrument", onboardings.chain(agreements.filter_map(|agreement| agreement.instrument.as_ref()))),
            keyed("status", [&self.status]),
        ]
        .concat()
    }
}

/// The units of which an event speaks.
fn units(event: &AwarenessEvent) -> Vec<&Code> {
    use AwarenessEvent as E;
    match event {
        E::CampaignHeld(event) => event.units.iter().collect(),
        E::ActivityHeld(event) => event.unit.iter().collect(),
        E::GovernanceMeetingHeld(event) => event.units.iter().collect(),
        E::OnboardingAttested(event) => vec![&event.unit],
        E::ConfidentialityUndertakingRecorded(event) => event.unit.iter().collect(),
        E::GuidelineAgreementRecorded(event) => event.unit.iter().collect(),
        E::Retracted(_) => Vec::new(),
    }
}

fn admit_version(version: Option<u32>) -> Result<(), Refusal> {
    version.map_or(Ok(()), |version| counted("version", version))
}

/// Refuses a part that is larger than the whole.
fn admit_share(field: &'static str, part: Option<u32>, whole: Option<u32>) -> Result<(), Refusal> {
    match (part, whole) {
        (Some(part), Some(whole)) if part > whole => {
            Err(Refusal::new(RejectionCode::Malformed, field, format!("{part} of {whole} cannot be")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
