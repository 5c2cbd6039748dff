//! Legal instruments: the statutes, adequacy decisions, sets of standard contractual clauses, judgments and guidance on which
//! verdicts rest, each with the time for which it holds (GDPR Art. 44-46, 51-59, 68-70).
//!
//! Validity is data, never a verdict: `validFrom`, `validTo` and `newUseUntil` may lie in the future of the fact that sets them
//! and are compared with a moment later. All ends are exclusive: on the day named it holds no more. An annulment says by itself
//! whether it reaches back (`annulled`); the interval stays as it was known.

use crate::family::declare;
use crate::family::dossier::{Refusal, distinct, ended, malformed, not_reversed, take_over};
use crate::family::governance_instrument::InstrumentTermCalendar;
use crate::family::kit::{Context, Declared, Family, Keys, Recorded, note_anomaly, push_keys};
use crate::family::value::{AnnulmentEffect, Document, LangText};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence};
use crate::time::{PartialDate, Term};

declare! {
    family LegalInstrument many legalInstruments = "rechtsinstrument", in register;

    /// What kind of legal instrument it is.
    choice InstrumentKind as "LegalInstrumentKind" {
        Statute = "wet of verordening" "A statute or a regulation.",
        Adequacy = "adequaatheidsbesluit" "An adequacy decision (Art. 45(3)).",
        SccSet = "set standaardcontractbepalingen" "A set of standard contractual clauses (Art. 46(2)(c)).",
        Judgment = "rechterlijke uitspraak" "A judgment.",
        Proceeding = "aanhangige procedure" "Proceedings that are pending.",
        Guideline = "richtsnoer" "Guidelines or recommendations of supervisory authorities (Art. 70).",
        SupervisorAdvice = "advies van de toezichthouder"
            "Advice or an explanation of norms by a supervisory authority (Art. 57(1), 58(3)).",
        SupervisorDecision = "besluit van de toezichthouder" "A decision of an authority in a case (Art. 58(2)).",
        Treaty = "verdrag" "A treaty.",
        Standard = "norm of model" "A standard or a model.",
        Proposal = "voorstel" "A proposal that is not law.",
        Development = "ontwikkeling" "Something that happened and bears on the law.",
        Other "Another kind of instrument.",
    }

    /// Which recipients in the territory it covers.
    choice ScopeKind as "LegalScopeKind" {
        All = "alle ontvangers" "All of them.",
        SelfCertified = "zelfgecertificeerde ondernemingen" "Those that certify themselves.",
        Listed = "ondernemingen op de lijst" "Those on its list.",
        Certified = "gecertificeerde ondernemingen" "Those that are certified.",
        Sector = "één sector" "Those of one sector.",
    }

    /// What it covers within its territory (Art. 45(1)).
    record Scope as "LegalInstrumentScope" {
        recipients: ScopeKind? "Which recipients.",
        sector: Code? = "sector" "The sector, as `COMMERCIAL_ORGANISATIONS`.",
        text: Erasable<LangText>? = "omschrijving" "The scope in words.",
    }

    /// Between whom standard contractual clauses are made.
    choice SccModule {
        ControllerToController = "verwerkingsverantwoordelijke aan verwerkingsverantwoordelijke"
            "From controller to controller.",
        ControllerToProcessor = "verwerkingsverantwoordelijke aan verwerker" "From controller to processor.",
        ProcessorToProcessor = "verwerker aan verwerker" "From processor to processor.",
        ProcessorToController = "verwerker aan verwerkingsverantwoordelijke" "From processor to controller.",
    }

    /// How one instrument bears on another.
    choice RelationKind as "LegalInstrumentRelationKind" {
        Amends = "wijzigt" "It amends the other.",
        Extends = "verlengt" "It prolongs the other.",
        Repeals = "trekt in" "It repeals the other.",
        Replaces = "vervangt" "It takes the place of the other.",
        Invalidates = "verklaart ongeldig" "It annuls the other.",
        Upholds = "laat in stand" "It leaves the other standing.",
        Challenges = "bestrijdt" "It contests the other.",
        Interprets = "legt uit" "It explains the other.",
        Implements = "voert uit" "It carries the other out.",
    }

    /// How it bears on another instrument.
    record InstrumentRelation as "LegalInstrumentRelation" {
        kind: RelationKind "In which way.",
        instrument: Code = "rechtsinstrument" "The other instrument, as `LEX-PSHIELD`.",
    }

    /// A value that the instrument gives to rules, as `breachTerm` with `PT72H` or `purelyCommercial` with `NOT_ALLOWED`.
    record Parameter as "LegalInstrumentParameter" {
        name: Code "The name by which rules read it.",
        values: Vec<Code> = "waarden" "Its values, if they are codes.",
        term: Term? "Its value, if it is a length of time.",
        calendar: InstrumentTermCalendar? = "termijnberekening" "How it is counted; absent: as the law says.",
    }

    /// How sure it is what is recorded about it.
    choice LegalConfidence {
        Known = "algemeen bekend" "General legal knowledge.",
        Sourced = "uit bron" "Found in a source.",
        Secondary = "uit secundaire bron" "Found in secondary sources only.",
        Check = "nog te controleren" "To be checked by a lawyer.",
    }

    /// What is said of an instrument when it is registered, and again when it enters into force.
    record About as "LegalInstrumentAbout" {
        code: Code "The code by which other facts name it, as `LEX-PSHIELD`.",
        kind: InstrumentKind? "What kind of instrument it is.",
        version: Code? "Its version, as `v2.0`.",
        citation: String? = "vindplaats" "How it is cited, as `C-311/18` or `2016/1250`.",
        identifier: Code? = "ECLI- of CELEX-nummer" "Its ECLI or CELEX number.",
        title: Erasable<LangText>? "Its name.",
        issuer: Code? = "afkomstig van" "Who issued it, as `CJEU`, `EC` or `EDPB`.",
        territory: Code? = "gebied" "The territory it is about, as `US`.",
        scope: Scope? = "reikwijdte" "What it covers within the territory.",
        modules: Vec<SccModule> = "modules" "Between whom the clauses are, if it is a set of them.",
        adopted: PartialDate? = "vastgesteld op" "When it was adopted.",
        published: PartialDate? = "gepubliceerd op" "When it was published: nobody outside could know it before.",
        valid_from: PartialDate? = "geldig vanaf"
            "From when it is in force, if that is known; absent at its entry into force: the date of that fact.",
        valid_to: PartialDate? = "geldig tot" "Until when it is in force, that day excluded.",
        new_use_until: PartialDate? = "nieuw gebruik tot" "Until when contracts may be made on it, that day excluded.",
        relations: Vec<InstrumentRelation> = "verband met andere rechtsinstrumenten" "How it bears on others.",
        rules: Vec<Code> = "regels" "The rules or rule sets that it brings about or changes, as `TRF-04` or `LAW-1`.",
        rule_effect: Erasable<String>? = "gevolg voor de regels" "What it does to them, in words.",
        parameters: Vec<Parameter> = "parameters" "The values that it gives to rules.",
        confidence: LegalConfidence? = "zekerheid" "How sure all this is.",
        url: String? = "vindplaats op het web" "Where it can be read.",
        document: Document? "Its text as a document.",
        remark: Erasable<String>? "Anything else worth knowing.",
    }

    /// A legal instrument is registered: the institution knows of it.
    event Registered as "LegalInstrumentRegistered" of About = "geregistreerd",
        once registered -> Registered "Its registration.";

    /// A legal instrument enters into force; every field present replaces what was registered.
    event EnteredIntoForce as "LegalInstrumentEnteredIntoForce" of About = "in werking getreden",
        once entered_into_force -> Valid "Its entry into force.";

    /// What became of a challenge.
    choice ChallengeOutcome as "LegalChallengeOutcome" {
        Pending = "aanhangig" "Nothing yet.",
        Rejected "The instrument stands.",
        Withdrawn "The challenge was given up.",
        Succeeded = "geslaagd" "The instrument falls; its annulment is a fact of its own.",
    }

    /// A legal instrument is challenged, or a challenge is decided.
    event Challenged as "LegalInstrumentChallenged" = "aangevochten",
        every challenged needs registered or entered_into_force -> Challenged
            "Challenges and what became of them, oldest first." {
        case: String? = "zaak" "The case, as `C-703/25 P`.",
        by: Code? = "blijkens" "The instrument that tells of it, as `LEX-C703-25P`.",
        outcome: ChallengeOutcome? "What became of it; absent: nothing yet.",
        reason: Erasable<String>? "What is said against the instrument.",
    }

    /// A legal instrument is amended: every field present replaces what held before.
    event Amended as "LegalInstrumentAmended" = "gewijzigd",
        every amended needs registered or entered_into_force "Its amendments, oldest first." {
        by: Code? = "gewijzigd door" "The instrument that amends it.",
        version: Code? "Its version, as `v2.0`.",
        citation: String? = "vindplaats" "How it is cited.",
        title: Erasable<LangText>? "Its name.",
        territory: Code? = "gebied" "The territory it is about.",
        scope: Scope? = "reikwijdte" "What it covers within the territory.",
        modules: Vec<SccModule>? = "modules" "Between whom the clauses are, if it is a set of them.",
        published: PartialDate? = "gepubliceerd op" "When the amendment was published.",
        rules: Vec<Code>? = "regels" "The rules or rule sets that it brings about or changes.",
        rule_effect: Erasable<String>? = "gevolg voor de regels" "What it does to them, in words.",
        parameters: Vec<Parameter>? = "parameters" "The values that it gives to rules.",
        confidence: LegalConfidence? = "zekerheid" "How sure all this is.",
        change: Erasable<String>? = "wijziging" "What changes.",
        document: Document? "The amendment as a document.",
    }

    /// It is settled when a legal instrument ends by itself (Art. 45(3)); a later date prolongs it.
    event SunsetSet as "LegalInstrumentSunsetSet" = "einddatum bepaald",
        every sunset_set needs registered or entered_into_force "The ends that were settled for it, oldest first." {
        to: PartialDate = "geldig tot" "Until when it is in force, that day excluded.",
        by: Code? = "bepaald door" "The instrument that settles it.",
        published: PartialDate? = "gepubliceerd op" "When that was published.",
        confidence: LegalConfidence? = "zekerheid" "How sure all this is.",
    }

    /// A legal instrument is annulled.
    event Invalidated as "LegalInstrumentInvalidated" = "ongeldig verklaard",
        once invalidated needs registered or entered_into_force -> Invalidated "Its annulment." {
        by: Code? = "ongeldig verklaard door" "The instrument that annuls it, as `LEX-C311-18`.",
        effect: AnnulmentEffect? = "werking" "From when the annulment counts; absent: that is not settled.",
        to: PartialDate? = "geldig tot" "Until when it was taken to be valid; absent: until the date of the fact.",
        confidence: LegalConfidence? = "zekerheid" "How sure all this is.",
        reason: Erasable<String>? "Why.",
    }

    /// A legal instrument is repealed.
    event Repealed as "LegalInstrumentRepealed" = "ingetrokken",
        every repealed needs registered or entered_into_force -> Repealed "Its repeal, oldest first." {
        to: PartialDate = "ingetrokken per" "From when the repeal counts: without a transition, its end.",
        transition_until: PartialDate? = "overgangstermijn tot"
            "Until when what was agreed before goes on resting on it, that day excluded.",
        new_use_until: PartialDate? = "nieuw gebruik tot"
            "Until when contracts may be made on it, that day excluded; absent: until the repeal counts.",
        by: Code? = "ingetrokken door" "The instrument that repeals it.",
        confidence: LegalConfidence? = "zekerheid" "How sure all this is.",
    }

    /// What became of a legal instrument by its last fact; from when and until when it holds is said by its dates.
    choice InstrumentStatus as "LegalInstrumentStatus" {
        #[default] Unregistered = "niet geregistreerd" "Not registered yet.",
        Registered = "geregistreerd" "Known.",
        Valid = "geldig" "It is in force within its dates.",
        Challenged = "aangevochten" "It is in force within its dates, and challenged.",
        Invalidated = "ongeldig verklaard" "Annulled.",
        Repealed = "ingetrokken" "Repealed; `validTo` says until when it is still in force.",
        Expired = "vervallen" "Its time was over when its last fact took effect.",
    }

    /// The annulment of a legal instrument.
    record Annulment as "LegalInstrumentAnnulment" {
        effect: AnnulmentEffect? = "werking" "From when it counts: the beginning or from now on; absent: not settled.",
        by: Code? = "ongeldig verklaard door" "The instrument that annuls it.",
        from: PartialDate "When it was annulled.",
        sequence: Sequence "The fact that says so.",
    }

    /// A challenge that is not decided.
    record OpenChallenge as "LegalInstrumentOpenChallenge" {
        case: String? = "zaak" "The case.",
        by: Code? = "blijkens" "The instrument that tells of it.",
        since: PartialDate "Since when.",
        sequence: Sequence "The fact that says so.",
    }

    /// A legal instrument at one moment.
    state LegalInstrument as "LegalInstrumentState" of InstrumentStatus key {
        code: Code? key "The code by which other facts name it.",
        kind: InstrumentKind? key "What kind of instrument it is.",
        version: Code? "Its version now.",
        citation: String? = "vindplaats" "How it is cited.",
        identifier: Code? = "ECLI- of CELEX-nummer" "Its ECLI or CELEX number.",
        title: Erasable<LangText>? "Its name.",
        issuer: Code? = "afkomstig van" "Who issued it.",
        territory: Code? = "gebied" key "The territory it is about.",
        scope: Scope? = "reikwijdte" "What it covers within the territory.",
        modules: Vec<SccModule> = "modules" "Between whom the clauses are, if it is a set of them.",
        adopted: PartialDate? = "vastgesteld op" "When it was adopted.",
        published: PartialDate? = "gepubliceerd op" "When it was first published.",
        valid_from: PartialDate? = "geldig vanaf" "From when it is in force.",
        valid_to: PartialDate? = "geldig tot" "Until when it is in force, as known now; that day excluded.",
        new_use_until: PartialDate? = "nieuw gebruik tot" "Until when contracts may be made on it, that day excluded.",
        annulled: Annulment? = "ongeldigverklaring"
            "Its annulment; one from the beginning leaves no time at which it was valid, seen afterwards.",
        open_challenges: Vec<OpenChallenge> = "lopende procedures" "The challenges that are not decided.",
        relations: Vec<InstrumentRelation> = "verband met andere rechtsinstrumenten" "How it bears on others.",
        rules: Vec<Code> = "regels" "The rules or rule sets that it brings about or changes.",
        rule_effect: Erasable<String>? = "gevolg voor de regels" "What it does to them, in words.",
        parameters: Vec<Parameter> = "parameters" "The values that it gives to rules.",
        confidence: LegalConfidence? = "zekerheid" "How sure all this is.",
    }

    keys {
        instrument: Code "The instrument with that code.",
        related: Code "Instruments whose facts name that one.",
    }

    relations {
        relatedInstruments: many legalInstrument shared code related = "genoemde rechtsinstrumenten"
            "The legal instruments on which it bears or that bear on it, as its own facts name them.",
        relatingInstruments: many legalInstrument shared related code = "verwijzende rechtsinstrumenten"
            "The legal instruments whose facts name it.",
        transferGrounds: many transferGround shared instrument code = "doorgiften" "The transfers that rest on it.",
    }
}

