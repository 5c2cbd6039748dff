//! What a request may cost.

/// How deep a document may nest; the introspection query of graphql-js needs 15.
pub const DEPTH_MAX: usize = 20;
/// How complex a document may be: fields, lists multiplied by their page size.
pub const COMPLEXITY_MAX: usize = 20_000;
/// Directives on one field.
pub const DIRECTIVES_MAX: usize = 10;
/// Items of one page at most.
pub const PAGE_MAX: i32 = 100;
/// Items of a page when nobody says how many.
pub const PAGE_DEFAULT: i32 = 20;
/// Ids in one `nodes` request.
pub const NODES_MAX: usize = 100;
