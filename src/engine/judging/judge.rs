//! Judgements: loads what rules look at, round by round, until nothing is missing.
//!
//! Each round answers all open questions with a handful of statements, however many rules and streams there are. As many rounds
//! are needed as one fact leads to the next: a publication to its consent, the consent to its text.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::engine::moment::Moment;
use crate::engine::project::facts_of;
use crate::engine::tree::{TreeError, root_at};
use crate::ledger::merkle::Hash;
use crate::ledger::name::StreamId;
use crate::rule::catalogue::{Check, Rule};
use crate::rule::inquiry::{self, Inquiry, Notes};
use crate::rule::judge::{Judged, judge};
use crate::rule::scope::{SUBJECTS_MAX, left_out};
use crate::rule::sheet::{Looked, MadeWith, Selection, Sheet, Tree, Unjudged, verdicts};
use crate::rule::timeline::{Open, Stretch, TimelineQuestion, timeline};
use crate::rule::verdict::Verdict;
use crate::rule::world::{BitemporalVersion, Body, Extent, Line, Question, WORLD_STREAMS_MAX, World};
use crate::store::{
    KEY_EXTENTS_MAX, KeyValue, Store, StoreError, Wanted, bitemporal_versions, bodies, head, key_extents, recorded_of,
    streams_of_families,
};
use crate::time::Instant;

/// Most rounds of loading; as deep as one fact leads to the next.
const ROUNDS_MAX: usize = 256;
/// Bytes of the states that one judgement may look at.
const WORLD_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Sheets that are kept for their next pages.
const MADE_SHEETS_MAX: usize = 32;
/// Verdicts on the sheets that are kept for their next pages.
const MADE_VERDICTS_MAX: usize = 50_000;
/// Bytes of states that are kept read, from one judgement to the next.
const BODIES_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Says why there is no judgement.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    /// The database holds no ledger.
    #[error("the database holds no ledger")]
    NotFounded,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The root could not be computed.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// More than one judgement may look at.
    #[error("this question looks at more than {WORLD_STREAMS_MAX} streams; ask about one unit, activity or stream")]
    TooLarge,
    /// More than one sheet may judge.
    #[error("one sheet judges at most {SUBJECTS_MAX} streams, not {0}; ask about one unit, activity or stream")]
    TooManyStreams(usize),
    /// The states that it looks at are too large together.
    #[error(
        "this question looks at more than {WORLD_BYTES_MAX} bytes of states; ask about less, or a shorter stretch of time"
    )]
    TooHeavy,
    /// The outcome changes too often.
    #[error("the outcome changes too often for one answer; ask about a shorter stretch of time")]
    TooLong,
    /// A state is of another version of the program.
    #[error("the state of {0} cannot be read by this version; run `griffie project --rebuild`")]
    Unreadable(StreamId),
    /// Loading found no end.
    #[error("this question leads from one thing to the next for too long; ask about less")]
    Endless,
}

/// Judges what is recorded. States that were read once are kept for the next judgement.
#[derive(Clone, Debug)]
pub struct Judge {
    store: Store,
    kept: Arc<Mutex<Kept>>,
    made: Arc<Mutex<Made>>,
}

/// States that were read, by their hash: what changes has another hash. When they are too many, those that were not asked for since
/// the last time are let go.
#[derive(Debug, Default)]
struct Kept {
    new: HashMap<Hash, Arc<Body>>,
    old: HashMap<Hash, Arc<Body>>,
    bytes: usize,
}

impl Kept {
    fn get(&mut self, hash: &Hash) -> Option<Arc<Body>> {
        if let Some(body) = self.new.get(hash) {
            return Some(body.clone());
        }
        let body = self.old.remove(hash)?;
        self.put(*hash, body.clone());
        Some(body)
    }

    fn put(&mut self, hash: Hash, body: Arc<Body>) {
        self.bytes += body.text().len();
        self.new.insert(hash, body);
        if self.bytes > BODIES_BYTES_MAX / 2 {
            self.old = std::mem::take(&mut self.new);
            self.bytes = 0;
        }
    }
}

/// Which sheets are asked; with another head there is another hindsight.
#[derive(Clone, Debug, PartialEq, Eq)]
struct AskedSheets {
    selection: Selection,
    moment: Moment,
    head: u64,
}

