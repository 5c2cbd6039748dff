//! The register of processing (GDPR Art. 30, 31; P18 6.6; G24 2 and 4): whether what is processed is in it, whether its entries are
//! complete and agree with contracts and arrangements, and whether they can be shown when the authority asks.
//!
//! Longer than most: the table of an area, in two languages, and what judges it stand in one file until rules are data.

use std::collections::BTreeSet;

use crate::family::account::{Account, AccountStatus};
use crate::family::activity::{
    Activity, ActivityStatus, ActivityVersion, Automation, Established, LawfulnessAssessed, LawfulnessOutcome,
    ScopeOutcome,
};
use crate::family::agreement::Agreement;
use crate::family::authority_contact::{AuthorityContact, RequestAnswered};
use crate::family::board_decision::{BoardDecision, BoardDecisionStatus, BoardPlatform, PlatformUse};
use crate::family::breach::{Breach, BreachStatus};
use crate::family::consent_text::{ConsentText, TextStatus};
use crate::family::dossier::Dated;
use crate::family::governance_instrument::InstrumentKind as Governance;
use crate::family::joint_controller_arrangement::JointControllerArrangement;
use crate::family::legitimate_interest_assessment::{AssessmentStatus, LegitimateInterestAssessment};
use crate::family::party::{Party, PartyRole};
use crate::family::platform::Platform;
use crate::family::processor_activity::{Established as DoneForOthers, ProcessorActivity, ProcessorActivityStatus};
use crate::family::publication::Publication;
use crate::family::retention::Retention;
use crate::family::role_assignment::{RoleAssignment, RoleStatus};
use crate::family::transfer_ground::TransferGround;
use crate::ledger::name::{Code, StreamId};
use crate::rule::catalogue::{Area, Rule, check};
use crate::rule::entries::{KINDS, begun, in_register, is_social_media};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::lawfulness::{done_before, measures, policy_since, purposes_are_described, start, systems, the_start};
use crate::rule::norm::{GDPR, GUIDELINE, POLICY};
use crate::rule::template::{Event, Period, complete, coverage, decide, in_force_at, reconcile};
use crate::rule::text::{Text, say, words};
use crate::rule::verdict::{Deadline, Finding, Says};
use crate::time::{Calendar, Limit, PartialDate, Ternary, day_of, local};

