//! Legitimate-interest assessments: interest, necessity and balancing, in that order (GDPR Art. 6(1)(f)).
//!
//! In Dutch *belangenafweging*; the balancing is its third part. The approval of an assessment that lacks a part is
//! recorded as it happened; that a part is missing is a verdict.

use super::activity::Activity;
use super::declare;
use super::dossier::Dated;
use super::kit::{Anomaly, Context, Family, Keys, Recorded, RejectionCode, key_text, note_anomaly};
use super::value::{AdviceResponse, Document, LangText};
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
    event InterestIdentified = "belang vastgesteld" {
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
    event NecessityAssessed = "noodzaak getoetst" {
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
    event InterestsBalanced = "belangen afgewogen" {
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
    event SafeguardAdopted = "waarborg getroffen" {
        measure: Erasable<String> "The measure.",
        opt_out: bool? = "mogelijkheid om zich te onttrekken" "Whether it lets people opt out.",
    }

    /// The data protection officer is consulted on the assessment (Art. 38(1)).
    event DpoConsulted of super::advice::DpoConsulted = "FG geraadpleegd";

    /// The data protection officer advises on the assessment (Art. 39(1)(a)).
    event DpoAdviceIssued of super::advice::DpoAdviceIssued = "FG-advies uitgebracht";

    /// The assessment is approved: the basis may be relied on from now on.
    event Approved as "LegitimateInterestAssessmentApproved" domain "AssessmentApproved" = "goedgekeurd" {
        by: Code? "The role that approves.",
        from: PartialDate? "From when the basis may be relied on; absent: from when the fact holds.",
        next_review: PartialDate? "When it is to be reviewed.",
        advice_response: AdviceResponse? "What became of the officer's advice (Art. 39(1)(a)).",
        notice_reference: Code? = "kenmerk van de privacyverklaring"
            "The reference of the notice that tells people of it (Art. 13(1)(d), 14(2)(b)), as `NOT-003`.",
        document: Document? "The approved text as a document.",
    }

    /// The assessment is rejected: the basis may not be relied on.
    event Rejected as "LegitimateInterestAssessmentRejected" domain "AssessmentRejected" = "afgewezen" {
        by: Code? "The role that rejects.",
        reason: Erasable<String>? "Why.",
    }

    /// A summary is published for data subjects (Art. 13(1)(d), 14(2)(b)).
    event SummaryPublished as "LegitimateInterestAssessmentSummaryPublished" domain "AssessmentSummaryPublished" = "samenvatting gepubliceerd" {
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
    event Disclosed as "LegitimateInterestAssessmentDisclosed" domain "AssessmentDisclosed" = "verstrekt" {
        to: DisclosedTo = "verstrekt aan" "To whom.",
        requested: PartialDate? = "gevraagd op" "When it was asked for.",
        document: Document? "What was shown.",
    }

    /// What a review of the assessment found.
    choice ReviewOutcome as "LegitimateInterestAssessmentReviewOutcome" {
        Maintained "It still holds.",
        Revised = "herziening nodig" "It has to be made and approved anew.",
        Withdrawn "It no longer holds.",
    }

    /// The assessment is reviewed (Art. 24(1)).
    event Reviewed as "LegitimateInterestAssessmentReviewed" domain "AssessmentReviewed" = "herbeoordeeld" {
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
    state LegitimateInterestAssessment as "LegitimateInterestAssessmentState" {
        status: AssessmentStatus "Where it stands.",
        opened: PartialDate? = "geopend op" "When it was opened.",
        subject: Erasable<LangText>? = "onderwerp" "What it is about.",
        purpose: Code? "The purpose that is to rest on it.",
        activity: StreamId? "The activity.",
        catalogue: Vec<Dated<InterestCatalogueEntryAdded>> = "belangencatalogus"
            "The catalogue of interests, if this stream keeps it.",
        interest: Dated<InterestIdentified>? = "belang" "First part: the interest, as last identified.",
        necessity: Dated<NecessityAssessed>? = "noodzakelijkheidstoets" "Second part: necessity, as last assessed.",
        balancing: Dated<InterestsBalanced>? = "afweging van belangen" "Third part: the balancing, as last made.",
        safeguards: Vec<Dated<SafeguardAdopted>> = "waarborgen" "Safeguards, oldest first.",
        consultations: Vec<Dated<DpoConsulted>> = "raadplegingen van de FG"
            "Consultations of the data protection officer, oldest first.",
        advices: Vec<Dated<DpoAdviceIssued>> = "adviezen van de FG"
            "Advice of the data protection officer, oldest first.",
        approval: Dated<Approved>? = "goedkeuring" "The last approval.",
        rejection: Dated<Rejected>? = "afwijzing" "The last rejection.",
        next_review: PartialDate? "When it is to be reviewed, as last set.",
        summaries: Vec<Dated<SummaryPublished>> = "gepubliceerde samenvattingen" "Published summaries, oldest first.",
        disclosures: Vec<Dated<Disclosed>> = "verstrekkingen" "Disclosures on request, oldest first.",
        reviews: Vec<Dated<Reviewed>> "Reviews, oldest first.",
        superseded: PartialDate? = "vervangen op" "When another assessment took its place.",
        superseded_by: StreamId? = "vervangen door" "The assessment that did.",
        withdrawal: Dated<Withdrawn>? = "intrekking" "The withdrawal.",
        anomalies: Vec<Anomaly> "What does not fit.",
    }

    keys {
        activity: StreamId "Assessments for an activity.",
        purpose: Code "Assessments for a purpose.",
        status: AssessmentStatus "Assessments that stand so.",
    }

    relations {
        activities: many activity theirs assessment = "verwerkingsactiviteiten"
            "The activities with a purpose that rests on it.",
        openedFor: one activity ours activity = "geopend voor"
            "The activity for which it was opened, whether or not a purpose rests on it.",
    }
}

/// Why a fact about an assessment is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// Only the controller can say this.
    #[error("a data subject or representative cannot record this; the assessment is the controller's")]
    ControllersAct,
    /// A second opening.
    #[error("this assessment was opened already; use a stream of its own for another assessment")]
    AlreadyOpened,
    /// Two interests of one code.
    #[error("interest {0} is in this catalogue already")]
    InterestExists(Code),
    /// A category of data occurs twice.
    #[error("data category {0} occurs twice")]
    CategoryTwice(Code),
    /// Something is shown, reviewed or ended that never was.
    #[error("nothing of this assessment was recorded before that moment")]
    NeverAssessed,
    /// The assessment has ended.
    #[error("this assessment was withdrawn or superseded already")]
    Ended,
    /// A stream of another family stands where it cannot.
    #[error("{stream} is not a stream of the family {family}")]
    WrongFamily {
        /// The field.
        field: &'static str,
        /// The stream.
        stream: StreamId,
        /// The family that belongs there.
        family: &'static str,
    },
}

impl super::kit::Rejection for Rejection {
    fn code(&self) -> RejectionCode {
        match self {
            Self::ControllersAct => RejectionCode::NotThisActor,
            Self::AlreadyOpened | Self::InterestExists(_) => RejectionCode::AlreadyExists,
            Self::CategoryTwice(_) | Self::WrongFamily { .. } => RejectionCode::Malformed,
            Self::NeverAssessed => RejectionCode::NeverExisted,
            Self::Ended => RejectionCode::Ended,
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::InterestExists(_) => "code",
            Self::CategoryTwice(_) => "dataCategories",
            Self::WrongFamily { field, .. } => field,
            Self::ControllersAct | Self::AlreadyOpened | Self::NeverAssessed | Self::Ended => "",
        }
    }
}

impl Family for LegitimateInterestAssessment {
    type Rejection = Rejection;

    fn admit(&self, event: &LegitimateInterestAssessmentEvent, context: &Context<'_>) -> Result<(), Rejection> {
        use LegitimateInterestAssessmentEvent as E;
        if context.place.actor.is_subject() {
            return Err(Rejection::ControllersAct);
        }
        match event {
            E::Opened(_) if self.opened.is_some() => Err(Rejection::AlreadyOpened),
            E::Opened(opened) => admit_link::<Activity>("activity", &opened.activity),
            E::InterestCatalogueEntryAdded(added) => self.admit_interest(&added.code),
            E::NecessityAssessed(assessed) => admit_categories(&assessed.data_categories),
            E::SummaryPublished(_) | E::Disclosed(_) | E::Reviewed(_) | E::Superseded(_) | E::Withdrawn(_)
                if !self.begun() =>
            {
                Err(Rejection::NeverAssessed)
            }
            E::Superseded(_) | E::Withdrawn(_) if self.ended() => Err(Rejection::Ended),
            E::Superseded(superseded) => admit_link::<Self>("by", &superseded.by),
            E::InterestIdentified(_)
            | E::InterestsBalanced(_)
            | E::SafeguardAdopted(_)
            | E::DpoConsulted(_)
            | E::DpoAdviceIssued(_)
            | E::Approved(_)
            | E::Rejected(_)
            | E::SummaryPublished(_)
            | E::Disclosed(_)
            | E::Reviewed(_)
            | E::Withdrawn(_)
            | E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &LegitimateInterestAssessmentEvent, recorded: &Recorded) {
        use LegitimateInterestAssessmentEvent as E;
        match event {
            E::Opened(event) => self.open(event, recorded),
            E::InterestCatalogueEntryAdded(event) => self.add_interest(event, recorded),
            E::InterestIdentified(event) => {
                self.interest = Some(Dated::new(event, recorded));
                self.reach(AssessmentStatus::Interest);
            }
            E::NecessityAssessed(event) => {
                self.necessity = Some(Dated::new(event, recorded));
                self.reach(AssessmentStatus::Necessity);
            }
            E::InterestsBalanced(event) => {
                self.balancing = Some(Dated::new(event, recorded));
                self.reach(AssessmentStatus::Balanced);
            }
            E::SafeguardAdopted(event) => self.safeguards.push(Dated::new(event, recorded)),
            E::DpoConsulted(event) => self.consultations.push(Dated::new(event, recorded)),
            E::DpoAdviceIssued(event) => {
                self.advices.push(Dated::new(event, recorded));
                self.reach(AssessmentStatus::Advised);
            }
            E::Approved(event) => self.approve(event, recorded),
            E::Rejected(event) => {
                self.rejection = Some(Dated::new(event, recorded));
                self.decide(AssessmentStatus::Rejected, recorded);
            }
            E::SummaryPublished(event) => self.summaries.push(Dated::new(event, recorded)),
            E::Disclosed(event) => self.disclosures.push(Dated::new(event, recorded)),
            E::Reviewed(event) => self.review(event, recorded),
            E::Superseded(event) => {
                if self.decide(AssessmentStatus::Superseded, recorded) {
                    self.superseded = Some(recorded.effective);
                    self.superseded_by.clone_from(&event.by);
                }
            }
            E::Withdrawn(event) => {
                if self.decide(AssessmentStatus::Withdrawn, recorded) {
                    self.withdrawal = Some(Dated::new(event, recorded));
                }
            }
            E::Retracted(_) => {}
        }
    }

    fn keys(&self) -> Keys {
        let activity = self.activity.iter().map(|activity| ("activity", activity.to_string()));
        let purpose = self.purpose.iter().map(|purpose| ("purpose", purpose.to_string()));
        activity.chain(purpose).chain([("status", key_text(&self.status))]).collect()
    }
}

fn admit_categories(categories: &[Code]) -> Result<(), Rejection> {
    let mut seen = std::collections::BTreeSet::new();
    match categories.iter().find(|category| !seen.insert(*category)) {
        Some(category) => Err(Rejection::CategoryTwice(category.clone())),
        None => Ok(()),
    }
}

/// A linked stream is of the family that belongs there; it may be recorded later than the link.
fn admit_link<F: Family>(field: &'static str, link: &Option<StreamId>) -> Result<(), Rejection> {
    match link {
        Some(stream) if stream.family() != F::NAME => {
            Err(Rejection::WrongFamily { field, stream: stream.clone(), family: F::NAME })
        }
        _ => Ok(()),
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

    fn admit_interest(&self, code: &Code) -> Result<(), Rejection> {
        match self.catalogue.iter().any(|known| known.fact.code == *code) {
            true => Err(Rejection::InterestExists(code.clone())),
            false => Ok(()),
        }
    }

    /// Moves on to a status on the way to the decision; a decision is not undone by a part made later.
    fn reach(&mut self, status: AssessmentStatus) {
        self.status = self.status.max(status);
    }

    /// Takes a decision, unless the assessment has ended; tells whether it was taken.
    fn decide(&mut self, status: AssessmentStatus, recorded: &Recorded) -> bool {
        if !self.begun() {
            note_anomaly(&mut self.anomalies, recorded, "an assessment ended of which nothing had been recorded yet");
        }
        if self.ended() {
            note_anomaly(&mut self.anomalies, recorded, "the assessment had been withdrawn or superseded before");
            return false;
        }
        self.status = status;
        true
    }

    fn open(&mut self, event: &Opened, recorded: &Recorded) {
        if self.opened.is_some() {
            return note_anomaly(&mut self.anomalies, recorded, "the assessment had been opened before");
        }
        self.opened = Some(recorded.effective);
        self.subject.clone_from(&event.subject);
        self.purpose.clone_from(&event.purpose);
        self.activity.clone_from(&event.activity);
    }

    fn add_interest(&mut self, event: &InterestCatalogueEntryAdded, recorded: &Recorded) {
        if self.admit_interest(&event.code).is_err() {
            return note_anomaly(&mut self.anomalies, recorded, "this interest was in the catalogue before");
        }
        self.catalogue.push(Dated::new(event, recorded));
    }

    fn approve(&mut self, event: &Approved, recorded: &Recorded) {
        self.approval = Some(Dated::new(event, recorded));
        self.next_review = event.next_review;
        self.decide(AssessmentStatus::Approved, recorded);
    }

    fn review(&mut self, event: &Reviewed, recorded: &Recorded) {
        if !self.begun() {
            note_anomaly(
                &mut self.anomalies,
                recorded,
                "an assessment was reviewed of which nothing had been recorded yet",
            );
        }
        self.reviews.push(Dated::new(event, recorded));
        self.next_review = event.next_review.or(self.next_review);
        let decision = match event.outcome {
            ReviewOutcome::Maintained => return,
            ReviewOutcome::Revised => AssessmentStatus::UnderReview,
            ReviewOutcome::Withdrawn => AssessmentStatus::Withdrawn,
        };
        self.decide(decision, recorded);
    }
}

#[cfg(test)]
mod tests;
