//! Consent texts: the versions of a request for consent, what each asks, and how freely it is asked (GDPR Art. 7).

use crate::family::activity::Activity;
use crate::family::declare;
use crate::family::dossier::{Dated, Refusal, controllers_act, counted, distinct, link, not_empty};
use crate::family::kit::{Context, Declared as _, Family, Keys, Recorded, RejectionCode, note_anomaly, push_keys};
pub use crate::family::value::Materiality;
use crate::family::value::{Document, LangText};
use crate::ledger::erasable::Erasable;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::PartialDate;

declare! {
    family ConsentText many consentTexts = "toestemmingstekst", in register;

    /// A channel by which people give or withdraw consent.
    choice Channel as "ConsentChannel" {
        Paper = "papier" "A paper form.",
        Web = "website" "A page on the web.",
        Email = "e-mail" "An e-mail.",
        Banner = "banner" "A cookie banner or preference centre.",
        Oral "A conversation at a desk or by telephone.",
        Post = "post" "A letter.",
    }

    /// One question of a consent text.
    record TextItem as "ConsentTextItem" {
        code: Code "The code by which answers name it; unique in the version.",
        purpose: Erasable<LangText>? "What the data will be used for.",
        operations: Vec<Code> "The processing operations it covers.",
        platforms: Vec<Code> "The platforms it covers.",
        profiling: bool? = "profilering" "Whether it covers profiling, by the platform too.",
        mandatory: bool? = "verplicht" "Whether one cannot go on without agreeing.",
        pre_ticked: bool? = "vooraf aangevinkt" "Whether it was ticked beforehand (recital 32: then it is no consent).",
    }

    /// A version of the request for consent is published.
    event Published as "ConsentTextPublished" = "gepubliceerd" {
        version: u32 "Its number, from 1.",
        activity: StreamId? "The activity for which consent is asked.",
        languages: Vec<Code> "The languages in which it is offered.",
        items: Vec<TextItem> = "onderdelen" "What is asked.",
        grant_channels: Vec<Channel> = "kanalen om toestemming te geven" "How consent can be given.",
        withdraw_channels: Vec<Channel> = "kanalen om toestemming in te trekken" "How it can be withdrawn.",
        steps_grant: u16? = "stappen om toestemming te geven" "Steps to give it.",
        steps_withdraw: u16? = "stappen om toestemming in te trekken"
            "Steps to withdraw it (Art. 7(3): as easy as giving).",
        withdrawal_costs: bool? = "kosten van intrekking" "Whether withdrawing costs anything.",
        withdrawal_reason_demanded: bool? = "reden van intrekking gevraagd"
            "Whether a reason for withdrawing is demanded.",
        mentions_withdrawal: bool? = "wijst op het recht op intrekking"
            "Whether the right to withdraw is told beforehand (Art. 7(3), 13(2)(c)).",
        minors_variant: bool? = "versie voor minderjarigen" "Whether there is a wording for minors.",
        document: Document? "The text or screen as people saw it.",
    }

    /// It is assessed whether people can refuse freely (Art. 7(4), recital 43).
    event SafeguardsAssessed as "FreelyGivenSafeguardsAssessed" = "keuzevrijheid beoordeeld",
        every safeguards = "beoordelingen van de keuzevrijheid" "Assessments of the freedom of choice, oldest first." {
        audience: Vec<Code> = "doelgroepen" "For whom, as `STUDENT` or `EMPLOYEE`.",
        refusal_without_detriment: bool? = "weigeren zonder nadeel" "Whether refusing is without detriment.",
        collection_by: Erasable<String>? = "verzameld door" "Who collects the answers.",
        survey_answers: u32? = "aantal antwoorden op de enquête"
            "Answers to the survey; below ten the number is not recorded.",
        pressure_percent: u16? = "percentage dat druk voelde" "Whole per cent of them that felt pressure.",
        pressure_unit: Code? = "beheerseenheid met de meeste druk" "The unit in which pressure was felt most.",
        survey_evidence: Document? = "enquête" "The survey itself.",
        measures: Vec<Erasable<String>> "What is done about it.",
    }

    /// The channels by which consent can be withdrawn are declared.
    event WithdrawalChannelDeclared = "kanalen voor intrekking opgegeven" {
        channels: Vec<Channel> = "kanalen om toestemming in te trekken" "All channels open from now on.",
    }

    /// A configuration of the cookie banner is published (Tw Art. 11.7a).
    event BannerConfigurationPublished = "bannerinstelling gepubliceerd",
        every banners = "bannerinstellingen" "Banner configurations, oldest first." {
        version: u32 "Its number, from 1.",
        configuration: Hash? = "SHA-256 van de instelling" "SHA-256 of the configuration, if it was kept.",
        equal_buttons: bool? = "gelijkwaardige knoppen" "Whether accepting and refusing are equally prominent.",
        scan: Hash? = "SHA-256 van de scan"
            "SHA-256 of a scan that shows what the site places before and after the choice.",
    }

    /// A version is no longer offered.
    event Superseded as "ConsentTextSuperseded" = "vervangen" {
        version: u32 "The version.",
        materiality: Materiality? "Whether the change is material.",
        reconsent_needed: bool? = "opnieuw toestemming nodig" "Whether consent must be asked anew.",
    }

    /// People who agreed to an older version are asked anew.
    event ReconsentRequested = "opnieuw toestemming gevraagd" {
        version: u32 "The version now asked.",
        cohort_size: u32? = "aantal gevraagde personen"
            "How many people are asked; below ten the number is not recorded.",
    }

    /// Where a consent text or a version of it stands.
    choice TextStatus as "ConsentTextStatus" {
        #[default] Unpublished = "niet gepubliceerd" "No version is published yet.",
        InForce = "in gebruik" "Offered to people.",
        Superseded "No longer offered.",
    }

    /// A published version, with what became of it.
    record TextVersion as "ConsentTextVersion" {
        text: Published = "gepubliceerde tekst" "What was published.",
        from: PartialDate "From when it is offered.",
        sequence: Sequence "The fact that says so.",
        status: TextStatus "Where it stands.",
        supersession: Dated<Superseded>? = "vervanging"
            "What was said when it was no longer offered; absent: nothing, or it is still offered.",
    }

    /// A consent text at one moment.
    state ConsentText as "ConsentTextState" of TextStatus key {
        activity: StreamId? key "The activity for which consent is asked, as the newest version says.",
        versions: Vec<TextVersion> = "versies" "All versions so far, oldest first.",
        withdrawal_channels: Vec<Channel> = "kanalen om toestemming in te trekken"
            "The channels by which consent can be withdrawn now.",
        reconsent_requested: Vec<u32> = "opnieuw gevraagde versies" "Requests to agree anew: the versions asked.",
    }

    keys { platform: Code "Texts of which a version in force covers a platform.", }

    relations {
        processingActivity: one activity ours activity = "verwerkingsactiviteit"
            "The processing activity for which it asks consent, as its newest version says.",
        consents: many consent theirs text = "toestemmingen" "The consents on it (Art. 7(1)).",
        platforms: many platform shared platform platform = "platformen"
            "The platforms that its versions in force cover.",
    }
}

