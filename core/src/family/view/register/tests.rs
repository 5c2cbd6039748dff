use serde_json::json;

use super::*;
use crate::family::family;
use crate::family::opened::Erased;
use crate::ledger::erasable::{Disclosure, SALT_BYTES};

/// What lies at a path, as far as the declarations say.
fn shape_at(catalogue: &Catalogue, from: &Shape, path: &str) -> Option<Shape> {
    path.split('.').try_fold(from.clone(), |shape, step| {
        let (name, last) = step.strip_suffix(LAST).map_or((step, false), |name| (name, true));
        let member = catalogue.members(shape.name()?).iter().find(|member| member.name == name)?;
        let (inner, list) = unwrapped(&member.shape, false);
        (list || !last).then(|| inner.clone())
    })
}

fn unwrapped(shape: &Shape, list: bool) -> (&Shape, bool) {
    match shape {
        Shape::Optional(inner) => unwrapped(inner, list),
        Shape::List(inner) => unwrapped(inner, true),
        other => (other, list),
    }
}

/// Each path of a column with what lies there; a path that leads nowhere fails.
fn leaves(register: &Register, column: &Column) -> Vec<(&'static str, Shape)> {
    let mut catalogue = Catalogue::default();
    let root = (family(register.family).unwrap().describe_state)(&mut catalogue);
    let of = format!("{} of {}", column.name, register.name);
    let at = |from: &Shape, part: &'static str, paths: &'static str| -> Vec<(&'static str, Shape)> {
        let lead = |path: &'static str| shape_at(&catalogue, from, path).unwrap_or_else(|| panic!("{path} in {of}"));
        paths.split('|').map(|path| (part, lead(path))).collect()
    };
    match column.read {
        Read::Values(paths) => paths.iter().flat_map(|paths| at(&root, "", paths)).collect(),
        Read::Each(list, members) => {
            let lists: Vec<Shape> = at(&root, "", list).into_iter().map(|(_, shape)| shape).collect();
            let member =
                |paths: &&'static str| lists.iter().flat_map(|list| at(list, paths, paths)).collect::<Vec<_>>();
            members.iter().flat_map(member).collect()
        }
    }
}

fn columns() -> impl Iterator<Item = (&'static Register, &'static Column)> {
    REGISTERS.iter().flat_map(|register| register.columns.iter().map(|column| (*register, column)))
}

#[test]
fn every_path_leads_to_a_member_of_the_state() {
    for (register, column) in columns() {
        assert!(!leaves(register, column).is_empty());
    }
    for register in REGISTERS {
        assert_eq!(register.kind.register().name, register.name);
        let mut catalogue = Catalogue::default();
        let root = (family(register.family).unwrap().describe_state)(&mut catalogue);
        let version = register.version.map(|path| shape_at(&catalogue, &root, path));
        assert!(matches!(version, None | Some(Some(Shape::Scalar(Scalar::Number)))), "{}", register.name);
    }
}

#[test]
fn every_column_is_called_something_in_both_languages() {
    for register in REGISTERS {
        let names: BTreeSet<&str> = register.columns.iter().map(|column| column.name).collect();
        assert_eq!(names.len(), register.columns.len(), "{}", register.name);
        assert!(!register.nl.is_empty() && !register.en.is_empty());
        for column in register.columns {
            assert!(!column.nl.is_empty() && !column.en.is_empty(), "{}", column.name);
        }
    }
}

#[test]
fn a_register_about_persons_shows_nothing_of_the_vault() {
    for (register, column) in columns().filter(|(register, _)| family(register.family).unwrap().about_a_person) {
        for (_, shape) in leaves(register, column) {
            assert!(!matches!(shape, Shape::Erasable(_)), "{} of {}", column.name, register.name);
        }
    }
}

