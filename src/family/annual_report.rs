//! Annual reports on data protection: of the Board, and of the data protection officer (GDPR Art. 5(2), 38(3); policy).
//!
//! One stream is one report on one year by one of them. Units contribute; the figures are compiled from a state of the
//! ledger that is named by size and root, so that anybody can count again. Figures that do not agree with it are
//! recorded as they are: a report may be wrong.

use super::audit_engagement::admit_year;
use super::checkpoint_attestation::Head;
use super::declare::{choice, dossier, events, filter, record};
use super::dossier::{Refusal, distinct};
use super::finding::keyed;
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, note_anomaly};
use super::value::Document;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence};
use crate::time::PartialDate;

choice! {
    /// Who reports.
    Author "AnnualReportAuthor" {
        /// The Board of the institution.
        Board = "college van bestuur",
        /// The data protection officer (Art. 38(3), 39(1)(b)).
        Dpo = "functionaris gegevensbescherming",
    }
}

record! {
    /// One number of a report.
    Figure "AnnualReportFigure" "AnnualReportFigureInput" {
        /// What is counted, as `breaches`, `requests` or `open-findings`.
        code: Code = "grootheid",
        /// How many.
        number: u32 = "aantal",
    }
}

record! {
    /// A unit hands in its part.
    ContributionSubmitted "AnnualReportContributionSubmitted" "AnnualReportContributionSubmittedInput" {
        /// The unit.
        unit: Code,
        /// The year that is reported on.
        year: Option<u16> = "jaar",
        /// Who will report.
        by: Option<Author> = "door",
        /// The figures of the unit.
        figures: Vec<Figure> = "cijfers",
        /// What the unit reports.
        text: Option<Erasable<String>> = "tekst",
        /// The contribution as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The report is compiled from the ledger.
    Compiled "AnnualReportCompiled" "AnnualReportCompiledInput" {
        /// The year that is reported on.
        year: Option<u16> = "jaar",
        /// Who reports.
        by: Option<Author> = "door",
        /// The figures.
        figures: Vec<Figure> = "cijfers",
        /// The state of the ledger from which they are counted.
        known: Option<Head> = "bekend",
        /// The moment in the world up to which they count; absent: the end of the year.
        cut_off: Option<PartialDate> = "peildatum",
        /// The report as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The report is presented.
    Presented "AnnualReportPresented" "AnnualReportPresentedInput" {
        /// The year that is reported on.
        year: Option<u16> = "jaar",
        /// Who reports.
        by: Option<Author> = "door",
        /// The roles or bodies to which it is presented, as `BOARD` (Art. 38(3)) or `SUPERVISORY_BOARD`.
        to: Vec<Code> = "aan",
        /// The figures as they were presented.
        figures: Vec<Figure> = "cijfers",
        /// The report as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The report is published.
    Published "AnnualReportPublished" "AnnualReportPublishedInput" {
        /// The year that is reported on.
        year: Option<u16> = "jaar",
        /// Who reports.
        by: Option<Author> = "door",
        /// Where it can be read.
        url: Option<String> = "vindplaats",
        /// The report as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to an annual report.
    AnnualReportEvent "AnnualReportEvent" "AnnualReportEventInput",
    retracted "AnnualReportRetracted" "AnnualReportRetractedInput"
    {
        /// A unit hands in its part.
        ContributionSubmitted "contributionSubmitted" 1 "AnnualReportContributionSubmitted" = "bijdrage ingediend",
        /// The report is compiled.
        Compiled "compiled" 1 "AnnualReportCompiled" = "jaarverslag opgesteld",
        /// The report is presented.
        Presented "presented" 1 "AnnualReportPresented" = "jaarverslag aangeboden",
        /// The report is published.
        Published "published" 1 "AnnualReportPublished" = "jaarverslag gepubliceerd",
    }
}

choice! {
    /// Where an annual report stands.
    #[derive(Default)]
    ReportStatus "AnnualReportStatus" {
        /// Contributions are gathered.
        #[default]
        Gathering = "bijdragen worden verzameld",
        /// It is compiled.
        Compiled = "opgesteld",
        /// It is presented.
        Presented = "aangeboden",
        /// It is published.
        Published = "gepubliceerd",
    }
}

dossier! {
    /// An annual report at one moment.
    AnnualReport "AnnualReportState" follows AnnualReportEvent, status ReportStatus {
        /// The contributions, oldest first.
        contributions: every ContributionSubmitted,
        /// The newest compilation.
        compiled: last Compiled -> Compiled,
        /// When and to whom it was presented, oldest first.
        presentations: every Presented -> Presented,
        /// The newest publication.
        published: last Published -> Published,
    } and {
        /// The year that it reports on.
        year: Option<u16> = "jaar",
        /// Who reports.
        by: Option<Author> = "door",
        /// The figures as they were stated last, in a compilation or a presentation.
        figures: Vec<Figure> = "cijfers",
        /// The state of the ledger from which they were counted.
        known: Option<Head> = "bekend",
        /// The units that have contributed.
        contributors: Vec<Code> = "beheerseenheden die hebben bijgedragen",
    }
}

filter! {
    "AnnualReportFilter" {
        /// Reports that stand so.
        status "status": ReportStatus,
        /// Reports on a year.
        year "year": u16,
        /// Reports of the Board or of the officer.
        by "by": Author,
        /// Reports to which a unit contributed.
        unit "unit": Code,
        /// Reports compiled from a ledger of this size.
        size "size": Sequence,
    }
}

impl Family for AnnualReport {
    const NAME: &'static str = "annualReport";
    const LABEL_NL: &'static str = "jaarverslag gegevensbescherming";
    const GRAPHQL_NAME: &'static str = "AnnualReport";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = false;
    const RELATIONS: &'static [Relation] = &[
        Relation::many(
            "managementUnits",
            "beheerseenheden",
            "managementUnit",
            By::Shared("unit", "unit"),
            "The units that have contributed.",
        ),
        Relation::many(
            "auditEngagements",
            "audits",
            "auditEngagement",
            By::Shared("year", "year"),
            "The audits of the same year.",
        ),
        Relation::many(
            "otherReports",
            "andere jaarverslagen over dat jaar",
            "annualReport",
            By::Shared("year", "year"),
            "The reports on the same year: of the Board and of the officer.",
        ),
        Relation::many(
            "attestations",
            "verklaringen over het grootboek",
            "checkpointAttestation",
            By::Shared("size", "size"),
            "What was attested about the state of the ledger from which it was compiled.",
        ),
    ];
    type Event = AnnualReportEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &AnnualReportEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use AnnualReportEvent as E;
        self.admit_order(event)?;
        let (year, by) = identity(event);
        admit_year("year", year)?;
        self.admit_identity(year, by)?;
        match event {
            E::ContributionSubmitted(event) => admit_figures(&event.figures),
            E::Compiled(event) => {
                admit_figures(&event.figures)?;
                event.known.as_ref().map_or(Ok(()), |known| known.admit("known"))
            }
            E::Presented(event) => {
                admit_figures(&event.figures)?;
                distinct("to", &event.to)
            }
            E::Published(_) | E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &AnnualReportEvent, recorded: &Recorded) {
        use AnnualReportEvent as E;
        let (year, by) = identity(event);
        if self.admit_identity(year, by).is_err() {
            note_anomaly(
                &mut self.anomalies,
                recorded,
                "the stream had been the report on another year, or by another",
            );
        }
        self.year = self.year.or(year);
        self.by = self.by.or(by);
        // What was presented stays presented when it is compiled anew.
        let before = self.status;
        self.keep(event, recorded);
        self.status = self.status.max(before);
        match event {
            E::ContributionSubmitted(event) if !self.contributors.contains(&event.unit) => {
                self.contributors.push(event.unit.clone());
            }
            E::Compiled(event) => {
                self.figures.clone_from(&event.figures);
                self.known.clone_from(&event.known);
            }
            E::Presented(event) if !event.figures.is_empty() => self.figures.clone_from(&event.figures),
            _ => {}
        }
    }

    fn keys(&self) -> Keys {
        [
            keyed("year", &self.year),
            keyed("by", &self.by),
            keyed("unit", &self.contributors),
            keyed("size", self.known.iter().map(|known| &known.size)),
            keyed("status", [&self.status]),
        ]
        .concat()
    }
}

/// Reads of which report an event says it is.
fn identity(event: &AnnualReportEvent) -> (Option<u16>, Option<Author>) {
    use AnnualReportEvent as E;
    match event {
        E::ContributionSubmitted(event) => (event.year, event.by),
        E::Compiled(event) => (event.year, event.by),
        E::Presented(event) => (event.year, event.by),
        E::Published(event) => (event.year, event.by),
        E::Retracted(_) => (None, None),
    }
}

fn admit_figures(figures: &[Figure]) -> Result<(), Refusal> {
    distinct("figures", figures.iter().map(|figure| &figure.code))
}

impl AnnualReport {
    fn admit_identity(&self, year: Option<u16>, by: Option<Author>) -> Result<(), Refusal> {
        if let (Some(known), Some(year)) = (self.year, year)
            && known != year
        {
            let message = format!("this stream is the report on {known}; begin a new one for {year}");
            return Err(Refusal::new(RejectionCode::Malformed, "year", message));
        }
        if let (Some(known), Some(by)) = (self.by, by)
            && known != by
        {
            let message = "this stream is the report of another author; the Board and the officer report separately";
            return Err(Refusal::new(RejectionCode::Malformed, "by", message));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
