//! Awareness: what is done so that people know and keep the rules (GDPR Art. 24(1), 32(4), 39(1)(b); policy and
//! guidelines).
//!
//! One stream is what one unit, or the institution, did in one year or one campaign. It holds counts and kinds of
//! people, no names: who took part, signed or was absent is none of the ledger's business.

use crate::family::declare;
use crate::family::dossier::{Refusal, counted, distinct, malformed, not_reversed};
use crate::family::kit::{Context, Declared, Family, Keys, Recorded, push_keys};
use crate::family::value::{Document, LangText};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::Code;
use crate::time::PartialDate;

declare! {
    family Awareness many awarenessRecords = "bewustwording";

    /// For whom a campaign is.
    choice Audience as "AwarenessAudience" {
        Staff = "medewerkers" "Staff.",
        Students = "studenten" "Students.",
        Guests = "gasten" "Guests.",
    }

    /// A campaign is held (Art. 39(1)(b)).
    event CampaignHeld as "AwarenessCampaignHeld" = "bewustwordingscampagne gehouden",
        every campaigns -> Recorded "Campaigns, oldest first." {
        audiences: Vec<Audience> = "doelgroepen" "For whom it is; none named: not known.",
        units: Vec<Code> = "beheerseenheden" "The units in which it is held; none named: in the whole institution.",
        topic: Erasable<LangText>? = "onderwerp" "What it is about.",
        supported_by: Vec<Code> = "ondersteund door" "The roles that supported it, as `DPO` or `CISO`.",
        reached: u32? = "aantal bereikt" "How many people it reached.",
        until: PartialDate? = "tot" "Until when it ran; it began on the date of the fact.",
        document: Document? "The material of the campaign.",
    }

    /// What kind of activity it is.
    choice ActivityKind as "AwarenessActivityKind" {
        Training = "training" "Training or instruction.",
        OnlineCourse = "e-learning" "A course at the screen.",
        WorkMeeting = "werkoverleg" "A point on the agenda of a work meeting.",
        Exercise = "oefening" "A workshop or exercise.",
        Test = "proef" "A test, as of forged mail.",
        Other "Another kind of activity.",
    }

    /// A unit does something so that its people know the rules (Art. 32(4)).
    event ActivityHeld as "AwarenessActivityHeld" = "bewustwordingsactiviteit gehouden",
        every held_activities -> Recorded "Activities of units, oldest first." {
        unit: Code? "The unit.",
        kind: ActivityKind? "What kind of activity.",
        audiences: Vec<Audience> = "doelgroepen" "For whom it is; none named: not known.",
        topic: Erasable<LangText>? = "onderwerp" "What it is about.",
        participants: u32? = "aantal deelnemers" "How many people took part.",
        invited: u32? = "aantal genodigden" "How many people were meant to take part.",
        attested_by: Code? = "verklaard door" "The role that attests it, as `LINE_MANAGER`.",
        document: Document? "The material of the activity.",
    }

    /// The level of a meeting on privacy.
    choice Level as "GovernanceMeetingLevel" {
        Strategic = "strategisch" "Direction: the IT Board.",
        Tactical = "tactisch" "Steering: the information managers of the units.",
        Operational = "operationeel" "Execution: the ICT consultation.",
    }

    /// Privacy is discussed in a regular meeting.
    event GovernanceMeetingHeld = "privacyoverleg gehouden", every meetings -> Recorded "Meetings, oldest first." {
        level: Level? = "niveau" key "The level.",
        body: Code? = "overleg" "The body that meets, as `IT_BOARD`.",
        units: Vec<Code> = "beheerseenheden" "The units that were represented.",
        roles: Vec<Code> = "rollen" "The roles that were represented, as `DPO`.",
        topic: Erasable<String>? = "onderwerp" "What was discussed.",
        participants: u32? = "aantal deelnemers" "How many people took part.",
        document: Document? "The minutes.",
    }

    /// The head of a unit attests that newcomers know the rules that matter to them.
    event OnboardingAttested = "instructie van nieuwkomers verklaard",
        every onboardings -> Recorded "Attestations about newcomers, oldest first." {
        unit: Code "The unit.",
        count: u32? = "aantal" "How many newcomers were told.",
        newcomers: u32? = "aantal nieuwkomers" "How many newcomers there were.",
        instrument: Code? = "beleidsdocument" key "The policy or guideline they were told of, by its code.",
        version: u32? "Its version.",
        attested_by: Code? = "verklaard door" "The role that attests it, as `UNIT_HEAD`.",
        from: PartialDate? "The first day of the period it is about.",
        to: PartialDate? = "tot en met" "The last day of the period it is about.",
    }

    /// In which capacity people work for the institution.
    choice ActorKind as "AwarenessActorKind" {
        Employee = "werknemer" "As an employee.",
        SelfEmployed = "zelfstandige" "As a self-employed person.",
        Hired = "ingehuurd" "Through another employer.",
        StudentAssistant = "student-assistent" "As a student with a task.",
        Guest = "gast of vrijwilliger" "As a guest or volunteer.",
        Other "In another capacity.",
    }

    /// People undertake to keep personal data confidential (Art. 28(3)(b), 29, 32(4)).
    event ConfidentialityUndertakingRecorded = "geheimhoudingsverklaringen vastgelegd",
        every undertakings -> Recorded "Undertakings of confidence, oldest first." {
        unit: Code? "The unit for which they work.",
        actor_kind: ActorKind? = "hoedanigheid" key "In which capacity they work.",
        count: u32? = "aantal" "How many people undertook it.",
        after_leaving: bool? = "ook na vertrek" "Whether it goes on after they leave.",
        document: Document? "The wording of the undertaking.",
    }

    /// It is agreed with people who are bound by no employment that they follow the guidelines.
    event GuidelineAgreementRecorded = "richtlijnen overeengekomen",
        every guideline_agreements -> Recorded "Agreements on the guidelines, oldest first." {
        actor_kind: ActorKind = "hoedanigheid" key "In which capacity they work.",
        unit: Code? "The unit for which they work.",
        count: u32? = "aantal" "How many people it binds.",
        instrument: Code? = "beleidsdocument" key "The guideline, by its code.",
        version: u32? "Its version.",
        from: PartialDate? "From when it binds; absent: from the date of the fact.",
        to: PartialDate? = "tot" "Until when it binds; absent: without an end.",
        document: Document? "The wording of the agreement.",
    }

    /// Whether anything was done.
    choice AwarenessStatus {
        #[default] Empty = "niets vastgelegd" "Nothing is recorded.",
        Recorded = "vastgelegd" "Something was done.",
    }

    /// What was done for awareness, at one moment.
    state Awareness as "AwarenessState" of AwarenessStatus key {
        units: Vec<Code> = "beheerseenheden" "The units that did something or were reached by name.",
    }

    keys {
        unit: Code "What concerns a unit.",
        audience: Audience "What was done for an audience.",
    }

    relations {
        managementUnits: many managementUnit shared unit unit = "beheerseenheden"
            "The units that did something or were reached by name.",
        governanceInstruments: many governanceInstrument shared instrument instrument = "beleidsdocumenten"
            "The policies and guidelines it is about.",
    }
}

impl Family for Awareness {
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
                event.version.map_or(Ok(()), |version| counted("version", version))?;
                if let Some((count, newcomers)) = event.count.zip(event.newcomers).filter(|(part, all)| part > all) {
                    return malformed("count", format!("{count} of {newcomers} cannot be"));
                }
                not_reversed("to", event.from, event.to)
            }
            E::GuidelineAgreementRecorded(event) => {
                event.version.map_or(Ok(()), |version| counted("version", version))?;
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
        let mut keys = self.declared_keys();
        push_keys(&mut keys, "unit", &self.units);
        self.campaigns.iter().for_each(|campaign| push_keys(&mut keys, "audience", &campaign.fact.audiences));
        self.held_activities.iter().for_each(|held| push_keys(&mut keys, "audience", &held.fact.audiences));
        keys
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

#[cfg(test)]
mod tests;
