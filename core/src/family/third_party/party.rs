//! Parties: the processors, platforms and other organisations outside the institution with whom it deals (GDPR Art.
//! 4(7)-(10)).
//!
//! What a party *is* depends on the activity: the same company may be processor for one and controller for another, so
//! its role is qualified per activity. Its certification under the EU-US Data Privacy Framework is what the institution
//! saw on the list when it looked (Art. 45); how long such a look counts is a rule's to say.

use crate::family::declare;
use crate::family::dossier::{Refusal, distinct, link, put, require, take_over};
use crate::family::kit::{Context, Declared as _, Family, Keys, Recorded, RejectionCode, push_keys};
use crate::family::value::{Document, LangText};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::PartialDate;

declare! {
    family Party many parties = "partij", in register;

    /// What kind of party it is.
    choice PartyKind {
        Company = "onderneming" "A company.",
        EducationalInstitution = "onderwijsinstelling" "A university, college or school.",
        PublicBody = "overheidsorgaan" "A public authority or body.",
        NonProfit = "stichting of vereniging" "A foundation or an association.",
        InternationalOrganisation = "internationale organisatie" "An international organisation (Art. 4(26)).",
        SoleTrader = "eenmanszaak" "A person who trades under a name of their own.",
        Other "Another kind of party.",
    }

    /// A party is registered.
    event Registered as "PartyRegistered" = "geregistreerd", once registered -> Registered "Its registration." {
        party: Code = "code" key "The code by which other facts name it, as `vendor-n`.",
        kind: PartyKind? key "What kind of party it is.",
        name: Erasable<LangText>? "Its name.",
        country: Code? = "land van vestiging" "The country of its main establishment, as `US` (Art. 4(16)).",
        establishment: Erasable<String>? = "vestiging" "Its establishment, as an address.",
        lei: Code? = "LEI-code" "Its legal entity identifier (ISO 17442).",
        kvk: Code? = "KvK-nummer" "Its number in the Dutch trade register.",
        sector: Code? = "sector"
            "The sector in the sense of an adequacy decision to which it was found to belong, as"
            "`COMMERCIAL_ORGANISATIONS`; absent: that was not looked at (Art. 45(1)).",
        contact: Erasable<String>? = "contactgegevens" "How it is reached (Art. 30(1)(a)).",
    }

    /// What a party is for an activity.
    choice PartyRole {
        Processor = "verwerker" "A processor (Art. 4(8), 28).",
        Joint = "gezamenlijke verwerkingsverantwoordelijke" "A joint controller (Art. 26).",
        Separate = "zelfstandige verwerkingsverantwoordelijke" "A controller by itself (Art. 4(7)).",
        Recipient = "ontvanger" "A recipient and nothing more (Art. 4(9)).",
    }

    /// It is settled what the party is for an activity (Art. 4(7)-(9), 26, 28).
    event RoleQualified as "PartyRoleQualified" = "rol bepaald",
        every role_qualified needs registered "What it was found to be, oldest first." {
        activity: StreamId? "The activity; absent: all those for which nothing else is settled.",
        role: PartyRole "What it is.",
        reasons: Erasable<String>? = "redenen" "Why.",
        by: Code? = "bepaald door" "The role of who settled it.",
        document: Document? "The reasoning as a document.",
    }

    /// The party is established elsewhere from now on.
    event EstablishmentChanged as "PartyEstablishmentChanged" = "vestiging gewijzigd",
        every establishment_changed needs registered "Its later establishments, oldest first." {
        country: Code? = "land van vestiging" "The country of its main establishment.",
        establishment: Erasable<String>? = "vestiging" "Its establishment, as an address.",
        reason: Erasable<String>? "Why.",
    }

    /// Where a party stands on the list of the Data Privacy Framework.
    choice DpfStanding {
        Active = "actief" "Certified.",
        Inactive = "niet actief" "Not certified any more, or not at all.",
    }

    /// Which data a certification under the Data Privacy Framework covers.
    choice DpfCoverage {
        HumanResources = "personeelsgegevens" "Data about staff, sent in the employment relationship.",
        NonHumanResources = "andere gegevens dan personeelsgegevens" "All other data.",
    }

    /// The party's certification under the Data Privacy Framework is looked up (Art. 45; Decision (EU) 2023/1795).
    event DpfCertificationRecorded as "PartyDpfCertificationRecorded" domain "DpfCertificationRecorded"
        = "DPF-certificering vastgelegd",
        every dpf_certification_recorded needs registered "Looks at its certification, oldest first." {
        standing: DpfStanding = "stand" "Where it stands on the list.",
        checked: PartialDate? = "gecontroleerd op" "When the list was looked at; absent: when the fact holds.",
        coverage: Vec<DpfCoverage> = "dekking" "Which data it covers.",
        renewal_due: PartialDate? = "verlenging uiterlijk" "When it is due for renewal, as the list says.",
        document: Document? "The list as it was seen.",
    }

    /// The party's certification under the Data Privacy Framework lapses.
    event DpfCertificationLapsed as "PartyDpfCertificationLapsed" domain "DpfCertificationLapsed"
        = "DPF-certificering vervallen",
        every dpf_certification_lapsed needs registered "Lapses of its certification, oldest first." {
        checked: PartialDate? = "gecontroleerd op" "When that was seen; absent: when the fact holds.",
        reason: Erasable<String>? "Why.",
    }

    /// Where a party stands.
    choice PartyStatus {
        #[default] Unregistered = "niet geregistreerd" "Not registered yet.",
        Registered = "geregistreerd" "Registered.",
    }

    /// What a party is for an activity, as it stands.
    record StandingRole as "PartyStandingRole" {
        activity: StreamId? "The activity; absent: all those for which nothing else is settled.",
        role: PartyRole "What it is.",
        since: PartialDate "Since when.",
        sequence: Sequence "The fact that says so.",
    }

    /// A certification under the Data Privacy Framework, as last seen.
    record DpfCertification {
        standing: DpfStanding = "stand" "Where the party stands on the list.",
        checked: PartialDate = "gecontroleerd op" "When the list was last looked at.",
        coverage: Vec<DpfCoverage> = "dekking" "Which data it covers.",
        renewal_due: PartialDate? = "verlenging uiterlijk" "When it is due for renewal.",
        since: PartialDate "Since when it stands so.",
        sequence: Sequence "The fact that says so.",
    }

    /// A party at one moment.
    state Party as "PartyState" of PartyStatus key {
        country: Code? = "land van vestiging" key "The country of its main establishment now.",
        establishment: Erasable<String>? = "vestiging" "Its establishment now.",
        roles: Vec<StandingRole> = "rollen" "What it is now, for each activity.",
        dpf_certification: DpfCertification? = "DPF-certificering"
            "Its certification under the Data Privacy Framework, as last seen.",
    }

    keys {
        activity: StreamId "Parties that have a role in an activity.",
        role: PartyRole "Parties that have that role in some activity.",
    }

    relations {
        activities: many activity shared party party = "verwerkingsactiviteiten"
            "The processing activities in which it takes part.",
        agreements: many agreement shared party party = "verwerkersovereenkomsten" "The processor agreements with it.",
        jointControllerArrangements: many jointControllerArrangement shared party party
            = "regelingen gezamenlijke verwerkingsverantwoordelijken"
            "The arrangements with it as a joint controller.",
        transferGrounds: many transferGround shared party party = "doorgiften" "The transfers to it.",
    }
}

