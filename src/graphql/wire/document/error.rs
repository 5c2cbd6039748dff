//! Why a document is not taken.

use std::fmt;

use async_graphql::Pos;

use crate::graphql::error::Code;
use crate::graphql::limits::*;

/// Why a document is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// More bytes than [`DOCUMENT_BYTES_MAX`].
    #[error(
        "the document has {found} bytes, and at most {DOCUMENT_BYTES_MAX} are taken: give values as variables, or split \
         the request"
    )]
    TooLong {
        /// How many it has.
        found: usize,
    },
    /// More tokens than [`DOCUMENT_TOKENS_MAX`].
    #[error(
        "the document has more than {DOCUMENT_TOKENS_MAX} tokens: give values as variables, use fragments, or split the \
         request"
    )]
    TooManyTokens {
        /// The first token too many.
        at: Pos,
    },
    /// More brackets open at once than [`NESTING_MAX`].
    #[error("more than {NESTING_MAX} brackets are open at once: nest selections and values less deep")]
    TooNested {
        /// The first bracket too many.
        at: Pos,
    },
    /// A name longer than [`NAME_BYTES_MAX`].
    #[error("a name has {found} bytes, and at most {NAME_BYTES_MAX} are taken: choose a shorter one")]
    NameTooLong {
        /// How many it has.
        found: usize,
        /// The name.
        at: Pos,
    },
    /// Not GraphQL.
    #[error("syntax error at line {}, column {}: {message}", at.line, at.column)]
    Syntax {
        /// What is wrong there.
        message: String,
        /// Where.
        at: Pos,
    },
    /// Fragments only.
    #[error("the document has no operation: add a query, a mutation or a subscription")]
    NoOperation,
    /// An operation without a name beside another operation.
    #[error("an operation without a name must be the only one of its document: name it, or remove the others")]
    AnonymousNotAlone {
        /// The operation without a name.
        at: Pos,
    },
    /// Two operations of one name.
    #[error("two operations are named `{name}`: rename one")]
    OperationTwice {
        /// Their name.
        name: String,
        /// The second one.
        at: Pos,
    },
    /// Two fragments of one name.
    #[error("two fragments are named `{name}`: rename one")]
    FragmentTwice {
        /// Their name.
        name: String,
        /// The second one.
        at: Pos,
    },
    /// Several operations, and none is chosen.
    #[error("the document has several operations: say with `operationName` which one is to run")]
    OperationNameRequired,
    /// The chosen operation is not there.
    #[error(
        "the document has no operation named `{name}`: correct `operationName`, or leave it out if there is only one"
    )]
    UnknownOperation {
        /// The name asked for.
        name: String,
    },
    /// A variable of a type that is not there.
    #[error("the schema has no type named `{name}`: correct the type of the variable")]
    UnknownType {
        /// The name of the type.
        name: String,
        /// The variable.
        at: Pos,
    },
    /// A spread of a fragment that is not there.
    #[error("the document has no fragment named `{name}`: define it, or remove the spread")]
    UnknownFragment {
        /// The name of the fragment.
        name: String,
        /// The spread.
        at: Pos,
    },
    /// A fragment that spreads itself, maybe by way of others.
    #[error("the fragment `{name}` contains itself: remove the spread that closes the circle")]
    FragmentCycle {
        /// The name of the fragment.
        name: String,
        /// The spread that closes the circle.
        at: Pos,
    },
    /// A subscription of no stream or of several.
    #[error("a subscription has exactly one root field: split it, or take the others out")]
    NotOneStream {
        /// The subscription.
        at: Pos,
    },
    /// A variable that cannot be null is not given.
    #[error("the variable `${name}` is not given: it cannot be left out or null")]
    MissingVariable {
        /// Its name.
        name: String,
        /// Where it is declared.
        at: Pos,
    },
    /// Variables that hold more than [`VARIABLE_VALUES_MAX`].
    #[error("the variables hold {found} values, and at most {VARIABLE_VALUES_MAX} are taken: split the request")]
    TooManyVariableValues {
        /// How many they hold.
        found: usize,
    },
    /// Variables that would be copied more than [`VARIABLE_COPIES_MAX`].
    #[error(
        "the values of the variables times their uses are {found}, and at most {VARIABLE_COPIES_MAX} are taken: use large \
         variables once"
    )]
    TooManyVariableCopies {
        /// How many copies.
        found: usize,
    },
    /// More of something than its limit.
    #[error("{part} {quantity}")]
    TooMuch {
        /// Of what.
        quantity: Quantity,
        /// What has too much.
        part: Part,
        /// Where it begins.
        at: Pos,
    },
}

