//! Audits: what is examined, by whom, on which evidence, and what was found (GDPR Art. 24(1), 32(1)(d), 39(1)(b)).
//!
//! One stream is one engagement. What an auditor found stands here as the auditor worded it; what the institution does
//! about it is a finding, a family of its own. The right to read ends with the engagement.

use super::checkpoint_attestation::Head;
use super::declare::{choice, dossier, events, filter, record};
use super::dossier::{Refusal, distinct, link, not_reversed};
use super::finding::{Scope, Severity, admit_scope, keyed};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, note_anomaly};
use super::rule_set::{OutcomeCount, admit_counts};
use super::value::Document;
use crate::ledger::erasable::Erasable;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::{Instant, PartialDate, YEAR_MAX, YEAR_MIN};

choice! {
    /// What kind of audit it is.
    AuditKind "AuditKind" {
        /// By the institution's own auditors.
        Internal = "intern",
        /// By an outsider.
        External = "extern",
        /// By peers of the sector.
        PeerReview = "collegiale toetsing binnen de sector",
        /// Another kind of audit.
        Other,
    }
}

record! {
    /// The statement that an auditor is independent of what is audited.
    Independence "AuditorIndependence" "AuditorIndependenceInput" {
        /// What was stated.
        statement: Option<Erasable<String>> = "verklaring",
        /// The statement as a document.
        document: Option<Document>,
    }
}

record! {
    /// Evidence taken from the ledger, which an outsider can verify without it.
    EvidenceDossier "EvidenceDossier" "EvidenceDossierInput" {
        /// What was asked.
        query: Option<Erasable<String>> = "vraag",
        /// What it is about; absent: the whole institution.
        scope: Option<Scope> = "reikwijdte",
        /// The moments in the world that it shows.
        cutoffs: Vec<PartialDate> = "peildata",
        /// What was known, as a moment; absent: all that the tree holds.
        known_at: Option<Instant> = "registratiemoment",
        /// The tree on which it rests.
        known: Option<Head> = "bekend",
        /// SHA-256 of the dossier.
        sha256: Option<Hash> = "hash van het dossier",
        /// SHA-256 of the timestamp token of that tree.
        timestamp: Option<Hash> = "hash van het tijdstempel",
        /// Its forms, as `PDF-A`, `JSON-LD` or `VERIFIER`.
        formats: Vec<Code> = "vormen",
        /// Its language, as `nl`.
        language: Option<Code>,
        /// SHA-256 of the file of the rules by which it judges.
        rule_set_hash: Option<Hash> = "hash van het regelbestand",
        /// The version of the program that evaluated them.
        evaluator_version: Option<Code> = "versie van het toetsprogramma",
        /// How often each outcome came out in it.
        counts: Vec<OutcomeCount> = "aantallen",
    }
}

