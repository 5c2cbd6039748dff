//! GraphQL over server-sent events, in distinct connections: one stream an operation.
//!
//! A result is an event `next`, whose `id` is its place; the end is an event `complete`. A stream that the server breaks
//! off has no `complete`: its client comes again and goes on after the last id it has.

use std::convert::Infallible;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use futures_util::StreamExt as _;

use super::http::Asked;
use super::media::Media;
use super::{Door, HEARTBEAT_INTERVAL_MS, operation};
use crate::graphql::{Answer, Operation};

/// Follows a subscription.
pub fn open(door: &Door, asked: &Asked, operation: Operation) -> Response {
    let Some(place) = door.streams.take(asked.caller) else {
        return asked.refuse(StatusCode::TOO_MANY_REQUESTS, "you have too many open event streams; close one");
    };
    let operation = operation.after_event(asked.last_event_id.clone());
    let answers = operation::follow(door, operation, &asked.request_id);
    let (closing, task) = (door.closing.clone(), door.tasks.token());
    let results = stream::unfold(Some((answers, place, task, closing)), |following| async move {
        let (mut answers, place, task, closing) = following?;
        let answer = tokio::select! {
            () = closing.cancelled() => return None,
            answer = answers.next() => answer,
        };
        match answer {
            // An error without a result ends the stream: nothing comes after it.
            Some(answer) if !answer.executed => Some((vec![next(&answer), complete()], None)),
            Some(answer) => Some((vec![next(&answer)], Some((answers, place, task, closing)))),
            None if closing.is_cancelled() => None,
            None => Some((vec![complete()], None)),
        }
    });
    respond(asked, results.flat_map(stream::iter))
}

/// Gives one result and ends.
pub fn once(asked: &Asked, answer: Answer) -> Response {
    respond(asked, stream::iter([next(&answer), complete()]))
}

fn respond(asked: &Asked, events: impl Stream<Item = Event> + Send + 'static) -> Response {
    let heartbeat = KeepAlive::new().interval(Duration::from_millis(HEARTBEAT_INTERVAL_MS)).text("");
    let mut response = Sse::new(events.map(Ok::<_, Infallible>)).keep_alive(heartbeat).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(Media::EventStream.content_type()));
    asked.named(response)
}

fn next(answer: &Answer) -> Event {
    let event = Event::default().event("next").data(answer.text());
    match &answer.cursor {
        Some(cursor) => event.id(cursor),
        None => event,
    }
}

fn complete() -> Event {
    Event::default().event("complete").data("")
}
