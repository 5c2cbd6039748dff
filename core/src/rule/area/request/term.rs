//! The term of an answer to a data subject, and what a refusal says: for requests and for objections alike (GDPR Art. 12(3)-(4)).

use super::idle;
use crate::family::data_subject_request::{ExtensionReason, Refused, Remedy};
use crate::family::dossier::Dated;
use crate::family::objection::Rejected;
use crate::rule::inquiry::Inquiry;
use crate::rule::norm::Parameter;
use crate::rule::template::{Due, Event, complete, count, deadline};
use crate::rule::text::{Text, words};
use crate::rule::verdict::{Evidence, Finding, Says as _};
use crate::time::{Calendar, Limit, PartialDate, Ternary, day_of};

/// Terms of Union law in days or longer.
pub(in crate::rule) const UNION: Calendar = Calendar::Regulation1182 { two_working_days: false };

/// What a person asked, and what came of it.
#[derive(Clone, Copy)]
pub(in crate::rule) struct Asked {
    /// The receipt, from which the terms run.
    pub receipt: Event,
    /// The answer, or that the person took it back.
    pub done: Option<Event>,
    /// When the person was told that the term is extended; the law knows one extension.
    pub extended: Option<Event>,
}

/// The terms of a layer for a first answer and for its extension.
pub(in crate::rule) struct Terms {
    first: Option<Parameter>,
    extension: Option<Parameter>,
    calendar: Calendar,
    /// The law counts both terms as one, from the receipt; the policy the second from the end of the first.
    law: bool,
}

impl Terms {
    pub(in crate::rule) fn of_law(inquiry: &Inquiry<'_>) -> Self {
        let parameter = |name| inquiry.law_parameter("LEX-GDPR", name);
        Self { first: parameter("dsrTerm"), extension: parameter("dsrExt"), calendar: UNION, law: true }
    }

    pub(in crate::rule) fn of_policy(inquiry: &Inquiry<'_>) -> Self {
        let parameter = |name| inquiry.house(name);
        Self { first: parameter("dsrTerm"), extension: parameter("dsrExt"), calendar: Calendar::Strict, law: false }
    }

    fn due<'a>(&'a self, what: &'a Text, from: Event, done: Option<Event>) -> Due<'a> {
        Due { what, from, done, term: self.first.as_ref(), calendar: self.calendar }
    }

    /// The end of the first term.
    pub(super) fn first_limit(&self, receipt: Event) -> Option<Limit> {
        let what = Text::new("", "");
        count(&self.due(&what, receipt, None)).map(|(counted, _)| counted.limit)
    }

    /// Both terms of the law as one: "that period may be extended by two further months".
    pub(super) fn together(&self) -> Option<Parameter> {
        let (first, extension) = (self.first.as_ref()?, self.extension.as_ref()?);
        let term = first.term.zip(extension.term).map(|(first, extension)| first.plus(&extension));
        Some(Parameter { term, ..first.clone() })
    }

    /// The term of the law that counts: the extended one, unless it was not extended in time.
    pub(super) fn counting(&self, inquiry: &Inquiry<'_>, asked: &Asked) -> Option<Parameter> {
        let in_time = self.first_limit(asked.receipt).map(|limit| extended_in_time(inquiry, asked, limit));
        if in_time.is_none_or(|in_time| in_time == Ternary::False) { self.first.clone() } else { self.together() }
    }

    /// The end of the term that counts: the extended one where it was extended in time.
    pub(super) fn limit(&self, inquiry: &Inquiry<'_>, asked: &Asked) -> Option<Limit> {
        let first = self.first_limit(asked.receipt)?;
        if extended_in_time(inquiry, asked, first) != Ternary::True {
            return Some(first);
        }
        let what = Text::new("", "");
        let both = if self.law { self.together() } else { self.extension.clone() };
        let after_first = Event { date: day_of(first.earliest), fact: asked.receipt.fact };
        let from = if self.law { asked.receipt } else { after_first };
        let due = Due { what: &what, from, done: None, term: both.as_ref(), calendar: self.calendar };
        count(&due).map(|(counted, _)| counted.limit)
    }
}

