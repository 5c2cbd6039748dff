//! Attestations of checkpoints: what outsiders, or the operator, said of one state of the ledger (GDPR Art. 32(1)(d)).
//!
//! One stream is about one checkpoint, and points to evidence that lies elsewhere. A size larger than this ledger is
//! recorded as it is: it shows that a tail was lost. Two roots for one size show that the ledger told two stories.

use crate::family::declare;
use crate::family::dossier::{Refusal, malformed, not_reversed};
use crate::family::kit::{Context, Family, Recorded, note_anomaly};
use crate::ledger::key::VerifierKey;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Sequence};
use crate::time::{Instant, PartialDate};

declare! {
    family CheckpointAttestation many checkpointAttestations = "verklaring over een checkpoint";

    /// A state of the whole ledger, by its size and the root of its tree.
    record Head as "LedgerHead" {
        size: Sequence = "omvang" "How many entries it has.",
        root: Hash = "wortelhash" "The root of the tree over them.",
    }

    /// A checkpoint is signed by the operator and deposited outside the ledger.
    event Signed as "CheckpointSigned" = "checkpoint ondertekend en gedeponeerd",
        every deposits -> Signed "The operator's signatures that were deposited, oldest first." {
        size: Sequence = "omvang" key "How many entries it covers.",
        root: Hash = "wortelhash" key "The root of the tree over them.",
        key: VerifierKey? = "sleutel" "The key that signed it.",
        depositary: Code? = "bewaarnemer" "With whom it is deposited, as `auditor-01`.",
        url: String? = "vindplaats" "Where it is deposited, if it can be read there.",
        note: Hash? = "hash van het ondertekende checkpoint" "SHA-256 of the signed note.",
    }

    /// A witness confirms that the checkpoint continues all that it saw before (C2SP tlog-witness).
    event Witnessed as "CheckpointWitnessed" = "checkpoint bevestigd door getuige",
        every witnesses -> Attested "The witnesses' signatures, oldest first." {
        size: Sequence = "omvang" key "How many entries it covers.",
        root: Hash = "wortelhash" key "The root of the tree over them.",
        witness: Code = "getuige" key "The witness, as `witness-01`.",
        key: VerifierKey? = "sleutel" "The key with which the witness signs.",
        cosigned: Instant? = "medeondertekend op" "When the witness signed, by its own clock.",
        note: Hash? = "hash van het medeondertekende checkpoint" "SHA-256 of the note with the witness's signature.",
    }

    /// A timestamp is obtained: the checkpoint existed at that moment (RFC 3161; eIDAS Art. 41).
    event TimestampObtained as "CheckpointTimestampObtained" domain "TimestampObtained" = "tijdstempel verkregen",
        every timestamps -> Attested "The timestamps, oldest first." {
        size: Sequence = "omvang" key "How many entries it covers.",
        root: Hash = "wortelhash" key "The root of the tree over them.",
        authority: Code = "tijdstempeldienst" key "The authority that gave it.",
        token: Hash = "hash van het tijdstempel" "SHA-256 of the token.",
        stated: Instant? = "gestempeld op" "The time that the token states.",
        qualified: bool? = "gekwalificeerd" "Whether it is a qualified timestamp (eIDAS Art. 42).",
    }

    /// What a check of the whole ledger came to.
    choice IntegrityResult {
        Intact = "ongeschonden" "Nothing was found changed.",
        Tampered = "gemanipuleerd" "Something was found changed.",
        Unverifiable = "niet te verifiëren" "It could not be verified.",
    }

    /// A stretch of the ledger in which something is wrong.
    record BadRange as "IntegrityBadRange" {
        first: Sequence = "eerste volgnummer" "The first sequence.",
        last: Sequence = "laatste volgnummer" "The last one.",
    }

    /// The whole ledger is checked (Art. 32(1)(d)).
    event IntegrityCheckPerformed = "integriteitscontrole uitgevoerd", every checks "The checks, oldest first." {
        size: Sequence = "omvang" key "How many entries were checked.",
        root: Hash? = "wortelhash" key "The root that was computed over them.",
        result: IntegrityResult = "resultaat" key "What it came to.",
        bad_ranges: Vec<BadRange> = "beschadigde reeksen" "The stretches in which something is wrong.",
        complete_to: Sequence? = "volledig tot"
            "The size of the trusted checkpoint that proves completeness; absent: none was at hand.",
        by: Code? "The role that checked, as `AUDITOR`.",
        program: Code? = "programma" "The program that checked, with its version.",
        report: Hash? = "hash van het verslag" "SHA-256 of the report.",
        started: PartialDate? = "begonnen" "From when the check ran.",
        ended: PartialDate? = "beëindigd" "When it was done.",
    }

    /// How well a checkpoint is attested.
    choice AttestationStatus as "CheckpointAttestationStatus" {
        #[default] Unattested = "niet bevestigd" "By nobody.",
        Signed = "ondertekend" "By the operator alone.",
        Attested = "bevestigd door een buitenstaander" "By an outsider: a witness or a timestamp authority.",
        Contradicted = "tegengesproken" "The newest check found tampering, or two roots are attested for one size.",
    }

    /// What is attested about a checkpoint at one moment.
    state CheckpointAttestation as "CheckpointAttestationState" of AttestationStatus key {
        heads: Vec<Head> = "standen van het grootboek"
            "The states of the ledger that are attested; more than one only where the stream is about more than one.",
        split: bool = "tegenstrijdige wortelhashes" "Whether two roots are attested for one size.",
    }

    relations {
        annualReports: many annualReport shared size size = "jaarverslagen"
            "The annual reports that were compiled from this state of the ledger.",
        auditEngagements: many auditEngagement shared size size = "audits" "The audits with a dossier of this state.",
        ruleSets: many ruleSet shared size size = "regelsets" "The rule sets that were evaluated on this state.",
    }
}

