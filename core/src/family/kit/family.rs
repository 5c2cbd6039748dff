//! What a family declares, and how it sees facts.

use std::collections::BTreeMap;

use serde_json::Value;

use super::describe::{Catalogue, EventDeclaration, Shape, Transition};
use super::refusal::Refusal;
use super::shape::{ShapeError, Shaped, text_of};
use crate::ledger::entry::{Actor, Entry, Provenance};
use crate::ledger::name::{Sequence, StreamId};
use crate::time::{Instant, PartialDate};

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
    /// Lists the other streams that [`Family::admit`] looks at.
    fn refers(_event: &Self::Event) -> Vec<StreamId> {
        Vec::new()
    }

    /// Refuses what is malformed, impossible or not this actor's to say; anything else is admitted.
    ///
    /// `self` is the stream folded up to the place of the new fact.
    fn admit(&self, event: &Self::Event, context: &Context<'_>) -> Result<(), Refusal>;

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