/// Whether the term was extended before it ran out, so that the extended one counts.
fn extended_in_time(inquiry: &Inquiry<'_>, asked: &Asked, limit: Limit) -> Ternary {
    let told = asked.extended.filter(|told| inquiry.happened(&told.date) != Ternary::False);
    told.map_or(Ternary::False, |told| limit.met_by(&told.date))
}

/// The answer within the first term; where that was extended in time and the answer came after it, it does not count.
pub(in crate::rule) fn answered_in_time(inquiry: &Inquiry<'_>, asked: &Asked, terms: &Terms) -> Finding {
    let what = Text::new("het antwoord", "the answer");
    if let Some((limit, told)) = terms.first_limit(asked.receipt).zip(asked.extended) {
        let within_first = asked.done.map_or(Ternary::False, |done| limit.met_by(&done.date));
        match extended_in_time(inquiry, asked, limit) {
            Ternary::True if within_first != Ternary::True => {
                return idle(
                    "de termijn is op tijd verlengd; de verlengde termijn telt",
                    "the term was extended in time; the extended term counts",
                )
                .by(told.fact);
            }
            Ternary::Unknown => {
                let text = words(
                    "of de termijn op tijd is verlengd, beslissen de datums niet",
                    "the dates do not decide whether the term was extended in time",
                );
                return Finding::indeterminate(text).by(told.fact);
            }
            _ => {}
        }
    }
    deadline(inquiry, &terms.due(&what, asked.receipt, asked.done))
}

/// The extension is told within the first term, and the answer given within the extended one.
///
/// `counted` is given what the extended term came to.
pub(in crate::rule) fn extension_is_kept(
    inquiry: &Inquiry<'_>,
    asked: &Asked,
    terms: &Terms,
    counted: impl FnOnce(Finding) -> Finding,
) -> Finding {
    if asked.extended.is_none() {
        return idle("de termijn is niet verlengd", "the term was not extended");
    }
    let what = Text::new("de mededeling dat de termijn wordt verlengd", "telling that the term is extended");
    let in_time = deadline(inquiry, &terms.due(&what, asked.receipt, asked.extended));
    in_time.and(counted(extended_deadline(inquiry, terms, asked)))
}

/// The answer within an extended term, as the law counts it or as the policy does.
fn extended_deadline(inquiry: &Inquiry<'_>, terms: &Terms, asked: &Asked) -> Finding {
    let what = Text::new("het antwoord na verlenging", "the answer after the extension");
    let Asked { receipt, done, .. } = *asked;
    if terms.law {
        let term = terms.together();
        let due = Due { what: &what, from: receipt, done, term: term.as_ref(), calendar: terms.calendar };
        return deadline(inquiry, &due);
    }
    let Some(limit) = terms.first_limit(receipt) else {
        return idle("het beleid stelt geen eerste termijn", "the policy sets no first term");
    };
    let from_day = |at| {
        let from = Event { date: day_of(at), fact: receipt.fact };
        deadline(inquiry, &Due { what: &what, from, done, term: terms.extension.as_ref(), calendar: terms.calendar })
    };
    let (soonest, last) = (from_day(limit.earliest), from_day(limit.latest));
    if soonest.outcome == last.outcome {
        return soonest;
    }
    let undecided = Text::new(
        "of de verlengde termijn is gehaald, beslissen de datums niet",
        "the dates do not decide whether the extended term was kept",
    );
    Finding::indeterminate(undecided).by(receipt.fact)
}

/// The reason for an extension is one that the law knows, and was told (Art. 12(3)).
pub(in crate::rule) fn extension_reason(reason: Option<ExtensionReason>, explained: bool) -> Finding {
    match reason {
        Some(ExtensionReason::Complexity | ExtensionReason::Number) => Finding::pass(words(
            "de verlenging heeft een reden die de wet kent",
            "the extension has a reason that the law knows",
        )),
        Some(ExtensionReason::Other) => Finding::fail(words(
            "de wet kent deze reden voor verlenging niet",
            "the law does not know this reason for an extension",
        )),
        None if explained => Finding::indeterminate(words(
            "of de verlenging om complexiteit of aantal ging, is niet vastgelegd",
            "whether the extension was for complexity or number is not recorded",
        )),
        None => Finding::fail(words(
            "een reden voor de verlenging is niet vastgelegd",
            "no reason for the extension is recorded",
        )),
    }
}

