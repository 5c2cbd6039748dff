//! What a request may cost.
//!
//! A document is held to its limits before async-graphql sees it: its checks walk every spread of every operation, so
//! that a document of a kilobyte can cost hours. With the limits a document that keeps them is checked in less than
//! 200 ms, even without optimisation.

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
/// Uses of variables in all operations of a document with fragments expanded: each use may copy the variable.
pub const VARIABLE_USES_MAX: usize = 200;
/// Comparisons of fields that may share a response key, in all selection sets of a document: the fields of a set with
/// its fragments, times one more than the most arguments of one of them.
///
/// See GraphQL, "Field Selection Merging": the check compares them and reports every difference.
pub const COMPARISONS_MAX: usize = 20_000;
/// Fields that introspection may answer in an operation: what is asked of a list counts as often as
/// [`INTROSPECTION_TYPES`], [`INTROSPECTION_FIELDS`] and [`INTROSPECTION_PARTS`] say. The query of graphql-js needs
/// 340,000.
///
/// async-graphql takes each of these lists for one field; graphql-js allows two of them within one another.
pub const INTROSPECTION_MAX: usize = 600_000;
/// How many types introspection is taken to list.
pub const INTROSPECTION_TYPES: usize = 400;
/// How many fields of a type introspection is taken to list.
pub const INTROSPECTION_FIELDS: usize = 10;
/// How many other parts of a type or a field introspection is taken to list: arguments, values, interfaces.
pub const INTROSPECTION_PARTS: usize = 2;

/// How complex a document may be: fields, lists multiplied by their page size.
pub const COMPLEXITY_MAX: usize = 20_000;
/// Items of one page at most.
pub const PAGE_MAX: i32 = 100;
/// Items of a page when nobody says how many.
pub const PAGE_DEFAULT: i32 = 20;
/// Ids in one `nodes` request.
pub const NODES_MAX: usize = 100;