pub(in crate::rule) const AREA: Area = Area {
    name: words("register van verwerkingsactiviteiten", "register of processing activities"),
    rules: &[
        Rule {
            id: "REG-01",
            title: words("Wat wordt verwerkt, staat in het register", "What is processed is in the register"),
            explanation: words(
                "Een toestemmingstekst, belangenafweging, overeenkomst, regeling, account, publicatie of datalek dat naar een verwerkingsactiviteit verwijst, verwijst naar een activiteit die op dat moment is vastgesteld. Een activiteit die nog in voorbereiding is en waarmee niets wordt verwerkt, is een aandachtspunt; dat geldt ook als er geen activiteit is genoemd.",
                "A consent text, legitimate-interest assessment, agreement, arrangement, account, publication or breach that refers to an activity refers to one that is established at that moment. An activity still in preparation with which nothing is processed is something to attend to; so is a reference to none at all.",
            ),
            sources: &["GDPR 30(1)", "P18 6.6", "G24 4"],
            checks: &[
                check!(ConsentText, Law, Accountability, GDPR, [Coverage], text_is_registered),
                check!(LegitimateInterestAssessment, Law, Accountability, GDPR, [Coverage], assessment_is_registered),
                check!(Agreement, Law, Accountability, GDPR, [Coverage], agreement_is_registered),
                check!(JointControllerArrangement, Law, Accountability, GDPR, [Coverage], arrangement_is_registered),
                check!(Account, Law, Accountability, GDPR, [Coverage], account_is_registered),
                check!(Publication, Law, Accountability, GDPR, [Coverage], publication_is_registered),
                check!(Breach, Law, Accountability, GDPR, [Coverage], breach_is_registered),
            ],
        },
        Rule {
            id: "REG-02",
            title: words("De registerregel is volledig", "The register entry is complete"),
            explanation: words(
                "De registerregel heeft de gegevens van artikel 30, eerste lid, en de grondslagen. Geen ontvangers of doorgiften is ook een antwoord, behalve waar een overeenkomst, regeling of doorgifte het tegendeel laat zien. De richtlijn vraagt bij sociale media het doel en de bewerkingen.",
                "The register entry has what Article 30(1) asks, and the legal bases. No recipients or transfers is an answer too, except where an agreement, arrangement or transfer shows otherwise. The guideline asks the objective and the operations for social media.",
            ),
            sources: &["GDPR 30(1)(a)-(g)", "G24 4"],
            checks: &[
                check!(Activity, Law, Accountability, GDPR, [Complete], entry_is_complete),
                check!(Activity, Guideline, Accountability, GUIDELINE, [Complete], entry_describes_the_use),
            ],
        },
        Rule {
            id: "REG-03",
            title: words("De verwerking is bij de FG gemeld", "Processing is notified to the data protection officer"),
            explanation: words(
                "Elke geheel of gedeeltelijk geautomatiseerde verwerking is bij de functionaris voor gegevensbescherming gemeld. Het beleid zegt niet dat dit vooraf moet; een melding pas na de start is een aandachtspunt.",
                "Every wholly or partly automated processing is notified to the data protection officer. The policy does not say that it must come first; a notification only after the start is something to attend to.",
            ),
            sources: &["GDPR 39(1)(b)", "P18 6.6"],
            checks: &[check!(Activity, Policy, Accountability, POLICY, [Order], officer_is_notified)],
        },
        Rule {
            id: "REG-04",
            title: words("De FG toetst de rechtmatigheid", "The data protection officer assesses lawfulness"),
            explanation: words(
                "Van elke versie die een doeleinde, grondslag, ontvanger of doorgifte wijzigt, heeft de functionaris de rechtmatigheid getoetst voordat zij ging gelden; van een grondslag die tussentijds verandert ook. Versies van voordat het beleid gold, zijn alsnog getoetst.",
                "The officer has assessed the lawfulness of each version that changes a purpose, basis, recipient or transfer before it took effect, and of a basis that changes in between. Versions from before the policy held were assessed afterwards.",
            ),
            sources: &["GDPR 5(2)", "GDPR 39(1)(b)", "P18 6.6"],
            checks: &[check!(Activity, Policy, Accountability, POLICY, [Order], officer_assesses_lawfulness)],
        },
        Rule {
            id: "REG-05",
            title: words("Elke wijziging is een herkenbare versie", "Every change is an identifiable version"),
            explanation: words(
                "De versies van een registerregel tellen zonder gat of dubbeling door, en op elk moment geldt er precies één.",
                "The versions of a register entry count on without a gap or a double, and at each moment exactly one of them is in force.",
            ),
            sources: &["GDPR 5(2)", "GDPR 30", "P18 6.6", "G24 4"],
            checks: &[check!(Activity, Policy, Accountability, POLICY, [Reconcile], versions_are_a_chain)],
        },
        Rule {
            id: "REG-06",
            title: words("De registerregel noemt de verantwoordelijken", "The entry names who is responsible"),
            explanation: words(
                "De registerregel noemt de verwerkingsverantwoordelijke en hoe de FG te bereiken is, en als gezamenlijke verwerkingsverantwoordelijken precies de partijen met wie een regeling geldt. Verwerkingsverantwoordelijke is de rechtspersoon; noemt de regel een ander dan wie die rol heeft, zoals het bestuur dat het beleid aanwijst, dan is dat naar de wet een aandachtspunt.",
                "The entry names the controller and how the data protection officer is reached, and as joint controllers exactly the parties with which an arrangement is in force. The controller is the legal person; an entry that names another than the holder of that role, such as the board that the policy designates, is something to attend to under the law.",
            ),
            sources: &["GDPR 4(7)", "GDPR 26", "GDPR 30(1)(a)", "P18 5", "P18 8.1A", "G24 4"],
            checks: &[
                check!(Activity, Law, Accountability, GDPR, [Complete, Reconcile], responsible_by_law),
                check!(Activity, Policy, Accountability, POLICY, [Complete], responsible_by_policy),
            ],
        },
        Rule {
            id: "REG-07",
            title: words(
                "Ontvangers en derde landen kloppen met de overeenkomsten",
                "Recipients and third countries match the contracts",
            ),
            explanation: words(
                "Elke verwerker in de registerregel heeft een overeenkomst die geldt, elke partij met zo'n overeenkomst staat in de regel, en de doorgiften in de regel zijn die welke zijn vastgelegd. Ontvangers zonder overeenkomst bestaan ook.",
                "Each processor in the entry has an agreement in force, each party with such an agreement is in the entry, and the transfers in the entry are those that are recorded. There are recipients without a contract too.",
            ),
            sources: &["GDPR 28", "GDPR 30(1)(d)", "GDPR 30(1)(e)", "P18 6.8", "P18 8.1A"],
            checks: &[check!(Activity, Law, Accountability, GDPR, [Coverage, Reconcile], recipients_match)],
        },
        Rule {
            id: "REG-08",
            title: words(
                "Elke categorie gegevens heeft een bewaartermijn",
                "Each category of data has a retention period",
            ),
            explanation: words(
                "Voor elke categorie gegevens noemt de registerregel, of een bewaartermijn die voor de activiteit is bepaald, wanneer zij worden gewist; één termijn voor alle overige gegevens volstaat.",
                "For each category of data the entry, or a retention period set for the activity, says when they are erased; one period for all other data will do.",
            ),
            sources: &["GDPR 30(1)(f)", "P18 6.5", "P18 8.1A"],
            checks: &[check!(Activity, Law, Accountability, GDPR, [Coverage], retention_is_set)],
        },
        Rule {
            id: "REG-09",
            title: words("De verantwoording kan worden getoond", "The justification can be shown"),
            explanation: words(
                "Een verzoek van de toezichthouder is beantwoord binnen de termijn die hij stelde of verlengde, en bij het antwoord is een bewijsdossier verstrekt. Of een dossier zonder onbesliste regels kan worden gemaakt, blijkt uit het toetsblad van de activiteit zelf en wordt hier niet beoordeeld.",
                "A request of the authority is answered within the term that it set or extended, and an evidence dossier was handed over with the answer. Whether a dossier can be made without undecided rules shows from the sheet of the activity itself and is not judged here.",
            ),
            sources: &["GDPR 5(2)", "GDPR 30(4)", "GDPR 31", "GDPR 58(1)", "G24 3.1", "G24 4"],
            checks: &[check!(AuthorityContact, Law, Accountability, GDPR, [Deadline, Complete], request_is_answered)],
        },
        Rule {
            id: "REG-10",
            title: words("De gebruikte platforms zijn bekend", "The platforms in use are known"),
            explanation: words(
                "Een account in gebruik en een publicatie die nog zichtbaar is, staan op een geregistreerd platform waarover een besluit van het College van Bestuur geldt. Is het gebruik opgeschort, dan is wat er nog staat een aandachtspunt. De eigen website is geen platform.",
                "An account in use and a publication that is still up are on a registered platform that a decision in force of the Executive Board covers. Where its use is suspended, what is still there is something to attend to. The institution's own website is no platform.",
            ),
            sources: &["GDPR 24", "GDPR 30", "G24 2"],
            checks: &[
                check!(Account, Guideline, Accountability, GUIDELINE, [InForceAt], account_is_on_a_known_platform),
                check!(
                    Publication,
                    Guideline,
                    Accountability,
                    GUIDELINE,
                    [InForceAt],
                    publication_is_on_known_platforms
                ),
            ],
        },
        Rule {
            id: "REG-11",
            title: words("Het register als verwerker is volledig", "The register as a processor is complete"),
            explanation: words(
                "Wat de instelling als verwerker voor een ander doet, staat in een registerregel met de gegevens van artikel 30, tweede lid. Contactgegevens van de verwerkingsverantwoordelijke mogen ook bij de partij zijn vastgelegd.",
                "What the institution does as a processor for another is in an entry with what Article 30(2) asks. How the controller is reached may also be recorded of the party.",
            ),
            sources: &["GDPR 30(2)"],
            checks: &[check!(
                ProcessorActivity,
                Law,
                Accountability,
                GDPR,
                [InForceAt, Complete],
                entry_as_processor_is_complete
            )],
        },
        Rule {
            id: "REG-12",
            title: words(
                "Elke vorm van gebruik van sociale media staat in het register",
                "Each kind of use of social media is in the register",
            ),
            explanation: words(
                "Voor elke vorm van gebruik die de richtlijn noemt, is een registerregel vastgesteld die geldt, of is vastgelegd waarom niet. Noemt de richtlijn geen eigen lijst als parameter (useKinds), dan zijn het de zes van haar hoofdstuk 4.",
                "For each kind of use that the guideline names an entry is established and in force, or it is recorded why not. Where the guideline gives no list of its own as a parameter (useKinds), they are the six of its chapter 4.",
            ),
            sources: &["GDPR 30", "G24 4"],
            checks: &[check!(
                institution,
                Guideline,
                Accountability,
                GUIDELINE,
                [Coverage],
                each_kind_of_use_is_registered
            )],
        },
    ],
};

fn idle(nl: &str, en: &str) -> Finding {
    Finding::not_applicable(Text::new(nl, en))
}

// --- Contracts that bind -------------------------------------------------------------------------------------------

