//! How facts become states: the fold, admission, and one family behind a single type.

use serde_json::Value;

use super::describe::{Catalogue, EventDeclaration, EventDescription, Transition};
use super::family::{ApiFields, Context, Event as _, Fact, Family, KeyDeclaration, Keys, Relation, Span, note_anomaly};
use super::refusal::{Refused, RejectionCode};
use super::shape::{RETRACTED, ShapeError};
use crate::ledger::canonical;
use crate::ledger::name::{Sequence, StreamId};

/// Most facts that one stream may hold: a late fact refolds the whole stream.
pub const STREAM_FACTS_MAX: usize = 1_000;

/// Bytes of the canonical JSON of one state: a stream that would grow beyond it goes on in a new one.
pub const STATE_BYTES_MAX: usize = 262_144;

impl Context<'_> {
    /// Returns the state of a referenced stream with all its facts, whatever their `effective`; `None` if it has none.
    pub fn state_of<F: Family>(&self, stream: &StreamId) -> Option<F> {
        let facts = self.streams.get(stream).filter(|_| stream.family() == F::NAME)?;
        let facts: Vec<&Fact> = facts.iter().collect();
        let standing = standing(&facts);
        if standing.is_empty() { None } else { Some(folded(&standing)) }
    }
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

impl std::fmt::Debug for Declaration {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
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
    folded::<F>(&before).admit(&event, context).map_err(|refusal| Refused {
        code: refusal.code,
        field: format!("event.{}.{}", new.fact, refusal.field).trim_end_matches('.').to_owned(),
        message: refusal.message,
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
