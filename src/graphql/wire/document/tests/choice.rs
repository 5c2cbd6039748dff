//! Which operation runs, and what is no document.

use super::*;

#[test]
fn an_operation_is_chosen_by_name_and_without_one_only_if_it_is_alone() {
    let check = |text: &str, wanted: Option<&str>, expected: Result<(OperationType, Option<&str>), DocumentError>| {
        let chosen = read(text, wanted).map(|document| (document.operation, document.operation_name));
        assert_eq!(chosen, expected.map(|(kind, name)| (kind, name.map(str::to_owned))), "{text} {wanted:?}");
    };
    let unknown = |name: &str| Err(DocumentError::UnknownOperation { name: name.into() });
    let (query, mutation) = (OperationType::Query, OperationType::Mutation);
    check("{a}", None, Ok((query, None)));
    check("query{a}", None, Ok((query, None)));
    check("query A{a}", None, Ok((query, Some("A"))));
    check("query A{a}", Some("A"), Ok((query, Some("A"))));
    check("subscription S{a}", None, Ok((OperationType::Subscription, Some("S"))));
    check("query A{a} mutation B{a}", Some("A"), Ok((query, Some("A"))));
    check("query A{a} mutation B{a}", Some("B"), Ok((mutation, Some("B"))));
    check("query A{a} mutation B{a}", None, Err(DocumentError::OperationNameRequired));
    check("query A{a} mutation B{a}", Some("C"), unknown("C"));
    check("query A{a}", Some("a"), unknown("a"));
    check("query A{a}", Some(""), unknown(""));
    check("{a}", Some("A"), unknown("A"));
}

#[test]
fn names_are_given_once() {
    let check = |text: &str, words: &str, at: Option<(usize, usize)>| {
        let error = refuse(text);
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!((error.code(), error.position()), (Code::BadUserInput, at), "{text}");
    };
    check("query A{a}\nmutation A{a}", "two operations are named `A`", Some((2, 1)));
    check("{a}\nfragment F on T{a}\nfragment F on T{a}", "two fragments are named `F`", Some((3, 1)));
    check("query A{a} {a}", "must be the only one", Some((1, 12)));
    check("{a} query A{a}", "must be the only one", Some((1, 1)));
    check("{a}{a}", "must be the only one", Some((1, 4)));
    check("fragment F on T{a}", "no operation", None);
}

#[test]
fn a_spread_names_a_fragment_and_closes_no_circle() {
    let cycle = |text: &str, name: &str, column: usize| {
        let error = refuse(text);
        let at = async_graphql::Pos { line: 1, column };
        assert_eq!(error, DocumentError::FragmentCycle { name: name.into(), at }, "{text}");
        assert_eq!(error.code(), Code::BadUserInput);
    };
    cycle("{...A} fragment A on T{...A}", "A", 24);
    cycle("{...A} fragment A on T{a{... on T{...A}}}", "A", 35);
    cycle("{...A} fragment A on T{...B} fragment B on T{...A}", "A", 46);
    cycle("{a} fragment A on T{...A}", "A", 21);
    cycle("{a} fragment A on T{...B ...C} fragment B on T{b} fragment C on T{...D} fragment D on T{...C}", "C", 89);
    let text = "query A{...F} query B{b} fragment F on T{...F}";
    assert!(matches!(read(text, Some("B")), Err(DocumentError::FragmentCycle { .. })));
    let unknown = |text: &str, column: usize| {
        let at = async_graphql::Pos { line: 1, column };
        assert_eq!(refuse(text), DocumentError::UnknownFragment { name: "N".into(), at }, "{text}");
    };
    unknown("{...N}", 2);
    unknown("{a{... on T{...N}}}", 13);
    unknown("{...A} fragment A on T{...N}", 24);
    unknown("{a} fragment A on T{...N}", 21);
    assert!(read("query A{a} query B{...N}", Some("A")).is_err());
    assert!(read("{...A ...B} fragment A on T{...C} fragment B on T{...C} fragment C on T{c}", None).is_ok());
}

#[test]
fn a_chain_of_fragments_needs_no_stack() {
    too_much(&format!("{{...F0}}{}", powers(480, 1, "a")), Quantity::Sets);
    too_much(&format!("{{a}}{}", powers(480, 1, "a")), Quantity::Sets);
    let back = powers(480, 1, "...F0");
    assert!(matches!(refuse(&format!("{{a}}{back}")), DocumentError::FragmentCycle { .. }));
}