/// Whether an agreement binds at the moment; its last day included.
fn binds<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> bool {
    let ended = agreement.expired.is_some() || agreement.termination.is_some();
    let past = agreement.to.is_some_and(|to| inquiry.reached(to.latest().next()));
    agreement.execution.is_some() && !ended && !past && inquiry.within(agreement.from.as_ref(), None) != Ternary::False
}

fn agreements<'w>(inquiry: &Inquiry<'w>, activity: &StreamId) -> Vec<Seen<'w, Agreement>> {
    let mut found = inquiry.related::<Agreement>("activity", activity);
    found.retain(|agreement| binds(inquiry, *agreement));
    found
}

/// Whether an arrangement was agreed and binds at the moment.
fn is_agreed<'w>(inquiry: &Inquiry<'w>, arrangement: Seen<'w, JointControllerArrangement>) -> bool {
    let agreed = arrangement.agreed.is_some() && arrangement.terminated.is_none();
    agreed && inquiry.within(arrangement.from.as_ref(), arrangement.to.as_ref()) != Ternary::False
}

fn arrangements<'w>(inquiry: &Inquiry<'w>, activity: &StreamId) -> Vec<Seen<'w, JointControllerArrangement>> {
    let mut found = inquiry.related::<JointControllerArrangement>("activity", activity);
    found.retain(|arrangement| is_agreed(inquiry, *arrangement));
    found
}

/// The transfers of an activity by which data go at the moment.
fn transfers<'w>(inquiry: &Inquiry<'w>, activity: &StreamId) -> Vec<Seen<'w, TransferGround>> {
    let mut found = inquiry.related::<TransferGround>("activity", activity);
    found.retain(|transfer| {
        transfer.running_since.is_some_and(|since| inquiry.within(Some(&since), None) != Ternary::False)
    });
    found
}

// --- REG-01 ----------------------------------------------------------------------------------------------------------

/// Whether what refers to an activity means that its data are processed, or only that it will be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reference {
    Prepares,
    Processes,
}

/// Each activity that is referred to is in the register. A reference to none is something to attend to.
fn refers<'w>(
    inquiry: &Inquiry<'w>,
    activities: impl IntoIterator<Item = &'w StreamId>,
    reference: Reference,
) -> Finding {
    let activities: BTreeSet<&StreamId> = activities.into_iter().collect();
    let findings = activities.into_iter().map(|activity| is_registered(inquiry, activity, reference));
    Finding::all(findings, || {
        Finding::warn(words(
            "er is geen verwerkingsactiviteit genoemd; of zij in het register staat, is niet te zien",
            "no processing activity is named; whether it is in the register cannot be seen",
        ))
    })
}

fn is_registered<'w>(inquiry: &Inquiry<'w>, activity: &'w StreamId, reference: Reference) -> Finding {
    let Some(activity) = inquiry.state::<Activity>(activity) else {
        return Finding::fail(words(
            "de activiteit waarnaar wordt verwezen, staat op dat moment niet in het register",
            "the activity that is referred to is not in the register at that moment",
        ));
    };
    let started = activity.started.is_some();
    match &activity.state.current {
        Some(version) if activity.status == ActivityStatus::Obsolete => Finding::fail(words(
            "de registerregel waarnaar wordt verwezen, is vervallen",
            "the entry that is referred to has lapsed",
        ))
        .by(version.sequence)
        .by_all(&activity.obsolescence),
        Some(version) => Finding::pass(say!(
            "de activiteit staat in het register, in versie {}",
            "the activity is in the register, in version {}",
            version.entry.version
        ))
        .by(version.sequence),
        None if started || reference == Reference::Processes => Finding::fail(words(
            "de activiteit waarnaar wordt verwezen, is niet vastgesteld, terwijl er wordt verwerkt",
            "the activity that is referred to is not established, while data are processed",
        )),
        None => Finding::warn(words(
            "de activiteit waarnaar wordt verwezen, is in voorbereiding en nog niet vastgesteld",
            "the activity that is referred to is in preparation and not established yet",
        )),
    }
}

fn text_is_registered<'w>(inquiry: &Inquiry<'w>, text: Seen<'w, ConsentText>) -> Finding {
    let state: &'w ConsentText = text.state;
    if state.status == TextStatus::Superseded {
        return idle("de tekst wordt niet meer voorgelegd", "the text is offered no more");
    }
    if state.status == TextStatus::Unpublished && state.banners.is_empty() {
        return idle("de tekst is nog niet gepubliceerd", "the text is not published yet");
    }
    // Where the text names none, those do that rest on it.
    let resting = inquiry.related::<Activity>("consentText", text.stream);
    refers(inquiry, state.activity.iter().chain(resting.iter().map(|activity| activity.stream)), Reference::Prepares)
}

fn assessment_is_registered<'w>(inquiry: &Inquiry<'w>, assessment: Seen<'w, LegitimateInterestAssessment>) -> Finding {
    let state: &'w LegitimateInterestAssessment = assessment.state;
    if !matches!(state.status, AssessmentStatus::Approved | AssessmentStatus::UnderReview) {
        return idle(
            "de belangenafweging is niet goedgekeurd, of niet meer van kracht",
            "the assessment is not approved, or in force no more",
        );
    }
    let resting = inquiry.related::<Activity>("assessment", assessment.stream);
    refers(inquiry, state.activity.iter().chain(resting.iter().map(|activity| activity.stream)), Reference::Prepares)
        .by_all(&state.approval)
}

fn agreement_is_registered<'w>(inquiry: &Inquiry<'w>, agreement: Seen<'w, Agreement>) -> Finding {
    let state: &'w Agreement = agreement.state;
    if !binds(inquiry, agreement) {
        return idle("de overeenkomst bindt op dat moment niet", "the agreement does not bind at that moment");
    }
    refers(inquiry, &state.activities, Reference::Prepares).by_all(&state.execution)
}

fn arrangement_is_registered<'w>(inquiry: &Inquiry<'w>, arrangement: Seen<'w, JointControllerArrangement>) -> Finding {
    let state: &'w JointControllerArrangement = arrangement.state;
    if !is_agreed(inquiry, arrangement) {
        return idle("de regeling bindt op dat moment niet", "the arrangement does not bind at that moment");
    }
    refers(inquiry, &state.activities, Reference::Prepares).by_all(&state.agreed)
}

/// Whether an account is in use, as far as recorded.
fn is_open(account: Seen<'_, Account>) -> bool {
    account.opened.is_some() && account.status != AccountStatus::Closed
}

fn account_is_registered<'w>(inquiry: &Inquiry<'w>, account: Seen<'w, Account>) -> Finding {
    let state: &'w Account = account.state;
    if !is_open(account) {
        return idle("het account is niet in gebruik", "the account is not in use").by_all(&state.closed);
    }
    let registered = state.registered.iter().flat_map(|registered| &registered.fact.activities);
    let opened = state.opened.iter().flat_map(|opened| &opened.fact.activities);
    let inbound = state.mode_set.last().and_then(|set| set.fact.inbound_activity.as_ref());
    refers(inquiry, registered.chain(opened).chain(inbound), Reference::Processes).by_all(&state.opened)
}

