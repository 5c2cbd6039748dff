//! Consent records in the profile of ISO/IEC TS 27560:2023 with the Data Privacy Vocabulary (DPV-27560).
//!
//! <https://w3id.org/dpv/guides/consent-27560>
//!
//! ```text
//! {"@type":"dpv:ConsentRecord","dct:conformsTo":"https://w3id.org/dpv/schema/dpv-27560#record",
//!  "dct:identifier":"0190b6a2-…","dpv:hasDataSubject":{…},                         header
//!  "dpv:hasNotice":{…},"dpv:hasProcess":[{…}],"dpv:hasDataController":{…},…        processing
//!  "dpv:hasEntity":[{…}],                                                          parties
//!  "dpv:hasConsentStatus":[{"@type":["dpv:ConsentGiven",…],…}]}                    events
//! ```
//!
//! The person is the random id of the stream and nothing else: no evidence, remark or representative is shown. What is the same
//! for many consents comes from the text, the activity and the parties that they name. A field that the profile demands and the
//! ledger does not hold is there and says `dpv:NotAvailable`; in the place of a value that was erased stands `[erased]` or `[gewist]`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::family::activity::{Activity, Established};
use crate::family::consent::{
    Authority, Consent, ConsentEvent, ConsentStatus, Decision, Expression, Granted, InvalidatedBy, ItemDecision,
    Representation, StandingItem,
};
use crate::family::consent_text::{ConsentText, TextItem, TextVersion};
use crate::family::describe::Language;
use crate::family::kit::{Event as _, Fact, standing};
use crate::family::linked::{Shown, Thing, context, iri, refer, tag};
use crate::family::opened::{Opened, erased_mark};
use crate::family::party::Party;
use crate::family::register::{Missing, in_language};
use crate::family::shape::label_of;
use crate::ledger::erasable::{Digest, Erasable};
use crate::ledger::name::{Code, Reference, StreamId};
use crate::time::Term;

/// The profile that a record conforms to.
pub const PROFILE: &str = "https://w3id.org/dpv/schema/dpv-27560#record";

/// The rights where consent is the legal basis, as the vocabulary maps them to Art. 6(1)(a).
const RIGHTS: [&str; 10] = [
    "eu-gdpr:A7-3",
    "eu-gdpr:A13",
    "eu-gdpr:A14",
    "eu-gdpr:A15",
    "eu-gdpr:A16",
    "eu-gdpr:A17",
    "eu-gdpr:A18",
    "eu-gdpr:A20",
    "eu-gdpr:A22",
    "eu-gdpr:A77",
];

/// The state of a stream at the moment of the export.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<F> {
    /// The stream.
    pub stream: StreamId,
    /// Its reference.
    pub reference: Option<Reference>,
    /// Its state.
    pub state: F,
}

/// What a record is made of.
#[derive(Clone, Copy, Debug)]
pub struct ConsentSources<'a> {
    /// The consent.
    pub consent: &'a Found<Consent>,
    /// The facts of its stream that were known.
    pub known: &'a [Fact],
    /// The text that was agreed to or asked.
    pub text: Option<&'a Found<ConsentText>>,
    /// The activity for which the text asks.
    pub activity: Option<&'a Found<Activity>>,
    /// The parties, by their codes.
    pub parties: &'a BTreeMap<Code, Found<Party>>,
}

impl<'a> ConsentSources<'a> {
    /// Lists the commitments that the record opens; none is of the consent itself.
    pub fn digests(&self) -> BTreeSet<Digest> {
        let purposes = self.version().into_iter().flat_map(|version| &version.text.items);
        let mut digests: BTreeSet<Digest> =
            purposes.filter_map(|item| item.purpose.as_ref()?.digest().cloned()).collect();
        digests.extend(self.entry().and_then(|entry| entry.dpo_contact.as_ref()?.digest().cloned()));
        for party in self.party_codes().iter().filter_map(|code| self.parties.get(code)) {
            let registered = party.state.registered.as_ref().map(|registered| &registered.fact);
            digests.extend(registered.and_then(|fact| fact.name.as_ref()?.digest().cloned()));
            digests.extend(registered.and_then(|fact| fact.contact.as_ref()?.digest().cloned()));
            digests
                .extend(party.state.establishment.as_ref().and_then(|establishment| establishment.digest().cloned()));
        }
        digests
    }

