//! Platforms: the social media, messaging and other outside services on which the institution is present, what they
//! do with data and which risks that has (GDPR Art. 24, 26, 35, 44).
//!
//! Whether a platform is used, suspended or given up is the board's to decide and stands in the board decisions that
//! name its code. A stream may also hold only what was noted about a platform, or about platforms in general.

use super::declare::{choice, dossier, events, filter, record};
use super::dossier::{Refusal, distinct, link};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::value::{Document, LangText};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::PartialDate;

choice! {
    /// What kind of service a platform is.
    Kind "PlatformKind" {
        /// A social network.
        SocialMedia = "sociale media",
        /// A messaging service.
        Messaging = "berichtendienst",
        /// A service for sharing video.
        VideoSharing = "videoplatform",
        /// A service for advertising and audiences.
        Advertising = "advertentieplatform",
        /// A cloud service.
        Cloud = "clouddienst",
        /// Another kind of service.
        Other,
    }
}

choice! {
    /// What a risk of a platform is about (GDPR Art. 24(1), 35(7)(c)).
    RiskTopic "PlatformRiskTopic" {
        /// Dependence on a vendor or on a few of them.
        VendorDependence = "leveranciersafhankelijkheid",
        /// Transfer to a country outside the EEA (GDPR Art. 44).
        Transfer = "doorgifte",
        /// Access by authorities of another country.
        ForeignAccess = "toegang door buitenlandse overheden",
        /// Building and selling of profiles.
        Profiling = "profilering",
        /// Loss of control over what becomes of the data.
        LossOfControl = "verlies van controle",
        /// How valid consent on the platform can be.
        ConsentValidity = "geldigheid van toestemming",
        /// How open the platform is about what it does (GDPR Art. 5(1)(a)).
        Transparency = "transparantie",
        /// Ethical concerns.
        Ethics = "ethiek",
        /// Protection of children (GDPR recital 38).
        Minors = "bescherming van minderjarigen",
        /// How long the platform keeps data (GDPR Art. 5(1)(e)).
        Retention = "bewaartermijn",
        /// Security (GDPR Art. 32).
        Security = "beveiliging",
        /// Another topic.
        Other,
    }
}

choice! {
    /// How great a risk is.
    RiskLevel "PlatformRiskLevel" {
        /// Low.
        Low = "laag",
        /// Medium.
        Medium = "gemiddeld",
        /// High.
        High = "hoog",
    }
}

