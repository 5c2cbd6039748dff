//! What every family declares, once, and how facts become states: the fold, admission and references.

pub mod advice;
pub mod describe;
pub mod difference;
pub mod dossier;
pub mod handling;
pub mod history;
pub mod label;
pub mod naming;
pub mod opened;
pub mod schema;
pub mod shape;
pub mod table;
pub mod value;
pub mod words;

use std::collections::BTreeMap;

use serde_json::Value;

pub use crate::family::describe::EventDeclaration;
use crate::family::describe::{Catalogue, EventDescription, Language, Shape, Transition};
use crate::family::shape::Shaped;
pub use crate::family::shape::{RETRACTED, ShapeError, key_text, text_of};
use crate::ledger::canonical;
use crate::ledger::entry::{Actor, Entry, Provenance};
use crate::ledger::name::{Sequence, StreamId};
use crate::time::{Instant, PartialDate};

/// Most facts that one stream may hold: a late fact refolds the whole stream.
pub const STREAM_FACTS_MAX: usize = 1_000;

/// Bytes of the canonical JSON of one state: a stream that would grow beyond it goes on in a new one.
pub const STATE_BYTES_MAX: usize = 262_144;

/// What `declare!` says of a family.
pub trait Declared: Default + Clone + Shaped + Send + Sync + 'static {
    /// The wire name, as in `consent.granted`.
    const NAME: &'static str;
    /// What people call it in Dutch; its English name is read from [`Declared::NAME`].
    const LABEL_NL: &'static str;
    /// Whether its streams are about one person, so that their erasable values are personal.
    const ABOUT_A_PERSON: bool;
    /// Whether it is part of the register of processing activities (GDPR Art. 30) and what it rests on: units are told of
    /// changes in it.
    const IN_REGISTER: bool;
    /// The name of the state in the API, as `Consent`.
    const GRAPHQL_NAME: &'static str;
    /// The fields of the API that show it and record its facts; `None`: the ledger records them of itself.
    const API_FIELDS: Option<ApiFields>;
    /// How its streams hang together with others, as fields of its states.
    const RELATIONS: &'static [Relation];
    /// By which keys lists of it are filtered.
    const KEYS: &'static [KeyDeclaration];
    /// Which event leads where; used for the catalogue that people read.
    const ORDER: &'static [Transition] = &[];
    /// What may happen in it.
    type Event: Event;

    /// Lists the keys that the state holds as they are.
    fn declared_keys(&self) -> Keys;

    /// Returns what does not fit, for the fold to add to.
    fn anomalies(&mut self) -> &mut Vec<Anomaly>;
}

/// The fields of the API that a family brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiFields {
    /// Looks one up, at a moment.
    pub one: &'static str,
    /// Lists them, at a moment.
    pub many: &'static str,
    /// The mutation that records a fact.
    pub record: &'static str,
}

/// A family: the state of one kind of aggregate, folded from its events.
pub trait Family: Declared {
    /// Why a fact of it is refused.
    type Rejection: Rejection;

    /// Lists the other streams that [`Family::admit`] looks at.
    fn refers(_event: &Self::Event) -> Vec<StreamId> {
        Vec::new()
    }

    /// Refuses what is malformed, impossible or not this actor's to say; anything else is admitted.
    ///
    /// `self` is the stream folded up to the place of the new fact.
    fn admit(&self, event: &Self::Event, context: &Context<'_>) -> Result<(), Self::Rejection>;

    /// Folds one fact into the state. Total: what does not fit is noted as an anomaly.
    fn apply(&mut self, event: &Self::Event, recorded: &Recorded);

    /// Lists the keys by which the state is found in lists: those of its declaration, and those that a family computes.
    fn keys(&self) -> Keys {
        self.declared_keys()
    }
}

/// A field of a state that shows streams of another family at the same moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relation {
    /// The field's name in the API.
    pub field: &'static str,
    /// What it shows.
    pub doc: &'static str,
    /// What people call it in Dutch.
    pub nl: &'static str,
    /// The wire name of the other family.
    pub family: &'static str,
    /// How the others are found.
    pub by: By,
    /// Whether there is one at most.
    pub one: bool,
}