    fn version(&self) -> Option<&'a TextVersion> {
        self.text?.state.version(self.consent.state.text_version?)
    }

    fn entry(&self) -> Option<&'a Established> {
        self.activity?.state.current.as_ref().map(|version| &version.entry)
    }

    fn party_codes(&self) -> BTreeSet<&'a Code> {
        self.entry().map(party_codes).unwrap_or_default()
    }
}

/// Lists the parties of a register entry.
pub fn party_codes(entry: &Established) -> BTreeSet<&Code> {
    let lists = [&entry.joint_controllers, &entry.processors, &entry.recipients];
    entry.controller.iter().chain(lists.into_iter().flatten()).collect()
}

/// How a record is written.
#[derive(Clone, Copy, Debug)]
pub struct Writing<'a> {
    /// In which language.
    pub language: Language,
    /// The moment that it shows.
    pub shown: &'a Shown,
    /// Opened commitments.
    pub opened: &'a BTreeMap<Digest, Opened>,
}

/// Writes a consent record.
pub fn consent_record(sources: &ConsentSources<'_>, writing: &Writing<'_>) -> Result<Value, Missing> {
    let stream = &sources.consent.stream;
    let mut record = Thing::of("dpv:ConsentRecord");
    record.add("@context", context());
    record.add("@id", json!(iri(stream)));
    record.add("dct:conformsTo", json!(PROFILE));
    record.add("dct:identifier", json!(stream.id().to_string()));
    record.add_some("dpv:hasIdentifier", sources.consent.reference.as_ref().map(|reference| json!(reference)));
    record.add("dct:provenance", writing.shown.provenance());
    record.add("dpv:hasDataSubject", subject(stream));
    record.add("dpv:hasNotice", notice(sources, writing));
    record.add("dct:language", languages(sources, writing));
    record.add("dpv:hasProcess", Value::Array(processes(sources, writing)?));
    record.add("dpv:hasDataController", Value::Array(controllers(sources)));
    record.add("dpv:hasJurisdiction", refer("loc:EU"));
    record.add("dpv:hasConsentControl", withdrawal(sources, writing));
    record.add("dpv:hasRight", Value::from_iter(RIGHTS.map(refer)));
    record.add("dpv:hasEntity", Value::Array(entities(sources, writing)?));
    record.add("dpv:hasConsentStatus", Value::Array(events(sources, writing)));
    Ok(record.finish())
}

// --- Header ------------------------------------------------------------------------------------------------------

fn subject(stream: &StreamId) -> Value {
    json!({ "@type": "dpv:DataSubject", "dct:identifier": stream.id().to_string() })
}

fn not_available(class: &'static str) -> Value {
    json!({ "@type": class, "dpv:hasApplicability": refer("dpv:NotAvailable") })
}

// --- Processing --------------------------------------------------------------------------------------------------

fn notice(sources: &ConsentSources<'_>, writing: &Writing<'_>) -> Value {
    let Some((text, version)) = sources.text.zip(sources.version()) else {
        return not_available("dpv:ConsentNotice");
    };
    let mut notice = Thing::of("dpv:ConsentNotice");
    notice.add("@id", json!(format!("{}#version-{}", iri(&text.stream), version.text.version)));
    let called = text.reference.as_ref().map_or_else(|| text.stream.id().to_string(), ToString::to_string);
    notice.add("dct:identifier", json!(called));
    notice.add("schema:version", json!(version.text.version));
    notice.add("dct:date", json!(version.from));
    notice.add("dct:language", languages(sources, writing));
    // The text as people saw it, held fast.
    notice.add_some("schema:sha256", version.text.document.as_ref().map(|document| json!(document.sha256)));
    notice.finish()
}