// --- What a refusal says ---------------------------------------------------------------------------------------------

/// A refusal of a request, or the rejection of an objection.
pub(in crate::rule) struct Refusal<'a> {
    remedies: &'a [Remedy],
    gives_reasons: bool,
    /// When it was announced.
    pub announced: Event,
    /// When the person received it.
    pub delivered: Option<PartialDate>,
    fact: Evidence,
}

impl<'a> From<&'a Dated<Refused>> for Refusal<'a> {
    fn from(refused: &'a Dated<Refused>) -> Self {
        Self {
            remedies: &refused.fact.remedies,
            gives_reasons: refused.fact.reasons.is_some(),
            announced: Event::new(refused.fact.announced_at.unwrap_or(refused.from), refused),
            delivered: refused.fact.delivered_at,
            fact: refused.evidence(),
        }
    }
}

impl<'a> From<&'a Dated<Rejected>> for Refusal<'a> {
    fn from(rejected: &'a Dated<Rejected>) -> Self {
        Self {
            remedies: &rejected.fact.remedies,
            gives_reasons: rejected.fact.reasons.is_some(),
            announced: Event::new(rejected.fact.announced_at.unwrap_or(rejected.from), rejected),
            delivered: rejected.fact.delivered_at,
            fact: rejected.evidence(),
        }
    }
}

impl Refusal<'_> {
    /// Whether it names a remedy.
    pub fn names(&self, remedy: Remedy) -> bool {
        self.remedies.contains(&remedy)
    }

    /// It gives its reasons, the complaint to the authority and the judicial remedy (Art. 12(4)). Against what a public body decides,
    /// objection is open first (UAVG Art. 34); against others there is the court (UAVG Art. 35).
    pub fn is_whole_by_law(&self, public_body: Ternary) -> Finding {
        let (court, objection) = (self.names(Remedy::Court), self.names(Remedy::AwbObjection));
        let whole = self.is_whole(vec![
            (Text::new("de klacht bij de AP", "the complaint to the authority"), self.names(Remedy::Authority)),
            (Text::new("de weg naar de rechter", "the judicial remedy"), court || objection),
        ]);
        let way = match (public_body, court, objection) {
            (Ternary::True, true, false) => Finding::fail(words(
                "de weigering noemt de rechter en geen bezwaar, terwijl een besluit van een bestuursorgaan eerst voor bezwaar openstaat (UAVG 34)",
                "the refusal names the court and no objection, while against a decision of a public body objection is open first (UAVG 34)",
            )),
            (Ternary::False, false, true) => Finding::fail(words(
                "de weigering noemt bezwaar, terwijl dat alleen tegen besluiten van een bestuursorgaan openstaat (UAVG 35)",
                "the refusal names objection, which is open against decisions of public bodies only (UAVG 35)",
            )),
            (Ternary::Unknown, true, false) | (Ternary::Unknown, false, true) => Finding::warn(words(
                "of de instelling voor deze taak een bestuursorgaan is, is niet vastgelegd; daarvan hangt af of bezwaar (UAVG 34) of de rechter (UAVG 35) openstaat",
                "whether the institution is a public body for this task is not recorded; on that depends whether objection (UAVG 34) or the court (UAVG 35) is open",
            )),
            _ => idle("de weg die openstaat, is genoemd", "the way that is open is named"),
        };
        whole.and(way.by(self.fact))
    }

    /// It gives its reasons and all remedies that the policy wants named (P18 8.7).
    pub fn is_whole_by_policy(&self) -> Finding {
        self.is_whole(vec![
            (Text::new("de rechter", "the court"), self.names(Remedy::Court)),
            (Text::new("bezwaar", "objection"), self.names(Remedy::AwbObjection)),
            (Text::new("de klacht bij de AP", "the complaint to the authority"), self.names(Remedy::Authority)),
            (Text::new("de belangenorganisatie", "the interest group"), self.names(Remedy::InterestGroup)),
        ])
    }

    fn is_whole(&self, remedies: Vec<(Text, bool)>) -> Finding {
        let what = Text::new("de weigering", "the refusal");
        let reasons = [(Text::new("de motivering", "the reasons"), self.gives_reasons)];
        complete(&what, reasons.into_iter().chain(remedies)).by(self.fact)
    }
}
