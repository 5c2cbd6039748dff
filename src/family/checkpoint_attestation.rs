//! Attestations of checkpoints: what outsiders, or the operator, said of one state of the ledger (GDPR Art. 32(1)(d)).
//!
//! One stream is about one checkpoint, and points to evidence that lies elsewhere. A size larger than this ledger is
//! recorded as it is: it shows that a tail was lost. Two roots for one size show that the ledger told two stories.

use super::declare::{choice, dossier, events, filter, record};
use super::dossier::{Refusal, not_reversed};
use super::finding::keyed;
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, note_anomaly};
use crate::ledger::erasable::Erasable;
use crate::ledger::key::VerifierKey;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Sequence};
use crate::time::{Instant, PartialDate};

record! {
    /// A state of the whole ledger, by its size and the root of its tree.
    Head "LedgerHead" "LedgerHeadInput" {
        /// How many entries it has.
        size: Sequence = "omvang",
        /// The root of the tree over them.
        root: Hash = "wortelhash",
    }
}

record! {
    /// A checkpoint is signed by the operator and deposited outside the ledger.
    Signed "CheckpointSigned" "CheckpointSignedInput" {
        /// How many entries it covers.
        size: Sequence = "omvang",
        /// The root of the tree over them.
        root: Hash = "wortelhash",
        /// The key that signed it.
        key: Option<VerifierKey> = "sleutel",
        /// With whom it is deposited, as `auditor-01`.
        depositary: Option<Code> = "bewaarnemer",
        /// Where it is deposited, if it can be read there.
        url: Option<String> = "vindplaats",
        /// SHA-256 of the signed note.
        note: Option<Hash> = "hash van het ondertekende checkpoint",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A witness confirms that the checkpoint continues all that it saw before (C2SP tlog-witness).
    Witnessed "CheckpointWitnessed" "CheckpointWitnessedInput" {
        /// How many entries it covers.
        size: Sequence = "omvang",
        /// The root of the tree over them.
        root: Hash = "wortelhash",
        /// The witness, as `witness-01`.
        witness: Code = "getuige",
        /// The key with which the witness signs.
        key: Option<VerifierKey> = "sleutel",
        /// When the witness signed, by its own clock.
        cosigned: Option<Instant> = "medeondertekend op",
        /// SHA-256 of the note with the witness's signature.
        note: Option<Hash> = "hash van het medeondertekende checkpoint",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A timestamp is obtained: the checkpoint existed at that moment (RFC 3161; eIDAS Art. 41).
    TimestampObtained "CheckpointTimestampObtained" "CheckpointTimestampObtainedInput" {
        /// How many entries it covers.
        size: Sequence = "omvang",
        /// The root of the tree over them.
        root: Hash = "wortelhash",
        /// The authority that gave it.
        authority: Code = "tijdstempeldienst",
        /// SHA-256 of the token.
        token: Hash = "hash van het tijdstempel",
        /// The time that the token states.
        stated: Option<Instant> = "gestempeld op",
        /// Whether it is a qualified timestamp (eIDAS Art. 42).
        qualified: Option<bool> = "gekwalificeerd",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What a check of the whole ledger came to.
    IntegrityResult "IntegrityResult" {
        /// Nothing was found changed.
        Intact = "ongeschonden",
        /// Something was found changed.
        Tampered = "gemanipuleerd",
        /// It could not be verified.
        Unverifiable = "niet te verifiëren",
    }
}

record! {
    /// A stretch of the ledger in which something is wrong.
    BadRange "IntegrityBadRange" "IntegrityBadRangeInput" {
        /// The first sequence.
        first: Sequence = "eerste volgnummer",
        /// The last one.
        last: Sequence = "laatste volgnummer",
    }
}

record! {
    /// The whole ledger is checked (Art. 32(1)(d)).
    IntegrityCheckPerformed "IntegrityCheckPerformed" "IntegrityCheckPerformedInput" {
        /// How many entries were checked.
        size: Sequence = "omvang",
        /// The root that was computed over them.
        root: Option<Hash> = "wortelhash",
        /// What it came to.
        result: IntegrityResult = "resultaat",
        /// The stretches in which something is wrong.
        bad_ranges: Vec<BadRange> = "beschadigde reeksen",
        /// The size of the trusted checkpoint that proves completeness; absent: none was at hand.
        complete_to: Option<Sequence> = "volledig tot",
        /// The role that checked, as `AUDITOR`.
        by: Option<Code> = "door",
        /// The program that checked, with its version.
        program: Option<Code> = "programma",
        /// SHA-256 of the report.
        report: Option<Hash> = "hash van het verslag",
        /// From when the check ran.
        started: Option<PartialDate> = "begonnen",
        /// When it was done.
        ended: Option<PartialDate> = "beëindigd",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What is attested about a checkpoint.
    CheckpointAttestationEvent "CheckpointAttestationEvent" "CheckpointAttestationEventInput",
    retracted "CheckpointAttestationRetracted" "CheckpointAttestationRetractedInput"
    {
        /// The operator signs and deposits it.
        Signed "signed" 1 "CheckpointSigned" = "checkpoint ondertekend en gedeponeerd",
        /// A witness confirms it.
        Witnessed "witnessed" 1 "CheckpointWitnessed" = "checkpoint bevestigd door getuige",
        /// A timestamp is obtained.
        TimestampObtained "timestampObtained" 1 "TimestampObtained" = "tijdstempel verkregen",
        /// The ledger is checked.
        IntegrityCheckPerformed "integrityCheckPerformed" 1 "IntegrityCheckPerformed"
            = "integriteitscontrole uitgevoerd",
    }
}

choice! {
    /// How well a checkpoint is attested.
    #[derive(Default)]
    AttestationStatus "CheckpointAttestationStatus" {
        /// By nobody.
        #[default]
        Unattested = "niet bevestigd",
        /// By the operator alone.
        Signed = "ondertekend",
        /// By an outsider: a witness or a timestamp authority.
        Attested = "bevestigd door een buitenstaander",
        /// The newest check found it tampered with, or two roots are attested for one size.
        Contradicted = "tegengesproken",
    }
}

dossier! {
    /// What is attested about a checkpoint at one moment.
    CheckpointAttestation "CheckpointAttestationState" follows CheckpointAttestationEvent, status AttestationStatus {
        /// The operator's signatures that were deposited, oldest first.
        deposits: every Signed -> Signed,
        /// The witnesses' signatures, oldest first.
        witnesses: every Witnessed -> Attested,
        /// The timestamps, oldest first.
        timestamps: every TimestampObtained -> Attested,
        /// The checks, oldest first.
        checks: every IntegrityCheckPerformed,
    } and {
        /// The states of the ledger that are attested; more than one only where the stream is about more than one.
        heads: Vec<Head> = "standen van het grootboek",
        /// Whether two roots are attested for one size.
        split: bool = "tegenstrijdige wortelhashes",
    }
}

filter! {
    "CheckpointAttestationFilter" {
        /// Checkpoints that stand so.
        status "status": AttestationStatus,
        /// Checkpoints of a size.
        size "size": Sequence,
        /// Checkpoints with a root.
        root "root": Hash,
        /// Checkpoints confirmed by a witness.
        witness "witness": Code,
        /// Checkpoints with a timestamp of an authority.
        authority "authority": Code,
        /// Checkpoints whose check came to this.
        result "result": IntegrityResult,
    }
}

impl Family for CheckpointAttestation {
    const NAME: &'static str = "checkpointAttestation";
    const LABEL_NL: &'static str = "verklaring over een checkpoint";
    const GRAPHQL_NAME: &'static str = "CheckpointAttestation";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = false;
    const RELATIONS: &'static [Relation] = &[
        Relation::many(
            "annualReports",
            "jaarverslagen",
            "annualReport",
            By::Shared("size", "size"),
            "The annual reports that were compiled from this state of the ledger.",
        ),
        Relation::many(
            "auditEngagements",
            "audits",
            "auditEngagement",
            By::Shared("size", "size"),
            "The audits with a dossier of this state of the ledger.",
        ),
        Relation::many(
            "ruleSets",
            "regelsets",
            "ruleSet",
            By::Shared("size", "size"),
            "The rule sets that were evaluated on this state of the ledger.",
        ),
    ];
    type Event = CheckpointAttestationEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

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

    fn keys(&self) -> Keys {
        // A check that computed no root is still about a size.
        let checked = self.checks.iter().map(|check| &check.fact.size);
        [
            keyed("size", self.heads.iter().map(|head| &head.size).chain(checked)),
            keyed("root", self.heads.iter().map(|head| &head.root)),
            keyed("witness", self.witnesses.iter().map(|witnessed| &witnessed.fact.witness)),
            keyed("authority", self.timestamps.iter().map(|timestamp| &timestamp.fact.authority)),
            keyed("result", self.checks.iter().map(|check| &check.fact.result)),
            keyed("status", [&self.status]),
        ]
        .concat()
    }
}

impl Head {
    /// Refuses a state of the ledger that has nothing in it.
    pub(super) fn admit(&self, field: &'static str) -> Result<(), Refusal> {
        admit_size(field, self.size)
    }
}

fn admit_size(field: &'static str, size: Sequence) -> Result<(), Refusal> {
    if size.0 == 0 {
        let message = "a ledger has one entry at least; give the number of entries, not the sequence of the last";
        return Err(Refusal::new(RejectionCode::Malformed, field, message));
    }
    Ok(())
}

fn admit_check(event: &IntegrityCheckPerformed) -> Result<(), Refusal> {
    admit_size("size", event.size)?;
    not_reversed("ended", event.started, event.ended)?;
    if event.bad_ranges.iter().any(|range| range.first > range.last) {
        return Err(Refusal::new(
            RejectionCode::Malformed,
            "badRanges",
            "a range runs from its first to its last sequence",
        ));
    }
    if event.result == IntegrityResult::Intact && !event.bad_ranges.is_empty() {
        let message = "a ledger with a bad range is not intact; give another result";
        return Err(Refusal::new(RejectionCode::Malformed, "result", message));
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