fn publication_is_registered<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    let state: &'w Publication = publication.state;
    let published = state.content_published.iter().map(|fact| (fact.evidence(), &fact.fact.activity));
    let analysed = state.analytics_run_recorded.iter().map(|fact| (fact.evidence(), &fact.fact.activity));
    let collected = state.lead_collected.iter().map(|fact| (fact.evidence(), &fact.fact.activity));
    let added = state.group_member_added.iter().map(|fact| (fact.evidence(), &fact.fact.activity));
    let sent = state.direct_marketing_sent.iter().map(|fact| (fact.evidence(), &fact.fact.activity));
    let facts = published.chain(analysed).chain(collected).chain(added).chain(sent);
    let findings = facts.map(|(fact, activity)| refers(inquiry, activity, Reference::Processes).by(fact));
    Finding::all(findings, || idle("er is nog niets gepubliceerd", "nothing is published yet"))
}

fn breach_is_registered<'w>(inquiry: &Inquiry<'w>, breach: Seen<'w, Breach>) -> Finding {
    let state: &'w Breach = breach.state;
    if matches!(state.status, BreachStatus::Unreported | BreachStatus::Dismissed) {
        return idle("er is geen datalek vastgesteld", "no breach was found");
    }
    refers(inquiry, &state.activities, Reference::Processes)
}

// --- REG-02 ----------------------------------------------------------------------------------------------------------

fn entry_is_complete<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    in_register(inquiry, activity, |version| {
        let entry = &version.entry;
        let listed =
            !(entry.recipients.is_empty() && entry.processors.is_empty() && entry.joint_controllers.is_empty());
        let others =
            !(agreements(inquiry, activity.stream).is_empty() && arrangements(inquiry, activity.stream).is_empty());
        let going = !transfers(inquiry, activity.stream).is_empty();
        let based = |code: &Code| version.legal_bases.iter().any(|basis| basis.purpose == *code);
        let bases = !entry.purposes.is_empty() && entry.purposes.iter().all(|purpose| based(&purpose.code));
        let what = Text::new("de registerregel", "the register entry");
        let parts = [
            (Text::new("de verwerkingsverantwoordelijke (a)", "the controller (a)"), entry.controller.is_some()),
            (Text::new("de doeleinden (b)", "the purposes (b)"), !entry.purposes.is_empty()),
            (
                Text::new("de categorieën betrokkenen (c)", "the categories of data subjects (c)"),
                !entry.subject_categories.is_empty(),
            ),
            (
                Text::new("de categorieën persoonsgegevens (c)", "the categories of personal data (c)"),
                !entry.data_categories.is_empty(),
            ),
            (Text::new("de ontvangers (d)", "the recipients (d)"), listed || !others),
            (Text::new("de doorgiften (e)", "the transfers (e)"), !entry.transfers.is_empty() || !going),
            (
                Text::new("de bewaartermijnen (f)", "the retention periods (f)"),
                !entry.retention.is_empty() || !periods(inquiry, activity.stream).is_empty(),
            ),
            (
                Text::new("de beveiligingsmaatregelen (g)", "the security measures (g)"),
                says_how_secured(inquiry, entry),
            ),
            (Text::new("de grondslagen", "the legal bases"), bases),
        ];
        complete(&what, parts).by(version.sequence)
    })
}

/// A general description of security: the entry's own, or that of a system it names.
fn says_how_secured<'w>(inquiry: &Inquiry<'w>, entry: &'w Established) -> bool {
    let own = entry.security.as_ref().is_some_and(|security| security.class.is_some() || !security.measures.is_empty());
    let mut systems = systems(inquiry, entry).into_iter().filter_map(|(_, system)| system);
    own || systems.any(|system| measures(inquiry, system).next().is_some())
}

fn entry_describes_the_use<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    in_register(inquiry, activity, |version| {
        if !is_social_media(&version.entry) {
            return idle("de activiteit gebruikt geen sociale media", "the activity uses no social media");
        }
        let what = Text::new("de beschrijving van het gebruik", "the description of the use");
        let operations =
            (Text::new("de bewerkingen", "the processing operations"), !version.entry.operations.is_empty());
        purposes_are_described(version).and(complete(&what, [operations])).by(version.sequence)
    })
}

// --- REG-03 ----------------------------------------------------------------------------------------------------------

fn officer_is_notified<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    begun(inquiry, activity, || {
        let automation = activity.current.as_ref().and_then(|version| version.entry.automation);
        if automation == Some(Automation::ManualFiled) {
            return idle("de verwerking is niet geautomatiseerd", "the processing is not automated");
        }
        let what = Text::new("de melding bij de FG", "the notification to the data protection officer");
        let first = activity.notifications.first().map(Event::from);
        let finding = done_before(policy_since(inquiry), (&what, first), (&the_start(), start(inquiry, activity)));
        if first.is_some() { finding.at_most_warn() } else { finding }
    })
}

// --- REG-04 ----------------------------------------------------------------------------------------------------------

/// A change that the officer has to assess before it takes effect.
struct Change {
    what: Text,
    at: Event,
    /// The version, where it is one.
    version: Option<u32>,
    /// When the state before it began: an assessment from before then was about something else.
    after: Option<PartialDate>,
}

fn officer_assesses_lawfulness<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    begun(inquiry, activity, || {
        let since = policy_since(inquiry);
        let findings = changes(activity).into_iter().map(|change| is_assessed(activity, since, &change));
        Finding::all(findings, || {
            Finding::fail(words(
                "de verwerking loopt zonder vastgestelde registerregel om te toetsen",
                "the processing runs without an established entry that could be assessed",
            ))
        })
    })
}

/// The versions that change a purpose, basis, recipient or transfer, and the bases that changed in between.
fn changes<'w>(activity: Seen<'w, Activity>) -> Vec<Change> {
    let state: &'w Activity = activity.state;
    let mut found = Vec::new();
    let mut before: Option<&ActivityVersion> = None;
    for version in state.versions() {
        if before.is_none_or(|before| differ(&before.entry, &version.entry)) {
            let number = version.entry.version;
            found.push(Change {
                what: say!("de ingang van versie {number}", "the beginning of version {number}"),
                at: Event::new(version.from, version.sequence),
                version: Some(number),
                after: before.map(|before| before.from),
            });
        }
        before = Some(version);
    }
    if let Some(version) = &state.current {
        // Those that the version did not bring itself.
        let later = version.legal_bases.iter().filter(|basis| version.from.before(&basis.since) == Ternary::True);
        found.extend(later.map(|basis| Change {
            what: say!("de nieuwe grondslag van {}", "the new legal basis of {}", basis.purpose),
            at: Event::new(basis.since, basis.sequence),
            version: None,
            after: Some(version.from),
        }));
    }
    found
}

