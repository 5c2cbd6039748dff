//! Media types: what a request is written in, and in what form and language it wants its answer (RFC 9110 sections 8.3, 12.5.1
//! and 12.5.4).

use axum::http::{HeaderMap, header};

use crate::family::describe::Language;

/// The media types that answers come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/graphql-response+json`: its status codes tell whether a request was executed.
    Response,
    /// `application/json`: the older one, which says 200 to every well-formed request.
    Json,
    /// `text/event-stream` (GraphQL over SSE).
    EventStream,
}

/// The longest `Accept` or `Accept-Language` header that is read, in bytes.
const ACCEPT_BYTES_MAX: usize = 1_024;
const RESPONSE: &str = "application/graphql-response+json";
const JSON: &str = "application/json";
const EVENT_STREAM: &str = "text/event-stream";

impl Media {
    /// Returns the value of `Content-Type`.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Response => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
            Self::EventStream => "text/event-stream; charset=utf-8",
        }
    }
}

/// Returns the media type of highest priority that a request accepts; `None` if it accepts none of them.
///
/// Whoever accepts anything, or says nothing, gets `application/json`.
pub fn accepted(headers: &HeaderMap) -> Option<Media> {
    let mut ranges = headers.get_all(header::ACCEPT).iter().peekable();
    if ranges.peek().is_none() {
        return Some(Media::Json);
    }
    let mut best: Option<(u16, Media)> = None;
    for line in ranges.filter_map(|value| value.to_str().ok()).filter(|line| line.len() <= ACCEPT_BYTES_MAX) {
        for (quality, media) in line.split(',').filter_map(range) {
            // Of equals the first counts.
            if quality > 0 && best.is_none_or(|(most, _)| quality > most) {
                best = Some((quality, media));
            }
        }
    }
    best.map(|(_, media)| media)
}

/// Returns the language that a request likes best (RFC 9110 section 12.5.4): Dutch or English; English if it likes neither or
/// says nothing.
pub fn language(headers: &HeaderMap) -> Language {
    let lines = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let mut best: Option<(u16, Language)> = None;
    for line in lines.filter(|line| line.len() <= ACCEPT_BYTES_MAX) {
        for (quality, language) in line.split(',').filter_map(language_range) {
            if quality > 0 && best.is_none_or(|(most, _)| quality > most) {
                best = Some((quality, language));
            }
        }
    }
    best.map_or_else(Language::default, |(_, language)| language)
}

/// Reads one range, as `nl-BE;q=0.9`: its quality in thousandths, and which language it is.
fn language_range(text: &str) -> Option<(u16, Language)> {
    let (range, weight) = text.split_once(';').map_or((text, None), |(range, weight)| (range, Some(weight)));
    let language = match range.split('-').next()?.trim().to_ascii_lowercase().as_str() {
        "nl" => Language::Nl,
        "en" | "*" => Language::En,
        _ => return None,
    };
    let quality = weight.map_or(Some(1_000), |weight| {
        let (name, value) = weight.split_once('=')?;
        if name.trim().eq_ignore_ascii_case("q") { thousandths(value.trim()) } else { None }
    });
    Some((quality?, language))
}

/// Reads one range, as `application/json;q=0.9`: its quality in thousandths, and what it stands for here.
fn range(text: &str) -> Option<(u16, Media)> {
    let mut parts = text.split(';').map(str::trim);
    let media = match parts.next()?.to_ascii_lowercase().as_str() {
        RESPONSE => Media::Response,
        JSON | "*/*" | "application/*" => Media::Json,
        EVENT_STREAM | "text/*" => Media::EventStream,
        _ => return None,
    };
    let mut quality = 1_000;
    for parameter in parts {
        let (name, value) = parameter.split_once('=')?;
        match (name.trim().to_ascii_lowercase().as_str(), value.trim().trim_matches('"')) {
            ("q", value) => quality = thousandths(value)?,
            ("charset", charset) if !charset.eq_ignore_ascii_case("utf-8") => return None,
            _ => {}
        }
    }
    Some((quality, media))
}

/// Reads a weight: 0 to 1 with at most three digits after the point.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole: u16 = whole.parse().ok().filter(|whole| *whole <= 1)?;
    let digits = fraction.len() <= 3 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let fraction = if digits { format!("{fraction:0<3}").parse::<u16>().ok()? } else { return None };
    Some(whole * 1_000 + fraction).filter(|quality| *quality <= 1_000)
}

/// Tells whether a body is JSON in UTF-8. A form or a text could be sent by any web page without asking this server first.
pub fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = content_type.split(';').map(str::trim);
    let json = parts.next().is_some_and(|media_type| media_type.eq_ignore_ascii_case(JSON));
    json && parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
            value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_best_of_what_is_accepted_is_chosen() {
        let check = |accept: &'static str, expected: Option<Media>| {
            let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(accepted(&headers), expected, "{accept}");
        };
        assert_eq!(accepted(&HeaderMap::new()), Some(Media::Json));
        check("application/json", Some(Media::Json));
        check("application/graphql-response+json", Some(Media::Response));
        check(
            "application/graphql-response+json; charset=utf-8, application/json; charset=utf-8",
            Some(Media::Response),
        );
        check("application/json, application/graphql-response+json", Some(Media::Json));
        check("application/json;q=0.9, application/graphql-response+json", Some(Media::Response));
        check("application/graphql-response+json;q=0.5,application/json;q=0.51", Some(Media::Json));
        check("application/graphql-response+json;q=0", None);
        check("*/*", Some(Media::Json));
        check("application/*", Some(Media::Json));
        check("text/event-stream", Some(Media::EventStream));
        check("text/event-stream;q=0.1, */*;q=0.2", Some(Media::Json));
        check("Application/JSON", Some(Media::Json));
        check("text/html", None);
        check("application/json; charset=latin1", None);
        check("application/json;q=2", None);
        check("application/json;q=0.1234", None);
        check("", None);
    }

    #[test]
    fn the_language_that_is_liked_best_is_chosen() {
        let check = |accept: &'static str, expected: Language| {
            let headers = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accept))]);
            assert_eq!(language(&headers), expected, "{accept}");
        };
        assert_eq!(language(&HeaderMap::new()), Language::En);
        check("nl", Language::Nl);
        check("nl-NL, en;q=0.8", Language::Nl);
        check("en-GB;q=0.7, nl-BE;q=0.8", Language::Nl);
        check("en, nl", Language::En);
        check("de, nl;q=0.2, en;q=0.1", Language::Nl);
        check("de-DE", Language::En);
        check("nl;q=0", Language::En);
        check("nl;q=0.5, *;q=0.6", Language::En);
        check("NL ; Q=1", Language::Nl);
        check("nl;q=2", Language::En);
        check("nlx", Language::En);
        check("", Language::En);
    }

    #[test]
    fn only_json_is_taken() {
        let check = |content_type: &'static str, expected: bool| {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(content_type))]);
            assert_eq!(is_json(&headers), expected, "{content_type}");
        };
        check("application/json", true);
        check("application/json; charset=utf-8", true);
        check("Application/JSON;charset=\"UTF-8\"", true);
        check("application/json; charset=latin1", false);
        check("text/plain", false);
        check("application/x-www-form-urlencoded", false);
        check("multipart/form-data; boundary=x", false);
        check("application/jsonp", false);
        assert!(!is_json(&HeaderMap::new()));
    }
}
