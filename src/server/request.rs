//! What is known of a request before its parameters are read, and how it is answered.

use std::net::{IpAddr, Ipv4Addr};

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::connection::Caller;
use super::media::{self, Media};
use super::origin::REQUEST_ID;
use super::{Endpoint, RETRY_AFTER_S};
use crate::family::describe::Language;
use crate::graphql::{Answer, Code};

/// What is known of a request before its parameters are read.
pub struct RequestContext {
    /// Its name, for its caller and the log.
    pub request_id: String,
    /// In what it wants its answer.
    pub media: Media,
    /// In which language.
    pub language: Language,
    /// The place after which an event stream goes on.
    pub last_event_id: Option<String>,
    /// Who asks.
    pub caller: IpAddr,
}

impl RequestContext {
    /// Reads who asks and in what it wants its answer; refuses media types that are not spoken.
    pub fn read(endpoint: &Endpoint, request: &Request) -> Result<Self, Box<Response>> {
        let (asked, headers) = (Self::unread(endpoint).speaking(request), request.headers());
        let Some(media) = media::accepted(headers) else {
            let message = "accept application/graphql-response+json, application/json or text/event-stream";
            return Err(Box::new(asked.refuse(StatusCode::NOT_ACCEPTABLE, message)));
        };
        let last_event_id = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
        Ok(Self { media, last_event_id, caller: caller(request), ..asked })
    }

    /// Names a request of which nothing was read.
    pub fn unread(endpoint: &Endpoint) -> Self {
        let request_id = endpoint.engine.sources().uuid().map_or_else(|_| "unknown".to_owned(), |id| id.to_string());
        let (media, language) = (Media::Json, Language::default());
        Self { request_id, media, language, last_event_id: None, caller: Ipv4Addr::LOCALHOST.into() }
    }

    /// Notes the language that a request asks for.
    pub fn speaking(self, request: &Request) -> Self {
        Self { language: media::language(request.headers()), ..self }
    }

    /// Refuses a request that is not a well-formed GraphQL-over-HTTP request, or not taken at all.
    pub fn refuse(&self, status: StatusCode, message: &str) -> Response {
        super::metrics::refused(reason(status));
        let code = if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            Code::Unavailable
        } else if status == StatusCode::FORBIDDEN {
            Code::Forbidden
        } else {
            Code::BadUserInput
        };
        let media = if self.media == Media::EventStream { Media::Json } else { self.media };
        let answer = Answer::refused(code, message.to_owned(), None, &self.request_id).in_language(self.language);
        self.named(text(status, media, &answer))
    }

    /// Gives the answer to a well-formed request, with the status code that its media type asks for.
    pub fn respond(&self, answer: &Answer) -> Response {
        let mut response = self.named(text(status(self.media, answer), self.media, answer));
        if answer.code() == Some(Code::Unavailable) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S));
        }
        response
    }

    /// Sends a caller away for now.
    pub fn unavailable(&self, answer: &Answer) -> Response {
        let media = if self.media == Media::EventStream { Media::Json } else { self.media };
        self.named(text(StatusCode::SERVICE_UNAVAILABLE, media, answer))
    }

    /// Notes the request's name in its response.
    pub fn named(&self, mut response: Response) -> Response {
        if let Ok(id) = HeaderValue::from_str(&self.request_id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        if [StatusCode::SERVICE_UNAVAILABLE, StatusCode::TOO_MANY_REQUESTS].contains(&response.status()) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S));
        }
        response
    }
}

/// The answer where handling a request has failed.
pub fn failed() -> Response {
    text(StatusCode::INTERNAL_SERVER_ERROR, Media::Json, &Answer::failed("unknown"))
}

/// The status code of the answer to a well-formed request (GraphQL over HTTP, section "Status Codes").
fn status(media: Media, answer: &Answer) -> StatusCode {
    match (media, answer.executed, answer.code()) {
        (Media::Json | Media::EventStream, ..) | (Media::Response, true, _) => StatusCode::OK,
        (_, _, Some(Code::Forbidden)) => StatusCode::FORBIDDEN,
        (_, _, Some(Code::Unavailable)) => StatusCode::SERVICE_UNAVAILABLE,
        (_, _, Some(Code::Internal)) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}

fn text(status: StatusCode, media: Media, answer: &Answer) -> Response {
    (status, [(header::CONTENT_TYPE, media.content_type())], answer.text()).into_response()
}

fn reason(status: StatusCode) -> &'static str {
    match status {
        StatusCode::FORBIDDEN => "foreign",
        StatusCode::UNSUPPORTED_MEDIA_TYPE | StatusCode::NOT_ACCEPTABLE => "media",
        StatusCode::PAYLOAD_TOO_LARGE => "length",
        StatusCode::REQUEST_TIMEOUT => "slow",
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => "busy",
        StatusCode::METHOD_NOT_ALLOWED => "method",
        StatusCode::NOT_FOUND => "path",
        _ => "malformed",
    }
}

/// The machine that a request came from; one without a connection, as in tests, is from this one.
pub fn caller(request: &Request) -> IpAddr {
    request.extensions().get::<Caller>().map_or(Ipv4Addr::LOCALHOST.into(), |caller| caller.0)
}
