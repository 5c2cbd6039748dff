//! Findings: what is not in order, and what was done about it (GDPR Art. 5(2), 24(1), 39(1)(b)).
//!
//! One stream is one finding, whether an audit, a verdict or the officer's own work brought it up. A risk may be
//! accepted instead of removed: whether who accepted it might do so, and whether the acceptance still runs, are
//! verdicts, not states. At the end stand small helpers for the families that look back: audits, reports, evaluations.

use super::declare::{choice, dossier, events, filter, record};
use super::dossier::{Refusal, distinct, link, not_reversed};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation};
use super::rule_set::Layer;
use super::value::{AdviceOutcome, AdviceResponse, Document};
use crate::ledger::erasable::Erasable;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, StreamId};
use crate::time::PartialDate;

choice! {
    /// How grave a finding is.
    Severity "FindingSeverity" {
        /// Little harm is to be expected.
        Low = "laag",
        /// Some harm is to be expected.
        Medium = "middel",
        /// Much harm is to be expected.
        High = "hoog",
        /// So grave that a decision on its follow-up is due.
        Serious = "ernstig",
    }
}

choice! {
    /// What brought a finding up.
    Source "FindingSource" {
        /// An audit.
        Audit = "audit",
        /// A recorded evaluation of the rules.
        Evaluation = "toetsing",
        /// The monitoring by the data protection officer (Art. 39(1)(b)).
        DpoMonitoring = "toezicht van de FG",
        /// A check by the unit itself.
        SelfAssessment = "eigen controle",
        /// A report of a security weakness.
        Weakness = "melding van een kwetsbaarheid",
        /// A personal data breach (Art. 33).
        Breach = "datalek",
        /// A question or complaint.
        Complaint = "vraag of klacht",
        /// The supervisory authority (Art. 58).
        Authority = "toezichthouder",
        /// Something else.
        Other,
    }
}

record! {
    /// What an act of supervision is about; with all lists empty, the whole institution.
    Scope "ScrutinyScope" "ScrutinyScopeInput" {
        /// The management units.
        units: Vec<Code> = "beheerseenheden",
        /// The processing activities.
        activities: Vec<StreamId>,
        /// The platforms.
        platforms: Vec<Code> = "platforms",
        /// The systems.
        systems: Vec<Code> = "systemen",
        /// The parties: processors, joint controllers, recipients.
        parties: Vec<Code> = "partijen",
        /// Other streams, as a transfer ground, an arrangement or a breach.
        subjects: Vec<StreamId> = "andere dossiers",
    }
}