impl Family for ConsentText {
    fn admit(&self, event: &ConsentTextEvent, context: &Context<'_>) -> Result<(), Refusal> {
        controllers_act(context.place)?;
        let version = match event {
            ConsentTextEvent::Published(published) => return self.admit_published(published),
            ConsentTextEvent::Superseded(superseded) => superseded.version,
            ConsentTextEvent::ReconsentRequested(requested) => requested.version,
            _ => return Ok(()),
        };
        if self.version(version).is_some() {
            return Ok(());
        }
        let message = format!("version {version} of this text was never published");
        Err(Refusal::new(RejectionCode::NeverExisted, "version", message))
    }

    fn apply(&mut self, event: &ConsentTextEvent, recorded: &Recorded) {
        self.keep(event, recorded);
        match event {
            ConsentTextEvent::Published(text) => self.publish(text, recorded),
            ConsentTextEvent::WithdrawalChannelDeclared(declared) => {
                self.withdrawal_channels.clone_from(&declared.channels);
            }
            ConsentTextEvent::Superseded(superseded) => self.supersede(superseded, recorded),
            ConsentTextEvent::ReconsentRequested(requested) => self.reconsent_requested.push(requested.version),
            _ => {}
        }
    }

    fn keys(&self) -> Keys {
        let mut keys = self.declared_keys();
        let in_force = self.versions.iter().filter(|version| version.status == TextStatus::InForce);
        for item in in_force.flat_map(|version| &version.text.items) {
            push_keys(&mut keys, "platform", &item.platforms);
        }
        keys
    }
}

impl ConsentText {
    /// Returns a published version.
    pub fn version(&self, version: u32) -> Option<&TextVersion> {
        self.versions.iter().find(|published| published.text.version == version)
    }

    fn admit_published(&self, published: &Published) -> Result<(), Refusal> {
        counted("version", published.version)?;
        link("activity", Activity::NAME, &published.activity)?;
        if self.version(published.version).is_some() {
            let message =
                format!("version {} is published already; a changed text is a new version", published.version);
            return Err(Refusal::new(RejectionCode::AlreadyExists, "version", message));
        }
        not_empty("items", &published.items)?;
        distinct("items", published.items.iter().map(|item| &item.code))
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
        let Some(version) = self.versions.iter_mut().find(|known| known.text.version == event.version) else {
            return note_anomaly(&mut self.anomalies, recorded, "the superseded version was not published yet");
        };
        version.status = TextStatus::Superseded;
        version.supersession = Some(Dated::new(event, recorded));
        if self.versions.iter().all(|published| published.status == TextStatus::Superseded) {
            self.status = TextStatus::Superseded;
        }
    }
}

#[cfg(test)]
mod tests;
