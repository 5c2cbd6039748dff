//! Publications: posts, campaigns and groups on platforms, who is in them on which basis, and what became of them (GDPR
//! Art. 5(1), 6, 7, 17, 21).
//!
//! Whether everybody in it agreed in time is a verdict over the consents and assessments that it names. A publication
//! is removed only when it is gone from every platform on which it was.

use crate::family::activity::LegalBasis;
use crate::family::declare;
use crate::family::dossier::{Refusal, distinct, link, not_empty};
use crate::family::kit::{Context, Declared as _, Family, Keys, Recorded, RejectionCode, push_keys};
use crate::family::value::LangText;
use crate::ledger::erasable::Erasable;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::PartialDate;

declare! {
    family Publication many publications = "publicatie";

    /// What a publication consists of.
    choice Category as "PublicationCategory" {
        Text = "tekst" "Text.",
        Photo = "foto" "Photos.",
        Video = "video" "Video.",
        Audio = "geluid" "Sound.",
        LiveStream = "livestream" "A live broadcast.",
        Advert = "advertentie" "A paid advert.",
        LeadForm = "contactformulier" "A form by which people leave their data.",
        Group = "groep" "A group of people.",
        Other "Something else.",
    }

    /// What was checked before a publication was approved (GDPR Art. 5(1)(d), 24(1)).
    record Checklist as "PublicationChecklist" {
        facts: bool? = "feiten gecontroleerd" "Whether the facts in it were checked.",
        sources: Vec<Erasable<String>> = "bronnen" "The sources it rests on.",
        persons: bool? = "grondslag per persoon gecontroleerd"
            "Whether the basis was checked of everybody who can be recognised in it.",
        confidentiality: bool? = "vertrouwelijkheid gecontroleerd"
            "Whether it is free of identifying numbers and confidential matter.",
    }

    /// A publication is approved.
    event Approved as "PublicationApproved" = "goedgekeurd", every approved -> Approved "Its approvals, oldest first." {
        unit: Code? "The unit that publishes it.",
        activity: StreamId? key "The activity that it is part of.",
        platforms: Vec<Code> = "platforms" "The platforms for which it is approved.",
        checklist: Checklist? = "controlelijst" "What was checked.",
        approver_role: Code? = "rol van de goedkeurder" "The role in which it was approved.",
        contains_imagery: bool? = "bevat beeldmateriaal" "Whether people or places are pictured in it.",
        image_policy: Code? = "beeldbeleid" "The image policy that was applied.",
        image_policy_version: Code? = "versie van het beeldbeleid" "The version of that policy.",
        sha256: Hash? = "SHA-256" "SHA-256 of what was approved.",
        title: Erasable<LangText>? = "titel" "Its title.",
    }

    /// Somebody who can be recognised in a publication, or a group of them, and on which basis (GDPR Art. 6(1)).
    record Person as "PublicationPerson" {
        basis: LegalBasis? = "grondslag" "The legal basis.",
        consent: StreamId? = "toestemming" "The consent (GDPR Art. 6(1)(a)).",
        assessment: StreamId? = "belangenafweging" "The legitimate-interest assessment (GDPR Art. 6(1)(f)).",
        purpose: Code? = "doeleinde" "The purpose for which the person is shown.",
        count: u32? = "aantal" "How many people this is about, where it is a group.",
    }

    /// Content is published on platforms (GDPR Art. 4(2), 6(1)); the fact takes effect when it went up.
    event ContentPublished = "gepubliceerd",
        every content_published -> Published "When and how it was published, oldest first." {
        unit: Code? "The unit that publishes it.",
        activity: StreamId? key "The activity that it is part of.",
        platforms: Vec<Code> = "platforms" "The platforms on which it is published.",
        accounts: Vec<StreamId> = "accounts" "The accounts from which it is published.",
        categories: Vec<Category> = "inhoud" "What it consists of.",
        basis: LegalBasis? = "grondslag"
            "The legal basis of all who can be recognised in it, where no other is given for one of them.",
        persons: Vec<Person> = "herkenbare personen" "Those who can be recognised in it.",
        contains_imagery: bool? = "bevat beeldmateriaal" "Whether people or places are pictured in it.",
        image_policy: Code? = "beeldbeleid" "The image policy that was applied.",
        image_policy_version: Code? = "versie van het beeldbeleid" "The version of that policy.",
        processes_user_data: bool? = "verwerkt gegevens van platformgebruikers"
            "Whether data of the platform's users are processed with it.",
        contains_protected_id: bool? = "bevat wettelijk beschermd nummer"
            "Whether it shows an identifying number protected by law (GDPR Art. 87, UAVG Art. 46).",
        contains_confidential: bool? = "bevat vertrouwelijke gegevens"
            "Whether it shows confidential matter about people.",
        sha256: Hash? = "SHA-256" "SHA-256 of what was published.",
        locations: Vec<Erasable<String>> = "vindplaatsen" "Where it can be found.",
        title: Erasable<LangText>? = "titel" "Its title.",
    }

    /// Users of a platform are analysed (GDPR Art. 4(4), 6(1), Telecommunicatiewet Art. 11.7a).
    event AnalyticsRunRecorded = "analyse vastgelegd", every analytics_run_recorded "Analyses of users, oldest first." {
        personal: bool? = "persoonsgegevens" "Whether the data set is personal; otherwise it is aggregated.",
        activity: StreamId? key "The activity that it is part of.",
        platform: Code? = "platform" key "The platform on which it is run.",
        system: Code? = "systeem" "The system by which it is run.",
        purpose: Code? = "doeleinde" "For which purpose.",
        size: u32? = "aantal betrokkenen" "How many people are in the data set.",
        consent_text: StreamId? = "toestemmingstekst" key
            "The consent text under which the people in it agreed, as of a cookie banner.",
        consents: Vec<StreamId> = "toestemmingen" "Their consents, where each is recorded.",
    }

    /// Somebody leaves data in answer to an advert (GDPR Art. 6(1)(a), 13).
    event LeadCollected = "contactgegevens verzameld", every lead_collected "The leads collected, oldest first." {
        campaign: Code? = "campagne" key "The campaign.",
        subject: Erasable<String>? = "betrokkene" "The person.",
        consent: StreamId? = "toestemming" key "The person's consent.",
        activity: StreamId? key "The activity that it is part of.",
        platform: Code? = "platform" key "The platform on which it was collected.",
        purpose: Code? = "doeleinde" "For which purpose, as `follow-up`.",
        first_contact: PartialDate? = "eerste contact" "When the person was first contacted.",
    }

    /// Somebody is added to a group (GDPR Art. 6(1)).
    event GroupMemberAdded = "groepslid toegevoegd", every group_member_added "Who was added to groups, oldest first." {
        group: Code? = "groep" "The group, where the publication has several.",
        subject: Erasable<String>? = "betrokkene" "The person.",
        basis: LegalBasis? = "grondslag" "The legal basis.",
        consent: StreamId? = "toestemming" key "The person's consent.",
        activity: StreamId? key "The activity that it is part of.",
        platform: Code? = "platform" key "The platform on which the group is.",
    }

    /// Somebody is removed from a group; the consent or the fact that added the person says who (GDPR Art. 7(3), 17).
    event GroupMemberRemoved = "groepslid verwijderd",
        every group_member_removed "Who was removed from groups, oldest first." {
        group: Code? = "groep" "The group, where the publication has several.",
        subject: Erasable<String>? = "betrokkene" "The person.",
        consent: StreamId? = "toestemming" "The person's consent.",
        added: Sequence? = "toegevoegd met" "The fact by which the person was added.",
        reason: Erasable<String>? "Why.",
    }

    /// Content that was published is changed.
    event ContentAmended = "gewijzigd", every content_amended needs content_published "Its changes, oldest first." {
        platforms: Vec<Code> = "platforms" "The platforms on which it is changed; none named: everywhere.",
        change: Erasable<String>? = "wijziging" "What is changed.",
        persons: Vec<Person>? = "herkenbare personen"
            "Those who can be recognised in it from now on; absent: the same as before.",
        sha256: Hash? = "SHA-256" "SHA-256 of what it is now.",
        reason: Erasable<String>? "Why.",
    }

    /// Why content is removed.
    choice RemovalGround as "PublicationRemovalGround" {
        ConsentWithdrawn = "toestemming ingetrokken" "A consent was withdrawn (GDPR Art. 7(3), 17(1)(b)).",
        Objection = "bezwaar" "Somebody objected (GDPR Art. 21, 17(1)(c)).",
        ErasureRequest = "verzoek om wissing" "Somebody asked for erasure (GDPR Art. 17).",
        Unlawful = "onrechtmatig" "It should not have been published (GDPR Art. 17(1)(d)).",
        Confidential = "vertrouwelijk" "It shows a number protected by law, or confidential matter.",
        Outdated = "verouderd" "It is out of date.",
        PlatformLeft = "platform verlaten" "The platform is no longer used.",
        Other "Another reason.",
    }

    /// The institution removes content (GDPR Art. 7(3), 17(1)).
    event ContentRemoved = "verwijderd",
        every content_removed needs content_published -> Removed "Its removals, oldest first." {
        platforms: Vec<Code> = "platforms" "The platforms from which it is removed; none named: everywhere.",
        ground: RemovalGround? = "grond" "Why it is removed.",
        reason: Erasable<String>? "The reason in words.",
        consents: Vec<StreamId> = "toestemmingen" "The consents that were withdrawn.",
        requests: Vec<StreamId> = "verzoeken" "The requests that are answered by it.",
        objections: Vec<StreamId> = "bezwaren" "The objections that are answered by it.",
    }

    /// A platform is asked to take content down (GDPR Art. 17(2), 19).
    event TakedownRequested = "verwijdering door platform verzocht",
        every takedown_requested "What platforms were asked to take down, oldest first." {
        platform: Code = "platform" key "The platform.",
        text: Erasable<String>? = "verzoek" "What was asked, and how.",
        consents: Vec<StreamId> = "toestemmingen" "The consents behind it.",
        requests: Vec<StreamId> = "verzoeken" "The requests behind it.",
    }

    /// A platform confirms that content is down.
    event TakedownConfirmed = "verwijdering door platform bevestigd",
        every takedown_confirmed needs takedown_requested "What platforms confirmed, oldest first." {
        platform: Code = "platform" "The platform.",
        sha256: Hash? = "SHA-256" "SHA-256 of the confirmation.",
    }

    /// A search engine or archive is asked to list content no more (GDPR Art. 17(2)).
    event DelistingRequested = "verwijdering uit zoekresultaten verzocht",
        every delisting_requested "What search engines and archives were asked, oldest first." {
        engine: Code? = "zoekmachine of archief" "The search engine or archive.",
        text: Erasable<String>? = "verzoek" "What was asked, and how.",
        requests: Vec<StreamId> = "verzoeken" "The requests behind it.",
    }

    /// Direct marketing is sent (GDPR Art. 21(2), (3)).
    event DirectMarketingSent as "PublicationDirectMarketingSent" domain "DirectMarketingSent"
        = "direct marketing verzonden",
        every direct_marketing_sent -> Published "The direct marketing sent, oldest first." {
        campaign: Code? = "campagne" key "The campaign.",
        unit: Code? "The unit that sends it.",
        activity: StreamId? key "The activity that it is part of.",
        platform: Code? = "platform" key "The platform by which it is sent.",
        basis: LegalBasis? = "grondslag" "The legal basis.",
        audience: Hash? = "vastlegging van de doelgroep"
            "A commitment to the list of those to whom it is sent, salted so that nobody can be guessed from it.",
        size: u32? = "omvang" "To how many it is sent.",
    }

    /// An audience is held against the list of those who objected (GDPR Art. 21(3)).
    event SuppressionChecked as "PublicationSuppressionChecked" domain "SuppressionChecked"
        = "blokkadelijst gecontroleerd",
        every suppression_checked "Checks against the list of those who objected, oldest first." {
        list: Code? = "blokkadelijst" "The list.",
        campaign: Code? = "campagne" key "The campaign.",
        audience: Hash? = "vastlegging van de doelgroep" "A commitment to the list of those who were checked.",
        removed: u32? = "verwijderd" "How many were taken out.",
    }

    /// Where a publication stands.
    choice PublicationStatus {
        #[default] Draft = "concept" "Neither approved nor published.",
        Approved = "goedgekeurd" "Approved, not out.",
        Published = "gepubliceerd" "Out: up on a platform, or sent.",
        Removed = "verwijderd" "Gone from every platform on which it was.",
    }

    /// A platform on which a publication is still up.
    record Presence as "PublicationPresence" {
        platform: Code = "platform" "The platform.",
        since: PartialDate = "sinds" "Since when.",
        sequence: Sequence "The fact that says so.",
    }

    /// Somebody who is in a group now.
    record GroupMember as "PublicationGroupMember" {
        group: Code? = "groep" "The group, where the publication has several.",
        basis: LegalBasis? = "grondslag" "The legal basis.",
        consent: StreamId? = "toestemming" "The person's consent.",
        since: PartialDate = "sinds" "Since when.",
        sequence: Sequence "The fact by which the person was added.",
    }

    /// A publication at one moment.
    state Publication as "PublicationState" of PublicationStatus key {
        unit: Code? key "The unit that publishes it.",
        up: Vec<Presence> = "nog zichtbaar op" "The platforms on which it is still up, as far as recorded.",
        takedowns_open: Vec<Code> = "openstaande verwijderverzoeken"
            "The platforms that were asked to take it down and have not confirmed it.",
        group_members: Vec<GroupMember> = "groepsleden" "Those who are in its groups now.",
    }

    keys {
        platform: Code "Publications that are or were on a platform.",
        up_on: Code "Publications that are still up on a platform.",
        account: StreamId "Publications from an account.",
        consent: StreamId "Publications that rest on a consent.",
        assessment: StreamId "Publications that rest on a legitimate-interest assessment.",
        request: StreamId "Publications of which the removal answers a request.",
        objection: StreamId "Publications of which the removal answers an objection.",
        instrument: Code "Publications to which an image policy was applied.",
    }

    relations {
        activities: many activity ours activity = "verwerkingsactiviteiten"
            "The processing activities that it is part of.",
        consents: many consent ours consent = "toestemmingen" "The consents of those who are in it.",
        assessments: many legitimateInterestAssessment ours assessment = "belangenafwegingen"
            "The legitimate-interest assessments that it rests on.",
        consentTexts: many consentText ours consentText = "toestemmingsteksten"
            "The consent texts under which its users were analysed.",
        platforms: many platform shared platform platform = "platforms" "The platforms on which it is or was.",
        accounts: many account ours account = "accounts" "The accounts from which it came.",
        requests: many dataSubjectRequest ours request = "verzoeken" "The requests answered by its removal.",
        objections: many objection ours objection = "bezwaren" "The objections answered by its removal.",
        imagePolicies: many governanceInstrument shared instrument instrument = "beeldbeleid"
            "The image policy that was applied.",
    }
}

