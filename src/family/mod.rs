//! What may happen: one file for each family of events. This file holds the only list of them.
//!
//! A family declares its events, its state, what admission refuses and how facts fold into the state. Everything
//! else, from the bytes to the API, is derived from that declaration. A new family is one file and one line here.

#[cfg(test)]
mod check;
pub mod consent_record;
mod declare;
#[cfg(test)]
pub(crate) mod demonstration;
pub mod describe;
pub mod difference;
pub mod dossier;
pub mod figure;
pub mod history;
pub mod kit;
pub mod linked;
pub mod naming;
pub mod opened;
pub mod register;
pub mod schema;
pub mod table;
pub mod value;
pub mod words;

use kit::{Declaration, ShapeError};

/// Calls a macro with the list of all families, one line each: module, state, events, and the API's fields that look one
/// up, list them and record their facts.
///
/// Facts of the families under `recorded` come in through the API; those under `own` the ledger records of itself.
macro_rules! families {
    ($callback:ident) => {
        $callback! {
            recorded {
                management_unit ManagementUnit ManagementUnitEvent
                    management_unit management_units record_management_unit;
                role_assignment RoleAssignment RoleAssignmentEvent
                    role_assignment role_assignments record_role_assignment;
                governance_instrument GovernanceInstrument GovernanceInstrumentEvent
                    governance_instrument governance_instruments record_governance_instrument;
                legal_instrument LegalInstrument LegalInstrumentEvent
                    legal_instrument legal_instruments record_legal_instrument;
                rule_set RuleSet RuleSetEvent rule_set rule_sets record_rule_set;
                finding Finding FindingEvent finding findings record_finding;
                board_decision BoardDecision BoardDecisionEvent board_decision board_decisions record_board_decision;
                platform Platform PlatformEvent platform platforms record_platform;
                account Account AccountEvent account accounts record_account;
                audit_engagement AuditEngagement AuditEngagementEvent
                    audit_engagement audit_engagements record_audit_engagement;
                annual_report AnnualReport AnnualReportEvent annual_report annual_reports record_annual_report;
                awareness Awareness AwarenessEvent awareness awareness_records record_awareness;
                authority_contact AuthorityContact AuthorityContactEvent
                    authority_contact authority_contacts record_authority_contact;
                activity Activity ActivityEvent activity activities record_activity;
                processor_activity ProcessorActivity ProcessorActivityEvent
                    processor_activity processor_activities record_processor_activity;
                privacy_notice PrivacyNotice PrivacyNoticeEvent privacy_notice privacy_notices record_privacy_notice;
                system System SystemEvent system systems record_system;
                retention Retention RetentionEvent retention retentions record_retention;
                consent_text ConsentText ConsentTextEvent consent_text consent_texts record_consent_text;
                consent Consent ConsentEvent consent consents record_consent;
                legitimate_interest_assessment LegitimateInterestAssessment LegitimateInterestAssessmentEvent
                    legitimate_interest_assessment legitimate_interest_assessments record_legitimate_interest_assessment;
                dpia Dpia DpiaEvent dpia dpias record_dpia;
                party Party PartyEvent party parties record_party;
                agreement Agreement AgreementEvent agreement agreements record_agreement;
                joint_controller_arrangement JointControllerArrangement JointControllerArrangementEvent
                    joint_controller_arrangement joint_controller_arrangements record_joint_controller_arrangement;
                transfer_ground TransferGround TransferGroundEvent
                    transfer_ground transfer_grounds record_transfer_ground;
                data_subject_request DataSubjectRequest DataSubjectRequestEvent
                    data_subject_request data_subject_requests record_data_subject_request;
                objection Objection ObjectionEvent objection objections record_objection;
                case Case CaseEvent case cases record_case;
                security_weakness SecurityWeakness SecurityWeaknessEvent
                    security_weakness security_weaknesses record_security_weakness;
                breach Breach BreachEvent breach breaches record_breach;
                publication Publication PublicationEvent publication publications record_publication;
                erasure Erasure ErasureEvent erasure erasures record_erasure;
                checkpoint_attestation CheckpointAttestation CheckpointAttestationEvent
                    checkpoint_attestation checkpoint_attestations record_checkpoint_attestation;
                evidence_access EvidenceAccess EvidenceAccessEvent
                    evidence_access evidence_accesses record_evidence_access;
                register_delivery RegisterDelivery RegisterDeliveryEvent
                    register_delivery register_deliveries record_register_delivery;
                register_acknowledgement RegisterAcknowledgement RegisterAcknowledgementEvent
                    register_acknowledgement register_acknowledgements acknowledge_register_change;
            }
            own {
                ledger Ledger LedgerEvent;
            }
        }
    };
}

macro_rules! declare {
    (
        recorded { $($module:ident $state:ident $event:ident $one:ident $many:ident $record:ident;)* }
        own { $($own_module:ident $own_state:ident $own_event:ident;)* }
    ) => {
        $(pub mod $module;)*
        $(pub mod $own_module;)*

        /// All families, in the order of the list.
        pub static FAMILIES: &[Declaration] =
            &[$(Declaration::of::<$module::$state>(),)* $(Declaration::of::<$own_module::$own_state>(),)*];
    };
}

families!(declare);

#[cfg(any(feature = "server", test))]
pub(crate) use families;

/// Returns the declaration of a family by its wire name.
pub fn family(name: &str) -> Result<&'static Declaration, ShapeError> {
    FAMILIES.iter().find(|family| family.name == name).ok_or_else(|| ShapeError::UnknownFamily(name.to_owned()))
}
