//! Privacy notices: what people are told of the use of their data, and how and when they were told (GDPR Art. 12-14).
//!
//! The facts by which the duty to inform begins to run (data collected, obtained from others, first used) stand here
//! too, so one of them may come before any version. That a notice is *stale* is no status: a change in its activities
//! makes it so, and who sees both compares what the version in force told, and from when, with them.

use crate::family::activity::LegalBasis;
use crate::family::declare;
use crate::family::dossier::{Dated, Refusal, counted, distinct, link, require, take_over};
use crate::family::kit::{Context, Declared as _, Family, Keys, Recorded, RejectionCode, note_anomaly, push_keys};
use crate::family::value::Document;
use crate::ledger::erasable::Erasable;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, StreamId};
use crate::time::PartialDate;

declare! {
    family PrivacyNotice many privacyNotices = "privacyverklaring", in register;

    /// A way by which data are collected and people are informed.
    choice NoticeChannel {
        Web = "website" "A page on the web.",
        Banner = "cookiebanner" "A cookie banner or preference centre.",
        App = "app" "An application on a device.",
        SocialMedia = "sociale media" "A platform of social media.",
        Email = "e-mail" "An e-mail.",
        Post = "brief" "A letter.",
        Paper = "papieren formulier" "A paper form.",
        Sign = "bord ter plaatse" "A sign on the spot.",
        Oral = "mondeling" "Spoken words at a desk or by telephone.",
        Other "Another way.",
    }

    /// What a notice has to tell (Art. 13(1)-(3), 14(1)-(4), 26(2)).
    choice NoticeItem {
        Controller = "verwerkingsverantwoordelijke en contactgegevens"
            "Who the controller and its representative are, and how they are reached (Art. 13(1)(a), 14(1)(a)).",
        DpoContact = "contactgegevens van de FG"
            "How the data protection officer is reached (Art. 13(1)(b), 14(1)(b)).",
        Purposes = "doeleinden" "The purposes (Art. 13(1)(c), 14(1)(c)).",
        LegalBasis = "grondslag" "The legal basis of each purpose (Art. 13(1)(c), 14(1)(c)).",
        LegitimateInterest = "gerechtvaardigd belang" "The legitimate interests pursued (Art. 13(1)(d), 14(2)(b)).",
        Recipients = "ontvangers" "The recipients or categories of them (Art. 13(1)(e), 14(1)(e)).",
        Transfer = "doorgifte en doorgiftegrond"
            "The transfer to a third country and its ground (Art. 13(1)(f), 14(1)(f)).",
        TransferSafeguardsCopy = "inzage in de passende waarborgen"
            "How to get a copy of the safeguards, or where they can be read (Art. 13(1)(f), 14(1)(f)).",
        Retention = "bewaartermijn" "How long data are kept, or what decides it (Art. 13(2)(a), 14(2)(a)).",
        Rights = "rechten van de betrokkene" "The rights of the data subject (Art. 13(2)(b), 14(2)(c)).",
        Withdrawal = "recht om toestemming in te trekken" "The right to withdraw consent (Art. 13(2)(c), 14(2)(d)).",
        Complaint = "recht om een klacht bij de AP in te dienen"
            "The right to complain to the supervisory authority (Art. 13(2)(d), 14(2)(e)).",
        Requirement = "wettelijke of contractuele verplichting"
            "Whether statute or contract demands the data, or they are needed for a contract (Art. 13(2)(e)).",
        Consequences = "gevolgen van niet verstrekken" "What follows if the data are not given (Art. 13(2)(e)).",
        AutomatedDecisions = "geautomatiseerde besluitvorming en logica"
            "That decisions are automated, and their logic (Art. 13(2)(f), 14(2)(g)).",
        AutomatedDecisionConsequences = "gevolgen van geautomatiseerde besluitvorming"
            "What automated decisions mean and bring about for the person (Art. 13(2)(f), 14(2)(g)).",
        FurtherPurpose = "verdere verwerking" "A further purpose, before the data serve it (Art. 13(3), 14(4)).",
        DataCategories = "categorieën van gegevens"
            "The categories of data that were obtained from others (Art. 14(1)(d)).",
        Source = "bron" "Where the data come from (Art. 14(2)(f)).",
        ArrangementEssence = "wezenlijke inhoud van de regeling"
            "The essence of the arrangement between joint controllers (Art. 26(2)).",
    }

    /// Whether a version tells one of the things, and in which words.
    record ItemContent as "NoticeItemContent" {
        item: NoticeItem = "onderdeel" "What is to be told.",
        present: bool = "aanwezig" "Whether the version tells it.",
        sha256: Hash? = "hash van de tekst" "SHA-256 of the words in which it does.",
    }

    /// The summary of a balancing that a version contains or points at (Art. 13(1)(d), 14(2)(b)).
    record AssessmentSummary as "NoticeAssessmentSummary" {
        assessment: StreamId = "belangenafweging" "The legitimate-interest assessment.",
        sha256: Hash? = "hash van de samenvatting" "SHA-256 of the summary.",
    }

    /// The ground of a transfer as a version tells it (Art. 13(1)(f), 14(1)(f)).
    record ToldTransfer as "NoticeTransferGround" {
        transfer_ground: StreamId? = "doorgifte" "The transfer and its grounds.",
        ground: Code? = "doorgiftegrond" "The ground that is told, as `DPF` or `SCC`.",
        country: Code? "The country, as `US`.",
        instrument: Code? = "rechtsinstrument" "The legal instrument that is told, as `LEX-SCC-2021`.",
    }

    /// A version of a notice is drafted.
    event VersionDrafted as "NoticeVersionDrafted" = "versie opgesteld", every drafted "Drafts, oldest first." {
        version: u32? "The number that it will have.",
        activities: Vec<StreamId> "The activities that it tells of.",
        languages: Vec<Code> "The languages in which it is written.",
        trigger: Code? "What made it necessary, as a legal instrument or a decision.",
        document: Document? "The draft.",
    }

    /// A version of a notice is published (Art. 12(1), 13, 14).
    event VersionPublished as "NoticeVersionPublished" = "versie gepubliceerd",
        every published -> Published "All versions so far, oldest first." {
        version: u32 "Its number, from 1; a changed text is a new version.",
        activities: Vec<StreamId> "The activities that it tells of; none named: those of the version before.",
        languages: Vec<Code> "The languages in which it is offered.",
        channels: Vec<NoticeChannel> = "kanalen" "The channels of collection at which it is offered.",
        audience: Vec<Code> = "doelgroepen" "For whom it is written, as `STUDENT`.",
        items: Vec<ItemContent> = "onderdelen" "What it tells and what not (Art. 13, 14).",
        objection_separate: bool? = "recht van bezwaar apart vermeld"
            "Whether the right to object is told clearly and apart from all else (Art. 21(4)).",
        legal_bases: Vec<LegalBasis> = "vermelde grondslagen"
            "The legal bases that it tells; by them one sees that it is stale.",
        recipients: Vec<Code> = "vermelde ontvangers"
            "The recipients that it tells; by them one sees that it is stale.",
        assessment_summaries: Vec<AssessmentSummary> = "samenvattingen van belangenafwegingen"
            "The summaries of balancings that it contains or points at.",
        transfer_grounds: Vec<ToldTransfer> = "vermelde doorgiftegronden" "The transfer grounds that it tells.",
        arrangement_essences: Vec<StreamId> = "regelingen waarvan de wezenlijke inhoud is vermeld"
            "The arrangements of joint controllers whose essence it tells (Art. 26(2)).",
        minors_variant: bool? = "versie voor minderjarigen"
            "Whether there is a wording for minors (Art. 12(1), recital 58).",
        reading_level: Code? = "taalniveau" "The level of reading that it asks, as `B1` (Art. 12(1)).",
        reading_level_attested_by: Code? = "taalniveau bevestigd door" "The role that attests the level.",
        trigger: Code? "What made it necessary, as a legal instrument or a decision.",
        url: String? = "webadres" "Where it can be read.",
        document: Document? "The notice as people see it.",
    }

    /// People are given the notice (Art. 13(1)); the fact holds from when they are.
    event Served as "NoticeServed" = "verstrekt", every served "When people were given it, oldest first." {
        version: u32? "The version.",
        activity: StreamId? "The activity of which they are informed.",
        channel: NoticeChannel? "By which channel.",
        language: Code? "The language in which they are.",
        cohort: Code? = "groep" "The group of people, by a code.",
        cohort_size: u32? = "omvang van de groep" "How many they are; below ten the number is not recorded.",
        subject: Erasable<String>? = "betrokkene" "The person, where it is one.",
        free_of_charge: bool? = "kosteloos" "Whether it is free of charge (Art. 12(5)).",
    }

    /// Data are collected from people themselves (Art. 13(1)); the fact holds from when they are.
    event DataCollected = "gegevens verzameld", every collected "Collections from people themselves, oldest first." {
        activity: StreamId? "The activity for which.",
        channel: NoticeChannel? "By which channel.",
        cohort: Code? = "groep" "The group of people, by a code.",
        cohort_size: u32? = "omvang van de groep" "How many they are; below ten the number is not recorded.",
    }

    /// Data are obtained from somebody else than the people (Art. 14(1)).
    event DataObtainedIndirectly = "gegevens van anderen verkregen",
        every obtained_indirectly "What was obtained from others, oldest first." {
        activity: StreamId? "The activity for which.",
        source: Code? = "bron" "The party from which they come.",
        source_description: Erasable<String>? = "omschrijving van de bron" "What kind of source it is.",
        public_source: bool? = "openbare bron" "Whether anybody can get at the source (Art. 14(2)(f)).",
        obtained_at: PartialDate? = "verkregen op" "When they are obtained; absent: from when the fact holds.",
        data_categories: Vec<Code> = "categorieën van gegevens" "The categories of data.",
        cohort: Code? = "groep" "The group of people, by a code.",
        cohort_size: u32? = "omvang van de groep" "How many they are; below ten the number is not recorded.",
    }

    /// People whose data came from somebody else are informed (Art. 14); the fact holds from when they are.
    event IndirectNoticeProvided = "informatie over verkregen gegevens verstrekt",
        every indirect_notices "When people were informed of data from others, oldest first." {
        version: u32? "The version.",
        activity: StreamId? "The activity of which they are informed.",
        channel: NoticeChannel? "By which channel.",
        data_categories: Vec<Code> = "vermelde categorieën van gegevens"
            "The categories of data of which they are told (Art. 14(1)(d)).",
        source: Code? = "vermelde bron" "The source of which they are told (Art. 14(2)(f)).",
        cohort: Code? = "groep" "The group of people, by a code.",
        cohort_size: u32? = "omvang van de groep" "How many they are; below ten the number is not recorded.",
        free_of_charge: bool? = "kosteloos" "Whether it is free of charge (Art. 12(5)).",
        document: Document? "What they are sent.",
    }

    /// Data from somebody else first serve to communicate with the people (Art. 14(3)(b)).
    event FirstCommunication = "eerste contact", every first_communications "First communications, oldest first." {
        activity: StreamId? "The activity for which.",
        channel: NoticeChannel? "By which channel.",
        cohort: Code? = "groep" "The group of people, by a code.",
    }

    /// Data from somebody else are first disclosed to a recipient (Art. 14(3)(c)).
    event FirstDisclosure = "eerste verstrekking aan een ander",
        every first_disclosures "First disclosures, oldest first." {
        activity: StreamId? "The activity for which.",
        recipient: Code? = "ontvanger" "The party that receives them.",
        cohort: Code? = "groep" "The group of people, by a code.",
    }

    /// Why people need not be informed (Art. 13(4), 14(5)).
    choice ExemptionGround as "NoticeExemptionGround" {
        KnownAlreadyDirect as "ART_13_4" = "betrokkene is al geïnformeerd (art. 13 lid 4)"
            "They have the information already; data from themselves (Art. 13(4)).",
        KnownAlreadyIndirect as "ART_14_5_A" = "betrokkene is al geïnformeerd (art. 14 lid 5 onder a)"
            "They have the information already; data from others (Art. 14(5)(a)).",
        DisproportionateEffort as "ART_14_5_B" = "onmogelijk of onevenredige inspanning (art. 14 lid 5 onder b)"
            "It is impossible or takes a disproportionate effort (Art. 14(5)(b)).",
        LaidDownByLaw as "ART_14_5_C" = "wettelijk voorgeschreven (art. 14 lid 5 onder c)"
            "A statute prescribes obtaining or disclosing the data (Art. 14(5)(c)).",
        ProfessionalSecrecy as "ART_14_5_D" = "beroepsgeheim (art. 14 lid 5 onder d)"
            "Professional secrecy (Art. 14(5)(d)).",
    }

    /// It is decided that people need not be informed one by one (Art. 13(4), 14(5)).
    event ExemptionInvoked as "NoticeExemptionInvoked" = "uitzondering ingeroepen",
        every exemptions "Exemptions, oldest first." {
        ground: ExemptionGround = "uitzonderingsgrond" "The ground.",
        activity: StreamId? "The activity for which.",
        cohort: Code? = "groep" "The group of people, by a code; absent: all of that activity.",
        reason: Erasable<String>? "Why the ground applies.",
        public_measure: Erasable<String>? = "openbare maatregel"
            "How the interests of people are guarded instead, as by telling the public (Art. 14(5)(b)).",
        approved_by: Code? = "goedgekeurd door" "The role that approves it.",
        document: Document? "The decision as a document.",
    }

    /// A version is no longer offered, and none takes its place.
    event VersionWithdrawn as "NoticeVersionWithdrawn" = "versie ingetrokken",
        every withdrawn needs published -> Withdrawn "Withdrawals of versions, oldest first." {
        version: u32 "The version.",
        reason: Erasable<String>? "Why.",
    }

    /// Where a notice stands; the statuses of the W3C Data Privacy Vocabulary.
    choice NoticeStatus as "PrivacyNoticeStatus" {
        #[default] Draft = "concept" "No version is published yet.",
        Published = "gepubliceerd" "A version is offered to people.",
        Withdrawn = "ingetrokken" "No version is offered any more.",
    }

    /// A privacy notice at one moment.
    state PrivacyNotice as "PrivacyNoticeState" of NoticeStatus key {
        current: Dated<VersionPublished>? = "geldende versie"
            "The version that people are offered now; a change in its activities after it makes it stale.",
        activities: Vec<StreamId> "The activities that it tells of, and those to which other facts here belong.",
    }

    keys {
        activity: StreamId "Notices of an activity.",
        assessment: StreamId "Notices that tell a summary of an assessment.",
        transfer_ground: StreamId "Notices that tell the ground of a transfer.",
        arrangement: StreamId "Notices that tell the essence of an arrangement.",
    }

    relations {
        processingActivities: many activity ours activity = "verwerkingsactiviteiten"
            "The processing activities that it tells of.",
        assessments: many legitimateInterestAssessment ours assessment = "belangenafwegingen"
            "The legitimate-interest assessments whose summary it tells.",
        transferGrounds: many transferGround ours transferGround = "doorgiften" "The transfers whose ground it tells.",
        arrangements: many jointControllerArrangement ours arrangement
            = "regelingen van gezamenlijke verwerkingsverantwoordelijken"
            "The arrangements of joint controllers whose essence it tells.",
    }
}