/// How the streams of a relation are found: by the keys of the states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Theirs of that name is this stream.
    Theirs(&'static str),
    /// Ours of that name holds their streams.
    Ours(&'static str),
    /// Theirs of the first name has a value that ours of the second name has.
    Shared(&'static str, &'static str),
}

/// A key of a family's states, by which lists are filtered.
pub struct KeyDeclaration {
    /// Its name, in the index and in the API's filter.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// What its value looks like: a single value, or a list of which each is a key.
    pub shape: fn(&mut Catalogue) -> Shape,
}

/// The events of a family as one type; made by `declare!`.
pub trait Event: Clone + PartialEq + std::fmt::Debug + Send + Sync + Sized + 'static {
    /// All events of the family, in the order of their declaration.
    const DECLARATIONS: &'static [EventDeclaration];

    /// Returns the name after the dot and the version of the shape.
    fn kind(&self) -> (&'static str, u32);

    /// Writes the `data` member of an entry; clear values stay marked as clear.
    fn to_data(&self) -> Value;

    /// Reads data of the event; see [`Event::from_data`] for data of an entry.
    fn read(fact: &str, version: u32, data: &Value) -> Result<Self, ShapeError>;

    /// Reads the `data` member of an entry; only what [`Event::to_data`] would write is accepted.
    fn from_data(fact: &str, version: u32, data: &Value) -> Result<Self, ShapeError> {
        let event = Self::read(fact, version, data)?;
        if event.to_data() == *data { Ok(event) } else { Err(ShapeError::Members("a member has two spellings".into())) }
    }
}

/// Says why a family refuses a fact, as a code, the input field at fault, and a message that says what to do.
pub trait Rejection: std::error::Error {
    /// Returns the kind of refusal.
    fn code(&self) -> RejectionCode;
    /// Returns the input field at fault, in camelCase, below `event`.
    fn field(&self) -> &'static str;
}

/// The kinds of refusal a user may meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum), graphql(name = "UserErrorCode"))]
pub enum RejectionCode {
    /// A value that cannot be what it stands for.
    Malformed,
    /// A second beginning, or a second thing of the same name.
    AlreadyExists,
    /// Something is referred to that the ledger does not know.
    Unknown,
    /// The act ends or changes what never was.
    NeverExisted,
    /// What would be changed has ended.
    Ended,
    /// Not this actor's to say.
    NotThisActor,
    /// The stream has another revision than the caller expected.
    RevisionConflict,
    /// The idempotency key was used for something else.
    IdempotencyKeyReused,
    /// A limit is exceeded.
    LimitExceeded,
    /// The stream holds a fact that this program is too old to read.
    Unreadable,
}

impl RejectionCode {
    /// Returns the code as the API spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "MALFORMED",
            Self::AlreadyExists => "ALREADY_EXISTS",
            Self::Unknown => "UNKNOWN",
            Self::NeverExisted => "NEVER_EXISTED",
            Self::Ended => "ENDED",
            Self::NotThisActor => "NOT_THIS_ACTOR",
            Self::RevisionConflict => "REVISION_CONFLICT",
            Self::IdempotencyKeyReused => "IDEMPOTENCY_KEY_REUSED",
            Self::LimitExceeded => "LIMIT_EXCEEDED",
            Self::Unreadable => "UNREADABLE",
        }
    }

    /// Says what the code means and what to do.
    pub fn hint(self, language: Language) -> &'static str {
        let (nl, en) = match self {
            Self::Malformed => (
                "Een waarde kan niet zijn waarvoor zij staat; verbeter het genoemde veld.",
                "A value cannot be what it stands for; correct the field that is named.",
            ),
            Self::AlreadyExists => (
                "Dit is al vastgelegd; corrigeer dat feit, of gebruik een andere naam of een ander dossier.",
                "This is recorded already; correct that fact, or use another name or stream.",
            ),
            Self::Unknown => (
                "Er wordt verwezen naar iets dat het register niet kent; controleer de verwijzing of leg dat eerst vast.",
                "Something is referred to that the ledger does not know; check the reference, or record that first.",
            ),
            Self::NeverExisted => (
                "Dit bouwt voort op iets dat toen niet was vastgelegd; leg dat eerst vast.",
                "This builds on something that was not recorded then; record that first.",
            ),
            Self::Ended => (
                "Wat gewijzigd zou worden, is beëindigd of al gecorrigeerd; ga uit van het nieuwste feit.",
                "What would be changed has ended or is corrected already; go by the newest fact.",
            ),
            Self::NotThisActor => (
                "Dit kan niet door deze persoon of rol worden vastgelegd; laat het doen door wie erover gaat.",
                "This is not for this person or role to record; let those do it whose it is.",
            ),
            Self::RevisionConflict => (
                "Het dossier is intussen gewijzigd; lees het opnieuw en probeer het nog eens.",
                "The stream has changed meanwhile; read it again and try once more.",
            ),
            Self::IdempotencyKeyReused => (
                "Deze sleutel hoort bij een andere inhoud; gebruik voor elk verzoek een nieuwe.",
                "This key belongs to another content; use a new one for each request.",
            ),
            Self::Unreadable => (
                "In dit dossier staat een feit dat dit programma niet kan lezen; laat de beheerder een nieuwere versie gebruiken.",
                "This stream holds a fact that this program cannot read; have the operator use a newer version.",
            ),
            Self::LimitExceeded => {
                ("Een grens is overschreden; splits wat u vastlegt.", "A limit is exceeded; split what you record.")
            }
        };
        match language {
            Language::Nl => nl,
            Language::En => en,
        }
    }
}