impl Family for LegalInstrument {
    fn admit(&self, event: &LegalInstrumentEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use LegalInstrumentEvent as E;
        self.admit_order(event)?;
        match event {
            E::Registered(event) => self.admit_about(event, event.valid_from),
            E::EnteredIntoForce(event) => {
                let from = event.valid_from.or(self.valid_from).unwrap_or(context.place.effective);
                self.admit_about(event, Some(from))
            }
            E::Challenged(event) => self.admit_other(&event.by),
            E::Amended(_) | E::SunsetSet(_) | E::Repealed(_) if self.annulled.is_some() => {
                ended("this instrument was annulled before that moment")
            }
            E::Amended(event) => {
                self.admit_other(&event.by)?;
                admit_parameters(event.parameters.as_deref().unwrap_or_default())
            }
            E::SunsetSet(event) => {
                self.admit_other(&event.by)?;
                not_reversed("to", self.valid_from, Some(event.to))
            }
            E::Invalidated(event) => {
                self.admit_other(&event.by)?;
                not_reversed("to", self.valid_from, event.to)
            }
            E::Repealed(event) => {
                self.admit_other(&event.by)?;
                not_reversed("to", self.valid_from, Some(event.to))?;
                not_reversed("transitionUntil", Some(event.to), event.transition_until)
            }
            E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &LegalInstrumentEvent, recorded: &Recorded) {
        use LegalInstrumentEvent as E;
        self.keep(event, recorded);
        match event {
            E::Registered(event) => self.describe_as(event),
            E::EnteredIntoForce(event) => {
                self.valid_from = self.valid_from.or(Some(recorded.effective));
                self.describe_as(event);
            }
            E::Challenged(event) => self.challenge(event, recorded),
            E::Amended(event) => self.amend(event, recorded),
            E::SunsetSet(event) => {
                if self.can_end(recorded) {
                    self.valid_to = Some(event.to);
                }
            }
            E::Invalidated(event) => self.annul(event, recorded),
            E::Repealed(event) => {
                if self.can_end(recorded) {
                    self.valid_to = event.transition_until.or(Some(event.to));
                    self.new_use_until = event.new_use_until.or(Some(event.to));
                }
            }
            E::Retracted(_) => {}
        }
        self.status = self.standing(recorded);
    }

    fn keys(&self) -> Keys {
        let mut keys = self.declared_keys();
        push_keys(&mut keys, "instrument", &self.code);
        self.related().for_each(|code| push_keys(&mut keys, "related", code));
        keys
    }
}

impl LegalInstrument {
    fn admit_about(&self, about: &About, valid_from: Option<PartialDate>) -> Result<(), Refusal> {
        // The code is how others name it, so one stream has one.
        if let Some(known) = self.code.as_ref().filter(|known| **known != about.code) {
            let message = format!("this stream is about {known}; use a stream of its own for {}", about.code);
            return malformed("code", message);
        }
        if about.relations.iter().any(|relation| relation.instrument == about.code) {
            return malformed("relations", "an instrument bears on others, not on itself; leave this relation out");
        }
        admit_parameters(&about.parameters)?;
        not_reversed("validTo", valid_from, about.valid_to)
    }

