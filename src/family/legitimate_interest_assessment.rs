//! Legitimate-interest assessments: interest, necessity and balancing, in that order (GDPR Art. 6(1)(f)).
//!
//! In Dutch *belangenafweging*; the balancing is its third part. The approval of an assessment that lacks a part is
//! recorded as it happened; that a part is missing is a verdict.

use super::activity::Activity;
use super::declare::{choice, events, filter, record, state};
use super::dossier::Dated;
use super::kit::{Anomaly, By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::value::{AdviceOutcome, AdviceResponse, Document, LangText};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, StreamId};
use crate::time::PartialDate;

record! {
    /// An assessment is opened.
    Opened "LegitimateInterestAssessmentOpened" "LegitimateInterestAssessmentOpenedInput" {
        /// What it is about.
        subject: Option<Erasable<LangText>> = "onderwerp",
        /// The purpose of the activity that is to rest on it.
        purpose: Option<Code>,
        /// The activity.
        activity: Option<StreamId>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// An interest is entered in the institution's catalogue.
    InterestCatalogueEntryAdded "InterestCatalogueEntryAdded" "InterestCatalogueEntryAddedInput" {
        /// The code by which assessments name it.
        code: Code,
        /// The interest.
        statement: Erasable<LangText> = "belang",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Whose interest is pursued (Art. 6(1)(f)).
    InterestHolder "InterestHolder" {
        /// The controller's.
        Controller,
        /// A third party's.
        ThirdParty = "derde",
    }
}

record! {
    /// First part: the interest is identified (Art. 6(1)(f), recital 47).
    InterestIdentified "InterestIdentified" "InterestIdentifiedInput" {
        /// Whose interest it is.
        holder: Option<InterestHolder> = "wiens belang",
        /// The interest.
        statement: Erasable<LangText> = "belang",
        /// Its code in the catalogue.
        catalogue_code: Option<Code> = "code in de belangencatalogus",
        /// Why it is none of the catalogue.
        not_in_catalogue_because: Option<Erasable<String>> = "waarom niet uit de catalogus",
        /// Whether the law recognises it.
        lawful: Option<bool> = "door het recht erkend",
        /// Whether it is real, not speculative.
        real: Option<bool> = "daadwerkelijk",
        /// Whether it exists now.
        present: Option<bool> = "actueel",
        /// Whether it is purely commercial (CJEU C-621/22).
        purely_commercial: Option<bool> = "zuiver commercieel",
        /// Whether it is one of the institution's public tasks; then the basis is closed (Art. 6(1), second subparagraph).
        public_task: Option<bool> = "publieke taak",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What became of a lighter means.
    AlternativeOutcome "AlternativeOutcome" {
        /// It does not serve.
        Rejected,
        /// It is used where it serves.
        PartlyAdopted = "deels gebruikt",
        /// It is used.
        Adopted = "gebruikt",
    }
}

record! {
    /// A lighter means that was considered.
    Alternative "NecessityAlternative" "NecessityAlternativeInput" {
        /// The means.
        text: Erasable<String> = "alternatief",
        /// Why it does not serve.
        rejected_because: Option<Erasable<String>> = "reden van afwijzing",
        /// What became of it.
        outcome: Option<AlternativeOutcome>,
    }
}

record! {
    /// Second part: it is assessed whether the processing is necessary (Art. 5(1)(c), 6(1)(f)).
    NecessityAssessed "NecessityAssessed" "NecessityAssessedInput" {
        /// The lighter means considered.
        alternatives: Vec<Alternative> = "alternatieven",
        /// Why the processing is proportionate.
        proportionality: Option<Erasable<String>> = "evenredigheid",
        /// Whether no more data are used than needed.
        data_minimised: Option<bool> = "niet meer gegevens dan nodig",
        /// The categories of data that are needed.
        data_categories: Vec<Code>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// How the interests weigh against each other.
    BalancingOutcome "BalancingOutcome" {
        /// The interest prevails.
        InFavour = "ten gunste van het belang",
        /// The data subjects' interests, rights and freedoms override it.
        Overridden = "belangen van betrokkenen wegen zwaarder",
        /// The interest prevails if the safeguards are kept.
        InFavourWithSafeguards = "ten gunste van het belang, met waarborgen",
    }
}

record! {
    /// Third part: the interest is balanced against those of the data subjects (Art. 6(1)(f), recital 47).
    InterestsBalanced "InterestsBalanced" "InterestsBalancedInput" {
        /// The impacts on data subjects.
        impacts: Vec<Erasable<String>> = "gevolgen voor betrokkenen",
        /// What data subjects may reasonably expect.
        reasonable_expectations: Option<Erasable<String>> = "redelijke verwachtingen",
        /// Whether vulnerable groups are among them.
        vulnerable_groups: Option<bool> = "kwetsbare groepen",
        /// Whether children are among them.
        children: Option<bool> = "kinderen",
        /// How many people and data it touches, and for how long.
        scale: Option<Erasable<String>> = "omvang",
        /// Whether asking everybody's consent is impossible or takes unreasonable effort.
        consent_infeasible: Option<bool> = "toestemming vragen niet haalbaar",
        /// Why it is.
        consent_infeasible_reason: Option<Erasable<String>> = "waarom toestemming vragen niet haalbaar is",
        /// How the interests weigh.
        outcome: Option<BalancingOutcome>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A safeguard for data subjects is adopted.
    SafeguardAdopted "SafeguardAdopted" "SafeguardAdoptedInput" {
        /// The measure.
        measure: Erasable<String>,
        /// Whether it lets people opt out.
        opt_out: Option<bool> = "mogelijkheid om zich te onttrekken",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The data protection officer is consulted on the assessment (Art. 38(1)).
    DpoConsulted "LegitimateInterestAssessmentDpoConsulted" "LegitimateInterestAssessmentDpoConsultedInput" {
        /// What the officer was asked.
        question: Option<Erasable<String>>,
        /// What was handed over.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The data protection officer advises on the assessment (Art. 39(1)(a)).
    DpoAdviceIssued "LegitimateInterestAssessmentDpoAdviceIssued" "LegitimateInterestAssessmentDpoAdviceIssuedInput" {
        /// How the advice turned out.
        outcome: AdviceOutcome,
        /// The advice.
        advice: Option<Erasable<String>>,
        /// The conditions under which there is no objection.
        conditions: Vec<Erasable<String>>,
        /// The advice as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The assessment is approved: the basis may be relied on from now on.
    Approved "LegitimateInterestAssessmentApproved" "LegitimateInterestAssessmentApprovedInput" {
        /// The role that approves.
        by: Option<Code>,
        /// From when the basis may be relied on; absent: from when the fact holds.
        from: Option<PartialDate>,
        /// When it is to be reviewed.
        next_review: Option<PartialDate>,
        /// What became of the officer's advice (Art. 39(1)(a)).
        advice_response: Option<AdviceResponse>,
        /// The reference of the notice that tells people of it (Art. 13(1)(d), 14(2)(b)), as `NOT-003`.
        notice_reference: Option<Code> = "kenmerk van de privacyverklaring",
        /// The approved text as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The assessment is rejected: the basis may not be relied on.
    Rejected "LegitimateInterestAssessmentRejected" "LegitimateInterestAssessmentRejectedInput" {
        /// The role that rejects.
        by: Option<Code>,
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A summary is published for data subjects (Art. 13(1)(d), 14(2)(b)).
    SummaryPublished "LegitimateInterestAssessmentSummaryPublished" "LegitimateInterestAssessmentSummaryPublishedInput" {
        /// The languages in which it is offered.
        languages: Vec<Code>,
        /// The summary.
        document: Option<Document>,
        /// The reference of the notice of which it is part.
        notice_reference: Option<Code> = "kenmerk van de privacyverklaring",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// To whom an assessment is shown.
    DisclosedTo "LegitimateInterestAssessmentDisclosedTo" {
        /// A data subject who asked.
        Subject = "betrokkene",
        /// The supervisory authority.
        Authority = "toezichthouder",
    }
}

record! {
    /// The assessment is shown on request (Art. 5(2), 21(4), 58(1)).
    Disclosed "LegitimateInterestAssessmentDisclosed" "LegitimateInterestAssessmentDisclosedInput" {
        /// To whom.
        to: DisclosedTo = "verstrekt aan",
        /// When it was asked for.
        requested: Option<PartialDate> = "gevraagd op",
        /// What was shown.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What a review of the assessment found.
    ReviewOutcome "LegitimateInterestAssessmentReviewOutcome" {
        /// It still holds.
        Maintained,
        /// It has to be made and approved anew.
        Revised = "herziening nodig",
        /// It no longer holds.
        Withdrawn,
    }
}

record! {
    /// The assessment is reviewed (Art. 24(1)).
    Reviewed "LegitimateInterestAssessmentReviewed" "LegitimateInterestAssessmentReviewedInput" {
        /// The reference of what led to it, as `LEX-EDPB-LI`.
        trigger: Option<Code>,
        /// What was found.
        outcome: ReviewOutcome,
        /// When it is to be reviewed next.
        next_review: Option<PartialDate>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Another assessment takes its place.
    Superseded "LegitimateInterestAssessmentSuperseded" "LegitimateInterestAssessmentSupersededInput" {
        /// The assessment that does.
        by: Option<StreamId> = "vervangen door",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The institution no longer relies on the assessment.
    Withdrawn "LegitimateInterestAssessmentWithdrawn" "LegitimateInterestAssessmentWithdrawnInput" {
        /// Why.
        reason: Erasable<String>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a legitimate-interest assessment.
    LegitimateInterestAssessmentEvent "LegitimateInterestAssessmentEvent" "LegitimateInterestAssessmentEventInput",
    retracted "LegitimateInterestAssessmentRetracted" "LegitimateInterestAssessmentRetractedInput"
    {
        /// It is opened.
        Opened "opened" 1 "AssessmentOpened" = "geopend",
        /// An interest is entered in the catalogue.
        InterestCatalogueEntryAdded "interestCatalogueEntryAdded" 1 "InterestCatalogueEntryAdded" = "belang in catalogus opgenomen",
        /// The interest is identified.
        InterestIdentified "interestIdentified" 1 "InterestIdentified" = "belang vastgesteld",
        /// Necessity is assessed.
        NecessityAssessed "necessityAssessed" 1 "NecessityAssessed" = "noodzaak getoetst",
        /// Interests are balanced.
        InterestsBalanced "interestsBalanced" 1 "InterestsBalanced" = "belangen afgewogen",
        /// A safeguard is adopted.
        SafeguardAdopted "safeguardAdopted" 1 "SafeguardAdopted" = "waarborg getroffen",
        /// The data protection officer is consulted.
        DpoConsulted "dpoConsulted" 1 "DpoConsulted" = "FG geraadpleegd",
        /// The data protection officer advises.
        DpoAdviceIssued "dpoAdviceIssued" 1 "DpoAdviceIssued" = "FG-advies uitgebracht",
        /// It is approved.
        Approved "approved" 1 "AssessmentApproved" = "goedgekeurd",
        /// It is rejected.
        Rejected "rejected" 1 "AssessmentRejected" = "afgewezen",
        /// A summary is published.
        SummaryPublished "summaryPublished" 1 "AssessmentSummaryPublished" = "samenvatting gepubliceerd",
        /// It is shown on request.
        Disclosed "disclosed" 1 "AssessmentDisclosed" = "verstrekt",
        /// It is reviewed.
        Reviewed "reviewed" 1 "AssessmentReviewed" = "herbeoordeeld",
        /// Another takes its place.
        Superseded "superseded" 1 "AssessmentSuperseded" = "vervangen",
        /// It is withdrawn.
        Withdrawn "withdrawn" 1 "AssessmentWithdrawn" = "ingetrokken",
    }
}

choice! {
    /// Where an assessment stands.
    #[derive(Default)]
    AssessmentStatus "LegitimateInterestAssessmentStatus" {
        /// No part of it is recorded.
        #[default]
        Open = "geopend",
        /// The interest is identified.
        Interest = "belang vastgesteld",
        /// Necessity is assessed.
        Necessity = "noodzaak getoetst",
        /// Interests are balanced.
        Balanced = "belangen afgewogen",
        /// The data protection officer has advised.
        Advised = "FG-advies uitgebracht",
        /// Approved; the basis is relied on.
        Approved,
        /// Found to be in need of revision.
        UnderReview = "in herziening",
        /// Rejected.
        Rejected,
        /// Another took its place.
        Superseded,
        /// Withdrawn.
        Withdrawn,
    }
}

state! {
    /// A legitimate-interest assessment at one moment.
    #[derive(Default)]
    LegitimateInterestAssessment "LegitimateInterestAssessmentState" {
        /// Where it stands.
        status: AssessmentStatus,
        /// When it was opened.
        opened: Option<PartialDate> = "geopend op",
        /// What it is about.
        subject: Option<Erasable<LangText>> = "onderwerp",
        /// The purpose that is to rest on it.
        purpose: Option<Code>,
        /// The activity.
        activity: Option<StreamId>,
        /// The catalogue of interests, if this stream keeps it.
        catalogue: Vec<Dated<InterestCatalogueEntryAdded>> = "belangencatalogus",
        /// First part: the interest, as last identified.
        interest: Option<Dated<InterestIdentified>> = "belang",
        /// Second part: necessity, as last assessed.
        necessity: Option<Dated<NecessityAssessed>> = "noodzakelijkheidstoets",
        /// Third part: the balancing, as last made.
        balancing: Option<Dated<InterestsBalanced>> = "afweging van belangen",
        /// Safeguards, oldest first.
        safeguards: Vec<Dated<SafeguardAdopted>> = "waarborgen",
        /// Consultations of the data protection officer, oldest first.
        consultations: Vec<Dated<DpoConsulted>> = "raadplegingen van de FG",
        /// Advice of the data protection officer, oldest first.
        advices: Vec<Dated<DpoAdviceIssued>> = "adviezen van de FG",
        /// The last approval.
        approval: Option<Dated<Approved>> = "goedkeuring",
        /// The last rejection.
        rejection: Option<Dated<Rejected>> = "afwijzing",
        /// When it is to be reviewed, as last set.
        next_review: Option<PartialDate>,
        /// Published summaries, oldest first.
        summaries: Vec<Dated<SummaryPublished>> = "gepubliceerde samenvattingen",
        /// Disclosures on request, oldest first.
        disclosures: Vec<Dated<Disclosed>> = "verstrekkingen",
        /// Reviews, oldest first.
        reviews: Vec<Dated<Reviewed>>,
        /// When another assessment took its place.
        superseded: Option<PartialDate> = "vervangen op",
        /// The assessment that did.
        superseded_by: Option<StreamId> = "vervangen door",
        /// The withdrawal.
        withdrawal: Option<Dated<Withdrawn>> = "intrekking",
        /// What does not fit.
        anomalies: Vec<Anomaly>,
    }
}

filter! {
    "LegitimateInterestAssessmentFilter" {
        /// Assessments for an activity.
        activity "activity": StreamId,
        /// Assessments for a purpose.
        purpose "purpose": Code,
        /// Assessments that stand so.
        status "status": AssessmentStatus,
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
    const NAME: &'static str = "legitimateInterestAssessment";
    const LABEL_NL: &'static str = "belangenafweging";
    const GRAPHQL_NAME: &'static str = "LegitimateInterestAssessment";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = true;
    const RELATIONS: &'static [Relation] = &[
        Relation::many(
            "activities",
            "verwerkingsactiviteiten",
            "activity",
            By::Theirs("assessment"),
            "The activities with a purpose that rests on it.",
        ),
        Relation::one(
            "openedFor",
            "geopend voor",
            "activity",
            By::Ours("activity"),
            "The activity for which it was opened, whether or not a purpose rests on it.",
        ),
    ];
    type Event = LegitimateInterestAssessmentEvent;
    type Filter = Filter;
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