/// A refusal as it leaves the family.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refused {
    /// The kind.
    pub code: RejectionCode,
    /// The input field at fault.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl Refused {
    /// Makes a refusal that no single family owns.
    pub fn new(code: RejectionCode, field: &str, message: impl Into<String>) -> Self {
        Self { code, field: field.to_owned(), message: message.into() }
    }
}

/// The place of a fact in the ledger, as admission and fold see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The sequence it has or will have.
    pub sequence: Sequence,
    /// When the ledger took it.
    pub recorded: Instant,
    /// From when it holds.
    pub effective: PartialDate,
    /// Who recorded it.
    pub actor: Actor,
    /// Native or imported.
    pub provenance: Provenance,
    /// When older records say that it was recorded, if it was imported.
    pub asserted: Option<PartialDate>,
    /// The fact it corrects.
    pub replaces: Option<Sequence>,
}

/// A fact of a stream, read from its entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Its place.
    pub recorded: Recorded,
    /// The name after the dot.
    pub fact: String,
    /// The version of its shape.
    pub version: u32,
    /// Its sealed data.
    pub data: Value,
}

impl From<&Entry> for Recorded {
    fn from(entry: &Entry) -> Self {
        Self {
            sequence: Sequence(entry.sequence),
            recorded: entry.recorded,
            effective: entry.effective,
            actor: entry.actor.clone(),
            provenance: entry.provenance,
            asserted: entry.asserted,
            replaces: entry.replaces.map(Sequence),
        }
    }
}

impl From<Entry> for Fact {
    fn from(entry: Entry) -> Self {
        Self {
            recorded: Recorded::from(&entry),
            fact: entry.event.fact().to_owned(),
            version: entry.version,
            data: entry.data,
        }
    }
}