fn differ(before: &Established, after: &Established) -> bool {
    let purposes =
        |entry: &Established| -> BTreeSet<Code> { entry.purposes.iter().map(|purpose| purpose.code.clone()).collect() };
    let rebased = after.purposes.iter().any(|purpose| {
        let old = before.purposes.iter().find(|old| old.code == purpose.code);
        old.is_some_and(|old| purpose.basis.is_some() && purpose.basis != old.basis)
    });
    let set = |codes: &[Code]| -> BTreeSet<Code> { codes.iter().cloned().collect() };
    let to = |entry: &Established| -> BTreeSet<(Code, Code)> {
        entry.transfers.iter().map(|transfer| (transfer.recipient.clone(), transfer.country.clone())).collect()
    };
    purposes(before) != purposes(after)
        || rebased
        || set(&before.recipients) != set(&after.recipients)
        || set(&before.processors) != set(&after.processors)
        || set(&before.joint_controllers) != set(&after.joint_controllers)
        || to(before) != to(after)
}

fn is_assessed(activity: Seen<'_, Activity>, since: Option<PartialDate>, change: &Change) -> Finding {
    let about = |made: &&Dated<LawfulnessAssessed>| match (made.fact.version, change.version) {
        (Some(assessed), Some(version)) => assessed == version,
        // Without a number it is about what comes next, or about what was in force.
        (None, _) | (_, None) => change.after.is_none_or(|after| after.day_not_after(&made.from) == Ternary::True),
    };
    let what =
        Text::new("de rechtmatigheidstoets door de FG", "the assessment of lawfulness by the data protection officer");
    let assessed = activity.state.assessments.iter().find(about);
    let finding = done_before(since, (&what, assessed.map(Event::from)), (&change.what, Some(change.at)));
    let unlawful = assessed.filter(|made| made.fact.outcome == LawfulnessOutcome::Unlawful);
    unlawful.map_or(finding.clone(), |made| {
        finding.and(
            Finding::warn(words(
                "de FG vond de verwerking onrechtmatig",
                "the data protection officer found the processing unlawful",
            ))
            .by(made),
        )
    })
}

// --- REG-05 ----------------------------------------------------------------------------------------------------------

fn versions_are_a_chain<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    in_register(inquiry, activity, |current| {
        let versions: Vec<&ActivityVersion> = activity.state.versions().collect();
        let numbers: BTreeSet<u32> = versions.iter().map(|version| version.entry.version).collect();
        let what = Text::new("het aantal versies", "the number of versions");
        let counted = reconcile(&what, &current.entry.version, &u32::try_from(numbers.len()).unwrap_or(u32::MAX));
        let said: BTreeSet<_> = versions.iter().map(|version| version.sequence).collect();
        // What established a version that was there already is noted, and in no version.
        let facts = inquiry.facts(activity.stream).into_iter();
        let versioning = facts.filter(|fact| matches!(fact.fact.as_str(), "established" | "amended"));
        let forks = versioning.filter(|fact| !said.contains(&fact.recorded.sequence)).map(|fact| {
            Finding::fail(words(
                "een versie past niet in de reeks: zij is al vastgesteld, of er was nog niets te wijzigen",
                "a version does not fit in the chain: it was established already, or there was nothing to amend yet",
            ))
            .by(fact.recorded.sequence)
        });
        let in_force = decide(
            inquiry.within(Some(&current.from), None),
            || Finding::pass(say!("versie {} geldt", "version {} is in force", current.entry.version)),
            || idle("de versie geldt nog niet", "the version is not in force yet"),
            || {
                Finding::indeterminate(say!(
                    "of versie {} al geldt, beslist de datum niet",
                    "the date does not decide whether version {} is in force yet",
                    current.entry.version
                ))
            },
        );
        forks.fold(counted.and(in_force).by(current.sequence), Finding::and)
    })
}

// --- REG-06 ----------------------------------------------------------------------------------------------------------

fn responsible_by_law<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    in_register(inquiry, activity, |version| {
        let named = responsible_are_named(inquiry, version);
        named.and(is_the_legal_person(inquiry, version)).and(joint_controllers_match(inquiry, activity, version))
    })
}

fn responsible_by_policy<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    in_register(inquiry, activity, |version| responsible_are_named(inquiry, version))
}

fn responsible_are_named(inquiry: &Inquiry<'_>, version: &ActivityVersion) -> Finding {
    let what = Text::new("wie verantwoordelijk is", "who is responsible");
    let entry = &version.entry;
    let parts = [
        (Text::new("de verwerkingsverantwoordelijke", "the controller"), entry.controller.is_some()),
        (officer_contact(), entry.dpo_contact.is_some() || officer_is_published(inquiry)),
    ];
    complete(&what, parts).by(version.sequence)
}

fn officer_contact() -> Text {
    Text::new("de contactgegevens van de FG", "how the data protection officer is reached")
}

/// Roles of a name that are held at the moment.
fn held<'w>(inquiry: &Inquiry<'w>, role: &str) -> Vec<Seen<'w, RoleAssignment>> {
    let mut found = inquiry.related::<RoleAssignment>("role", role);
    found.retain(|held| {
        held.status == RoleStatus::InForce
            && inquiry.within(held.from.as_ref(), None) != Ternary::False
            && !held.until.is_some_and(|until| inquiry.reached(until.latest().next()))
    });
    found
}

/// Whether the officer's contact details are public (Art. 37(7)): then the register need not repeat them in each entry.
fn officer_is_published(inquiry: &Inquiry<'_>) -> bool {
    let officers = held(inquiry, "DPO");
    let published = officers.iter().filter_map(|officer| officer.state.dpo_designated.last()?.fact.contact_published);
    published.into_iter().any(|published| inquiry.happened(&published) == Ternary::True)
}

/// The controller is the legal person, as the assignment of that role has it.
fn is_the_legal_person(inquiry: &Inquiry<'_>, version: &ActivityVersion) -> Finding {
    let roles = held(inquiry, "CONTROLLER");
    let holders: Vec<_> = roles.iter().filter_map(|role| Some((role.state.holder.as_ref()?, role.state))).collect();
    let Some(named) = version.entry.controller.as_ref().filter(|_| !holders.is_empty()) else {
        return idle("er is niets om mee te vergelijken", "there is nothing to compare with");
    };
    match holders.iter().find(|(holder, _)| *holder == named) {
        Some((_, role)) => {
            Finding::pass(say!("{named} heeft de rol van verwerkingsverantwoordelijke", "{named} holds the role of controller"))
                .by_all(role.assigned.last())
        }
        None => Finding::warn(say!(
            "de registerregel noemt {named}, die de rol van verwerkingsverantwoordelijke niet heeft; dat is de rechtspersoon, niet zijn bestuur",
            "the entry names {named}, which does not hold the role of controller; that is the legal person, not its board"
        ))
        .by_all(holders.iter().filter_map(|(_, role)| role.assigned.last())),
    }
    .by(version.sequence)
}

