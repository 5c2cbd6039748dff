//! What columns of registers are in the W3C Data Privacy Vocabulary.

/// What a column is in the Data Privacy Vocabulary.
#[derive(Clone, Copy, Debug)]
pub enum Linked {
    /// The texts of the items, under a property.
    Text(&'static str),
    /// A thing for each item, under a property.
    Thing {
        /// The property.
        property: &'static str,
        /// What each is.
        class: &'static str,
        /// What is said of it.
        members: &'static [LinkedPart],
    },
    /// A term for each value that has one, under a property.
    Term {
        /// The property; `@type`: what the row is, besides.
        property: &'static str,
        /// The parts of the items that are looked at; `""`: the plain values.
        part: &'static str,
        /// The terms.
        terms: Terms,
    },
}

/// What is said of a thing: a part of the item, under a property, by a term where the part has one.
#[derive(Clone, Copy, Debug)]
pub struct LinkedPart {
    /// The part of the item; `""`: the plain value.
    pub part: &'static str,
    /// The property.
    pub property: &'static str,
    /// Terms for values; none: the text itself.
    pub terms: Terms,
}

/// Terms of the vocabulary, by wire values.
pub type Terms = &'static [(&'static str, &'static str)];

/// Says a part of an item by its text.
pub const fn says(part: &'static str, property: &'static str) -> LinkedPart {
    LinkedPart { part, property, terms: &[] }
}