/// The newest sheets, so that their pages need not be judged again.
#[derive(Debug, Default)]
struct Made(VecDeque<(AskedSheets, Arc<Sheets>)>);

impl Made {
    fn get(&self, asked: &AskedSheets) -> Option<Arc<Sheets>> {
        self.0.iter().find(|(made, _)| made == asked).map(|(_, sheets)| sheets.clone())
    }

    fn put(&mut self, asked: AskedSheets, sheets: Arc<Sheets>) {
        // With another head there is another hindsight: older ones are not asked for again.
        self.0.retain(|(made, _)| made.head >= asked.head);
        self.0.push_front((asked, sheets));
        self.0.truncate(MADE_SHEETS_MAX);
        let mut verdicts = 0;
        self.0.retain(|(_, sheets)| {
            verdicts += sheets.known.verdicts.len() + sheets.hindsight.verdicts.len();
            verdicts <= MADE_VERDICTS_MAX
        });
    }
}

/// The sheet of a moment, and the same with all that is known since.
#[derive(Clone, Debug)]
pub struct Sheets {
    /// As known at the moment.
    pub known: Arc<Sheet>,
    /// With the whole ledger.
    pub hindsight: Arc<Sheet>,
}

impl Judge {
    /// Judges a ledger.
    pub fn new(store: Store) -> Self {
        Self { store, kept: Arc::default(), made: Arc::default() }
    }

    /// Returns where the ledger is kept.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Judges everything that is selected, as known at the moment and in hindsight. `rules` is the instant whose law and policy are
    /// applied.
    pub async fn sheets(&self, selection: &Selection, moment: &Moment) -> Result<Arc<Sheets>, JudgeError> {
        let head = head(&self.store).await?.ok_or(JudgeError::NotFounded)?;
        let asked = AskedSheets { selection: selection.clone(), moment: *moment, head: head.size() };
        if let Some(made) = self.made.lock().unwrap_or_else(PoisonError::into_inner).get(&asked) {
            return Ok(made);
        }
        let (known, hindsight) = self.pair(&head.ledger_stream, selection, moment, head.size()).await?;
        let sheets = Arc::new(Sheets { known, hindsight });
        self.made.lock().unwrap_or_else(PoisonError::into_inner).put(asked, sheets.clone());
        Ok(sheets)
    }

    /// Judges everything that is selected twice: as known at the moment, and with that many entries, which are not fewer.
    pub async fn pair(
        &self,
        institution: &StreamId,
        selection: &Selection,
        moment: &Moment,
        later: u64,
    ) -> Result<(Arc<Sheet>, Arc<Sheet>), JudgeError> {
        let mut loader = Loader::new(self, later, focus(moment.size, moment));
        let known = Arc::new(loader.sheet(institution, selection, moment, moment.size).await?);
        if moment.size == later {
            return Ok((known.clone(), known));
        }
        loader.focus = focus(later, moment);
        let second = Arc::new(loader.sheet(institution, selection, moment, later).await?);
        Ok((known, second))
    }

    /// Judges everything that is selected, and tells what was looked at.
    pub async fn looked(
        &self,
        institution: &StreamId,
        selection: &Selection,
        moment: inquiry::Moment,
    ) -> Result<(Vec<Verdict>, Looked), JudgeError> {
        let (institution, selected) = (institution.clone(), selection.clone());
        let attempt = move |world: &World| verdicts(world, &institution, &selected, moment).map_err(Unanswered::from);
        Loader::new(self, moment.size, inquiry_focus(moment)).complete(attempt).await
    }

    /// Judges one stream by one rule in one layer at a moment, with that many entries.
    pub async fn verdict(
        &self,
        (rule, check): (&'static Rule, &'static Check),
        subject: &StreamId,
        moment: inquiry::Moment,
    ) -> Result<Verdict, JudgeError> {
        let subject = subject.clone();
        let attempt = move |world: &World| {
            let Judged { verdict, notes } = judge(world, rule, check, &subject, moment);
            answered(notes).map(|()| verdict)
        };
        Loader::new(self, moment.size, inquiry_focus(moment)).complete(attempt).await
    }

    /// Follows a rule over time, with that many entries at most.
    pub async fn timeline(&self, asked: TimelineQuestion, size: u64) -> Result<Vec<Stretch>, JudgeError> {
        let attempt = move |world: &World| timeline(world, &asked).map_err(Unanswered::from);
        Loader::new(self, size, Vec::new()).complete(attempt).await
    }

