//! Findings: what is not in order, and what was done about it (GDPR Art. 5(2), 24(1), 39(1)(b)).
//!
//! One stream is one finding, whether an audit, a verdict or the officer's own work brought it up. A risk may be
//! accepted instead of removed: whether who accepted it might do so, and whether the acceptance still runs, are
//! verdicts, not states.

use crate::family::declare;
use crate::family::dossier::{Newer, Refusal, distinct, link, links, not_reversed};
use crate::family::kit::{Context, Declared, Family, Keys, Recorded, RejectionCode, push_keys};
use crate::family::value::Layer;
use crate::family::value::{AdviceOutcome, AdviceResponse, Document};
use crate::ledger::erasable::Erasable;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, StreamId};
use crate::time::PartialDate;

declare! {
    family Finding many findings = "bevinding";

    /// How grave a finding is.
    choice Severity as "FindingSeverity" {
        Low = "laag" "Little harm is to be expected.",
        Medium = "middel" "Some harm is to be expected.",
        High = "hoog" "Much harm is to be expected.",
        Serious = "ernstig" "So grave that a decision on its follow-up is due.",
    }

    /// What brought a finding up.
    choice Source as "FindingSource" {
        Audit = "audit" "An audit.",
        Evaluation = "toetsing" "A recorded evaluation of the rules.",
        DpoMonitoring = "toezicht van de FG" "The monitoring by the data protection officer (Art. 39(1)(b)).",
        SelfAssessment = "eigen controle" "A check by the unit itself.",
        Weakness = "melding van een kwetsbaarheid" "A report of a security weakness.",
        Breach = "datalek" "A personal data breach (Art. 33).",
        Complaint = "vraag of klacht" "A question or complaint.",
        Authority = "toezichthouder" "The supervisory authority (Art. 58).",
        Other "Something else.",
    }

    /// What an act of supervision is about; with all lists empty, the whole institution.
    record Scope as "ScrutinyScope" {
        units: Vec<Code> = "beheerseenheden" "The management units.",
        activities: Vec<StreamId> "The processing activities.",
        platforms: Vec<Code> = "platforms" "The platforms.",
        systems: Vec<Code> "The systems.",
        parties: Vec<Code> = "partijen" "The parties: processors, joint controllers, recipients.",
        subjects: Vec<StreamId> = "andere dossiers" "Other streams, as a transfer ground, an arrangement or a breach.",
    }

    /// Something is found not to be in order.
    event Raised as "FindingRaised" = "bevinding vastgesteld", once raised -> Open "What was found." {
        rule: Code? = "regel" key "The rule that is not met, as `TRF-01`.",
        layer: Layer? = "laag" key "The layer of that rule.",
        severity: Severity? = "ernst" key "How grave it is.",
        source: Source? = "bron" "What brought it up.",
        scope: Scope? = "reikwijdte" "What it is about.",
        statement: Erasable<String>? = "bevinding" "What was found.",
        advice: Erasable<String>? "What whoever raised it advises to do.",
        audit: StreamId? = "audit" key "The audit that brought it up.",
        audit_finding: Code? = "nummer binnen de audit" "The number it has in that audit.",
        rule_set: StreamId? = "regelset" key "The rule set whose evaluation brought it up.",
        sheet: Hash? = "hash van het toetsblad" "SHA-256 of the sheet of that evaluation.",
        document: Document? "The finding as a document.",
    }

    /// Whoever it concerns disputes the finding.
    event Disputed as "FindingDisputed" = "bevinding betwist", every disputes needs raised "Disputes, oldest first." {
        by: Code? "The role that disputes it, as `PROCESS_OWNER`.",
        unit: Code? "The unit that disputes it.",
        reason: Erasable<String>? "Why.",
        document: Document? "The dispute as a document.",
    }

    /// The data protection officer, or the security officer, advises on the finding (Art. 39(1)(a)).
    event DpoAdviceIssued as "FindingDpoAdviceIssued" domain "DpoAdviceIssued" = "FG-advies uitgebracht",
        every advices needs raised "Advices, oldest first." {
        adviser: Code? = "adviseur" "The role that advises, as `CISO`; absent: the data protection officer.",
        outcome: AdviceOutcome? "How the advice turned out, where a measure or an acceptance was put to the adviser.",
        advice: Erasable<String>? "The advice.",
        conditions: Vec<Erasable<String>> "The conditions under which there is no objection.",
        document: Document? "The advice as a document.",
    }

    /// It is planned how the finding will be remedied.
    event RemediationPlanned = "herstel gepland", every plans needs raised -> Planned "Plans, oldest first." {
        measure: Erasable<String>? "What will be done.",
        due: PartialDate? = "uiterlijk" "By when.",
        owner: Code? = "eigenaar" "The role that answers for it, as `SYSTEM_OWNER`.",
        unit: Code? "The unit that answers for it.",
        document: Document? "The plan as a document.",
    }

    /// A measure is approved (policy: by the CIO or the Board).
    event MeasureApproved as "FindingMeasureApproved" domain "MeasureApproved" = "maatregel goedgekeurd",
        every approvals needs raised "Approved measures, oldest first." {
        by: Code? "The role that approves, as `CIO` or `BOARD`.",
        measure: Erasable<String>? "What is approved.",
        decision: Code? key "The decision, by its code.",
        advice_response: AdviceResponse? = "reactie op het advies" "What became of the officer's advice.",
    }

    /// What follows from a finding.
    choice FollowUp as "FindingFollowUp" {
        NoFurtherAction = "geen vervolg" "Nothing further.",
        Measures = "maatregelen" "Measures in the organisation or its systems.",
        Instruction = "instructie of scholing" "Instruction or training.",
        Escalated = "opgeschaald" "The finding goes to a higher level.",
        EmploymentLaw = "arbeidsrechtelijk vervolg" "Consequences under employment law; they are kept elsewhere.",
        Other "Something else.",
    }

    /// It is decided what follows from the finding.
    event FollowUpDecided as "FindingFollowUpDecided" = "vervolg besloten",
        every follow_ups needs raised "Decisions on the follow-up, oldest first." {
        by: Code? "The role that decides.",
        outcome: FollowUp? "What follows.",
        decision: Code? key "The decision, by its code.",
        hr_case: Erasable<String>? = "kenmerk van het personeelsdossier"
            "The reference of the case in the staff files, and nothing from that case.",
        reason: Erasable<String>? "Why.",
    }

    /// The risk is accepted for a time instead of removed (Art. 24(1), 32(1)).
    event RiskAccepted = "risico aanvaard",
        every acceptances needs raised -> Accepted "Acceptances of the risk, oldest first." {
        by: Code? "The role that accepts it, as `BOARD`.",
        mandate: Code? = "mandaat" "The mandate under which that role acts, by its code, if it is not the Board.",
        decision: Code? key "The decision of the Board or under the mandate, by its code.",
        from: PartialDate? "From when; absent: from the date of the fact.",
        until: PartialDate? = "tot" "Until when; an acceptance without an end is recorded as it is, and not in order.",
        reason: Erasable<String>? "Why the risk can be borne.",
        compensating_measures: Vec<Erasable<String>> = "compenserende maatregelen" "What makes it smaller meanwhile.",
        residual: Severity? = "restrisico" "How grave the risk is that remains.",
        advice_response: AdviceResponse? = "reactie op het advies" "What became of the officer's advice.",
    }

    /// The finding is remedied.
    event Resolved as "FindingResolved" = "bevinding opgelost",
        last resolved needs raised -> Resolved "The newest remedy." {
        measure: Erasable<String>? "What was done.",
        evidence: Vec<Document> = "bewijsstukken" "The documents that show it.",
        verified_by: Code? = "geverifieerd door" "The role that verified it.",
    }

    /// The finding is open again: the remedy failed, or the acceptance ended.
    event Reopened as "FindingReopened" = "bevinding heropend",
        every reopenings needs resolved or acceptances -> Open "When it was opened again, oldest first." {
        reason: Erasable<String>? "Why.",
    }

    /// Where a finding stands.
    choice FindingStatus {
        #[default] Open = "open" "Nothing is planned yet.",
        Planned = "herstel gepland" "A remedy is planned.",
        Accepted = "risico aanvaard" "The risk is accepted, until the date that was given.",
        Resolved = "opgelost" "It is remedied.",
    }

    /// A finding at one moment.
    state Finding as "FindingState" of FindingStatus key {
        owner: Code? = "eigenaar" key "The role that answers for the remedy now.",
        due: PartialDate? = "uiterlijk" "By when it is to be remedied, by the newest plan.",
        accepted_until: PartialDate? = "aanvaard tot" "Until when the risk is accepted, unless that was undone.",
    }

    keys {
        unit: Code "Findings about a unit.",
        activity: StreamId "Findings about an activity.",
        platform: Code "Findings about a platform.",
        system: Code "Findings about a system.",
        party: Code "Findings about a party.",
        subject: StreamId "Findings that name this stream.",
        under_mandate: Code "Findings of which the risk was accepted under a mandate.",
    }

    relations {
        managementUnits: many managementUnit shared unit unit = "beheerseenheden" "The units it is about.",
        activities: many activity ours activity = "verwerkingsactiviteiten" "The activities it is about.",
        platforms: many platform shared platform platform = "platforms" "The platforms it is about.",
        systems: many system shared system system = "systemen" "The systems it is about.",
        parties: many party shared party party = "partijen" "The parties it is about.",
        transferGrounds: many transferGround ours subject = "doorgiftegrondslagen" "The transfer grounds it is about.",
        arrangements: many jointControllerArrangement ours subject = "regelingen gezamenlijke verwerkingsverantwoordelijken"
            "The arrangements between joint controllers it is about.",
        agreements: many agreement ours subject = "verwerkersovereenkomsten" "The agreements it is about.",
        decisions: many boardDecision shared decision decision = "besluiten" "The decisions of the Board on it.",
        mandates: many roleAssignment shared mandate underMandate = "mandaten" "The mandates used to accept its risk.",
        auditEngagement: one auditEngagement ours audit = "audit" "The audit that brought it up.",
        ruleSet: one ruleSet ours ruleSet = "regelset" "The rule set whose evaluation brought it up.",
    }
}

