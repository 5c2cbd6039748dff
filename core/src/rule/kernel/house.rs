//! What a house may settle for itself: every parameter that a rule reads from a policy, with the question that it answers, where it comes
//! from and what applies without it. A policy that leaves one out silences no duty of law.

use crate::rule::text::{Words, words};

/// What a parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A length of time, as `P28D`, which may name its calendar.
    Term,
    /// A whole number.
    Number,
    /// Codes, as `EC_LIST`.
    Codes,
}

/// A parameter that a policy, implementing rules, a procedure or a guideline may set.
#[derive(Clone, Copy, Debug)]
pub struct HouseParameter {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// The rules that read it.
    pub rules: &'static [&'static str],
    /// The question that it answers.
    pub question: Words,
    /// What applies where no house instrument gives it.
    pub without: Words,
}

/// The law asks it without undue delay, and no house term makes that a day.
const UNDUE_DELAY: Words = words(
    "De wet vraagt het zonder onredelijke vertraging; wat niet gedaan is, blijft een aandachtspunt. Het beleid stelt geen termijn.",
    "The law asks it without undue delay; what is not done stays something to attend to. Policy sets no term.",
);
/// The term of the law is the term.
const TERM_OF_LAW: Words = words("De wettelijke termijn geldt.", "The term of the law applies.");
/// Nothing but policy asks it.
const ONLY_POLICY: Words = words(
    "Het beleid vraagt het dan niet; de wettelijke plicht waarop het rust, blijft.",
    "Then policy does not ask it; the duty of law behind it stays.",
);

const fn parameter(
    name: &'static str,
    kind: Kind,
    rules: &'static [&'static str],
    question: Words,
    without: Words,
) -> HouseParameter {
    HouseParameter { name, kind, rules, question, without }
}