record! {
    /// Something is found not to be in order.
    Raised "FindingRaised" "FindingRaisedInput" {
        /// The rule that is not met, as `TRF-01`.
        rule: Option<Code> = "regel",
        /// The layer of that rule.
        layer: Option<Layer> = "laag",
        /// How grave it is.
        severity: Option<Severity> = "ernst",
        /// What brought it up.
        source: Option<Source> = "bron",
        /// What it is about.
        scope: Option<Scope> = "reikwijdte",
        /// What was found.
        statement: Option<Erasable<String>> = "bevinding",
        /// What whoever raised it advises to do.
        advice: Option<Erasable<String>> = "advies",
        /// The audit that brought it up.
        audit: Option<StreamId> = "audit",
        /// The number it has in that audit.
        audit_finding: Option<Code> = "nummer binnen de audit",
        /// The rule set whose evaluation brought it up.
        rule_set: Option<StreamId> = "regelset",
        /// SHA-256 of the sheet of that evaluation.
        sheet: Option<Hash> = "hash van het toetsblad",
        /// The finding as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Whoever it concerns disputes the finding.
    Disputed "FindingDisputed" "FindingDisputedInput" {
        /// The role that disputes it, as `PROCESS_OWNER`.
        by: Option<Code> = "door",
        /// The unit that disputes it.
        unit: Option<Code>,
        /// Why.
        reason: Option<Erasable<String>>,
        /// The dispute as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The data protection officer, or the security officer, advises on the finding (Art. 39(1)(a)).
    DpoAdviceIssued "FindingDpoAdviceIssued" "FindingDpoAdviceIssuedInput" {
        /// The role that advises, as `CISO`; absent: the data protection officer.
        adviser: Option<Code> = "adviseur",
        /// How the advice turned out, where a measure or an acceptance was put to the adviser.
        outcome: Option<AdviceOutcome>,
        /// The advice.
        advice: Option<Erasable<String>> = "advies",
        /// The conditions under which there is no objection.
        conditions: Vec<Erasable<String>> = "voorwaarden",
        /// The advice as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// It is planned how the finding will be remedied.
    RemediationPlanned "RemediationPlanned" "RemediationPlannedInput" {
        /// What will be done.
        measure: Option<Erasable<String>> = "maatregel",
        /// By when.
        due: Option<PartialDate> = "uiterlijk",
        /// The role that answers for it, as `SYSTEM_OWNER`.
        owner: Option<Code> = "eigenaar",
        /// The unit that answers for it.
        unit: Option<Code>,
        /// The plan as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A measure is approved (policy: by the CIO or the Board).
    MeasureApproved "FindingMeasureApproved" "FindingMeasureApprovedInput" {
        /// The role that approves, as `CIO` or `BOARD`.
        by: Option<Code> = "door",
        /// What is approved.
        measure: Option<Erasable<String>> = "maatregel",
        /// The decision, by its code.
        decision: Option<Code> = "besluit",
        /// What became of the officer's advice.
        advice_response: Option<AdviceResponse> = "reactie op het advies",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What follows from a finding.
    FollowUp "FindingFollowUp" {
        /// Nothing further.
        NoFurtherAction = "geen vervolg",
        /// Measures in the organisation or its systems.
        Measures = "maatregelen",
        /// Instruction or training.
        Instruction = "instructie of scholing",
        /// The finding goes to a higher level.
        Escalated = "opgeschaald",
        /// Consequences under employment law; they are kept elsewhere.
        EmploymentLaw = "arbeidsrechtelijk vervolg",
        /// Something else.
        Other,
    }
}

record! {
    /// It is decided what follows from the finding.
    FollowUpDecided "FindingFollowUpDecided" "FindingFollowUpDecidedInput" {
        /// The role that decides.
        by: Option<Code> = "door",
        /// What follows.
        outcome: Option<FollowUp>,
        /// The decision, by its code.
        decision: Option<Code> = "besluit",
        /// The reference of the case in the staff files, and nothing from that case.
        hr_case: Option<Erasable<String>> = "kenmerk van het personeelsdossier",
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The risk is accepted for a time instead of removed (Art. 24(1), 32(1)).
    RiskAccepted "RiskAccepted" "RiskAcceptedInput" {
        /// The role that accepts it, as `BOARD`.
        by: Option<Code> = "door",
        /// The mandate under which that role acts, by its code, if it is not the Board.
        mandate: Option<Code> = "mandaat",
        /// The decision of the Board or under the mandate, by its code.
        decision: Option<Code> = "besluit",
        /// From when; absent: from when the fact holds.
        from: Option<PartialDate>,
        /// Until when; an acceptance without an end is recorded as it is, and not in order.
        until: Option<PartialDate> = "tot",
        /// Why the risk can be borne.
        reason: Option<Erasable<String>>,
        /// What makes it smaller meanwhile.
        compensating_measures: Vec<Erasable<String>> = "compenserende maatregelen",
        /// How grave the risk is that remains.
        residual: Option<Severity> = "restrisico",
        /// What became of the officer's advice.
        advice_response: Option<AdviceResponse> = "reactie op het advies",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The finding is remedied.
    Resolved "FindingResolved" "FindingResolvedInput" {
        /// What was done.
        measure: Option<Erasable<String>> = "maatregel",
        /// The documents that show it.
        evidence: Vec<Document> = "bewijsstukken",
        /// The role that verified it.
        verified_by: Option<Code> = "geverifieerd door",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The finding is open again: the remedy failed, or the acceptance ended.
    Reopened "FindingReopened" "FindingReopenedInput" {
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a finding.
    FindingEvent "FindingEvent" "FindingEventInput",
    retracted "FindingRetracted" "FindingRetractedInput"
    {
        /// Something is found not to be in order.
        Raised "raised" 1 "FindingRaised" = "bevinding vastgesteld",
        /// The finding is disputed.
        Disputed "disputed" 1 "FindingDisputed" = "bevinding betwist",
        /// The officer advises.
        DpoAdviceIssued "dpoAdviceIssued" 1 "DpoAdviceIssued" = "FG-advies uitgebracht",
        /// A remedy is planned.
        RemediationPlanned "remediationPlanned" 1 "RemediationPlanned" = "herstel gepland",
        /// A measure is approved.
        MeasureApproved "measureApproved" 1 "MeasureApproved" = "maatregel goedgekeurd",
        /// The follow-up is decided.
        FollowUpDecided "followUpDecided" 1 "FindingFollowUpDecided" = "vervolg besloten",
        /// The risk is accepted.
        RiskAccepted "riskAccepted" 1 "RiskAccepted" = "risico aanvaard",
        /// The finding is remedied.
        Resolved "resolved" 1 "FindingResolved" = "bevinding opgelost",
        /// The finding is open again.
        Reopened "reopened" 1 "FindingReopened" = "bevinding heropend",
    }
}

choice! {
    /// Where a finding stands.
    #[derive(Default)]
    FindingStatus "FindingStatus" {
        /// Nothing is planned yet.
        #[default]
        Open = "open",
        /// A remedy is planned.
        Planned = "herstel gepland",
        /// The risk is accepted, until the date that was given.
        Accepted = "risico aanvaard",
        /// It is remedied.
        Resolved = "opgelost",
    }
}

dossier! {
    /// A finding at one moment.
    Finding "FindingState" follows FindingEvent, status FindingStatus {
        /// What was found.
        raised: once Raised -> Open,
        /// Disputes, oldest first.
        disputes: every Disputed needs raised,
        /// Advices, oldest first.
        advices: every DpoAdviceIssued needs raised,
        /// Plans, oldest first.
        plans: every RemediationPlanned needs raised -> Planned,
        /// Approved measures, oldest first.
        approvals: every MeasureApproved needs raised,
        /// Decisions on the follow-up, oldest first.
        follow_ups: every FollowUpDecided needs raised,
        /// Acceptances of the risk, oldest first.
        acceptances: every RiskAccepted needs raised -> Accepted,
        /// The newest remedy.
        resolved: last Resolved needs raised -> Resolved,
        /// When it was opened again, oldest first.
        reopenings: every Reopened needs resolved or acceptances -> Open,
    } and {
        /// The role that answers for the remedy now.
        owner: Option<Code> = "eigenaar",
        /// By when it is to be remedied, by the newest plan.
        due: Option<PartialDate> = "uiterlijk",
        /// Until when the risk is accepted, by the newest acceptance that was not undone.
        accepted_until: Option<PartialDate> = "aanvaard tot",
    }
}

filter! {
    "FindingFilter" {
        /// Findings that stand so.
        status "status": FindingStatus,
        /// Findings of a severity.
        severity "severity": Severity,
        /// Findings about a rule.
        rule "rule": Code,
        /// Findings about a unit.
        unit "unit": Code,
        /// Findings about an activity.
        activity "activity": StreamId,
        /// Findings about a platform.
        platform "platform": Code,
        /// Findings about a system.
        system "system": Code,
        /// Findings that name this stream.
        subject "subject": StreamId,
        /// Findings of an audit.
        audit "audit": StreamId,
        /// Findings for which this role answers.
        owner "owner": Code,
    }
}

impl Family for Finding {
    const NAME: &'static str = "finding";
    const LABEL_NL: &'static str = "bevinding";
    const GRAPHQL_NAME: &'static str = "Finding";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = false;
    const RELATIONS: &'static [Relation] = &[
        Relation::many(
            "managementUnits",
            "beheerseenheden",
            "managementUnit",
            By::Shared("unit", "unit"),
            "The units it is about.",
        ),
        Relation::many(
            "activities",
            "verwerkingsactiviteiten",
            "activity",
            By::Ours("activity"),
            "The activities it is about.",
        ),
        Relation::many(
            "platforms",
            "platforms",
            "platform",
            By::Shared("platform", "platform"),
            "The platforms it is about.",
        ),
        Relation::many("systems", "systemen", "system", By::Shared("system", "system"), "The systems it is about."),
        Relation::many("parties", "partijen", "party", By::Shared("party", "party"), "The parties it is about."),
        Relation::many(
            "transferGrounds",
            "doorgiftegrondslagen",
            "transferGround",
            By::Ours("subject"),
            "The transfer grounds it is about.",
        ),
        Relation::many(
            "arrangements",
            "regelingen gezamenlijke verwerkingsverantwoordelijken",
            "jointControllerArrangement",
            By::Ours("subject"),
            "The arrangements between joint controllers it is about.",
        ),
        Relation::many(
            "agreements",
            "verwerkersovereenkomsten",
            "agreement",
            By::Ours("subject"),
            "The agreements with processors it is about.",
        ),
        Relation::many(
            "decisions",
            "besluiten",
            "boardDecision",
            By::Shared("decision", "decision"),
            "The decisions of the Board on it.",
        ),
        Relation::many(
            "mandates",
            "mandaten",
            "roleAssignment",
            By::Shared("mandate", "underMandate"),
            "The mandates under which its risk was accepted.",
        ),
        Relation::one(
            "auditEngagement",
            "audit",
            "auditEngagement",
            By::Ours("audit"),
            "The audit that brought it up.",
        ),
        Relation::one(
            "ruleSet",
            "regelset",
            "ruleSet",
            By::Ours("ruleSet"),
            "The rule set whose evaluation brought it up.",
        ),
    ];
    type Event = FindingEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &FindingEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use FindingEvent as E;
        self.admit_order(event)?;
        match event {
            E::Raised(event) => {
                admit_scope("scope", &event.scope)?;
                link("audit", "auditEngagement", &event.audit)?;
                link("ruleSet", "ruleSet", &event.rule_set)
            }
            E::RiskAccepted(event) => not_reversed("until", event.from.or(Some(context.place.effective)), event.until),
            E::Reopened(_) if self.status < FindingStatus::Accepted => {
                Err(Refusal::new(RejectionCode::NeverExisted, "", "this finding is open; there is nothing to reopen"))
            }
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &FindingEvent, recorded: &Recorded) {
        use FindingEvent as E;
        let before = self.status;
        self.keep(event, recorded);
        // A plan for an accepted risk, or an afterthought to a remedy, opens nothing: only `reopened` does.
        if !matches!(event, E::Reopened(_)) {
            self.status = self.status.max(before);
        }
        match event {
            E::RemediationPlanned(event) => {
                self.owner = event.owner.clone().or(self.owner.take());
                self.due = event.due.or(self.due);
            }
            E::RiskAccepted(event) => self.accepted_until = event.until,
            E::Resolved(_) | E::Reopened(_) => self.accepted_until = None,
            _ => {}
        }
    }

    fn keys(&self) -> Keys {
        let raised = self.raised.iter().map(|raised| &raised.fact);
        let scopes = raised.clone().filter_map(|raised| raised.scope.as_ref());
        let approved = self.approvals.iter().filter_map(|approval| approval.fact.decision.as_ref());
        let followed_up = self.follow_ups.iter().filter_map(|follow_up| follow_up.fact.decision.as_ref());
        let acceptances = self.acceptances.iter().map(|acceptance| &acceptance.fact);
        let accepted = acceptances.clone().filter_map(|acceptance| acceptance.decision.as_ref());
        [
            scopes.flat_map(Scope::keys).collect(),
            keyed("rule", raised.clone().filter_map(|raised| raised.rule.as_ref())),
            keyed("layer", raised.clone().filter_map(|raised| raised.layer.as_ref())),
            keyed("severity", raised.clone().filter_map(|raised| raised.severity.as_ref())),
            keyed("audit", raised.clone().filter_map(|raised| raised.audit.as_ref())),
            keyed("ruleSet", raised.filter_map(|raised| raised.rule_set.as_ref())),
            keyed("decision", approved.chain(followed_up).chain(accepted)),
            keyed("underMandate", acceptances.filter_map(|acceptance| acceptance.mandate.as_ref())),
            keyed("owner", &self.owner),
            keyed("status", [&self.status]),
        ]
        .concat()
    }
}

impl Scope {
    /// Lists the keys by which what it names is joined.
    pub(super) fn keys(&self) -> Keys {
        [
            keyed("unit", &self.units),
            keyed("activity", &self.activities),
            keyed("platform", &self.platforms),
            keyed("system", &self.systems),
            keyed("party", &self.parties),
            keyed("subject", &self.subjects),
        ]
        .concat()
    }
}

/// Refuses a scope that names something twice, or as an activity what is none.
pub(super) fn admit_scope(field: &'static str, scope: &Option<Scope>) -> Result<(), Refusal> {
    let Some(scope) = scope else {
        return Ok(());
    };
    for codes in [&scope.units, &scope.platforms, &scope.systems, &scope.parties] {
        distinct(field, codes)?;
    }
    link(field, "activity", &scope.activities)?;
    distinct(field, &scope.activities)?;
    distinct(field, &scope.subjects)
}

/// Writes keys of one name.
pub(super) fn keyed<'a, T: serde::Serialize + 'a>(name: &'static str, values: impl IntoIterator<Item = &'a T>) -> Keys {
    values.into_iter().map(|value| (name, super::kit::key_text(value))).collect()
}

#[cfg(test)]
mod tests;
