//! Parties: the processors, platforms and other organisations outside the institution with whom it deals (GDPR Art. 4(7)-(10)).
//!
//! What a party *is* depends on the activity: the same company may be processor for one and controller for another, so its role
//! is qualified per activity. Its certification under the EU-US Data Privacy Framework is what the institution saw on the list
//! when it looked (Art. 45); how long such a look counts is a rule's to say.

use super::declare::{choice, dossier, events, filter, record, state};
use super::dossier::{Refusal, link};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text};
use super::value::{Document, LangText};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::PartialDate;

choice! {
    /// What kind of party it is.
    PartyKind "PartyKind" {
        /// A company.
        Company = "onderneming",
        /// A university, college or school.
        EducationalInstitution = "onderwijsinstelling",
        /// A public authority or body.
        PublicBody = "overheidsorgaan",
        /// A foundation or an association.
        NonProfit = "stichting of vereniging",
        /// An international organisation (Art. 4(26)).
        InternationalOrganisation = "internationale organisatie",
        /// A person who trades under a name of their own.
        SoleTrader = "eenmanszaak",
        /// Another kind of party.
        Other,
    }
}

record! {
    /// A party is registered.
    Registered "PartyRegistered" "PartyRegisteredInput" {
        /// The code by which other facts name it, as `vendor-n`.
        party: Code = "code",
        /// What kind of party it is.
        kind: Option<PartyKind>,
        /// Its name.
        name: Option<Erasable<LangText>>,
        /// The country of its main establishment, as `US` (Art. 4(16)).
        country: Option<Code> = "land van vestiging",
        /// Its establishment, as an address.
        establishment: Option<Erasable<String>> = "vestiging",
        /// Its legal entity identifier (ISO 17442).
        lei: Option<Code> = "LEI-code",
        /// Its number in the Dutch trade register.
        kvk: Option<Code> = "KvK-nummer",
        /// How it is reached (Art. 30(1)(a)).
        contact: Option<Erasable<String>> = "contactgegevens",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// What a party is for an activity.
    PartyRole "PartyRole" {
        /// A processor (Art. 4(8), 28).
        Processor = "verwerker",
        /// A joint controller (Art. 26).
        Joint = "gezamenlijke verwerkingsverantwoordelijke",
        /// A controller by itself (Art. 4(7)).
        Separate = "zelfstandige verwerkingsverantwoordelijke",
        /// A recipient and nothing more (Art. 4(9)).
        Recipient = "ontvanger",
    }
}

record! {
    /// It is settled what the party is for an activity (Art. 4(7)-(9), 26, 28).
    RoleQualified "PartyRoleQualified" "PartyRoleQualifiedInput" {
        /// The activity; absent: all those for which nothing else is settled.
        activity: Option<StreamId>,
        /// What it is.
        role: PartyRole = "rol",
        /// Why.
        reasons: Option<Erasable<String>> = "redenen",
        /// The role of who settled it.
        by: Option<Code> = "bepaald door",
        /// The reasoning as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The party is established elsewhere from now on.
    EstablishmentChanged "PartyEstablishmentChanged" "PartyEstablishmentChangedInput" {
        /// The country of its main establishment.
        country: Option<Code> = "land van vestiging",
        /// Its establishment, as an address.
        establishment: Option<Erasable<String>> = "vestiging",
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Where a party stands on the list of the Data Privacy Framework.
    DpfStanding "DpfStanding" {
        /// Certified.
        Active = "actief",
        /// Not certified any more, or not at all.
        Inactive = "niet actief",
    }
}

choice! {
    /// Which data a certification under the Data Privacy Framework covers.
    DpfCoverage "DpfCoverage" {
        /// Data about staff, sent in the employment relationship.
        HumanResources = "personeelsgegevens",
        /// All other data.
        NonHumanResources = "andere gegevens dan personeelsgegevens",
    }
}

record! {
    /// The party's certification under the Data Privacy Framework is looked up (Art. 45; Decision (EU) 2023/1795).
    DpfCertificationRecorded "PartyDpfCertificationRecorded" "PartyDpfCertificationRecordedInput" {
        /// Where it stands on the list.
        standing: DpfStanding = "stand",
        /// When the list was looked at; absent: when the fact holds.
        checked: Option<PartialDate> = "gecontroleerd op",
        /// Which data it covers.
        coverage: Vec<DpfCoverage> = "dekking",
        /// When it is due for renewal, as the list says.
        renewal_due: Option<PartialDate> = "verlenging uiterlijk",
        /// The list as it was seen.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The party's certification under the Data Privacy Framework lapses.
    DpfCertificationLapsed "PartyDpfCertificationLapsed" "PartyDpfCertificationLapsedInput" {
        /// When that was seen; absent: when the fact holds.
        checked: Option<PartialDate> = "gecontroleerd op",
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a party.
    PartyEvent "PartyEvent" "PartyEventInput",
    retracted "PartyRetracted" "PartyRetractedInput"
    {
        /// It is registered.
        Registered "registered" 1 "PartyRegistered" = "geregistreerd",
        /// Its role is settled.
        RoleQualified "roleQualified" 1 "PartyRoleQualified" = "rol bepaald",
        /// It is established elsewhere.
        EstablishmentChanged "establishmentChanged" 1 "PartyEstablishmentChanged" = "vestiging gewijzigd",
        /// Its certification is looked up.
        DpfCertificationRecorded "dpfCertificationRecorded" 1 "DpfCertificationRecorded" = "DPF-certificering vastgelegd",
        /// Its certification lapses.
        DpfCertificationLapsed "dpfCertificationLapsed" 1 "DpfCertificationLapsed" = "DPF-certificering vervallen",
    }
}

choice! {
    /// Where a party stands.
    #[derive(Default)]
    PartyStatus "PartyStatus" {
        /// Not registered yet.
        #[default]
        Unregistered = "niet geregistreerd",
        /// Registered.
        Registered = "geregistreerd",
    }
}

state! {
    /// What a party is for an activity, as it stands.
    StandingRole "PartyStandingRole" {
        /// The activity; absent: all those for which nothing else is settled.
        activity: Option<StreamId>,
        /// What it is.
        role: PartyRole = "rol",
        /// Since when.
        since: PartialDate = "sinds",
        /// The fact that says so.
        sequence: Sequence,
    }
}

state! {
    /// A certification under the Data Privacy Framework, as last seen.
    DpfCertification "DpfCertification" {
        /// Where the party stands on the list.
        standing: DpfStanding = "stand",
        /// When the list was last looked at.
        checked: PartialDate = "gecontroleerd op",
        /// Which data it covers.
        coverage: Vec<DpfCoverage> = "dekking",
        /// When it is due for renewal.
        renewal_due: Option<PartialDate> = "verlenging uiterlijk",
        /// Since when it stands so.
        since: PartialDate = "sinds",
        /// The fact that says so.
        sequence: Sequence,
    }
}

dossier! {
    /// A party at one moment.
    Party "PartyState" follows PartyEvent, status PartyStatus {
        /// Its registration.
        registered: once Registered -> Registered,
        /// What it was found to be, oldest first.
        role_qualified: every RoleQualified needs registered,
        /// Its later establishments, oldest first.
        establishment_changed: every EstablishmentChanged needs registered,
        /// Looks at its certification, oldest first.
        dpf_certification_recorded: every DpfCertificationRecorded needs registered,
        /// Lapses of its certification, oldest first.
        dpf_certification_lapsed: every DpfCertificationLapsed needs registered,
    } and {
        /// The country of its main establishment now.
        country: Option<Code> = "land van vestiging",
        /// Its establishment now.
        establishment: Option<Erasable<String>> = "vestiging",
        /// What it is now, for each activity.
        roles: Vec<StandingRole> = "rollen",
        /// Its certification under the Data Privacy Framework, as last seen.
        dpf_certification: Option<DpfCertification> = "DPF-certificering",
    }
}

filter! {
    "PartyFilter" {
        /// The party with that code.
        party "party": Code,
        /// Parties of a kind.
        kind "kind": PartyKind,
        /// Parties established in a country.
        country "country": Code,
        /// Parties that have a role in an activity.
        activity "activity": StreamId,
        /// Parties that have that role in some activity.
        role "role": PartyRole,
        /// Parties that stand so.
        status "status": PartyStatus,
    }
}

impl Family for Party {
    const NAME: &'static str = "party";
    const LABEL_NL: &'static str = "partij";
    const GRAPHQL_NAME: &'static str = "Party";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = true;
    const RELATIONS: &'static [Relation] = &[
        Relation::many(
            "activities",
            "verwerkingsactiviteiten",
            "activity",
            By::Shared("party", "party"),
            "The processing activities in which it takes part.",
        ),
        Relation::many(
            "agreements",
            "verwerkersovereenkomsten",
            "agreement",
            By::Shared("party", "party"),
            "The processor agreements with it.",
        ),
        Relation::many(
            "jointControllerArrangements",
            "regelingen gezamenlijke verwerkingsverantwoordelijken",
            "jointControllerArrangement",
            By::Shared("party", "party"),
            "The arrangements with it as a joint controller.",
        ),
        Relation::many(
            "transferGrounds",
            "doorgiften",
            "transferGround",
            By::Shared("party", "party"),
            "The transfers to it.",
        ),
    ];
    type Event = PartyEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &PartyEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use PartyEvent as E;
        self.admit_order(event)?;
        match event {
            E::Registered(event) => {
                admit_number("lei", event.lei.as_ref(), is_lei, "an LEI has 20 capital letters and digits")?;
                admit_number("kvk", event.kvk.as_ref(), is_kvk, "a number of the trade register has 8 digits")
            }
            E::RoleQualified(event) => link("activity", "activity", &event.activity),
            E::EstablishmentChanged(event) if event.country.is_none() && event.establishment.is_none() => {
                let message = "say where it is established now: `country`, `establishment` or both";
                Err(Refusal::new(RejectionCode::Malformed, "country", message))
            }
            E::DpfCertificationRecorded(event) => admit_coverage(&event.coverage),
            E::EstablishmentChanged(_) | E::DpfCertificationLapsed(_) | E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &PartyEvent, recorded: &Recorded) {
        use PartyEvent as E;
        self.keep(event, recorded);
        match event {
            E::Registered(event) => {
                self.country = self.country.take().or(event.country.clone());
                self.establishment = self.establishment.take().or(event.establishment.clone());
            }
            E::RoleQualified(event) => self.qualify(event, recorded),
            E::EstablishmentChanged(event) => {
                // A new address may lie in the old country; the old address does not lie in a new one.
                self.country = event.country.clone().or(self.country.take());
                self.establishment.clone_from(&event.establishment);
            }
            E::DpfCertificationRecorded(event) => {
                self.dpf_certification = Some(DpfCertification {
                    standing: event.standing,
                    checked: event.checked.unwrap_or(recorded.effective),
                    coverage: event.coverage.clone(),
                    renewal_due: event.renewal_due,
                    since: since(self.dpf_certification.as_ref(), event.standing, recorded),
                    sequence: recorded.sequence,
                });
            }
            E::DpfCertificationLapsed(event) => {
                self.dpf_certification = Some(lapsed(self.dpf_certification.as_ref(), event.checked, recorded));
            }
            E::Retracted(_) => {}
        }
    }

    fn keys(&self) -> Keys {
        let registered = self.registered.iter().map(|registered| &registered.fact);
        let party = registered.clone().map(|registered| ("party", registered.party.to_string()));
        let kind = registered.filter_map(|registered| registered.kind).map(|kind| ("kind", key_text(&kind)));
        let country = self.country.iter().map(|country| ("country", country.to_string()));
        let activities = self.roles.iter().filter_map(|role| role.activity.as_ref());
        let activities = activities.map(|activity| ("activity", activity.to_string()));
        let roles = self.roles.iter().map(|role| ("role", key_text(&role.role)));
        let status = [("status", key_text(&self.status))];
        party.chain(kind).chain(country).chain(activities).chain(roles).chain(status).collect()
    }
}

impl Party {
    fn qualify(&mut self, event: &RoleQualified, recorded: &Recorded) {
        let role = StandingRole {
            activity: event.activity.clone(),
            role: event.role,
            since: recorded.effective,
            sequence: recorded.sequence,
        };
        match self.roles.iter_mut().find(|known| known.activity == event.activity) {
            // Settled anew as before: it has stood since then.
            Some(known) if known.role == event.role => {}
            Some(known) => *known = role,
            None => self.roles.push(role),
        }
    }
}

/// Since when a certification stands as it does: a second look at the same standing begins nothing.
pub fn since(known: Option<&DpfCertification>, standing: DpfStanding, recorded: &Recorded) -> PartialDate {
    known.filter(|known| known.standing == standing).map_or(recorded.effective, |known| known.since)
}

/// A certification that lapsed, whatever was known of it before.
pub fn lapsed(known: Option<&DpfCertification>, checked: Option<PartialDate>, recorded: &Recorded) -> DpfCertification {
    DpfCertification {
        standing: DpfStanding::Inactive,
        checked: checked.unwrap_or(recorded.effective),
        coverage: known.map(|known| known.coverage.clone()).unwrap_or_default(),
        renewal_due: None,
        since: since(known, DpfStanding::Inactive, recorded),
        sequence: recorded.sequence,
    }
}

/// Refuses a coverage that names something twice.
pub fn admit_coverage(coverage: &[DpfCoverage]) -> Result<(), Refusal> {
    let seen: std::collections::BTreeSet<&DpfCoverage> = coverage.iter().collect();
    if seen.len() == coverage.len() {
        Ok(())
    } else {
        Err(Refusal::new(RejectionCode::Malformed, "coverage", "one kind of data occurs twice in `coverage`"))
    }
}

/// Refuses a number that the register it is from could not have given.
fn admit_number(
    field: &'static str,
    number: Option<&Code>,
    fits: fn(&str) -> bool,
    spelling: &'static str,
) -> Result<(), Refusal> {
    match number {
        Some(number) if !fits(number.as_str()) => Err(Refusal::new(RejectionCode::Malformed, field, spelling)),
        _ => Ok(()),
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
