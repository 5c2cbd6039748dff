//! Which pages may speak to the ledger through somebody's browser: none but those of its own origin, and of those that
//! the operator allows.

use std::str::FromStr;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// What a page of another site, or one that reached this server under a foreign name, is told.
pub const FOREIGN: &str = "this ledger answers programs on its own machine, not pages of other sites";
/// Origins that may be allowed.
const ORIGINS_MAX: usize = 32;
/// How long a browser may remember what it was allowed.
const PREFLIGHT_MAX_AGE_S: u64 = 600;

/// Origins whose pages may speak to the ledger beside its own; none by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedOrigins(Vec<HeaderValue>);

/// The text is no list of origins.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no origin; write origins as https://console.example.org, with commas between, at most 32")]
pub struct NotAnOrigin(String);

impl FromStr for AllowedOrigins {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        let origins = text.split(',').map(str::trim).filter(|origin| !origin.is_empty());
        let origins = origins.map(read).collect::<Result<Vec<_>, _>>()?;
        if origins.len() > ORIGINS_MAX { Err(NotAnOrigin(text.to_owned())) } else { Ok(Self(origins)) }
    }
}

/// An origin is a scheme, a host and perhaps a port (RFC 6454 section 6.2).
fn read(text: &str) -> Result<HeaderValue, NotAnOrigin> {
    let wrong = || NotAnOrigin(text.to_owned());
    let authority = text.strip_prefix("https://").or(text.strip_prefix("http://")).ok_or_else(wrong)?;
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]".contains(&byte);
    if authority.is_empty() || !authority.bytes().all(legal) {
        return Err(wrong());
    }
    HeaderValue::from_str(text).map_err(|_| wrong())
}

/// Until callers are asked who they are, no page of another site may speak through somebody's browser: neither with an
/// `Origin` that is not this server, which a WebSocket needs no permission for, nor under a foreign name that was made to
/// point here.
pub fn is_welcome(headers: &HeaderMap, allowed: &AllowedOrigins) -> bool {
    let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or_default());
    let host = text(header::HOST);
    let name = host.map(|host| match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    });
    let local = name.is_none_or(|name| ["localhost", "127.0.0.1", "[::1]"].contains(&name));
    let same =
        text(header::ORIGIN).is_none_or(|origin| origin.split_once("://").map(|(_, authority)| authority) == host);
    let allowed = headers.get(header::ORIGIN).is_some_and(|origin| allowed.0.contains(origin));
    local && (same || allowed)
}

/// Tells browsers which pages may read answers (Fetch, "CORS protocol"); `None` where no page of another origin may.
pub fn cors(allowed: &AllowedOrigins) -> Option<CorsLayer> {
    if allowed.0.is_empty() {
        return None;
    }
    let headers = [header::ACCEPT, header::CONTENT_TYPE, HeaderName::from_static("last-event-id"), REQUEST_ID];
    let layer = CorsLayer::new()
        .allow_origin(AllowOrigin::list(allowed.0.clone()))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(headers)
        .expose_headers([REQUEST_ID, header::RETRY_AFTER])
        .max_age(Duration::from_secs(PREFLIGHT_MAX_AGE_S));
    Some(layer)
}

/// The header that names a request.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_page_of_another_site_speaks_through_a_browser() {
        let allowed: AllowedOrigins = "https://console.example.org".parse().unwrap();
        let check = |host: &'static str, origin: Option<&'static str>, expected: bool| {
            let mut headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(host))]);
            headers.extend(origin.map(|origin| (header::ORIGIN, HeaderValue::from_static(origin))));
            assert_eq!(is_welcome(&headers, &allowed), expected, "{host} {origin:?}");
        };
        check("127.0.0.1:8080", None, true);
        check("localhost", None, true);
        check("[::1]:8080", None, true);
        check("ledger.attacker.example:8080", None, false);
        check("127.0.0.1:8080", Some("http://127.0.0.1:8080"), true);
        check("127.0.0.1:8080", Some("http://127.0.0.1:9090"), false);
        check("127.0.0.1:8080", Some("https://attacker.example"), false);
        check("127.0.0.1:8080", Some("null"), false);
        check("127.0.0.1:8080", Some("https://console.example.org"), true);
        check("ledger.attacker.example", Some("https://console.example.org"), false);
        assert!(is_welcome(&HeaderMap::new(), &allowed));
    }

    #[test]
    fn origins_are_written_in_one_way() {
        let check = |text: &str, legal: bool| assert_eq!(text.parse::<AllowedOrigins>().is_ok(), legal, "{text}");
        check("", true);
        check("https://console.example.org, http://localhost:3000", true);
        check("*", false);
        check("console.example.org", false);
        check("https://", false);
        check("https://console.example.org/", false);
        check("https://Console.example.org", false);
        check(&vec!["https://a.example"; 32].join(","), true);
        check(&vec!["https://a.example"; 33].join(","), false);
    }
}