impl Family for Publication {
    fn admit(&self, event: &PublicationEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use PublicationEvent as E;
        self.admit_order(event)?;
        match event {
            E::Approved(event) => {
                distinct("platforms", &event.platforms)?;
                link("activity", "activity", &event.activity)
            }
            E::ContentPublished(event) => {
                not_empty("platforms", &event.platforms)?;
                distinct("platforms", &event.platforms)?;
                link("activity", "activity", &event.activity)?;
                link("accounts", "account", &event.accounts)?;
                admit_persons(&event.persons)
            }
            E::AnalyticsRunRecorded(event) => {
                link("activity", "activity", &event.activity)?;
                link("consentText", "consentText", &event.consent_text)?;
                link("consents", "consent", &event.consents)
            }
            E::LeadCollected(event) => {
                link("activity", "activity", &event.activity)?;
                link("consent", "consent", &event.consent)
            }
            E::GroupMemberAdded(event) => {
                link("activity", "activity", &event.activity)?;
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
            E::DirectMarketingSent(event) => link("activity", "activity", &event.activity),
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
        let mut keys = self.declared_keys();
        self.up.iter().for_each(|presence| push_keys(&mut keys, "upOn", &presence.platform));
        for approved in self.approved.iter().map(|kept| &kept.fact) {
            push_keys(&mut keys, "platform", &approved.platforms);
            push_keys(&mut keys, "instrument", &approved.image_policy);
        }
        for published in self.content_published.iter().map(|kept| &kept.fact) {
            push_keys(&mut keys, "platform", &published.platforms);
            push_keys(&mut keys, "account", &published.accounts);
            push_keys(&mut keys, "instrument", &published.image_policy);
        }
        let published = self.content_published.iter().flat_map(|kept| &kept.fact.persons);
        let amended = self.content_amended.iter().flat_map(|kept| kept.fact.persons.iter().flatten());
        for person in published.chain(amended) {
            push_keys(&mut keys, "consent", &person.consent);
            push_keys(&mut keys, "assessment", &person.assessment);
        }
        self.analytics_run_recorded.iter().for_each(|kept| push_keys(&mut keys, "consent", &kept.fact.consents));
        for removed in &self.content_removed {
            push_keys(&mut keys, "request", &removed.fact.requests);
            push_keys(&mut keys, "objection", &removed.fact.objections);
        }
        self.takedown_requested.iter().for_each(|kept| push_keys(&mut keys, "request", &kept.fact.requests));
        self.delisting_requested.iter().for_each(|kept| push_keys(&mut keys, "request", &kept.fact.requests));
        keys
    }
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
}

#[cfg(test)]
mod tests;