fn joint_controllers_match<'w>(
    inquiry: &Inquiry<'w>,
    activity: Seen<'w, Activity>,
    version: &'w ActivityVersion,
) -> Finding {
    let listed = &version.entry.joint_controllers;
    let agreed = arrangements(inquiry, activity.stream);
    let with = |party: &Code| agreed.iter().find(|arrangement| arrangement.party.as_ref() == Some(party));
    let in_entry = listed.iter().map(|party| match with(party) {
        Some(arrangement) => Finding::pass(say!("met {party} geldt een regeling", "an arrangement with {party} is in force"))
            .by_all(&arrangement.state.agreed)
            .and(party_is_known(inquiry, party)),
        None => Finding::fail(say!(
            "{party} staat als gezamenlijke verwerkingsverantwoordelijke in de registerregel, maar er geldt geen regeling",
            "{party} is a joint controller in the entry, but no arrangement is in force"
        )),
    });
    let parties = agreed.iter().filter_map(|arrangement| Some((*arrangement, arrangement.state.party.as_ref()?)));
    let unlisted = parties.filter(|(_, party)| !listed.contains(party)).map(|(arrangement, party)| {
        Finding::fail(say!(
            "met {party} geldt een regeling, maar de registerregel noemt die partij niet als gezamenlijke verwerkingsverantwoordelijke",
            "an arrangement with {party} is in force, but the entry does not name that party as a joint controller"
        ))
        .by_all(&arrangement.state.agreed)
    });
    Finding::all(in_entry.chain(unlisted).collect::<Vec<_>>(), || {
        idle("er is geen gezamenlijke verwerkingsverantwoordelijke", "there is no joint controller")
    })
    .by(version.sequence)
}

/// A code in the entry leads to a party that is recorded.
fn party_is_known(inquiry: &Inquiry<'_>, party: &Code) -> Finding {
    let found = inquiry.related::<Party>("party", party).into_iter().next();
    match found.and_then(|found| found.state.registered.as_ref()) {
        Some(registered) => {
            Finding::pass(say!("{party} is als partij vastgelegd", "{party} is recorded as a party")).by(registered)
        }
        None => Finding::indeterminate(say!("wie {party} is, is niet vastgelegd", "who {party} is, is not recorded")),
    }
}

// --- REG-07 ----------------------------------------------------------------------------------------------------------

fn recipients_match<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    in_register(inquiry, activity, |version| {
        let mut findings = processors_match(inquiry, activity, &version.entry);
        findings.extend(transfers_match(inquiry, activity, &version.entry));
        Finding::all(findings, || {
            idle(
                "er zijn geen verwerkers, overeenkomsten of doorgiften om te vergelijken",
                "there are no processors, agreements or transfers to compare",
            )
        })
        .by(version.sequence)
    })
}

fn processors_match<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>, entry: &'w Established) -> Vec<Finding> {
    let agreements = agreements(inquiry, activity.stream);
    // A recipient may be a processor too, as it was found to be for this activity.
    let found_to_be = inquiry.related::<Party>("activity", activity.stream);
    let found_to_be = found_to_be.iter().filter(|party| {
        party
            .state
            .roles
            .iter()
            .any(|role| role.activity.as_ref() == Some(activity.stream) && role.role == PartyRole::Processor)
    });
    let qualified: BTreeSet<&Code> =
        found_to_be.filter_map(|party| Some(&party.state.registered.as_ref()?.fact.party)).collect();
    let qualified = entry.recipients.iter().filter(|party| qualified.contains(party));
    let processors: BTreeSet<&Code> = entry.processors.iter().chain(qualified).collect();
    let covered = processors.iter().map(|party| {
        match agreements.iter().find(|agreement| agreement.state.party.as_ref() == Some(*party)) {
            Some(agreement) => Finding::pass(say!(
                "met verwerker {party} geldt een overeenkomst",
                "an agreement with processor {party} is in force"
            ))
            .by_all(&agreement.state.execution),
            None => Finding::fail(say!(
                "met verwerker {party} geldt geen overeenkomst over deze activiteit",
                "no agreement with processor {party} on this activity is in force"
            )),
        }
    });
    let listed = |party: &Code| entry.recipients.contains(party) || entry.processors.contains(party);
    let unlisted = agreements.iter().filter_map(|agreement| {
        let party = agreement.state.party.as_ref().filter(|party| !listed(party))?;
        let missing = say!(
            "met {party} geldt een verwerkersovereenkomst, maar de registerregel noemt die partij niet",
            "a processor agreement with {party} is in force, but the entry does not name that party"
        );
        Some(Finding::fail(missing).by_all(&agreement.state.execution))
    });
    covered.chain(unlisted).collect()
}

fn transfers_match<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>, entry: &'w Established) -> Vec<Finding> {
    let recorded = inquiry.related::<TransferGround>("activity", activity.stream);
    let going = transfers(inquiry, activity.stream);
    let same = |transfer: &TransferGround, party: &Code, country: &Code| {
        transfer.importer.as_ref() == Some(party) && transfer.country.as_ref() == Some(country)
    };
    let in_entry = entry.transfers.iter().map(|listed| {
        let (party, country) = (&listed.recipient, &listed.country);
        let known = recorded.iter().find(|transfer| transfer.ceased.is_none() && same(transfer.state, party, country));
        match known {
            Some(transfer) => Finding::pass(say!(
                "de doorgifte aan {party} ({country}) is vastgelegd",
                "the transfer to {party} ({country}) is recorded"
            ))
            .by_all(&transfer.state.identified),
            None => Finding::fail(say!(
                "de registerregel noemt een doorgifte aan {party} ({country}) waarvan niets is vastgelegd",
                "the entry names a transfer to {party} ({country}) of which nothing is recorded"
            )),
        }
    });
    let unlisted = going.iter().filter_map(|transfer| {
        let (party, country) = (transfer.state.importer.as_ref()?, transfer.state.country.as_ref()?);
        let listed = entry.transfers.iter().any(|listed| same(transfer.state, &listed.recipient, &listed.country));
        let missing = say!(
            "aan {party} ({country}) worden gegevens doorgegeven, maar de registerregel noemt die doorgifte niet",
            "data go to {party} ({country}), but the entry does not name that transfer"
        );
        (!listed).then(|| Finding::fail(missing).by_all(&transfer.state.identified))
    });
    in_entry.chain(unlisted).collect()
}

// --- REG-08 ----------------------------------------------------------------------------------------------------------