/// A term that no value has would never be used; a part that is not read would never be said.
#[test]
fn terms_are_of_values_that_there_are() {
    for (register, column) in columns() {
        let mut catalogue = Catalogue::default();
        (family(register.family).unwrap().describe_state)(&mut catalogue);
        let leaves = leaves(register, column);
        let check = |part: &str, terms: crate::family::terms::Terms| {
            let shapes = leaves.iter().filter(|(of, _)| *of == part).map(|(_, shape)| shape);
            let shapes: Vec<&Shape> = shapes.collect();
            assert!(!shapes.is_empty(), "{part} is not read in {} of {}", column.name, register.name);
            for (wire, _) in terms {
                let chosen = |name: &str| match catalogue.get(name).map(|definition| &definition.kind) {
                    Some(Kind::Choice(items)) => items.iter().any(|item| item.value == *wire),
                    _ => false,
                };
                let known = shapes.iter().any(|shape| match shape {
                    Shape::Named(name) => chosen(name),
                    Shape::Scalar(Scalar::Boolean) => *wire == "true" || *wire == "false",
                    _ => false,
                });
                assert!(known, "{wire} in {} of {}", column.name, register.name);
            }
        };
        for linked in column.linked {
            match linked {
                Linked::Text(_) => {}
                Linked::Thing { members, .. } => members.iter().for_each(|said| check(said.part, said.terms)),
                Linked::Term { part, terms, .. } => check(part, terms),
            }
        }
    }
}

fn sealed(value: Value) -> (Digest, Value) {
    let digest = Disclosure::new([7; SALT_BYTES], &value).unwrap().digest();
    (digest, value)
}

/// Seals some values: returns what stands for each in a state, and the vault.
fn vault<const N: usize>(values: [Value; N]) -> ([Value; N], BTreeMap<Digest, Opened>) {
    let sealed = values.map(sealed);
    let marks = sealed.clone().map(|(digest, _)| json!({ "...": digest.as_str() }));
    (marks, sealed.into_iter().map(|(digest, value)| (digest, Opened::Value(value))).collect())
}

fn text(kind: RegisterKind, language: Language, column: &str, state: &Value, outside: &Outside) -> String {
    let reader = RegisterReader::new(kind, language);
    let place = reader.register().columns.iter().position(|known| known.name == column).unwrap();
    reader.cells(state, outside).unwrap()[place].text()
}

