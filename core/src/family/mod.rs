//! What may happen: one file for each family of events. This file holds the only list of them.
//!
//! A family declares its events, its state, what admission refuses and how facts fold into the state. Everything
//! else, from the bytes to the API, is derived from that declaration. A new family is one file and one line here.

#[cfg(test)]
mod check;
#[cfg(test)]
pub(crate) mod demonstration;
pub mod kit;
pub mod view;

use std::sync::OnceLock;

pub(crate) use griffie_macros::declare;
use kit::{Declaration, ShapeError};
pub use kit::{
    advice, describe, difference, dossier, handling, history, label, naming, opened, schema, shape, table, value, words,
};
pub use view::{consent_record, figure, linked, register, terms};

/// Takes in the families: in which folder each stands, its file, and the state that bears its name.
macro_rules! families {
    ($($(#[$doc:meta])* $folder:ident { $($module:ident $family:ident;)* })*) => {
        $(
            $(#[$doc])*
            pub mod $folder {
                $(pub mod $module;)*
            }
            pub use $folder::{$($module),*};
        )*

        /// All families, in the order of the list.
        pub static FAMILIES: &[Declaration] = &[$($(Declaration::of::<$module::$family>(),)*)*];
    };
}

families! {
    /// How the institution is governed: units, roles, instruments of policy and law, decisions, supervision.
    governance {
        management_unit ManagementUnit;
        role_assignment RoleAssignment;
        governance_instrument GovernanceInstrument;
        legal_instrument LegalInstrument;
        rule_set RuleSet;
        finding Finding;
        board_decision BoardDecision;
        audit_engagement AuditEngagement;
        annual_report AnnualReport;
        awareness Awareness;
        authority_contact AuthorityContact;
    }
    /// What is processed, and what justifies it.
    processing {
        activity Activity;
        processor_activity ProcessorActivity;
        privacy_notice PrivacyNotice;
        system System;
        retention Retention;
        legitimate_interest_assessment LegitimateInterestAssessment;
        dpia Dpia;
    }
    /// What people agree to, ask, object to and complain about.
    people {
        consent_text ConsentText;
        consent Consent;
        data_subject_request DataSubjectRequest;
        objection Objection;
        case Case;
        publication Publication;
        erasure Erasure;
    }
    /// Others who process, and how data reach them.
    third_party {
        platform Platform;
        account Account;
        party Party;
        agreement Agreement;
        joint_controller_arrangement JointControllerArrangement;
        transfer_ground TransferGround;
    }
    /// Weaknesses and breaches.
    security {
        security_weakness SecurityWeakness;
        breach Breach;
    }
    /// What the ledger and its deliveries say of themselves.
    own {
        checkpoint_attestation CheckpointAttestation;
        evidence_access EvidenceAccess;
        register_delivery RegisterDelivery;
        register_acknowledgement RegisterAcknowledgement;
        ledger Ledger;
    }
}

/// Returns the declaration of a family by its wire name.
pub fn family(name: &str) -> Result<&'static Declaration, ShapeError> {
    FAMILIES.iter().find(|family| family.name == name).ok_or_else(|| ShapeError::UnknownFamily(name.to_owned()))
}

/// Returns the version of the facts that this program can read: how many events, members and values to choose there are. What may be
/// recorded is only ever added to, so it grows with each addition, and an older program sees from the database that it is too old.
pub fn facts_version() -> u64 {
    static VERSION: OnceLock<u64> = OnceLock::new();
    *VERSION.get_or_init(|| {
        let mut catalogue = describe::Catalogue::default();
        let events: usize = FAMILIES.iter().map(|family| family.describe_events(&mut catalogue).len()).sum();
        let parts = catalogue.definitions().map(|definition| match &definition.kind {
            describe::Kind::Record(members) => members.len(),
            describe::Kind::Choice(items) => items.len(),
        });
        u64::try_from(events + parts.sum::<usize>()).unwrap_or(u64::MAX)
    })
}

/// Returns the hash of the fold of this program: of what all families make of the histories in `kit/tests.rs`. States that another
/// fold made are made anew by `griffie migrate`.
pub fn fold_hash() -> &'static str {
    let line = include_str!("../../../schema/fold.txt").lines().find_map(|line| line.strip_prefix("fold "));
    line.unwrap_or_default()
}

/// Tells whether this program can read the fact of an entry.
pub fn is_readable(entry: &crate::ledger::entry::Entry) -> bool {
    let (name, fact) = (entry.event.family(), entry.event.fact());
    family(name).and_then(|family| (family.check)(fact, entry.version, &entry.data)).is_ok()
}
