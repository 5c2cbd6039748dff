//! Audits: what is examined, by whom, on which evidence, and what was found (GDPR Art. 24(1), 32(1)(d), 39(1)(b)).
//!
//! One stream is one engagement. What an auditor found stands here as the auditor worded it; what the institution does
//! about it is a finding, a family of its own. The right to read ends with the engagement.

use crate::family::checkpoint_attestation::Head;
use crate::family::declare;
use crate::family::dossier::{Dated, Newer, Refusal, distinct, link, malformed, not_reversed};
use crate::family::finding::{Scope, Severity, admit_scope};
use crate::family::kit::{Context, Declared, Family, Keys, Recorded, RejectionCode, note_anomaly, push_keys};
use crate::family::rule_set::{OutcomeCount, admit_counts};
use crate::family::value::Document;
use crate::ledger::erasable::Erasable;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::{Instant, PartialDate, YEAR_MAX, YEAR_MIN};

declare! {
    family AuditEngagement many auditEngagements = "audit";

    /// What kind of audit it is.
    choice AuditKind {
        Internal = "intern" "By the institution's own auditors.",
        External = "extern" "By an outsider.",
        PeerReview = "collegiale toetsing binnen de sector" "By peers of the sector.",
        Other "Another kind of audit.",
    }

    /// The statement that an auditor is independent of what is audited.
    record Independence as "AuditorIndependence" {
        statement: Erasable<String>? = "verklaring" "What was stated.",
        document: Document? "The statement as a document.",
    }

    /// Evidence taken from the ledger, which an outsider can verify without it.
    record EvidenceDossier {
        query: Erasable<String>? = "vraag" "What was asked.",
        scope: Scope? = "reikwijdte" "What it is about; absent: the whole institution.",
        cutoffs: Vec<PartialDate> = "peildata" "The moments in the world that it shows.",
        known_at: Instant? = "registratiemoment" "What was known, as a moment; absent: all that the tree holds.",
        known: Head? = "bekend" "The tree on which it rests.",
        sha256: Hash? = "hash van het dossier" "SHA-256 of the dossier.",
        timestamp: Hash? = "hash van het tijdstempel" "SHA-256 of the timestamp token of that tree.",
        formats: Vec<Code> = "vormen" "Its forms, as `PDF-A`, `JSON-LD` or `VERIFIER`.",
        language: Code? "Its language, as `nl`.",
        rule_set_hash: Hash? = "hash van het regelbestand" "SHA-256 of the file of the rules by which it judges.",
        evaluator_version: Code? = "versie van het toetsprogramma" "The version of the program that evaluated them.",
        counts: Vec<OutcomeCount> = "aantallen" "How often each outcome came out in it.",
    }

    /// An audit is planned.
    event Planned as "AuditPlanned" = "audit gepland", once planned -> Planned "The plan." {
        kind: AuditKind? "What kind of audit.",
        year: u16? = "jaar" "The year of the audit cycle.",
        scope: Scope? = "reikwijdte" "What will be audited; absent: the whole institution.",
        subject: Erasable<String>? = "onderwerp" "What will be audited, in words.",
        initiator: Code? = "initiatiefnemer" "The role that initiates it, as `DPO`.",
        with: Vec<Code> = "samen met" "The roles with which it is planned, as `CISO`.",
        from: PartialDate? "From when it is planned.",
        to: PartialDate? = "tot" "Until when it is planned.",
    }

    /// An audit begins.
    event Opened as "AuditOpened" = "audit geopend", once opened -> Open "The beginning." {
        kind: AuditKind? "What kind of audit.",
        year: u16? = "jaar" "The year of the audit cycle.",
        scope: Scope? = "reikwijdte" "What is audited; absent: the whole institution.",
        subject: Erasable<String>? = "onderwerp" "What is audited, in words.",
        period_from: PartialDate? = "begin van de onderzochte periode" "The first day of the period that is audited.",
        period_to: PartialDate? = "einde van de onderzochte periode" "The last day of the period that is audited.",
        initiator: Code? = "initiatiefnemer" "The role that initiates it, as `DPO` (Art. 39(1)(b)).",
        party: Code? = "auditorganisatie" "The firm or body that audits, as a party.",
        auditor: Erasable<String>? = "auditor" "Who audits.",
        independence: Independence? = "onafhankelijkheidsverklaring" "The statement that the auditor is independent.",
        access_until: PartialDate? = "inzagerecht tot" "Until when the auditor may read; absent: until the closing.",
        document: Document? "The assignment as a document.",
    }

    /// The auditor asks for evidence.
    event EvidenceRequested as "AuditEvidenceRequested" domain "EvidenceRequested" = "bewijs gevraagd",
        every evidence_requests needs planned or opened "What the auditor asked for, oldest first." {
        request: Erasable<String>? = "gevraagd" "What is asked for.",
        unit: Code? "The unit that is asked.",
        subjects: Vec<StreamId> = "dossiers" "The streams it is about.",
        due: PartialDate? = "uiterlijk" "By when it is asked for.",
    }

    /// Evidence is exported from the ledger for the auditor (Art. 5(2)).
    event EvidenceDossierExported = "bewijsdossier geëxporteerd",
        every dossiers needs planned or opened "What was exported, oldest first." {
        dossier: EvidenceDossier = "bewijsdossier" "What was exported.",
    }

    /// The auditor finds something not to be in order.
    event FindingRecorded as "AuditFindingRecorded" = "auditbevinding vastgelegd",
        every recorded_findings needs planned or opened "What the auditor found, oldest first." {
        code: Code? = "nummer" "Its number within the audit, as `A-1`.",
        severity: Severity? = "ernst" key "How grave it is.",
        rule: Code? = "regel" key "The rule that is not met, as `TRF-01`.",
        scope: Scope? = "reikwijdte" "What it is about.",
        statement: Erasable<String>? = "bevinding" "What was found.",
        recommendation: Erasable<String>? = "aanbeveling" "What the auditor recommends.",
        finding: StreamId? = "opvolging" key "The finding by which the institution follows it up.",
    }

    /// The audit is closed; the right to read ends.
    event Closed as "AuditClosed" = "audit afgesloten", once closed needs planned or opened -> Closed "The end." {
        report: Document? = "rapport" "The report.",
        conclusion: Erasable<String>? = "conclusie" "What the auditor concludes.",
        presented_to: Vec<Code> = "aangeboden aan" "The roles or bodies to which it was presented, as `BOARD`.",
    }

    /// Where an audit stands.
    choice AuditStatus as "AuditEngagementStatus" {
        #[default] Planned = "gepland" "It is planned.",
        Open = "geopend" "It runs; the auditor may read.",
        Closed = "afgesloten" "It is over.",
    }

    /// An audit at one moment.
    state AuditEngagement as "AuditEngagementState" of AuditStatus key {
        kind: AuditKind? key "What kind of audit it is.",
        year: u16? = "jaar" key "The year of the audit cycle.",
        initiator: Code? = "initiatiefnemer" key "The role that initiated it.",
        scope: Scope? = "reikwijdte" "What is audited; absent: the whole institution.",
    }

    keys {
        auditor: Code "Audits by a firm or body.",
        unit: Code "Audits of a unit.",
        activity: StreamId "Audits of an activity.",
        platform: Code "Audits of a platform.",
        system: Code "Audits of a system.",
        party: Code "Audits of a party.",
        subject: StreamId "Audits that name this stream.",
        size: Sequence "Audits with a dossier that rests on a ledger of this size.",
    }

    relations {
        findings: many finding theirs audit = "bevindingen" "The findings that say they come from this audit.",
        followedUpIn: many finding ours finding = "opgevolgd in" "The findings by which it is followed up.",
        managementUnits: many managementUnit shared unit unit = "beheerseenheden" "The units that are audited.",
        activities: many activity ours activity = "verwerkingsactiviteiten" "The activities that are audited.",
        platforms: many platform shared platform platform = "platforms" "The platforms that are audited.",
        evidenceAccesses: many evidenceAccess theirs case = "inzagen in bewijs" "Where evidence was opened for it.",
        attestations: many checkpointAttestation shared size size = "verklaringen over het grootboek"
            "What was attested about the trees on which its dossiers rest.",
    }
}

