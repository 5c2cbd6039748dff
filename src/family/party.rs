//! Parties: the processors, platforms and other organisations outside the institution with whom it deals (GDPR Art. 4(7)-(10)).
//!
//! What a party *is* depends on the activity: the same company may be processor for one and controller for another, so its role
//! is qualified per activity. Its certification under the EU-US Data Privacy Framework is what the institution saw on the list
//! when it looked (Art. 45); how long such a look counts is a rule's to say.

use super::declare;
use super::dossier::{Refusal, link};
use super::kit::{Context, Family, Keys, Recorded, RejectionCode, key_text};
use super::value::{Document, LangText};
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
        party: Code = "code" "The code by which other facts name it, as `vendor-n`.",
        kind: PartyKind? "What kind of party it is.",
        name: Erasable<LangText>? "Its name.",
        country: Code? = "land van vestiging" "The country of its main establishment, as `US` (Art. 4(16)).",
        establishment: Erasable<String>? = "vestiging" "Its establishment, as an address.",
        lei: Code? = "LEI-code" "Its legal entity identifier (ISO 17442).",
        kvk: Code? = "KvK-nummer" "Its number in the Dutch trade register.",
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
        role: PartyRole = "rol" "What it is.",
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
    event DpfCertificationRecorded as "PartyDpfCertificationRecorded" domain "DpfCertificationRecorded" = "DPF-certificering vastgelegd",
        every dpf_certification_recorded needs registered "Looks at its certification, oldest first." {
        standing: DpfStanding = "stand" "Where it stands on the list.",
        checked: PartialDate? = "gecontroleerd op" "When the list was looked at; absent: when the fact holds.",
        coverage: Vec<DpfCoverage> = "dekking" "Which data it covers.",
        renewal_due: PartialDate? = "verlenging uiterlijk" "When it is due for renewal, as the list says.",
        document: Document? "The list as it was seen.",
    }

    /// The party's certification under the Data Privacy Framework lapses.
    event DpfCertificationLapsed as "PartyDpfCertificationLapsed" domain "DpfCertificationLapsed" = "DPF-certificering vervallen",
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
        role: PartyRole = "rol" "What it is.",
        since: PartialDate = "sinds" "Since when.",
        sequence: Sequence "The fact that says so.",
    }

    /// A certification under the Data Privacy Framework, as last seen.
    record DpfCertification {
        standing: DpfStanding = "stand" "Where the party stands on the list.",
        checked: PartialDate = "gecontroleerd op" "When the list was last looked at.",
        coverage: Vec<DpfCoverage> = "dekking" "Which data it covers.",
        renewal_due: PartialDate? = "verlenging uiterlijk" "When it is due for renewal.",
        since: PartialDate = "sinds" "Since when it stands so.",
        sequence: Sequence "The fact that says so.",
    }

    /// A party at one moment.
    state Party as "PartyState" of PartyStatus key {
        country: Code? = "land van vestiging" "The country of its main establishment now.",
        establishment: Erasable<String>? = "vestiging" "Its establishment now.",
        roles: Vec<StandingRole> = "rollen" "What it is now, for each activity.",
        dpf_certification: DpfCertification? = "DPF-certificering"
            "Its certification under the Data Privacy Framework, as last seen.",
    }

    keys {
        party: Code "The party with that code.",
        kind: PartyKind "Parties of a kind.",
        country: Code "Parties established in a country.",
        activity: StreamId "Parties that have a role in an activity.",
        role: PartyRole "Parties that have that role in some activity.",
    }

    relations {
        activities: many activity shared party party = "verwerkingsactiviteiten"
            "The processing activities in which it takes part.",
        agreements: many agreement shared party party = "verwerkersovereenkomsten" "The processor agreements with it.",
        jointControllerArrangements: many jointControllerArrangement shared party party = "regelingen gezamenlijke verwerkingsverantwoordelijken"
            "The arrangements with it as a joint controller.",
        transferGrounds: many transferGround shared party party = "doorgiften" "The transfers to it.",
    }
}

impl Family for Party {
    type Rejection = Refusal;

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
