//! Pages: Relay's connections with opaque typed cursors; `first` and `last` are 1 to 100, above it an error.

use std::borrow::Cow;

use async_graphql::connection::{Edge, EmptyFields, PageInfo};
use async_graphql::{ComplexObject, OutputType, Result, SimpleObject, TypeName};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::graphql::error::bad_input;
use crate::graphql::limits::{COMPLEXITY_MAX, PAGE_DEFAULT, PAGE_MAX};
use crate::store::ListRange;

/// A position in a list, opaque to clients: base64url of what kind of list it is and the last key seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The kind of list, so that a cursor of one is refused by another.
    pub kind: &'static str,
    /// The key.
    pub key: String,
}

/// A page of a list (Relay, "Cursor Connections").
#[derive(SimpleObject)]
#[graphql(name_type, complex)]
pub struct Connection<T: OutputType> {
    /// The items, each with its cursor.
    edges: Vec<Edge<String, T, EmptyFields>>,
    /// Whether there is more, and where it begins.
    page_info: PageInfo,
}

/// A page of a list (Relay, "Cursor Connections").
#[ComplexObject]
impl<T: OutputType> Connection<T> {
    /// The items alone.
    async fn nodes(&self) -> Vec<&T> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }
}

impl<T: OutputType> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", <T as OutputType>::type_name()).into()
    }
}

/// Which page is asked for, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// After this key.
    pub after: Option<String>,
    /// Before this key.
    pub before: Option<String>,
    /// How many.
    pub size: usize,
    /// From the end.
    pub backwards: bool,
}

impl Page {
    /// Returns the streams that the page covers, and one more. Downwards means newest first: what comes after a cursor is
    /// then below it.
    pub fn streams(&self, downwards: bool) -> ListRange {
        let (lower, upper) = if downwards { (&self.before, &self.after) } else { (&self.after, &self.before) };
        ListRange {
            after: lower.clone().unwrap_or_default(),
            before: upper.clone().unwrap_or_else(|| ListRange::END.to_owned()),
            limit: i64::try_from(self.size + 1).unwrap_or(i64::MAX),
            backwards: self.backwards != downwards,
        }
    }
}

impl Cursor {
    /// Writes it as clients have it.
    fn encode_cursor(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}:{}", self.kind, self.key))
    }
}

/// Checks the arguments of a connection.
pub fn page(
    kind: &'static str,
    first: Option<i32>,
    after: Option<String>,
    last: Option<i32>,
    before: Option<String>,
) -> Result<Page> {
    let size = |name: &str, size: i32| {
        if (1..=PAGE_MAX).contains(&size) {
            Ok(usize::try_from(size).unwrap_or(0))
        } else {
            Err(bad_input(format!("`{name}` is {size}; a page has 1 to {PAGE_MAX} items")))
        }
    };
    let (size, backwards) = match (first, last) {
        (Some(_), Some(_)) => return Err(bad_input("give `first` or `last`, not both")),
        (None, Some(last)) => (size("last", last)?, true),
        (first, None) => (size("first", first.unwrap_or(PAGE_DEFAULT))?, false),
    };
    let key = |name: &str, cursor: Option<String>| cursor.map(|cursor| decode(kind, name, &cursor)).transpose();
    Ok(Page { after: key("after", after)?, before: key("before", before)?, size, backwards })
}

fn decode(kind: &str, name: &str, cursor: &str) -> Result<String> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let key = text.as_deref().and_then(|text| text.strip_prefix(kind)).and_then(|rest| rest.strip_prefix(':'));
    // No list of ours has such keys, and PostgreSQL knows no NUL in a text.
    let key = key.filter(|key| !key.contains(char::is_control));
    key.map(str::to_owned).ok_or_else(|| bad_input(format!("`{name}` is not a cursor of this list")))
}

/// A page of items, each with its cursor as clients have it.
pub struct Paged<T> {
    /// The items.
    pub items: Vec<(String, T)>,
    /// Whether there is more, and where it begins.
    pub info: PageInfo,
}

