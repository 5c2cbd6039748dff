//! Publications: posts, campaigns and groups on platforms, who is in them on which basis, and what became of them (GDPR
//! Art. 5(1), 6, 7, 17, 21).
//!
//! Whether everybody in it agreed in time is a verdict over the consents and assessments that it names. A publication
//! is removed only when it is gone from every platform on which it was.

use super::activity::LegalBasis;
use super::declare::{choice, dossier, events, filter, record, state};
use super::dossier::{Refusal, distinct, link, not_empty};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text};
use super::value::LangText;
use crate::ledger::erasable::Erasable;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::PartialDate;

choice! {
    /// What a publication consists of.
    Category "PublicationCategory" {
        /// Text.
        Text = "tekst",
        /// Photos.
        Photo = "foto",
        /// Video.
        Video = "video",
        /// Sound.
        Audio = "geluid",
        /// A live broadcast.
        LiveStream = "livestream",
        /// A paid advert.
        Advert = "advertentie",
        /// A form by which people leave their data.
        LeadForm = "contactformulier",
        /// A group of people.
        Group = "groep",
        /// Something else.
        Other,
    }
}

record! {
    /// What was checked before a publication was approved (GDPR Art. 5(1)(d), 24(1)).
    Checklist "PublicationChecklist" "PublicationChecklistInput" {
        /// Whether the facts in it were checked.
        facts: Option<bool> = "feiten gecontroleerd",
        /// The sources it rests on.
        sources: Vec<Erasable<String>> = "bronnen",
        /// Whether the basis was checked of everybody who can be recognised in it.
        persons: Option<bool> = "grondslag per persoon gecontroleerd",
        /// Whether it is free of identifying numbers and confidential matter.
        confidentiality: Option<bool> = "vertrouwelijkheid gecontroleerd",
    }
}

