//! The words of members and values that many declarations share, in Dutch; a declaration with a word of its own says it there.
//!
//! English names are the standard terms by which things are declared, so they are read from the declaration itself.

use crate::family::label::Label;

/// Dutch names of members that occur in several records.
const MEMBERS: &[(&str, &str)] = &[
    ("activities", "verwerkingsactiviteiten"),
    ("activity", "verwerkingsactiviteit"),
    ("advice", "advies"),
    ("adviceResponse", "reactie op het FG-advies"),
    ("anomalies", "wat niet past"),
    ("by", "door"),
    ("channel", "kanaal"),
    ("code", "code"),
    ("conditions", "voorwaarden"),
    ("consentText", "toestemmingstekst"),
    ("country", "land"),
    ("dataCategories", "categorieën persoonsgegevens"),
    ("decision", "besluit"),
    ("description", "omschrijving"),
    ("document", "document"),
    ("documentDate", "datum van het document"),
    ("evidence", "bewijs"),
    ("from", "vanaf"),
    ("kind", "soort"),
    ("language", "taal"),
    ("languages", "talen"),
    ("legalReference", "wettelijke basis"),
    ("materiality", "wezenlijkheid"),
    ("measure", "maatregel"),
    ("measures", "maatregelen"),
    ("mediaType", "mediatype"),
    ("name", "naam"),
    ("nextReview", "volgende herbeoordeling"),
    ("operations", "verwerkingshandelingen"),
    ("outcome", "uitkomst"),
    ("party", "partij"),
    ("platforms", "platformen"),
    ("processors", "verwerkers"),
    ("purpose", "doeleinde"),
    ("purposes", "doeleinden"),
    ("question", "vraag"),
    ("reason", "reden"),
    ("recipients", "ontvangers"),
    ("remark", "opmerking"),
    ("reviews", "herbeoordelingen"),
    ("role", "rol"),
    ("sequence", "volgnummer"),
    ("sha256", "SHA-256"),
    ("since", "sinds"),
    ("status", "status"),
    ("systems", "systemen"),
    ("term", "termijn"),
    ("title", "titel"),
    ("trigger", "aanleiding"),
    ("unit", "beheerseenheid"),
    ("until", "tot en met"),
    ("version", "versie"),
];

/// Dutch names of values that occur in several choices.
const VALUES: &[(&str, &str)] = &[
    ("APPROVED", "goedgekeurd"),
    ("CONTROLLER", "verwerkingsverantwoordelijke"),
    ("EXPIRED", "verlopen"),
    ("EXPLICIT_CONSENT", "uitdrukkelijke toestemming"),
    ("MAINTAINED", "gehandhaafd"),
    ("NO", "nee"),
    ("ORAL", "mondeling"),
    ("OTHER", "anders"),
    ("REJECTED", "afgewezen"),
    ("SUPERSEDED", "vervangen"),
    ("UNKNOWN", "onbekend"),
    ("VITAL_INTEREST", "vitaal belang"),
    ("WITHDRAWN", "ingetrokken"),
    ("YES", "ja"),
];

/// Letters that are written as capitals.
const ACRONYMS: &[&str] =
    &["dpo", "dpia", "id", "eu", "eea", "scc", "dpf", "bcr", "sha256", "url", "ap", "iso", "rfc3161", "ciso", "cio"];

/// Names a member in both languages.
pub fn label(name: &str, nl: Option<&str>) -> Label {
    Label { nl: nl.unwrap_or_else(|| shared(MEMBERS, name)).to_owned(), en: english(name) }
}

/// Names a family in both languages.
pub fn family_label(name: &str, nl: &str) -> Label {
    Label { nl: nl.to_owned(), en: english(name) }
}

/// Names a value in both languages.
pub fn value_label(value: &str, nl: Option<&str>) -> Label {
    let en = english(&value.to_ascii_lowercase().replace('_', " "));
    Label { nl: nl.unwrap_or_else(|| shared(VALUES, value)).to_owned(), en }
}

fn shared(words: &[(&'static str, &'static str)], name: &str) -> &'static str {
    words.iter().find(|(known, _)| *known == name).map_or("", |(_, nl)| nl)
}

/// Reads `legalReference` as "legal reference" and `dpoAdvice` as "DPO advice".
pub fn english(name: &str) -> String {
    let mut spaced = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            spaced.push(' ');
        }
        spaced.push(letter.to_ascii_lowercase());
    }
    let word = |word: &str| if ACRONYMS.contains(&word) { word.to_ascii_uppercase() } else { word.to_owned() };
    spaced.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_read_from_the_name() {
        let check = |name: &str, expected: &str| assert_eq!(english(name), expected);
        check("legalReference", "legal reference");
        check("dpoAdviceIssued", "DPO advice issued");
        check("not required", "not required");
    }

    #[test]
    fn no_word_is_given_twice() {
        for words in [MEMBERS, VALUES] {
            let names: std::collections::BTreeSet<&str> = words.iter().map(|(name, _)| *name).collect();
            assert_eq!(names.len(), words.len());
        }
    }
}
