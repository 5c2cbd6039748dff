//! Rule sets: the rules by which is judged, from when they apply, and what was judged with them (GDPR Art. 5(2),
//! 24(1)).
//!
//! An evaluation is deterministic: the same tree, rule set and moments give the same sheet, so anybody can make it
//! again and compare its hash. The state holds the newest version and the rules in force; the text of every version
//! stands in the facts.

use super::checkpoint_attestation::Head;
use super::declare::{choice, dossier, events, filter, record, state};
use super::dossier::{Refusal, counted, distinct, not_empty};
use super::finding::{Scope, admit_scope, keyed};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, note_anomaly};
use crate::ledger::erasable::Erasable;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::{Instant, PartialDate};

choice! {
    /// From where a rule speaks. The layers are judged side by side and never merged.
    Layer "RuleLayer" {
        /// The law: the GDPR, national law, the case law on them.
        Law = "wet",
        /// The institution's own policy.
        Policy = "beleid",
        /// A guideline of the institution.
        Guideline = "richtlijn",
        /// What the supervisory authority says.
        Supervisor = "toezichthouder",
        /// Good practice, which nobody must follow.
        Practice = "praktijk",
    }
}

choice! {
    /// What a rule comes to.
    Outcome "ComplianceOutcome" {
        /// It is met.
        Pass = "voldoet",
        /// It is not met.
        Fail = "voldoet niet",
        /// It is met, or nearly, with something to attend to.
        Warn = "aandachtspunt",
        /// It does not apply.
        NotApplicable = "niet van toepassing",
        /// What is recorded does not decide it.
        Indeterminate = "niet vast te stellen",
        /// It was met, and the evidence has been erased since (Art. 17).
        PassErased = "voldeed, gegevens gewist",
    }
}

record! {
    /// How often something came out.
    OutcomeCount "ComplianceOutcomeCount" "ComplianceOutcomeCountInput" {
        /// What came out.
        outcome: Outcome,
        /// How often.
        number: u32 = "aantal",
    }
}

