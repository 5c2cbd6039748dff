//! What is said alike of the queries, complaints, weaknesses and incidents that people report.

use crate::family::declare;
use crate::family::dossier::{Refusal, distinct, not_empty};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::Code;

declare! {
    /// As what somebody reports, asks or complains.
    choice ReporterCategory {
        Employee = "medewerker" "A member of staff.",
        Student = "student" "A student.",
        DataSubject = "andere betrokkene" "Another data subject.",
        Representative = "vertegenwoordiger" "Somebody who acts for a data subject (GDPR Art. 8, 80).",
        Processor = "verwerker" "A processor.",
        SupervisoryAuthority = "toezichthoudende autoriteit" "A supervisory authority.",
        ThirdParty = "derde" "A third party.",
        Other "Another.",
    }

    /// By which channel a report, query or complaint came.
    choice ReportChannel {
        ServiceDesk = "servicedesk" "The service desk.",
        PrivacyMailbox = "privacymailbox" "The privacy mailbox.",
        Email = "e-mail" "Another e-mail address.",
        Letter = "brief" "A letter.",
        Telephone = "telefoon" "The telephone.",
        WebForm = "webformulier" "A form on the web.",
        InPerson = "mondeling" "A conversation.",
        SocialMedia = "sociale media" "A message on social media.",
        ProcessorNotice = "kennisgeving van verwerker" "A notice of a processor (Art. 33(2)).",
        Monitoring = "detectie door een systeem" "Detection by a system.",
        Other "Another.",
    }

    /// How much is at stake, for people or for the institution.
    choice Impact as "CaseImpact" {
        None = "geen" "Nothing of weight.",
        Potential = "mogelijk" "Perhaps something of weight.",
        Significant = "aanzienlijk" "Something of weight.",
        Serious = "ernstig" "People, business, finances or reputation are seriously at risk.",
    }

    /// Who is told of what is serious.
    choice Escalation as "EscalationAddressee" {
        Board = "college van bestuur" "The executive board.",
        Dpo = "FG" "The data protection officer.",
        Legal = "juridische zaken" "Legal affairs.",
    }

    /// It is passed to whom it concerns.
    record Forwarded {
        to: Code? = "aan beheerseenheid" "The unit that takes it over.",
        to_role: Code? = "aan rol" "The role that takes it over.",
        reason: Erasable<String>? "Why.",
        remark: Erasable<String>? "Anything else worth knowing.",
    }

    /// Those who must know of a serious risk are told.
    record Escalated {
        addressees: Vec<Escalation> = "geadresseerden" "Who is told.",
        reason: Erasable<String>? "Why.",
        remark: Erasable<String>? "Anything else worth knowing.",
    }
}

impl Escalated {
    /// Refuses an escalation to nobody, and to one addressee twice.
    pub(in crate::family) fn admit(&self) -> Result<(), Refusal> {
        not_empty("addressees", &self.addressees)?;
        distinct("addressees", &self.addressees)
    }
}
