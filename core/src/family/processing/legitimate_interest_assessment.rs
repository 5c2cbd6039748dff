//! Legitimate-interest assessments: interest, necessity and balancing, in that order (GDPR Art. 6(1)(f)).
//!
//! In Dutch *belangenafweging*; the balancing is its third part. The approval of an assessment that lacks a part is
//! recorded as it happened; that a part is missing is a verdict.

use crate::family::activity::Activity;
use crate::family::declare;
use crate::family::dossier::{Dated, Refusal, controllers_act, distinct, first, link};
use crate::family::kit::{Context, Family, Recorded, RejectionCode, note_anomaly};
use crate::family::value::{AdviceResponse, Document, LangText};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, StreamId};
use crate::time::PartialDate;

declare! {
    family LegitimateInterestAssessment many legitimateInterestAssessments = "belangenafweging", in register;

    /// An assessment is opened.
    event Opened as "LegitimateInterestAssessmentOpened" domain "AssessmentOpened" = "geopend" {
        subject: Erasable<LangText>? = "onderwerp" "What it is about.",
        purpose: Code? "The purpose of the activity that is to rest on it.",
        activity: StreamId? "The activity.",
    }

    /// An interest is entered in the institution's catalogue.
    event InterestCatalogueEntryAdded = "belang in catalogus opgenomen" {
        code: Code "The code by which assessments name it.",
        statement: Erasable<LangText> = "belang" "The interest.",
    }

    /// Whose interest is pursued (Art. 6(1)(f)).
    choice InterestHolder {
        Controller "The controller's.",
        ThirdParty = "derde" "A third party's.",
    }

    /// First part: the interest is identified (Art. 6(1)(f), recital 47).
    event InterestIdentified = "belang vastgesteld",
        last interest = "belang" -> Interest "First part: the interest, as last identified." {
        holder: InterestHolder? = "wiens belang" "Whose interest it is.",
        statement: Erasable<LangText> = "belang" "The interest.",
        catalogue_code: Code? = "code in de belangencatalogus" "Its code in the catalogue.",
        not_in_catalogue_because: Erasable<String>? = "waarom niet uit de catalogus" "Why it is none of the catalogue.",
        lawful: bool? = "door het recht erkend" "Whether the law recognises it.",
        real: bool? = "daadwerkelijk" "Whether it is real, not speculative.",
        present: bool? = "actueel" "Whether it exists now.",
        purely_commercial: bool? = "zuiver commercieel" "Whether it is purely commercial (CJEU C-621/22).",
        public_task: bool? = "publieke taak"
            "Whether it is one of the institution's public tasks; then the basis is closed (Art. 6(1), second"
            "subparagraph).",
    }

    /// What became of a lighter means.
    choice AlternativeOutcome {
        Rejected "It does not serve.",
        PartlyAdopted = "deels gebruikt" "It is used where it serves.",
        Adopted = "gebruikt" "It is used.",
    }

    /// A lighter means that was considered.
    record Alternative as "NecessityAlternative" {
        text: Erasable<String> = "alternatief" "The means.",
        rejected_because: Erasable<String>? = "reden van afwijzing" "Why it does not serve.",
        outcome: AlternativeOutcome? "What became of it.",
    }

    /// Second part: it is assessed whether the processing is necessary (Art. 5(1)(c), 6(1)(f)).
    event NecessityAssessed = "noodzaak getoetst",
        last necessity = "noodzakelijkheidstoets" -> Necessity "Second part: necessity, as last assessed." {
        alternatives: Vec<Alternative> = "alternatieven" "The lighter means considered.",
        proportionality: Erasable<String>? = "evenredigheid" "Why the processing is proportionate.",
        data_minimised: bool? = "niet meer gegevens dan nodig" "Whether no more data are used than needed.",
        data_categories: Vec<Code> "The categories of data that are needed.",
    }

    /// How the interests weigh against each other.
    choice BalancingOutcome {
        InFavour = "ten gunste van het belang" "The interest prevails.",
        Overridden = "belangen van betrokkenen wegen zwaarder"
            "The data subjects' interests, rights and freedoms override it.",
        InFavourWithSafeguards = "ten gunste van het belang, met waarborgen"
            "The interest prevails if the safeguards are kept.",
    }

    /// Third part: the interest is balanced against those of the data subjects (Art. 6(1)(f), recital 47).
    event InterestsBalanced = "belangen afgewogen",
        last balancing = "afweging van belangen" -> Balanced "Third part: the balancing, as last made." {
        impacts: Vec<Erasable<String>> = "gevolgen voor betrokkenen" "The impacts on data subjects.",
        reasonable_expectations: Erasable<String>? = "redelijke verwachtingen"
            "What data subjects may reasonably expect.",
        vulnerable_groups: bool? = "kwetsbare groepen" "Whether vulnerable groups are among them.",
        children: bool? = "kinderen" "Whether children are among them.",
        scale: Erasable<String>? = "omvang" "How many people and data it touches, and for how long.",
        consent_infeasible: bool? = "toestemming vragen niet haalbaar"
            "Whether asking everybody's consent is impossible or takes unreasonable effort.",
        consent_infeasible_reason: Erasable<String>? = "waarom toestemming vragen niet haalbaar is" "Why it is.",
        outcome: BalancingOutcome? "How the interests weigh.",
    }

    /// A safeguard for data subjects is adopted.
    event SafeguardAdopted = "waarborg getroffen", every safeguards = "waarborgen" "Safeguards, oldest first." {
        measure: Erasable<String> "The measure.",
        opt_out: bool? = "mogelijkheid om zich te onttrekken" "Whether it lets people opt out.",
    }

    /// The data protection officer is consulted on the assessment (Art. 38(1)).
    event DpoConsulted of crate::family::advice::DpoConsulted = "FG geraadpleegd",
        every consultations = "raadplegingen van de FG" "Consultations of the data protection officer, oldest first.";

    /// The data protection officer advises on the assessment (Art. 39(1)(a)).
    event DpoAdviceIssued of crate::family::advice::DpoAdviceIssued = "FG-advies uitgebracht",
        every advices = "adviezen van de FG" -> Advised "Advice of the data protection officer, oldest first.";

    /// The assessment is approved: the basis may be relied on from now on.
    event Approved as "LegitimateInterestAssessmentApproved" domain "AssessmentApproved" = "goedgekeurd",
        last approval = "goedkeuring" -> Approved "The last approval." {
        by: Code? "The role that approves.",
        from: PartialDate? "From when the basis may be relied on; absent: from when the fact takes effect.",
        next_review: PartialDate? "When it is to be reviewed.",
        advice_response: AdviceResponse? "What became of the officer's advice (Art. 39(1)(a)).",
        notice_reference: Code? = "kenmerk van de privacyverklaring"
            "The reference of the notice that tells people of it (Art. 13(1)(d), 14(2)(b)), as `NOT-003`.",
        document: Document? "The approved text as a document.",
    }

    /// The assessment is rejected: the basis may not be relied on.
    event Rejected as "LegitimateInterestAssessmentRejected" domain "AssessmentRejected" = "afgewezen",
        last rejection = "afwijzing" -> Rejected "The last rejection." {
        by: Code? "The role that rejects.",
        reason: Erasable<String>? "Why.",
    }

    /// A summary is published for data subjects (Art. 13(1)(d), 14(2)(b)).
    event SummaryPublished as "LegitimateInterestAssessmentSummaryPublished" domain "AssessmentSummaryPublished"
        = "samenvatting gepubliceerd", every summaries = "gepubliceerde samenvattingen"
            "Published summaries, oldest first." {
        languages: Vec<Code> "The languages in which it is offered.",
        document: Document? "The summary.",
        notice_reference: Code? = "kenmerk van de privacyverklaring" "The reference of the notice of which it is part.",
    }

    /// To whom an assessment is shown.
    choice DisclosedTo as "LegitimateInterestAssessmentDisclosedTo" {
        Subject = "betrokkene" "A data subject who asked.",
        Authority = "toezichthouder" "The supervisory authority.",
    }

    /// The assessment is shown on request (Art. 5(2), 21(4), 58(1)).
    event Disclosed as "LegitimateInterestAssessmentDisclosed" domain "AssessmentDisclosed" = "verstrekt",
        every disclosures = "verstrekkingen" "Disclosures on request, oldest first." {
        to: DisclosedTo = "verstrekt aan" "To whom.",
        requested: PartialDate? = "gevraagd op" "When it was asked for.",
        document: Document? "What was shown.",
    }

    /// What a review of the assessment found.
    choice ReviewOutcome as "LegitimateInterestAssessmentReviewOutcome" {
        Maintained "It stays in force.",
        Revised = "herziening nodig" "It has to be made and approved anew.",
        Withdrawn "It is no longer in force.",
    }

    /// The assessment is reviewed (Art. 24(1)).
    event Reviewed as "LegitimateInterestAssessmentReviewed" domain "AssessmentReviewed" = "herbeoordeeld",
        every reviews = "herbeoordelingen" "Reviews, oldest first." {
        trigger: Code? "The reference of what led to it, as `LEX-EDPB-LI`.",
        outcome: ReviewOutcome "What was found.",
        next_review: PartialDate? "When it is to be reviewed next.",
    }

    /// Another assessment takes its place.
    event Superseded as "LegitimateInterestAssessmentSuperseded" domain "AssessmentSuperseded" = "vervangen" {
        by: StreamId? = "vervangen door" "The assessment that does.",
    }

    /// The institution no longer relies on the assessment.
    event Withdrawn as "LegitimateInterestAssessmentWithdrawn" domain "AssessmentWithdrawn" = "ingetrokken" {
        reason: Erasable<String> "Why.",
    }

    /// Where an assessment stands.
    choice AssessmentStatus as "LegitimateInterestAssessmentStatus" {
        #[default] Open = "geopend" "No part of it is recorded.",
        Interest = "belang vastgesteld" "The interest is identified.",
        Necessity = "noodzaak getoetst" "Necessity is assessed.",
        Balanced = "belangen afgewogen" "Interests are balanced.",
        Advised = "FG-advies uitgebracht" "The data protection officer has advised.",
        Approved "Approved; the basis is relied on.",
        UnderReview = "in herziening" "Found to be in need of revision.",
        Rejected "Rejected.",
        Superseded "Another took its place.",
        Withdrawn "Withdrawn.",
    }

    /// A legitimate-interest assessment at one moment.
    state LegitimateInterestAssessment as "LegitimateInterestAssessmentState" of AssessmentStatus key {
        opened: PartialDate? = "geopend op" "When it was opened.",
        subject: Erasable<LangText>? = "onderwerp" "What it is about.",
        purpose: Code? key "The purpose that is to rest on it.",
        activity: StreamId? key "The activity.",
        catalogue: Vec<Dated<InterestCatalogueEntryAdded>> = "belangencatalogus"
            "The catalogue of interests, if this stream keeps it.",
        next_review: PartialDate? "When it is to be reviewed, as last set.",
        superseded: PartialDate? = "vervangen op" "When another assessment took its place.",
        superseded_by: StreamId? = "vervangen door" "The assessment that did.",
        withdrawal: Dated<Withdrawn>? = "intrekking" "The withdrawal.",
    }

    relations {
        activities: many activity theirs assessment = "verwerkingsactiviteiten"
            "The activities with a purpose that rests on it.",
        openedFor: one activity ours activity = "geopend voor"
            "The activity for which it was opened, whether or not a purpose rests on it.",
    }
}

