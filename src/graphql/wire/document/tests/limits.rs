//! Each limit from both sides, and documents made to exhaust.

use super::*;
use crate::graphql::limits::*;

#[test]
fn a_document_has_at_most_65_536_bytes() {
    let padded = |bytes: usize| format!("{{a}}#{}", " ".repeat(bytes - 4));
    assert!(read(&padded(DOCUMENT_BYTES_MAX), None).is_ok());
    assert_eq!(refuse(&padded(DOCUMENT_BYTES_MAX + 1)), DocumentError::TooLong { found: DOCUMENT_BYTES_MAX + 1 });
    let huge = refuse(&padded(10 << 20));
    assert_eq!((huge.code(), huge.position()), (Code::TooComplex, None));
    assert_eq!(refuse(&"{".repeat(10 << 20)), DocumentError::TooLong { found: 10 << 20 });
}

#[test]
fn a_document_has_at_most_4_000_tokens_and_the_rest_is_not_read() {
    // Two braces are tokens; commas, white space and comments are not.
    let text = |names: usize| format!("{{{}}}#a a", "a ,".repeat(names));
    assert!(read(&text(DOCUMENT_TOKENS_MAX - 2), None).is_err_and(|error| error.code() == Code::TooComplex));
    assert!(lexical::scan(&text(DOCUMENT_TOKENS_MAX - 2)).is_ok());
    let error = refuse(&text(DOCUMENT_TOKENS_MAX - 1));
    let at = async_graphql::Pos { line: 1, column: 2 + 3 * (DOCUMENT_TOKENS_MAX - 1) };
    assert_eq!(error, DocumentError::TooManyTokens { at });
    assert_eq!(error.code(), Code::TooComplex);
    // What is no token comes after the limit, and so is never seen.
    assert_eq!(refuse(&text(DOCUMENT_TOKENS_MAX - 1).replace('#', "\0")), DocumentError::TooManyTokens { at });
}

#[test]
fn at_most_64_brackets_are_open_at_once() {
    let check = |before: &str, open: &str, middle: &str, close: &str, after: &str| {
        let nested = |levels: usize| format!("{before}{}{middle}{}{after}", open.repeat(levels), close.repeat(levels));
        let outside = before.matches(['{', '(']).count() - before.matches(')').count();
        let taken = lexical::scan(&nested(NESTING_MAX - outside));
        assert!(taken.is_ok(), "{taken:?}");
        // The parser's stack bears the limit: whatever it says of the document, it says something.
        drop(read(&nested(NESTING_MAX - outside), None));
        for levels in [NESTING_MAX - outside + 1, 10_000] {
            let error = refuse(&nested(levels));
            assert!(matches!(error, DocumentError::TooNested { .. }), "{error}");
            assert_eq!(error.code(), Code::TooComplex);
        }
    };
    check("{", "a{", "a", "}", "}");
    check("{", "...{", "a", "}", "}");
    check("{a(x:", "[", "1", "]", ")}");
    check("{a(x:", "{x:", "1", "}", ")}");
    check("query($x:", "[", "Int", "]", "){a(x:$x)}");
    check("query($x:Int=", "[", "1", "]", "){a(x:$x)}");
    check("{a", "(", "", ")", "}");
}

#[test]
fn a_hundred_thousand_brackets_are_refused_at_the_65th() {
    for bracket in ["{", "[", "("] {
        // Longer than a document may be; the lexer is asked alone below what the length refuses.
        assert!(matches!(refuse(&bracket.repeat(100_000)), DocumentError::TooLong { .. }));
        let at = async_graphql::Pos { line: 1, column: NESTING_MAX + 1 };
        assert_eq!(refuse(&bracket.repeat(DOCUMENT_BYTES_MAX)), DocumentError::TooNested { at });
    }
}