/// The language in which the person read, or those in which the text is offered.
fn languages(sources: &ConsentSources<'_>, writing: &Writing<'_>) -> Value {
    match (&sources.consent.state.language, sources.version()) {
        (Some(language), _) => json!(language),
        (None, Some(version)) if !version.text.languages.is_empty() => json!(version.text.languages),
        (None, _) => json!(tag(writing.language)),
    }
}

/// A process for each item that was answered, or asked where none was.
fn processes(sources: &ConsentSources<'_>, writing: &Writing<'_>) -> Result<Vec<Value>, Missing> {
    let consent = &sources.consent.state;
    let asked: &[TextItem] = sources.version().map_or(&[], |version| &version.text.items);
    if consent.items.is_empty() {
        let status = status_term(consent.status);
        return asked.iter().map(|item| process(&item.code, status, sources, writing)).collect();
    }
    let answered = consent.items.iter();
    answered.map(|item| process(&item.code, item_status(consent, item), sources, writing)).collect()
}

fn process(
    code: &Code,
    status: &'static str,
    sources: &ConsentSources<'_>,
    writing: &Writing<'_>,
) -> Result<Value, Missing> {
    let item = sources.version().and_then(|version| version.text.items.iter().find(|item| item.code == *code));
    let mut purpose = Thing::of("dpv:Purpose");
    purpose.add("dct:identifier", json!(code));
    let description =
        item.and_then(|item| item.purpose.as_ref()).map(|purpose| wording(purpose, writing)).transpose()?;
    purpose.add_some("dct:description", description);
    let mut process = Thing::of("dpv:Process");
    process.add("dpv:hasPurpose", purpose.finish());
    process.add("dpv:hasLegalBasis", refer(legal_basis(sources.consent.state.expression)));
    process.add("dpv:hasConsentStatus", refer(status));
    let codes = |codes: &[Code], class: &'static str| {
        let thing = |code: &Code| json!({ "@type": class, "dct:identifier": code });
        (!codes.is_empty()).then(|| codes.iter().map(thing).collect::<Value>())
    };
    process.add_some("dpv:hasProcessing", item.and_then(|item| codes(&item.operations, "dpv:Processing")));
    process.add_some("dpv:hasService", item.and_then(|item| codes(&item.platforms, "dpv:Service")));
    let data: Vec<Code> =
        sources.entry().into_iter().flat_map(|entry| &entry.data_categories).map(|data| data.code.clone()).collect();
    let data = codes(&data, "dpv:PersonalData").unwrap_or_else(|| not_available("dpv:PersonalData"));
    process.add("dpv:hasPersonalData", data);
    process.add("dpv:hasStorageCondition", Value::Array(storage(sources)));
    process.add("dpv:hasRecipient", Value::Array(recipients(sources)));
    Ok(process.finish())
}

/// Where the person stands with one item.
fn item_status(consent: &Consent, item: &StandingItem) -> &'static str {
    match item.decision {
        Decision::Yes => status_term(consent.status),
        Decision::No if consent.withdrawals.iter().any(|withdrawal| withdrawal.sequence == item.sequence) => {
            "dpv:ConsentWithdrawn"
        }
        Decision::No => "dpv:ConsentRefused",
    }
}

fn status_term(status: ConsentStatus) -> &'static str {
    match status {
        ConsentStatus::Unknown => "dpv:ConsentUnknown",
        ConsentStatus::Requested => "dpv:ConsentRequested",
        ConsentStatus::Given => "dpv:ConsentGiven",
        ConsentStatus::Renewed => "dpv:RenewedConsentGiven",
        ConsentStatus::Refused => "dpv:ConsentRefused",
        ConsentStatus::Deferred => "dpv:ConsentRequestDeferred",
        ConsentStatus::Withdrawn => "dpv:ConsentWithdrawn",
        ConsentStatus::Expired => "dpv:ConsentExpired",
        ConsentStatus::Revoked => "dpv:ConsentRevoked",
        ConsentStatus::Invalidated => "dpv:ConsentInvalidated",
    }
}