record! {
    /// A publication is approved.
    Approved "PublicationApproved" "PublicationApprovedInput" {
        /// The unit that publishes it.
        unit: Option<Code>,
        /// The activity that it is part of.
        activity: Option<StreamId>,
        /// The platforms for which it is approved.
        platforms: Vec<Code> = "platforms",
        /// What was checked.
        checklist: Option<Checklist> = "controlelijst",
        /// The role in which it was approved.
        approver_role: Option<Code> = "rol van de goedkeurder",
        /// Whether people or places are pictured in it.
        contains_imagery: Option<bool> = "bevat beeldmateriaal",
        /// The image policy that was applied.
        image_policy: Option<Code> = "beeldbeleid",
        /// The version of that policy.
        image_policy_version: Option<Code> = "versie van het beeldbeleid",
        /// SHA-256 of what was approved.
        sha256: Option<Hash> = "SHA-256",
        /// Its title.
        title: Option<Erasable<LangText>> = "titel",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Somebody who can be recognised in a publication, or a group of them, and on which basis (GDPR Art. 6(1)).
    Person "PublicationPerson" "PublicationPersonInput" {
        /// The legal basis.
        basis: Option<LegalBasis> = "grondslag",
        /// The consent (GDPR Art. 6(1)(a)).
        consent: Option<StreamId> = "toestemming",
        /// The legitimate-interest assessment (GDPR Art. 6(1)(f)).
        assessment: Option<StreamId> = "belangenafweging",
        /// The purpose for which the person is shown.
        purpose: Option<Code> = "doeleinde",
        /// How many people this is about, where it is a group.
        count: Option<u32> = "aantal",
    }
}

record! {
    /// Content is published on platforms (GDPR Art. 4(2), 6(1)); the fact holds from when it went up.
    ContentPublished "ContentPublished" "ContentPublishedInput" {
        /// The unit that publishes it.
        unit: Option<Code>,
        /// The activity that it is part of.
        activity: Option<StreamId>,
        /// The platforms on which it is published.
        platforms: Vec<Code> = "platforms",
        /// The accounts from which it is published.
        accounts: Vec<StreamId> = "accounts",
        /// What it consists of.
        categories: Vec<Category> = "inhoud",
        /// The legal basis of all who can be recognised in it, where no other is given for one of them.
        basis: Option<LegalBasis> = "grondslag",
        /// Those who can be recognised in it.
        persons: Vec<Person> = "herkenbare personen",
        /// Whether people or places are pictured in it.
        contains_imagery: Option<bool> = "bevat beeldmateriaal",
        /// The image policy that was applied.
        image_policy: Option<Code> = "beeldbeleid",
        /// The version of that policy.
        image_policy_version: Option<Code> = "versie van het beeldbeleid",
        /// Whether data of the platform's users are processed with it.
        processes_user_data: Option<bool> = "verwerkt gegevens van platformgebruikers",
        /// Whether it shows an identifying number protected by law (GDPR Art. 87, UAVG Art. 46).
        contains_protected_id: Option<bool> = "bevat wettelijk beschermd nummer",
        /// Whether it shows confidential matter about people.
        contains_confidential: Option<bool> = "bevat vertrouwelijke gegevens",
        /// SHA-256 of what was published.
        sha256: Option<Hash> = "SHA-256",
        /// Where it can be found.
        locations: Vec<Erasable<String>> = "vindplaatsen",
        /// Its title.
        title: Option<Erasable<LangText>> = "titel",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Users of a platform are analysed (GDPR Art. 4(4), 6(1), Telecommunicatiewet Art. 11.7a).
    AnalyticsRunRecorded "AnalyticsRunRecorded" "AnalyticsRunRecordedInput" {
        /// Whether the data set is personal; otherwise it is aggregated.
        personal: Option<bool> = "persoonsgegevens",
        /// The activity that it is part of.
        activity: Option<StreamId>,
        /// The platform on which it is run.
        platform: Option<Code> = "platform",
        /// The system by which it is run.
        system: Option<Code> = "systeem",
        /// For which purpose.
        purpose: Option<Code> = "doeleinde",
        /// How many people are in the data set.
        size: Option<u32> = "aantal betrokkenen",
        /// The consent text under which the people in it agreed, as of a cookie banner.
        consent_text: Option<StreamId> = "toestemmingstekst",
        /// Their consents, where each is recorded.
        consents: Vec<StreamId> = "toestemmingen",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Somebody leaves data in answer to an advert (GDPR Art. 6(1)(a), 13).
    LeadCollected "LeadCollected" "LeadCollectedInput" {
        /// The campaign.
        campaign: Option<Code> = "campagne",
        /// The person.
        subject: Option<Erasable<String>> = "betrokkene",
        /// The person's consent.
        consent: Option<StreamId> = "toestemming",
        /// The activity that it is part of.
        activity: Option<StreamId>,
        /// The platform on which it was collected.
        platform: Option<Code> = "platform",
        /// For which purpose, as `follow-up`.
        purpose: Option<Code> = "doeleinde",
        /// When the person was first contacted.
        first_contact: Option<PartialDate> = "eerste contact",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Somebody is added to a group (GDPR Art. 6(1)).
    GroupMemberAdded "GroupMemberAdded" "GroupMemberAddedInput" {
        /// The group, where the publication has several.
        group: Option<Code> = "groep",
        /// The person.
        subject: Option<Erasable<String>> = "betrokkene",
        /// The legal basis.
        basis: Option<LegalBasis> = "grondslag",
        /// The person's consent.
        consent: Option<StreamId> = "toestemming",
        /// The activity that it is part of.
        activity: Option<StreamId>,
        /// The platform on which the group is.
        platform: Option<Code> = "platform",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Somebody is removed from a group; the consent or the fact that added the person says who (GDPR Art. 7(3), 17).
    GroupMemberRemoved "GroupMemberRemoved" "GroupMemberRemovedInput" {
        /// The group, where the publication has several.
        group: Option<Code> = "groep",
        /// The person.
        subject: Option<Erasable<String>> = "betrokkene",
        /// The person's consent.
        consent: Option<StreamId> = "toestemming",
        /// The fact by which the person was added.
        added: Option<Sequence> = "toegevoegd met",
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Content that was published is changed.
    ContentAmended "ContentAmended" "ContentAmendedInput" {
        /// The platforms on which it is changed; none named: everywhere.
        platforms: Vec<Code> = "platforms",
        /// What is changed.
        change: Option<Erasable<String>> = "wijziging",
        /// Those who can be recognised in it from now on; absent: the same as before.
        persons: Option<Vec<Person>> = "herkenbare personen",
        /// SHA-256 of what it is now.
        sha256: Option<Hash> = "SHA-256",
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Why content is removed.
    RemovalGround "PublicationRemovalGround" {
        /// A consent was withdrawn (GDPR Art. 7(3), 17(1)(b)).
        ConsentWithdrawn = "toestemming ingetrokken",
        /// Somebody objected (GDPR Art. 21, 17(1)(c)).
        Objection = "bezwaar",
        /// Somebody asked for erasure (GDPR Art. 17).
        ErasureRequest = "verzoek om wissing",
        /// It should not have been published (GDPR Art. 17(1)(d)).
        Unlawful = "onrechtmatig",
        /// It shows a number protected by law, or confidential matter.
        Confidential = "vertrouwelijk",
        /// It is out of date.
        Outdated = "verouderd",
        /// The platform is no longer used.
        PlatformLeft = "platform verlaten",
        /// Another reason.
        Other,
    }
}

record! {
    /// The institution removes content (GDPR Art. 7(3), 17(1)).
    ContentRemoved "ContentRemoved" "ContentRemovedInput" {
        /// The platforms from which it is removed; none named: everywhere.
        platforms: Vec<Code> = "platforms",
        /// Why it is removed.
        ground: Option<RemovalGround> = "grond",
        /// The reason in words.
        reason: Option<Erasable<String>>,
        /// The consents that were withdrawn.
        consents: Vec<StreamId> = "toestemmingen",
        /// The requests that are answered by it.
        requests: Vec<StreamId> = "verzoeken",
        /// The objections that are answered by it.
        objections: Vec<StreamId> = "bezwaren",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A platform is asked to take content down (GDPR Art. 17(2), 19).
    TakedownRequested "TakedownRequested" "TakedownRequestedInput" {
        /// The platform.
        platform: Code = "platform",
        /// What was asked, and how.
        text: Option<Erasable<String>> = "verzoek",
        /// The consents behind it.
        consents: Vec<StreamId> = "toestemmingen",
        /// The requests behind it.
        requests: Vec<StreamId> = "verzoeken",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A platform confirms that content is down.
    TakedownConfirmed "TakedownConfirmed" "TakedownConfirmedInput" {
        /// The platform.
        platform: Code = "platform",
        /// SHA-256 of the confirmation.
        sha256: Option<Hash> = "SHA-256",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A search engine or archive is asked to list content no more (GDPR Art. 17(2)).
    DelistingRequested "DelistingRequested" "DelistingRequestedInput" {
        /// The search engine or archive.
        engine: Option<Code> = "zoekmachine of archief",
        /// What was asked, and how.
        text: Option<Erasable<String>> = "verzoek",
        /// The requests behind it.
        requests: Vec<StreamId> = "verzoeken",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Direct marketing is sent (GDPR Art. 21(2), (3)).
    DirectMarketingSent "PublicationDirectMarketingSent" "PublicationDirectMarketingSentInput" {
        /// The campaign.
        campaign: Option<Code> = "campagne",
        /// The unit that sends it.
        unit: Option<Code>,
        /// The activity that it is part of.
        activity: Option<StreamId>,
        /// The platform by which it is sent.
        platform: Option<Code> = "platform",
        /// The legal basis.
        basis: Option<LegalBasis> = "grondslag",
        /// A commitment to the list of those to whom it is sent, salted so that nobody can be guessed from it.
        audience: Option<Hash> = "vastlegging van de doelgroep",
        /// To how many it is sent.
        size: Option<u32> = "omvang",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// An audience is held against the list of those who objected (GDPR Art. 21(3)).
    SuppressionChecked "PublicationSuppressionChecked" "PublicationSuppressionCheckedInput" {
        /// The list.
        list: Option<Code> = "blokkadelijst",
        /// The campaign.
        campaign: Option<Code> = "campagne",
        /// A commitment to the list of those who were checked.
        audience: Option<Hash> = "vastlegging van de doelgroep",
        /// How many were taken out.
        removed: Option<u32> = "verwijderd",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a publication.
    PublicationEvent "PublicationEvent" "PublicationEventInput",
    retracted "PublicationRetracted" "PublicationRetractedInput"
    {
        /// It is approved.
        Approved "approved" 1 "PublicationApproved" = "goedgekeurd",
        /// It is published.
        ContentPublished "contentPublished" 1 "ContentPublished" = "gepubliceerd",
        /// Users are analysed.
        AnalyticsRunRecorded "analyticsRunRecorded" 1 "AnalyticsRunRecorded" = "analyse vastgelegd",
        /// Somebody leaves data in answer to an advert.
        LeadCollected "leadCollected" 1 "LeadCollected" = "contactgegevens verzameld",
        /// Somebody is added to a group.
        GroupMemberAdded "groupMemberAdded" 1 "GroupMemberAdded" = "groepslid toegevoegd",
        /// Somebody is removed from a group.
        GroupMemberRemoved "groupMemberRemoved" 1 "GroupMemberRemoved" = "groepslid verwijderd",
        /// It is changed.
        ContentAmended "contentAmended" 1 "ContentAmended" = "gewijzigd",
        /// It is removed.
        ContentRemoved "contentRemoved" 1 "ContentRemoved" = "verwijderd",
        /// A platform is asked to take it down.
        TakedownRequested "takedownRequested" 1 "TakedownRequested" = "verwijdering door platform verzocht",
        /// A platform confirms that it is down.
        TakedownConfirmed "takedownConfirmed" 1 "TakedownConfirmed" = "verwijdering door platform bevestigd",
        /// It is asked to list it no more.
        DelistingRequested "delistingRequested" 1 "DelistingRequested" = "verwijdering uit zoekresultaten verzocht",
        /// Direct marketing is sent.
        DirectMarketingSent "directMarketingSent" 1 "DirectMarketingSent" = "direct marketing verzonden",
        /// An audience is held against the list of those who objected.
        SuppressionChecked "suppressionChecked" 1 "SuppressionChecked" = "blokkadelijst gecontroleerd",
    }
}

choice! {
    /// Where a publication stands.
    #[derive(Default)]
    PublicationStatus "PublicationStatus" {
        /// Neither approved nor published.
        #[default]
        Draft = "concept",
        /// Approved, not out.
        Approved = "goedgekeurd",
        /// Out: up on a platform, or sent.
        Published = "gepubliceerd",
        /// Gone from every platform on which it was.
        Removed = "verwijderd",
    }
}

state! {
    /// A platform on which a publication is still up.
    Presence "PublicationPresence" {
        /// The platform.
        platform: Code = "platform",
        /// Since when.
        since: PartialDate = "sinds",
        /// The fact that says so.
        sequence: Sequence,
    }
}

state! {
    /// Somebody who is in a group now.
    GroupMember "PublicationGroupMember" {
        /// The group, where the publication has several.
        group: Option<Code> = "groep",
        /// The legal basis.
        basis: Option<LegalBasis> = "grondslag",
        /// The person's consent.
        consent: Option<StreamId> = "toestemming",
        /// Since when.
        since: PartialDate = "sinds",
        /// The fact by which the person was added.
        sequence: Sequence,
    }
}

dossier! {
    /// A publication at one moment.
    Publication "PublicationState" follows PublicationEvent, status PublicationStatus {
        /// Its approvals, oldest first.
        approved: every Approved -> Approved,
        /// When and how it was published, oldest first.
        content_published: every ContentPublished -> Published,
        /// Analyses of users, oldest first.
        analytics_run_recorded: every AnalyticsRunRecorded,
        /// The leads collected, oldest first.
        lead_collected: every LeadCollected,
        /// Who was added to groups, oldest first.
        group_member_added: every GroupMemberAdded,
        /// Who was removed from groups, oldest first.
        group_member_removed: every GroupMemberRemoved,
        /// Its changes, oldest first.
        content_amended: every ContentAmended needs content_published,
        /// Its removals, oldest first.
        content_removed: every ContentRemoved needs content_published -> Removed,
        /// What platforms were asked to take down, oldest first.
        takedown_requested: every TakedownRequested,
        /// What platforms confirmed, oldest first.
        takedown_confirmed: every TakedownConfirmed needs takedown_requested,
        /// What search engines and archives were asked, oldest first.
        delisting_requested: every DelistingRequested,
        /// The direct marketing sent, oldest first.
        direct_marketing_sent: every DirectMarketingSent -> Published,
        /// Checks against the list of those who objected, oldest first.
        suppression_checked: every SuppressionChecked,
    } and {
        /// The unit that publishes it.
        unit: Option<Code>,
        /// The platforms on which it is still up, as far as recorded.
        up: Vec<Presence> = "nog zichtbaar op",
        /// The platforms that were asked to take it down and have not confirmed it.
        takedowns_open: Vec<Code> = "openstaande verwijderverzoeken",
        /// Those who are in its groups now.
        group_members: Vec<GroupMember> = "groepsleden",
    }
}

filter! {
    "PublicationFilter" {
        /// Publications of an activity.
        activity "activity": StreamId,
        /// Publications that are or were on a platform.
        platform "platform": Code,
        /// Publications that are still up on a platform.
        up_on "upOn": Code,
        /// Publications from an account.
        account "account": StreamId,
        /// Publications that rest on a consent.
        consent "consent": StreamId,
        /// Publications that rest on a legitimate-interest assessment.
        assessment "assessment": StreamId,
        /// Publications of a campaign.
        campaign "campaign": Code,
        /// Publications of a unit.
        unit "unit": Code,
        /// Publications that stand so.
        status "status": PublicationStatus,
    }
}

impl Family for Publication {
    const NAME: &'static str = "publication";
    const LABEL_NL: &'static str = "publicatie";
    const GRAPHQL_NAME: &'static str = "Publication";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = false;
    const RELATIONS: &'static [Relation] = &[
        Relation::many(
            "activities",
            "verwerkingsactiviteiten",
            "activity",
            By::Ours("activity"),
            "The processing activities that it is part of.",
        ),
        Relation::many(
            "consents",
            "toestemmingen",
            "consent",
            By::Ours("consent"),
            "The consents of those who are in it.",
        ),
        Relation::many(
            "assessments",
            "belangenafwegingen",
            "legitimateInterestAssessment",
            By::Ours("assessment"),
            "The legitimate-interest assessments that it rests on.",
        ),
        Relation::many(
            "consentTexts",
            "toestemmingsteksten",
            "consentText",
            By::Ours("consentText"),
            "The consent texts under which its users were analysed.",
        ),
        Relation::many(
            "platforms",
            "platforms",
            "platform",
            By::Shared("platform", "platform"),
            "The platforms on which it is or was.",
        ),
        Relation::many("accounts", "accounts", "account", By::Ours("account"), "The accounts from which it came."),
        Relation::many(
            "requests",
            "verzoeken",
            "dataSubjectRequest",
            By::Ours("request"),
            "The requests answered by its removal.",
        ),
        Relation::many(
            "objections",
            "bezwaren",
            "objection",
            By::Ours("objection"),
            "The objections answered by its removal.",
        ),
        Relation::many(
            "imagePolicies",
            "beeldbeleid",
            "governanceInstrument",
            By::Shared("instrument", "instrument"),
            "The image policy that was applied.",
        ),
    ];
    type Event = PublicationEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &PublicationEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use PublicationEvent as E;
        self.admit_order(event)?;
        match event {
            E::Approved(event) => {
                distinct("platforms", &event.platforms)?;
                admit_activity(event.activity.as_ref())
            }
            E::ContentPublished(event) => admit_published(event),
            E::AnalyticsRunRecorded(event) => {
                admit_activity(event.activity.as_ref())?;
                link("consentText", "consentText", &event.consent_text)?;
                link("consents", "consent", &event.consents)
            }
            E::LeadCollected(event) => {
                admit_activity(event.activity.as_ref())?;
                link("consent", "consent", &event.consent)
            }
            E::GroupMemberAdded(event) => {
                admit_activity(event.activity.as_ref())?;
                link("consent", "consent", &event.consent)
            }
            E::GroupMemberRemoved(event) => link("consent", "consent", &event.consent),
            E::ContentAmended(event) => {
                distinct("platforms", &event.platforms)?;
                admit_persons(event.persons.as_deref().unwrap_or_default())
            }
            E::ContentRemoved(event) => {
                distinct("platforms", &event.platforms)?;
                link("consents", "consent", &event.consents)?;
                link("requests", "dataSubjectRequest", &event.requests)?;
                link("objections", "objection", &event.objections)
            }
            E::TakedownRequested(event) => {
                link("consents", "consent", &event.consents)?;
                link("requests", "dataSubjectRequest", &event.requests)
            }
            E::TakedownConfirmed(event) => self.admit_confirmation(&event.platform),
            E::DelistingRequested(event) => link("requests", "dataSubjectRequest", &event.requests),
            E::DirectMarketingSent(event) => admit_activity(event.activity.as_ref()),
            E::SuppressionChecked(_) | E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &PublicationEvent, recorded: &Recorded) {
        use PublicationEvent as E;
        self.keep(event, recorded);
        match event {
            E::Approved(event) => self.belong(event.unit.as_ref()),
            E::ContentPublished(event) => {
                self.belong(event.unit.as_ref());
                self.go_up(&event.platforms, recorded);
            }
            E::GroupMemberAdded(event) => self.group_members.push(GroupMember {
                group: event.group.clone(),
                basis: event.basis,
                consent: event.consent.clone(),
                since: recorded.effective,
                sequence: recorded.sequence,
            }),
            E::GroupMemberRemoved(event) => self.leave(event),
            E::ContentRemoved(event) if event.platforms.is_empty() => self.up.clear(),
            E::ContentRemoved(event) => self.up.retain(|presence| !event.platforms.contains(&presence.platform)),
            E::TakedownRequested(event) if !self.takedowns_open.contains(&event.platform) => {
                self.takedowns_open.push(event.platform.clone());
            }
            E::TakedownConfirmed(event) => {
                self.takedowns_open.retain(|platform| *platform != event.platform);
                self.up.retain(|presence| presence.platform != event.platform);
            }
            E::DirectMarketingSent(event) => self.belong(event.unit.as_ref()),
            _ => {}
        }
        self.status = self.standing();
    }

    fn keys(&self) -> Keys {
        let mut keys = Keys::new();
        self.activities(&mut keys);
        self.platforms(&mut keys);
        self.persons(&mut keys);
        self.grounds(&mut keys);
        self.campaigns(&mut keys);
        keys.extend(self.unit.iter().map(|unit| ("unit", unit.to_string())));
        keys.push(("status", key_text(&self.status)));
        keys.sort();
        keys.dedup();
        keys
    }
}

fn admit_activity(activity: Option<&StreamId>) -> Result<(), Refusal> {
    link("activity", "activity", activity)
}

fn admit_published(event: &ContentPublished) -> Result<(), Refusal> {
    not_empty("platforms", &event.platforms)?;
    distinct("platforms", &event.platforms)?;
    admit_activity(event.activity.as_ref())?;
    link("accounts", "account", &event.accounts)?;
    admit_persons(&event.persons)
}

fn admit_persons(persons: &[Person]) -> Result<(), Refusal> {
    link("persons", "consent", persons.iter().filter_map(|person| person.consent.as_ref()))?;
    let assessments = persons.iter().filter_map(|person| person.assessment.as_ref());
    link("persons", "legitimateInterestAssessment", assessments)
}

impl Publication {
    fn admit_confirmation(&self, platform: &Code) -> Result<(), Refusal> {
        if self.takedown_requested.iter().any(|asked| asked.fact.platform == *platform) {
            return Ok(());
        }
        let message =
            format!("{platform} was not asked before that moment to take it down; record `takedownRequested` first");
        Err(Refusal::new(RejectionCode::NeverExisted, "platform", message))
    }

    fn belong(&mut self, unit: Option<&Code>) {
        self.unit = unit.cloned().or(self.unit.take());
    }

    fn go_up(&mut self, platforms: &[Code], recorded: &Recorded) {
        for platform in platforms {
            if !self.up.iter().any(|presence| presence.platform == *platform) {
                self.up.push(Presence {
                    platform: platform.clone(),
                    since: recorded.effective,
                    sequence: recorded.sequence,
                });
            }
        }
    }

    /// Takes out whom the fact names by consent or by the fact that added; one who is not known so stays.
    fn leave(&mut self, event: &GroupMemberRemoved) {
        let elsewhere = |member: &GroupMember| event.group.is_some() && member.group != event.group;
        let named = |member: &GroupMember| {
            event.added == Some(member.sequence) || (event.consent.is_some() && member.consent == event.consent)
        };
        self.group_members.retain(|member| elsewhere(member) || !named(member));
    }

    /// What is gone from one platform may be up on another; what was sent cannot be called back.
    fn standing(&self) -> PublicationStatus {
        let was_up = !self.content_published.is_empty();
        if !self.up.is_empty() || (!was_up && !self.direct_marketing_sent.is_empty()) {
            PublicationStatus::Published
        } else if was_up {
            PublicationStatus::Removed
        } else if self.approved.is_empty() {
            PublicationStatus::Draft
        } else {
            PublicationStatus::Approved
        }
    }

    fn activities(&self, keys: &mut Keys) {
        let approved = self.approved.iter().filter_map(|kept| kept.fact.activity.as_ref());
        let published = self.content_published.iter().filter_map(|kept| kept.fact.activity.as_ref());
        let analyses = self.analytics_run_recorded.iter().filter_map(|kept| kept.fact.activity.as_ref());
        let leads = self.lead_collected.iter().filter_map(|kept| kept.fact.activity.as_ref());
        let members = self.group_member_added.iter().filter_map(|kept| kept.fact.activity.as_ref());
        let sent = self.direct_marketing_sent.iter().filter_map(|kept| kept.fact.activity.as_ref());
        let all = approved.chain(published).chain(analyses).chain(leads).chain(members).chain(sent);
        keys.extend(all.map(|activity| ("activity", activity.to_string())));
    }

    /// The keys of where it is or was: platforms and accounts.
    fn platforms(&self, keys: &mut Keys) {
        let approved = self.approved.iter().flat_map(|kept| &kept.fact.platforms);
        let published = self.content_published.iter().flat_map(|kept| &kept.fact.platforms);
        let analyses = self.analytics_run_recorded.iter().filter_map(|kept| kept.fact.platform.as_ref());
        let leads = self.lead_collected.iter().filter_map(|kept| kept.fact.platform.as_ref());
        let members = self.group_member_added.iter().filter_map(|kept| kept.fact.platform.as_ref());
        let takedowns = self.takedown_requested.iter().map(|kept| &kept.fact.platform);
        let sent = self.direct_marketing_sent.iter().filter_map(|kept| kept.fact.platform.as_ref());
        let all = approved.chain(published).chain(analyses).chain(leads).chain(members).chain(takedowns).chain(sent);
        keys.extend(all.map(|platform| ("platform", platform.to_string())));
        keys.extend(self.up.iter().map(|presence| ("upOn", presence.platform.to_string())));
        let accounts = self.content_published.iter().flat_map(|kept| &kept.fact.accounts);
        keys.extend(accounts.map(|account| ("account", account.to_string())));
    }

    /// The keys of the people in it: consents and assessments.
    fn persons(&self, keys: &mut Keys) {
        let published = self.content_published.iter().flat_map(|kept| &kept.fact.persons);
        let amended = self.content_amended.iter().flat_map(|kept| kept.fact.persons.iter().flatten());
        for person in published.chain(amended) {
            keys.extend(person.consent.iter().map(|consent| ("consent", consent.to_string())));
            keys.extend(person.assessment.iter().map(|assessment| ("assessment", assessment.to_string())));
        }
        let analyses = self.analytics_run_recorded.iter().flat_map(|kept| &kept.fact.consents);
        let leads = self.lead_collected.iter().filter_map(|kept| kept.fact.consent.as_ref());
        let members = self.group_member_added.iter().filter_map(|kept| kept.fact.consent.as_ref());
        let all = analyses.chain(leads).chain(members);
        keys.extend(all.map(|consent| ("consent", consent.to_string())));
        let texts = self.analytics_run_recorded.iter().filter_map(|kept| kept.fact.consent_text.as_ref());
        keys.extend(texts.map(|text| ("consentText", text.to_string())));
    }

    /// The keys of what its removal answers, and of the policy applied.
    fn grounds(&self, keys: &mut Keys) {
        let removed = self.content_removed.iter().flat_map(|kept| &kept.fact.requests);
        let takedowns = self.takedown_requested.iter().flat_map(|kept| &kept.fact.requests);
        let delistings = self.delisting_requested.iter().flat_map(|kept| &kept.fact.requests);
        let requests = removed.chain(takedowns).chain(delistings);
        keys.extend(requests.map(|request| ("request", request.to_string())));
        let objections = self.content_removed.iter().flat_map(|kept| &kept.fact.objections);
        keys.extend(objections.map(|objection| ("objection", objection.to_string())));
        let approved = self.approved.iter().filter_map(|kept| kept.fact.image_policy.as_ref());
        let published = self.content_published.iter().filter_map(|kept| kept.fact.image_policy.as_ref());
        keys.extend(approved.chain(published).map(|policy| ("instrument", policy.to_string())));
    }

    fn campaigns(&self, keys: &mut Keys) {
        let leads = self.lead_collected.iter().filter_map(|kept| kept.fact.campaign.as_ref());
        let sent = self.direct_marketing_sent.iter().filter_map(|kept| kept.fact.campaign.as_ref());
        let checked = self.suppression_checked.iter().filter_map(|kept| kept.fact.campaign.as_ref());
        keys.extend(leads.chain(sent).chain(checked).map(|campaign| ("campaign", campaign.to_string())));
    }
}

#[cfg(test)]
mod tests;
