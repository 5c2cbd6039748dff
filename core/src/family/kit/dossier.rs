//! What states that keep their facts are made of: a fact with its place, and refusals about what cannot have been.
//!
//! The `dossier!` macro of `declare.rs` makes such states. A family with more to say folds by itself on top of it.

pub use crate::family::kit::Refusal;
use serde_json::Value;

use crate::family::declare;
use crate::family::describe::{Catalogue, MemberDeclaration, Shape};
use crate::family::kit::{Recorded, RejectionCode};
use crate::family::shape::{Reading, ShapeError, Shaped, Writing, key_text};
use crate::ledger::entry::Provenance;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::{Instant, PartialDate};

/// A fact as a state keeps it: what happened, from when it holds, when it was recorded and by whom, and which fact says so.
#[derive(Clone, Debug, PartialEq)]
pub struct Dated<T> {
    /// What happened.
    pub fact: T,
    /// From when it holds.
    pub from: PartialDate,
    /// When the ledger took it.
    pub recorded: Instant,
    /// That it was imported from older records: known since then, only asserted earlier; absent: recorded as it came to be known.
    pub imported: Option<Imported>,
    /// Who recorded it: an opaque id; absent for a data subject or representative.
    pub by: Option<Code>,
    /// In which role.
    pub role: Code,
    /// The fact that says so.
    pub sequence: Sequence,
}

declare! {
    /// What is known of the older records from which a fact was imported.
    record Imported as "ImportedFact" {
        asserted: PartialDate? = "volgens oudere stukken vastgelegd"
            "When they say that it was recorded; absent: they do not.",
    }
}

impl Imported {
    fn of(recorded: &Recorded) -> Option<Self> {
        (recorded.provenance == Provenance::Backfill).then_some(Self { asserted: recorded.asserted })
    }
}

impl<T: Clone> Dated<T> {
    /// Keeps a fact with its place.
    pub fn new(fact: &T, recorded: &Recorded) -> Self {
        Self {
            fact: fact.clone(),
            from: recorded.effective,
            recorded: recorded.recorded,
            imported: Imported::of(recorded),
            by: recorded.actor.id.clone(),
            role: recorded.actor.role.clone(),
            sequence: recorded.sequence,
        }
    }
}

declare! {
    /// Where a fact stands: from when it holds, when it was recorded and by whom, and which fact it is.
    record FactPlace {
        from: PartialDate "From when it holds.",
        recorded: Instant = "vastgelegd" "When the ledger took it.",
        imported: Imported? = "geïmporteerd"
            "That it was imported from older records; absent: recorded as it came to be known.",
        by: Code? = "door" "Who recorded it: an opaque id; absent for a data subject or representative.",
        role: Code = "rol" "In which role.",
        sequence: Sequence "The fact that says so.",
        remark: Erasable<String>? "Anything else worth knowing.",
    }
}

impl FactPlace {
    /// Says where a fact stands.
    pub fn of(recorded: &Recorded, remark: Option<Erasable<String>>) -> Self {
        Self {
            from: recorded.effective,
            recorded: recorded.recorded,
            imported: Imported::of(recorded),
            by: recorded.actor.id.clone(),
            role: recorded.actor.role.clone(),
            sequence: recorded.sequence,
            remark,
        }
    }
}

/// Reads the place of a fact that a state keeps, beside which the fact itself was read: once for all facts.
fn read_place(mut members: Reading<'_>) -> Result<FactPlace, ShapeError> {
    let place = FactPlace {
        from: members.take("from")?,
        recorded: members.take("recorded")?,
        imported: members.take("imported")?,
        by: members.take("by")?,
        role: members.take("role")?,
        sequence: members.take("sequence")?,
        remark: None,
    };
    members.end()?;
    Ok(place)
}

/// Writes the place of a fact that a state keeps: once for all facts.
fn write_place(
    members: &mut Writing,
    (from, recorded): (PartialDate, Instant),
    imported: &Option<Imported>,
    (by, role): (&Option<Code>, &Code),
    sequence: Sequence,
) {
    members.put("from", from.write());
    members.put("recorded", recorded.write());
    members.put("imported", imported.write());
    members.put("by", by.write());
    members.put("role", role.write());
    members.put("sequence", sequence.write());
}

