//! Annual reports on data protection: of the Board, and of the data protection officer (GDPR Art. 5(2), 38(3); policy).
//!
//! One stream is one report on one year by one of them. Units contribute; the figures are compiled from a state of the
//! ledger that is named by size and root, so that anybody can count again. Figures that do not agree with it are
//! recorded as they are: a report may be wrong.

use crate::family::audit_engagement::admit_year;
use crate::family::checkpoint_attestation::Head;
use crate::family::declare;
use crate::family::dossier::{Refusal, distinct, malformed};
use crate::family::kit::{Context, Declared, Family, Keys, Recorded, note_anomaly, push_keys};
use crate::family::value::Document;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence};
use crate::time::PartialDate;

declare! {
    family AnnualReport many annualReports = "jaarverslag gegevensbescherming";

    /// Who reports.
    choice Author as "AnnualReportAuthor" {
        Board = "college van bestuur" "The Board of the institution.",
        Dpo = "functionaris gegevensbescherming" "The data protection officer (Art. 38(3), 39(1)(b)).",
    }

    /// One number of a report.
    record Figure as "AnnualReportFigure" {
        code: Code = "grootheid" "What is counted, as `breaches`, `requests` or `open-findings`.",
        number: u32 = "aantal" "How many.",
    }

    /// A unit hands in its part.
    event ContributionSubmitted as "AnnualReportContributionSubmitted" = "bijdrage ingediend",
        every contributions "The contributions, oldest first." {
        unit: Code "The unit.",
        year: u16? = "jaar" "The year that is reported on.",
        by: Author? "Who will report.",
        figures: Vec<Figure> = "cijfers" "The figures of the unit.",
        text: Erasable<String>? = "tekst" "What the unit reports.",
        document: Document? "The contribution as a document.",
    }

    /// The report is compiled from the ledger.
    event Compiled as "AnnualReportCompiled" = "jaarverslag opgesteld",
        last compiled -> Compiled "The newest compilation." {
        year: u16? = "jaar" "The year that is reported on.",
        by: Author? "Who reports.",
        figures: Vec<Figure> = "cijfers" "The figures.",
        known: Head? = "bekend" "The state of the ledger from which they are counted.",
        cut_off: PartialDate? = "peildatum" "The moment up to which they count; absent: the end of the year.",
        document: Document? "The report as a document.",
    }

    /// The report is presented.
    event Presented as "AnnualReportPresented" = "jaarverslag aangeboden",
        every presentations -> Presented "When and to whom it was presented, oldest first." {
        year: u16? = "jaar" "The year that is reported on.",
        by: Author? "Who reports.",
        to: Vec<Code> = "aan" "To whom it is presented, as `BOARD` (Art. 38(3)) or `SUPERVISORY_BOARD`.",
        figures: Vec<Figure> = "cijfers" "The figures as they were presented.",
        document: Document? "The report as a document.",
    }

    /// The report is published.
    event Published as "AnnualReportPublished" = "jaarverslag gepubliceerd",
        last published -> Published "The newest publication." {
        year: u16? = "jaar" "The year that is reported on.",
        by: Author? "Who reports.",
        url: String? = "vindplaats" "Where it can be read.",
        document: Document? "The report as a document.",
    }

    /// Where an annual report stands.
    choice ReportStatus as "AnnualReportStatus" {
        #[default] Gathering = "bijdragen worden verzameld" "Contributions are gathered.",
        Compiled = "opgesteld" "It is compiled.",
        Presented = "aangeboden" "It is presented.",
        Published = "gepubliceerd" "It is published.",
    }

    /// An annual report at one moment.
    state AnnualReport as "AnnualReportState" of ReportStatus key {
        year: u16? = "jaar" key "The year that it reports on.",
        by: Author? key "Who reports.",
        figures: Vec<Figure> = "cijfers" "The figures as they were stated last, in a compilation or a presentation.",
        known: Head? = "bekend" "The state of the ledger from which they were counted.",
        contributors: Vec<Code> = "beheerseenheden die hebben bijgedragen" "The units that have contributed.",
    }

    keys {
        unit: Code "Reports to which a unit contributed.",
        size: Sequence "Reports compiled from a ledger of this size.",
    }

    relations {
        managementUnits: many managementUnit shared unit unit = "beheerseenheden" "The units that have contributed.",
        auditEngagements: many auditEngagement shared year year = "audits" "The audits of the same year.",
        otherReports: many annualReport shared year year = "andere jaarverslagen over dat jaar"
            "The reports on the same year: of the Board and of the officer.",
        attestations: many checkpointAttestation shared size size = "verklaringen over het grootboek"
            "What was attested about the state of the ledger from which it was compiled.",
    }
}

impl Family for AnnualReport {
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
            let message = "the stream had been the report on another year, or by another";
            note_anomaly(&mut self.anomalies, recorded, message);
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
        let mut keys = self.declared_keys();
        push_keys(&mut keys, "unit", &self.contributors);
        self.known.iter().for_each(|known| push_keys(&mut keys, "size", &known.size));
        keys
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
        if let Some((known, year)) = self.year.zip(year).filter(|(known, year)| known != year) {
            return malformed("year", format!("this stream is the report on {known}; begin a new one for {year}"));
        }
        if self.by.zip(by).is_some_and(|(known, by)| known != by) {
            return malformed("by", "this stream is of another author; the Board and the officer report separately");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
