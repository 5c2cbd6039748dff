//! What a request may cost.
//!
//! A document is held to its limits before async-graphql sees it: its checks walk every spread of every operation, so
//! that a document of a kilobyte can cost hours. What keeps the limits is checked within 100 ms and introspection
//! answered within 2 s, both without optimisation; `document/tests/time.rs` measures it.

/// How long a document may be, in bytes.
pub const DOCUMENT_BYTES_MAX: usize = 65_536;
/// How many lexical tokens a document may have; what GraphQL ignores (white space, commas, comments) is not counted.
pub const DOCUMENT_TOKENS_MAX: usize = 4_000;
/// How many brackets `{`, `(` and `[` may be open at once: the parser recurses on the stack of its thread.
pub const NESTING_MAX: usize = 64;
/// How long a name may be, in bytes: an alias is repeated for every item of a list.
pub const NAME_BYTES_MAX: usize = 128;

/// How deep fields may nest with fragments expanded; the introspection query of graphql-js needs 15.
pub const DEPTH_MAX: usize = 20;
/// How deep selection sets may nest with fragments expanded: those of fields, inline fragments and spreads alike.
///
/// This is async-graphql's own limit, which it does not apply to fragments that no operation uses.
pub const SETS_MAX: usize = 32;
/// Fields at the root of an operation with fragments expanded.
pub const ROOT_FIELDS_MAX: usize = 20;
/// Fields with an alias in an operation with fragments expanded.
pub const ALIASES_MAX: usize = 30;
/// Uses of directives in an operation with fragments expanded, its own and those of its variables among them.
pub const DIRECTIVES_MAX: usize = 10;
/// Arguments of one field or directive.
pub const ARGUMENTS_MAX: usize = 20;

/// Selections (fields, inline fragments, spreads) of all operations of a document with fragments expanded.
pub const SELECTIONS_MAX: usize = 10_000;
/// Values in the arguments of all operations of a document with fragments expanded: every item of a list and field of
/// an object is one, and every started 64 bytes of a string.
pub const VALUES_MAX: usize = 10_000;
/// Uses of variables in all operations of a document with fragments expanded: each use copies the variable, so what
/// variables hold must be limited where the request is read.
pub const VARIABLE_USES_MAX: usize = 100;
/// Comparisons of fields that may share a response key, in all selection sets of a document: the fields of a set with
/// its fragments, times one more than the most arguments of one of them.
///
/// See GraphQL, "Field Selection Merging": the check compares them and reports every difference.
pub const COMPARISONS_MAX: usize = 20_000;
/// Fields that introspection may answer in an operation: what is asked of a list counts as often as
/// [`INTROSPECTION_TYPES`] and [`INTROSPECTION_ITEMS`] say. The query of graphql-js counts 2,008,849; its answer has 2.7 MB.
///
/// async-graphql takes each of these lists for one field; graphql-js allows two of them within one another.
pub const INTROSPECTION_MAX: usize = 2_250_000;
/// How many types introspection is taken to list; the schema has about as many.
pub const INTROSPECTION_TYPES: usize = 1_800;
/// How many times the usual number of items the type has that `__type` asks for: the largest is meant, the union of all
/// facts with a type for each.
pub const INTROSPECTION_TYPE: usize = 400;
/// How many fields, input fields or values of a type introspection is taken to list. Arguments, interfaces and
/// possible types are not multiplied: on average there is less than one.
pub const INTROSPECTION_ITEMS: usize = 10;

/// Values in all variables of a request together: every item of a list and member of an object is one, and every started
/// 64 bytes of a string.
pub const VARIABLE_VALUES_MAX: usize = 20_000;
/// Those values times the uses of variables: each use may copy the whole variable.
pub const VARIABLE_COPIES_MAX: usize = 200_000;

/// Errors in one response; what follows is left out.
pub const ERRORS_MAX: usize = 20;
/// The longest message of an error, in bytes: the library's may repeat what it was given.
pub const MESSAGE_BYTES_MAX: usize = 1_000;

/// How complex a document may be: fields, lists multiplied by their page size.
pub const COMPLEXITY_MAX: usize = 20_000;
/// What an entry's bytes count for: they may be 64 KiB, and aliases repeat them.
pub const ENTRY_COMPLEXITY: usize = 20;
/// What asking for unfinished imports counts for: the ledger's own facts are read, once a request.
pub const IMPORT_COMPLEXITY: usize = 5;
/// Items of one page at most.
pub const PAGE_MAX: i32 = 100;
/// Items of a page when nobody says how many.
pub const PAGE_DEFAULT: i32 = 20;
/// Ids in one `nodes` request.
pub const NODES_MAX: usize = 100;

/// How many rules the list of rules is reckoned with.
pub const RULES_RECKONED: usize = 200;
/// Years of one timeline of a rule.
pub const TIMELINE_YEARS_MAX: i32 = 100;
/// What judging a scope counts for, whatever is shown of it: the streams of a scope are read and judged.
pub const JUDGEMENT_COMPLEXITY: usize = 500;

/// How many members of a difference are reckoned with: each may show facts.
pub const DIFFERENCE_COMPLEXITY: usize = 20;
/// What the versions of a stream, or a difference, count for besides what is shown of them: all facts of the stream are read
/// and folded.
pub const HISTORY_COMPLEXITY: usize = 100;
