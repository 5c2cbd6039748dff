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
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::media::Media;
use super::request::RequestContext;
use super::{Endpoint, HEARTBEAT_INTERVAL_MS, operation};
use crate::graphql::{Answer, Code, Operation};

/// Browsers drop an event that has no `data`, so the last one has an empty one.
const COMPLETE: &str = "event: complete\ndata:\n\n";
const COMMENT: &str = ":\n\n";

/// Follows a subscription, in a task of its own: a client that does not read keeps nobody else waiting.
pub fn open(endpoint: &Endpoint, asked: &RequestContext, operation: Operation) -> Response {
    let Some(place) = endpoint.streams.take(asked.caller) else {
        return asked.refuse(StatusCode::TOO_MANY_REQUESTS, "you have too many open event streams; close one");
    };
    let operation = operation.after_event(asked.last_event_id.clone());
    let answers = match operation::follow(endpoint, operation, &asked.request_id) {
        Ok(answers) => answers,
        Err(busy) => return asked.unavailable(&busy),
    };
    let (sender, mut frames) = mpsc::channel(1);
    let closing = endpoint.closing.clone();
    endpoint.tasks.spawn(async move {
        tokio::select! {
            () = tell(answers, closing, &sender) => {}
            () = sender.closed() => {}
        }
        drop(place);
    });
    respond(asked, stream::poll_fn(move |cx| frames.poll_recv(cx)))
}

/// Gives one result and ends.
pub fn once(asked: &RequestContext, answer: &Answer) -> Response {
    respond(asked, stream::iter([next(answer), COMPLETE.to_owned()]))
}

/// Tells results as long as there are any, and comments while there is none.
async fn tell(mut answers: BoxStream<'static, Answer>, closing: CancellationToken, frames: &mpsc::Sender<String>) {
    // The first comes at once, so that a client knows that it is heard.
    if frames.send(COMMENT.to_owned()).await.is_err() {
        return;
    }
    loop {
        let (frame, last) = tokio::select! {
            () = closing.cancelled() => return,
            answer = answers.next() => match answer {
                Some(answer) if answer.executed => (next(&answer), false),
                // Broken off, so that the client comes again after the last result that it has.
                Some(answer) if answer.code() == Some(Code::Unavailable) => return,
                // An error without a result: nothing comes after it.
                Some(answer) => (next(&answer) + COMPLETE, true),
                // The engine is gone.
                None => return,
            },
            () = tokio::time::sleep(Duration::from_millis(HEARTBEAT_INTERVAL_MS)) => (COMMENT.to_owned(), false),
        };
        if frames.send(frame).await.is_err() || last {
            return;
        }
    }
}

fn respond(asked: &RequestContext, frames: impl Stream<Item = String> + Send + 'static) -> Response {
    let body = Body::from_stream(frames.map(|frame| Ok::<_, Infallible>(Bytes::from(frame))));
    asked.named(([(header::CONTENT_TYPE, Media::EventStream.content_type())], body).into_response())
}

/// Neither JSON text nor a cursor has line breaks.
fn next(answer: &Answer) -> String {
    let id = answer.cursor.as_ref().map(|cursor| format!("id: {cursor}\n")).unwrap_or_default();
    format!("{id}event: next\ndata: {}\n\n", answer.text())
}
