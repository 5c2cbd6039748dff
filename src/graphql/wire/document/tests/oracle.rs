//! The measure of a document against one that really expands every spread.

use std::fmt::Write as _;

use async_graphql::parser::types::{Directive, Selection, SelectionSet};
use proptest::prelude::*;

use super::*;
use crate::graphql::document::measure::{Measure, Measures};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_measure_is_that_of_the_expanded_document(text in document()) {
        let parsed = async_graphql::parser::parse_query(&text).unwrap();
        let mut measures = Measures::default();
        measures.fragments(&parsed).unwrap();
        for (_, operation) in parsed.operations.iter() {
            let expected = Oracle(&parsed).operation(&operation.node);
            prop_assert_eq!(measures.operation(&operation.node).unwrap(), expected, "{}", text);
        }
    }
}

/// A document of two operations and four fragments, of which each spreads only later ones.
fn document() -> impl Strategy<Value = String> {
    let fragment = |number: usize| {
        (set(number + 1), prop::bool::ANY).prop_map(move |(set, directive)| {
            format!("fragment F{number} on T{}{set}", if directive { "@d" } else { "" })
        })
    };
    let fragments = (fragment(0), fragment(1), fragment(2), fragment(3));
    (set(0), set(0), fragments)
        .prop_map(|(a, b, (f, g, h, i))| format!("query A($v:Int@d){a} query B@d{b} {f} {g} {h} {i}"))
}

/// A selection set that spreads the fragments from a number on.
fn set(from: usize) -> impl Strategy<Value = String> {
    let field = prop::sample::select(
        ["a", "b:a", "a(x:1)", "a(x:[$v,{y:$v}] z:\"\")", "a@d(x:$v)", "fields", "__schema", "types"].as_slice(),
    );
    let leaf = prop_oneof![
        3 => field.clone().prop_map(str::to_owned),
        2 => (from..=4, prop::bool::ANY).prop_map(|(number, directive)| match number {
            4 => "a".to_owned(),
            _ => format!("...F{number}{}", if directive { "@d" } else { "" }),
        }),
    ];
    let selection = leaf.prop_recursive(3, 12, 3, move |inner| {
        let head =
            prop_oneof![field.clone().prop_map(str::to_owned), Just("...".to_owned()), Just("... on T@d".to_owned())];
        (head, prop::collection::vec(inner, 1..4)).prop_map(|(head, items)| format!("{head}{{{}}}", items.join(" ")))
    });
    prop::collection::vec(selection, 1..4).prop_map(|items| {
        let mut text = "{".to_owned();
        items.iter().for_each(|item| write!(text, "{item} ").unwrap());
        text + "}"
    })
}

/// Counts one quantity after the other, each by a walk of its own over every expansion.
struct Oracle<'a>(&'a ExecutableDocument);

impl Oracle<'_> {
    fn operation(&self, operation: &OperationDefinition) -> Measure {
        let set = &operation.selection_set.node;
        let variables = operation.variable_definitions.iter().flat_map(|variable| &variable.node.directives);
        let own: Vec<&Positioned<Directive>> = operation.directives.iter().chain(variables).collect();
        let mut selections = Vec::new();
        self.expand(set, &mut selections);
        let fields = |selection: &&Expanded| selection.alias.is_some();
        let sum = |of: fn(&Expanded) -> usize| selections.iter().map(of).sum::<usize>();
        Measure {
            selections: sum(|selection| selection.counts),
            fields: self.level(set).len(),
            depth: self.depth(set),
            sets: self.sets(set),
            aliases: selections.iter().filter(fields).count(),
            directives: sum(|selection| selection.directives) + own.len(),
            values: sum(|selection| selection.values),
            variable_uses: sum(|selection| selection.uses),
            arguments: self.level(set).into_iter().max().unwrap_or(0),
            introspected: self.answers(set),
            introspection: self.introspection(set),
        }
    }

    fn expand(&self, set: &SelectionSet, into: &mut Vec<Expanded>) {
        for selection in &set.items {
            let (mut values, mut uses) = (0, 0);
            let text = |value: &dyn std::fmt::Display| value.to_string();
            let mut count = |value: String| {
                // Lists, objects, strings and numbers of these documents are told apart by their first character.
                values += value.matches(['[', '{', '"', '1', '$']).count() - value.matches('"').count() / 2;
                uses += value.matches('$').count();
            };
            for directive in selection.node.directives() {
                directive.node.arguments.iter().for_each(|(_, value)| count(text(&value.node)));
            }
            let mut alias = None;
            if let Selection::Field(field) = &selection.node {
                alias = field.node.alias.as_ref().map(|alias| alias.node.to_string());
                field.node.arguments.iter().for_each(|(_, value)| count(text(&value.node)));
            }
            let directives = selection.node.directives().len();
            into.push(Expanded { counts: 1, alias, directives, values, uses });
            if let Selection::FragmentSpread(spread) = &selection.node {
                let directives = self.0.fragments[&spread.node.fragment_name.node].node.directives.len();
                into.push(Expanded { counts: 0, alias: None, directives, values: 0, uses: 0 });
            }
            self.expand(self.inner(&selection.node), into);
        }
    }

    fn inner<'a>(&'a self, selection: &'a Selection) -> &'a SelectionSet {
        match selection {
            Selection::Field(field) => &field.node.selection_set.node,
            Selection::InlineFragment(inline) => &inline.node.selection_set.node,
            Selection::FragmentSpread(spread) => {
                &self.0.fragments[&spread.node.fragment_name.node].node.selection_set.node
            }
        }
    }

    /// How many arguments the fields on the level of a set have, one number a field.
    fn level(&self, set: &SelectionSet) -> Vec<usize> {
        let fields = set.items.iter().map(|selection| match &selection.node {
            Selection::Field(field) => vec![field.node.arguments.len()],
            other => self.level(self.inner(other)),
        });
        fields.collect::<Vec<_>>().concat()
    }

    fn depth(&self, set: &SelectionSet) -> usize {
        let depths = set.items.iter().map(|selection| {
            usize::from(matches!(selection.node, Selection::Field(_))) + self.depth(self.inner(&selection.node))
        });
        depths.max().unwrap_or(0)
    }

    fn sets(&self, set: &SelectionSet) -> usize {
        let sets = set.items.iter().map(|selection| 1 + self.sets(self.inner(&selection.node)));
        sets.max().unwrap_or(0)
    }

    fn answers(&self, set: &SelectionSet) -> usize {
        let answers = set.items.iter().map(|selection| {
            let inner = self.answers(self.inner(&selection.node));
            match &selection.node {
                Selection::Field(field) => match field.node.name.node.as_str() {
                    "types" => 1 + 1_800 * inner,
                    "fields" => 1 + 10 * inner,
                    _ => 1 + inner,
                },
                _ => inner,
            }
        });
        answers.sum()
    }

    fn introspection(&self, set: &SelectionSet) -> usize {
        let found = set.items.iter().map(|selection| match &selection.node {
            Selection::Field(field) if field.node.name.node == "__schema" => {
                1 + self.answers(self.inner(&selection.node))
            }
            _ => self.introspection(self.inner(&selection.node)),
        });
        found.sum()
    }
}

struct Expanded {
    counts: usize,
    alias: Option<String>,
    directives: usize,
    values: usize,
    uses: usize,
}
