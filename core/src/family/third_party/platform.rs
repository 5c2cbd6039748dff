//! Platforms: the social media, messaging and other outside services on which the institution is present, what they
//! do with data and which risks that has (GDPR Art. 24, 26, 35, 44).
//!
//! Whether a platform is used, suspended or given up is the board's to decide and stands in the board decisions that
//! name its code. A stream may also hold only what was noted about a platform, or about platforms in general.

use crate::family::declare;
use crate::family::dossier::{Dated, Refusal, distinct, link, malformed};
use crate::family::kit::{Context, Declared, Family, Keys, Recorded, note_anomaly, push_keys};
use crate::family::value::{Document, LangText};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::PartialDate;

declare! {
    family Platform many platforms = "platform", in register;

    /// What kind of service a platform is.
    choice Kind as "PlatformKind" {
        SocialMedia = "sociale media" "A social network.",
        Messaging = "berichtendienst" "A messaging service.",
        VideoSharing = "videoplatform" "A service for sharing video.",
        Advertising = "advertentieplatform" "A service for advertising and audiences.",
        Cloud = "clouddienst" "A cloud service.",
        Other "Another kind of service.",
    }

    /// What a risk of a platform is about (GDPR Art. 24(1), 35(7)(c)).
    choice RiskTopic as "PlatformRiskTopic" {
        VendorDependence = "leveranciersafhankelijkheid" "Dependence on a vendor or on a few of them.",
        Transfer = "doorgifte" "Transfer to a country outside the EEA (GDPR Art. 44).",
        ForeignAccess = "toegang door buitenlandse overheden" "Access by authorities of another country.",
        Profiling = "profilering" "Building and selling of profiles.",
        LossOfControl = "verlies van controle" "Loss of control over what becomes of the data.",
        ConsentValidity = "geldigheid van toestemming" "How valid consent on the platform can be.",
        Transparency = "transparantie" "How open the platform is about what it does (GDPR Art. 5(1)(a)).",
        Ethics = "ethiek" "Ethical concerns.",
        Minors = "bescherming van minderjarigen" "Protection of children (GDPR recital 38).",
        Retention = "bewaartermijn" "How long the platform keeps data (GDPR Art. 5(1)(e)).",
        Security = "beveiliging" "Security (GDPR Art. 32).",
        Other "Another topic.",
    }

    /// How great a risk is.
    choice RiskLevel as "PlatformRiskLevel" {
        Low = "laag" "Low.",
        Medium = "gemiddeld" "Medium.",
        High = "hoog" "High.",
    }

    /// A platform is registered.
    event Registered as "PlatformRegistered" = "geregistreerd", once registered -> Registered "Its registration." {
        platform: Code = "code" "The code by which other facts name it, as `platform-a`.",
        kind: Kind? key "What kind of service it is.",
        name: Erasable<LangText>? "Its name.",
        controller_entity: Code? = "verantwoordelijke partij"
            "The party that runs it and determines purposes and means of its own (GDPR Art. 4(7)).",
        establishment: Code? = "land van vestiging"
            "The country of that party's establishment in the EEA or outside it, as `IE` (GDPR Art. 3, 4(16)).",
        third_countries: Vec<Code> = "derde landen" "Countries outside the EEA to which data go, as `US` (GDPR Art. 44).",
    }

    /// One factor of an assessment of a platform's risks.
    record RiskFactor as "PlatformRiskFactor" {
        topic: RiskTopic = "onderwerp" "What it is about.",
        level: RiskLevel? = "niveau" "How great it is.",
        noted: Vec<Sequence> = "eerder genoteerd" "The facts by which it had been noted before.",
        text: Erasable<String>? = "tekst" "How it was weighed.",
    }

    /// The risks of a platform are assessed (GDPR Art. 24(1), 32(2), 35(7)(c)).
    event RiskAssessed as "PlatformRiskAssessed" = "risico's beoordeeld",
        every risk_assessed -> Assessed "Assessments of its risks, oldest first." {
        platform: Code? = "platform" "The platform, where the stream does not say so already.",
        factors: Vec<RiskFactor> = "factoren" "The factors that were weighed.",
        level: RiskLevel? = "niveau" "How great the risk is all in all.",
        document: Document? "The assessment as a document.",
    }

    /// Somebody points to a risk of a platform, or of platforms in general.
    event RiskFactorNoted = "risicofactor genoteerd", every risk_factor_noted "The risks pointed out, oldest first." {
        platform: Code? = "platform" "The platform; absent: platforms in general.",
        topic: RiskTopic? = "onderwerp" "What it is about.",
        text: Erasable<String> = "tekst" "The risk, as it was pointed out.",
        source: Erasable<String>? = "bron" "Who says so and where.",
        date: PartialDate? = "datum" "The date of the source.",
        document: Document? "The source as a document.",
    }

    /// Whether it is clear what a platform does with data.
    choice Clarity as "PlatformClarity" {
        Clear = "duidelijk" "It is clear.",
        Unclear = "onduidelijk" "It is not clear.",
    }

    /// About what a platform has to be clear (GDPR Art. 5(1)(a), 12(1), 26(2)).
    choice ClarityTopic as "PlatformClarityTopic" {
        Purposes = "doeleinden" "For which purposes it uses data.",
        Profiling = "profilering" "Whether it builds profiles.",
        SaleOfProfiles = "verkoop van profielen" "Whether it sells profiles.",
        Sharing = "verstrekking aan anderen" "With whom it shares data.",
        Transfer = "doorgifte" "To which countries it sends data.",
        ContentRetention = "bewaartermijn van berichten" "How long it keeps what is posted.",
        CommentRetention = "bewaartermijn van reacties" "How long it keeps comments.",
        MetadataRetention = "bewaartermijn van metadata" "How long it keeps data on use.",
        Erasure = "verwijdering" "Who removes data and when.",
        Agreement = "instemming van betrokkenen" "Whether the people concerned agree.",
        Other "Another topic.",
    }

    /// How clear a platform is about one topic.
    record TopicClarity as "PlatformTopicClarity" {
        topic: ClarityTopic = "onderwerp" "The topic.",
        clarity: Clarity = "duidelijkheid" "How clear it is.",
        text: Erasable<String>? = "toelichting" "What is clear or not.",
    }

    /// It is assessed whether it is clear what a platform does with data (GDPR Art. 5(1)(a), (2)).
    event ClarityAssessed as "PlatformClarityAssessed" = "duidelijkheid beoordeeld",
        every clarity_assessed "Assessments of its clarity, oldest first." {
        platform: Code? = "platform" "The platform, where the stream does not say so already.",
        outcome: Clarity "What was found.",
        topics: Vec<TopicClarity> = "onderwerpen" "The topics examined.",
        document: Document? "The assessment as a document.",
    }

    /// It is recorded whether people have to use a platform (GDPR Art. 4(11), 7(4), recital 43).
    event UseMandated as "PlatformUseMandated" = "verplicht gebruik vastgelegd",
        every use_mandated "What was recorded of mandatory use, oldest first." {
        platform: Code? = "platform" "The platform, where the stream does not say so already.",
        mandatory: bool = "verplicht" "Whether they have to.",
        for_whom: Vec<Code> = "voor wie" "The groups of people, as `staff`.",
        unit: Code? "The unit that asks it of them.",
        activities: Vec<StreamId> "The activities in which it is used so; their legal basis is that of the use.",
        reason: Erasable<String>? "Why.",
    }

    /// What kind of change matters to a platform's use.
    choice ChangeKind as "PlatformChangeKind" {
        Legal = "juridisch" "A change of the law, or a judgment or decision.",
        Terms = "voorwaarden" "A change of the platform's terms.",
        Processing = "verwerking" "A change of what the platform does with data.",
        Ownership = "eigendom of vestiging" "Another owner or establishment.",
        Other "Another kind of change.",
    }

    /// A change is noted that calls for the decision on the platform to be reviewed (GDPR Art. 24(1), 35(11)).
    event MaterialChangeNoted as "PlatformMaterialChangeNoted" = "wezenlijke wijziging genoteerd",
        every material_change_noted "Changes that matter, oldest first." {
        platform: Code? = "platform" "The platform, where the stream does not say so already.",
        kind: ChangeKind? "What kind of change it is.",
        change: Erasable<String>? = "wijziging" "What changes.",
        instrument: Code? = "juridisch instrument" key "The legal instrument behind it.",
        announced: PartialDate? = "aangekondigd" "When it was announced.",
        document: Document? "The announcement as a document.",
    }

    /// How far a platform is known; whether it is used stands in the board's decisions.
    choice PlatformStatus {
        #[default] Unregistered = "niet geregistreerd" "Not registered yet.",
        Registered = "geregistreerd" "Registered, its risks not assessed.",
        Assessed = "risico's beoordeeld" "Its risks are assessed.",
    }

    /// A platform at one moment.
    state Platform as "PlatformState" of PlatformStatus key {
        platform: Code? = "code" key "The code by which other facts name it.",
        risk: RiskLevel? = "risico" "How great its risk is, as last assessed.",
        clarity: Clarity? = "duidelijkheid" key "Whether it is clear what it does with data, as last assessed.",
        unclear: Vec<ClarityTopic> = "onduidelijke onderwerpen" "The topics that the last assessment found unclear.",
        mandatory_for: Vec<Code> = "verplicht voor" "The groups of people who have to use it now, as recorded.",
    }

    keys {
        party: Code "Platforms that a party runs.",
        country: Code "Platforms established in a country, or that send data to it.",
    }

    relations {
        boardDecisions: many boardDecision shared platform platform = "bestuursbesluiten" "The decisions on its use.",
        accounts: many account shared platform platform = "accounts" "The institution's accounts on it.",
        activities: many activity shared platform platform = "verwerkingsactiviteiten" "The activities that use it.",
        arrangements: many jointControllerArrangement shared platform platform = "regelingen"
            "The arrangements with it as a joint controller (GDPR Art. 26).",
        publications: many publication shared platform platform = "publicaties" "What was published on it.",
        parties: many party shared party party = "partijen" "The party that runs it.",
        legalInstruments: many legalInstrument shared instrument instrument = "juridische instrumenten"
            "The legal instruments behind changes that matter to it.",
    }
}