record! {
    /// A platform is registered.
    Registered "PlatformRegistered" "PlatformRegisteredInput" {
        /// The code by which other facts name it, as `platform-a`.
        platform: Code = "code",
        /// What kind of service it is.
        kind: Option<Kind>,
        /// Its name.
        name: Option<Erasable<LangText>>,
        /// The party that runs it and determines purposes and means of its own (GDPR Art. 4(7)).
        controller_entity: Option<Code> = "verantwoordelijke partij",
        /// The country of that party's establishment in the EEA or outside it, as `IE` (GDPR Art. 3, 4(16)).
        establishment: Option<Code> = "land van vestiging",
        /// The countries outside the EEA to which it sends data, as `US` (GDPR Art. 44).
        third_countries: Vec<Code> = "derde landen",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// One factor of an assessment of a platform's risks.
    RiskFactor "PlatformRiskFactor" "PlatformRiskFactorInput" {
        /// What it is about.
        topic: RiskTopic = "onderwerp",
        /// How great it is.
        level: Option<RiskLevel> = "niveau",
        /// The facts by which it had been noted before.
        noted: Vec<Sequence> = "eerder genoteerd",
        /// How it was weighed.
        text: Option<Erasable<String>> = "tekst",
    }
}

record! {
    /// The risks of a platform are assessed (GDPR Art. 24(1), 32(2), 35(7)(c)).
    RiskAssessed "PlatformRiskAssessed" "PlatformRiskAssessedInput" {
        /// The platform, where the stream does not say so already.
        platform: Option<Code> = "platform",
        /// The factors that were weighed.
        factors: Vec<RiskFactor> = "factoren",
        /// How great the risk is all in all.
        level: Option<RiskLevel> = "niveau",
        /// The assessment as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// Somebody points to a risk of a platform, or of platforms in general.
    RiskFactorNoted "RiskFactorNoted" "RiskFactorNotedInput" {
        /// The platform; absent: platforms in general.
        platform: Option<Code> = "platform",
        /// What it is about.
        topic: Option<RiskTopic> = "onderwerp",
        /// The risk, as it was pointed out.
        text: Erasable<String> = "tekst",
        /// Who says so and where.
        source: Option<Erasable<String>> = "bron",
        /// The date of the source.
        date: Option<PartialDate> = "datum",
        /// The source as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Whether it is clear what a platform does with data.
    Clarity "PlatformClarity" {
        /// It is clear.
        Clear = "duidelijk",
        /// It is not clear.
        Unclear = "onduidelijk",
    }
}

choice! {
    /// About what a platform has to be clear (GDPR Art. 5(1)(a), 12(1), 26(2)).
    ClarityTopic "PlatformClarityTopic" {
        /// For which purposes it uses data.
        Purposes = "doeleinden",
        /// Whether it builds profiles.
        Profiling = "profilering",
        /// Whether it sells profiles.
        SaleOfProfiles = "verkoop van profielen",
        /// With whom it shares data.
        Sharing = "verstrekking aan anderen",
        /// To which countries it sends data.
        Transfer = "doorgifte",
        /// How long it keeps what is posted.
        ContentRetention = "bewaartermijn van berichten",
        /// How long it keeps comments.
        CommentRetention = "bewaartermijn van reacties",
        /// How long it keeps data on use.
        MetadataRetention = "bewaartermijn van metadata",
        /// Who removes data and when.
        Erasure = "verwijdering",
        /// Whether the people concerned agree.
        Agreement = "instemming van betrokkenen",
        /// Another topic.
        Other,
    }
}

record! {
    /// How clear a platform is about one topic.
    TopicClarity "PlatformTopicClarity" "PlatformTopicClarityInput" {
        /// The topic.
        topic: ClarityTopic = "onderwerp",
        /// How clear it is.
        clarity: Clarity = "duidelijkheid",
        /// What is clear or not.
        text: Option<Erasable<String>> = "toelichting",
    }
}

record! {
    /// It is assessed whether it is clear what a platform does with data (GDPR Art. 5(1)(a), (2)).
    ClarityAssessed "PlatformClarityAssessed" "PlatformClarityAssessedInput" {
        /// The platform, where the stream does not say so already.
        platform: Option<Code> = "platform",
        /// What was found.
        outcome: Clarity,
        /// The topics examined.
        topics: Vec<TopicClarity> = "onderwerpen",
        /// The assessment as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// It is recorded whether people have to use a platform (GDPR Art. 4(11), 7(4), recital 43).
    UseMandated "PlatformUseMandated" "PlatformUseMandatedInput" {
        /// The platform, where the stream does not say so already.
        platform: Option<Code> = "platform",
        /// Whether they have to.
        mandatory: bool = "verplicht",
        /// The groups of people for whom this holds, as `staff`.
        for_whom: Vec<Code> = "voor wie",
        /// The unit that asks it of them.
        unit: Option<Code>,
        /// The activities in which it is used so; their legal basis is that of the use.
        activities: Vec<StreamId>,
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What kind of change matters to a platform's use.
    ChangeKind "PlatformChangeKind" {
        /// A change of the law, or a judgment or decision.
        Legal = "juridisch",
        /// A change of the platform's terms.
        Terms = "voorwaarden",
        /// A change of what the platform does with data.
        Processing = "verwerking",
        /// Another owner or establishment.
        Ownership = "eigendom of vestiging",
        /// Another kind of change.
        Other,
    }
}

record! {
    /// A change is noted that calls for the decision on the platform to be reviewed (GDPR Art. 24(1), 35(11)).
    MaterialChangeNoted "PlatformMaterialChangeNoted" "PlatformMaterialChangeNotedInput" {
        /// The platform, where the stream does not say so already.
        platform: Option<Code> = "platform",
        /// What kind of change it is.
        kind: Option<ChangeKind>,
        /// What changes.
        change: Option<Erasable<String>> = "wijziging",
        /// The legal instrument behind it.
        instrument: Option<Code> = "juridisch instrument",
        /// When it was announced.
        announced: Option<PartialDate> = "aangekondigd",
        /// The announcement as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a platform.
    PlatformEvent "PlatformEvent" "PlatformEventInput",
    retracted "PlatformRetracted" "PlatformRetractedInput"
    {
        /// A platform is registered.
        Registered "registered" 1 "PlatformRegistered" = "geregistreerd",
        /// Its risks are assessed.
        RiskAssessed "riskAssessed" 1 "PlatformRiskAssessed" = "risico's beoordeeld",
        /// A risk is pointed out.
        RiskFactorNoted "riskFactorNoted" 1 "RiskFactorNoted" = "risicofactor genoteerd",
        /// It is assessed whether it is clear what the platform does.
        ClarityAssessed "clarityAssessed" 1 "PlatformClarityAssessed" = "duidelijkheid beoordeeld",
        /// It is recorded whether people have to use it.
        UseMandated "useMandated" 1 "PlatformUseMandated" = "verplicht gebruik vastgelegd",
        /// A change that matters is noted.
        MaterialChangeNoted "materialChangeNoted" 1 "PlatformMaterialChangeNoted" = "wezenlijke wijziging genoteerd",
    }
}

choice! {
    /// How far a platform is known; whether it is used stands in the board's decisions.
    #[derive(Default)]
    PlatformStatus "PlatformStatus" {
        /// Not registered yet.
        #[default]
        Unregistered = "niet geregistreerd",
        /// Registered, its risks not assessed.
        Registered = "geregistreerd",
        /// Its risks are assessed.
        Assessed = "risico's beoordeeld",
    }
}

dossier! {
    /// A platform at one moment.
    Platform "PlatformState" follows PlatformEvent, status PlatformStatus {
        /// Its registration.
        registered: once Registered -> Registered,
        /// Assessments of its risks, oldest first.
        risk_assessed: every RiskAssessed -> Assessed,
        /// The risks pointed out, oldest first.
        risk_factor_noted: every RiskFactorNoted,
        /// Assessments of its clarity, oldest first.
        clarity_assessed: every ClarityAssessed,
        /// What was recorded of mandatory use, oldest first.
        use_mandated: every UseMandated,
        /// Changes that matter, oldest first.
        material_change_noted: every MaterialChangeNoted,
    } and {
        /// The code by which other facts name it.
        platform: Option<Code> = "code",
        /// How great its risk is, as last assessed.
        risk: Option<RiskLevel> = "risico",
        /// Whether it is clear what it does with data, as last assessed.
        clarity: Option<Clarity> = "duidelijkheid",
        /// The topics that the last assessment found unclear.
        unclear: Vec<ClarityTopic> = "onduidelijke onderwerpen",
        /// The groups of people who have to use it now, where it was recorded which.
        mandatory_for: Vec<Code> = "verplicht voor",
    }
}

filter! {
    "PlatformFilter" {
        /// The platform with that code.
        platform "platform": Code,
        /// Platforms of a kind.
        kind "kind": Kind,
        /// Platforms that a party runs.
        party "party": Code,
        /// Platforms established in a country, or that send data to it.
        country "country": Code,
        /// Platforms that are clear or not about what they do.
        clarity "clarity": Clarity,
        /// Platforms that stand so.
        status "status": PlatformStatus,
    }
}

impl Family for Platform {
    const NAME: &'static str = "platform";
    const LABEL_NL: &'static str = "platform";
    const GRAPHQL_NAME: &'static str = "Platform";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = true;
    const RELATIONS: &'static [Relation] = &[
        Relation::many(
            "boardDecisions",
            "bestuursbesluiten",
            "boardDecision",
            By::Shared("platform", "platform"),
            "The board's decisions on its use.",
        ),
        Relation::many(
            "accounts",
            "accounts",
            "account",
            By::Shared("platform", "platform"),
            "The institution's accounts on it.",
        ),
        Relation::many(
            "activities",
            "verwerkingsactiviteiten",
            "activity",
            By::Shared("platform", "platform"),
            "The processing activities that use it.",
        ),
        Relation::many(
            "arrangements",
            "regelingen",
            "jointControllerArrangement",
            By::Shared("platform", "platform"),
            "The arrangements with it as a joint controller (GDPR Art. 26).",
        ),
        Relation::many(
            "publications",
            "publicaties",
            "publication",
            By::Shared("platform", "platform"),
            "What was published on it.",
        ),
        Relation::many("parties", "partijen", "party", By::Shared("party", "party"), "The party that runs it."),
        Relation::many(
            "legalInstruments",
            "juridische instrumenten",
            "legalInstrument",
            By::Shared("instrument", "instrument"),
            "The legal instruments behind changes that matter to it.",
        ),
    ];
    type Event = PlatformEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &PlatformEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use PlatformEvent as E;
        self.admit_order(event)?;
        if self.is_of_another(event) {
            let message = "this stream is about another platform; record the fact in the stream of that platform";
            return Err(Refusal::new(RejectionCode::Malformed, "platform", message));
        }
        match event {
            E::Registered(event) => distinct("thirdCountries", &event.third_countries),
            E::ClarityAssessed(event) => admit_topics(&event.topics),
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
        let registered = || self.registered.iter().map(|registered| &registered.fact);
        let parties = registered().filter_map(|registered| registered.controller_entity.as_ref());
        let countries = registered().flat_map(|entry| entry.establishment.iter().chain(&entry.third_countries));
        let changes = self.material_change_noted.iter().filter_map(|change| change.fact.instrument.as_ref());
        let platforms = self.platform.iter().map(|platform| ("platform", platform.to_string()));
        platforms
            .chain(registered().filter_map(|registered| registered.kind).map(|kind| ("kind", key_text(&kind))))
            .chain(parties.map(|party| ("party", party.to_string())))
            .chain(countries.map(|country| ("country", country.to_string())))
            .chain(changes.map(|instrument| ("instrument", instrument.to_string())))
            .chain(self.clarity.map(|clarity| ("clarity", key_text(&clarity))))
            .chain([("status", key_text(&self.status))])
            .collect()
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

/// Refuses two findings on one topic; other matters may be several.
fn admit_topics(topics: &[TopicClarity]) -> Result<(), Refusal> {
    let mut seen = std::collections::BTreeSet::new();
    let twice = |topic: &&TopicClarity| topic.topic != ClarityTopic::Other && !seen.insert(topic.topic);
    match topics.iter().find(twice) {
        Some(topic) => {
            let message = format!("{} occurs twice in `topics`", key_text(&topic.topic));
            Err(Refusal::new(RejectionCode::Malformed, "topics", message))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