fn legal_basis(expression: Option<Expression>) -> &'static str {
    match expression {
        Some(Expression::Explicit) => "eu-gdpr:A6-1-a-explicit-consent",
        Some(Expression::Expressed) => "eu-gdpr:A6-1-a-non-explicit-consent",
        None => "eu-gdpr:A6-1-a",
    }
}

/// Retention as the register has it; where data are stored no fact of the register says.
fn storage(sources: &ConsentSources<'_>) -> Vec<Value> {
    let retention = sources.entry().into_iter().flat_map(|entry| &entry.retention);
    let mut conditions: Vec<Value> = retention
        .map(|retention| {
            let mut duration = Thing::of("dpv:StorageDuration");
            duration.add("dpv:hasDuration", json!(retention.term));
            duration.add_some("dpv:hasPersonalData", retention.category.as_ref().map(|category| json!(category)));
            duration.finish()
        })
        .collect();
    if conditions.is_empty() {
        conditions.push(not_available("dpv:StorageDuration"));
    }
    conditions.push(not_available("dpv:StorageLocation"));
    conditions
}

/// Recipients and processors; joint controllers are among the controllers.
fn recipients(sources: &ConsentSources<'_>) -> Vec<Value> {
    let codes = sources.entry().into_iter().flat_map(|entry| entry.recipients.iter().chain(&entry.processors));
    let recipients: BTreeSet<&Code> = codes.collect();
    match recipients.is_empty() {
        true => vec![not_available("dpv:Recipient")],
        false => recipients.into_iter().map(|code| party(code, sources)).collect(),
    }
}

fn controllers(sources: &ConsentSources<'_>) -> Vec<Value> {
    let codes = sources.entry().into_iter().flat_map(|entry| entry.controller.iter().chain(&entry.joint_controllers));
    let controllers: Vec<Value> = codes.map(|code| party(code, sources)).collect();
    if controllers.is_empty() { vec![not_available("dpv:DataController")] } else { controllers }
}

fn withdrawal(sources: &ConsentSources<'_>, writing: &Writing<'_>) -> Value {
    let channels = sources.text.map_or(&[][..], |text| &text.state.withdrawal_channels);
    if channels.is_empty() {
        return not_available("dpv:WithdrawConsent");
    }
    let channels: Vec<String> = channels.iter().map(|channel| label_of(channel, writing.language)).collect();
    json!({ "@type": "dpv:WithdrawConsent", "dpv:isExercisedAt": channels })
}

// --- Parties -----------------------------------------------------------------------------------------------------

/// Refers to a party: by its stream where it is registered, else by its code.
fn party(code: &Code, sources: &ConsentSources<'_>) -> Value {
    match sources.parties.get(code) {
        Some(found) => refer(iri(&found.stream)),
        None => json!({ "dct:identifier": code }),
    }
}

fn entities(sources: &ConsentSources<'_>, writing: &Writing<'_>) -> Result<Vec<Value>, Missing> {
    let mut entities = Vec::new();
    let Some(entry) = sources.entry() else { return Ok(entities) };
    for code in sources.party_codes() {
        entities.push(entity(code, entry, sources, writing)?);
    }
    if let Some(contact) = &entry.dpo_contact {
        let contact = said(contact, writing)?;
        entities.push(json!({ "@type": "dpv:DataProtectionOfficer", "dpv:hasContact": contact }));
    }
    Ok(entities)
}

