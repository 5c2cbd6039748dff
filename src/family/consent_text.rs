//! Consent texts: the versions of a request for consent, what each asks, and how freely it is asked (GDPR Art. 7).

use super::declare::{choice, events, filter, record, state};
use super::kit::{Anomaly, Context, Family, Keys, Recorded, RejectionCode, note_anomaly};
use super::value::{Document, LangText};
use crate::ledger::erasable::Erasable;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::PartialDate;

choice! {
    /// A channel by which people give or withdraw consent.
    Channel "ConsentChannel" {
        /// A paper form.
        Paper,
        /// A page on the web.
        Web,
        /// An e-mail.
        Email,
        /// A cookie banner or preference centre.
        Banner,
        /// A conversation at a desk or by telephone.
        Oral,
        /// A letter.
        Post,
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
        profiling: Option<bool>,
        /// Whether one cannot go on without agreeing.
        mandatory: Option<bool>,
        /// Whether it was ticked beforehand (recital 32: then it is no consent).
        pre_ticked: Option<bool>,
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
        items: Vec<TextItem>,
        /// How consent can be given.
        grant_channels: Vec<Channel>,
        /// How it can be withdrawn.
        withdraw_channels: Vec<Channel>,
        /// Steps to give it.
        steps_grant: Option<u16>,
        /// Steps to withdraw it (Art. 7(3): as easy as giving).
        steps_withdraw: Option<u16>,
        /// Whether withdrawing costs anything.
        withdrawal_costs: Option<bool>,
        /// Whether a reason for withdrawing is demanded.
        withdrawal_reason_demanded: Option<bool>,
        /// Whether the right to withdraw is told beforehand (Art. 7(3), 13(2)(c)).
        mentions_withdrawal: Option<bool>,
        /// Whether there is a wording for minors.
        minors_variant: Option<bool>,
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
        audience: Vec<Code>,
        /// Whether refusing is without detriment.
        refusal_without_detriment: Option<bool>,
        /// Who collects the answers.
        collection_by: Option<Erasable<String>>,
        /// Answers to the survey; below ten the number is not recorded.
        survey_answers: Option<u32>,
        /// Whole per cent of them that felt pressure.
        pressure_percent: Option<u16>,
        /// The unit in which pressure was felt most.
        pressure_unit: Option<Code>,
        /// The survey itself.
        survey_evidence: Option<Document>,
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
        channels: Vec<Channel>,
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
        configuration: Option<Hash>,
        /// Whether accepting and refusing are equally prominent.
        equal_buttons: Option<bool>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Whether a change touches what people agreed to.
    Materiality "Materiality" {
        /// It does.
        Material,
        /// It does not.
        Editorial,
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
        reconsent_needed: Option<bool>,
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
        cohort_size: Option<u32>,
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
        Published "published" 1 "ConsentTextPublished",
        /// Freedom of choice is assessed.
        SafeguardsAssessed "safeguardsAssessed" 1 "FreelyGivenSafeguardsAssessed",
        /// Channels for withdrawal are declared.
        WithdrawalChannelDeclared "withdrawalChannelDeclared" 1 "WithdrawalChannelDeclared",
        /// A banner configuration is published.
        BannerConfigurationPublished "bannerConfigurationPublished" 1 "BannerConfigurationPublished",
        /// A version is no longer offered.
        Superseded "superseded" 1 "ConsentTextSuperseded",
        /// Consent is asked anew.
        ReconsentRequested "reconsentRequested" 1 "ReconsentRequested",
    }
}

choice! {
    /// Where a consent text or a version of it stands.
    #[derive(Default)]
    TextStatus "ConsentTextStatus" {
        /// No version is published yet.
        #[default]
        Unpublished,
        /// Offered to people.
        InForce,
        /// No longer offered.
        Superseded,
    }
}

state! {
    /// A published version, with what became of it.
    TextVersion "ConsentTextVersion" {
        /// What was published.
        text: Published,
        /// From when it is offered.
        from: PartialDate,
        /// The fact that says so.
        sequence: Sequence,
        /// Where it stands.
        status: TextStatus,
    }
}

state! {
    /// An assessment of the freedom of choice.
    SafeguardsAt "FreelyGivenSafeguards" {
        /// What was found.
        assessment: SafeguardsAssessed,
        /// When.
        from: PartialDate,
        /// The fact that says so.
        sequence: Sequence,
    }
}

state! {
    /// A banner configuration in use.
    BannerAt "BannerConfiguration" {
        /// What was published.
        banner: BannerConfigurationPublished,
        /// From when.
        from: PartialDate,
        /// The fact that says so.
        sequence: Sequence,
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
        versions: Vec<TextVersion>,
        /// The channels by which consent can be withdrawn now.
        withdrawal_channels: Vec<Channel>,
        /// Assessments of the freedom of choice, oldest first.
        safeguards: Vec<SafeguardsAt>,
        /// Banner configurations, oldest first.
        banners: Vec<BannerAt>,
        /// Requests to agree anew: the versions asked.
        reconsent_requested: Vec<u32>,
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
    }
}

/// Why a fact about a consent text is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
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
            Self::VersionExists(_) => RejectionCode::AlreadyExists,
            Self::VersionZero | Self::NoItems | Self::ItemTwice(_) => RejectionCode::Malformed,
            Self::VersionUnknown(_) => RejectionCode::NeverExisted,
        }
    }

    fn field(&self) -> &'static str {
        match self {
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
    type Event = ConsentTextEvent;
    type Filter = Filter;
    type Rejection = Rejection;

    fn refers(_event: &ConsentTextEvent) -> Vec<StreamId> {
        Vec::new()
    }

    fn admit(&self, event: &ConsentTextEvent, _context: &Context<'_>) -> Result<(), Rejection> {
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
            ConsentTextEvent::SafeguardsAssessed(assessment) => self.safeguards.push(SafeguardsAt {
                assessment: assessment.clone(),
                from: recorded.effective,
                sequence: recorded.sequence,
            }),
            ConsentTextEvent::WithdrawalChannelDeclared(declared) => {
                self.withdrawal_channels.clone_from(&declared.channels);
            }
            ConsentTextEvent::BannerConfigurationPublished(banner) => self.banners.push(BannerAt {
                banner: banner.clone(),
                from: recorded.effective,
                sequence: recorded.sequence,
            }),
            ConsentTextEvent::Superseded(superseded) => self.supersede(superseded.version, recorded),
            ConsentTextEvent::ReconsentRequested(requested) => self.reconsent_requested.push(requested.version),
            ConsentTextEvent::Retracted(_) => {}
        }
    }

    fn keys(&self) -> Keys {
        let activity = self.activity.iter().map(|activity| ("activity", activity.to_string()));
        activity.collect()
    }
}

impl ConsentText {
    fn admit_published(&self, published: &Published) -> Result<(), Rejection> {
        if published.version == 0 {
            return Err(Rejection::VersionZero);
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
        });
    }

    fn supersede(&mut self, version: u32, recorded: &Recorded) {
        match self.versions.iter_mut().find(|published| published.text.version == version) {
            Some(published) => published.status = TextStatus::Superseded,
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
