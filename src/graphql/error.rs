//! The only map from failures to the wire: code, message, request id. The source goes to the log, never to the caller.

use async_graphql::{Error, ErrorExtensions, Response};

use super::limits::{ERRORS_MAX, MESSAGE_BYTES_MAX};
use super::scalars::SCALARS;

/// The codes that callers can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The request itself is wrong.
    BadUserInput,
    /// Another state of things than the caller expected.
    Conflict,
    /// Larger than a limit.
    TooComplex,
    /// Not allowed to this caller, or on this server.
    Forbidden,
    /// Try again later.
    Unavailable,
    /// A fault of the server; the log knows more.
    Internal,
}

impl Code {
    /// Returns the code as it is sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::Conflict => "CONFLICT",
            Self::TooComplex => "TOO_COMPLEX",
            Self::Forbidden => "FORBIDDEN",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }

    /// Reads a code as it was sent.
    pub fn read(value: &async_graphql::Value) -> Self {
        let all = [Self::BadUserInput, Self::Conflict, Self::TooComplex, Self::Forbidden, Self::Unavailable];
        let found = all.into_iter().find(|code| *value == async_graphql::Value::from(code.as_str()));
        found.unwrap_or(Self::Internal)
    }
}

/// Makes the response to a request that is not executed.
#[expect(clippy::disallowed_methods, reason = "this is the one place where GraphQL errors are made")]
pub fn refusal(code: Code, message: String, position: Option<(usize, usize)>, request_id: &str) -> Response {
    let position = position.map(|(line, column)| async_graphql::Pos { line, column });
    let mut error = async_graphql::ServerError::new(message, position);
    error.extensions.get_or_insert_default().set("code", code.as_str());
    finish(Response::from_errors(vec![error]), request_id)
}

/// Makes an error of a code with a message for users.
#[expect(clippy::disallowed_methods, reason = "this is the one place where GraphQL errors are made")]
pub fn error(code: Code, message: impl Into<String>) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code.as_str()))
}

/// Makes the error of a wrong request.
pub fn bad_input(message: impl Into<String>) -> Error {
    error(Code::BadUserInput, message)
}

/// Logs a fault of the server and makes an error that tells nothing of it.
pub fn internal(source: &dyn std::error::Error) -> Error {
    tracing::error!(error = %crate::engine::chain(source), "request failed");
    error(Code::Internal, INTERNAL_MESSAGE)
}

impl From<crate::store::StoreError> for WireError {
    fn from(source: crate::store::StoreError) -> Self {
        match source {
            crate::store::StoreError::Unavailable(reason, _) => {
                tracing::warn!(error = %crate::engine::chain(&source), "database unavailable");
                Self(error(Code::Unavailable, reason.to_string()))
            }
            other => Self(internal(&other)),
        }
    }
}

/// An error ready for the wire.
#[derive(Clone, Debug)]
pub struct WireError(pub Error);

impl From<WireError> for Error {
    fn from(error: WireError) -> Self {
        error.0
    }
}

/// Turns failures of the store into wire errors with `?`.
pub fn wire<T>(result: Result<T, crate::store::StoreError>) -> Result<T, Error> {
    result.map_err(|error| WireError::from(error).0)
}

/// Readies a response for the wire: every error has a code and the request's id, and none tells of the inside.
pub fn finish(mut response: Response, request_id: &str) -> Response {
    response.errors.truncate(ERRORS_MAX);
    for error in &mut response.errors {
        let extensions = error.extensions.get_or_insert_default();
        if extensions.get("code").is_none() {
            // The library words what is wrong with a document or its variables; anything else without a code is ours.
            let callers_fault =
                error.path.is_empty() || CALLERS_FAULTS.iter().any(|words| error.message.starts_with(words));
            if !callers_fault {
                tracing::error!(request_id, error = %error.message, "request failed");
                error.message = INTERNAL_MESSAGE.to_owned();
            }
            let code = if TOO_COMPLEX.contains(&error.message.as_str()) {
                Code::TooComplex
            } else if callers_fault {
                Code::BadUserInput
            } else {
                Code::Internal
            };
            extensions.set("code", code.as_str());
            if let Some(hint) = hint(&error.message) {
                error.message = format!("{}: {hint}", error.message);
            }
        }
        if error.message.len() > MESSAGE_BYTES_MAX {
            let end = (0..=MESSAGE_BYTES_MAX).rev().find(|end| error.message.is_char_boundary(*end)).unwrap_or(0);
            error.message.truncate(end);
            error.message.push('…');
        }
        extensions.set("requestId", request_id);
    }
    response
}

/// What a value of the type is that the library expected, if it says so and the type is a scalar of ours.
fn hint(message: &str) -> Option<&'static str> {
    let (_, rest) = message.rsplit_once("expected type \"")?;
    let name = rest.split('"').next()?.trim_end_matches('!');
    SCALARS.iter().find(|(scalar, ..)| *scalar == name).map(|(_, hint, _)| *hint)
}

/// What the library says of a document beyond its limits.
const TOO_COMPLEX: &[&str] = &["Query is too complex.", "Query is nested too deep."];
/// How the library's words begin when an input value cannot be read.
const CALLERS_FAULTS: &[&str] = &["Failed to parse", "Invalid value", "Variable", "Expected"];
/// What a caller is told of a fault of the server.
pub const INTERNAL_MESSAGE: &str = "the server failed; its log knows more";

/// A value that the vault should hold and does not, though nothing says that it was erased.
#[derive(Debug, thiserror::Error)]
#[error("the vault has lost the value of {0}")]
pub struct Lost(pub crate::ledger::erasable::Digest);
