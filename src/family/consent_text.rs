//! Consent texts: the versions of a request for consent, what each asks, and how freely it is asked (GDPR Art. 7).

use super::activity::Activity;
use super::declare::{choice, events, filter, record, state};
use super::dossier::Dated;
use super::kit::{Anomaly, By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::value::{Document, LangText};
use crate::ledger::erasable::Erasable;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::PartialDate;

choice! {
    /// A channel by which people give or withdraw consent.
    Channel "ConsentChannel" {
        /// A paper form.
        Paper = "papier",
        /// A page on the web.
        Web = "website",
        /// An e-mail.
        Email = "e-mail",
        /// A cookie banner or preference centre.
        Banner = "banner",
        /// A conversation at a desk or by telephone.
        Oral,
        /// A letter.
        Post = "post",
    }
}

record! {
    /// One question of a consent text.
    TextItem "ConsentTextItem" "ConsentTextItemInput" {
        /// The code by which answers name it; unique in the version.
        code: Code,
        /// What the data will be used for.
        purpose: Option<Erasable<LangText>>,
        /// The processing operations it covers.
        operations: Vec<Code>,
        /// The platforms it covers.
        platforms: Vec<Code>,
        /// Whether it covers profiling, by the platform too.
        profiling: Option<bool> = "profilering",
        /// Whether one cannot go on without agreeing.
        mandatory: Option<bool> = "verplicht",
        /// Whether it was ticked beforehand (recital 32: then it is no consent).
        pre_ticked: Option<bool> = "vooraf aangevinkt",
    }
}

record! {
    /// A version of the request for consent is published.
    Published "ConsentTextPublished" "ConsentTextPublishedInput" {
        /// Its number, from 1.
        version: u32,
        /// The activity for which consent is asked.
        activity: Option<StreamId>,
        /// The languages in which it is offered.
        languages: Vec<Code>,
        /// What is asked.
        items: Vec<TextItem> = "onderdelen",
        /// How consent can be given.
        grant_channels: Vec<Channel> = "kanalen om toestemming te geven",
        /// How it can be withdrawn.
        withdraw_channels: Vec<Channel> = "kanalen om toestemming in te trekken",
        /// Steps to give it.
        steps_grant: Option<u16> = "stappen om toestemming te geven",
        /// Steps to withdraw it (Art. 7(3): as easy as giving).
        steps_withdraw: Option<u16> = "stappen om toestemming in te trekken",
        /// Whether withdrawing costs anything.
        withdrawal_costs: Option<bool> = "kosten van intrekking",
        /// Whether a reason for withdrawing is demanded.
        withdrawal_reason_demanded: Option<bool> = "reden van intrekking gevraagd",
        /// Whether the right to withdraw is told beforehand (Art. 7(3), 13(2)(c)).
        mentions_withdrawal: Option<bool> = "wijst op het recht op intrekking",
        /// Whether there is a wording for minors.
        minors_variant: Option<bool> = "versie voor minderjarigen",
        /// The text or screen as people saw it.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// It is assessed whether people can refuse freely (Art. 7(4), recital 43).
    SafeguardsAssessed "FreelyGivenSafeguardsAssessed" "FreelyGivenSafeguardsAssessedInput" {
        /// For whom, as `STUDENT` or `EMPLOYEE`.
        audience: Vec<Code> = "doelgroepen",
        /// Whether refusing is without detriment.
        refusal_without_detriment: Option<bool> = "weigeren zonder nadeel",
        /// Who collects the answers.
        collection_by: Option<Erasable<String>> = "verzameld door",
        /// Answers to the survey; below ten the number is not recorded.
        survey_answers: Option<u32> = "aantal antwoorden op de enquête",
        /// Whole per cent of them that felt pressure.
        pressure_percent: Option<u16> = "percentage dat druk voelde",
        /// The unit in which pressure was felt most.
        pressure_unit: Option<Code> = "beheerseenheid met de meeste druk",
        /// The survey itself.
        survey_evidence: Option<Document> = "enquête",
        /// What is done about it.
        measures: Vec<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The channels by which consent can be withdrawn are declared.
    WithdrawalChannelDeclared "WithdrawalChannelDeclared" "WithdrawalChannelDeclaredInput" {
        /// All channels open from now on.
        channels: Vec<Channel> = "kanalen om toestemming in te trekken",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A configuration of the cookie banner is published (Tw Art. 11.7a).
    BannerConfigurationPublished "BannerConfigurationPublished" "BannerConfigurationPublishedInput" {
        /// Its number, from 1.
        version: u32,
        /// SHA-256 of the configuration, if it was kept.
        configuration: Option<Hash> = "SHA-256 van de instelling",
        /// Whether accepting and refusing are equally prominent.
        equal_buttons: Option<bool> = "gelijkwaardige knoppen",
        /// SHA-256 of a scan that shows what the site places before and after the choice.
        scan: Option<Hash> = "SHA-256 van de scan",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Whether a change touches what people agreed to.
    Materiality "Materiality" {
        /// It does.
        Material = "wezenlijk",
        /// It does not.
        Editorial = "redactioneel",
    }
}

record! {
    /// A version is no longer offered.
    Superseded "ConsentTextSuperseded" "ConsentTextSupersededInput" {
        /// The version.
        version: u32,
        /// Whether the change is material.
        materiality: Option<Materiality>,
        /// Whether consent must be asked anew.
        reconsent_needed: Option<bool> = "opnieuw toestemming nodig",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// People who agreed to an older version are asked anew.
    ReconsentRequested "ReconsentRequested" "ReconsentRequestedInput" {
        /// The version now asked.
        version: u32,
        /// How many people are asked; below ten the number is not recorded.
        cohort_size: Option<u32> = "aantal gevraagde personen",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a consent text.
    ConsentTextEvent "ConsentTextEvent" "ConsentTextEventInput",
    retracted "ConsentTextRetracted" "ConsentTextRetractedInput"
    {
        /// A version is published.
        Published "published" 1 "ConsentTextPublished" = "gepubliceerd",
        /// Freedom of choice is assessed.
        SafeguardsAssessed "safeguardsAssessed" 1 "FreelyGivenSafeguardsAssessed" = "keuzevrijheid beoordeeld",
        /// Channels for withdrawal are declared.
        WithdrawalChannelDeclared "withdrawalChannelDeclared" 1 "WithdrawalChannelDeclared" = "kanalen voor intrekking opgegeven",
        /// A banner configuration is published.
        BannerConfigurationPublished "bannerConfigurationPublished" 1 "BannerConfigurationPublished" = "bannerinstelling gepubliceerd",
        /// A version is no longer offered.
        Superseded "superseded" 1 "ConsentTextSuperseded" = "vervangen",
        /// Consent is asked anew.
        ReconsentRequested "reconsentRequested" 1 "ReconsentRequested" = "opnieuw toestemming gevraagd",
    }
}

choice! {
    /// Where a consent text or a version of it stands.
    #[derive(Default)]
    TextStatus "ConsentTextStatus" {
        /// No version is published yet.
        #[default]
        Unpublished = "niet gepubliceerd",
        /// Offered to people.
        InForce = "in gebruik",
        /// No longer offered.
        Superseded,
    }
}

state! {
    /// A published version, with what became of it.
    TextVersion "ConsentTextVersion" {
        /// What was published.
        text: Published = "gepubliceerde tekst",
        /// From when it is offered.
        from: PartialDate,
        /// The fact that says so.
        sequence: Sequence,
        /// Where it stands.
        status: TextStatus,
        /// What was said when it was no longer offered; absent: nothing, or it is still offered.
        supersession: Option<Dated<Superseded>> = "vervanging",
    }
}

state! {
    /// A consent text at one moment.
    #[derive(Default)]
    ConsentText "ConsentTextState" {
        /// Where the text stands.
        status: TextStatus,
        /// The activity for which consent is asked, as the newest version says.
        activity: Option<StreamId>,
        /// All versions so far, oldest first.
        versions: Vec<TextVersion> = "versies",
        /// The channels by which consent can be withdrawn now.
        withdrawal_channels: Vec<Channel> = "kanalen om toestemming in te trekken",
        /// Assessments of the freedom of choice, oldest first.
        safeguards: Vec<Dated<SafeguardsAssessed>> = "beoordelingen van de keuzevrijheid",
        /// Banner configurations, oldest first.
        banners: Vec<Dated<BannerConfigurationPublished>> = "bannerinstellingen",
        /// Requests to agree anew: the versions asked.
        reconsent_requested: Vec<u32> = "opnieuw gevraagde versies",
        /// What does not fit.
        anomalies: Vec<Anomaly>,
    }
}

impl ConsentText {
    /// Returns a published version.
    pub fn version(&self, version: u32) -> Option<&TextVersion> {
        self.versions.iter().find(|published| published.text.version == version)
    }
}

filter! {
    "ConsentTextFilter" {
        /// Texts that ask consent for an activity.
        activity "activity": StreamId,
        /// Texts of which a version in force covers a platform.
        platform "platform": Code,
        /// Texts that stand so.
        status "status": TextStatus,
    }
}

/// Why a fact about a consent text is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// Only the controller can say this.
    #[error("a data subject or representative cannot record this; the text is the controller's")]
    ControllersAct,
    /// A stream of another family stands where an activity belongs.
    #[error("{0} is not a stream of the family activity")]
    NotAnActivity(StreamId),
    /// A version is published twice.
    #[error("version {0} is published already; a changed text is a new version")]
    VersionExists(u32),
    /// Versions count from 1.
    #[error("versions count from 1")]
    VersionZero,
    /// A text that asks nothing.
    #[error("a consent text asks at least one thing")]
    NoItems,
    /// Two items of one code.
    #[error("item {0} occurs twice; answers could not tell them apart")]
    ItemTwice(Code),
    /// A version that was never published.
    #[error("version {0} of this text was never published")]
    VersionUnknown(u32),
}

impl super::kit::Rejection for Rejection {
    fn code(&self) -> RejectionCode {
        match self {
            Self::ControllersAct => RejectionCode::NotThisActor,
            Self::VersionExists(_) => RejectionCode::AlreadyExists,
            Self::NotAnActivity(_) | Self::VersionZero | Self::NoItems | Self::ItemTwice(_) => RejectionCode::Malformed,
            Self::VersionUnknown(_) => RejectionCode::NeverExisted,
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::ControllersAct => "",
            Self::NotAnActivity(_) => "activity",
            Self::VersionExists(_) | Self::VersionZero | Self::VersionUnknown(_) => "version",
            Self::NoItems | Self::ItemTwice(_) => "items",
        }
    }
}

impl Family for ConsentText {
    const NAME: &'static str = "consentText";
    const LABEL_NL: &'static str = "toestemmingstekst";
    const GRAPHQL_NAME: &'static str = "ConsentText";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = true;
    const RELATIONS: &'static [Relation] = &[
        Relation::one(
            "processingActivity",
            "verwerkingsactiviteit",
            "activity",
            By::Ours("activity"),
            "The processing activity for which it asks consent, as its newest version says.",
        ),
        Relation::many("consents", "toestemmingen", "consent", By::Theirs("text"), "The consents on it (Art. 7(1))."),
        Relation::many(
            "platforms",
            "platformen",
            "platform",
            By::Shared("platform", "platform"),
            "The platforms that its versions in force cover.",
        ),
    ];
    type Event = ConsentTextEvent;
    type Filter = Filter;
    type Rejection = Rejection;

    fn admit(&self, event: &ConsentTextEvent, context: &Context<'_>) -> Result<(), Rejection> {
        if context.place.actor.is_subject() {
            return Err(Rejection::ControllersAct);
        }
        let known = |version: u32| match self.version(version) {
            Some(_) => Ok(()),
            None => Err(Rejection::VersionUnknown(version)),
        };
        match event {
            ConsentTextEvent::Published(published) => self.admit_published(published),
            ConsentTextEvent::Superseded(superseded) => known(superseded.version),
            ConsentTextEvent::ReconsentRequested(requested) => known(requested.version),
            ConsentTextEvent::SafeguardsAssessed(_)
            | ConsentTextEvent::WithdrawalChannelDeclared(_)
            | ConsentTextEvent::BannerConfigurationPublished(_)
            | ConsentTextEvent::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &ConsentTextEvent, recorded: &Recorded) {
        match event {
            ConsentTextEvent::Published(text) => self.publish(text, recorded),
            ConsentTextEvent::SafeguardsAssessed(assessment) => self.safeguards.push(Dated::new(assessment, recorded)),
            ConsentTextEvent::WithdrawalChannelDeclared(declared) => {
                self.withdrawal_channels.clone_from(&declared.channels);
            }
            ConsentTextEvent::BannerConfigurationPublished(banner) => self.banners.push(Dated::new(banner, recorded)),
            ConsentTextEvent::Superseded(superseded) => self.supersede(superseded, recorded),
            ConsentTextEvent::ReconsentRequested(requested) => self.reconsent_requested.push(requested.version),
            ConsentTextEvent::Retracted(_) => {}
        }
    }

    fn keys(&self) -> Keys {
        let activity = self.activity.iter().map(|activity| ("activity", activity.to_string()));
        let in_force = self.versions.iter().filter(|version| version.status == TextStatus::InForce);
        let platforms = in_force.flat_map(|version| &version.text.items).flat_map(|item| &item.platforms);
        let platforms = platforms.map(|platform| ("platform", platform.to_string()));
        activity.chain(platforms).chain([("status", key_text(&self.status))]).collect()
    }
}

impl ConsentText {
    fn admit_published(&self, published: &Published) -> Result<(), Rejection> {
        if published.version == 0 {
            return Err(Rejection::VersionZero);
        }
        if let Some(stream) = published.activity.as_ref().filter(|stream| stream.family() != Activity::NAME) {
            return Err(Rejection::NotAnActivity(stream.clone()));
        }
        if self.version(published.version).is_some() {
            return Err(Rejection::VersionExists(published.version));
        }
        if published.items.is_empty() {
            return Err(Rejection::NoItems);
        }
        let mut codes = std::collections::BTreeSet::new();
        match published.items.iter().find(|item| !codes.insert(&item.code)) {
            Some(item) => Err(Rejection::ItemTwice(item.code.clone())),
            None => Ok(()),
        }
    }

    fn publish(&mut self, text: &Published, recorded: &Recorded) {
        if self.version(text.version).is_some() {
            return note_anomaly(&mut self.anomalies, recorded, "this version was published before");
        }
        for older in &mut self.versions {
            older.status = TextStatus::Superseded;
        }
        self.status = TextStatus::InForce;
        self.activity = text.activity.clone().or(self.activity.take());
        self.withdrawal_channels.clone_from(&text.withdraw_channels);
        self.versions.push(TextVersion {
            text: text.clone(),
            from: recorded.effective,
            sequence: recorded.sequence,
            status: TextStatus::InForce,
            supersession: None,
        });
    }

    fn supersede(&mut self, event: &Superseded, recorded: &Recorded) {
        match self.versions.iter_mut().find(|published| published.text.version == event.version) {
            Some(published) => {
                published.status = TextStatus::Superseded;
                published.supersession = Some(Dated::new(event, recorded));
            }
            None => {
                return note_anomaly(&mut self.anomalies, recorded, "the superseded version was not published yet");
            }
        }
        if self.versions.iter().all(|published| published.status == TextStatus::Superseded) {
            self.status = TextStatus::Superseded;
        }
    }
}

#[cfg(test)]
mod tests;
