//! Weaknesses in the security of systems and services that somebody reports, and what is done about them (GDPR Art.
//! 32(1)(d)).
//!
//! Each report is a stream of its own, so that none gets lost. A weakness that was used is a breach: that names the
//! weakness.

use super::case::{Escalation, Impact, ReportChannel, ReporterCategory, addressed};
use super::declare::{choice, dossier, events, filter, record};
use super::dossier::{Refusal, controllers_act, link};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::value::Document;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, StreamId};
use crate::time::{PartialDate, Term};

choice! {
    /// What kind of weakness it is.
    WeaknessKind "SecurityWeaknessKind" {
        /// Several people use one password or account.
        SharedCredentials = "gedeeld wachtwoord of account",
        /// Signing in is too easy.
        WeakAuthentication = "zwakke authenticatie",
        /// Somebody may do more than the task asks for.
        ExcessiveRights = "te ruime rechten",
        /// Software is out of date.
        OutdatedSoftware = "verouderde software",
        /// Something is set up wrongly.
        Misconfiguration = "verkeerde instelling",
        /// A room, device or carrier is not protected.
        Physical = "fysieke beveiliging",
        /// A way of working is not safe.
        Procedure = "onveilige werkwijze",
        /// Another kind.
        Other,
    }
}

record! {
    /// A weakness is reported.
    Reported "WeaknessReported" "WeaknessReportedInput" {
        /// The unit where it is.
        unit: Option<Code>,
        /// The system in which it is.
        system: Option<Code> = "systeem",
        /// The account on a platform in which it is.
        account: Option<StreamId> = "account",
        /// What kind of weakness it is.
        kind: Option<WeaknessKind>,
        /// As what somebody reports it.
        reporter_category: Option<ReporterCategory> = "categorie melder",
        /// Who reports it.
        reporter: Option<Erasable<String>> = "melder",
        /// By which channel.
        channel: Option<ReportChannel> = "kanaal",
        /// When it was discovered.
        discovered: Option<PartialDate> = "ontdekt",
        /// What it is.
        weakness: Option<Erasable<String>> = "zwakke plek",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// It is judged how much is at stake.
    Triaged "WeaknessTriaged" "WeaknessTriagedInput" {
        /// How much.
        impact: Impact = "impact",
        /// The class of weaknesses to which it belongs.
        class: Option<Code> = "klasse",
        /// Within which term weaknesses of that class are resolved.
        term: Option<Term> = "termijn",
        /// Why it is judged so.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// It is passed to whom it concerns.
    Forwarded "WeaknessForwarded" "WeaknessForwardedInput" {
        /// The unit that takes it over.
        to: Option<Code> = "aan beheerseenheid",
        /// The role that takes it over.
        to_role: Option<Code> = "aan rol",
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Those who must know of a serious risk are told.
    Escalated "WeaknessEscalated" "WeaknessEscalatedInput" {
        /// Who is told.
        addressees: Vec<Escalation> = "geadresseerden",
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A measure against the weakness is taken.
    MeasureTaken "WeaknessMeasureTaken" "WeaknessMeasureTakenInput" {
        /// The measure as a code, as `mfa`.
        code: Option<Code> = "code",
        /// What was done.
        measure: Option<Erasable<String>> = "maatregel",
        /// Evidence for it.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The weakness is gone.
    Resolved "WeaknessResolved" "WeaknessResolvedInput" {
        /// How.
        resolution: Option<Erasable<String>> = "oplossing",
        /// Whether it was checked that it is gone.
        verified: Option<bool> = "gecontroleerd",
        /// Evidence for it.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The risk of leaving it is accepted.
    RiskAccepted "WeaknessRiskAccepted" "WeaknessRiskAcceptedInput" {
        /// In which role somebody accepted it.
        accepted_by: Option<Code> = "aanvaard door (rol)",
        /// Until when.
        until: Option<PartialDate> = "tot",
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a weakness.
    SecurityWeaknessEvent "SecurityWeaknessEvent" "SecurityWeaknessEventInput",
    retracted "SecurityWeaknessRetracted" "SecurityWeaknessRetractedInput"
    {
        /// It is reported.
        Reported "reported" 1 "WeaknessReported" = "gemeld",
        /// It is judged how much is at stake.
        Triaged "triaged" 1 "WeaknessTriaged" = "ingeschat",
        /// It is passed on.
        Forwarded "forwarded" 1 "CaseForwarded" = "doorgestuurd",
        /// Board, DPO or legal affairs are told.
        Escalated "escalated" 1 "CaseEscalated" = "geëscaleerd",
        /// A measure is taken.
        MeasureTaken "measureTaken" 1 "MeasureTaken" = "maatregel genomen",
        /// It is gone.
        Resolved "resolved" 1 "WeaknessResolved" = "opgelost",
        /// Its risk is accepted.
        RiskAccepted "riskAccepted" 1 "WeaknessRiskAccepted" = "risico aanvaard",
    }
}

choice! {
    /// Where a weakness stands.
    #[derive(Default)]
    SecurityWeaknessStatus "SecurityWeaknessStatus" {
        /// Nothing is reported.
        #[default]
        Unreported = "niet gemeld",
        /// Reported.
        Open = "open",
        /// It is judged how much is at stake.
        Triaged = "ingeschat",
        /// Passed to whom it concerns.
        Forwarded = "doorgestuurd",
        /// Measures are taken.
        Treated = "maatregelen genomen",
        /// The risk of leaving it is accepted.
        RiskAccepted = "risico aanvaard",
        /// It is gone.
        Resolved = "opgelost",
    }
}

dossier! {
    /// A weakness at one moment.
    SecurityWeakness "SecurityWeaknessState" follows SecurityWeaknessEvent, status SecurityWeaknessStatus {
        /// Its report.
        reported: once Reported -> Open,
        /// What was judged to be at stake, oldest first.
        triaged: every Triaged needs reported -> Triaged,
        /// To whom it was passed, oldest first.
        forwarded: every Forwarded needs reported -> Forwarded,
        /// Who was told of a serious risk, oldest first.
        escalated: every Escalated needs reported,
        /// Measures, oldest first.
        measure_taken: every MeasureTaken needs reported -> Treated,
        /// Its end.
        resolved: last Resolved needs reported -> Resolved,
        /// When its risk was accepted, oldest first.
        risk_accepted: every RiskAccepted needs reported -> RiskAccepted,
    } and {
        /// The unit that has it now.
        unit: Option<Code>,
        /// How much is at stake, as last judged.
        impact: Option<Impact> = "impact",
        /// Until when its risk is accepted, as last said.
        risk_accepted_until: Option<PartialDate> = "risico aanvaard tot",
    }
}

filter! {
    "SecurityWeaknessFilter" {
        /// Weaknesses that a unit has.
        unit "unit": Code,
        /// Weaknesses that stand so.
        status "status": SecurityWeaknessStatus,
        /// Weaknesses in a system.
        system "system": Code,
        /// Weaknesses in an account.
        account "account": StreamId,
        /// Weaknesses of a kind.
        kind "kind": WeaknessKind,
        /// Weaknesses with so much at stake.
        impact "impact": Impact,
    }
}

impl Family for SecurityWeakness {
    const NAME: &'static str = "securityWeakness";
    const LABEL_NL: &'static str = "zwakke plek in de beveiliging";
    const GRAPHQL_NAME: &'static str = "SecurityWeakness";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = false;
    const RELATIONS: &'static [Relation] = &[
        Relation::one(
            "managementUnit",
            "beheerseenheid",
            "managementUnit",
            By::Shared("unit", "unit"),
            "The unit that has it now.",
        ),
        Relation::one(
            "concernedSystem",
            "betrokken systeem",
            "system",
            By::Shared("system", "system"),
            "The system in which it is.",
        ),
        Relation::one(
            "concernedAccount",
            "betrokken account",
            "account",
            By::Ours("account"),
            "The account on a platform in which it is.",
        ),
        Relation::many("breaches", "datalekken", "breach", By::Theirs("weakness"), "The breaches that came from it."),
    ];
    type Event = SecurityWeaknessEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

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
            E::Escalated(event) => addressed(&event.addressees),
            _ => Ok(()),
        }
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
            E::Reported(event) => self.unit = event.unit.clone().or(self.unit.take()),
            E::Triaged(event) => self.impact = Some(event.impact),
            E::Forwarded(event) => self.unit = event.to.clone().or(self.unit.take()),
            E::RiskAccepted(event) => self.risk_accepted_until = event.until,
            _ => {}
        }
    }

    fn keys(&self) -> Keys {
        let report = self.reported.as_ref().map(|reported| &reported.fact);
        let system = report.and_then(|report| report.system.as_ref());
        let account = report.and_then(|report| report.account.as_ref());
        let keys = [
            self.unit.as_ref().map(|unit| ("unit", unit.to_string())),
            system.map(|system| ("system", system.to_string())),
            account.map(|account| ("account", account.to_string())),
            report.and_then(|report| report.kind).map(|kind| ("kind", key_text(&kind))),
            self.impact.map(|impact| ("impact", key_text(&impact))),
            Some(("status", key_text(&self.status))),
        ];
        keys.into_iter().flatten().collect()
    }
}

impl SecurityWeakness {
    fn admit_end(&self, event: &SecurityWeaknessEvent) -> Result<(), Refusal> {
        use SecurityWeaknessEvent as E;
        match event {
            E::Resolved(_) | E::RiskAccepted(_) if self.status == SecurityWeaknessStatus::Resolved => {
                let message = "this weakness is resolved already; report it in a stream of its own if it came back";
                Err(Refusal::new(RejectionCode::Ended, "", message))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
