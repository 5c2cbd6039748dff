//! What may happen: one file for each family of events. This file holds the only list of them.
//!
//! A family declares its events, its state, what admission refuses and how facts fold into the state. Everything
//! else, from the bytes to the API, is derived from that declaration. A new family is one file and one line here.

pub mod advice;
#[cfg(test)]
mod check;
pub mod consent_record;
#[cfg(test)]
pub(crate) mod demonstration;
pub mod describe;
pub mod difference;
pub mod dossier;
pub mod figure;
pub mod handling;
pub mod history;
pub mod kit;
pub mod label;
pub mod linked;
pub mod naming;
pub mod opened;
pub mod register;
pub mod schema;
pub mod shape;
pub mod table;
pub mod terms;
pub mod value;
pub mod words;

pub(crate) use griffie_macros::declare;
use kit::Declaration;
use shape::ShapeError;

/// Takes in the families: the module of each, and the state that bears its name.
macro_rules! families {
    ($($module:ident $family:ident;)*) => {
        $(pub mod $module;)*

        /// All families, in the order of the list.
        pub static FAMILIES: &[Declaration] = &[$(Declaration::of::<$module::$family>()),*];
    };
}

families! {
    management_unit ManagementUnit;
    role_assignment RoleAssignment;
    governance_instrument GovernanceInstrument;
    legal_instrument LegalInstrument;
    rule_set RuleSet;
    finding Finding;
    board_decision BoardDecision;
    platform Platform;
    account Account;
    audit_engagement AuditEngagement;
    annual_report AnnualReport;
    awareness Awareness;
    authority_contact AuthorityContact;
    activity Activity;
    processor_activity ProcessorActivity;
    privacy_notice PrivacyNotice;
    system System;
    retention Retention;
    consent_text ConsentText;
    consent Consent;
    legitimate_interest_assessment LegitimateInterestAssessment;
    dpia Dpia;
    party Party;
    agreement Agreement;
    joint_controller_arrangement JointControllerArrangement;
    transfer_ground TransferGround;
    data_subject_request DataSubjectRequest;
    objection Objection;
    case Case;
    security_weakness SecurityWeakness;
    breach Breach;
    publication Publication;
    erasure Erasure;
    checkpoint_attestation CheckpointAttestation;
    evidence_access EvidenceAccess;
    register_delivery RegisterDelivery;
    register_acknowledgement RegisterAcknowledgement;
    ledger Ledger;
}

/// Returns the declaration of a family by its wire name.
pub fn family(name: &str) -> Result<&'static Declaration, ShapeError> {
    FAMILIES.iter().find(|family| family.name == name).ok_or_else(|| ShapeError::UnknownFamily(name.to_owned()))
}

/// The version of the facts that this program can read: raised with each new event, version of an event or value to choose, so that an
/// older program sees from the database that it is too old. `schema/fold.txt` says what it covers.
pub const FACTS_VERSION: u64 = 1;

/// Returns the hash of the fold of this program: of what all families make of the histories in `kit/fold/tests.rs`. States that another
/// fold made are made anew by `griffie migrate`.
pub fn fold_hash() -> &'static str {
    let line = include_str!("../../schema/fold.txt").lines().find_map(|line| line.strip_prefix("fold "));
    line.unwrap_or_default()
}

/// Tells whether this program can read the fact of an entry.
pub fn is_readable(entry: &crate::ledger::entry::Entry) -> bool {
    let (name, fact) = (entry.event.family(), entry.event.fact());
    family(name).and_then(|family| (family.check)(fact, entry.version, &entry.data)).is_ok()
}