record! {
    /// An audit is planned.
    Planned "AuditPlanned" "AuditPlannedInput" {
        /// What kind of audit.
        kind: Option<AuditKind>,
        /// The year of the audit cycle.
        year: Option<u16> = "jaar",
        /// What will be audited; absent: the whole institution.
        scope: Option<Scope> = "reikwijdte",
        /// What will be audited, in words.
        subject: Option<Erasable<String>> = "onderwerp",
        /// The role that initiates it, as `DPO`.
        initiator: Option<Code> = "initiatiefnemer",
        /// The roles with which it is planned, as `CISO`.
        with: Vec<Code> = "samen met",
        /// From when it is planned.
        from: Option<PartialDate>,
        /// Until when it is planned.
        to: Option<PartialDate> = "tot",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// An audit begins.
    Opened "AuditOpened" "AuditOpenedInput" {
        /// What kind of audit.
        kind: Option<AuditKind>,
        /// The year of the audit cycle.
        year: Option<u16> = "jaar",
        /// What is audited; absent: the whole institution.
        scope: Option<Scope> = "reikwijdte",
        /// What is audited, in words.
        subject: Option<Erasable<String>> = "onderwerp",
        /// The first day of the period that is audited.
        period_from: Option<PartialDate> = "begin van de onderzochte periode",
        /// The last day of the period that is audited.
        period_to: Option<PartialDate> = "einde van de onderzochte periode",
        /// The role that initiates it, as `DPO` (Art. 39(1)(b)).
        initiator: Option<Code> = "initiatiefnemer",
        /// The firm or body that audits, as a party.
        party: Option<Code> = "auditorganisatie",
        /// Who audits.
        auditor: Option<Erasable<String>> = "auditor",
        /// The statement that the auditor is independent.
        independence: Option<Independence> = "onafhankelijkheidsverklaring",
        /// Until when the auditor may read; absent: until the audit is closed.
        access_until: Option<PartialDate> = "inzagerecht tot",
        /// The assignment as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The auditor asks for evidence.
    EvidenceRequested "AuditEvidenceRequested" "AuditEvidenceRequestedInput" {
        /// What is asked for.
        request: Option<Erasable<String>> = "gevraagd",
        /// The unit that is asked.
        unit: Option<Code>,
        /// The streams it is about.
        subjects: Vec<StreamId> = "dossiers",
        /// By when it is asked for.
        due: Option<PartialDate> = "uiterlijk",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Evidence is exported from the ledger for the auditor (Art. 5(2)).
    EvidenceDossierExported "EvidenceDossierExported" "EvidenceDossierExportedInput" {
        /// What was exported.
        dossier: EvidenceDossier = "bewijsdossier",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The auditor finds something not to be in order.
    FindingRecorded "AuditFindingRecorded" "AuditFindingRecordedInput" {
        /// Its number within the audit, as `A-1`.
        code: Option<Code> = "nummer",
        /// How grave it is.
        severity: Option<Severity> = "ernst",
        /// The rule that is not met, as `TRF-01`.
        rule: Option<Code> = "regel",
        /// What it is about.
        scope: Option<Scope> = "reikwijdte",
        /// What was found.
        statement: Option<Erasable<String>> = "bevinding",
        /// What the auditor recommends.
        recommendation: Option<Erasable<String>> = "aanbeveling",
        /// The finding by which the institution follows it up.
        finding: Option<StreamId> = "opvolging",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The audit is closed; the right to read ends.
    Closed "AuditClosed" "AuditClosedInput" {
        /// The report.
        report: Option<Document> = "rapport",
        /// What the auditor concludes.
        conclusion: Option<Erasable<String>> = "conclusie",
        /// The roles or bodies to which it was presented, as `BOARD`.
        presented_to: Vec<Code> = "aangeboden aan",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens in an audit.
    AuditEngagementEvent "AuditEngagementEvent" "AuditEngagementEventInput",
    retracted "AuditEngagementRetracted" "AuditEngagementRetractedInput"
    {
        /// An audit is planned.
        Planned "planned" 1 "AuditPlanned" = "audit gepland",
        /// An audit begins.
        Opened "opened" 1 "AuditOpened" = "audit geopend",
        /// The auditor asks for evidence.
        EvidenceRequested "evidenceRequested" 1 "EvidenceRequested" = "bewijs gevraagd",
        /// Evidence is exported.
        EvidenceDossierExported "evidenceDossierExported" 1 "EvidenceDossierExported" = "bewijsdossier geëxporteerd",
        /// Something is found not to be in order.
        FindingRecorded "findingRecorded" 1 "AuditFindingRecorded" = "auditbevinding vastgelegd",
        /// The audit is closed.
        Closed "closed" 1 "AuditClosed" = "audit afgesloten",
    }
}

choice! {
    /// Where an audit stands.
    #[derive(Default)]
    AuditStatus "AuditEngagementStatus" {
        /// It is planned.
        #[default]
        Planned = "gepland",
        /// It runs; the auditor may read.
        Open = "geopend",
        /// It is over.
        Closed = "afgesloten",
    }
}

dossier! {
    /// An audit at one moment.
    AuditEngagement "AuditEngagementState" follows AuditEngagementEvent, status AuditStatus {
        /// The plan.
        planned: once Planned -> Planned,
        /// The beginning.
        opened: once Opened -> Open,
        /// What the auditor asked for, oldest first.
        evidence_requests: every EvidenceRequested needs planned or opened,
        /// What was exported, oldest first.
        dossiers: every EvidenceDossierExported needs planned or opened,
        /// What the auditor found, oldest first.
        recorded_findings: every FindingRecorded needs planned or opened,
        /// The end.
        closed: once Closed needs planned or opened -> Closed,
    } and {
        /// What kind of audit it is.
        kind: Option<AuditKind>,
        /// The year of the audit cycle.
        year: Option<u16> = "jaar",
        /// The role that initiated it.
        initiator: Option<Code> = "initiatiefnemer",
        /// What is audited; absent: the whole institution.
        scope: Option<Scope> = "reikwijdte",
    }
}

filter! {
    "AuditEngagementFilter" {
        /// Audits that stand so.
        status "status": AuditStatus,
        /// Audits of a kind.
        kind "kind": AuditKind,
        /// Audits of a year of the cycle.
        year "year": u16,
        /// Audits initiated by a role.
        initiator "initiator": Code,
        /// Audits of a unit.
        unit "unit": Code,
        /// Audits of an activity.
        activity "activity": StreamId,
        /// Audits of a platform.
        platform "platform": Code,
        /// Audits with findings of a severity.
        severity "severity": Severity,
        /// Audits with findings about a rule.
        rule "rule": Code,
        /// Audits with a dossier that rests on a ledger of this size.
        size "size": Sequence,
    }
}

impl Family for AuditEngagement {
    const NAME: &'static str = "auditEngagement";
    const LABEL_NL: &'static str = "audit";
    const GRAPHQL_NAME: &'static str = "AuditEngagement";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = false;
    const RELATIONS: &'static [Relation] = &[
        Relation::many(
            "findings",
            "bevindingen",
            "finding",
            By::Theirs("audit"),
            "The findings that say they come from this audit.",
        ),
        Relation::many(
            "followedUpIn",
            "opgevolgd in",
            "finding",
            By::Ours("finding"),
            "The findings by which the audit says it is followed up.",
        ),
        Relation::many(
            "managementUnits",
            "beheerseenheden",
            "managementUnit",
            By::Shared("unit", "unit"),
            "The units that are audited.",
        ),
        Relation::many(
            "activities",
            "verwerkingsactiviteiten",
            "activity",
            By::Ours("activity"),
            "The activities that are audited.",
        ),
        Relation::many(
            "platforms",
            "platforms",
            "platform",
            By::Shared("platform", "platform"),
            "The platforms that are audited.",
        ),
        Relation::many(
            "evidenceAccesses",
            "inzagen in bewijs",
            "evidenceAccess",
            By::Theirs("case"),
            "The openings of personal evidence for this audit.",
        ),
        Relation::many(
            "attestations",
            "verklaringen over het grootboek",
            "checkpointAttestation",
            By::Shared("size", "size"),
            "What was attested about the trees on which its dossiers rest.",
        ),
    ];
    type Event = AuditEngagementEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &AuditEngagementEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use AuditEngagementEvent as E;
        self.admit_order(event)?;
        match event {
            E::Planned(event) => {
                admit_year("year", event.year)?;
                admit_scope("scope", &event.scope)?;
                distinct("with", &event.with)?;
                not_reversed("to", event.from, event.to)
            }
            E::Opened(event) => {
                admit_year("year", event.year)?;
                admit_scope("scope", &event.scope)?;
                not_reversed("periodTo", event.period_from, event.period_to)
            }
            E::EvidenceDossierExported(event) => event.dossier.admit(),
            E::FindingRecorded(event) => {
                admit_scope("scope", &event.scope)?;
                link("finding", "finding", &event.finding)?;
                self.admit_number(&event.code)
            }
            E::Closed(event) => distinct("presentedTo", &event.presented_to),
            E::EvidenceRequested(_) | E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &AuditEngagementEvent, recorded: &Recorded) {
        use AuditEngagementEvent as E;
        if let E::FindingRecorded(event) = event
            && self.admit_number(&event.code).is_err()
        {
            note_anomaly(&mut self.anomalies, recorded, "another finding had had this number before");
        }
        let before = self.status;
        self.keep(event, recorded);
        self.status = self.status.max(before);
        match event {
            E::Planned(_) | E::Opened(_) => self.take_over(),
            _ => {}
        }
    }

    fn keys(&self) -> Keys {
        let opened = self.opened.iter().map(|opened| &opened.fact);
        let found = self.recorded_findings.iter().map(|finding| &finding.fact);
        let heads = self.dossiers.iter().filter_map(|dossier| dossier.fact.dossier.known.as_ref());
        [
            self.scope.iter().flat_map(Scope::keys).collect(),
            keyed("kind", &self.kind),
            keyed("year", &self.year),
            keyed("initiator", &self.initiator),
            keyed("auditor", opened.filter_map(|opened| opened.party.as_ref())),
            keyed("finding", found.clone().filter_map(|finding| finding.finding.as_ref())),
            keyed("severity", found.clone().filter_map(|finding| finding.severity.as_ref())),
            keyed("rule", found.filter_map(|finding| finding.rule.as_ref())),
            keyed("size", heads.map(|head| &head.size)),
            keyed("status", [&self.status]),
        ]
        .concat()
    }
}

/// Refuses a number that is no year.
pub(super) fn admit_year(field: &'static str, year: Option<u16>) -> Result<(), Refusal> {
    let is_year = |year: u16| i16::try_from(year).is_ok_and(|year| (YEAR_MIN..=YEAR_MAX).contains(&year));
    match year {
        Some(year) if !is_year(year) => {
            let message = format!("a year lies between {YEAR_MIN} and {YEAR_MAX}");
            Err(Refusal::new(RejectionCode::Malformed, field, message))
        }
        _ => Ok(()),
    }
}

impl EvidenceDossier {
    /// Refuses a dossier that contradicts itself; it stands in the member `dossier` of an event.
    pub(super) fn admit(&self) -> Result<(), Refusal> {
        admit_scope("dossier.scope", &self.scope)?;
        distinct("dossier.formats", &self.formats)?;
        admit_counts("dossier.counts", &self.counts)?;
        self.known.as_ref().map_or(Ok(()), |known| known.admit("dossier.known"))
    }
}

impl AuditEngagement {
    fn admit_number(&self, number: &Option<Code>) -> Result<(), Refusal> {
        let taken = |code: &Code| self.recorded_findings.iter().any(|known| known.fact.code.as_ref() == Some(code));
        match number {
            Some(code) if taken(code) => {
                let message = format!("{code} is the number of another finding of this audit");
                Err(Refusal::new(RejectionCode::AlreadyExists, "code", message))
            }
            _ => Ok(()),
        }
    }

    /// What the opening says goes before the plan, in whichever order they are recorded.
    fn take_over(&mut self) {
        let planned = self.planned.as_ref().map(|planned| &planned.fact);
        let opened = self.opened.as_ref().map(|opened| &opened.fact);
        self.kind = opened.and_then(|opened| opened.kind).or(planned.and_then(|planned| planned.kind));
        self.year = opened.and_then(|opened| opened.year).or(planned.and_then(|planned| planned.year));
        let initiator = opened.and_then(|opened| opened.initiator.as_ref());
        self.initiator = initiator.or(planned.and_then(|planned| planned.initiator.as_ref())).cloned();
        let scope = opened.and_then(|opened| opened.scope.as_ref());
        self.scope = scope.or(planned.and_then(|planned| planned.scope.as_ref())).cloned();
    }
}

#[cfg(test)]
mod tests;
