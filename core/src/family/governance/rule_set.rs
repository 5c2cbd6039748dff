//! Rule sets: the rules by which is judged, from when they apply, and what was judged with them (GDPR Art. 5(2),
//! 24(1)).
//!
//! An evaluation is deterministic: the same tree, rule set and moments give the same sheet, so anybody can make it
//! again and compare its hash. The state holds the newest version and the rules in force; the text of every version
//! stands in the facts.

use crate::family::checkpoint_attestation::Head;
use crate::family::declare;
use crate::family::dossier::{Dated, Refusal, counted, distinct, not_empty};
use crate::family::finding::{Scope, admit_scope};
use crate::family::kit::{Context, Declared, Family, Keys, Recorded, RejectionCode, note_anomaly, push_keys};
pub use crate::family::value::Layer;
use crate::ledger::erasable::Erasable;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::{Instant, PartialDate};

declare! {
    family RuleSet many ruleSets = "regelset";

    /// What a rule comes to.
    #[cfg_attr(feature = "graphql", derive(async_graphql::Enum), graphql(name = "ComplianceOutcome"))]
    choice Outcome as "ComplianceOutcome" {
        Pass = "voldoet" "It is met.",
        Fail = "voldoet niet" "It is not met.",
        Warn = "aandachtspunt" "It is met, or nearly, with something to attend to.",
        NotApplicable = "niet van toepassing" "It does not apply.",
        Indeterminate = "niet vast te stellen" "What is recorded does not decide it.",
        PassErased = "voldeed, gegevens gewist" "It was met, and the evidence has been erased since (Art. 17).",
    }

    /// How often something came out.
    record OutcomeCount as "ComplianceOutcomeCount" {
        outcome: Outcome "What came out.",
        number: u32 = "aantal" "How often.",
    }

    /// A version of the rule set is published.
    event VersionPublished as "RuleSetVersionPublished" = "versie van de regelset gepubliceerd",
        last published "The newest version." {
        code: Code? "The code of the rule set, as `LAW-1`.",
        version: u32 "The version, counted from 1.",
        rules: Vec<Code> = "regels" "The rules in it, as `CON-03`.",
        hash: Hash = "hash van het regelbestand" key "SHA-256 of the file of the rules.",
        evaluator_version: Code? = "versie van het toetsprogramma" "The version of the program that evaluates it.",
    }

    /// Rules begin to apply.
    event RuleActivated = "regel geactiveerd", last activated "What was activated last." {
        rules: Vec<Code> = "regels" "The rules.",
        layer: Layer = "laag" "The layer in which they apply.",
        from: PartialDate? "From when they apply; absent: from the date of the fact.",
    }

    /// Rules apply no longer.
    event RuleRetired = "regel vervallen", last retired needs activated "What was retired last." {
        rules: Vec<Code> = "regels" "The rules.",
        layer: Layer? = "laag" "The layer in which they end; absent: in all layers.",
        reason: Erasable<String>? "Why.",
    }

    /// The same judgement with all that is known since.
    record Hindsight as "ComplianceHindsight" {
        known: Head = "bekend" "The tree that was known then.",
        sheet: Hash = "hash van het toetsblad" "SHA-256 of the sheet.",
        counts: Vec<OutcomeCount> = "aantallen" "How often each outcome came out.",
    }

    /// It is evaluated whether rules are met, and the sheet is held fast by its hash.
    event Evaluated as "ComplianceEvaluated" = "naleving getoetst", every evaluations "Evaluations, oldest first." {
        scope: Scope? = "reikwijdte" "What was evaluated; absent: the whole institution.",
        layers: Vec<Layer> = "lagen" "The layers that were evaluated; none named: all.",
        rules: Vec<Code> = "regels" "The rules that were evaluated; none named: all.",
        files: bool? = "dossiers over personen en incidenten"
            "Whether files about people and incidents were evaluated too; absent: they were not.",
        known: Head = "bekend" "The tree that was known.",
        valid_at: Instant = "geldigheidsmoment" "The moment in the world that was judged.",
        rules_at: Instant? = "moment van de regels" "The moment whose rules were applied; absent: the same moment.",
        rule_set_hash: Hash = "hash van het regelbestand" "SHA-256 of the file of the rules.",
        evaluator_version: Code = "versie van het toetsprogramma" "The version of the program that evaluated.",
        sheet: Hash = "hash van het toetsblad" key "SHA-256 of the sheet.",
        counts: Vec<OutcomeCount> = "aantallen" "How often each outcome came out.",
        hindsight: Hindsight? = "achteraf" "The same judgement with all that is known since.",
    }

    /// Where a rule set stands.
    choice RuleSetStatus {
        #[default] Unpublished = "niet gepubliceerd" "No version is published in this stream.",
        Published = "gepubliceerd" "A version is published, and no rule applies yet.",
        Active = "actief" "Rules apply.",
        Retired = "vervallen" "No rule applies any longer.",
    }

    /// A rule in a layer, and for how long it applies.
    record RuleInForce {
        rule: Code = "regel" "The rule.",
        layer: Layer = "laag" "The layer in which it applies.",
        from: PartialDate "From when it applies.",
        to: PartialDate? = "tot" "From when it applies no longer; absent: no end is known.",
        sequence: Sequence "The fact that says so.",
    }

    /// A version that was published.
    record Version as "RuleSetVersion" {
        version: u32 "The version.",
        hash: Hash = "hash van het regelbestand" "SHA-256 of the file of the rules.",
        from: PartialDate "From when it is published.",
        sequence: Sequence "The fact that says so.",
    }

    /// A rule set at one moment.
    state RuleSet as "RuleSetState" of RuleSetStatus key {
        code: Code? key "The code of the rule set.",
        versions: Vec<Version> = "versies" "All versions, oldest first.",
        rules: Vec<RuleInForce> = "regels" "The rules that apply or applied, in the order of their activation.",
    }

    keys {
        rule: Code "Rule sets in which a rule applies.",
        layer: Layer "Rule sets with rules of a layer in force.",
        unit: Code "Rule sets with evaluations of a unit.",
        activity: StreamId "Rule sets with evaluations of an activity.",
        platform: Code "Rule sets with evaluations of a platform.",
        system: Code "Rule sets with evaluations of a system.",
        party: Code "Rule sets with evaluations of a party.",
        subject: StreamId "Rule sets with evaluations of this stream.",
        size: Sequence "Rule sets that were evaluated on a ledger of this size.",
    }

    relations {
        findings: many finding theirs ruleSet = "bevindingen" "The findings that its evaluations brought up.",
        findingsOnItsRules: many finding shared rule rule = "bevindingen over deze regels"
            "The findings about rules that it has in force, whatever brought them up.",
        attestations: many checkpointAttestation shared size size = "verklaringen over het grootboek"
            "What was attested about the trees with which it was evaluated.",
    }
}

impl Family for RuleSet {
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
        let mut keys = self.declared_keys();
        for running in self.rules.iter().filter(|rule| rule.to.is_none()) {
            push_keys(&mut keys, "rule", &running.rule);
            push_keys(&mut keys, "layer", &running.layer);
        }
        for Dated { fact, .. } in &self.evaluations {
            fact.scope.iter().for_each(|scope| scope.add_keys(&mut keys));
            push_keys(&mut keys, "size", &fact.known.size);
        }
        keys
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
pub(in crate::family) fn admit_counts(field: &'static str, counts: &[OutcomeCount]) -> Result<(), Refusal> {
    distinct(field, counts.iter().map(|count| &count.outcome))
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