/// Takes the record of a fact's place into the catalogue.
pub fn describe_place(catalogue: &mut Catalogue) -> Shape {
    FactPlace::describe(catalogue)
}

/// What is said of the place of a fact that a state keeps.
fn place<T: Shaped>() -> [MemberDeclaration; 7] {
    let member = |name, nl, doc, shape| MemberDeclaration { name, doc, nl, shape };
    [
        member("fact", Some("feit"), "What happened.", T::describe),
        member("from", None, "From when it holds.", PartialDate::describe),
        member("recorded", Some("vastgelegd"), "When the ledger took it.", Instant::describe),
        member(
            "imported",
            Some("geïmporteerd"),
            "That it was imported from older records; absent: recorded as it came to be known.",
            Option::<Imported>::describe,
        ),
        member("by", Some("door"), "Who recorded it.", Option::<Code>::describe),
        member("role", Some("rol"), "In which role.", Code::describe),
        member("sequence", None, "The fact that says so.", Sequence::describe),
    ]
}

impl<T: Shaped> Shaped for Dated<T> {
    fn describe(catalogue: &mut Catalogue) -> Shape {
        let inner = T::describe(catalogue);
        let inner = inner.name().unwrap_or_default();
        catalogue.kept(&format!("Dated{inner}"), "A fact as a state keeps it.", inner, &place::<T>())
    }

    fn read(value: &Value) -> Result<Self, ShapeError> {
        let mut members = Reading::of(value)?;
        let fact = members.take("fact")?;
        let FactPlace { from, recorded, imported, by, role, sequence, remark: _ } = read_place(members)?;
        Ok(Self { fact, from, recorded, imported, by, role, sequence })
    }

    fn write(&self) -> Value {
        let mut members = Writing::default();
        members.put("fact", self.fact.write());
        write_place(&mut members, (self.from, self.recorded), &self.imported, (&self.by, &self.role), self.sequence);
        members.end()
    }
}

/// A member of a state that keeps facts.
pub trait Kept {
    /// Returns whether it keeps any.
    fn is_there(&self) -> bool;
}

impl<T> Kept for Option<T> {
    fn is_there(&self) -> bool {
        self.is_some()
    }
}

impl<T> Kept for Vec<T> {
    fn is_there(&self) -> bool {
        !self.is_empty()
    }
}

/// Refuses a second one of what happens once.
pub fn first(kept: &'static str, is_first: bool) -> Result<(), Refusal> {
    if is_first {
        return Ok(());
    }
    let words = crate::family::words::english(kept);
    let message = format!(
        "`{words}` is recorded in this stream already; correct that fact with `replaces`, or use another stream for another case"
    );
    Err(Refusal::new(RejectionCode::AlreadyExists, "", message))
}

/// Refuses what builds on something that never was.
pub fn needed(kept: &'static str, is_there: bool) -> Result<(), Refusal> {
    one_needed(&[kept], is_there)
}

/// Refuses what builds on one of several things of which none ever was.
pub fn one_needed(kept: &[&'static str], one_is_there: bool) -> Result<(), Refusal> {
    if one_is_there {
        return Ok(());
    }
    let words: Vec<String> = kept.iter().map(|kept| format!("`{}`", crate::family::words::english(kept))).collect();
    let message = format!("{} was not recorded in this stream before that moment; record it first", words.join(" or "));
    Err(Refusal::new(RejectionCode::NeverExisted, "", message))
}

/// Refuses one value twice in a list.
pub fn distinct<'a, T: Ord + Shaped + 'a>(
    field: &'static str,
    values: impl IntoIterator<Item = &'a T>,
) -> Result<(), Refusal> {
    let mut seen = std::collections::BTreeSet::new();
    match values.into_iter().find(|value| !seen.insert(*value)) {
        Some(value) => {
            let message = format!("{} occurs twice in `{field}`", key_text(value));
            Err(Refusal::new(RejectionCode::Malformed, field, message))
        }
        None => Ok(()),
    }
}

/// Refuses an end that lies before its beginning, whatever the unknown parts of both dates are.
pub fn not_reversed(field: &'static str, from: Option<PartialDate>, to: Option<PartialDate>) -> Result<(), Refusal> {
    match (from, to) {
        (Some(from), Some(to)) if to.latest() < from.earliest() => {
            let message = format!("{to} lies before {from}; check both dates");
            Err(Refusal::new(RejectionCode::Malformed, field, message))
        }
        _ => Ok(()),
    }
}

/// Refuses an empty list.
pub fn not_empty<T>(field: &'static str, list: &[T]) -> Result<(), Refusal> {
    if list.is_empty() {
        Err(Refusal::new(RejectionCode::Malformed, field, format!("give at least one item in `{field}`")))
    } else {
        Ok(())
    }
}

/// Refuses versions that do not count from 1.
pub fn counted(field: &'static str, version: u32) -> Result<(), Refusal> {
    if version == 0 { Err(Refusal::new(RejectionCode::Malformed, field, "versions count from 1")) } else { Ok(()) }
}

/// Refuses a link to a stream of another family; the stream itself may be recorded later than the link.
pub fn link<'a>(
    field: &'static str,
    family: &'static str,
    links: impl IntoIterator<Item = &'a StreamId>,
) -> Result<(), Refusal> {
    match links.into_iter().find(|stream| stream.family() != family) {
        Some(stream) => {
            let message = format!("{stream} is no stream of the family {family}; give the id of one");
            Err(Refusal::new(RejectionCode::Malformed, field, message))
        }
        None => Ok(()),
    }
}