/// Makes a page from one item more than asked for, in the order they were read.
pub fn paged<T>(kind: &'static str, page: &Page, mut items: Vec<(String, T)>) -> Paged<T> {
    let more = items.len() > page.size;
    items.truncate(page.size);
    if page.backwards {
        items.reverse();
    }
    let (has_previous_page, has_next_page) =
        if page.backwards { (more, page.before.is_some()) } else { (page.after.is_some(), more) };
    let items = items.into_iter().map(|(key, item)| (Cursor { kind, key }.encode_cursor(), item));
    let items: Vec<(String, T)> = items.collect();
    let cursor = |item: Option<&(String, T)>| item.map(|(cursor, _)| cursor.clone());
    let (start_cursor, end_cursor) = (cursor(items.first()), cursor(items.last()));
    Paged { info: PageInfo { has_previous_page, has_next_page, start_cursor, end_cursor }, items }
}

/// Makes the connection from one item more than asked for, in the order they were read.
pub fn connection<T: OutputType>(kind: &'static str, page: &Page, items: Vec<(String, T)>) -> Connection<T> {
    let Paged { items, info } = paged(kind, page, items);
    let edges = items.into_iter().map(|(cursor, item)| Edge::new(cursor, item));
    Connection { edges: edges.collect(), page_info: info }
}

/// Makes a page of a list that is at hand, whose items are numbered as they follow one another.
pub fn numbered<T, V: OutputType>(
    kind: &'static str,
    page: &Page,
    items: Vec<T>,
    view: impl Fn(T) -> V,
) -> Result<Connection<V>> {
    let (from, to) = sequences(page, items.len() as u64)?;
    let numbered = (0_u64..).zip(items).filter(|(place, _)| (from..to).contains(place));
    let mut found: Vec<(u64, T)> = numbered.collect();
    if page.backwards {
        found.reverse();
    }
    found.truncate(page.size + 1);
    Ok(connection(kind, page, found.into_iter().map(|(place, item)| (place.to_string(), view(item))).collect()))
}

/// Returns the sequences that a page of entries covers among the first `size`: from the first to before the second.
pub fn sequences(page: &Page, size: u64) -> Result<(u64, u64)> {
    let number = |key: &Option<String>, name: &str| {
        let parse =
            |key: &String| key.parse::<u64>().map_err(|_| bad_input(format!("`{name}` is not a cursor of this list")));
        key.as_ref().map(parse).transpose()
    };
    let from = number(&page.after, "after")?.map_or(0, |after| after.saturating_add(1));
    let to = number(&page.before, "before")?.unwrap_or(size).min(size);
    Ok((from, to))
}

/// The complexity of a list: its items as often as the page may hold.
pub fn cost(first: Option<i32>, last: Option<i32>, child: usize) -> usize {
    let size = first.or(last).unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX);
    multiplied(usize::try_from(size).unwrap_or(1), child).saturating_add(1)
}

/// A list's complexity, cut off above what is allowed: async-graphql adds such numbers up without a look at overflow.
pub fn multiplied(items: usize, child: usize) -> usize {
    items.saturating_mul(child).min(COMPLEXITY_MAX + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_1_to_100_items_and_never_a_silent_other_number() {
        let check = |first, last, expected: Option<(usize, bool)>| {
            let page = page("k", first, None, last, None).ok().map(|page| (page.size, page.backwards));
            assert_eq!(page, expected);
        };
        check(None, None, Some((20, false)));
        check(Some(1), None, Some((1, false)));
        check(Some(100), None, Some((100, false)));
        check(Some(101), None, None);
        check(Some(0), None, None);
        check(Some(-1), None, None);
        check(None, Some(100), Some((100, true)));
        check(None, Some(101), None);
        check(Some(1), Some(1), None);
    }

    #[test]
    fn a_cursor_is_of_one_kind_of_list() {
        let cursor = Cursor { kind: "event", key: "17".into() }.encode_cursor();
        assert_eq!(page("event", None, Some(cursor.clone()), None, None).unwrap().after.as_deref(), Some("17"));
        assert!(page("consent", None, Some(cursor), None, None).is_err());
        assert!(page("event", None, Some("%".into()), None, None).is_err());
        let odd = Cursor { kind: "event", key: "1\n".into() }.encode_cursor();
        assert!(page("event", None, Some(odd), None, None).is_err());
    }
}