/// What admission may look at besides its own stream.
pub struct Context<'a> {
    /// The place of the new fact.
    pub place: &'a Recorded,
    /// The streams it refers to, with all that is known of them.
    pub streams: &'a BTreeMap<StreamId, Vec<Fact>>,
}

impl Context<'_> {
    /// Returns the state of a referenced stream with all its facts, whatever their `effective`; `None` if it has none.
    pub fn state_of<F: Family>(&self, stream: &StreamId) -> Option<F> {
        let facts = self.streams.get(stream).filter(|_| stream.family() == F::NAME)?;
        let facts: Vec<&Fact> = facts.iter().collect();
        let standing = standing(&facts);
        if standing.is_empty() { None } else { Some(folded(&standing)) }
    }
}

/// The keys of a state: name and value pairs such as (`unit`, `mu-01`).
pub type Keys = Vec<(&'static str, String)>;

/// A state and from when it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first instant at which it holds; it ends where the next span of the stream starts.
    pub from: Instant,
    /// The canonical JSON of the state.
    pub state: String,
    /// The keys of the state.
    pub keys: Keys,
}

crate::family::declare! {
    /// Something recorded that does not fit what came before.
    record Anomaly {
        sequence: Sequence "The fact that does not fit.",
        message: String = "bericht" "What does not fit.",
    }
}

/// Adds the values of a member to the keys of a state: none where it is absent, each where it is a list.
pub fn push_keys<T: Shaped>(keys: &mut Keys, name: &'static str, member: &T) {
    match member.write() {
        Value::Null => {}
        Value::Array(items) => keys.extend(items.into_iter().map(|item| (name, text_of(item)))),
        value => keys.push((name, text_of(value))),
    }
}

/// Notes in the state that a fact does not fit.
pub fn note_anomaly(anomalies: &mut Vec<Anomaly>, recorded: &Recorded, message: &str) {
    anomalies.push(Anomaly { sequence: recorded.sequence, message: message.to_owned() });
}

/// The facts among `facts` that none of them replaces, in the order of the fold: by (effective, sequence).
pub fn standing<'a>(facts: &[&'a Fact]) -> Vec<&'a Fact> {
    let replaced: std::collections::BTreeSet<Sequence> =
        facts.iter().filter_map(|fact| fact.recorded.replaces).collect();
    let mut standing: Vec<&Fact> = facts
        .iter()
        .copied()
        .filter(|fact| !replaced.contains(&fact.recorded.sequence) && fact.fact != RETRACTED)
        .collect();
    standing.sort_by_cached_key(|fact| (fact.recorded.effective.earliest(), fact.recorded.sequence));
    standing
}

fn folded<F: Family>(standing: &[&Fact]) -> F {
    let mut state = F::default();
    standing.iter().for_each(|fact| apply(&mut state, fact));
    state
}

/// What a state says of a fact that this program cannot read: an older program on a ledger that a newer one has written to.
pub const UNREADABLE: &str = "this program cannot read this fact; use the version of griffie that recorded it";

/// Applies a fact; one that this program cannot read is told in the state, never left out in silence.
fn apply<F: Family>(state: &mut F, fact: &Fact) {
    match F::Event::from_data(&fact.fact, fact.version, &fact.data) {
        Ok(event) => state.apply(&event, &fact.recorded),
        Err(_) => note_anomaly(state.anomalies(), &fact.recorded, UNREADABLE),
    }
}

/// Folds known facts into states, handed over one by one in the order of their starts.
pub type Timeline = fn(known: &[&Fact], span: &mut dyn FnMut(Span)) -> Result<(), ShapeError>;

/// Folds known facts one by one, and hands over each standing fact with the canonical JSON of the state that it leads to.
pub type Steps = fn(known: &[&Fact], step: &mut dyn FnMut(&Fact, String)) -> Result<(), ShapeError>;