    /// Finds something by an inquiry that is about no rule.
    pub async fn find<T>(
        &self,
        subject: &StreamId,
        moment: inquiry::Moment,
        find: impl Fn(&Inquiry<'_>) -> T + Send + Sync + 'static,
    ) -> Result<T, JudgeError>
    where
        T: Send + 'static,
    {
        let subject = subject.clone();
        let attempt = move |world: &World| {
            let inquiry = Inquiry::new(world, "", &subject, moment);
            let found = find(&inquiry);
            answered(inquiry.into_notes()).map(|()| found)
        };
        Loader::new(self, moment.size, inquiry_focus(moment)).complete(attempt).await
    }
}

/// The moments at which a question reads states: subjects when they were in force, law and policy when their rules are applied.
fn focus(size: u64, moment: &Moment) -> Vec<(u64, Instant)> {
    inquiry_focus(inquiry::Moment { size, valid: moment.valid, rules: moment.rules })
}

fn inquiry_focus(moment: inquiry::Moment) -> Vec<(u64, Instant)> {
    [moment.valid, moment.rules, Instant::MAX.before()].map(|at| (moment.size, at)).to_vec()
}

/// Why something could not be judged yet.
enum Unanswered {
    Missing(BTreeSet<Question>),
    Final(JudgeError),
}

fn answered(notes: Notes) -> Result<(), Unanswered> {
    match notes.unreadable {
        Some(stream) => Err(Unanswered::Final(JudgeError::Unreadable(stream))),
        None if notes.missing.is_empty() => Ok(()),
        None => Err(Unanswered::Missing(notes.missing)),
    }
}

impl From<Unjudged> for Unanswered {
    fn from(unjudged: Unjudged) -> Self {
        match unjudged {
            Unjudged::Missing(questions) => Self::Missing(questions),
            Unjudged::Unreadable(stream) => Self::Final(JudgeError::Unreadable(stream)),
            Unjudged::TooMany(streams) => Self::Final(JudgeError::TooManyStreams(streams)),
        }
    }
}

impl From<Open> for Unanswered {
    fn from(open: Open) -> Self {
        match open {
            Open::Missing(questions) => Self::Missing(questions),
            Open::Unreadable(stream) => Self::Final(JudgeError::Unreadable(stream)),
            Open::TooLong => Self::Final(JudgeError::TooLong),
        }
    }
}

/// A world that is being loaded for one judgement.
struct Loader<'j> {
    judge: &'j Judge,
    world: World,
    /// Entries that the judgement may know of at most.
    size: u64,
    /// The moments at which states are read with their streams; none: all states of a stream.
    focus: Vec<(u64, Instant)>,
    /// Bytes of the states that are loaded.
    bytes: usize,
}

impl<'j> Loader<'j> {
    fn new(judge: &'j Judge, size: u64, focus: Vec<(u64, Instant)>) -> Self {
        Self { judge, world: World::default(), size, focus, bytes: 0 }
    }

    async fn sheet(
        &mut self,
        institution: &StreamId,
        selection: &Selection,
        moment: &Moment,
        size: u64,
    ) -> Result<Sheet, JudgeError> {
        let at = inquiry::Moment { size, valid: moment.valid, rules: moment.rules };
        let (institution, selected) = (institution.clone(), selection.clone());
        let attempt = move |world: &World| verdicts(world, &institution, &selected, at).map_err(Unanswered::from);
        let (verdicts, _) = self.complete(attempt).await?;
        let root = root_at(&self.judge.store, size).await?;
        Ok(Sheet {
            known: Tree { size, root },
            rule_set: MadeWith::this(),
            scope: selection.scope.to_string(),
            files: selection.files,
            left_out: left_out(&selection.scope, selection.files),
            rules: selection.rules.clone(),
            layers: selection.layers.clone(),
            valid_at: moment.valid,
            rules_at: moment.rules,
            verdicts,
            hashed: OnceLock::new(),
        })
    }