/// All of them, in the order of the rules that read them.
pub const HOUSE_PARAMETERS: &[HouseParameter] = &[
    parameter(
        "registrationGrace",
        Kind::Term,
        &["GOV-03"],
        words(
            "Binnen welke termijn na de aanwijzing wordt de FG bij de AP aangemeld?",
            "Within which term after the designation is the DPO registered with the authority?",
        ),
        UNDUE_DELAY,
    ),
    parameter(
        "reportBy",
        Kind::Codes,
        &["GOV-06"],
        words(
            "Op welke dag van het jaar (mm-dd) is het jaarverslag over het jaar ervoor klaar?",
            "By which day of the year (mm-dd) is the annual report on the year before ready?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "assign",
        Kind::Term,
        &["GOV-07"],
        words(
            "Binnen welke termijn krijgt een verzoek van de toezichthouder een behandelaar?",
            "Within which term is a request of the authority assigned to somebody?",
        ),
        UNDUE_DELAY,
    ),
    parameter(
        "conflictRoles",
        Kind::Codes,
        &["GOV-08"],
        words("Welke rollen gaan niet samen met die van FG?", "Which roles cannot go together with that of DPO?"),
        ONLY_POLICY,
    ),
    parameter(
        "measureApproval",
        Kind::Term,
        &["GOV-10"],
        words(
            "Binnen welke termijn wordt een voorgestelde maatregel goedgekeurd of afgewezen?",
            "Within which term is a proposed measure approved or rejected?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "campaignGap",
        Kind::Term,
        &["GOV-17"],
        words(
            "Hoeveel tijd mag er hoogstens tussen twee bewustwordingscampagnes liggen?",
            "How much time may there be between two awareness campaigns at most?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "onboarding",
        Kind::Term,
        &["GOV-24"],
        words(
            "Binnen welke termijn krijgt een nieuwe medewerker voorlichting over privacy?",
            "Within which term does a new member of staff get privacy training?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "instrumentReview",
        Kind::Term,
        &["GOV-20"],
        words(
            "Hoe oud mag de laatste evaluatie van beleid hoogstens zijn?",
            "How old may the last review of a policy be at most?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "publication",
        Kind::Term,
        &["GOV-21"],
        words(
            "Binnen welke termijn na de vaststelling wordt beleid gepubliceerd?",
            "Within which term after its adoption is a policy published?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "accuracy",
        Kind::Term,
        &["LAW-05"],
        words(
            "Hoe lang geleden mag de juistheid van gegevens voor het laatst zijn gecontroleerd?",
            "How long ago may the accuracy of data have been checked last?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "security",
        Kind::Term,
        &["LAW-06"],
        words(
            "Hoe lang geleden mag de beveiliging voor het laatst zijn getoetst?",
            "How long ago may security have been reviewed last?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "lia",
        Kind::Codes,
        &["LIA-01"],
        words(
            "Volgens welk model wordt een gerechtvaardigd belang afgewogen?",
            "By which model is a legitimate interest balanced?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "purelyCommercial",
        Kind::Codes,
        &["LIA-03"],
        words(
            "Mag een zuiver commercieel belang een grondslag zijn (ALLOWED of NOT_ALLOWED)?",
            "May a purely commercial interest be a ground (ALLOWED or NOT_ALLOWED)?",
        ),
        words("De lezing van het Hof (C-621/22) geldt.", "The reading of the Court (C-621/22) applies."),
    ),
    parameter(
        "assessmentReview",
        Kind::Term,
        &["LIA-12"],
        words(
            "Hoe oud mag de laatste beoordeling van een belangenafweging hoogstens zijn?",
            "How old may the last review of a balancing be at most?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "assessmentReviewOnChange",
        Kind::Term,
        &["LIA-12"],
        words(
            "Binnen welke termijn na een wijziging wordt een belangenafweging opnieuw beoordeeld?",
            "Within which term after a change is a balancing reviewed?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "stopTerm",
        Kind::Term,
        &["CON-06"],
        words(
            "Binnen welke termijn na de intrekking van toestemming stopt het gebruik?",
            "Within which term after consent is withdrawn does use stop?",
        ),
        UNDUE_DELAY,
    ),
    parameter(
        "takedown",
        Kind::Term,
        &["CON-06"],
        words(
            "Binnen welke termijn na de intrekking wordt een publicatie verwijderd?",
            "Within which term after the withdrawal is a publication taken down?",
        ),
        UNDUE_DELAY,
    ),
    parameter(
        "safeguards",
        Kind::Term,
        &["CON-14"],
        words(
            "Hoe oud mag de laatste toets van de waarborgen voor vrije toestemming zijn?",
            "How old may the last check of the safeguards of free consent be?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "admGround",
        Kind::Codes,
        &["OBJ-05"],
        words(
            "Op welke gronden mag een besluit geautomatiseerd worden genomen?",
            "On which grounds may a decision be automated?",
        ),
        words("De gronden van art. 22(2) AVG gelden.", "The grounds of GDPR Art. 22(2) apply."),
    ),
    parameter(
        "publicBody",
        Kind::Codes,
        &["DSR-14", "DSR-15", "LAW-13", "OBJ-01", "OBJ-03", "TRF-05"],
        words(
            "Is de instelling een bestuursorgaan: voor alles (ALL), alleen voor haar publieke taken, zoals een bijzondere universiteit bij examens en graden (PUBLIC_TASKS), of niet (NONE)?",
            "Is the institution a public body: for everything (ALL), only for its public tasks, as a university under private law for examinations and degrees (PUBLIC_TASKS), or not (NONE)?",
        ),
        words(
            "Of tegen een weigering bezwaar of de rechter openstaat, blijft dan open; voor een gerechtvaardigd belang en voor doorgifte telt de instelling als overheid.",
            "Whether objection or the court is open against a refusal then stays open; for a legitimate interest and for transfers the institution counts as a public authority.",
        ),
    ),
    parameter(
        "minorAge",
        Kind::Number,
        &["CON-16", "DSR-05", "OBJ-07"],
        words("Tot welke leeftijd geldt iemand als minderjarig?", "Up to which age does somebody count as a minor?"),
        words(
            "De leeftijd van de UAVG (16 jaar) geldt.",
            "The age of the Dutch implementation act (16 years) applies.",
        ),
    ),
    parameter(
        "indirectNotice",
        Kind::Term,
        &["TRN-03"],
        words(
            "Binnen welke termijn wordt iemand geïnformeerd wiens gegevens elders vandaan komen?",
            "Within which term is somebody informed whose data came from elsewhere?",
        ),
        TERM_OF_LAW,
    ),
    parameter(
        "guarantees",
        Kind::Term,
        &["PRC-03"],
        words(
            "Hoe oud mag de laatste toets van de garanties van een verwerker zijn?",
            "How old may the last check of a processor's guarantees be?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "subProcessorList",
        Kind::Term,
        &["PRC-08"],
        words(
            "Hoe oud mag de lijst van subverwerkers van een verwerker zijn?",
            "How old may a processor's list of sub-processors be?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "jointControl",
        Kind::Term,
        &["JNT-01"],
        words(
            "Hoe oud mag de laatste beoordeling van gezamenlijke verantwoordelijkheid zijn?",
            "How old may the last assessment of joint control be?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "adequacyAccepts",
        Kind::Codes,
        &["TRF-01"],
        words(
            "Welke adequaatheidsbesluiten aanvaardt het beleid als grond voor doorgifte?",
            "Which adequacy decisions does policy accept as a ground for transfers?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "certificationCheck",
        Kind::Term,
        &["TRF-08"],
        words(
            "Hoe oud mag de laatste controle van een certificering van een ontvanger zijn?",
            "How old may the last check of a recipient's certification be?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "riskAnalysis",
        Kind::Term,
        &["DPI-06"],
        words("Hoe oud mag de laatste risicoanalyse hoogstens zijn?", "How old may the last risk analysis be at most?"),
        ONLY_POLICY,
    ),
    parameter(
        "impactReview",
        Kind::Term,
        &["DPI-07"],
        words(
            "Hoe oud mag de laatste beoordeling van een gegevensbeschermingseffectbeoordeling zijn?",
            "How old may the last review of a DPIA be?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "platformReview",
        Kind::Term,
        &["PLT-10"],
        words(
            "Hoe oud mag de laatste beoordeling van een platform hoogstens zijn?",
            "How old may the last review of a platform be at most?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "useKinds",
        Kind::Codes,
        &["REG-12"],
        words(
            "Welke soorten gebruik van sociale media kent de richtlijn?",
            "Which kinds of use of social media does the guideline know?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "credentialRotation",
        Kind::Term,
        &["PUB-04"],
        words(
            "Binnen welke termijn worden toegangsgegevens gewijzigd als een beheerder vertrekt?",
            "Within which term are credentials changed when somebody who has them leaves?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "dsrTerm",
        Kind::Term,
        &["DSR-02"],
        words(
            "Binnen welke termijn wordt een verzoek van een betrokkene beantwoord?",
            "Within which term is a request of a data subject answered?",
        ),
        TERM_OF_LAW,
    ),
    parameter(
        "dsrExt",
        Kind::Term,
        &["DSR-03"],
        words(
            "Met hoeveel mag die termijn hoogstens worden verlengd?",
            "By how much may that term be extended at most?",
        ),
        TERM_OF_LAW,
    ),
    parameter(
        "execution",
        Kind::Term,
        &["DSR-11"],
        words(
            "Binnen welke termijn wordt een ingewilligd verzoek uitgevoerd?",
            "Within which term is a granted request carried out?",
        ),
        UNDUE_DELAY,
    ),
    parameter(
        "remedy",
        Kind::Term,
        &["DSR-14", "DSR-15"],
        words(
            "Binnen welke termijn kan iemand tegen een besluit opkomen, volgens het huis?",
            "Within which term can a decision be contested, as the house says it?",
        ),
        TERM_OF_LAW,
    ),
    parameter(
        "complaintTerm",
        Kind::Term,
        &["DSR-16"],
        words("Binnen welke termijn wordt een klacht afgehandeld?", "Within which term is a complaint dealt with?"),
        TERM_OF_LAW,
    ),
    parameter(
        "halt",
        Kind::Term,
        &["OBJ-01"],
        words(
            "Binnen welke termijn na een bezwaar wordt de verwerking gestaakt?",
            "Within which term after an objection is processing halted?",
        ),
        UNDUE_DELAY,
    ),
    parameter(
        "marketingStop",
        Kind::Term,
        &["OBJ-03"],
        words(
            "Binnen welke termijn na een bezwaar stopt direct marketing?",
            "Within which term after an objection does direct marketing stop?",
        ),
        words("De wet kent geen uitstel (art. 21(3) AVG).", "The law knows no delay (GDPR Art. 21(3))."),
    ),
    parameter(
        "breach",
        Kind::Term,
        &["BRE-04"],
        words(
            "Binnen welke termijn wordt een datalek bij de AP gemeld, volgens het huis?",
            "Within which term is a breach notified to the authority, as the house says it?",
        ),
        TERM_OF_LAW,
    ),
    parameter(
        "subjectsTold",
        Kind::Term,
        &["BRE-06"],
        words(
            "Binnen welke termijn wordt een hoog risico aan betrokkenen medegedeeld?",
            "Within which term are data subjects told of a high risk?",
        ),
        UNDUE_DELAY,
    ),
    parameter(
        "escalation",
        Kind::Term,
        &["BRE-08", "CMP-05"],
        words(
            "Binnen welke termijn worden bestuur, FG en juridische zaken over iets ernstigs ingelicht?",
            "Within which term are the board, the DPO and legal affairs told of something serious?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "evaluation",
        Kind::Term,
        &["BRE-09"],
        words(
            "Binnen welke termijn na afloop wordt een datalek geëvalueerd?",
            "Within which term after its end is a breach evaluated?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "forward",
        Kind::Term,
        &["CMP-04"],
        words(
            "Binnen welke termijn wordt een vraag of klacht doorgezonden?",
            "Within which term is a query or complaint forwarded?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "retentionGrace",
        Kind::Term,
        &["RET-01"],
        words(
            "Hoeveel tijd heeft de uitvoering na afloop van een bewaartermijn, volgens het huis?",
            "How much time does the house give after a retention period has ended?",
        ),
        words("De wet kent geen uitstel (art. 5(1)(e) AVG).", "The law knows no delay (GDPR Art. 5(1)(e))."),
    ),
    parameter(
        "destruction",
        Kind::Term,
        &["RET-02"],
        words(
            "Binnen welke termijn na goedkeuring wordt vernietigd?",
            "Within which term after approval is destruction carried out?",
        ),
        ONLY_POLICY,
    ),
    parameter(
        "acknowledgement",
        Kind::Term,
        &["LED-07"],
        words(
            "Binnen welke termijn bevestigt een eenheid een wijziging van het register?",
            "Within which term does a unit acknowledge a change of the register?",
        ),
        ONLY_POLICY,
    ),
];

/// Finds a parameter by its name.
pub fn house_parameter(name: &str) -> Option<&'static HouseParameter> {
    HOUSE_PARAMETERS.iter().find(|parameter| parameter.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::*;

    /// The code of the rules, without their tests.
    fn sources() -> String {
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rule/area")];
        let mut files: Vec<PathBuf> = Vec::new();
        while let Some(folder) = folders.pop() {
            for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        let code = files.iter().filter(|file| !file.ends_with("tests.rs"));
        code.map(|file| std::fs::read_to_string(file).unwrap()).collect()
    }

    /// The texts that stand as the last argument of calls of a function.
    fn asked<'c>(code: &'c str, call: &str) -> BTreeSet<&'c str> {
        let calls = code.match_indices(call).map(|(at, _)| &code[at + call.len()..]);
        calls.filter_map(|rest| rest.strip_prefix('"')?.split('"').next()).collect()
    }

    #[test]
    fn every_parameter_that_a_rule_reads_is_in_the_list_and_every_one_of_the_list_is_read() {
        let code = sources();
        let read = asked(&code, ".house(");
        assert!(read.len() > 20, "the calls were not found: {read:?}");
        let known: BTreeSet<&str> = HOUSE_PARAMETERS.iter().map(|parameter| parameter.name).collect();
        assert_eq!(known.len(), HOUSE_PARAMETERS.len());
        let unknown: Vec<_> = read.difference(&known).collect();
        assert!(unknown.is_empty(), "rules read {unknown:?}, of which the house kit knows nothing");
        let unread: Vec<_> = known.iter().filter(|name| !code.contains(&format!("\"{name}\""))).collect();
        assert!(unread.is_empty(), "the house kit asks {unread:?}, which no rule reads");
    }

    #[test]
    fn every_rule_that_is_named_is_there() {
        for parameter in HOUSE_PARAMETERS {
            for id in parameter.rules {
                assert!(crate::rule::catalogue::rule(id).is_some(), "{}: {id}", parameter.name);
            }
        }
    }
}