/// One family behind a single type, so that engine and graphql need not know it by name.
pub struct Declaration {
    /// The wire name.
    pub name: &'static str,
    /// Whether its streams are about one person.
    pub about_a_person: bool,
    /// Whether units are told of changes in it.
    pub in_register: bool,
    /// What people call it in Dutch.
    pub label_nl: &'static str,
    /// The name of the state in the API.
    pub graphql_name: &'static str,
    /// The fields of the API that show it and record its facts; `None`: the ledger records them of itself.
    pub api_fields: Option<ApiFields>,
    /// How its streams hang together with others.
    pub relations: &'static [Relation],
    /// Its events.
    pub events: &'static [EventDeclaration],
    /// By which keys lists of it are filtered.
    pub keys_declared: &'static [KeyDeclaration],
    /// Takes its state into the catalogue and says what it looks like.
    pub describe_state: fn(&mut Catalogue) -> crate::family::describe::Shape,
    /// Says which event leads where.
    pub transitions: &'static [Transition],
    /// Checks that data is exactly what the event declares, sealed.
    pub check: fn(fact: &str, version: u32, data: &Value) -> Result<(), ShapeError>,
    /// Lists the other streams that admission of the fact looks at.
    pub refers: fn(fact: &str, version: u32, data: &Value) -> Vec<StreamId>,
    /// Admits a new fact of a stream whose known facts are given.
    pub admit: fn(known: &[&Fact], new: &Fact, &Context<'_>) -> Result<(), Refused>,
    /// Folds all known facts of a stream into the states over validity time, and hands them over one by one: a long
    /// stream's states together may be far larger than its facts.
    pub timeline: Timeline,
    /// Folds all known facts of a stream one by one, for telling which fact changed what.
    pub steps: Steps,
    /// Lists the keys of a state, given as canonical JSON.
    ///
    /// # Errors
    ///
    /// Where the text is no state of this family.
    pub keys: fn(state: &str) -> Result<Keys, ShapeError>,
}

impl Declaration {
    /// Declares a family.
    pub const fn of<F: Family>() -> Self {
        Self {
            name: F::NAME,
            about_a_person: F::ABOUT_A_PERSON,
            in_register: F::IN_REGISTER,
            label_nl: F::LABEL_NL,
            graphql_name: F::GRAPHQL_NAME,
            api_fields: F::API_FIELDS,
            relations: F::RELATIONS,
            events: F::Event::DECLARATIONS,
            keys_declared: F::KEYS,
            describe_state: F::describe,
            transitions: F::ORDER,
            check: |fact, version, data| F::Event::from_data(fact, version, data).map(|_| ()),
            refers: |fact, version, data| {
                F::Event::from_data(fact, version, data).map_or_else(|_| Vec::new(), |event| F::refers(&event))
            },
            admit: admit::<F>,
            timeline: timeline::<F>,
            steps: steps::<F>,
            keys: |state| Ok(distinct(read_state::<F>(state)?.keys())),
        }
    }