record! {
    /// A version of the rule set is published.
    VersionPublished "RuleSetVersionPublished" "RuleSetVersionPublishedInput" {
        /// The code of the rule set, as `LAW-1`.
        code: Option<Code> = "code",
        /// The version, counted from 1.
        version: u32,
        /// The rules that it holds, as `CON-03`.
        rules: Vec<Code> = "regels",
        /// SHA-256 of the file of the rules.
        hash: Hash = "hash van het regelbestand",
        /// The version of the program that evaluates it.
        evaluator_version: Option<Code> = "versie van het toetsprogramma",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Rules begin to apply.
    RuleActivated "RuleActivated" "RuleActivatedInput" {
        /// The rules.
        rules: Vec<Code> = "regels",
        /// The layer in which they apply.
        layer: Layer = "laag",
        /// From when they apply; absent: from when the fact holds.
        from: Option<PartialDate>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Rules apply no longer.
    RuleRetired "RuleRetired" "RuleRetiredInput" {
        /// The rules.
        rules: Vec<Code> = "regels",
        /// The layer in which they end; absent: in all layers.
        layer: Option<Layer> = "laag",
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The same judgement with all that is known since.
    Hindsight "ComplianceHindsight" "ComplianceHindsightInput" {
        /// The tree that was known then.
        known: Head = "bekend",
        /// SHA-256 of the sheet.
        sheet: Hash = "hash van het toetsblad",
        /// How often each outcome came out.
        counts: Vec<OutcomeCount> = "aantallen",
    }
}

record! {
    /// It is evaluated whether rules are met, and the sheet is held fast by its hash.
    Evaluated "ComplianceEvaluated" "ComplianceEvaluatedInput" {
        /// What was evaluated; absent: the whole institution.
        scope: Option<Scope> = "reikwijdte",
        /// The layers that were evaluated; none named: all.
        layers: Vec<Layer> = "lagen",
        /// The rules that were evaluated; none named: all.
        rules: Vec<Code> = "regels",
        /// Whether files about people and incidents were evaluated too; absent: they were not.
        files: Option<bool> = "dossiers over personen en incidenten",
        /// The tree that was known.
        known: Head = "bekend",
        /// The moment in the world that was judged.
        valid_at: Instant = "geldigheidsmoment",
        /// The moment whose rules were applied; absent: the same moment.
        rules_at: Option<Instant> = "moment van de regels",
        /// SHA-256 of the file of the rules.
        rule_set_hash: Hash = "hash van het regelbestand",
        /// The version of the program that evaluated.
        evaluator_version: Code = "versie van het toetsprogramma",
        /// SHA-256 of the sheet.
        sheet: Hash = "hash van het toetsblad",
        /// How often each outcome came out.
        counts: Vec<OutcomeCount> = "aantallen",
        /// The same judgement with all that is known since.
        hindsight: Option<Hindsight> = "achteraf",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a rule set.
    RuleSetEvent "RuleSetEvent" "RuleSetEventInput",
    retracted "RuleSetRetracted" "RuleSetRetractedInput"
    {
        /// A version is published.
        VersionPublished "versionPublished" 1 "RuleSetVersionPublished" = "versie van de regelset gepubliceerd",
        /// Rules begin to apply.
        RuleActivated "ruleActivated" 1 "RuleActivated" = "regel geactiveerd",
        /// Rules apply no longer.
        RuleRetired "ruleRetired" 1 "RuleRetired" = "regel vervallen",
        /// It is evaluated whether rules are met.
        Evaluated "evaluated" 1 "ComplianceEvaluated" = "naleving getoetst",
    }
}

choice! {
    /// Where a rule set stands.
    #[derive(Default)]
    RuleSetStatus "RuleSetStatus" {
        /// No version is published in this stream.
        #[default]
        Unpublished = "niet gepubliceerd",
        /// A version is published, and no rule applies yet.
        Published = "gepubliceerd",
        /// Rules apply.
        Active = "actief",
        /// No rule applies any longer.
        Retired = "vervallen",
    }
}

state! {
    /// A rule in a layer, and for how long it applies.
    RuleInForce "RuleInForce" {
        /// The rule.
        rule: Code = "regel",
        /// The layer in which it applies.
        layer: Layer = "laag",
        /// From when it applies.
        from: PartialDate,
        /// From when it applies no longer; absent: no end is known.
        to: Option<PartialDate> = "tot",
        /// The fact that says so.
        sequence: Sequence,
    }
}

state! {
    /// A version that was published.
    Version "RuleSetVersion" {
        /// The version.
        version: u32,
        /// SHA-256 of the file of the rules.
        hash: Hash = "hash van het regelbestand",
        /// From when it is published.
        from: PartialDate,
        /// The fact that says so.
        sequence: Sequence,
    }
}

dossier! {
    /// A rule set at one moment.
    RuleSet "RuleSetState" follows RuleSetEvent, status RuleSetStatus {
        /// The newest version.
        published: last VersionPublished,
        /// What was activated last.
        activated: last RuleActivated,
        /// What was retired last.
        retired: last RuleRetired needs activated,
        /// Evaluations, oldest first.
        evaluations: every Evaluated,
    } and {
        /// The code of the rule set.
        code: Option<Code> = "code",
        /// All versions, oldest first.
        versions: Vec<Version> = "versies",
        /// The rules that apply or applied, in the order of their activation.
        rules: Vec<RuleInForce> = "regels",
    }
}

filter! {
    "RuleSetFilter" {
        /// Rule sets that stand so.
        status "status": RuleSetStatus,
        /// The rule set with that code.
        code "code": Code,
        /// Rule sets in which a rule applies.
        rule "rule": Code,
        /// Rule sets with rules of a layer in force.
        layer "layer": Layer,
        /// Rule sets with evaluations of a unit.
        unit "unit": Code,
        /// Rule sets with evaluations of an activity.
        activity "activity": StreamId,
        /// The rule set with the evaluation that has this sheet.
        sheet "sheet": Hash,
    }
}

impl Family for RuleSet {
    const NAME: &'static str = "ruleSet";
    const LABEL_NL: &'static str = "regelset";
    const GRAPHQL_NAME: &'static str = "RuleSet";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = false;
    const RELATIONS: &'static [Relation] = &[
        Relation::many(
            "findings",
            "bevindingen",
            "finding",
            By::Theirs("ruleSet"),
            "The findings that its evaluations brought up.",
        ),
        Relation::many(
            "findingsOnItsRules",
            "bevindingen over deze regels",
            "finding",
            By::Shared("rule", "rule"),
            "The findings about rules that it has in force, whatever brought them up.",
        ),
        Relation::many(
            "attestations",
            "verklaringen over het grootboek",
            "checkpointAttestation",
            By::Shared("size", "size"),
            "What was attested about the trees with which it was evaluated.",
        ),
    ];
    type Event = RuleSetEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &RuleSetEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use RuleSetEvent as E;
        self.admit_order(event)?;
        match event {
            E::VersionPublished(event) => self.admit_version(event),
            E::RuleActivated(event) => admit_rules(&event.rules),
            E::RuleRetired(event) => self.admit_retirement(event),
            E::Evaluated(event) => admit_evaluation(event),
            E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &RuleSetEvent, recorded: &Recorded) {
        use RuleSetEvent as E;
        self.keep(event, recorded);
        match event {
            E::VersionPublished(event) => self.publish(event, recorded),
            E::RuleActivated(event) => self.activate(event, recorded),
            E::RuleRetired(event) => self.retire(event, recorded),
            E::Evaluated(_) | E::Retracted(_) => {}
        }
        self.status = self.standing();
    }

    fn keys(&self) -> Keys {
        let evaluations = self.evaluations.iter().map(|evaluation| &evaluation.fact);
        let running = self.rules.iter().filter(|rule| rule.to.is_none());
        [
            keyed("code", &self.code),
            keyed("hash", self.published.iter().map(|published| &published.fact.hash)),
            keyed("rule", running.clone().map(|rule| &rule.rule)),
            keyed("layer", running.map(|rule| &rule.layer)),
            evaluations.clone().filter_map(|evaluation| evaluation.scope.as_ref()).flat_map(Scope::keys).collect(),
            keyed("sheet", evaluations.clone().map(|evaluation| &evaluation.sheet)),
            keyed("size", evaluations.map(|evaluation| &evaluation.known.size)),
            keyed("status", [&self.status]),
        ]
        .concat()
    }
}

fn admit_rules(rules: &[Code]) -> Result<(), Refusal> {
    not_empty("rules", rules)?;
    distinct("rules", rules)
}

fn admit_evaluation(event: &Evaluated) -> Result<(), Refusal> {
    admit_scope("scope", &event.scope)?;
    distinct("rules", &event.rules)?;
    distinct("layers", &event.layers)?;
    event.known.admit("known")?;
    admit_counts("counts", &event.counts)?;
    match &event.hindsight {
        Some(hindsight) => {
            hindsight.known.admit("hindsight.known")?;
            admit_counts("hindsight.counts", &hindsight.counts)
        }
        None => Ok(()),
    }
}

/// Refuses two counts of one outcome.
pub(super) fn admit_counts(field: &'static str, counts: &[OutcomeCount]) -> Result<(), Refusal> {
    let outcomes: Vec<Outcome> = counts.iter().map(|count| count.outcome).collect();
    distinct(field, &outcomes)
}

impl RuleSet {
    fn admit_version(&self, event: &VersionPublished) -> Result<(), Refusal> {
        counted("version", event.version)?;
        admit_rules(&event.rules)?;
        if self.versions.iter().any(|known| known.version == event.version) {
            let message = format!("version {} is published already; give the next one", event.version);
            return Err(Refusal::new(RejectionCode::AlreadyExists, "version", message));
        }
        Ok(())
    }

    fn admit_retirement(&self, event: &RuleRetired) -> Result<(), Refusal> {
        admit_rules(&event.rules)?;
        let unknown = event.rules.iter().find(|rule| !self.rules.iter().any(|known| is_meant(known, rule, event)));
        match unknown {
            Some(rule) => {
                let message = format!("{rule} was not activated there before that moment");
                Err(Refusal::new(RejectionCode::NeverExisted, "rules", message))
            }
            None => Ok(()),
        }
    }

    fn publish(&mut self, event: &VersionPublished, recorded: &Recorded) {
        if self.versions.iter().any(|known| known.version == event.version) {
            note_anomaly(&mut self.anomalies, recorded, "this version had been published before");
        }
        self.code = event.code.clone().or(self.code.take());
        self.versions.push(Version {
            version: event.version,
            hash: event.hash,
            from: recorded.effective,
            sequence: recorded.sequence,
        });
    }

    /// A rule that is activated again begins anew; only its newest period is kept.
    fn activate(&mut self, event: &RuleActivated, recorded: &Recorded) {
        for rule in &event.rules {
            self.rules.retain(|known| known.rule != *rule || known.layer != event.layer);
            self.rules.push(RuleInForce {
                rule: rule.clone(),
                layer: event.layer,
                from: event.from.unwrap_or(recorded.effective),
                to: None,
                sequence: recorded.sequence,
            });
        }
    }

    fn retire(&mut self, event: &RuleRetired, recorded: &Recorded) {
        if self.admit_retirement(event).is_err() {
            note_anomaly(&mut self.anomalies, recorded, "a rule was retired that had not been activated yet");
        }
        for rule in &event.rules {
            let meant = self.rules.iter_mut().filter(|known| is_meant(known, rule, event));
            meant.for_each(|known| known.to = Some(recorded.effective));
        }
    }

    fn standing(&self) -> RuleSetStatus {
        if self.rules.iter().any(|rule| rule.to.is_none()) {
            RuleSetStatus::Active
        } else if !self.rules.is_empty() {
            RuleSetStatus::Retired
        } else if self.published.is_some() {
            RuleSetStatus::Published
        } else {
            RuleSetStatus::Unpublished
        }
    }
}

fn is_meant(known: &RuleInForce, rule: &Code, event: &RuleRetired) -> bool {
    known.rule == *rule && event.layer.is_none_or(|layer| layer == known.layer)
}

#[cfg(test)]
mod tests;