#[test]
fn brackets_in_strings_and_comments_are_not_counted() {
    let many = "{([".repeat(100);
    let check = |text: String| assert!(read(&text, None).is_ok(), "{text}");
    check(format!("{{a(x:\"{many}\")}}"));
    check(format!("{{a(x:\"\\\"{many}\")}}"));
    check(format!("{{a(x:\"\"\"{many}\n\\\"\"\"{many}\"{many}\"\"\")}}"));
    check(format!("#{many}\n{{a}}"));
    check(format!("{{a #\"\"\"{many}\n}}"));
    // And none hides behind what only looks like a string or a comment.
    let shown = |text: String| assert!(matches!(refuse(&text), DocumentError::TooNested { .. }), "{text}");
    shown(format!("{{a(x:\"\" y:{many}"));
    shown(format!("{{a(x:\"\"\"\\\\\\\"\"\"\"\"\" y:{many}"));
    shown(format!("#\r{many}"));
    shown(format!("{{a(x:\"#\" y:{many}"));
}

#[test]
fn a_name_has_at_most_128_bytes() {
    let name = |bytes: usize| format!("{{{}:a}}", "n".repeat(bytes));
    assert!(read(&name(NAME_BYTES_MAX), None).is_ok());
    let at = async_graphql::Pos { line: 1, column: 2 };
    assert_eq!(refuse(&name(NAME_BYTES_MAX + 1)), DocumentError::NameTooLong { found: NAME_BYTES_MAX + 1, at });
}

#[test]
fn fields_nest_at_most_20_deep_through_fragments() {
    let nested = |levels: usize| format!("{}a{}", "a{".repeat(levels), "}".repeat(levels));
    both_sides(Quantity::Depth, |max| format!("{{{}}}", nested(max - 1)));
    both_sides(Quantity::Depth, |max| format!("{{a{{...F}}}} fragment F on T{{{}}}", nested(max - 2)));
    both_sides(Quantity::Depth, |max| format!("{{a}} fragment F on T{{...{{{}}}}}", nested(max - 1)));
    both_sides(Quantity::Depth, |max| format!("{{a ...{{a}} {}}}", nested(max - 1)));
}

#[test]
fn selection_sets_nest_at_most_32_deep_through_fragments() {
    let inline = |levels: usize| format!("{}a{}", "...{".repeat(levels), "}".repeat(levels));
    both_sides(Quantity::Sets, |max| format!("{{{}}}", inline(max - 1)));
    both_sides(Quantity::Sets, |max| format!("{{...F0}}{}", powers(max - 2, 1, "a")));
    both_sides(Quantity::Sets, |max| format!("{{a}}{}", powers(max - 1, 1, "a")));
}

#[test]
fn an_operation_has_at_most_20_root_fields_through_fragments() {
    both_sides(Quantity::RootFields, |max| format!("{{{}}}", "a ".repeat(max)));
    both_sides(Quantity::RootFields, |max| format!("{{a ...{{a ...F}}}} fragment F on T{{{}}}", "a ".repeat(max - 2)));
}

#[test]
fn an_operation_has_at_most_30_aliases_through_fragments() {
    let aliases = |count: usize| (0..count).map(|n| format!("a{n}:a ")).collect::<String>();
    both_sides(Quantity::Aliases, |max| format!("{{o{{{}}}}}", aliases(max)));
    // A fragment counts as often as it is spread.
    both_sides(Quantity::Aliases, |max| {
        let (own, shared) = (aliases(max % 2), aliases(max / 2));
        format!("{{o{{...F}} p{{...F}} q{{a {own}}}}} fragment F on T{{{shared}}}")
    });
    both_sides(Quantity::Aliases, |max| format!("{{a}} fragment F on T{{{}}}", aliases(max)));
    too_much(&format!("{{{}}}", aliases(1_000)), Quantity::Aliases);
}

#[test]
fn an_operation_uses_at_most_10_directives_wherever_they_stand() {
    let uses = |count: usize| "@d".repeat(count);
    both_sides(Quantity::Directives, |max| format!("query{}{{a}}", uses(max)));
    both_sides(Quantity::Directives, |max| format!("query($x:Int{}){{a(x:$x)}}", uses(max)));
    both_sides(Quantity::Directives, |max| format!("{{a{}}}", uses(max)));
    both_sides(Quantity::Directives, |max| format!("{{...{}{{a}}}}", uses(max)));
    both_sides(Quantity::Directives, |max| format!("{{...F{}}} fragment F on T{{a}}", uses(max)));
    both_sides(Quantity::Directives, |max| format!("{{...F}} fragment F on T{}{{a}}", uses(max)));
    both_sides(Quantity::Directives, |max| {
        let (own, shared) = (uses(max % 2), uses(max / 2));
        format!("{{...F ...F a{own}}} fragment F on T{{a{shared}}}")
    });
    let most = "@d".repeat(DOCUMENT_TOKENS_MAX / 2 - 3);
    too_much(&format!("{{a{most}}}"), Quantity::Directives);
    assert!(matches!(refuse(&format!("{{a{}}}", uses(10_000))), DocumentError::TooManyTokens { .. }));
}

