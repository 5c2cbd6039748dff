//! What cannot be judged, as errors for the wire.

use async_graphql::Result;

use crate::engine::{AskError, JudgeError};
use crate::graphql::error::{Code as WireCode, WireError, bad_input, error, internal};

/// Turns what cannot be judged into wire errors.
pub fn asked<T>(result: std::result::Result<T, AskError>) -> Result<T> {
    result.map_err(|failure| match failure {
        AskError::Judge(failure) => match failure {
            JudgeError::Store(source) => WireError::from(source).0,
            JudgeError::NotFounded => error(WireCode::Unavailable, "the database holds no ledger"),
            JudgeError::TooLarge
            | JudgeError::TooManyStreams(_)
            | JudgeError::TooHeavy
            | JudgeError::TooLong
            | JudgeError::Endless => error(WireCode::TooComplex, failure.to_string()),
            JudgeError::Tree(_) | JudgeError::Unreadable(_) => internal(&failure),
        },
        other => bad_input(other.to_string()),
    })
}

/// Turns failures of a judgement into wire errors.
pub fn judged<T>(result: std::result::Result<T, JudgeError>) -> Result<T> {
    asked(result.map_err(AskError::from))
}