impl DocumentError {
    /// Returns the code that the caller is told.
    pub fn code(&self) -> Code {
        match self {
            Self::TooLong { .. }
            | Self::TooManyTokens { .. }
            | Self::TooNested { .. }
            | Self::NameTooLong { .. }
            | Self::TooManyVariableValues { .. }
            | Self::TooManyVariableCopies { .. }
            | Self::TooMuch { .. } => Code::TooComplex,
            Self::Syntax { .. }
            | Self::NoOperation
            | Self::AnonymousNotAlone { .. }
            | Self::OperationTwice { .. }
            | Self::FragmentTwice { .. }
            | Self::OperationNameRequired
            | Self::UnknownOperation { .. }
            | Self::UnknownType { .. }
            | Self::UnknownFragment { .. }
            | Self::FragmentCycle { .. }
            | Self::NotOneStream { .. }
            | Self::MissingVariable { .. } => Code::BadUserInput,
        }
    }

    /// Returns the line and the column of what is wrong, both from 1, if it is at one place; columns are characters.
    pub fn position(&self) -> Option<(usize, usize)> {
        match self {
            Self::TooLong { .. }
            | Self::NoOperation
            | Self::OperationNameRequired
            | Self::UnknownOperation { .. }
            | Self::TooManyVariableValues { .. }
            | Self::TooManyVariableCopies { .. } => None,
            Self::TooManyTokens { at }
            | Self::TooNested { at }
            | Self::NameTooLong { at, .. }
            | Self::Syntax { at, .. }
            | Self::AnonymousNotAlone { at }
            | Self::OperationTwice { at, .. }
            | Self::FragmentTwice { at, .. }
            | Self::UnknownType { at, .. }
            | Self::UnknownFragment { at, .. }
            | Self::FragmentCycle { at, .. }
            | Self::NotOneStream { at }
            | Self::MissingVariable { at, .. }
            | Self::TooMuch { at, .. } => Some((at.line, at.column)),
        }
    }
}

/// A part of a document that is held to limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Document,
    /// An operation, with its name if it has one.
    Operation(Option<String>),
    /// A fragment, with its name.
    Fragment(String),
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document => formatter.write_str("the document"),
            Self::Operation(None) => formatter.write_str("the operation"),
            Self::Operation(Some(name)) => write!(formatter, "the operation `{name}`"),
            Self::Fragment(name) => write!(formatter, "the fragment `{name}`"),
        }
    }
}

/// What a part of a document may have only so much of; fragments are expanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// See [`DEPTH_MAX`].
    Depth,
    /// See [`SETS_MAX`].
    Sets,
    /// See [`ROOT_FIELDS_MAX`].
    RootFields,
    /// See [`ALIASES_MAX`].
    Aliases,
    /// See [`DIRECTIVES_MAX`].
    Directives,
    /// See [`ARGUMENTS_MAX`].
    Arguments,
    /// See [`SELECTIONS_MAX`].
    Selections,
    /// See [`VALUES_MAX`].
    Values,
    /// See [`VARIABLE_USES_MAX`].
    VariableUses,
    /// See [`COMPARISONS_MAX`].
    Comparisons,
    /// See [`INTROSPECTION_MAX`].
    Introspection,
}

impl Quantity {
    /// Returns how much is allowed.
    pub fn max(self) -> usize {
        match self {
            Self::Depth => DEPTH_MAX,
            Self::Sets => SETS_MAX,
            Self::RootFields => ROOT_FIELDS_MAX,
            Self::Aliases => ALIASES_MAX,
            Self::Directives => DIRECTIVES_MAX,
            Self::Arguments => ARGUMENTS_MAX,
            Self::Selections => SELECTIONS_MAX,
            Self::Values => VALUES_MAX,
            Self::VariableUses => VARIABLE_USES_MAX,
            Self::Comparisons => COMPARISONS_MAX,
            Self::Introspection => INTROSPECTION_MAX,
        }
    }
}

/// The rest of a sentence that begins with the part of the document.
impl fmt::Display for Quantity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let max = self.max();
        match self {
            Self::Depth => write!(formatter, "nests fields deeper than {max} levels: ask for less at once"),
            Self::Sets => write!(
                formatter,
                "nests selection sets deeper than {max} levels, with fragments expanded: use fewer fragments in fragments"
            ),
            Self::RootFields => write!(formatter, "has more than {max} fields at its root: split the request"),
            Self::Aliases => {
                write!(formatter, "has more than {max} aliases, with fragments expanded: split the request")
            }
            Self::Directives => {
                write!(formatter, "uses more than {max} directives, with fragments expanded: leave out fields instead")
            }
            Self::Arguments => write!(formatter, "gives a field or directive more than {max} arguments: remove some"),
            Self::Selections => write!(
                formatter,
                "has more than {max} selections, with the fragments of all operations expanded: split the request"
            ),
            Self::Values => write!(
                formatter,
                "gives more than {max} values as arguments, with the fragments of all operations expanded: use variables"
            ),
            Self::VariableUses => write!(
                formatter,
                "uses variables more than {max} times, with the fragments of all operations expanded: split the request"
            ),
            Self::Comparisons => write!(
                formatter,
                "needs more than {max} comparisons to see whether fields of one name differ: select in fewer fragments \
                 and with fewer arguments"
            ),
            Self::Introspection => write!(
                formatter,
                "makes introspection answer more than about {max} fields: ask for fewer lists within lists of types"
            ),
        }
    }
}