impl Family for Platform {
    fn admit(&self, event: &PlatformEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use PlatformEvent as E;
        self.admit_order(event)?;
        if self.is_of_another(event) {
            return malformed(
                "platform",
                "this stream is about another platform; record the fact in the stream of that platform",
            );
        }
        match event {
            E::Registered(event) => distinct("thirdCountries", &event.third_countries),
            E::ClarityAssessed(event) => {
                // Other matters may be several.
                let topics = event.topics.iter().map(|topic| &topic.topic);
                distinct("topics", topics.filter(|topic| **topic != ClarityTopic::Other))
            }
            E::UseMandated(event) => {
                distinct("forWhom", &event.for_whom)?;
                link("activities", "activity", &event.activities)
            }
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &PlatformEvent, recorded: &Recorded) {
        use PlatformEvent as E;
        if self.is_of_another(event) {
            note_anomaly(&mut self.anomalies, recorded, "the fact is about another platform");
        }
        self.keep(event, recorded);
        // The registration has the last word on the code.
        let registered = self.registered.as_ref().map(|registered| registered.fact.platform.clone());
        self.platform = registered.or(self.platform.take()).or_else(|| about(event).cloned());
        match event {
            E::RiskAssessed(event) => self.risk = event.level,
            E::ClarityAssessed(event) => {
                let unclear = event.topics.iter().filter(|topic| topic.clarity == Clarity::Unclear);
                self.unclear = unclear.map(|topic| topic.topic).collect();
                self.clarity = Some(event.outcome);
            }
            E::UseMandated(event) => self.mandate(event),
            _ => {}
        }
        // A platform registered after its risks were assessed is no less assessed.
        if !self.risk_assessed.is_empty() {
            self.status = PlatformStatus::Assessed;
        }
    }

    fn keys(&self) -> Keys {
        let mut keys = self.declared_keys();
        if let Some(Dated { fact, .. }) = &self.registered {
            push_keys(&mut keys, "party", &fact.controller_entity);
            push_keys(&mut keys, "country", &fact.establishment);
            push_keys(&mut keys, "country", &fact.third_countries);
        }
        keys
    }
}

impl Platform {
    fn is_of_another(&self, event: &PlatformEvent) -> bool {
        self.platform.as_ref().zip(about(event)).is_some_and(|(known, named)| known != named)
    }

    fn mandate(&mut self, event: &UseMandated) {
        self.mandatory_for.retain(|group| !event.for_whom.contains(group));
        match event.mandatory {
            true => self.mandatory_for.extend(event.for_whom.iter().cloned()),
            // Nobody named: it is mandatory for nobody any more.
            false if event.for_whom.is_empty() => self.mandatory_for.clear(),
            false => {}
        }
    }
}

/// The platform that a fact names.
fn about(event: &PlatformEvent) -> Option<&Code> {
    use PlatformEvent as E;
    match event {
        E::Registered(event) => Some(&event.platform),
        E::RiskAssessed(event) => event.platform.as_ref(),
        E::RiskFactorNoted(event) => event.platform.as_ref(),
        E::ClarityAssessed(event) => event.platform.as_ref(),
        E::UseMandated(event) => event.platform.as_ref(),
        E::MaterialChangeNoted(event) => event.platform.as_ref(),
        E::Retracted(_) => None,
    }
}

#[cfg(test)]
mod tests;