fn entity(
    code: &Code,
    entry: &Established,
    sources: &ConsentSources<'_>,
    writing: &Writing<'_>,
) -> Result<Value, Missing> {
    let mut entity = Thing::default();
    let roles = [
        (entry.controller.as_ref() == Some(code), "dpv:DataController"),
        (entry.joint_controllers.contains(code), "dpv:DataController"),
        (entry.processors.contains(code), "dpv:DataProcessor"),
        (entry.recipients.contains(code), "dpv:Recipient"),
    ];
    roles.into_iter().filter(|(is, _)| *is).for_each(|(_, role)| entity.also(role));
    entity.add("dpv:hasIdentifier", json!(code));
    let Some(found) = sources.parties.get(code) else { return Ok(entity.finish()) };
    entity.add("@id", json!(iri(&found.stream)));
    if let Some(registered) = found.state.registered.as_ref().map(|registered| &registered.fact) {
        let name = registered.name.as_ref().map(|name| wording(name, writing)).transpose()?;
        entity.add_some("dpv:hasName", name);
        let contact = registered.contact.as_ref().map(|contact| said(contact, writing)).transpose()?;
        entity.add_some("dpv:hasContact", contact);
    }
    let address = found.state.establishment.as_ref().map(|address| said(address, writing)).transpose()?;
    entity.add_some("dpv:hasAddress", address);
    entity.add_some("dpv:hasCountry", found.state.country.as_ref().map(|country| json!(country)));
    Ok(entity.finish())
}

/// Says a text of two languages in the language of the record, or that it was erased.
fn wording<T>(value: &Erasable<T>, writing: &Writing<'_>) -> Result<Value, Missing> {
    let text = open(value, writing)?.map(|text| in_language(text, writing.language));
    Ok(json!(text.unwrap_or_else(|| erased_mark(writing.language).to_owned())))
}

/// Says a value as it is, or that it was erased.
fn said<T>(value: &Erasable<T>, writing: &Writing<'_>) -> Result<Value, Missing> {
    Ok(open(value, writing)?.cloned().unwrap_or_else(|| json!(erased_mark(writing.language))))
}

/// Opens a commitment; `None`: the value is erased.
fn open<'a, T>(value: &Erasable<T>, writing: &'a Writing<'_>) -> Result<Option<&'a Value>, Missing> {
    match value.digest() {
        Some(digest) => writing.opened.get(digest).map(Opened::value).ok_or_else(|| Missing(digest.clone())),
        // States hold commitments only.
        None => Ok(Some(&Value::Null)),
    }
}

// --- Events ------------------------------------------------------------------------------------------------------

/// What counts at the moment, in the order in which it took effect.
fn events(sources: &ConsentSources<'_>, writing: &Writing<'_>) -> Vec<Value> {
    let known: Vec<&Fact> = sources.known.iter().collect();
    let counts = |fact: &&Fact| fact.recorded.effective.earliest() <= writing.shown.valid;
    standing(&known).into_iter().filter(counts).filter_map(|fact| event(fact, sources, writing)).collect()
}