impl Family for Finding {
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
                Newer::take_over(&mut self.owner, &event.owner);
                Newer::take_over(&mut self.due, &event.due);
            }
            E::RiskAccepted(event) => self.accepted_until = event.until,
            E::Resolved(_) | E::Reopened(_) => self.accepted_until = None,
            _ => {}
        }
    }

    fn keys(&self) -> Keys {
        let mut keys = self.declared_keys();
        let scopes = self.raised.iter().filter_map(|raised| raised.fact.scope.as_ref());
        scopes.for_each(|scope| scope.add_keys(&mut keys));
        self.acceptances.iter().for_each(|kept| push_keys(&mut keys, "underMandate", &kept.fact.mandate));
        keys
    }
}

impl Scope {
    /// Adds the keys by which what it names is joined.
    pub(in crate::family) fn add_keys(&self, keys: &mut Keys) {
        push_keys(keys, "unit", &self.units);
        push_keys(keys, "activity", &self.activities);
        push_keys(keys, "platform", &self.platforms);
        push_keys(keys, "system", &self.systems);
        push_keys(keys, "party", &self.parties);
        push_keys(keys, "subject", &self.subjects);
    }
}

/// Refuses a scope that names something twice, or as an activity what is none.
pub(in crate::family) fn admit_scope(field: &'static str, scope: &Option<Scope>) -> Result<(), Refusal> {
    let Some(scope) = scope else {
        return Ok(());
    };
    for codes in [&scope.units, &scope.platforms, &scope.systems, &scope.parties] {
        distinct(field, codes)?;
    }
    links(field, "activity", &scope.activities)?;
    distinct(field, &scope.subjects)
}

#[cfg(test)]
mod tests;
