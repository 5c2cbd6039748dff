//! Weaknesses in the security of systems and services that somebody reports, and what is done about them (GDPR Art.
//! 32(1)(d)).
//!
//! Each report is a stream of its own, so that none gets lost. A weakness that was used is a breach: that names the
//! weakness.

use crate::family::declare;
use crate::family::dossier::{Newer, Refusal, controllers_act, ended, link};
use crate::family::handling::{Impact, ReportChannel, ReporterCategory};
use crate::family::kit::{Context, Declared as _, Family, Keys, Recorded, note_anomaly, push_keys};
use crate::family::value::Document;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, StreamId};
use crate::time::{PartialDate, Term, year_of};

declare! {
    family SecurityWeakness many securityWeaknesses = "zwakke plek in de beveiliging";

    /// What kind of weakness it is.
    choice WeaknessKind as "SecurityWeaknessKind" {
        SharedCredentials = "gedeeld wachtwoord of account" "Several people use one password or account.",
        WeakAuthentication = "zwakke authenticatie" "Signing in is too easy.",
        ExcessiveRights = "te ruime rechten" "Somebody may do more than the task asks for.",
        OutdatedSoftware = "verouderde software" "Software is out of date.",
        Misconfiguration = "verkeerde instelling" "Something is set up wrongly.",
        Physical = "fysieke beveiliging" "A room, device or carrier is not protected.",
        Procedure = "onveilige werkwijze" "A way of working is not safe.",
        Other "Another kind.",
    }

    /// A weakness is reported.
    event Reported as "WeaknessReported" = "gemeld", once reported -> Open "Its report." {
        unit: Code? "The unit where it is.",
        system: Code? = "systeem" key "The system in which it is.",
        account: StreamId? = "account" key "The account on a platform in which it is.",
        kind: WeaknessKind? key "What kind of weakness it is.",
        reporter_category: ReporterCategory? = "categorie melder" "As what somebody reports it.",
        reporter: Erasable<String>? = "melder" "Who reports it.",
        channel: ReportChannel? "By which channel.",
        discovered: PartialDate? = "ontdekt" "When it was discovered.",
        weakness: Erasable<String>? = "zwakke plek" "What it is.",
    }

    /// It is judged how much is at stake.
    event Triaged as "WeaknessTriaged" = "ingeschat",
        every triaged needs reported -> Triaged "What was judged to be at stake, oldest first." {
        impact: Impact = "impact" "How much.",
        class: Code? = "klasse" "The class of weaknesses to which it belongs.",
        term: Term? "Within which term weaknesses of that class are resolved.",
        reason: Erasable<String>? "Why it is judged so.",
    }

    /// It is passed to whom it concerns.
    event Forwarded as "CaseForwarded" of crate::family::handling::Forwarded = "doorgestuurd",
        every forwarded needs reported -> Forwarded "To whom it was passed, oldest first.";

    /// Those who must know of a serious risk are told.
    event Escalated as "CaseEscalated" of crate::family::handling::Escalated = "geëscaleerd",
        every escalated needs reported "Who was told of a serious risk, oldest first.";

    /// A measure against the weakness is taken.
    event MeasureTaken as "WeaknessMeasureTaken" domain "MeasureTaken" = "maatregel genomen",
        every measure_taken needs reported -> Treated "Measures, oldest first." {
        code: Code? "The measure as a code, as `mfa`.",
        measure: Erasable<String>? "What was done.",
        document: Document? "Evidence for it.",
    }

    /// The weakness is gone.
    event Resolved as "WeaknessResolved" = "opgelost", last resolved needs reported -> Resolved "Its end." {
        resolution: Erasable<String>? = "oplossing" "How.",
        verified: bool? = "gecontroleerd" "Whether it was checked that it is gone.",
        document: Document? "Evidence for it.",
    }

    /// The risk of leaving it is accepted.
    event RiskAccepted as "WeaknessRiskAccepted" = "risico aanvaard",
        every risk_accepted needs reported -> RiskAccepted "When its risk was accepted, oldest first." {
        accepted_by: Code? = "aanvaard door (rol)" "In which role somebody accepted it.",
        until: PartialDate? = "tot" "Until when.",
        reason: Erasable<String>? "Why.",
    }

    /// Where a weakness stands.
    choice SecurityWeaknessStatus {
        #[default] Unreported = "niet gemeld" "Nothing is reported.",
        Open = "open" "Reported.",
        Triaged = "ingeschat" "It is judged how much is at stake.",
        Forwarded = "doorgestuurd" "Passed to whom it concerns.",
        Treated = "maatregelen genomen" "Measures are taken.",
        RiskAccepted = "risico aanvaard" "The risk of leaving it is accepted.",
        Resolved = "opgelost" "It is gone.",
    }

    /// A weakness at one moment.
    state SecurityWeakness as "SecurityWeaknessState" of SecurityWeaknessStatus key {
        unit: Code? key "The unit that has it now.",
        impact: Impact? = "impact" key "How much is at stake, as last judged.",
        risk_accepted_until: PartialDate? = "risico aanvaard tot" "Until when its risk is accepted, as last said.",
    }

    keys {
        reported_year: u16 "Weaknesses that were reported in a year.",
    }

    relations {
        managementUnit: one managementUnit shared unit unit = "beheerseenheid" "The unit that has it now.",
        concernedSystem: one system shared system system = "betrokken systeem" "The system in which it is.",
        concernedAccount: one account ours account = "betrokken account" "The account on a platform in which it is.",
        breaches: many breach theirs weakness = "datalekken" "The breaches that came from it.",
    }
}

impl Family for SecurityWeakness {
    fn admit(&self, event: &SecurityWeaknessEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use SecurityWeaknessEvent as E;
        // Anyone may report a weakness; what is done with it is the controller's to say.
        if !matches!(event, E::Reported(_)) {
            controllers_act(context.place)?;
        }
        self.admit_order(event)?;
        self.admit_end(event)?;
        match event {
            E::Reported(event) => link("account", "account", &event.account),
            E::Escalated(event) => event.admit(),
            _ => Ok(()),
        }
    }

    fn keys(&self) -> Keys {
        let mut keys = self.declared_keys();
        let year = |from: PartialDate| u16::try_from(year_of(from.earliest())).ok();
        push_keys(&mut keys, "reportedYear", &self.reported.as_ref().and_then(|reported| year(reported.from)));
        keys
    }

    fn apply(&mut self, event: &SecurityWeaknessEvent, recorded: &Recorded) {
        use SecurityWeaknessEvent as E;
        let before = self.status;
        if let Err(refusal) = self.admit_end(event) {
            note_anomaly(&mut self.anomalies, recorded, refusal.as_anomaly());
        }
        self.keep(event, recorded);
        // Work on an earlier step does not undo a later one.
        self.status = self.status.max(before);
        match event {
            E::Reported(event) => Newer::take_over(&mut self.unit, &event.unit),
            E::Triaged(event) => self.impact = Some(event.impact),
            E::Forwarded(event) => Newer::take_over(&mut self.unit, &event.to),
            E::RiskAccepted(event) => self.risk_accepted_until = event.until,
            _ => {}
        }
    }
}

impl SecurityWeakness {
    fn admit_end(&self, event: &SecurityWeaknessEvent) -> Result<(), Refusal> {
        use SecurityWeaknessEvent as E;
        match event {
            E::Resolved(_) | E::RiskAccepted(_) if self.status == SecurityWeaknessStatus::Resolved => {
                ended("this weakness is resolved already; report it in a stream of its own if it came back")
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
