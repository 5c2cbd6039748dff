//! Every SQL statement of the project.
//!
//! One text serves both databases; the exceptions are the lock of the head and PostgreSQL's session settings. Lists are
//! bound as one JSON array of texts. In a bulk statement `{rows}` stands for as many rows of values as there are.

/// A statement in the words of both databases.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// Its name, for tests.
    pub name: &'static str,
    /// For SQLite.
    pub sqlite: &'static str,
    /// For PostgreSQL.
    pub postgres: &'static str,
    /// How many values a row has, in a bulk statement with `{rows}`; else 0.
    pub row_values: usize,
}

macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident $kind:tt $text:literal $(/ $postgres:literal)?;)*) => {
        $($(#[$doc])* pub const $name: Statement =
            Statement { name: stringify!($name), sqlite: $text, postgres: statements!(@other $text $($postgres)?), row_values: $kind };)*

        /// All statements, for the test that prepares each of them on both databases.
        pub const ALL: &[Statement] = &[$($name),*];
    };
    (@other $text:literal) => { $text };
    (@other $text:literal $postgres:literal) => { $postgres };
}

statements! {
    /// The head as it is.
    HEAD 0 "select origin, size, frontier, previous, recorded, ledger_stream, event_key, checkpoint_key, recovery_key, simulated, clock_corrected_until from head where id = 1";
    /// The head, locked until the end of the transaction. In SQLite `begin immediate` locks it.
    LOCK_HEAD 0 "select origin, size, frontier, previous, recorded, ledger_stream, event_key, checkpoint_key, recovery_key, simulated, clock_corrected_until from head where id = 1"
        / "select origin, size, frontier, previous, recorded, ledger_stream, event_key, checkpoint_key, recovery_key, simulated, clock_corrected_until from head where id = 1 for update";
    /// Founds the ledger.
    INSERT_HEAD 0 "insert into head (id, origin, size, frontier, previous, recorded, ledger_stream, event_key, checkpoint_key, recovery_key, simulated, clock_corrected_until) values (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    /// Advances the head.
    UPDATE_HEAD 0 "update head set size = $1, frontier = $2, previous = $3, recorded = $4, event_key = $5, checkpoint_key = $6, clock_corrected_until = $7 where id = 1";

    /// What the programs that wrote here know.
    PROGRAM 0 "select facts, fold from program where id = 1";
    /// Says what this program knows.
    WRITE_PROGRAM 0 "insert into program (id, facts, fold) values (1, $1, $2) on conflict (id) do update set facts = excluded.facts, fold = excluded.fold";

    /// Entries.
    INSERT_ENTRIES 8 "insert into entry (sequence, stream, revision, family, event, recorded, id, body) {rows}";
    /// A page of entries by sequence, forwards.
    ENTRIES_FROM 0 "select sequence, body from entry where sequence >= $1 and sequence < $2 order by sequence limit $3";
    /// A page of entries with the columns that repeat the body.
    ENTRY_ROWS_FROM 0 "select e.sequence, e.stream, e.revision, e.family, e.event, e.recorded, e.id, e.body, s.reference from entry e left join stream s on s.stream = e.stream and s.first_sequence = e.sequence where e.sequence >= $1 order by e.sequence limit $2";
    /// Some entries by sequence.
    ENTRIES_AT 0 "select sequence, body from entry where sequence in (select cast(value as bigint) from json_each($1)) order by sequence";
    /// Some entries by their ids.
    ENTRIES_BY_ID 0 "select sequence, body from entry where id in (select value from json_each($1))";
    /// All facts of some streams among the first entries, for folding.
    ENTRIES_OF_STREAMS 0 "select sequence, body from entry where stream in (select value from json_each($1)) and sequence >= 0 and sequence < $2 order by sequence";
    /// A page of the facts of each of some streams, forwards.
    PAGES_OF_STREAMS 0 "select e.sequence, e.body from entry e join (select sequence, row_number() over (partition by stream order by sequence) as place from entry where stream in (select value from json_each($1)) and sequence >= $2 and sequence < $3) p on p.sequence = e.sequence where p.place <= $4 order by e.sequence";
    /// A page of the facts of each of some streams, backwards.
    PAGES_OF_STREAMS_BACK 0 "select e.sequence, e.body from entry e join (select sequence, row_number() over (partition by stream order by sequence desc) as place from entry where stream in (select value from json_each($1)) and sequence >= $2 and sequence < $3) p on p.sequence = e.sequence where p.place <= $4 order by e.sequence desc";
    /// Rows that no writer of ours makes: below the first sequence.
    STRAY_ENTRIES 0 "select count(*) as strays from entry where sequence < 0";
    /// The last leaf hash.
    LAST_LEAF 0 "select position from tile_hash where level = 0 order by position desc limit 1";
    /// How many facts some streams have.
    REVISIONS_OF_STREAMS 0 "select stream, max(revision) as revision from entry where stream in (select value from json_each($1)) and sequence < $2 group by stream";
    /// Entries of one stream, forwards.
    ENTRIES_OF_STREAM 0 "select sequence, body from entry where stream = $1 and sequence >= $2 and sequence < $3 order by sequence limit $4";
    /// Entries of one stream, backwards.
    ENTRIES_OF_STREAM_BACK 0 "select sequence, body from entry where stream = $1 and sequence >= $2 and sequence < $3 order by sequence desc limit $4";
    /// Entries of one family, forwards.
    ENTRIES_OF_FAMILY 0 "select sequence, body from entry where family = $1 and sequence >= $2 and sequence < $3 order by sequence limit $4";
    /// Entries of one family, backwards.
    ENTRIES_OF_FAMILY_BACK 0 "select sequence, body from entry where family = $1 and sequence >= $2 and sequence < $3 order by sequence desc limit $4";
    /// Entries of one event, forwards.
    ENTRIES_OF_EVENT 0 "select sequence, body from entry where event = $1 and sequence >= $2 and sequence < $3 order by sequence limit $4";
    /// Entries of one event, backwards.
    ENTRIES_OF_EVENT_BACK 0 "select sequence, body from entry where event = $1 and sequence >= $2 and sequence < $3 order by sequence desc limit $4";
    /// Entries of some families, forwards.
    ENTRIES_OF_FAMILIES 0 "select sequence, body from entry where family in (select value from json_each($1)) and sequence >= $2 and sequence < $3 order by sequence limit $4";
    /// Entries of some families, backwards.
    ENTRIES_OF_FAMILIES_BACK 0 "select sequence, body from entry where family in (select value from json_each($1)) and sequence >= $2 and sequence < $3 order by sequence desc limit $4";
    /// Entries, backwards.
    ENTRIES_BACK 0 "select sequence, body from entry where sequence >= $1 and sequence < $2 order by sequence desc limit $3";
    /// The size of the tree when the clock of the ledger stood at an instant: one more than the last sequence by then.
    SIZE_KNOWN_AT 0 "select sequence from entry where recorded <= $1 order by recorded desc limit 1";
    /// When an entry was recorded.
    RECORDED_AT 0 "select recorded from entry where sequence = $1";

    /// Streams.
    INSERT_STREAMS 4 "insert into stream (stream, family, reference, first_sequence) {rows}";
    /// A stream by its human reference.
    STREAM_BY_REFERENCE 0 "select stream, family, reference, first_sequence from stream where family = $1 and reference = $2";
    /// Streams of some families with some references.
    STREAMS_BY_REFERENCES 0 "select stream, family, reference, first_sequence from stream where family in (select value from json_each($1)) and reference in (select value from json_each($2))";
    /// Some streams by name.
    STREAMS 0 "select stream, family, reference, first_sequence from stream where stream in (select value from json_each($1))";

    /// Tile hashes.
    INSERT_TILE_HASHES 3 "insert into tile_hash (level, position, hash) {rows}";
    /// The hashes at some positions of one level.
    TILE_HASHES 0 "select position, hash from tile_hash where level = $1 and position in (select cast(value as bigint) from json_each($2)) order by position";
    /// A page of the hashes of one level.
    TILE_HASHES_FROM 0 "select position, hash from tile_hash where level = $1 and position >= $2 order by position limit $3";

    /// A checkpoint.
    INSERT_CHECKPOINT 0 "insert into checkpoint (size, note) values ($1, $2)";
    /// The newest checkpoint up to a size.
    CHECKPOINT_UP_TO 0 "select size, note from checkpoint where size <= $1 order by size desc limit 1";
    /// The checkpoints of some sizes.
    CHECKPOINTS_AT 0 "select size, note from checkpoint where size in (select cast(value as bigint) from json_each($1))";
    /// The first checkpoint from a size on.
    CHECKPOINT_FROM 0 "select size, note from checkpoint where size >= $1 order by size limit 1";
    /// A page of checkpoints by size.
    CHECKPOINTS_FROM 0 "select size, note from checkpoint where size >= $1 order by size limit $2";

    /// Idempotency keys.
    INSERT_IDEMPOTENCY 5 "insert into idempotency (actor, idempotency_key, fingerprint, first_sequence, facts) {rows}";
    /// What some keys of some actors were used for.
    IDEMPOTENCY 0 "select actor, idempotency_key, fingerprint, first_sequence, facts from idempotency where actor in (select value from json_each($1)) and idempotency_key in (select value from json_each($2))";

    /// Vault values.
    INSERT_VAULT 4 "insert into vault (digest, sequence, stream, disclosure) {rows}";
    /// Takes from the vault what some facts erase; a row of the question is a fact with its stream or none (''), its entry or none
    /// (-1), and one of its values or all (''). The join is crossed so that SQLite begins with the facts, not with the whole vault.
    ERASE_VALUES 4 "with due (erased_by, stream, entry, digest) as ({rows}), found (digest, erased_by) as (select a.digest, min(a.erased_by) from (select v.digest, d.erased_by from due d cross join vault v where d.entry < 0 and v.stream = d.stream and v.sequence < d.erased_by and (d.digest = '' or v.digest = d.digest) and v.disclosure <> '' union all select v.digest, d.erased_by from due d cross join vault v where v.sequence = d.entry and v.sequence < d.erased_by and (d.stream = '' or v.stream = d.stream) and (d.digest = '' or v.digest = d.digest) and v.disclosure <> '') a group by a.digest) update vault set disclosure = '', erased_by = found.erased_by from found where vault.digest = found.digest returning vault.digest, vault.stream";
    /// What the vault still holds of what some facts erase, and by which fact: nothing, unless somebody put it back.
    DUE_VALUES 4 "with due (erased_by, stream, entry, digest) as ({rows}) select v.sequence, d.erased_by from due d cross join vault v where d.entry < 0 and v.stream = d.stream and v.sequence < d.erased_by and (d.digest = '' or v.digest = d.digest) and v.disclosure <> '' union select v.sequence, d.erased_by from due d cross join vault v where v.sequence = d.entry and v.sequence < d.erased_by and (d.stream = '' or v.stream = d.stream) and (d.digest = '' or v.digest = d.digest) and v.disclosure <> ''";
    /// Some vault values by digest.
    VAULT 0 "select digest, sequence, stream, disclosure, erased_by from vault where digest in (select value from json_each($1))";
    /// The vault values of a range of sequences.
    VAULT_OF_SEQUENCES 0 "select digest, sequence, stream, disclosure, erased_by from vault where sequence >= $1 and sequence < $2 order by sequence, digest";

    /// The bitemporal versions of some streams that are not closed.
    OPEN_STATES 0 "select stream, effective_from, effective_to, body from state where stream in (select value from json_each($1)) and known_to = 9223372036854775807 order by stream, effective_from";
    /// Closes open bitemporal versions.
    CLOSE_STATES 3 "with closed (stream, effective_from, known_to) as ({rows}) update state set known_to = closed.known_to from closed where state.stream = closed.stream and state.effective_from = closed.effective_from and state.known_to = 9223372036854775807";
    /// Closes the same bitemporal versions under their keys.
    CLOSE_STATE_KEYS 3 "with closed (stream, effective_from, known_to) as ({rows}) update state_key set known_to = closed.known_to from closed where state_key.stream = closed.stream and state_key.effective_from = closed.effective_from and state_key.known_to = 9223372036854775807";
    /// Bitemporal versions.
    INSERT_STATES 8 "insert into state (stream, family, effective_from, effective_to, known_from, known_to, body, announced) {rows}";
    /// Bitemporal versions under a key.
    INSERT_STATE_KEYS 8 "insert into state_key (family, name, value, stream, effective_from, effective_to, known_from, known_to) {rows}";
    /// Which fold results are kept already.
    STATE_BODIES 0 "select hash from state_body where hash in (select value from json_each($1))";
    /// Fold results.
    INSERT_STATE_BODIES 2 "insert into state_body (hash, body) {rows}";
    /// The states of some streams at one moment.
    STATES_AT 0 "select s.stream, s.effective_from, s.effective_to, s.known_from, s.known_to, b.body from state s join state_body b on b.hash = s.body where s.stream in (select value from json_each($1)) and s.known_from <= $2 and $2 < s.known_to and s.effective_from <= $3 and $3 < s.effective_to";
    /// The states of streams at moments of their own, each by its place in the question.
    STATES_AT_MOMENTS 4 "with given (place, stream, size, valid) as ({rows}), asked as (select cast(place as bigint) as place, stream, cast(size as bigint) as size, cast(valid as bigint) as valid from given) select a.place, s.stream, s.effective_from, s.effective_to, s.known_from, s.known_to, b.body from asked a join state s on s.stream = a.stream and s.known_from <= a.size and a.size < s.known_to and s.effective_from <= a.valid and a.valid < s.effective_to join state_body b on b.hash = s.body";
    /// States that came into force after having been known, as they were known when they did; by when, then by stream.
    ANNOUNCED_STATES 0 "select s.stream, s.effective_from, 1 + (select e.sequence from entry e where e.recorded <= s.effective_from order by e.recorded desc limit 1) as size from state s left join entry k on k.sequence = s.known_to - 1 where s.announced and s.effective_from >= $1 and (s.effective_from > $1 or s.stream > $2) and s.effective_from <= $3 and (k.sequence is null or k.recorded > s.effective_from) and s.family in (select value from json_each($4)) order by s.effective_from, s.stream limit $5";
    /// When the next known state comes into force.
    NEXT_ANNOUNCED 0 "select s.effective_from from state s where s.announced and s.effective_from > $1 and s.known_to = 9223372036854775807 order by s.effective_from limit 1";
    /// The bitemporal versions of some streams, known ones and those known before.
    BITEMPORAL_VERSIONS 0 "select v.stream, v.effective_from, v.effective_to, v.known_from, v.known_to, v.body, s.reference from state v left join stream s on s.stream = v.stream where v.stream in (select value from json_each($1)) and v.known_from <= $2 order by v.stream, v.effective_from, v.known_from";
    /// Some fold results.
    BODIES 0 "select hash, body from state_body where hash in (select value from json_each($1))";
    /// Where streams have some values of keys, by what is known with up to `size` entries; left out is what was known no more with `still`
    /// entries, and what ended by `after`.
    KEY_EXTENTS 6 "with given (family, name, value, size, still, after) as ({rows}), asked as (select family, name, value, cast(size as bigint) as size, cast(still as bigint) as still, cast(after as bigint) as after from given) select k.family, k.name, k.value, k.stream, k.effective_from, k.effective_to, k.known_from, k.known_to from asked a join state_key k on k.family = a.family and k.name = a.name and k.value = a.value and k.known_from <= a.size and k.known_to > a.still and k.effective_to > a.after limit 200001";
    /// The streams of some families.
    STREAMS_OF_FAMILIES 0 "select distinct family, stream from state where family in (select value from json_each($1)) and known_from <= $2 order by family, stream limit $3";
    /// When some entries were recorded.
    RECORDED_OF 0 "select sequence, recorded from entry where sequence in (select cast(value as bigint) from json_each($1))";
    /// A page of the states of a family at one moment, forwards.
    LIST_STATES 0 "select s.stream, s.effective_from, s.effective_to, s.known_from, s.known_to, b.body from state s join state_body b on b.hash = s.body where s.family = $1 and s.known_from <= $2 and $2 < s.known_to and s.effective_from <= $3 and $3 < s.effective_to and s.stream > $4 and s.stream < $5 order by s.stream limit $6";
    /// A page of the states of a family at one moment, backwards.
    LIST_STATES_BACK 0 "select s.stream, s.effective_from, s.effective_to, s.known_from, s.known_to, b.body from state s join state_body b on b.hash = s.body where s.family = $1 and s.known_from <= $2 and $2 < s.known_to and s.effective_from <= $3 and $3 < s.effective_to and s.stream > $4 and s.stream < $5 order by s.stream desc limit $6";
    /// How many states a family has at one moment; for the length of an export.
    COUNT_STATES 0 "select count(*) as states from state s where s.family = $1 and s.known_from <= $2 and $2 < s.known_to and s.effective_from <= $3 and $3 < s.effective_to";
    /// How many of them have a key.
    COUNT_BY_KEY 0 "select count(*) as states from state_key k where k.family = $1 and k.name = $2 and k.value = $3 and k.known_from <= $4 and $4 < k.known_to and k.effective_from <= $5 and $5 < k.effective_to";
    /// A page of the streams that have a key at one moment, forwards.
    LIST_BY_KEY 0 "select k.stream from state_key k where k.family = $1 and k.name = $2 and k.value = $3 and k.known_from <= $4 and $4 < k.known_to and k.effective_from <= $5 and $5 < k.effective_to and k.stream > $6 and k.stream < $7 order by k.stream limit $8";
    /// A page of the streams that have a key at one moment, backwards.
    LIST_BY_KEY_BACK 0 "select k.stream from state_key k where k.family = $1 and k.name = $2 and k.value = $3 and k.known_from <= $4 and $4 < k.known_to and k.effective_from <= $5 and $5 < k.effective_to and k.stream > $6 and k.stream < $7 order by k.stream desc limit $8";
    /// Which of some streams have a key at one moment.
    HAVE_KEY 0 "select k.stream from state_key k where k.family = $1 and k.name = $2 and k.value = $3 and k.known_from <= $4 and $4 < k.known_to and k.effective_from <= $5 and $5 < k.effective_to and k.stream in (select value from json_each($6))";
    /// For each of some values of a key, the first streams that have it at a moment, with spaces between them: each value is
    /// looked up by itself and left after a page, for a value may be that of very many streams.
    RELATED 0 "select v.value, (select string_agg(p.stream, ' ') from (select k.stream from state_key k where k.family = $1 and k.name = $2 and k.value = v.value and k.known_from <= $4 and $4 < k.known_to and k.effective_from <= $5 and $5 < k.effective_to and k.stream > $6 and k.stream < $7 order by k.stream limit $8) p) as streams from json_each($3) v";
    /// For each of some values of a key, the last streams that have it at a moment.
    RELATED_BACK 0 "select v.value, (select string_agg(p.stream, ' ') from (select k.stream from state_key k where k.family = $1 and k.name = $2 and k.value = v.value and k.known_from <= $4 and $4 < k.known_to and k.effective_from <= $5 and $5 < k.effective_to and k.stream > $6 and k.stream < $7 order by k.stream desc limit $8) p) as streams from json_each($3) v";
    /// Which of some streams have a state at one moment.
    HAVE_STATE 0 "select s.stream from state s where s.stream in (select value from json_each($1)) and s.known_from <= $2 and $2 < s.known_to and s.effective_from <= $3 and $3 < s.effective_to";
    /// Words by which fold results are found.
    INSERT_SEARCH 2 "insert into search_text (hash, words) {rows}"
        / "with given (hash, words) as ({rows}) insert into search_text (hash, words) select hash, array_to_tsvector(array_remove(string_to_array(words, ' '), '')) from given";
    /// How many states of all moments have some words, counted up to a limit: what a search goes through.
    COUNT_FOUND 0 "select count(*) as found from (select 1 from search_text join state s on s.body = search_text.hash where search_text match $1 limit $2)"
        / "select count(*) as found from (select 1 from search_text join state s on s.body = search_text.hash where search_text.words @@ cast($1 as tsquery) limit $2) f";
    /// The states of some families that have some words at a moment, a page by stream; of one unit, if it is named.
    SEARCH 0 "select s.stream, s.effective_from, s.effective_to, s.known_from, s.known_to, b.body from search_text join state s on s.body = search_text.hash join state_body b on b.hash = s.body where search_text match $1 and s.family in (select value from json_each($2)) and ($3 = '' or exists (select 1 from state_key k where k.family = s.family and k.name = 'unit' and k.value = $3 and k.stream = s.stream and k.known_from = s.known_from and k.effective_from = s.effective_from)) and s.known_from <= $4 and $4 < s.known_to and s.effective_from <= $5 and $5 < s.effective_to and s.stream > $6 and s.stream < $7 order by s.stream limit $8"
        / "select s.stream, s.effective_from, s.effective_to, s.known_from, s.known_to, b.body from search_text join state s on s.body = search_text.hash join state_body b on b.hash = s.body where search_text.words @@ cast($1 as tsquery) and s.family in (select value from json_each($2)) and ($3 = '' or exists (select 1 from state_key k where k.family = s.family and k.name = 'unit' and k.value = $3 and k.stream = s.stream and k.known_from = s.known_from and k.effective_from = s.effective_from)) and s.known_from <= $4 and $4 < s.known_to and s.effective_from <= $5 and $5 < s.effective_to and s.stream > $6 and s.stream < $7 order by s.stream limit $8";
    /// The same downwards.
    SEARCH_BACK 0 "select s.stream, s.effective_from, s.effective_to, s.known_from, s.known_to, b.body from search_text join state s on s.body = search_text.hash join state_body b on b.hash = s.body where search_text match $1 and s.family in (select value from json_each($2)) and ($3 = '' or exists (select 1 from state_key k where k.family = s.family and k.name = 'unit' and k.value = $3 and k.stream = s.stream and k.known_from = s.known_from and k.effective_from = s.effective_from)) and s.known_from <= $4 and $4 < s.known_to and s.effective_from <= $5 and $5 < s.effective_to and s.stream > $6 and s.stream < $7 order by s.stream desc limit $8"
        / "select s.stream, s.effective_from, s.effective_to, s.known_from, s.known_to, b.body from search_text join state s on s.body = search_text.hash join state_body b on b.hash = s.body where search_text.words @@ cast($1 as tsquery) and s.family in (select value from json_each($2)) and ($3 = '' or exists (select 1 from state_key k where k.family = s.family and k.name = 'unit' and k.value = $3 and k.stream = s.stream and k.known_from = s.known_from and k.effective_from = s.effective_from)) and s.known_from <= $4 and $4 < s.known_to and s.effective_from <= $5 and $5 < s.effective_to and s.stream > $6 and s.stream < $7 order by s.stream desc limit $8";
    /// All bitemporal versions, for comparing a rebuilt projection with the one that was there.
    ALL_STATES 0 "select s.stream, s.family, s.effective_from, s.effective_to, s.known_from, s.known_to, s.body, s.announced, b.body as text from state s left join state_body b on b.hash = s.body where s.stream > $1 or (s.stream = $1 and (s.known_from > $2 or (s.known_from = $2 and s.effective_from > $3))) order by s.stream, s.known_from, s.effective_from limit $4";
    /// Empties the projection before a rebuild.
    DELETE_STATES 0 "delete from state";
    /// Empties the keys before a rebuild.
    DELETE_STATE_KEYS 0 "delete from state_key";
    /// Empties the fold results before a rebuild.
    DELETE_STATE_BODIES 0 "delete from state_body";

    /// Takes away the words of some fold results.
    DELETE_SEARCH_OF 0 "delete from search_text where hash in (select value from json_each($1))";
    /// Empties the words before a rebuild.
    DELETE_SEARCH 0 "delete from search_text";

    /// What single facts are found by.
    INSERT_FACTS 5 "insert into fact (sequence, unit, family, late, replaced) {rows}";
    /// Notes from which tree size on facts are corrected or taken back.
    REPLACE_FACTS 2 "with corrected (sequence, replaced) as ({rows}) update fact set replaced = corrected.replaced from corrected where fact.sequence = corrected.sequence";
    /// Which of some facts are corrected or taken back, and from which tree size on; `$2` stands for those that are not.
    REPLACED_FACTS 0 "select sequence, replaced from fact where unit = '' and replaced < $2 and sequence in (select cast(value as bigint) from json_each($1))";
    /// The last fact that was indexed.
    LAST_FACT 0 "select sequence from fact order by sequence desc limit 1";
    /// A page of the facts that were recorded later than so long after the end of their effective dates, the latest first.
    LATE_FACTS 0 "select sequence, late from fact where unit = $1 and late > 0 and late > $2 and sequence < $3 and $3 < replaced and (late, sequence) < ($4, $5) and (late, sequence) > ($6, $7) order by late desc, sequence desc limit $8";
    /// The same from the end.
    LATE_FACTS_BACK 0 "select sequence, late from fact where unit = $1 and late > 0 and late > $2 and sequence < $3 and $3 < replaced and (late, sequence) < ($4, $5) and (late, sequence) > ($6, $7) order by late, sequence limit $8";
    /// Which of some facts are of some families and a unit.
    FACTS_AMONG 0 "select sequence from fact where sequence in (select cast(value as bigint) from json_each($1)) and unit = $2 and family in (select value from json_each($3))";
    /// The bitemporal versions of figures of some streams that are not closed.
    OPEN_FIGURES 0 "select stream, code, unit, effective_from, effective_to, sequence from figure where stream in (select value from json_each($1)) and known_to = 9223372036854775807";
    /// Closes open bitemporal versions of figures.
    CLOSE_FIGURES 5 "with closed (code, unit, effective_from, sequence, known_to) as ({rows}) update figure set known_to = closed.known_to from closed where figure.code = closed.code and figure.unit = closed.unit and figure.effective_from = closed.effective_from and figure.sequence = closed.sequence and figure.known_to = 9223372036854775807";
    /// Bitemporal versions of figures.
    INSERT_FIGURES 8 "insert into figure (code, unit, effective_from, sequence, known_from, known_to, effective_to, stream) {rows}";
    /// How many facts count in some figures of one unit at a moment.
    COUNT_FIGURES 0 "select code, count(*) as number from figure where code in (select value from json_each($1)) and unit = $2 and effective_from >= $3 and effective_from < $4 and $5 < effective_to and known_from <= $6 and $6 < known_to group by code";
    /// For each of some figures, the first facts that count in it: from the start to the last one of the page, found by its place.
    FIGURE_FACTS 0 "with asked (code, last_from, last_sequence) as materialized (select given.value, coalesce((select g.effective_from from figure g where g.code = given.value and g.unit = $2 and g.effective_from >= $3 and g.effective_from < $4 and $5 < g.effective_to and g.known_from <= $6 and $6 < g.known_to and (g.effective_from, g.sequence) > ($7, $8) and (g.effective_from, g.sequence) < ($9, $10) order by g.effective_from, g.sequence limit 1 offset $11), $4 - 1), coalesce((select g.sequence from figure g where g.code = given.value and g.unit = $2 and g.effective_from >= $3 and g.effective_from < $4 and $5 < g.effective_to and g.known_from <= $6 and $6 < g.known_to and (g.effective_from, g.sequence) > ($7, $8) and (g.effective_from, g.sequence) < ($9, $10) order by g.effective_from, g.sequence limit 1 offset $11), 9223372036854775807) from json_each($1) given) select f.code, f.effective_from, f.sequence from asked a join figure f on f.code = a.code and f.unit = $2 and f.effective_from >= $3 and f.effective_from <= a.last_from and $5 < f.effective_to and f.known_from <= $6 and $6 < f.known_to and (f.effective_from, f.sequence) > ($7, $8) and (f.effective_from, f.sequence) < ($9, $10) and (f.effective_from < a.last_from or f.sequence <= a.last_sequence) order by f.code, f.effective_from, f.sequence";
    /// For each of some figures, the last facts that count in it, from the end.
    FIGURE_FACTS_BACK 0 "with asked (code, last_from, last_sequence) as materialized (select given.value, coalesce((select g.effective_from from figure g where g.code = given.value and g.unit = $2 and g.effective_from >= $3 and g.effective_from < $4 and $5 < g.effective_to and g.known_from <= $6 and $6 < g.known_to and (g.effective_from, g.sequence) > ($7, $8) and (g.effective_from, g.sequence) < ($9, $10) order by g.effective_from desc, g.sequence desc limit 1 offset $11), $3), coalesce((select g.sequence from figure g where g.code = given.value and g.unit = $2 and g.effective_from >= $3 and g.effective_from < $4 and $5 < g.effective_to and g.known_from <= $6 and $6 < g.known_to and (g.effective_from, g.sequence) > ($7, $8) and (g.effective_from, g.sequence) < ($9, $10) order by g.effective_from desc, g.sequence desc limit 1 offset $11), 0) from json_each($1) given) select f.code, f.effective_from, f.sequence from asked a join figure f on f.code = a.code and f.unit = $2 and f.effective_from >= a.last_from and f.effective_from < $4 and $5 < f.effective_to and f.known_from <= $6 and $6 < f.known_to and (f.effective_from, f.sequence) > ($7, $8) and (f.effective_from, f.sequence) < ($9, $10) and (f.effective_from > a.last_from or f.sequence >= a.last_sequence) order by f.code, f.effective_from desc, f.sequence desc";
    /// Empties the index of facts before a rebuild.
    DELETE_FACTS 0 "delete from fact";
    /// Empties the figures before a rebuild.
    DELETE_FIGURES 0 "delete from figure";

    /// Bounds how long a transaction waits for the head.
    SET_LOCK_TIMEOUT 0 "select 1" / "set local lock_timeout = '5s'";
    /// Bounds how long a transaction may sit idle with the head locked.
    SET_IDLE_TIMEOUT 0 "select 1" / "set local idle_in_transaction_session_timeout = '30s'";
    /// An acknowledged event is durable.
    SET_SYNCHRONOUS_COMMIT 0 "select 1" / "set local synchronous_commit = on";
    /// Whether the server flushes at all.
    SHOW_FSYNC 0 "select 'on' as setting" / "select current_setting('fsync') as setting";
    /// Whether this role owns the entries and so could drop their triggers.
    OWNS_ENTRIES 0 "select 0 as owns" / "select case when exists (select 1 from pg_class c where c.relname = 'entry' and c.relkind = 'r' and pg_catalog.pg_get_userbyid(c.relowner) = current_user) then cast(1 as bigint) else cast(0 as bigint) end as owns";
    /// Wakes whoever listens for a new head or checkpoint, once the transaction is committed. SQLite has one server.
    WAKE 0 "select '' as told" / "select cast(pg_notify('griffie', '') as text) as told";
    /// Bounds how long one statement of a reader may run.
    SET_STATEMENT_TIMEOUT 0 "select 1" / "select set_config('statement_timeout', $1, false)";
    /// Copies SQLite's write-ahead log into the database and cuts it to nothing: what it still held is gone from the disk.
    EMPTY_LOG 0 "pragma wal_checkpoint(truncate)" / "select cast(0 as bigint) as busy, cast(0 as bigint) as log, cast(0 as bigint) as checkpointed";
    /// The clock of the database server in microseconds; SQLite has no other clock than ours.
    SERVER_CLOCK 0 "select cast(-1 as bigint) as microseconds" / "select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint) as microseconds";
    /// Which migrations were applied.
    MIGRATIONS 0 "select version from _sqlx_migrations where success order by version";
    /// Whether the tables of a ledger are there.
    TABLES 0 "select count(*) as tables from sqlite_master where type = 'table' and name = 'head'"
        / "select count(*) as tables from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relname = 'head' and c.relkind = 'r' and n.nspname = any (current_schemas(false))";
}