#[test]
fn a_field_has_at_most_20_arguments() {
    let arguments = |count: usize| (0..count).map(|n| format!("x{n}:1 ")).collect::<String>();
    both_sides(Quantity::Arguments, |max| format!("{{a({})}}", arguments(max)));
    both_sides(Quantity::Arguments, |max| format!("{{a@d({})}}", arguments(max)));
}

#[test]
fn the_operations_of_a_document_share_10_000_selections() {
    // Each of these is 102: the field, the spread, and the 100 fields of the fragment.
    let spreads = |count: usize| "o{...F}".repeat(count);
    let text =
        |rest: usize| format!("{{o{{{}{}}}}}fragment F on T{{{}}}", spreads(97), "a ".repeat(rest), "a ".repeat(100));
    let rest = SELECTIONS_MAX - 1 - 97 * 102;
    assert!(read(&text(rest), None).is_ok());
    too_much(&text(rest + 1), Quantity::Selections);
    let two = |rest: usize| {
        let half = |name: &str, rest: usize| format!("query {name}{{o{{{}{}}}}}", spreads(48), "a ".repeat(rest));
        format!("{}{}fragment F on T{{{}}}", half("A", 0), half("B", rest), "a ".repeat(100))
    };
    let rest = SELECTIONS_MAX - 2 - 96 * 102;
    assert!(read(&two(rest), Some("A")).is_ok());
    assert!(read(&two(rest + 1), Some("A")).is_err_and(|error| error.code() == Code::TooComplex));
}

#[test]
fn doubling_fragments_are_refused_whether_used_or_not() {
    let bomb = format!("{{...F0}}{}", powers(26, 2, "a"));
    assert!((850..=950).contains(&bomb.len()), "{}", bomb.len());
    too_much(&bomb, Quantity::RootFields);
    too_much(&bomb.replacen("{...F0}", "{a{...F0}}", 1), Quantity::Selections);
    assert_eq!(refuse(&bomb.replacen("{...F0}", "{a}", 1)).code(), Code::TooComplex);
    assert!(read(&bomb.replacen("{...F0}", "query A{a} query B{b{...F0}}", 1), Some("A")).is_err());
    // More than any integer holds.
    too_much(&format!("{{a{{...F0}}}}{}", powers(25, 60, "a")), Quantity::Selections);
}

#[test]
fn operations_share_10_000_values_and_100_uses_of_variables() {
    both_sides(Quantity::Values, |max| {
        // A list and its items in each of ten spreads; a string counts once more for every 64 bytes.
        let text = "s".repeat(64 * (max % 10));
        format!("{{o{{{}}} a(x:\"{text}\")}}fragment F on T{{a(x:[{}])}}", "...F".repeat(10), "1 ".repeat(max / 10 - 1))
            .replace("a(x:\"\")", "a")
    });
    let uses = |count: usize| "$v ".repeat(count);
    both_sides(Quantity::VariableUses, |max| format!("query($v:Int){{a(x:[{}])}}", uses(max)));
    both_sides(Quantity::VariableUses, |max| format!("query($v:Int){{a(x:{{y:[{}]}})}}", uses(max)));
    both_sides(Quantity::VariableUses, |max| format!("query($v:Int){{a@d(x:[{}])}}", uses(max)));
    let two = |rest: usize| {
        let half = uses(VARIABLE_USES_MAX / 2);
        format!(
            "query A($v:Int){{...F}} query B($v:Int){{...F a(x:[{}])}} fragment F on T{{a(x:[{half}])}}",
            uses(rest)
        )
    };
    assert!(read(&two(0), Some("A")).is_ok());
    assert!(read(&two(1), Some("A")).is_err_and(|error| error.code() == Code::TooComplex));
}