/// The retention periods set for an activity.
fn periods<'w>(inquiry: &Inquiry<'w>, activity: &StreamId) -> Vec<Seen<'w, Retention>> {
    let mut found = inquiry.related::<Retention>("activity", activity);
    found.retain(|retention| retention.period.as_ref().is_some_and(|period| period.fact.term.is_some()));
    found
}

fn retention_is_set<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Finding {
    in_register(inquiry, activity, |version| {
        let entry = &version.entry;
        let periods = periods(inquiry, activity.stream);
        let stated = entry.retention.iter().map(|retention| retention.category.as_ref());
        let stated: Vec<Option<&Code>> =
            stated.chain(periods.iter().map(|period| period.state.category.as_ref())).collect();
        let said = periods.iter().filter_map(|period| period.state.period.as_ref());
        let needed: BTreeSet<Code> = entry.data_categories.iter().map(|category| category.code.clone()).collect();
        let what =
            Text::new("de bewaartermijn per categorie gegevens", "the retention period of each category of data");
        if stated.is_empty() {
            return Finding::fail(words("er is geen bewaartermijn vastgelegd", "no retention period is recorded"))
                .by(version.sequence);
        }
        let covered: BTreeSet<Code> =
            if stated.contains(&None) { needed.clone() } else { stated.into_iter().flatten().cloned().collect() };
        coverage(&what, &needed, &covered).by(version.sequence).by_all(said)
    })
}

// --- REG-09 ----------------------------------------------------------------------------------------------------------

fn request_is_answered<'w>(inquiry: &Inquiry<'w>, contact: Seen<'w, AuthorityContact>) -> Finding {
    let state: &'w AuthorityContact = contact.state;
    let Some(requested) = &state.requested else {
        return idle("er is geen verzoek van de toezichthouder", "there is no request of the authority");
    };
    // An answer that says of itself that it is not all does not settle the request.
    let answer = state.answers.iter().find(|answer| answer.fact.complete != Some(false));
    let shown =
        answer.map_or_else(|| idle("er is nog geen antwoord", "there is no answer yet"), dossier_is_handed_over);
    let in_time = match (limit(contact), answer, &state.closed) {
        (None, Some(answer), _) => Finding::pass(words(
            "het verzoek is beantwoord; een termijn is niet genoemd",
            "the request is answered; no term was named",
        ))
        .by(answer),
        (_, None, Some(closed)) => {
            idle("de zaak is zonder antwoord gesloten", "the matter was closed without an answer").by(closed)
        }
        (None, None, None) => Finding::warn(words(
            "het verzoek is niet beantwoord; een termijn is niet genoemd",
            "the request is not answered; no term was named",
        )),
        (Some(limit), answer, _) => answered_by(inquiry, Event::from(requested), &limit, answer.map(Event::from)),
    };
    in_time.and(shown).by(requested)
}

/// Until when to answer: the day that the authority named, or its term from the request on, with what it gave in addition.
fn limit(contact: Seen<'_, AuthorityContact>) -> Option<Limit> {
    let of_day = |due: PartialDate| Limit { earliest: due.latest(), latest: due.latest() };
    let requested = contact.requested.as_ref()?;
    let term = requested.fact.term.map(|term| Calendar::Strict.count(&term, &requested.from).limit);
    let first = requested.fact.due.map(of_day).or(term);
    contact.extensions.iter().fold(first, |limit, extension| {
        let more = || {
            let (limit, term) = (limit?, extension.fact.term?);
            Some(Calendar::Strict.count(&term, &day_of(limit.latest)).limit)
        };
        extension.fact.due.map(of_day).or_else(more).or(limit)
    })
}

fn answered_by(inquiry: &Inquiry<'_>, asked: Event, limit: &Limit, answer: Option<Event>) -> Finding {
    let until = local(limit.latest);
    let mut finding = match answer {
        Some(answer) => decide(
            limit.met_by(&answer.date),
            || {
                Finding::pass(say!(
                    "beantwoord op {}, binnen de termijn (uiterlijk {until})",
                    "answered on {}, within the term (until {until})",
                    answer.date
                ))
            },
            || {
                Finding::fail(say!(
                    "pas beantwoord op {}, na de termijn ({until})",
                    "answered only on {}, after the term ({until})",
                    answer.date
                ))
            },
            || {
                Finding::indeterminate(say!(
                    "of {} binnen de termijn was ({until}), beslist de datum niet",
                    "the date does not decide whether {} was within the term ({until})",
                    answer.date
                ))
            },
        )
        .by(answer.fact),
        None => decide(
            inquiry.passed(limit),
            || {
                Finding::fail(say!(
                    "niet beantwoord voor het einde van de termijn ({until})",
                    "not answered by the end of the term ({until})"
                ))
            },
            || {
                Finding::pass(say!(
                    "nog niet beantwoord; de termijn loopt tot en met {until}",
                    "not answered yet; the term runs until {until}"
                ))
            },
            || {
                Finding::indeterminate(say!(
                    "niet beantwoord; of de termijn voorbij is ({until}), beslist de datum niet",
                    "not answered; the date does not decide whether the term is over ({until})"
                ))
            },
        ),
    };
    finding.deadlines.push(Deadline {
        what: Text::new("het antwoord aan de toezichthouder", "the answer to the authority"),
        term: until,
        calendar: Calendar::Strict.to_string(),
        from: asked.date,
        limit: limit.earliest,
        done: answer.map(|answer| answer.date),
        minutes: None,
        trace: vec![Text::new("de termijn is die van de toezichthouder", "the term is the one that the authority set")],
    });
    finding
}

fn dossier_is_handed_over(answer: &Dated<RequestAnswered>) -> Finding {
    if answer.fact.dossier.is_some() {
        Finding::pass(words(
            "bij het antwoord is een bewijsdossier verstrekt",
            "an evidence dossier was handed over with the answer",
        ))
    } else {
        Finding::warn(words(
            "bij het antwoord is geen bewijsdossier vastgelegd",
            "no evidence dossier is recorded with the answer",
        ))
    }
    .by(answer)
}

// --- REG-10 ----------------------------------------------------------------------------------------------------------

/// How the institution's own website is named where platforms are listed.
const WEBSITE: &str = "website";

fn account_is_on_a_known_platform<'w>(inquiry: &Inquiry<'w>, account: Seen<'w, Account>) -> Finding {
    let state: &'w Account = account.state;
    if !is_open(account) {
        return idle("het account is niet in gebruik", "the account is not in use").by_all(&state.closed);
    }
    match &state.platform {
        Some(platform) => platform_is_known(inquiry, platform),
        None => Finding::fail(words(
            "op welk platform het account staat, is niet vastgelegd",
            "on which platform the account is, is not recorded",
        )),
    }
    .by_all(&state.opened)
}