    /// Judges again and again, each time with more loaded, until nothing is missing.
    async fn complete<T, A>(&mut self, attempt: A) -> Result<T, JudgeError>
    where
        T: Send + 'static,
        A: Fn(&World) -> Result<T, Unanswered> + Send + Sync + 'static,
    {
        let attempt = Arc::new(attempt);
        for _ in 0..ROUNDS_MAX {
            // Judging many streams takes long enough to keep others waiting.
            let (attempt, world) = (attempt.clone(), std::mem::take(&mut self.world));
            let judging = tokio::task::spawn_blocking(move || {
                let judged = attempt(&world);
                (world, judged)
            });
            let (world, judged) = judging.await.map_err(|_| JudgeError::Endless)?;
            self.world = world;
            match judged {
                Ok(done) => return Ok(done),
                Err(Unanswered::Final(error)) => return Err(error),
                Err(Unanswered::Missing(questions)) => self.answer(questions).await?,
            }
        }
        Err(JudgeError::Endless)
    }

    async fn answer(&mut self, questions: BTreeSet<Question>) -> Result<(), JudgeError> {
        let mut asked = Round::default();
        questions.into_iter().for_each(|question| asked.sort(question));
        // What leads to streams is followed by the streams at once: that saves a round.
        self.lists(&mut asked).await?;
        if self.world.streams() + asked.streams.len() > WORLD_STREAMS_MAX {
            return Err(JudgeError::TooLarge);
        }
        self.lines(&asked.streams).await?;
        self.bodies(asked.bodies).await?;
        self.facts(&asked.facts).await?;
        self.recorded(&asked.recorded).await
    }

    async fn lists(&mut self, asked: &mut Round) -> Result<(), JudgeError> {
        for (key, list) in self.keyed(&asked.keyed, self.wanted_keys()).await? {
            asked.streams.extend(self.wanted(&list));
            self.world.add_keyed(Question::Keyed(key.family, key.name, key.value), list);
        }
        let ever = Wanted { size: self.size, still: 0, after: Instant::MIN };
        for (key, list) in self.keyed(&asked.ever, ever).await? {
            self.world.add_keyed(Question::Ever(key.family, key.name, key.value), list);
        }
        if !asked.all.is_empty() {
            let limit = i64::try_from(WORLD_STREAMS_MAX).unwrap_or(i64::MAX).saturating_add(1);
            let found =
                streams_of_families(self.judge.store.read().await?.conn(), &asked.all, self.size, limit).await?;
            if found.len() > WORLD_STREAMS_MAX {
                return Err(JudgeError::TooLarge);
            }
            let mut families: BTreeMap<&str, Vec<StreamId>> = BTreeMap::new();
            for (family, stream) in &found {
                families.entry(family).or_default().push(stream.clone());
            }
            for family in &asked.all {
                let streams = families.remove(family).unwrap_or_default();
                asked.streams.extend(streams.iter().filter(|stream| self.world.line(stream).is_none()).cloned());
                self.world.add_all(family, streams);
            }
        }
        Ok(())
    }