impl Family for PrivacyNotice {
    fn admit(&self, event: &PrivacyNoticeEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use PrivacyNoticeEvent as E;
        self.admit_order(event)?;
        // Whether people were told of a version that was published here is not asked: it may be older than the ledger.
        let (version, categories): (_, &[Code]) = match event {
            E::VersionDrafted(event) => return admit_drafted(event),
            E::VersionPublished(event) => return self.admit_published(event),
            E::VersionWithdrawn(event) => return self.admit_withdrawn(event.version),
            E::Served(event) => (event.version, &[]),
            E::DataObtainedIndirectly(event) => (None, &event.data_categories),
            E::IndirectNoticeProvided(event) => (event.version, &event.data_categories),
            _ => (None, &[]),
        };
        version.map_or(Ok(()), |version| counted("version", version))?;
        link("activity", "activity", activities_of(event))?;
        distinct("dataCategories", categories)
    }

    fn apply(&mut self, event: &PrivacyNoticeEvent, recorded: &Recorded) {
        use PrivacyNoticeEvent as E;
        let before = self.status;
        self.note_misfit(event, recorded);
        self.keep(event, recorded);
        match event {
            E::VersionPublished(event) => {
                self.current = Some(Dated::new(event, recorded));
                take_over!(event => self; activities);
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
        let mut keys = self.declared_keys();
        push_keys(&mut keys, "activity", &self.activities);
        let Some(Dated { fact: told, .. }) = &self.current else {
            return keys;
        };
        push_keys(&mut keys, "arrangement", &told.arrangement_essences);
        told.assessment_summaries.iter().for_each(|told| push_keys(&mut keys, "assessment", &told.assessment));
        told.transfer_grounds.iter().for_each(|told| push_keys(&mut keys, "transferGround", &told.transfer_ground));
        keys
    }
}

fn admit_drafted(event: &VersionDrafted) -> Result<(), Refusal> {
    event.version.map_or(Ok(()), |version| counted("version", version))?;
    link("activities", "activity", &event.activities)?;
    distinct("activities", &event.activities)?;
    distinct("languages", &event.languages)
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

impl PrivacyNotice {
    /// Returns a version that was published, with when and by whom.
    pub fn version(&self, version: u32) -> Option<&Dated<VersionPublished>> {
        self.published.iter().find(|published| published.fact.version == version)
    }

    fn admit_published(&self, event: &VersionPublished) -> Result<(), Refusal> {
        counted("version", event.version)?;
        let message = format!("version {} is published already; a changed text is a new version", event.version);
        require(self.version(event.version).is_none(), RejectionCode::AlreadyExists, "version", message)?;
        link("activities", "activity", &event.activities)?;
        distinct("activities", &event.activities)?;
        distinct("languages", &event.languages)?;
        distinct("channels", &event.channels)?;
        distinct("audience", &event.audience)?;
        distinct("items", event.items.iter().map(|content| &content.item))?;
        distinct("legalBases", &event.legal_bases)?;
        distinct("recipients", &event.recipients)?;
        let assessments = || event.assessment_summaries.iter().map(|summary| &summary.assessment);
        link("assessmentSummaries", "legitimateInterestAssessment", assessments())?;
        distinct("assessmentSummaries", assessments())?;
        let transfers = event.transfer_grounds.iter().filter_map(|told| told.transfer_ground.as_ref());
        link("transferGrounds", "transferGround", transfers)?;
        link("arrangementEssences", "jointControllerArrangement", &event.arrangement_essences)?;
        distinct("arrangementEssences", &event.arrangement_essences)
    }

    fn admit_withdrawn(&self, version: u32) -> Result<(), Refusal> {
        let message = format!("version {version} of this notice was not published before that moment");
        require(self.version(version).is_some(), RejectionCode::NeverExisted, "version", message)?;
        let withdrawn = self.withdrawn.iter().any(|withdrawn| withdrawn.fact.version == version);
        let message = format!("version {version} of this notice is withdrawn already");
        require(!withdrawn, RejectionCode::Ended, "version", message)
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
