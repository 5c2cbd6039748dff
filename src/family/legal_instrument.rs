//! Legal instruments: the statutes, adequacy decisions, sets of standard contractual clauses, judgments and guidance on which
//! verdicts rest, each with the time for which it holds (GDPR Art. 44-46, 51-59, 68-70).
//!
//! Validity is data, never a verdict: `validFrom`, `validTo` and `newUseUntil` may lie in the future of the fact that sets them
//! and are compared with a moment later. All ends are exclusive: on the day named it holds no more. An annulment says by itself
//! whether it reaches back (`annulled`); the interval stays as it was known.

use super::declare::{choice, dossier, events, filter, record, state};
use super::dossier::{Refusal, distinct};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::value::{AnnulmentEffect, Document, LangText};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence};
use crate::time::{PartialDate, Term};

choice! {
    /// What kind of legal instrument it is.
    InstrumentKind "LegalInstrumentKind" {
        /// A statute or a regulation.
        Statute = "wet of verordening",
        /// An adequacy decision (Art. 45(3)).
        Adequacy = "adequaatheidsbesluit",
        /// A set of standard contractual clauses (Art. 46(2)(c)).
        SccSet = "set standaardcontractbepalingen",
        /// A judgment.
        Judgment = "rechterlijke uitspraak",
        /// Proceedings that are pending.
        Proceeding = "aanhangige procedure",
        /// Guidelines or recommendations of supervisory authorities (Art. 70).
        Guideline = "richtsnoer",
        /// Advice or an explanation of norms by a supervisory authority (Art. 57(1), 58(3)).
        SupervisorAdvice = "advies van de toezichthouder",
        /// A decision of a supervisory authority in a case (Art. 58(2)).
        SupervisorDecision = "besluit van de toezichthouder",
        /// A treaty.
        Treaty = "verdrag",
        /// A standard or a model.
        Standard = "norm of model",
        /// A proposal that is not law.
        Proposal = "voorstel",
        /// Something that happened and bears on the law.
        Development = "ontwikkeling",
        /// Another kind of instrument.
        Other,
    }
}

choice! {
    /// Which recipients in the territory it covers.
    ScopeKind "LegalScopeKind" {
        /// All of them.
        All = "alle ontvangers",
        /// Those that certify themselves.
        SelfCertified = "zelfgecertificeerde ondernemingen",
        /// Those on its list.
        Listed = "ondernemingen op de lijst",
        /// Those that are certified.
        Certified = "gecertificeerde ondernemingen",
        /// Those of one sector.
        Sector = "één sector",
    }
}

record! {
    /// What it covers within its territory (Art. 45(1)).
    Scope "LegalInstrumentScope" "LegalInstrumentScopeInput" {
        /// Which recipients.
        recipients: Option<ScopeKind> = "ontvangers",
        /// The sector, as `COMMERCIAL_ORGANISATIONS`.
        sector: Option<Code> = "sector",
        /// The scope in words.
        text: Option<Erasable<LangText>> = "omschrijving",
    }
}

choice! {
    /// Between whom standard contractual clauses are made.
    SccModule "SccModule" {
        /// From controller to controller.
        ControllerToController = "verwerkingsverantwoordelijke aan verwerkingsverantwoordelijke",
        /// From controller to processor.
        ControllerToProcessor = "verwerkingsverantwoordelijke aan verwerker",
        /// From processor to processor.
        ProcessorToProcessor = "verwerker aan verwerker",
        /// From processor to controller.
        ProcessorToController = "verwerker aan verwerkingsverantwoordelijke",
    }
}

choice! {
    /// How one instrument bears on another.
    RelationKind "LegalInstrumentRelationKind" {
        /// It amends the other.
        Amends = "wijzigt",
        /// It prolongs the other.
        Extends = "verlengt",
        /// It repeals the other.
        Repeals = "trekt in",
        /// It takes the place of the other.
        Replaces = "vervangt",
        /// It annuls the other.
        Invalidates = "verklaart ongeldig",
        /// It leaves the other standing.
        Upholds = "laat in stand",
        /// It contests the other.
        Challenges = "bestrijdt",
        /// It explains the other.
        Interprets = "legt uit",
        /// It carries the other out.
        Implements = "voert uit",
    }
}

record! {
    /// How it bears on another instrument.
    InstrumentRelation "LegalInstrumentRelation" "LegalInstrumentRelationInput" {
        /// In which way.
        kind: RelationKind,
        /// The other instrument, as `LEX-PSHIELD`.
        instrument: Code = "rechtsinstrument",
    }
}