#[test]
fn cells_of_the_register_of_activities() {
    let ([name, purpose, measure, contact], opened) = vault([
        json!({ "nl": "nieuwsbrief", "en": "newsletter" }),
        json!({ "nl": "informeren" }),
        json!("encrypted"),
        json!("dpo@example.nl"),
    ]);
    let assessment = "legitimateInterestAssessment/01890a5d-ac96-774b-bcce-b302099a8057";
    let references = BTreeMap::from([(assessment.parse().unwrap(), "LIA-001".parse().unwrap())]);
    let outside = Outside { opened, references };
    let state = json!({
        "status": "ESTABLISHED", "name": name, "unit": "mu-01", "determined": [], "earlierVersions": [],
        "current": { "from": "2024-05", "legalBases": [
            { "purpose": "inform", "basis": "LEGITIMATE_INTEREST", "assessment": assessment, "publicTask": false },
            { "purpose": "measure", "basis": "CONSENT", "legalReference": { "instrument": "Tw", "article": "11.7a" } },
        ], "entry": {
            "version": 2, "publicTask": false, "dpoContact": contact, "controller": "university",
            "purposes": [{ "code": "inform", "text": purpose }, { "code": "measure" }],
            "subjectCategories": ["STUDENT", "EMPLOYEE"],
            "dataCategories": [{ "code": "E-MAIL" }, { "code": "DIET", "special": "HEALTH", "criminal": false }],
            "recipients": [], "transfers": [{ "recipient": "vendor-n", "country": "US" }],
            "retention": [{ "category": "E-MAIL", "term": "P2Y", "rule": "R-12" }, { "term": "P1M" }],
            "security": { "class": "INTERNAL", "measures": [measure] },
            "automatedDecisions": { "taken": false },
        }},
    });
    let check = |column: &str, en: &str, nl: &str| {
        let cell = |language| text(RegisterKind::ProcessingActivities, language, column, &state, &outside);
        assert_eq!((cell(Language::En).as_str(), cell(Language::Nl).as_str()), (en, nl), "{column}");
    };
    check("name", "newsletter", "nieuwsbrief");
    check("status", "established", "vastgesteld");
    check("version", "2", "2");
    check("inForceFrom", "2024-05", "2024-05");
    check("owner", "", "");
    check("dpoContact", "dpo@example.nl", "dpo@example.nl");
    check("purposes", "inform: informeren; measure", "inform: informeren; measure");
    check(
        "legalBases",
        "inform: legitimate interest, LIA-001, public task: no; measure: consent, Tw 11.7a",
        "inform: gerechtvaardigd belang, LIA-001, publieke taak: nee; measure: toestemming, Tw 11.7a",
    );
    check("publicTask", "no", "nee");
    check("subjectCategories", "STUDENT; EMPLOYEE", "STUDENT; EMPLOYEE");
    check(
        "dataCategories",
        "E-MAIL; DIET: health, criminal: no",
        "E-MAIL; DIET: gezondheid, strafrechtelijke gegevens: nee",
    );
    check("recipients", "", "");
    check("transfers", "vendor-n: US", "vendor-n: US");
    check("retention", "E-MAIL: P2Y, R-12; P1M", "E-MAIL: P2Y, R-12; P1M");
    check("security", "INTERNAL; encrypted", "INTERNAL; encrypted");
    check("automatedDecisions", "no", "nee");
    let reader = RegisterReader::new(RegisterKind::ProcessingActivities, Language::En);
    assert_eq!(reader.version(&state), Some(2));
    assert_eq!(reader.version(&json!({ "status": "DRAFT" })), None);
    let drafted = json!({ "status": "DRAFT", "determined": [{ "purpose": "inform", "basis": "CONTRACT" }] });
    let drafted = |column| text(RegisterKind::ProcessingActivities, Language::En, column, &drafted, &outside);
    assert_eq!((drafted("legalBases"), drafted("purposes")), ("inform: contract".to_owned(), String::new()));
}

#[test]
fn cells_of_the_breach_register() {
    let ([what, how, facts, remedy], opened) =
        vault([json!("a list was sent"), json!("by mistake"), json!("a list of 12 was sent"), json!("recalled")]);
    let outside = Outside { opened, references: BTreeMap::new() };
    let dated = |fact: Value, from: &str| json!({ "fact": fact, "from": from, "sequence": 9 });
    let mut state = json!({
        "status": "NOTIFIED", "unit": "mu-02", "risk": "RISK", "awareAt": "2024-03-01T09:00:00.000000Z",
        "incidentReported": [dated(json!({ "what": what, "how": how, "kind": "MISDIRECTED", "happened": "2024-02-28" }), "2024-03-01")],
        "assessed": [
            dated(json!({ "categories": ["AVAILABILITY"] }), "2024-03-01"),
            dated(json!({ "categories": ["CONFIDENTIALITY", "INTEGRITY"], "subjects": 12 }), "2024-03-02"),
        ],
        "authorityNotified": [
            dated(json!({ "phase": "INITIAL", "at": "2024-03-02", "reference": "M-1" }), "2024-03-03"),
            dated(json!({ "phase": "FINAL" }), "2024-04-01"),
        ],
        "notificationDecided": [dated(json!({ "authority": true, "subjects": false, "subjectsGround": "NO_HIGH_RISK" }), "2024-03-02")],
        "subjectsNotified": [dated(json!({ "channel": "EMAIL", "count": 12 }), "2024-03-05")],
        "contained": [dated(json!({ "measures": [remedy.clone(), remedy] }), "2024-03-01")],
    });
    let check = |state: &Value, column: &str, en: &str, nl: &str| {
        let cell = |language| text(RegisterKind::Breaches, language, column, state, &outside);
        assert_eq!((cell(Language::En).as_str(), cell(Language::Nl).as_str()), (en, nl), "{column}");
    };
    check(&state, "facts", "a list was sent; by mistake", "a list was sent; by mistake");
    check(&state, "categories", "confidentiality; integrity", "vertrouwelijkheid; integriteit");
    check(&state, "happened", "2024-02-28", "2024-02-28");
    check(&state, "remedialAction", "recalled; recalled", "recalled; recalled");
    check(
        &state,
        "authorityNotified",
        "2024-03-02: initial, M-1; 2024-04-01: final",
        "2024-03-02: eerste melding, M-1; 2024-04-01: definitieve melding",
    );
    check(&state, "authorityDecision", "yes", "ja");
    check(&state, "subjectsNotNotified", "no high risk", "geen hoog risico");
    check(&state, "subjectsNotified", "2024-03-05: email, count: 12", "2024-03-05: e-mail, aantal: 12");
    check(&state, "closed", "", "");
    state["closed"] = dated(json!({ "facts": facts }), "2024-06-01");
    check(&state, "facts", "a list of 12 was sent; by mistake", "a list of 12 was sent; by mistake");
    check(&state, "closed", "2024-06-01", "2024-06-01");
}

