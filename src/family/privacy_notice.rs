//! Privacy notices: what people are told of the use of their data, and how and when they were told (GDPR Art. 12-14).
//!
//! The facts by which the duty to inform begins to run (data collected, obtained from others, first used) stand here
//! too, so one of them may come before any version. That a notice is *stale* is no status: a change in its activities
//! makes it so, and who sees both compares what the version in force told, and from when, with them.

use std::collections::BTreeSet;

use super::activity::LegalBasis;
use super::declare::{choice, dossier, events, filter, record};
use super::dossier::{Dated, Refusal, counted, distinct, link};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::value::Document;
use crate::ledger::erasable::Erasable;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, StreamId};
use crate::time::PartialDate;

choice! {
    /// A way by which data are collected and people are informed.
    NoticeChannel "NoticeChannel" {
        /// A page on the web.
        Web = "website",
        /// A cookie banner or preference centre.
        Banner = "cookiebanner",
        /// An application on a device.
        App = "app",
        /// A platform of social media.
        SocialMedia = "sociale media",
        /// An e-mail.
        Email = "e-mail",
        /// A letter.
        Post = "brief",
        /// A paper form.
        Paper = "papieren formulier",
        /// A sign on the spot.
        Sign = "bord ter plaatse",
        /// Spoken words at a desk or by telephone.
        Oral = "mondeling",
        /// Another way.
        Other,
    }
}

choice! {
    /// What a notice has to tell (Art. 13(1)-(3), 14(1)-(4), 26(2)).
    NoticeItem "NoticeItem" {
        /// Who the controller and its representative are, and how they are reached (Art. 13(1)(a), 14(1)(a)).
        Controller = "verwerkingsverantwoordelijke en contactgegevens",
        /// How the data protection officer is reached (Art. 13(1)(b), 14(1)(b)).
        DpoContact = "contactgegevens van de FG",
        /// The purposes (Art. 13(1)(c), 14(1)(c)).
        Purposes = "doeleinden",
        /// The legal basis of each purpose (Art. 13(1)(c), 14(1)(c)).
        LegalBasis = "grondslag",
        /// The legitimate interests pursued (Art. 13(1)(d), 14(2)(b)).
        LegitimateInterest = "gerechtvaardigd belang",
        /// The recipients or categories of them (Art. 13(1)(e), 14(1)(e)).
        Recipients = "ontvangers",
        /// The transfer to a third country and its ground (Art. 13(1)(f), 14(1)(f)).
        Transfer = "doorgifte en doorgiftegrond",
        /// How to get a copy of the safeguards, or where they can be read (Art. 13(1)(f), 14(1)(f)).
        TransferSafeguardsCopy = "inzage in de passende waarborgen",
        /// How long data are kept, or what decides it (Art. 13(2)(a), 14(2)(a)).
        Retention = "bewaartermijn",
        /// The rights of the data subject (Art. 13(2)(b), 14(2)(c)).
        Rights = "rechten van de betrokkene",
        /// The right to withdraw consent (Art. 13(2)(c), 14(2)(d)).
        Withdrawal = "recht om toestemming in te trekken",
        /// The right to complain to the supervisory authority (Art. 13(2)(d), 14(2)(e)).
        Complaint = "recht om een klacht bij de AP in te dienen",
        /// Whether statute or contract demands the data, or they are needed for a contract (Art. 13(2)(e)).
        Requirement = "wettelijke of contractuele verplichting",
        /// What follows if the data are not given (Art. 13(2)(e)).
        Consequences = "gevolgen van niet verstrekken",
        /// That decisions are automated, and their logic (Art. 13(2)(f), 14(2)(g)).
        AutomatedDecisions = "geautomatiseerde besluitvorming en logica",
        /// What automated decisions mean and bring about for the person (Art. 13(2)(f), 14(2)(g)).
        AutomatedDecisionConsequences = "gevolgen van geautomatiseerde besluitvorming",
        /// A further purpose, before the data serve it (Art. 13(3), 14(4)).
        FurtherPurpose = "verdere verwerking",
        /// The categories of data that were obtained from others (Art. 14(1)(d)).
        DataCategories = "categorieën van gegevens",
        /// Where the data come from (Art. 14(2)(f)).
        Source = "bron",
        /// The essence of the arrangement between joint controllers (Art. 26(2)).
        ArrangementEssence = "wezenlijke inhoud van de regeling",
    }
}