impl Family for LegitimateInterestAssessment {
    fn admit(&self, event: &LegitimateInterestAssessmentEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use LegitimateInterestAssessmentEvent as E;
        controllers_act(context.place)?;
        match event {
            E::Opened(event) => {
                first("opened", self.opened.is_none())?;
                link("activity", Activity::NAME, &event.activity)
            }
            E::InterestCatalogueEntryAdded(event) if self.knows_interest(&event.code) => {
                let message = format!("interest {} is in this catalogue already", event.code);
                Err(Refusal::new(RejectionCode::AlreadyExists, "code", message))
            }
            E::NecessityAssessed(event) => distinct("dataCategories", &event.data_categories),
            E::SummaryPublished(_) | E::Disclosed(_) | E::Reviewed(_) | E::Superseded(_) | E::Withdrawn(_)
                if !self.begun() =>
            {
                let message = "nothing of this assessment was recorded before that moment";
                Err(Refusal::new(RejectionCode::NeverExisted, "", message))
            }
            E::Superseded(_) | E::Withdrawn(_) if self.ended() => {
                Err(Refusal::new(RejectionCode::Ended, "", "this assessment was withdrawn or superseded already"))
            }
            E::Superseded(event) => link("by", Self::NAME, &event.by),
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &LegitimateInterestAssessmentEvent, recorded: &Recorded) {
        use LegitimateInterestAssessmentEvent as E;
        let (before, ended, decision) = (self.status, self.ended(), decision(event));
        self.doubt(event, decision.is_some(), recorded);
        self.keep(event, recorded);
        self.status = match decision {
            Some(_) if ended => before,
            Some(status) => status,
            // A decision is not undone by a part made later.
            None => before.max(self.status),
        };
        match event {
            E::Opened(_) if self.opened.is_some() => {
                note_anomaly(&mut self.anomalies, recorded, "the assessment had been opened before");
            }
            E::Opened(event) => {
                self.opened = Some(recorded.effective);
                self.subject.clone_from(&event.subject);
                self.purpose.clone_from(&event.purpose);
                self.activity.clone_from(&event.activity);
            }
            E::InterestCatalogueEntryAdded(event) if self.knows_interest(&event.code) => {
                note_anomaly(&mut self.anomalies, recorded, "this interest was in the catalogue before");
            }
            E::InterestCatalogueEntryAdded(event) => self.catalogue.push(Dated::new(event, recorded)),
            E::Approved(event) => self.next_review = event.next_review,
            E::Reviewed(event) => self.next_review = event.next_review.or(self.next_review),
            E::Superseded(event) if !ended => {
                self.superseded = Some(recorded.effective);
                self.superseded_by.clone_from(&event.by);
            }
            E::Withdrawn(event) if !ended => self.withdrawal = Some(Dated::new(event, recorded)),
            _ => {}
        }
    }
}

/// Where a decision leads; `None`: the fact decides nothing.
fn decision(event: &LegitimateInterestAssessmentEvent) -> Option<AssessmentStatus> {
    use LegitimateInterestAssessmentEvent as E;
    match event {
        E::Approved(_) => Some(AssessmentStatus::Approved),
        E::Rejected(_) => Some(AssessmentStatus::Rejected),
        E::Superseded(_) => Some(AssessmentStatus::Superseded),
        E::Withdrawn(_) => Some(AssessmentStatus::Withdrawn),
        E::Reviewed(event) => match event.outcome {
            ReviewOutcome::Maintained => None,
            ReviewOutcome::Revised => Some(AssessmentStatus::UnderReview),
            ReviewOutcome::Withdrawn => Some(AssessmentStatus::Withdrawn),
        },
        _ => None,
    }
}

impl LegitimateInterestAssessment {
    fn begun(&self) -> bool {
        let parts = self.interest.is_some() || self.necessity.is_some() || self.balancing.is_some();
        let beside = !self.safeguards.is_empty() || !self.consultations.is_empty() || !self.advices.is_empty();
        let decision = self.approval.is_some() || self.rejection.is_some();
        self.opened.is_some() || parts || beside || decision
    }

    fn ended(&self) -> bool {
        matches!(self.status, AssessmentStatus::Superseded | AssessmentStatus::Withdrawn)
    }

    fn knows_interest(&self, code: &Code) -> bool {
        self.catalogue.iter().any(|known| known.fact.code == *code)
    }

    /// Notes a review or decision that cannot have been; an approval or a rejection may be the first that is known.
    fn doubt(&mut self, event: &LegitimateInterestAssessmentEvent, decides: bool, recorded: &Recorded) {
        use LegitimateInterestAssessmentEvent as E;
        let unbegun = !self.begun() && !matches!(event, E::Approved(_) | E::Rejected(_));
        let reviewed = matches!(event, E::Reviewed(_));
        let doubts = [
            (unbegun && reviewed, "an assessment was reviewed of which nothing had been recorded yet"),
            (unbegun && decides, "an assessment ended of which nothing had been recorded yet"),
            (self.ended() && decides, "the assessment had been withdrawn or superseded before"),
        ];
        for (_, message) in doubts.into_iter().filter(|(is_so, _)| *is_so) {
            note_anomaly(&mut self.anomalies, recorded, message);
        }
    }
}

#[cfg(test)]
mod tests;