fn publication_is_on_known_platforms<'w>(inquiry: &Inquiry<'w>, publication: Seen<'w, Publication>) -> Finding {
    let state: &'w Publication = publication.state;
    let up = state.up.iter().filter(|presence| presence.platform.as_str() != WEBSITE);
    let findings = up.map(|presence| platform_is_known(inquiry, &presence.platform).by(presence.sequence));
    Finding::all(findings, || idle("er is niets zichtbaar op een platform", "nothing is up on a platform"))
}

/// A platform is registered, and the newest decision on its use that still holds allows it.
fn platform_is_known(inquiry: &Inquiry<'_>, platform: &Code) -> Finding {
    let registered = inquiry.related::<Platform>("platform", platform);
    let Some(registered) = registered.iter().find_map(|known| known.state.registered.as_ref()) else {
        return Finding::fail(say!(
            "platform {platform} is niet geregistreerd",
            "platform {platform} is not registered"
        ));
    };
    let decisions = inquiry.related::<BoardDecision>("platform", platform);
    let standing = decisions.iter().filter(|decision| decision.status != BoardDecisionStatus::Replaced);
    let uses = standing.flat_map(|decision| &decision.state.platform_use);
    let uses = uses.filter(|at| at.platform == *platform && at.standing != PlatformUse::Named);
    let finding = match uses.max_by_key(|at| (at.since.earliest(), at.sequence)) {
        Some(at) => use_is_allowed(inquiry, at),
        None => Finding::fail(say!(
            "over het gebruik van {platform} geldt geen besluit van het College van Bestuur",
            "no decision of the Executive Board on the use of {platform} is in force"
        )),
    };
    finding.by(registered)
}

fn use_is_allowed(inquiry: &Inquiry<'_>, at: &BoardPlatform) -> Finding {
    let platform = &at.platform;
    let over = at.until.is_some_and(|until| inquiry.reached(until.earliest()));
    match at.standing {
        PlatformUse::Allowed | PlatformUse::Named => {
            let what = say!("het besluit over {platform}", "the decision on {platform}");
            in_force_at(inquiry, &what, [Period { from: Some(at.since), to: None, fact: at.sequence.evidence() }])
        }
        PlatformUse::Suspended if over => {
            Finding::pass(say!("de opschorting van {platform} is voorbij", "the suspension of {platform} is over"))
                .by(at.sequence)
        }
        PlatformUse::Suspended => Finding::warn(say!(
            "het gebruik van {platform} is opgeschort sinds {}",
            "the use of {platform} is suspended since {}",
            at.since
        ))
        .by(at.sequence),
        PlatformUse::Terminated => Finding::fail(say!(
            "het gebruik van {platform} is gestopt sinds {}",
            "the use of {platform} has stopped since {}",
            at.since
        ))
        .by(at.sequence),
    }
}

// --- REG-11 ----------------------------------------------------------------------------------------------------------

fn entry_as_processor_is_complete<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, ProcessorActivity>) -> Finding {
    if activity.status == ProcessorActivityStatus::Ceased {
        return idle("de verwerking voor een ander is beëindigd", "the processing for another has ended")
            .by_all(&activity.ceased);
    }
    let Some(current) = &activity.state.current else {
        return idle("er is geen versie vastgesteld", "no version is established");
    };
    let entry = &current.fact;
    let what = Text::new("de registerregel als verwerker", "the entry as a processor");
    let parts = [
        (Text::new("de verwerkingsverantwoordelijke (a)", "the controller (a)"), entry.controller.is_some()),
        (
            Text::new(
                "de contactgegevens van de verwerkingsverantwoordelijke (a)",
                "how the controller is reached (a)",
            ),
            controller_is_reached(inquiry, entry),
        ),
        (Text::new("de verwerker (a)", "the processor (a)"), entry.processor.is_some()),
        (officer_contact(), entry.dpo_contact.is_some() || officer_is_published(inquiry)),
        (
            Text::new("de categorieën verwerkingen (b)", "the categories of processing (b)"),
            !entry.processing_categories.is_empty(),
        ),
        (
            Text::new("de beveiligingsmaatregelen (d)", "the security measures (d)"),
            entry.security_class.is_some() || !entry.security_measures.is_empty(),
        ),
    ];
    complete(&what, parts).by(current)
}

fn controller_is_reached(inquiry: &Inquiry<'_>, entry: &DoneForOthers) -> bool {
    let parties = entry.controller.iter().flat_map(|controller| inquiry.related::<Party>("party", controller));
    let recorded =
        parties.filter_map(|party| party.state.registered.as_ref()).any(|party| party.fact.contact.is_some());
    entry.controller_contact.is_some() || recorded
}

// --- REG-12 ----------------------------------------------------------------------------------------------------------

fn each_kind_of_use_is_registered(inquiry: &Inquiry<'_>) -> Finding {
    let findings: Vec<Finding> = match inquiry.parameter(&[Governance::Guideline], "useKinds") {
        Some(named) => named.values.iter().map(|kind| kind_is_registered(inquiry, &[kind.as_str()])).collect(),
        None => KINDS.iter().map(|kinds| kind_is_registered(inquiry, kinds)).collect(),
    };
    Finding::all(findings, || idle("de richtlijn noemt geen vormen van gebruik", "the guideline names no kinds of use"))
}

fn kind_is_registered(inquiry: &Inquiry<'_>, codes: &[&str]) -> Finding {
    let kind = codes.first().copied().unwrap_or_default();
    let found: Vec<Seen<'_, Activity>> =
        codes.iter().flat_map(|code| inquiry.related::<Activity>("kind", code)).collect();
    let named = |code: Option<&Code>| code.is_some_and(|code| codes.contains(&code.as_str()));
    let in_register = |activity: &&Seen<'_, Activity>| {
        let there =
            matches!(activity.status, ActivityStatus::Established | ActivityStatus::Active | ActivityStatus::Suspended);
        there && named(activity.kind.as_ref())
    };
    let entries = found.iter().filter(in_register).filter_map(|activity| activity.state.current.as_ref());
    let entry = entries.map(|version| {
        Finding::pass(say!("voor {kind} is een registerregel vastgesteld", "an entry is established for {kind}"))
            .by(version.sequence)
    });
    let determined = found.iter().flat_map(|activity| {
        let about = |code: &Option<Code>| named(code.as_ref().or(activity.state.kind.as_ref()));
        activity.state.scope_determinations.iter().rfind(|determined| about(&determined.fact.kind))
    });
    let reasons = determined.filter(|determined| determined.fact.outcome != ScopeOutcome::InScope).map(|determined| {
        Finding::pass(say!(
            "voor {kind} is vastgelegd waarom er geen registerregel is",
            "it is recorded why there is no entry for {kind}"
        ))
        .by(determined)
    });
    Finding::any(entry.chain(reasons), || {
        Finding::fail(say!(
            "voor {kind} is geen registerregel vastgesteld en geen reden vastgelegd",
            "for {kind} no entry is established and no reason is recorded"
        ))
    })
}

#[cfg(test)]
mod tests;