impl Family for Party {
    fn admit(&self, event: &PartyEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use PartyEvent as E;
        self.admit_order(event)?;
        let malformed = RejectionCode::Malformed;
        match event {
            E::Registered(event) => {
                let lei = event.lei.as_ref().is_none_or(|number| is_lei(number.as_str()));
                require(lei, malformed, "lei", "an LEI has 20 capital letters and digits")?;
                let kvk = event.kvk.as_ref().is_none_or(|number| is_kvk(number.as_str()));
                require(kvk, malformed, "kvk", "a number of the trade register has 8 digits")
            }
            E::RoleQualified(event) => link("activity", "activity", &event.activity),
            E::EstablishmentChanged(event) => {
                let message = "say where it is established now: `country`, `establishment` or both";
                require(event.country.is_some() || event.establishment.is_some(), malformed, "country", message)
            }
            E::DpfCertificationRecorded(event) => distinct("coverage", &event.coverage),
            E::DpfCertificationLapsed(_) | E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &PartyEvent, recorded: &Recorded) {
        use PartyEvent as E;
        self.keep(event, recorded);
        let known = self.dpf_certification.as_ref();
        match event {
            E::Registered(event) => {
                self.country = self.country.take().or(event.country.clone());
                self.establishment = self.establishment.take().or(event.establishment.clone());
            }
            E::RoleQualified(event) => self.qualify(event, recorded),
            E::EstablishmentChanged(event) => {
                // A new address may lie in the old country; the old address does not lie in a new one.
                take_over!(event => self; country);
                self.establishment.clone_from(&event.establishment);
            }
            E::DpfCertificationRecorded(event) => {
                let seen = DpfCertification::seen(known, event.standing, event.checked, recorded);
                let (coverage, renewal_due) = (event.coverage.clone(), event.renewal_due);
                self.dpf_certification = Some(DpfCertification { coverage, renewal_due, ..seen });
            }
            E::DpfCertificationLapsed(event) => {
                let lapsed = DpfCertification::seen(known, DpfStanding::Inactive, event.checked, recorded);
                self.dpf_certification = Some(lapsed);
            }
            E::Retracted(_) => {}
        }
    }

    fn keys(&self) -> Keys {
        let mut keys = self.declared_keys();
        for role in &self.roles {
            push_keys(&mut keys, "activity", &role.activity);
            push_keys(&mut keys, "role", &role.role);
        }
        keys
    }
}

impl Party {
    fn qualify(&mut self, event: &RoleQualified, recorded: &Recorded) {
        let same = |known: &StandingRole| (&known.activity, known.role) == (&event.activity, event.role);
        // Settled anew as before: it has stood since then.
        if !self.roles.iter().any(same) {
            let (activity, since) = (event.activity.clone(), recorded.effective);
            let now = StandingRole { activity, role: event.role, since, sequence: recorded.sequence };
            put(&mut self.roles, now, |known| &known.activity);
        }
    }
}

impl DpfCertification {
    /// Returns what is seen now; a second look at the same standing begins nothing, and a lapse covers what it covered.
    pub fn seen(
        known: Option<&Self>,
        standing: DpfStanding,
        checked: Option<PartialDate>,
        recorded: &Recorded,
    ) -> Self {
        Self {
            standing,
            checked: checked.unwrap_or(recorded.effective),
            coverage: known.map(|known| known.coverage.clone()).unwrap_or_default(),
            renewal_due: None,
            since: known.filter(|known| known.standing == standing).map_or(recorded.effective, |known| known.since),
            sequence: recorded.sequence,
        }
    }
}

fn is_lei(number: &str) -> bool {
    number.len() == 20 && number.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

fn is_kvk(number: &str) -> bool {
    number.len() == 8 && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
