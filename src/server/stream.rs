//! GraphQL over server-sent events, in distinct connections: one stream an operation.
//!
//! ```text
//! id: 17
//! event: next
//! data: {"data":{"events":{"sequence":"17"}},"extensions":{"cursor":"17"}}
//!
//! :
//!
//! event: complete
//! data:
//! ```
//!
//! A result is an event `next`, whose `id` is its place; the end is an event `complete`. A stream that the server breaks
//! off has no `complete`: its client comes again and goes on after the last id it has. Comments keep idle streams open.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream, Stream};
use tokio_util::sync::CancellationToken;

use super::http::Asked;
use super::media::Media;
use super::{Door, HEARTBEAT_INTERVAL_MS, operation};
use crate::graphql::{Answer, Operation};

/// Browsers drop an event that has no `data`, so the last one has an empty one.
const COMPLETE: &str = "event: complete\ndata:\n\n";
const COMMENT: &str = ":\n\n";

/// Follows a subscription.
pub fn open(door: &Door, asked: &Asked, operation: Operation) -> Response {
    let Some(place) = door.streams.take(asked.caller) else {
        return asked.refuse(StatusCode::TOO_MANY_REQUESTS, "you have too many open event streams; close one");
    };
    let operation = operation.after_event(asked.last_event_id.clone());
    let answers = operation::follow(door, operation, &asked.request_id);
    let following = Following { answers, closing: door.closing.clone(), _kept: (place, door.tasks.token()) };
    // A first comment, so that the client knows at once that it is heard.
    let opening = stream::iter([COMMENT.to_owned()]);
    let frames = stream::unfold(Some(following), |following| async move { following?.frame().await });
    respond(asked, opening.chain(frames))
}

/// Gives one result and ends.
pub fn once(asked: &Asked, answer: &Answer) -> Response {
    respond(asked, stream::iter([next(answer), COMPLETE.to_owned()]))
}

struct Following<K> {
    answers: BoxStream<'static, Answer>,
    closing: CancellationToken,
    _kept: K,
}

impl<K> Following<K> {
    /// Waits for the next frame; `None` breaks the stream off.
    async fn frame(mut self) -> Option<(String, Option<Self>)> {
        let answer = tokio::select! {
            () = self.closing.cancelled() => return None,
            answer = self.answers.next() => answer,
            () = tokio::time::sleep(Duration::from_millis(HEARTBEAT_INTERVAL_MS)) => {
                return Some((COMMENT.to_owned(), Some(self)));
            }
        };
        match answer {
            Some(answer) if answer.executed => Some((next(&answer), Some(self))),
            // An error without a result: nothing comes after it.
            Some(answer) => Some((next(&answer) + COMPLETE, None)),
            // The engine is gone.
            None => None,
        }
    }
}

fn respond(asked: &Asked, frames: impl Stream<Item = String> + Send + 'static) -> Response {
    let body = Body::from_stream(frames.map(|frame| Ok::<_, Infallible>(Bytes::from(frame))));
    asked.named(([(header::CONTENT_TYPE, Media::EventStream.content_type())], body).into_response())
}

/// Neither JSON text nor a cursor has line breaks.
fn next(answer: &Answer) -> String {
    let id = answer.cursor.as_ref().map(|cursor| format!("id: {cursor}\n")).unwrap_or_default();
    format!("{id}event: next\ndata: {}\n\n", answer.text())
}
