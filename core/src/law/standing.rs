//! How a ledger stands to a pack: which statements it has, which are new to it, and what it says otherwise.

use serde_json::Value;

use super::pack::{Instrument, Pack, PackError};
use crate::ledger::name::Sequence;
use crate::time::PartialDate;

/// A fact about a legal instrument that a ledger holds and that nothing corrects.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The fact.
    pub sequence: Sequence,
    /// Its event, as `enteredIntoForce`.
    pub fact: String,
    /// From when it counts.
    pub effective: PartialDate,
    /// Its sealed data.
    pub data: Value,
    /// Whether it was recorded from a pack.
    pub from_a_pack: bool,
}

/// How a ledger stands to what a pack says of an instrument.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The places of the statements that the ledger does not have, each with the fact of an earlier pack that it corrects.
    pub new: Vec<(usize, Option<Sequence>)>,
    /// What the institution recorded of its own and the pack does not say: the ledger is left as it is.
    pub own: Vec<Sequence>,
    /// What an earlier pack said and this one says no more.
    pub dropped: Vec<Sequence>,
}

impl Standing {
    /// Tells whether the ledger has all that the pack says, and nothing else.
    pub fn is_same(&self) -> bool {
        *self == Self::default()
    }
}

/// Compares what a ledger holds of an instrument with what a pack says of it. Facts are the same if event, effective date and data are;
/// titles, remarks and other erasable values do not count, because a ledger may have erased them.
///
/// # Errors
///
/// [`PackError::Statement`] where a statement is no fact.
pub fn standing(pack: &Pack, instrument: &Instrument, held: &[Held]) -> Result<Standing, PackError> {
    let mut others: Vec<(&Held, Value)> = held.iter().map(|fact| (fact, lasting(&fact.data))).collect();
    let mut new = Vec::new();
    for (place, statement) in instrument.statements.iter().enumerate() {
        let data = lasting(&pack.data(instrument, place)?);
        let same = |(fact, known): &(&Held, Value)| {
            fact.fact == statement.fact && fact.effective == statement.effective && *known == data
        };
        match others.iter().position(same) {
            Some(found) => drop(others.remove(found)),
            None => new.push((place, None)),
        }
    }
    for (place, corrects) in &mut new {
        let fact = instrument.statements.get(*place).map(|statement| statement.fact.as_str());
        let earlier = others.iter().position(|(held, _)| held.from_a_pack && Some(held.fact.as_str()) == fact);
        *corrects = earlier.map(|found| others.remove(found).0.sequence);
    }
    let (dropped, own): (Vec<_>, Vec<_>) = others.into_iter().partition(|(held, _)| held.from_a_pack);
    let sequences = |facts: Vec<(&Held, Value)>| facts.into_iter().map(|(held, _)| held.sequence).collect();
    Ok(Standing { new, own: sequences(own), dropped: sequences(dropped) })
}

/// What of a fact's data is there for ever: all but the erasable values.
fn lasting(data: &Value) -> Value {
    match data {
        Value::Object(members) => {
            let kept = members.iter().filter(|(_, value)| value.get("...").is_none());
            kept.map(|(name, value)| (name.clone(), lasting(value))).collect()
        }
        Value::Array(items) => items.iter().map(lasting).collect(),
        other => other.clone(),
    }
}