#[test]
fn an_error_of_syntax_is_a_sentence_with_its_place() {
    let check = |text: &str, message: &str, at: (usize, usize)| {
        let error = refuse(text);
        let found = match &error {
            DocumentError::Syntax { message, .. } => message.as_str(),
            other => panic!("{other}"),
        };
        assert_eq!((found, error.position()), (message, Some(at)), "{text:?}");
        assert_eq!(error.code(), Code::BadUserInput);
        assert!(!error.to_string().contains(['\n', '\0', '_']), "{error}");
    };
    check("", "expected an operation or a fragment", (1, 1));
    check(" # only a comment", "expected an operation or a fragment", (1, 18));
    check("{}", "expected a field or a fragment", (1, 2));
    check("{\n  a(x:)\n}", "expected a value", (2, 7));
    check("{a(x:1e999)}", "the number is out of range", (1, 6));
    check("{a\0}", "unexpected character `U+0000`", (1, 3));
    check("\0{a}", "unexpected character `U+0000`", (1, 1));
    check("{a /}", "unexpected character `/`", (1, 4));
    check("{é}", "unexpected character `é`", (1, 2));
    check("{a(x:\"b)}", "unterminated string value", (1, 6));
    check("{a(x:\"\"\"b\")}", "unterminated string value", (1, 6));
    check("{a\r\n(x:\r\"b\n\")}", "unexpected line terminator", (3, 1));
    check("{a(x:\"\\q\")}", "unexpected escaped character", (1, 6));
    check("{a ..}", "unterminated spread operator", (1, 4));
    check("type T{a:Int}", "expected an operation or a fragment", (1, 1));
}

#[test]
fn what_graphql_ignores_is_ignored() {
    let check = |text: &str| assert!(read(text, None).is_ok(), "{text:?}");
    check("\u{feff}{a}");
    check("{a,,,b,}");
    check("# {{{{ \0\r{a}");
    check("{a(x:\"\0\")}");
    check("\t{\ra\r\n}");
}

mod any_text {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn is_read_or_refused_without_a_panic(pieces in prop::collection::vec(piece(), 0..40)) {
            if let Err(error) = read(&pieces.concat(), None) {
                prop_assert!(!error.to_string().contains('\n'), "{}", error);
            }
        }
    }

    const PIECES: &[&str] = &[
        "{", "}", "(", ")", "[", "]", "...", "a", "on", "query", "fragment", "F", " ", "\n", "\r", "#", ",", ":", "$",
        "@", "!", "=", "1", "-", "0", "1.5e", ".", "\"", "\"\"\"", "\\", "\\u", "\\\"\"\"", "{a}", "\u{feff}", "é",
        "𝄞", "\0",
    ];

    fn piece() -> impl Strategy<Value = String> {
        prop_oneof![9 => prop::sample::select(PIECES).prop_map(str::to_owned), 1 => any::<String>()]
    }
}

#[test]
fn a_variable_is_of_a_type_that_the_schema_has() {
    let check = |variable: &str, unknown: Option<&str>| {
        let text = format!("query({variable}){{__typename}}");
        let at = async_graphql::Pos { line: 1, column: 7 };
        let expected = unknown.map(|name| DocumentError::UnknownType { name: name.into(), at });
        assert_eq!(read(&text, None).err(), expected, "{text}");
    };
    check("$v:Int=1", None);
    check("$v:[ID!]!", None);
    check("$v:[PartialDate]=[1]", None);
    check("$v:KnownAtInput", None);
    check("$v:Nope", Some("Nope"));
    check("$v:[origin]=[1]", Some("origin"));
    // async-graphql panics at this one.
    check("$v:[[Nope!]!]=[[1]]", Some("Nope"));
}

#[test]
fn a_subscription_has_one_root_field() {
    let check = |text: &str, legal: bool| assert_eq!(read(text, None).is_ok(), legal, "{text}");
    check("subscription { events { id } }", true);
    check("subscription { ...F } fragment F on Subscription { events { id } }", true);
    check("subscription { events { id } checkpoints { size } }", false);
    check("subscription { ...F checkpoints { size } } fragment F on Subscription { events { id } }", false);
    check("{ ledger { size } node(id: \"x\") { id } }", true);
}

#[test]
fn a_variable_that_cannot_be_null_is_given() {
    let check = |definition: &str, variables: serde_json::Value, legal: bool| {
        let document = read(&format!("query({definition}){{event(sequence:$v){{id}}}}"), None).unwrap();
        let held = document.hold_variables(variables.as_object().unwrap());
        assert_eq!(held.is_ok(), legal, "{definition} {variables} {held:?}");
    };
    check("$v:Sequence!", serde_json::json!({ "v": "1" }), true);
    check("$v:Sequence!", serde_json::json!({}), false);
    check("$v:Sequence!", serde_json::json!({ "v": null }), false);
    check("$v:Sequence", serde_json::json!({}), true);
    check("$v:Sequence!=\"1\"", serde_json::json!({}), true);
    check("$v:Sequence!=\"1\"", serde_json::json!({ "w": null }), true);
}