    async fn keyed(
        &self,
        asked: &[KeyValue],
        wanted: Wanted,
    ) -> Result<Vec<(KeyValue, Vec<(StreamId, Extent)>)>, JudgeError> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let found = key_extents(self.judge.store.read().await?.conn(), asked, wanted).await?;
        if found.len() > KEY_EXTENTS_MAX {
            return Err(JudgeError::TooLarge);
        }
        let mut lists: Vec<Vec<(StreamId, Extent)>> = vec![Vec::new(); asked.len()];
        for row in found {
            let extent = Extent { effective: row.effective, known_from: row.known_from, known_to: row.known_to };
            lists[row.asked].push((row.stream, extent));
        }
        Ok(asked.iter().cloned().zip(lists).collect())
    }

    /// A judgement of moments need not read what had ended before them, nor what was known no more; one over time reads all.
    fn wanted_keys(&self) -> Wanted {
        let still = self.focus.iter().map(|(size, _)| *size).min().unwrap_or(0);
        let after = self.focus.iter().map(|(_, valid)| *valid).min().unwrap_or(Instant::MIN);
        Wanted { size: self.size, still, after }
    }

    /// The streams of a list that the judgement will look at: those that are in it at a moment of the focus.
    fn wanted(&self, list: &[(StreamId, Extent)]) -> Vec<StreamId> {
        let holds = |extent: &Extent| {
            self.focus.is_empty() || self.focus.iter().any(|(size, valid)| extent.holds(*size, *valid))
        };
        let wanted = list.iter().filter(|(stream, extent)| holds(extent) && self.world.line(stream).is_none());
        wanted.map(|(stream, _)| stream.clone()).collect()
    }

    async fn lines(&mut self, streams: &BTreeSet<StreamId>) -> Result<(), JudgeError> {
        if streams.is_empty() {
            return Ok(());
        }
        let mut lines: BTreeMap<StreamId, Line> =
            streams.iter().map(|stream| (stream.clone(), Line::default())).collect();
        for row in bitemporal_versions(self.judge.store.read().await?.conn(), streams, self.size).await? {
            let extent = Extent { effective: row.effective, known_from: row.known_from, known_to: row.known_to };
            let line = lines.entry(row.stream).or_default();
            line.reference = line.reference.take().or(row.reference);
            line.bitemporal_versions.push(BitemporalVersion { extent, body: row.body });
        }
        let mut wanted = BTreeSet::new();
        for (stream, line) in lines {
            if self.focus.is_empty() {
                wanted.extend(line.bitemporal_versions.iter().map(|bitemporal_version| bitemporal_version.body));
            }
            self.world.add_line(stream, line);
        }
        wanted.extend(self.world.bodies_at(streams, &self.focus));
        self.bodies(wanted).await
    }

    async fn bodies(&mut self, mut wanted: BTreeSet<Hash>) -> Result<(), JudgeError> {
        wanted.retain(|hash| self.world.body(hash).is_none());
        {
            let mut kept = self.judge.kept.lock().unwrap_or_else(PoisonError::into_inner);
            wanted.retain(|hash| match kept.get(hash) {
                Some(body) => {
                    self.bytes += body.text().len();
                    self.world.add_body(*hash, body);
                    false
                }
                None => true,
            });
        }
        if self.bytes > WORLD_BYTES_MAX {
            return Err(JudgeError::TooHeavy);
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let found = bodies(self.judge.store.read().await?.conn(), &wanted).await?;
        let mut kept = self.judge.kept.lock().unwrap_or_else(PoisonError::into_inner);
        for (hash, text) in found {
            self.bytes += text.len();
            let body = Arc::new(Body::new(text));
            kept.put(hash, body.clone());
            self.world.add_body(hash, body);
            wanted.remove(&hash);
        }
        match wanted.first() {
            Some(lost) => Err(StoreError::corrupt("state_body", "hash", 0, Lost(*lost)).into()),
            None => Ok(()),
        }
    }

    async fn facts(&mut self, streams: &BTreeSet<StreamId>) -> Result<(), JudgeError> {
        if streams.is_empty() {
            return Ok(());
        }
        let mut found = facts_of(self.judge.store.read().await?.conn(), streams, self.size).await?;
        for stream in streams {
            self.world.add_facts(stream.clone(), found.remove(stream).unwrap_or_default());
        }
        Ok(())
    }

    async fn recorded(&mut self, sizes: &BTreeSet<u64>) -> Result<(), JudgeError> {
        let sequences: BTreeSet<u64> = sizes.iter().filter_map(|size| size.checked_sub(1)).collect();
        if sequences.is_empty() {
            return Ok(());
        }
        for (sequence, recorded) in recorded_of(self.judge.store.read().await?.conn(), &sequences).await? {
            self.world.add_recorded(sequence + 1, recorded);
        }
        Ok(())
    }
}

/// A state that bitemporal versions name and that is not there.
#[derive(Debug, thiserror::Error)]
#[error("there is no state with the hash {0}")]
struct Lost(Hash);

/// The questions of one round, by how they are answered.
#[derive(Default)]
struct Round {
    streams: BTreeSet<StreamId>,
    bodies: BTreeSet<Hash>,
    keyed: Vec<KeyValue>,
    ever: Vec<KeyValue>,
    all: BTreeSet<&'static str>,
    facts: BTreeSet<StreamId>,
    recorded: BTreeSet<u64>,
}

impl Round {
    fn sort(&mut self, question: Question) {
        match question {
            Question::Stream(stream) => drop(self.streams.insert(stream)),
            Question::Body(hash) => drop(self.bodies.insert(hash)),
            Question::Keyed(family, name, value) => self.keyed.push(KeyValue { family, name, value }),
            Question::Ever(family, name, value) => self.ever.push(KeyValue { family, name, value }),
            Question::All(family) => drop(self.all.insert(family)),
            Question::Facts(stream) => drop(self.facts.insert(stream)),
            Question::Recorded(size) => drop(self.recorded.insert(size)),
        }
    }
}