record! {
    /// Whether a version tells one of the things, and in which words.
    ItemContent "NoticeItemContent" "NoticeItemContentInput" {
        /// What is to be told.
        item: NoticeItem = "onderdeel",
        /// Whether the version tells it.
        present: bool = "aanwezig",
        /// SHA-256 of the words in which it does.
        sha256: Option<Hash> = "hash van de tekst",
    }
}

record! {
    /// The summary of a balancing that a version contains or points at (Art. 13(1)(d), 14(2)(b)).
    AssessmentSummary "NoticeAssessmentSummary" "NoticeAssessmentSummaryInput" {
        /// The legitimate-interest assessment.
        assessment: StreamId = "belangenafweging",
        /// SHA-256 of the summary.
        sha256: Option<Hash> = "hash van de samenvatting",
    }
}

record! {
    /// The ground of a transfer as a version tells it (Art. 13(1)(f), 14(1)(f)).
    ToldTransfer "NoticeTransferGround" "NoticeTransferGroundInput" {
        /// The transfer and its grounds.
        transfer_ground: Option<StreamId> = "doorgifte",
        /// The ground that is told, as `DPF` or `SCC`.
        ground: Option<Code> = "doorgiftegrond",
        /// The country, as `US`.
        country: Option<Code> = "land",
    }
}

