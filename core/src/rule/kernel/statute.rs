//! Terms and ages that stand in the law itself. A legal instrument that was recorded without them is incomplete, not without terms; one
//! that was recorded with other ones is the institution's own reading, and a more lenient reading gives no all-clear.
//!
//! A test holds the table to the law pack, where each has its source.

use crate::time::{PartialDate, Term};

/// What the law gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// A term.
    Term(Term),
    /// A number, as an age in years.
    Number(u32),
}

/// Instrument, parameter, value: GDPR Art. 8(1), 12(3), 14(3)(a), 33(1), 36(2); UAVG Art. 5, 35(2); Awb Art. 6:7, 9:11.
const GIVEN: [(&str, &str, Given); 13] = [
    ("LEX-GDPR", "minorAge", Given::Number(16)),
    ("LEX-GDPR", "dsrTerm", Given::Term(Term::months(1))),
    ("LEX-GDPR", "dsrExt", Given::Term(Term::months(2))),
    ("LEX-GDPR", "indirectNotice", Given::Term(Term::months(1))),
    ("LEX-GDPR", "breach", Given::Term(Term::hours(72))),
    ("LEX-GDPR", "priorConsultation", Given::Term(Term::weeks(8))),
    ("LEX-GDPR", "priorConsultationExt", Given::Term(Term::weeks(6))),
    ("LEX-UAVG", "minorAge", Given::Number(16)),
    ("LEX-UAVG", "remedy", Given::Term(Term::weeks(6))),
    ("LEX-AWB", "remedy", Given::Term(Term::weeks(6))),
    ("LEX-AWB", "complaintTerm", Given::Term(Term::weeks(6))),
    ("LEX-AWB", "complaintTermCommittee", Given::Term(Term::weeks(10))),
    ("LEX-AWB", "complaintPostponement", Given::Term(Term::weeks(4))),
];

/// What a parameter of an instrument is by the law itself, where the program knows it.
pub(super) fn given(code: &str, name: &str) -> Option<Given> {
    GIVEN.iter().find(|(law, parameter, _)| (*law, *parameter) == (code, name)).map(|(_, _, given)| *given)
}

/// Tells whether what was recorded allows more than the law: a longer term, a lower age. `None`: it is the same.
pub(super) fn allows_more(given: Given, term: Option<Term>, number: Option<u32>) -> Option<bool> {
    match (given, term, number) {
        (Given::Term(law), Some(own), _) if own == law => None,
        // Months have no fixed length: it is no longer only where it ends no later from wherever it is counted.
        (Given::Term(law), Some(own), _) => {
            let starts = STARTS.iter().filter_map(|start| start.parse::<PartialDate>().ok());
            Some(starts.into_iter().any(|start| own.end(&start) > law.end(&start)))
        }
        (Given::Number(law), _, Some(own)) if own == law => None,
        (Given::Number(law), _, Some(own)) => Some(own < law),
        // What says nothing that can be read allows anything.
        _ => Some(true),
    }
}

/// Days from which months of 28, 29, 30 and 31 days run.
const STARTS: [&str; 4] = ["2023-02-02", "2024-02-02", "2023-04-02", "2023-01-02"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::Pack;

    #[test]
    fn the_table_says_what_the_law_pack_says() {
        let pack = Pack::newest().unwrap();
        for (code, name, given) in GIVEN {
            let statements = pack.instrument(code).unwrap().statements.iter();
            let parameters = statements.filter_map(|statement| statement.data.get("parameters")?.as_array()).flatten();
            let found = parameters.into_iter().find(|parameter| parameter["name"] == name);
            let found = found.unwrap_or_else(|| panic!("the pack has no {name} of {code}"));
            let said = match given {
                Given::Term(term) => (&found["term"], term.to_string()),
                Given::Number(number) => (&found["values"][0], number.to_string()),
            };
            assert_eq!(said.0, &said.1, "{code} {name}");
        }
    }

    #[test]
    fn a_longer_term_or_a_lower_age_allows_more() {
        let month = Given::Term(Term::months(1));
        let term = |text: &str| allows_more(month, Some(text.parse().unwrap()), None);
        assert_eq!(
            (term("P1M"), term("P28D"), term("P30D"), term("P31D")),
            (None, Some(false), Some(true), Some(true))
        );
        let age = |number| allows_more(Given::Number(16), None, Some(number));
        assert_eq!((age(16), age(18), age(13)), (None, Some(false), Some(true)));
        assert_eq!(allows_more(month, None, None), Some(true));
    }
}
