//! What may happen: one file for each family of events. This file holds the only list of them.
//!
//! A family declares its events, its state, what admission refuses and how facts fold into the state. Everything
//! else, from the bytes to the API, is derived from that declaration. A new family is one file and one line here.

pub mod kit;
pub mod value;

use kit::{Declaration, ShapeError};

/// Calls a macro with the list of all families. One line each:
/// `module State Event "GraphQL" singular plural "plural" record_name "RecordInput" "RecordPayload" …`
macro_rules! families {
    ($callback:ident) => {
        $callback! {
            consent_text ConsentText ConsentTextEvent "ConsentText";
            consent Consent ConsentEvent "Consent";
        }
    };
}

macro_rules! declare {
    ($($module:ident $state:ident $event:ident $graphql:literal;)*) => {
        $(pub mod $module;)*

        /// All families, in the order of the list.
        pub static FAMILIES: &[Declaration] = &[$(Declaration::of::<$module::$state>()),*];
    };
}

families!(declare);

pub(crate) use families;

/// Returns the declaration of a family by its wire name.
pub fn family(name: &str) -> Result<&'static Declaration, ShapeError> {
    FAMILIES
        .iter()
        .find(|family| family.name == name)
        .ok_or_else(|| ShapeError::UnknownFamily(name.to_owned()))
}
