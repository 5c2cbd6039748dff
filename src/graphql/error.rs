//! The only map from failures to the wire: code, message, request id. The source goes to the log, never to the caller.

use async_graphql::{Error, ErrorExtensions};

/// The codes that callers can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The request itself is wrong.
    BadUserInput,
    /// Another state of things than the caller expected.
    Conflict,
    /// Larger than a limit.
    TooComplex,
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
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }
}

/// Makes an error of a code with a message for users.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place where GraphQL errors are made"
)]
pub fn error(code: Code, message: impl Into<String>) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code.as_str()))
}

/// Makes the error of a wrong request.
pub fn bad_input(message: impl Into<String>) -> Error {
    error(Code::BadUserInput, message)
}

/// Logs a fault of the server and makes an error that tells nothing of it.
pub fn internal(source: &dyn std::error::Error) -> Error {
    tracing::error!(error = %chain(source), "request failed");
    error(Code::Internal, "the server failed; its log knows more")
}

/// Writes an error with its sources.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

impl From<crate::store::StoreError> for WireError {
    fn from(source: crate::store::StoreError) -> Self {
        match source {
            crate::store::StoreError::Unavailable(reason, _) => {
                tracing::warn!(error = %chain(&source), "database unavailable");
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

/// A value that the vault should hold and does not, though nothing says that it was erased.
#[derive(Debug, thiserror::Error)]
#[error("the vault has lost the value of {0}")]
pub struct Lost(pub crate::ledger::erasable::Digest);