    fn admit_other(&self, by: &Option<Code>) -> Result<(), Refusal> {
        if by.is_some() && *by == self.code {
            return malformed("by", "an instrument cannot do this to itself");
        }
        Ok(())
    }

    fn describe_as(&mut self, about: &About) {
        self.code = Some(about.code.clone());
        take_over!(about => self; kind, version, citation, identifier, title, issuer, territory, scope, modules, adopted);
        take_over!(about => self; published, valid_from, valid_to, new_use_until, relations, rules, rule_effect);
        take_over!(about => self; parameters, confidence);
    }

    fn challenge(&mut self, event: &Challenged, recorded: &Recorded) {
        let pending = matches!(event.outcome, None | Some(ChallengeOutcome::Pending));
        let known = self.open_challenges.iter().any(|challenge| challenge.case == event.case);
        match (pending, known) {
            (true, false) => self.open_challenges.push(OpenChallenge {
                case: event.case.clone(),
                by: event.by.clone(),
                since: recorded.effective,
                sequence: recorded.sequence,
            }),
            (true, true) => {}
            (false, _) => self.open_challenges.retain(|challenge| challenge.case != event.case),
        }
    }

    fn amend(&mut self, event: &Amended, recorded: &Recorded) {
        if self.annulled.is_some() {
            return note_anomaly(&mut self.anomalies, recorded, "the instrument had been annulled before");
        }
        take_over!(event => self; version, citation, title, territory, scope, rule_effect, confidence);
        // An empty list is said too: there are none any more.
        event.modules.iter().for_each(|modules| self.modules.clone_from(modules));
        event.rules.iter().for_each(|rules| self.rules.clone_from(rules));
        event.parameters.iter().for_each(|parameters| self.parameters.clone_from(parameters));
    }