#[test]
fn cells_of_the_registers_of_requests_and_complaints() {
    let outside = Outside::default();
    let request = json!({
        "status": "ANSWERED", "receivedAt": "2024-01-05", "restricted": false,
        "received": { "fact": { "rights": ["ACCESS", "ERASURE"], "channel": "EMAIL", "unit": "mu-01" }, "from": "2024-01-05" },
        "rights": [
            { "right": "ACCESS", "outcome": "GRANTED", "answered": "2024-02-01" },
            { "right": "ERASURE", "outcome": "REFUSED" },
        ],
        "answered": [{ "fact": {}, "from": "2024-02-01" }],
    });
    let complaint = json!({
        "kind": "COMPLAINT", "status": "OPEN", "category": "IMAGE_USE",
        "complaintReceived": { "fact": { "channel": "LETTER", "addressee": "DPO" }, "from": "2024-03" },
        "escalated": [{ "fact": { "addressees": ["BOARD", "LEGAL"] }, "from": "2024-04" }],
    });
    let check = |kind, state: &Value, column: &str, en: &str, nl: &str| {
        let cell = |language| text(kind, language, column, state, &outside);
        assert_eq!((cell(Language::En).as_str(), cell(Language::Nl).as_str()), (en, nl), "{column}");
    };
    let rights = "access: granted, answered: 2024-02-01; erasure: refused";
    let rechten = "inzage: toegewezen, beantwoord op: 2024-02-01; gegevenswissing: geweigerd";
    check(RegisterKind::Requests, &request, "rights", rights, rechten);
    check(RegisterKind::Requests, &request, "answered", "2024-02-01", "2024-02-01");
    check(RegisterKind::Requests, &request, "restricted", "no", "nee");
    check(RegisterKind::Complaints, &complaint, "kind", "complaint", "klacht");
    check(RegisterKind::Complaints, &complaint, "receivedAt", "2024-03", "2024-03");
    let (en, nl) = ("2024-04: board, legal", "2024-04: college van bestuur, juridische zaken");
    check(RegisterKind::Complaints, &complaint, "escalated", en, nl);
}