#[test]
fn fields_of_one_set_are_compared_at_most_20_000_times() {
    // Ten sets in one another compare the same fields, each set all of them; the outermost has one field more.
    let inline = |count: usize| format!("{{o{{{}{}{}}}}}", "...{".repeat(9), "a ".repeat(count), "}".repeat(9));
    assert!(read(&inline(1_999), None).is_ok());
    too_much(&inline(2_000), Quantity::Comparisons);
    let arguments = (0..19).map(|n| format!("x{n}:1 ")).collect::<String>();
    let with = |count: usize| format!("{{o{{a({arguments}){}}}}}", "a ".repeat(count));
    assert!(read(&with(998), None).is_ok());
    too_much(&with(1_000), Quantity::Comparisons);
}

#[test]
fn introspection_of_graphql_js_is_taken_and_little_more() {
    let document = read(INTROSPECTION, None).unwrap();
    let mut measures = measure::Measures::default();
    measures.fragments(&document.parsed).unwrap();
    let (_, operation) = document.parsed.operations.iter().next().unwrap();
    assert_eq!(measures.operation(&operation.node).unwrap().introspection, 2_008_849);
    let deep = |levels: usize| {
        format!("{{__schema{{types{{{}name{}}}}}}}", "fields{type{".repeat(levels), "}}".repeat(levels))
    };
    assert!(read(&deep(2), None).is_ok());
    too_much(&deep(6), Quantity::Introspection);
    let by_fragments = |end: &str| {
        let lists =
            "fragment A on T{fields{type{...B}}} fragment B on T{fields{type{...C}}} fragment C on T{fields{type";
        format!("{{__schema{{types{{...A}}}}}} {lists}{{{end}}}}}}}")
    };
    too_much(&by_fragments("name "), Quantity::Introspection);
    // `__type` counts as the largest type, and every one counts.
    let types = |count: usize| format!("{{{}}}", "__type(name:\"T\"){fields{type{fields{name}}}}".repeat(count));
    assert!(read(&types(20), None).is_ok());
    let in_one =
        |count: usize| format!("{{__type(name:\"T\"){{fields{{type{{fields{{{}}}}}}}}}}}", "name ".repeat(count));
    assert!(read(&in_one(55), None).is_ok());
    too_much(&in_one(57), Quantity::Introspection);
    // Only introspection is multiplied.
    assert!(read(&deep(6).replace("__schema", "schema"), None).is_ok());
}

#[test]
fn what_is_not_chosen_is_held_to_the_same_limits() {
    let aliases = (0..=ALIASES_MAX).map(|n| format!("a{n}:a ")).collect::<String>();
    let text = format!("query A{{a}} query B{{o{{{aliases}}}}}");
    let error = read(&text, Some("A")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the operation `B` has more than 30 aliases, with fragments expanded: split the request"
    );
    assert_eq!(error.position(), Some((1, 12)));
}

#[test]
fn variables_hold_so_many_values_and_are_copied_so_often() {
    let uses = |count: usize| {
        let used: String = (0..count).map(|n| format!("a{n}:nodes(ids:$v){{id}}")).collect();
        read(&format!("query($v:[ID!]!){{{used}}}"), None).unwrap()
    };
    let variables = |values: usize| serde_json::Map::from_iter([("v".to_owned(), vec![1; values - 1].into())]);
    assert!(uses(1).hold_variables(&variables(VARIABLE_VALUES_MAX)).is_ok());
    let error = uses(1).hold_variables(&variables(VARIABLE_VALUES_MAX + 1)).unwrap_err();
    assert_eq!(error, DocumentError::TooManyVariableValues { found: VARIABLE_VALUES_MAX + 1 });
    assert_eq!(error.code(), Code::TooComplex);
    let each = VARIABLE_COPIES_MAX / 20;
    assert!(uses(20).hold_variables(&variables(each)).is_ok());
    let error = uses(20).hold_variables(&variables(each + 1)).unwrap_err();
    assert_eq!(error, DocumentError::TooManyVariableCopies { found: VARIABLE_COPIES_MAX + 20 });
    let text = serde_json::Map::from_iter([("v".to_owned(), "x".repeat(64 * VARIABLE_VALUES_MAX).into())]);
    assert!(uses(1).hold_variables(&text).is_err(), "long texts count by their length");
}