record! {
    /// A value that the instrument gives to rules, as `breachTerm` with `PT72H` or `purelyCommercial` with `NOT_ALLOWED`.
    Parameter "LegalInstrumentParameter" "LegalInstrumentParameterInput" {
        /// The name by which rules read it.
        name: Code,
        /// Its values, if they are codes.
        values: Vec<Code> = "waarden",
        /// Its value, if it is a length of time.
        term: Option<Term> = "termijn",
    }
}

choice! {
    /// How sure it is what is recorded about it.
    LegalConfidence "LegalConfidence" {
        /// General legal knowledge.
        Known = "algemeen bekend",
        /// Found in a source.
        Sourced = "uit bron",
        /// Found in secondary sources only.
        Secondary = "uit secundaire bron",
        /// To be checked by a lawyer.
        Check = "nog te controleren",
    }
}

record! {
    /// A legal instrument is registered: the institution knows of it.
    Registered "LegalInstrumentRegistered" "LegalInstrumentRegisteredInput" {
        /// The code by which other facts name it, as `LEX-PSHIELD`.
        code: Code = "code",
        /// What kind of instrument it is.
        kind: Option<InstrumentKind>,
        /// Its version, as `v2.0`.
        version: Option<Code>,
        /// How it is cited, as `C-311/18`.
        citation: Option<String> = "vindplaats",
        /// Its ECLI or CELEX number.
        identifier: Option<Code> = "ECLI- of CELEX-nummer",
        /// Its name.
        title: Option<Erasable<LangText>> = "titel",
        /// Who issued it, as `CJEU` or `EDPB`.
        issuer: Option<Code> = "afkomstig van",
        /// The territory it is about, as `US`.
        territory: Option<Code> = "gebied",
        /// What it covers within the territory.
        scope: Option<Scope> = "reikwijdte",
        /// Between whom the clauses are, if it is a set of them.
        modules: Vec<SccModule> = "modules",
        /// When it was adopted.
        adopted: Option<PartialDate> = "vastgesteld op",
        /// When it was published: nobody outside could know it before.
        published: Option<PartialDate> = "gepubliceerd op",
        /// From when it holds, if that is known already.
        valid_from: Option<PartialDate> = "geldig vanaf",
        /// Until when it holds; on that day it holds no more.
        valid_to: Option<PartialDate> = "geldig tot",
        /// Until when contracts may be made on it; on that day no more.
        new_use_until: Option<PartialDate> = "nieuw gebruik tot",
        /// How it bears on other instruments.
        relations: Vec<InstrumentRelation> = "verband met andere rechtsinstrumenten",
        /// The rules or rule sets that it brings about or changes, as `TRF-04`.
        rules: Vec<Code> = "regels",
        /// What it does to them, in words.
        rule_effect: Option<Erasable<String>> = "gevolg voor de regels",
        /// The values that it gives to rules.
        parameters: Vec<Parameter> = "parameters",
        /// How sure all this is.
        confidence: Option<LegalConfidence> = "zekerheid",
        /// Where it can be read.
        url: Option<String> = "vindplaats op het web",
        /// Its text as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A legal instrument enters into force; every field present replaces what was registered.
    EnteredIntoForce "LegalInstrumentEnteredIntoForce" "LegalInstrumentEnteredIntoForceInput" {
        /// The code by which other facts name it, as `LEX-PSHIELD`.
        code: Code = "code",
        /// What kind of instrument it is.
        kind: Option<InstrumentKind>,
        /// Its version, as `v2.0`.
        version: Option<Code>,
        /// How it is cited, as `2016/1250`.
        citation: Option<String> = "vindplaats",
        /// Its ECLI or CELEX number.
        identifier: Option<Code> = "ECLI- of CELEX-nummer",
        /// Its name.
        title: Option<Erasable<LangText>> = "titel",
        /// Who issued it, as `EC`.
        issuer: Option<Code> = "afkomstig van",
        /// The territory it is about, as `US`.
        territory: Option<Code> = "gebied",
        /// What it covers within the territory.
        scope: Option<Scope> = "reikwijdte",
        /// Between whom the clauses are, if it is a set of them.
        modules: Vec<SccModule> = "modules",
        /// When it was adopted.
        adopted: Option<PartialDate> = "vastgesteld op",
        /// When it was published: nobody outside could know it before.
        published: Option<PartialDate> = "gepubliceerd op",
        /// From when it holds; absent: from when the fact holds.
        valid_from: Option<PartialDate> = "geldig vanaf",
        /// Until when it holds; on that day it holds no more.
        valid_to: Option<PartialDate> = "geldig tot",
        /// Until when contracts may be made on it; on that day no more.
        new_use_until: Option<PartialDate> = "nieuw gebruik tot",
        /// How it bears on other instruments.
        relations: Vec<InstrumentRelation> = "verband met andere rechtsinstrumenten",
        /// The rules or rule sets that it brings about or changes, as `LAW-1`.
        rules: Vec<Code> = "regels",
        /// What it does to them, in words.
        rule_effect: Option<Erasable<String>> = "gevolg voor de regels",
        /// The values that it gives to rules.
        parameters: Vec<Parameter> = "parameters",
        /// How sure all this is.
        confidence: Option<LegalConfidence> = "zekerheid",
        /// Where it can be read.
        url: Option<String> = "vindplaats op het web",
        /// Its text as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What became of a challenge.
    ChallengeOutcome "LegalChallengeOutcome" {
        /// Nothing yet.
        Pending = "aanhangig",
        /// The instrument stands.
        Rejected = "afgewezen",
        /// The challenge was given up.
        Withdrawn = "ingetrokken",
        /// The instrument falls; its annulment is a fact of its own.
        Succeeded = "geslaagd",
    }
}

record! {
    /// A legal instrument is challenged, or a challenge is decided.
    Challenged "LegalInstrumentChallenged" "LegalInstrumentChallengedInput" {
        /// The case, as `C-703/25 P`.
        case: Option<String> = "zaak",
        /// The instrument that tells of it, as `LEX-C703-25P`.
        by: Option<Code> = "blijkens",
        /// What became of it; absent: nothing yet.
        outcome: Option<ChallengeOutcome>,
        /// What is said against the instrument.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A legal instrument is amended: every field present replaces what held before.
    Amended "LegalInstrumentAmended" "LegalInstrumentAmendedInput" {
        /// The instrument that amends it.
        by: Option<Code> = "gewijzigd door",
        /// Its version, as `v2.0`.
        version: Option<Code>,
        /// How it is cited.
        citation: Option<String> = "vindplaats",
        /// Its name.
        title: Option<Erasable<LangText>> = "titel",
        /// The territory it is about.
        territory: Option<Code> = "gebied",
        /// What it covers within the territory.
        scope: Option<Scope> = "reikwijdte",
        /// Between whom the clauses are, if it is a set of them.
        modules: Option<Vec<SccModule>> = "modules",
        /// When the amendment was published.
        published: Option<PartialDate> = "gepubliceerd op",
        /// The rules or rule sets that it brings about or changes.
        rules: Option<Vec<Code>> = "regels",
        /// What it does to them, in words.
        rule_effect: Option<Erasable<String>> = "gevolg voor de regels",
        /// The values that it gives to rules.
        parameters: Option<Vec<Parameter>> = "parameters",
        /// How sure all this is.
        confidence: Option<LegalConfidence> = "zekerheid",
        /// What changes.
        change: Option<Erasable<String>> = "wijziging",
        /// The amendment as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// It is settled when a legal instrument ends by itself (Art. 45(3)); a later date prolongs it.
    SunsetSet "LegalInstrumentSunsetSet" "LegalInstrumentSunsetSetInput" {
        /// Until when it holds; on that day it holds no more.
        to: PartialDate = "geldig tot",
        /// The instrument that settles it.
        by: Option<Code> = "bepaald door",
        /// When that was published.
        published: Option<PartialDate> = "gepubliceerd op",
        /// How sure all this is.
        confidence: Option<LegalConfidence> = "zekerheid",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A legal instrument is annulled.
    Invalidated "LegalInstrumentInvalidated" "LegalInstrumentInvalidatedInput" {
        /// The instrument that annuls it, as `LEX-C311-18`.
        by: Option<Code> = "ongeldig verklaard door",
        /// From when the annulment counts; absent: that is not settled.
        effect: Option<AnnulmentEffect> = "werking",
        /// Until when it was held to be valid; absent: until the fact holds.
        to: Option<PartialDate> = "geldig tot",
        /// How sure all this is.
        confidence: Option<LegalConfidence> = "zekerheid",
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A legal instrument is repealed.
    Repealed "LegalInstrumentRepealed" "LegalInstrumentRepealedInput" {
        /// From when the repeal counts; without a transition it holds no more on that day.
        to: PartialDate = "ingetrokken per",
        /// Until when what was agreed before goes on resting on it; on that day no more.
        transition_until: Option<PartialDate> = "overgangstermijn tot",
        /// Until when contracts may be made on it; on that day no more; absent: until the repeal counts.
        new_use_until: Option<PartialDate> = "nieuw gebruik tot",
        /// The instrument that repeals it.
        by: Option<Code> = "ingetrokken door",
        /// How sure all this is.
        confidence: Option<LegalConfidence> = "zekerheid",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a legal instrument.
    LegalInstrumentEvent "LegalInstrumentEvent" "LegalInstrumentEventInput",
    retracted "LegalInstrumentRetracted" "LegalInstrumentRetractedInput"
    {
        /// It is registered.
        Registered "registered" 1 "LegalInstrumentRegistered" = "geregistreerd",
        /// It enters into force.
        EnteredIntoForce "enteredIntoForce" 1 "LegalInstrumentEnteredIntoForce" = "in werking getreden",
        /// It is challenged.
        Challenged "challenged" 1 "LegalInstrumentChallenged" = "aangevochten",
        /// It is amended.
        Amended "amended" 1 "LegalInstrumentAmended" = "gewijzigd",
        /// Its end is settled.
        SunsetSet "sunsetSet" 1 "LegalInstrumentSunsetSet" = "einddatum bepaald",
        /// It is annulled.
        Invalidated "invalidated" 1 "LegalInstrumentInvalidated" = "ongeldig verklaard",
        /// It is repealed.
        Repealed "repealed" 1 "LegalInstrumentRepealed" = "ingetrokken",
    }
}

choice! {
    /// What became of a legal instrument by its last fact; from when and until when it holds is said by its dates.
    #[derive(Default)]
    InstrumentStatus "LegalInstrumentStatus" {
        /// Not registered yet.
        #[default]
        Unregistered = "niet geregistreerd",
        /// Known.
        Registered = "geregistreerd",
        /// It holds within its dates.
        Valid = "geldig",
        /// It holds within its dates, and is challenged.
        Challenged = "aangevochten",
        /// Annulled.
        Invalidated = "ongeldig verklaard",
        /// Repealed; `validTo` says until when it still holds.
        Repealed = "ingetrokken",
        /// Its time was over when its last fact took effect.
        Expired = "vervallen",
    }
}

state! {
    /// The annulment of a legal instrument.
    Annulment "LegalInstrumentAnnulment" {
        /// From when it counts: from the beginning or from now on; absent: that is not settled.
        effect: Option<AnnulmentEffect> = "werking",
        /// The instrument that annuls it.
        by: Option<Code> = "ongeldig verklaard door",
        /// When it was annulled.
        from: PartialDate,
        /// The fact that says so.
        sequence: Sequence,
    }
}

state! {
    /// A challenge that is not decided.
    OpenChallenge "LegalInstrumentOpenChallenge" {
        /// The case.
        case: Option<String> = "zaak",
        /// The instrument that tells of it.
        by: Option<Code> = "blijkens",
        /// Since when.
        since: PartialDate = "sinds",
        /// The fact that says so.
        sequence: Sequence,
    }
}

dossier! {
    /// A legal instrument at one moment.
    LegalInstrument "LegalInstrumentState" follows LegalInstrumentEvent, status InstrumentStatus {
        /// Its registration.
        registered: once Registered -> Registered,
        /// Its entry into force.
        entered_into_force: once EnteredIntoForce -> Valid,
        /// Challenges and what became of them, oldest first.
        challenged: every Challenged needs registered or entered_into_force -> Challenged,
        /// Its amendments, oldest first.
        amended: every Amended needs registered or entered_into_force,
        /// The ends that were settled for it, oldest first.
        sunset_set: every SunsetSet needs registered or entered_into_force,
        /// Its annulment.
        invalidated: once Invalidated needs registered or entered_into_force -> Invalidated,
        /// Its repeal, oldest first.
        repealed: every Repealed needs registered or entered_into_force -> Repealed,
    } and {
        /// The code by which other facts name it.
        code: Option<Code> = "code",
        /// What kind of instrument it is.
        kind: Option<InstrumentKind>,
        /// Its version now.
        version: Option<Code>,
        /// How it is cited.
        citation: Option<String> = "vindplaats",
        /// Its ECLI or CELEX number.
        identifier: Option<Code> = "ECLI- of CELEX-nummer",
        /// Its name.
        title: Option<Erasable<LangText>> = "titel",
        /// Who issued it.
        issuer: Option<Code> = "afkomstig van",
        /// The territory it is about.
        territory: Option<Code> = "gebied",
        /// What it covers within the territory.
        scope: Option<Scope> = "reikwijdte",
        /// Between whom the clauses are, if it is a set of them.
        modules: Vec<SccModule> = "modules",
        /// When it was adopted.
        adopted: Option<PartialDate> = "vastgesteld op",
        /// When it was first published.
        published: Option<PartialDate> = "gepubliceerd op",
        /// From when it holds.
        valid_from: Option<PartialDate> = "geldig vanaf",
        /// Until when it holds, as known now; on that day it holds no more.
        valid_to: Option<PartialDate> = "geldig tot",
        /// Until when contracts may be made on it; on that day no more.
        new_use_until: Option<PartialDate> = "nieuw gebruik tot",
        /// Its annulment; one from the beginning leaves no time at which it held, seen afterwards.
        annulled: Option<Annulment> = "ongeldigverklaring",
        /// The challenges that are not decided.
        open_challenges: Vec<OpenChallenge> = "lopende procedures",
        /// How it bears on other instruments.
        relations: Vec<InstrumentRelation> = "verband met andere rechtsinstrumenten",
        /// The rules or rule sets that it brings about or changes.
        rules: Vec<Code> = "regels",
        /// What it does to them, in words.
        rule_effect: Option<Erasable<String>> = "gevolg voor de regels",
        /// The values that it gives to rules.
        parameters: Vec<Parameter> = "parameters",
        /// How sure all this is.
        confidence: Option<LegalConfidence> = "zekerheid",
    }
}

filter! {
    "LegalInstrumentFilter" {
        /// The instrument with that code.
        code "code": Code,
        /// Instruments of a kind.
        kind "kind": InstrumentKind,
        /// Instruments about a territory.
        territory "territory": Code,
        /// Instruments that stand so.
        status "status": InstrumentStatus,
    }
}

impl Family for LegalInstrument {
    const NAME: &'static str = "legalInstrument";
    const LABEL_NL: &'static str = "rechtsinstrument";
    const GRAPHQL_NAME: &'static str = "LegalInstrument";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = true;
    const RELATIONS: &'static [Relation] = &[
        Relation::many(
            "relatedInstruments",
            "genoemde rechtsinstrumenten",
            "legalInstrument",
            By::Shared("code", "related"),
            "The legal instruments on which it bears or that bear on it, as its own facts name them.",
        ),
        Relation::many(
            "relatingInstruments",
            "verwijzende rechtsinstrumenten",
            "legalInstrument",
            By::Shared("related", "code"),
            "The legal instruments whose facts name it.",
        ),
        Relation::many(
            "transferGrounds",
            "doorgiften",
            "transferGround",
            By::Shared("instrument", "code"),
            "The transfers that rest on it.",
        ),
    ];
    type Event = LegalInstrumentEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &LegalInstrumentEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use LegalInstrumentEvent as E;
        self.admit_order(event)?;
        match event {
            E::Registered(event) => {
                self.admit_code(&event.code)?;
                admit_relations(&event.code, &event.relations)?;
                admit_parameters(&event.parameters)?;
                admit_end("validTo", event.valid_from, event.valid_to)
            }
            E::EnteredIntoForce(event) => {
                self.admit_code(&event.code)?;
                admit_relations(&event.code, &event.relations)?;
                admit_parameters(&event.parameters)?;
                let from = event.valid_from.or(self.valid_from).unwrap_or(context.place.effective);
                admit_end("validTo", Some(from), event.valid_to)
            }
            E::Challenged(event) => self.admit_other("by", event.by.as_ref()),
            E::Amended(_) | E::SunsetSet(_) | E::Repealed(_) if self.annulled.is_some() => {
                Err(Refusal::new(RejectionCode::Ended, "", "this instrument was annulled before that moment"))
            }
            E::Amended(event) => {
                self.admit_other("by", event.by.as_ref())?;
                admit_parameters(event.parameters.as_deref().unwrap_or_default())
            }
            E::SunsetSet(event) => {
                self.admit_other("by", event.by.as_ref())?;
                admit_end("to", self.valid_from, Some(event.to))
            }
            E::Invalidated(event) => {
                self.admit_other("by", event.by.as_ref())?;
                admit_end("to", self.valid_from, event.to)
            }
            E::Repealed(event) => {
                self.admit_other("by", event.by.as_ref())?;
                admit_end("to", self.valid_from, Some(event.to))?;
                admit_end("transitionUntil", Some(event.to), event.transition_until)
            }
            E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &LegalInstrumentEvent, recorded: &Recorded) {
        use LegalInstrumentEvent as E;
        self.keep(event, recorded);
        match event {
            E::Registered(event) => self.register(event),
            E::EnteredIntoForce(event) => self.enter_into_force(event, recorded),
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
        let code = self.code.iter().flat_map(|code| [("code", code.to_string()), ("instrument", code.to_string())]);
        let kind = self.kind.iter().map(|kind| ("kind", key_text(kind)));
        let territory = self.territory.iter().map(|territory| ("territory", territory.to_string()));
        let related = self.related().map(|code| ("related", code.to_string()));
        code.chain(kind).chain(territory).chain(related).chain([("status", key_text(&self.status))]).collect()
    }
}

/// Takes over from an event every field that it has.
macro_rules! renew {
    ($state:ident from $event:ident: $($field:ident),*) => {
        $(if $event.$field.is_some() {
            $state.$field.clone_from(&$event.$field);
        })*
    };
}

/// Takes over from an event every list that is not empty.
macro_rules! renew_lists {
    ($state:ident from $event:ident: $($field:ident),*) => {
        $(if !$event.$field.is_empty() {
            $state.$field.clone_from(&$event.$field);
        })*
    };
}

impl LegalInstrument {
    /// The code is how others name it, so one stream has one.
    fn admit_code(&self, code: &Code) -> Result<(), Refusal> {
        match &self.code {
            Some(known) if known != code => {
                let message = format!("this stream is about {known}; use a stream of its own for {code}");
                Err(Refusal::new(RejectionCode::Malformed, "code", message))
            }
            _ => Ok(()),
        }
    }

    fn admit_other(&self, field: &'static str, other: Option<&Code>) -> Result<(), Refusal> {
        if other.is_some() && other == self.code.as_ref() {
            return Err(Refusal::new(RejectionCode::Malformed, field, "an instrument cannot do this to itself"));
        }
        Ok(())
    }

    fn register(&mut self, event: &Registered) {
        self.code = Some(event.code.clone());
        renew!(self from event: kind, version, citation, identifier, title, issuer, territory, scope, adopted, published);
        renew!(self from event: valid_from, valid_to, new_use_until, rule_effect, confidence);
        renew_lists!(self from event: modules, relations, rules, parameters);
    }

    fn enter_into_force(&mut self, event: &EnteredIntoForce, recorded: &Recorded) {
        self.code = Some(event.code.clone());
        self.valid_from = self.valid_from.or(Some(recorded.effective));
        renew!(self from event: kind, version, citation, identifier, title, issuer, territory, scope, adopted, published);
        renew!(self from event: valid_from, valid_to, new_use_until, rule_effect, confidence);
        renew_lists!(self from event: modules, relations, rules, parameters);
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
        renew!(self from event: version, citation, title, territory, scope, rule_effect, confidence);
        self.modules = event.modules.clone().unwrap_or(std::mem::take(&mut self.modules));
        self.rules = event.rules.clone().unwrap_or(std::mem::take(&mut self.rules));
        self.parameters = event.parameters.clone().unwrap_or(std::mem::take(&mut self.parameters));
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

fn admit_relations(own: &Code, relations: &[InstrumentRelation]) -> Result<(), Refusal> {
    if relations.iter().any(|relation| relation.instrument == *own) {
        return Err(Refusal::new(
            RejectionCode::Malformed,
            "relations",
            "an instrument bears on others, not on itself; leave this relation out",
        ));
    }
    Ok(())
}

fn admit_parameters(parameters: &[Parameter]) -> Result<(), Refusal> {
    distinct("parameters", parameters.iter().map(|parameter| &parameter.name))?;
    parameters.iter().try_for_each(|parameter| distinct("parameters", &parameter.values))?;
    match parameters.iter().find(|parameter| parameter.values.is_empty() && parameter.term.is_none()) {
        Some(parameter) => {
            let message = format!("{} has no value; give `values` or a `term`", parameter.name);
            Err(Refusal::new(RejectionCode::Malformed, "parameters", message))
        }
        None => Ok(()),
    }
}

/// Refuses only what is reversed whatever the unknown parts of the dates are.
fn admit_end(field: &'static str, from: Option<PartialDate>, to: Option<PartialDate>) -> Result<(), Refusal> {
    match (from, to) {
        (Some(from), Some(to)) if to.latest() < from.earliest() => {
            Err(Refusal::new(RejectionCode::Malformed, field, "it would end before it begins; check both dates"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
