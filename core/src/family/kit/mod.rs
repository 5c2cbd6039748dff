//! What every family stands on: the language of declarations, the fold, words, tables, schemas.

pub mod advice;
pub mod describe;
pub mod difference;
pub mod dossier;
pub mod family;
pub mod fold;
pub mod handling;
pub mod history;
pub mod label;
pub mod naming;
pub mod opened;
pub mod refusal;
pub mod schema;
pub mod shape;
pub mod table;
pub mod value;
pub mod words;

pub use describe::EventDeclaration;
pub use family::*;
pub use fold::*;
pub use refusal::{Refusal, Refused, RejectionCode};
pub use shape::{RETRACTED, ShapeError, key_text, text_of};

#[cfg(test)]
mod tests;