/// Refuses what only the controller can say, from a data subject or representative.
pub fn controllers_act(recorded: &Recorded) -> Result<(), Refusal> {
    if recorded.actor.is_subject() {
        let message = "a data subject or representative cannot record this; it is the controller's act";
        Err(Refusal::new(RejectionCode::NotThisActor, "", message))
    } else {
        Ok(())
    }
}

/// Refuses a value that cannot be what it stands for.
pub fn malformed(field: &'static str, message: impl Into<String>) -> Result<(), Refusal> {
    Err(Refusal::new(RejectionCode::Malformed, field, message))
}

/// Refuses what would change something that has ended.
pub fn ended(message: &'static str) -> Result<(), Refusal> {
    Err(Refusal::new(RejectionCode::Ended, "", message))
}

/// Refuses links to streams of another family, and one link twice.
pub fn links(field: &'static str, family: &'static str, links: &[StreamId]) -> Result<(), Refusal> {
    link(field, family, links)?;
    distinct(field, links)
}

/// Refuses what does not meet a condition of the family's own.
pub fn require(met: bool, code: RejectionCode, field: &'static str, message: impl Into<String>) -> Result<(), Refusal> {
    if met { Ok(()) } else { Err(Refusal::new(code, field, message)) }
}

/// Refuses a version that is not the next one of its chain.
pub fn in_turn(version: u32, next: u32) -> Result<(), Refusal> {
    let (used, gap) = (RejectionCode::AlreadyExists, RejectionCode::Malformed);
    counted("version", version)?;
    require(version >= next, used, "version", format!("version {version} is established already; the next is {next}"))?;
    require(version <= next, gap, "version", format!("version {version} would leave a gap; the next is {next}"))
}

/// A member of which something newer may be said.
pub trait Newer<T> {
    /// Takes over what is said; where nothing is said, what was known stays.
    fn take_over(&mut self, said: &T);
}

impl<T: Clone> Newer<Option<T>> for T {
    fn take_over(&mut self, said: &Option<T>) {
        if let Some(said) = said {
            self.clone_from(said);
        }
    }
}

impl<T: Clone> Newer<Option<T>> for Option<T> {
    fn take_over(&mut self, said: &Option<T>) {
        if said.is_some() {
            self.clone_from(said);
        }
    }
}

impl<T: Clone> Newer<Vec<T>> for Vec<T> {
    fn take_over(&mut self, said: &Vec<T>) {
        if !said.is_empty() {
            self.clone_from(said);
        }
    }
}

/// Takes over members of the same name: `take_over!(event => self; name, unit)`.
macro_rules! take_over {
    ($said:expr => $known:expr; $($member:ident),+ $(,)?) => {{
        $($crate::family::dossier::Newer::take_over(&mut $known.$member, &$said.$member);)+
    }};
}
pub(crate) use take_over;

/// Puts what stands now in the place of what stood under the same key.
pub fn put<T, K: PartialEq>(standing: &mut Vec<T>, now: T, key: impl Fn(&T) -> &K) {
    match standing.iter_mut().find(|known| key(known) == key(&now)) {
        Some(known) => *known = now,
        None => standing.push(now),
    }
}