impl Family for AuditEngagement {
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
        self.take_over();
    }

    fn keys(&self) -> Keys {
        let mut keys = self.declared_keys();
        self.scope.iter().for_each(|scope| scope.add_keys(&mut keys));
        self.opened.iter().for_each(|opened| push_keys(&mut keys, "auditor", &opened.fact.party));
        let heads = self.dossiers.iter().filter_map(|dossier| dossier.fact.dossier.known.as_ref());
        heads.for_each(|head| push_keys(&mut keys, "size", &head.size));
        keys
    }
}

/// Refuses a number that is no year.
pub(in crate::family) fn admit_year(field: &'static str, year: Option<u16>) -> Result<(), Refusal> {
    let is_year = |year: u16| i16::try_from(year).is_ok_and(|year| (YEAR_MIN..=YEAR_MAX).contains(&year));
    match year {
        Some(year) if !is_year(year) => malformed(field, format!("a year lies between {YEAR_MIN} and {YEAR_MAX}")),
        _ => Ok(()),
    }
}

impl EvidenceDossier {
    /// Refuses a dossier that contradicts itself; it stands in the member `dossier` of an event.
    pub(in crate::family) fn admit(&self) -> Result<(), Refusal> {
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
        let planned =
            self.planned.iter().map(|Dated { fact, .. }| (fact.kind, fact.year, &fact.initiator, &fact.scope));
        let opened = self.opened.iter().map(|Dated { fact, .. }| (fact.kind, fact.year, &fact.initiator, &fact.scope));
        for (kind, year, initiator, scope) in planned.chain(opened) {
            Newer::take_over(&mut self.kind, &kind);
            Newer::take_over(&mut self.year, &year);
            Newer::take_over(&mut self.initiator, initiator);
            Newer::take_over(&mut self.scope, scope);
        }
    }
}

#[cfg(test)]
mod tests;