#[test]
fn a_cell_needs_its_commitments_and_the_references_of_its_streams() {
    let ([name, reason], opened) = vault([json!({ "en": "x" }), json!("never shown")]);
    let consent_text = "consentText/01890a5d-ac96-774b-bcce-b302099a8057";
    let state = json!({
        "name": name, "suspension": { "fact": { "reason": reason } },
        "determined": [{ "purpose": "inform", "basis": "CONSENT", "consentText": consent_text }],
    });
    let reader = RegisterReader::new(RegisterKind::ProcessingActivities, Language::En);
    let needs = reader.needs(&state);
    let name_only = sealed(json!({ "en": "x" })).0;
    assert_eq!(needs.digests, BTreeSet::from([name_only.clone()]));
    assert_eq!(needs.streams, BTreeSet::from([consent_text.parse().unwrap()]));
    assert_eq!(reader.cells(&state, &Outside::default()), Err(Missing(name_only)));
    let outside = Outside { opened, references: BTreeMap::new() };
    assert!(reader.cells(&state, &outside).unwrap().iter().any(|cell| cell.text().contains(consent_text)));
}

#[test]
fn an_erased_value_is_marked_for_people_and_left_out_for_programs() {
    let ([name, purpose, measure], mut opened) =
        vault([json!({ "nl": "nieuwsbrief" }), json!({ "nl": "informeren" }), json!("encrypted")]);
    for place in [&name, &purpose] {
        let digest = place["..."].as_str().unwrap().parse().unwrap();
        let erased = Erased { by: Sequence(9), at: "2026-04-21".parse().unwrap(), ground: None };
        opened.insert(digest, Opened::Erased(erased));
    }
    let outside = Outside { opened, references: BTreeMap::new() };
    let state = json!({
        "status": "ESTABLISHED", "name": name, "unit": "mu-01", "determined": [], "earlierVersions": [],
        "current": { "from": "2024-05", "legalBases": [], "entry": {
            "version": 2, "purposes": [{ "code": "inform", "text": purpose }],
            "security": { "class": "INTERNAL", "measures": [measure] },
        }},
    });
    let check = |column: &str, nl: &str, en: &str, left: &str| {
        let cell = |reader: RegisterReader| {
            let place = reader.register().columns.iter().position(|known| known.name == column).unwrap();
            reader.cells(&state, &outside).unwrap()[place].text()
        };
        let reader = |language| RegisterReader::new(RegisterKind::ProcessingActivities, language);
        assert_eq!(cell(reader(Language::Nl)), nl, "{column}");
        assert_eq!(cell(reader(Language::En)), en, "{column}");
        assert_eq!(cell(reader(Language::En).without_erased()), left, "{column}");
    };
    check("name", "[gewist]", "[erased]", "");
    check("purposes", "inform: [gewist]", "inform: [erased]", "inform");
    check("security", "INTERNAL; encrypted", "INTERNAL; encrypted", "INTERNAL; encrypted");
}

#[test]
fn the_newest_fact_is_the_largest_sequence() {
    let check = |state: Value, expected: Option<u64>| {
        assert_eq!(RegisterReader::newest(&state), expected.map(Sequence), "{state}");
    };
    check(json!({}), None);
    check(json!({ "current": { "sequence": 3, "entry": { "version": 9 } }, "reviews": [{ "sequence": 7 }] }), Some(7));
}

#[test]
fn a_unit_narrows_only_registers_that_know_units() {
    let unit: Code = "mu-01".parse().unwrap();
    let check = |kind: RegisterKind, unit: Option<&Code>, expected: Option<&[(&str, &str)]>| {
        let keys = kind.register().keys(unit);
        let keys =
            keys.as_ref().map(|keys| keys.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>());
        assert_eq!(keys.as_deref(), expected);
    };
    check(RegisterKind::Breaches, None, Some(&[]));
    check(RegisterKind::Breaches, Some(&unit), Some(&[("unit", "mu-01")]));
    check(RegisterKind::Complaints, Some(&unit), Some(&[("complaint", "true"), ("unit", "mu-01")]));
    check(RegisterKind::Agreements, None, Some(&[]));
    check(RegisterKind::Agreements, Some(&unit), None);
}