/// Writes what changed the state of the consent; `None` for what did not.
fn event(fact: &Fact, sources: &ConsentSources<'_>, writing: &Writing<'_>) -> Option<Value> {
    use ConsentEvent as E;
    let said = ConsentEvent::from_data(&fact.fact, fact.version, &fact.data).ok()?;
    let mut event = Thing::default();
    let mut by = subject(&sources.consent.stream);
    let mut method = None;
    let channel = |channel: &Option<_>| channel.as_ref().map(|channel| label_of(channel, writing.language));
    match &said {
        E::Requested(said) => {
            event.also("dpv:ConsentRequested");
            by = controller(sources);
            method = channel(&said.channel);
        }
        E::Granted(said) => {
            grant(&mut event, said, writing);
            by = said.representative.as_ref().map_or(by, representative);
            method = said.method.as_ref().map(|method| label_of(method, writing.language));
        }
        E::Reaffirmed(said) => {
            event.also("dpv:RenewedConsentGiven");
            event.add_some("dpv:hasPurpose", agreed(&said.items));
            event.add("dpv:hasDuration", duration(None, writing));
            method = said.method.as_ref().map(|method| label_of(method, writing.language));
        }
        E::ItemChanged(said) => {
            event.also(match said.decision {
                Decision::Yes => "dpv:ConsentGiven",
                Decision::No => "dpv:ConsentWithdrawn",
            });
            event.add("dpv:hasPurpose", json!([said.code]));
            method = channel(&said.channel);
        }
        E::Withdrawn(said) => {
            event.also("dpv:ConsentWithdrawn");
            event.add_some("dpv:hasPurpose", (!said.items.is_empty()).then(|| json!(said.items)));
            method = channel(&said.channel);
        }
        E::Refused(_) => event.also("dpv:ConsentRefused"),
        E::Deferred(_) => event.also("dpv:ConsentRequestDeferred"),
        E::Expired(_) => {
            event.also("dpv:ConsentExpired");
            by = controller(sources);
        }
        E::RevokedByController(_) => {
            event.also("dpv:ConsentRevoked");
            by = controller(sources);
        }
        E::Invalidated(said) => {
            event.also("dpv:ConsentInvalidated");
            by = match said.by {
                InvalidatedBy::Court | InvalidatedBy::SupervisoryAuthority => json!({ "@type": "dpv:Authority" }),
                InvalidatedBy::Dpo => json!({ "@type": "dpv:DataProtectionOfficer" }),
                InvalidatedBy::Controller => controller(sources),
            };
        }
        E::RepresentativeAuthorised(_)
        | E::ReceiptIssued(_)
        | E::WithdrawalActioned(_)
        | E::ConfirmationInvited(_)
        | E::Retracted(_) => return None,
    }
    event.add("dpv:isIndicatedAtTime", json!(fact.recorded.effective));
    event.add("dpv:isIndicatedBy", by);
    event.add_some("dpv:hasIndicationMethod", method.map(|method| json!(method)));
    // When the ledger took it, and as which entry: what `griffie verify` proves.
    event.add("dct:created", json!(fact.recorded.recorded));
    event.add("dct:identifier", json!(fact.recorded.sequence));
    Some(event.finish())
}

fn grant(event: &mut Thing, said: &Granted, writing: &Writing<'_>) {
    event.also("dpv:ConsentGiven");
    match said.expression {
        Some(Expression::Explicit) => event.also("dpv:ExplicitlyExpressedConsent"),
        Some(Expression::Expressed) => event.also("dpv:ExpressedConsent"),
        None => {}
    }
    event.add_some("dpv:hasPurpose", agreed(&said.items));
    event.add("dpv:hasDuration", duration(said.validity, writing));
}

fn agreed(items: &[ItemDecision]) -> Option<Value> {
    let agreed: Vec<&Code> =
        items.iter().filter(|item| item.decision == Decision::Yes).map(|item| &item.code).collect();
    (!agreed.is_empty()).then(|| json!(agreed))
}

fn duration(validity: Option<Term>, writing: &Writing<'_>) -> Value {
    match (validity, writing.language) {
        (Some(term), _) => json!({ "@type": "dpv:TemporalDuration", "rdf:value": term }),
        (None, Language::Nl) => json!({ "@type": "dpv:UntilEventDuration", "rdf:value": "intrekking" }),
        (None, Language::En) => json!({ "@type": "dpv:UntilEventDuration", "rdf:value": "withdrawal" }),
    }
}

fn controller(sources: &ConsentSources<'_>) -> Value {
    let controller = sources.entry().and_then(|entry| entry.controller.as_ref());
    controller.map_or_else(|| json!({ "@type": "dpv:DataController" }), |code| party(code, sources))
}

/// In which capacity somebody acted for the person; not who.
fn representative(representation: &Representation) -> Value {
    let class = match representation.authority {
        Authority::ParentDeclaration => "dpv:ParentOfDataSubject",
        Authority::Guardianship | Authority::Curatorship => "dpv:GuardianOfDataSubject",
        Authority::PowerOfAttorney => "dpv:Representative",
    };
    json!({ "@type": class })
}

#[cfg(test)]
mod tests;