    /// What was annulled has its end; a sunset or a repeal cannot give it another.
    fn can_end(&mut self, recorded: &Recorded) -> bool {
        if self.annulled.is_some() {
            note_anomaly(&mut self.anomalies, recorded, "the instrument had been annulled before");
        }
        self.annulled.is_none()
    }

    fn annul(&mut self, event: &Invalidated, recorded: &Recorded) {
        if self.annulled.is_some() {
            return;
        }
        let to = event.to.unwrap_or(recorded.effective);
        let over_before = self.valid_to.filter(|known| known.earliest() < to.earliest());
        self.valid_to = over_before.or(Some(to));
        self.annulled = Some(Annulment {
            effect: event.effect,
            by: event.by.clone(),
            from: recorded.effective,
            sequence: recorded.sequence,
        });
    }

    fn standing(&self, recorded: &Recorded) -> InstrumentStatus {
        let over = self.valid_to.is_some_and(|to| to.earliest() <= recorded.effective.earliest());
        let holds = self.entered_into_force.is_some() || self.valid_from.is_some();
        if self.annulled.is_some() {
            InstrumentStatus::Invalidated
        } else if !self.repealed.is_empty() {
            InstrumentStatus::Repealed
        } else if over {
            InstrumentStatus::Expired
        } else if !self.open_challenges.is_empty() {
            InstrumentStatus::Challenged
        } else if holds {
            InstrumentStatus::Valid
        } else if self.registered.is_some() {
            InstrumentStatus::Registered
        } else {
            InstrumentStatus::Unregistered
        }
    }

    /// The instruments that its facts name.
    fn related(&self) -> impl Iterator<Item = &Code> {
        let relations = self.relations.iter().map(|relation| &relation.instrument);
        let challenged = self.challenged.iter().filter_map(|challenged| challenged.fact.by.as_ref());
        let amended = self.amended.iter().filter_map(|amended| amended.fact.by.as_ref());
        let sunset = self.sunset_set.iter().filter_map(|sunset| sunset.fact.by.as_ref());
        let annulled = self.annulled.iter().filter_map(|annulled| annulled.by.as_ref());
        let repealed = self.repealed.iter().filter_map(|repealed| repealed.fact.by.as_ref());
        relations.chain(challenged).chain(amended).chain(sunset).chain(annulled).chain(repealed)
    }
}

fn admit_parameters(parameters: &[Parameter]) -> Result<(), Refusal> {
    distinct("parameters", parameters.iter().map(|parameter| &parameter.name))?;
    parameters.iter().try_for_each(|parameter| distinct("parameters", &parameter.values))?;
    match parameters.iter().find(|parameter| parameter.values.is_empty() && parameter.term.is_none()) {
        Some(parameter) => {
            malformed("parameters", format!("{} has no value; give `values` or a `term`", parameter.name))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