record! {
    /// A version of a notice is drafted.
    VersionDrafted "NoticeVersionDrafted" "NoticeVersionDraftedInput" {
        /// The number that it will have.
        version: Option<u32>,
        /// The activities that it tells of.
        activities: Vec<StreamId>,
        /// The languages in which it is written.
        languages: Vec<Code>,
        /// What made it necessary, as a legal instrument or a decision.
        trigger: Option<Code> = "aanleiding",
        /// The draft.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A version of a notice is published (Art. 12(1), 13, 14).
    VersionPublished "NoticeVersionPublished" "NoticeVersionPublishedInput" {
        /// Its number, from 1; a changed text is a new version.
        version: u32,
        /// The activities that it tells of; none named: those of the version before.
        activities: Vec<StreamId>,
        /// The languages in which it is offered.
        languages: Vec<Code>,
        /// The channels of collection at which it is offered.
        channels: Vec<NoticeChannel> = "kanalen",
        /// For whom it is written, as `STUDENT`.
        audience: Vec<Code> = "doelgroepen",
        /// What it tells and what not (Art. 13, 14).
        items: Vec<ItemContent> = "onderdelen",
        /// Whether the right to object is told clearly and apart from all else (Art. 21(4)).
        objection_separate: Option<bool> = "recht van bezwaar apart vermeld",
        /// The legal bases that it tells; by them one sees that it is stale.
        legal_bases: Vec<LegalBasis> = "vermelde grondslagen",
        /// The recipients that it tells; by them one sees that it is stale.
        recipients: Vec<Code> = "vermelde ontvangers",
        /// The summaries of balancings that it contains or points at.
        assessment_summaries: Vec<AssessmentSummary> = "samenvattingen van belangenafwegingen",
        /// The transfer grounds that it tells.
        transfer_grounds: Vec<ToldTransfer> = "vermelde doorgiftegronden",
        /// The arrangements of joint controllers whose essence it tells (Art. 26(2)).
        arrangement_essences: Vec<StreamId> = "regelingen waarvan de wezenlijke inhoud is vermeld",
        /// Whether there is a wording for minors (Art. 12(1), recital 58).
        minors_variant: Option<bool> = "versie voor minderjarigen",
        /// The level of reading that it asks, as `B1` (Art. 12(1)).
        reading_level: Option<Code> = "taalniveau",
        /// The role that attests the level.
        reading_level_attested_by: Option<Code> = "taalniveau bevestigd door",
        /// What made it necessary, as a legal instrument or a decision.
        trigger: Option<Code> = "aanleiding",
        /// Where it can be read.
        url: Option<String> = "webadres",
        /// The notice as people see it.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// People are given the notice (Art. 13(1)); the fact holds from when they are.
    Served "NoticeServed" "NoticeServedInput" {
        /// The version.
        version: Option<u32>,
        /// The activity of which they are informed.
        activity: Option<StreamId>,
        /// By which channel.
        channel: Option<NoticeChannel> = "kanaal",
        /// The language in which they are.
        language: Option<Code>,
        /// The group of people, by a code.
        cohort: Option<Code> = "groep",
        /// How many they are; below ten the number is not recorded.
        cohort_size: Option<u32> = "omvang van de groep",
        /// The person, where it is one.
        subject: Option<Erasable<String>> = "betrokkene",
        /// Whether it is free of charge (Art. 12(5)).
        free_of_charge: Option<bool> = "kosteloos",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Data are collected from people themselves (Art. 13(1)); the fact holds from when they are.
    DataCollected "DataCollected" "DataCollectedInput" {
        /// The activity for which.
        activity: Option<StreamId>,
        /// By which channel.
        channel: Option<NoticeChannel> = "kanaal",
        /// The group of people, by a code.
        cohort: Option<Code> = "groep",
        /// How many they are; below ten the number is not recorded.
        cohort_size: Option<u32> = "omvang van de groep",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Data are obtained from somebody else than the people (Art. 14(1)).
    DataObtainedIndirectly "DataObtainedIndirectly" "DataObtainedIndirectlyInput" {
        /// The activity for which.
        activity: Option<StreamId>,
        /// The party from which they come.
        source: Option<Code> = "bron",
        /// What kind of source it is.
        source_description: Option<Erasable<String>> = "omschrijving van de bron",
        /// Whether anybody can get at the source (Art. 14(2)(f)).
        public_source: Option<bool> = "openbare bron",
        /// When they are obtained; absent: from when the fact holds.
        obtained_at: Option<PartialDate> = "verkregen op",
        /// The categories of data.
        data_categories: Vec<Code> = "categorieën van gegevens",
        /// The group of people, by a code.
        cohort: Option<Code> = "groep",
        /// How many they are; below ten the number is not recorded.
        cohort_size: Option<u32> = "omvang van de groep",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// People whose data came from somebody else are informed (Art. 14); the fact holds from when they are.
    IndirectNoticeProvided "IndirectNoticeProvided" "IndirectNoticeProvidedInput" {
        /// The version.
        version: Option<u32>,
        /// The activity of which they are informed.
        activity: Option<StreamId>,
        /// By which channel.
        channel: Option<NoticeChannel> = "kanaal",
        /// The categories of data of which they are told (Art. 14(1)(d)).
        data_categories: Vec<Code> = "vermelde categorieën van gegevens",
        /// The source of which they are told (Art. 14(2)(f)).
        source: Option<Code> = "vermelde bron",
        /// The group of people, by a code.
        cohort: Option<Code> = "groep",
        /// How many they are; below ten the number is not recorded.
        cohort_size: Option<u32> = "omvang van de groep",
        /// Whether it is free of charge (Art. 12(5)).
        free_of_charge: Option<bool> = "kosteloos",
        /// What they are sent.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Data from somebody else first serve to communicate with the people (Art. 14(3)(b)).
    FirstCommunication "FirstCommunication" "FirstCommunicationInput" {
        /// The activity for which.
        activity: Option<StreamId>,
        /// By which channel.
        channel: Option<NoticeChannel> = "kanaal",
        /// The group of people, by a code.
        cohort: Option<Code> = "groep",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Data from somebody else are first disclosed to a recipient (Art. 14(3)(c)).
    FirstDisclosure "FirstDisclosure" "FirstDisclosureInput" {
        /// The activity for which.
        activity: Option<StreamId>,
        /// The party that receives them.
        recipient: Option<Code> = "ontvanger",
        /// The group of people, by a code.
        cohort: Option<Code> = "groep",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Why people need not be informed (Art. 13(4), 14(5)).
    ExemptionGround "NoticeExemptionGround" {
        /// They have the information already; data from themselves (Art. 13(4)).
        #[serde(rename = "ART_13_4")]
        #[cfg_attr(feature = "server", graphql(name = "ART_13_4"))]
        KnownAlreadyDirect = "betrokkene is al geïnformeerd (art. 13 lid 4)",
        /// They have the information already; data from others (Art. 14(5)(a)).
        #[serde(rename = "ART_14_5_A")]
        #[cfg_attr(feature = "server", graphql(name = "ART_14_5_A"))]
        KnownAlreadyIndirect = "betrokkene is al geïnformeerd (art. 14 lid 5 onder a)",
        /// It is impossible or takes a disproportionate effort (Art. 14(5)(b)).
        #[serde(rename = "ART_14_5_B")]
        #[cfg_attr(feature = "server", graphql(name = "ART_14_5_B"))]
        DisproportionateEffort = "onmogelijk of onevenredige inspanning (art. 14 lid 5 onder b)",
        /// A statute prescribes obtaining or disclosing the data (Art. 14(5)(c)).
        #[serde(rename = "ART_14_5_C")]
        #[cfg_attr(feature = "server", graphql(name = "ART_14_5_C"))]
        LaidDownByLaw = "wettelijk voorgeschreven (art. 14 lid 5 onder c)",
        /// Professional secrecy (Art. 14(5)(d)).
        #[serde(rename = "ART_14_5_D")]
        #[cfg_attr(feature = "server", graphql(name = "ART_14_5_D"))]
        ProfessionalSecrecy = "beroepsgeheim (art. 14 lid 5 onder d)",
    }
}

record! {
    /// It is decided that people need not be informed one by one (Art. 13(4), 14(5)).
    ExemptionInvoked "NoticeExemptionInvoked" "NoticeExemptionInvokedInput" {
        /// The ground.
        ground: ExemptionGround = "uitzonderingsgrond",
        /// The activity for which.
        activity: Option<StreamId>,
        /// The group of people, by a code; absent: all of that activity.
        cohort: Option<Code> = "groep",
        /// Why the ground applies.
        reason: Option<Erasable<String>>,
        /// How the interests of people are guarded instead, as by telling the public (Art. 14(5)(b)).
        public_measure: Option<Erasable<String>> = "openbare maatregel",
        /// The role that approves it.
        approved_by: Option<Code> = "goedgekeurd door",
        /// The decision as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A version is no longer offered, and none takes its place.
    VersionWithdrawn "NoticeVersionWithdrawn" "NoticeVersionWithdrawnInput" {
        /// The version.
        version: u32,
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a privacy notice.
    PrivacyNoticeEvent "PrivacyNoticeEvent" "PrivacyNoticeEventInput",
    retracted "PrivacyNoticeRetracted" "PrivacyNoticeRetractedInput"
    {
        /// A version is drafted.
        VersionDrafted "versionDrafted" 1 "NoticeVersionDrafted" = "versie opgesteld",
        /// A version is published.
        VersionPublished "versionPublished" 1 "NoticeVersionPublished" = "versie gepubliceerd",
        /// People are given the notice.
        Served "served" 1 "NoticeServed" = "verstrekt",
        /// Data are collected from people themselves.
        DataCollected "dataCollected" 1 "DataCollected" = "gegevens verzameld",
        /// Data are obtained from somebody else.
        DataObtainedIndirectly "dataObtainedIndirectly" 1 "DataObtainedIndirectly" = "gegevens van anderen verkregen",
        /// People are informed of data from somebody else.
        IndirectNoticeProvided "indirectNoticeProvided" 1 "IndirectNoticeProvided"
            = "informatie over verkregen gegevens verstrekt",
        /// Data from somebody else first serve to communicate.
        FirstCommunication "firstCommunication" 1 "FirstCommunication" = "eerste contact",
        /// Data from somebody else are first disclosed.
        FirstDisclosure "firstDisclosure" 1 "FirstDisclosure" = "eerste verstrekking aan een ander",
        /// An exemption is invoked.
        ExemptionInvoked "exemptionInvoked" 1 "NoticeExemptionInvoked" = "uitzondering ingeroepen",
        /// A version is withdrawn.
        VersionWithdrawn "versionWithdrawn" 1 "NoticeVersionWithdrawn" = "versie ingetrokken",
    }
}

choice! {
    /// Where a notice stands; the statuses of the W3C Data Privacy Vocabulary.
    #[derive(Default)]
    NoticeStatus "PrivacyNoticeStatus" {
        /// No version is published yet.
        #[default]
        Draft = "concept",
        /// A version is offered to people.
        Published = "gepubliceerd",
        /// No version is offered any more.
        Withdrawn = "ingetrokken",
    }
}

dossier! {
    /// A privacy notice at one moment.
    PrivacyNotice "PrivacyNoticeState" follows PrivacyNoticeEvent, status NoticeStatus {
        /// Drafts, oldest first.
        drafted: every VersionDrafted,
        /// All versions so far, oldest first.
        published: every VersionPublished -> Published,
        /// When people were given it, oldest first.
        served: every Served,
        /// Collections from people themselves, oldest first.
        collected: every DataCollected,
        /// What was obtained from others, oldest first.
        obtained_indirectly: every DataObtainedIndirectly,
        /// When people were informed of data from others, oldest first.
        indirect_notices: every IndirectNoticeProvided,
        /// First communications, oldest first.
        first_communications: every FirstCommunication,
        /// First disclosures, oldest first.
        first_disclosures: every FirstDisclosure,
        /// Exemptions, oldest first.
        exemptions: every ExemptionInvoked,
        /// Withdrawals of versions, oldest first.
        withdrawn: every VersionWithdrawn needs published -> Withdrawn,
    } and {
        /// The version that people are offered now; a change in its activities after it makes it stale.
        current: Option<Dated<VersionPublished>> = "geldende versie",
        /// The activities that it tells of, and those to which other facts here belong.
        activities: Vec<StreamId>,
    }
}

filter! {
    "PrivacyNoticeFilter" {
        /// Notices of an activity.
        activity "activity": StreamId,
        /// Notices that tell a summary of an assessment.
        assessment "assessment": StreamId,
        /// Notices that tell the ground of a transfer.
        transfer_ground "transferGround": StreamId,
        /// Notices that stand so.
        status "status": NoticeStatus,
    }
}

impl Family for PrivacyNotice {
    const NAME: &'static str = "privacyNotice";
    const LABEL_NL: &'static str = "privacyverklaring";
    const GRAPHQL_NAME: &'static str = "PrivacyNotice";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = true;
    const RELATIONS: &'static [Relation] = &[
        Relation::many(
            "processingActivities",
            "verwerkingsactiviteiten",
            "activity",
            By::Ours("activity"),
            "The processing activities that it tells of.",
        ),
        Relation::many(
            "assessments",
            "belangenafwegingen",
            "legitimateInterestAssessment",
            By::Ours("assessment"),
            "The legitimate-interest assessments whose summary it tells.",
        ),
        Relation::many(
            "transferGrounds",
            "doorgiften",
            "transferGround",
            By::Ours("transferGround"),
            "The transfers whose ground it tells.",
        ),
        Relation::many(
            "arrangements",
            "regelingen van gezamenlijke verwerkingsverantwoordelijken",
            "jointControllerArrangement",
            By::Ours("arrangement"),
            "The arrangements of joint controllers whose essence it tells.",
        ),
    ];
    type Event = PrivacyNoticeEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &PrivacyNoticeEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use PrivacyNoticeEvent as E;
        self.admit_order(event)?;
        match event {
            E::VersionDrafted(event) => {
                event.version.map_or(Ok(()), |version| counted("version", version))?;
                link("activities", "activity", &event.activities)?;
                once("activities", &event.activities)?;
                distinct("languages", &event.languages)
            }
            E::VersionPublished(event) => self.admit_published(event),
            E::Served(event) => admit_told(event.version, &event.activity),
            E::DataCollected(event) => admit_told(None, &event.activity),
            E::DataObtainedIndirectly(event) => {
                admit_told(None, &event.activity)?;
                distinct("dataCategories", &event.data_categories)
            }
            E::IndirectNoticeProvided(event) => {
                admit_told(event.version, &event.activity)?;
                distinct("dataCategories", &event.data_categories)
            }
            E::FirstCommunication(event) => admit_told(None, &event.activity),
            E::FirstDisclosure(event) => admit_told(None, &event.activity),
            E::ExemptionInvoked(event) => admit_told(None, &event.activity),
            E::VersionWithdrawn(event) => self.admit_withdrawn(event.version),
            E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &PrivacyNoticeEvent, recorded: &Recorded) {
        use PrivacyNoticeEvent as E;
        let before = self.status;
        self.note_misfit(event, recorded);
        self.keep(event, recorded);
        match event {
            E::VersionPublished(event) => {
                self.current = Some(Dated::new(event, recorded));
                if !event.activities.is_empty() {
                    self.activities.clone_from(&event.activities);
                }
            }
            E::VersionWithdrawn(event) if self.offers(event.version) => self.current = None,
            // A version that another one took the place of is not what people are offered.
            E::VersionWithdrawn(_) => self.status = before,
            // What a draft will tell is not told yet.
            E::VersionDrafted(_) if self.current.is_some() => {}
            event => activities_of(event).iter().for_each(|activity| self.concern(activity)),
        }
    }

    fn keys(&self) -> Keys {
        let told = || self.current.iter().map(|current| &current.fact);
        let activities = self.activities.iter().map(|activity| ("activity", activity.to_string()));
        let summaries = told().flat_map(|told| &told.assessment_summaries);
        let transfers = told().flat_map(|told| &told.transfer_grounds).filter_map(|told| told.transfer_ground.as_ref());
        let arrangements = told().flat_map(|told| &told.arrangement_essences);
        activities
            .chain(summaries.map(|summary| ("assessment", summary.assessment.to_string())))
            .chain(transfers.map(|transfer| ("transferGround", transfer.to_string())))
            .chain(arrangements.map(|arrangement| ("arrangement", arrangement.to_string())))
            .chain([("status", key_text(&self.status))])
            .collect()
    }
}

/// A version has a number, and an activity is one; whether the version was published here is not asked, as it may have
/// been before the ledger was.
fn admit_told(version: Option<u32>, activity: &Option<StreamId>) -> Result<(), Refusal> {
    version.map_or(Ok(()), |version| counted("version", version))?;
    link("activity", "activity", activity)
}

/// The activities that a fact is about.
fn activities_of(event: &PrivacyNoticeEvent) -> &[StreamId] {
    use PrivacyNoticeEvent as E;
    match event {
        E::VersionDrafted(event) => &event.activities,
        E::VersionPublished(event) => &event.activities,
        E::Served(event) => event.activity.as_slice(),
        E::DataCollected(event) => event.activity.as_slice(),
        E::DataObtainedIndirectly(event) => event.activity.as_slice(),
        E::IndirectNoticeProvided(event) => event.activity.as_slice(),
        E::FirstCommunication(event) => event.activity.as_slice(),
        E::FirstDisclosure(event) => event.activity.as_slice(),
        E::ExemptionInvoked(event) => event.activity.as_slice(),
        E::VersionWithdrawn(_) | E::Retracted(_) => &[],
    }
}

/// Refuses two of a kind in a list of something else than codes.
fn once<T: Ord>(field: &'static str, values: impl IntoIterator<Item = T>) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    if values.into_iter().all(|value| seen.insert(value)) {
        return Ok(());
    }
    Err(Refusal::new(RejectionCode::Malformed, field, format!("something occurs twice in `{field}`; name it once")))
}

impl PrivacyNotice {
    /// Returns a version that was published, with when and by whom.
    pub fn version(&self, version: u32) -> Option<&Dated<VersionPublished>> {
        self.published.iter().find(|published| published.fact.version == version)
    }

    fn admit_published(&self, event: &VersionPublished) -> Result<(), Refusal> {
        counted("version", event.version)?;
        if self.version(event.version).is_some() {
            let message = format!("version {} is published already; a changed text is a new version", event.version);
            return Err(Refusal::new(RejectionCode::AlreadyExists, "version", message));
        }
        link("activities", "activity", &event.activities)?;
        once("activities", &event.activities)?;
        distinct("languages", &event.languages)?;
        once("channels", &event.channels)?;
        distinct("audience", &event.audience)?;
        once("items", event.items.iter().map(|content| content.item))?;
        once("legalBases", &event.legal_bases)?;
        distinct("recipients", &event.recipients)?;
        let assessments = || event.assessment_summaries.iter().map(|summary| &summary.assessment);
        link("assessmentSummaries", "legitimateInterestAssessment", assessments())?;
        once("assessmentSummaries", assessments())?;
        let transfers = event.transfer_grounds.iter().filter_map(|told| told.transfer_ground.as_ref());
        link("transferGrounds", "transferGround", transfers)?;
        link("arrangementEssences", "jointControllerArrangement", &event.arrangement_essences)?;
        once("arrangementEssences", &event.arrangement_essences)
    }

    fn admit_withdrawn(&self, version: u32) -> Result<(), Refusal> {
        if self.version(version).is_none() {
            let message = format!("version {version} of this notice was not published before that moment");
            return Err(Refusal::new(RejectionCode::NeverExisted, "version", message));
        }
        if self.withdrawn.iter().any(|withdrawn| withdrawn.fact.version == version) {
            let message = format!("version {version} of this notice is withdrawn already");
            return Err(Refusal::new(RejectionCode::Ended, "version", message));
        }
        Ok(())
    }

    fn note_misfit(&mut self, event: &PrivacyNoticeEvent, recorded: &Recorded) {
        let message = match event {
            PrivacyNoticeEvent::VersionPublished(event) if self.version(event.version).is_some() => {
                "this version had been published before"
            }
            // Where no version was published at all, the order of the facts says so.
            PrivacyNoticeEvent::VersionWithdrawn(event)
                if !self.published.is_empty() && self.admit_withdrawn(event.version).is_err() =>
            {
                "a version was withdrawn that was not offered"
            }
            _ => return,
        };
        note_anomaly(&mut self.anomalies, recorded, message);
    }

    fn offers(&self, version: u32) -> bool {
        self.current.as_ref().is_some_and(|current| current.fact.version == version)
    }

    fn concern(&mut self, activity: &StreamId) {
        if !self.activities.contains(activity) {
            self.activities.push(activity.clone());
        }
    }
}

#[cfg(test)]
mod tests;
