//! The only map from failures to the wire: code, message, request id. The source goes to the log, never to the caller.

use async_graphql::{Context, Error, ErrorExtensions, Response, ServerError};

use crate::graphql::limits::{COMPLEXITY_MAX, DEPTH_MAX, ERRORS_MAX, MESSAGE_BYTES_MAX};

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

/// Holds an operation to what it may cost.
///
/// # Errors
///
/// `TOO_COMPLEX` beyond [`COMPLEXITY_MAX`] or [`DEPTH_MAX`].
pub fn hold_cost(complexity: usize, depth: usize) -> Result<(), Vec<ServerError>> {
    let message = if complexity > COMPLEXITY_MAX {
        "the question costs too much; ask for less at once"
    } else if depth > DEPTH_MAX {
        "the question is nested too deep; ask for less at once"
    } else {
        return Ok(());
    };
    Err(vec![error(Code::TooComplex, message).into_server_error(async_graphql::Pos::default())])
}

/// Makes an error of a code with a message for users.
#[expect(clippy::disallowed_methods, reason = "this is the one place where GraphQL errors are made")]
pub fn error(code: Code, message: impl Into<String>) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code.as_str()))
}

/// Returns what the schema or the request was given to work with.
///
/// # Errors
///
/// `INTERNAL`: whoever built the schema forgot it.
pub fn data<'a, T: std::any::Any + Send + Sync>(ctx: &Context<'a>) -> Result<&'a T, Error> {
    ctx.data_opt::<T>().ok_or_else(|| internal(&Forgotten(std::any::type_name::<T>())))
}

/// Something that resolvers need and that nobody gave them.
#[derive(Debug, thiserror::Error)]
#[error("the schema was built without {0}")]
struct Forgotten(&'static str);

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
            // Every error of ours has a code: `clippy.toml` lets none be made elsewhere. What has none is the library's, of a
            // document, a variable or an argument that it could not read.
            extensions.set("code", Code::BadUserInput.as_str());
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

/// What a caller is told of a fault of the server.
pub const INTERNAL_MESSAGE: &str = "the server failed; its log knows more";

/// A value that the vault should hold and does not, though nothing says that it was erased.
#[derive(Debug, thiserror::Error)]
#[error("the vault has lost the value of {0}")]
pub struct MissingValue(pub crate::ledger::erasable::Digest);