    /// Describes its events, and takes their types into the catalogue.
    pub fn describe_events(&self, catalogue: &mut Catalogue) -> Vec<EventDescription> {
        self.events.iter().map(|event| EventDescription::of(event, catalogue)).collect()
    }
}

/// Reads a state from its JSON.
///
/// # Errors
///
/// [`ShapeError::Members`] where it is not of this family, or of a version of the program with other members.
pub fn read_state<F: Family>(text: &str) -> Result<F, ShapeError> {
    let value: Value = serde_json::from_str(text).map_err(|error| ShapeError::Members(error.to_string()))?;
    F::read(&value)
}

fn admit<F: Family>(known: &[&Fact], new: &Fact, context: &Context<'_>) -> Result<(), Refused> {
    admit_correction(known, new)?;
    if new.fact == RETRACTED && new.recorded.actor.is_subject() {
        let message = "a data subject or representative cannot take a fact back; report what is wrong to the unit that recorded it";
        return Err(Refused::new(RejectionCode::NotThisActor, "event.retracted", message));
    }
    let event = F::Event::from_data(&new.fact, new.version, &new.data)
        .map_err(|error| Refused::new(RejectionCode::Malformed, "event", error.to_string()))?;
    let mut with_new: Vec<&Fact> = known.to_vec();
    with_new.push(new);
    let order = |fact: &Fact| (fact.recorded.effective.earliest(), fact.recorded.sequence);
    let before: Vec<&Fact> = standing(&with_new).into_iter().filter(|fact| order(fact) < order(new)).collect();
    folded::<F>(&before).admit(&event, context).map_err(|rejection| Refused {
        code: rejection.code(),
        field: format!("event.{}.{}", new.fact, rejection.field()).trim_end_matches('.').to_owned(),
        message: rejection.to_string(),
    })?;
    let mut whole = folded::<F>(&standing(&with_new));
    if let Some(unread) = whole.anomalies().iter().find(|anomaly| anomaly.message == UNREADABLE) {
        let message =
            format!("sequence {} of this stream cannot be read by this program; use a newer one", unread.sequence.0);
        return Err(Refused::new(RejectionCode::Unreadable, "stream", message));
    }
    // The state with all facts is the largest: families add to their states, they take little away.
    let size = state_text(&whole).map_or(0, |text| text.len());
    if size > STATE_BYTES_MAX {
        let message = format!(
            "the state of the stream would have {size} bytes, at most {STATE_BYTES_MAX} are possible; go on in a new stream"
        );
        return Err(Refused::new(RejectionCode::LimitExceeded, "stream", message));
    }
    Ok(())
}

/// A correction names a fact of its own stream that stands; taking back needs one to take back.
fn admit_correction(known: &[&Fact], new: &Fact) -> Result<(), Refused> {
    let refuse = |code, message: String| Err(Refused::new(code, "replaces", message));
    let Some(target) = new.recorded.replaces else {
        return if new.fact == RETRACTED {
            refuse(RejectionCode::Malformed, "name the sequence of the fact that is taken back in `replaces`".into())
        } else {
            Ok(())
        };
    };
    if !known.iter().any(|fact| fact.recorded.sequence == target) {
        return refuse(RejectionCode::Unknown, format!("sequence {} is no fact of this stream", target.0));
    }
    match known.iter().find(|fact| fact.recorded.replaces == Some(target)) {
        Some(correction) => refuse(
            RejectionCode::Ended,
            format!(
                "sequence {} is corrected already; correct sequence {} instead",
                target.0, correction.recorded.sequence.0
            ),
        ),
        None => Ok(()),
    }
}

fn timeline<F: Family>(known: &[&Fact], span: &mut dyn FnMut(Span)) -> Result<(), ShapeError> {
    let standing = standing(known);
    let mut last: Option<String> = None;
    let mut state = F::default();
    for (position, fact) in standing.iter().enumerate() {
        apply(&mut state, fact);
        let from = fact.recorded.effective.earliest();
        let more_at_once = standing.get(position + 1).is_some_and(|next| next.recorded.effective.earliest() == from);
        if more_at_once {
            continue;
        }
        let text = state_text(&state)?;
        if last.as_ref() != Some(&text) {
            span(Span { from, state: text.clone(), keys: distinct(state.keys()) });
            last = Some(text);
        }
    }
    Ok(())
}

fn steps<F: Family>(known: &[&Fact], step: &mut dyn FnMut(&Fact, String)) -> Result<(), ShapeError> {
    let mut state = F::default();
    for fact in standing(known) {
        apply(&mut state, fact);
        step(fact, state_text(&state)?);
    }
    Ok(())
}

fn distinct(mut keys: Keys) -> Keys {
    keys.sort();
    keys.dedup();
    keys
}

fn state_text<F: Family>(state: &F) -> Result<String, ShapeError> {
    canonical::encode(&state.write()).map_err(|error| ShapeError::Members(error.to_string()))
}

#[cfg(test)]
mod tests;