impl Family for CheckpointAttestation {
    fn admit(&self, event: &CheckpointAttestationEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use CheckpointAttestationEvent as E;
        self.admit_order(event)?;
        match event {
            E::Signed(Signed { size, .. })
            | E::Witnessed(Witnessed { size, .. })
            | E::TimestampObtained(TimestampObtained { size, .. }) => admit_size("size", *size),
            E::IntegrityCheckPerformed(event) => admit_check(event),
            E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &CheckpointAttestationEvent, recorded: &Recorded) {
        use CheckpointAttestationEvent as E;
        self.keep(event, recorded);
        match event {
            E::Signed(Signed { size, root, .. })
            | E::Witnessed(Witnessed { size, root, .. })
            | E::TimestampObtained(TimestampObtained { size, root, .. }) => self.see(*size, *root, recorded),
            E::IntegrityCheckPerformed(event) => {
                if let Some(root) = event.root {
                    self.see(event.size, root, recorded);
                }
            }
            E::Retracted(_) => {}
        }
        self.status = self.standing();
    }
}

impl Head {
    /// Refuses a state of the ledger that has nothing in it.
    pub(in crate::family) fn admit(&self, field: &'static str) -> Result<(), Refusal> {
        admit_size(field, self.size)
    }
}

fn admit_size(field: &'static str, size: Sequence) -> Result<(), Refusal> {
    if size.0 == 0 {
        let message = "a ledger has one entry at least; give the number of entries, not the sequence of the last";
        return malformed(field, message);
    }
    Ok(())
}

fn admit_check(event: &IntegrityCheckPerformed) -> Result<(), Refusal> {
    admit_size("size", event.size)?;
    not_reversed("ended", event.started, event.ended)?;
    if event.bad_ranges.iter().any(|range| range.first > range.last) {
        return malformed("badRanges", "a range runs from its first to its last sequence");
    }
    if event.result == IntegrityResult::Intact && !event.bad_ranges.is_empty() {
        return malformed("result", "a ledger with a bad range is not intact; give another result");
    }
    Ok(())
}

impl CheckpointAttestation {
    fn see(&mut self, size: Sequence, root: Hash, recorded: &Recorded) {
        let head = Head { size, root };
        if self.heads.contains(&head) {
            return;
        }
        if self.heads.iter().any(|known| known.size == size) {
            self.split = true;
            note_anomaly(&mut self.anomalies, recorded, "another root had been attested for a ledger of this size");
        }
        self.heads.push(head);
    }

    fn standing(&self) -> AttestationStatus {
        let newest = self.checks.last().map(|check| check.fact.result);
        if self.split || newest == Some(IntegrityResult::Tampered) {
            AttestationStatus::Contradicted
        } else if !self.witnesses.is_empty() || !self.timestamps.is_empty() {
            AttestationStatus::Attested
        } else if !self.deposits.is_empty() {
            AttestationStatus::Signed
        } else {
            AttestationStatus::Unattested
        }
    }
}

#[cfg(test)]
mod tests;
