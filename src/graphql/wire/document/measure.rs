//! How large a document is when its fragments are expanded, without expanding them.

use std::collections::HashMap;

use async_graphql::parser::types::{
    Directive, ExecutableDocument, Field, FragmentDefinition, FragmentSpread, OperationDefinition, OperationType,
    Selection, SelectionSet,
};
use async_graphql::{Name, Pos, Positioned};
use async_graphql_value::Value;

use super::{DocumentError, Part, Quantity, fragments};
use crate::graphql::limits::{INTROSPECTION_ITEMS, INTROSPECTION_TYPE, INTROSPECTION_TYPES};

/// What a selection set, a fragment or an operation has, with fragments expanded. All numbers saturate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// Fields, inline fragments and spreads, on all levels.
    pub selections: usize,
    /// Fields on the level of the set itself.
    pub fields: usize,
    /// Fields in one another.
    pub depth: usize,
    /// Selection sets in one another.
    pub sets: usize,
    /// Fields with an alias, on all levels.
    pub aliases: usize,
    /// Uses of directives.
    pub directives: usize,
    /// Values in arguments.
    pub values: usize,
    /// Uses of variables.
    pub variable_uses: usize,
    /// The most arguments of a field on the level of the set itself.
    pub arguments: usize,
    /// What the set makes introspection answer, if it is within introspection.
    pub introspected: usize,
    /// What the introspection within the set answers.
    pub introspection: usize,
}

impl Measure {
    /// Adds what stands beside this in the same set.
    fn add(&mut self, other: &Self) {
        self.selections = self.selections.saturating_add(other.selections);
        self.fields = self.fields.saturating_add(other.fields);
        self.depth = self.depth.max(other.depth);
        self.sets = self.sets.max(other.sets);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
        self.values = self.values.saturating_add(other.values);
        self.variable_uses = self.variable_uses.saturating_add(other.variable_uses);
        self.arguments = self.arguments.max(other.arguments);
        self.introspected = self.introspected.saturating_add(other.introspected);
        self.introspection = self.introspection.saturating_add(other.introspection);
    }

    /// Makes the measure of a set that of a field with it.
    fn within(self, field: &Field) -> Self {
        let name = field.name.node.as_str();
        let times = match name {
            "types" => INTROSPECTION_TYPES,
            "__type" => INTROSPECTION_TYPE,
            "fields" | "inputFields" | "enumValues" => INTROSPECTION_ITEMS,
            _ => 1,
        };
        let introspected = self.introspected.saturating_mul(times).saturating_add(1);
        Self {
            selections: self.selections.saturating_add(1),
            fields: 1,
            depth: self.depth.saturating_add(1),
            aliases: self.aliases.saturating_add(usize::from(field.alias.is_some())),
            arguments: field.arguments.len(),
            introspected,
            introspection: if matches!(name, "__schema" | "__type") { introspected } else { self.introspection },
            ..self
        }
    }

    /// Counts a value with all in it; strings by their length, for they are copied with every expansion.
    fn count(&mut self, value: &Value) {
        let bytes = match value {
            Value::String(text) => text.len(),
            _ => 0,
        };
        self.values = self.values.saturating_add(1 + bytes / 64);
        match value {
            Value::Variable(_) => self.variable_uses = self.variable_uses.saturating_add(1),
            Value::List(items) => items.iter().for_each(|item| self.count(item)),
            Value::Object(fields) => fields.values().for_each(|field| self.count(field)),
            _ => {}
        }
    }
}

/// Holds all of a document to the limits that need it parsed.
///
/// Returns the measure of all operations together.
///
/// # Errors
///
/// Fails if a part has too much of something, if a spread names no fragment or closes a circle, or if a subscription has
/// not one root field (GraphQL, "Single Root Field"). Of several errors the chosen operation's comes first.
pub fn hold(document: &ExecutableDocument, chosen: Option<&str>) -> Result<Measure, DocumentError> {
    let mut measures = Measures::default();
    measures.fragments(document)?;
    let mut operations: Vec<_> = document.operations.iter().collect();
    operations.sort_by_key(|(name, operation)| (name.map(Name::as_str) != chosen, operation.pos));
    let mut total = Measure::default();
    for (name, operation) in operations {
        let measure = measures.operation(&operation.node)?;
        if operation.node.ty == OperationType::Subscription && measure.fields != 1 {
            return Err(DocumentError::NotOneStream { at: operation.pos });
        }
        let part = Part::Operation(name.map(ToString::to_string));
        keep(&measure, &part, operation.pos)?;
        total.add(&measure);
    }
    let start = Pos { line: 1, column: 1 };
    keep_sums(&total, &Part::Document, start)?;
    check(Quantity::Comparisons, measures.comparisons, &Part::Document, start)?;
    for (name, fragment) in fragments(document) {
        if let Some(measure) = measures.of_fragments.get(name) {
            keep(measure, &Part::Fragment(name.to_owned()), fragment.pos)?;
        }
    }
    Ok(total)
}

/// Holds an operation or a fragment to its limits.
fn keep(measure: &Measure, part: &Part, at: Pos) -> Result<(), DocumentError> {
    check(Quantity::Depth, measure.depth, part, at)?;
    check(Quantity::Sets, measure.sets, part, at)?;
    check(Quantity::Aliases, measure.aliases, part, at)?;
    check(Quantity::Directives, measure.directives, part, at)?;
    check(Quantity::Introspection, measure.introspection, part, at)?;
    if matches!(part, Part::Operation(_)) {
        check(Quantity::RootFields, measure.fields, part, at)?;
    }
    keep_sums(measure, part, at)
}

/// Holds to the limits that operations share: async-graphql expands all of them, whichever is to run.
fn keep_sums(measure: &Measure, part: &Part, at: Pos) -> Result<(), DocumentError> {
    check(Quantity::Selections, measure.selections, part, at)?;
    check(Quantity::Values, measure.values, part, at)?;
    check(Quantity::VariableUses, measure.variable_uses, part, at)
}

fn check(quantity: Quantity, found: usize, part: &Part, at: Pos) -> Result<(), DocumentError> {
    if found > quantity.max() {
        return Err(DocumentError::TooMuch { quantity, part: part.clone(), at });
    }
    Ok(())
}

/// The fragments measured so far, and what comparing fields costs in all sets measured so far.
///
/// It descends as deep as one definition nests, which the parser limits; to fragments it does not descend.
#[derive(Default)]
pub struct Measures<'a> {
    of_fragments: HashMap<&'a str, Measure>,
    comparisons: usize,
}

impl<'a> Measures<'a> {
    /// Measures the fragments of a document.
    ///
    /// # Errors
    ///
    /// Fails if a spread of the document names no fragment or closes a circle, or if something has too many arguments.
    pub fn fragments(&mut self, document: &'a ExecutableDocument) -> Result<(), DocumentError> {
        for (name, fragment) in expandable(document)? {
            let mut measure = self.set(&fragment.node.selection_set.node)?;
            directives(&mut measure, &fragment.node.directives)?;
            self.of_fragments.insert(name, measure);
        }
        Ok(())
    }

    /// Measures an operation whose fragments are measured.
    ///
    /// # Errors
    ///
    /// Fails if a field or directive has too many arguments.
    pub fn operation(&mut self, operation: &OperationDefinition) -> Result<Measure, DocumentError> {
        let mut measure = self.set(&operation.selection_set.node)?;
        directives(&mut measure, &operation.directives)?;
        for variable in &operation.variable_definitions {
            directives(&mut measure, &variable.node.directives)?;
        }
        Ok(measure)
    }

    fn set(&mut self, set: &SelectionSet) -> Result<Measure, DocumentError> {
        let mut measure = Measure::default();
        for selection in &set.items {
            measure.add(&self.selection(selection)?);
        }
        measure.sets = measure.sets.saturating_add(1);
        let comparisons = measure.fields.saturating_mul(measure.arguments.saturating_add(1));
        self.comparisons = self.comparisons.saturating_add(comparisons);
        Ok(measure)
    }

    fn selection(&mut self, selection: &Positioned<Selection>) -> Result<Measure, DocumentError> {
        let mut measure = match &selection.node {
            Selection::Field(field) => {
                let has_set = !field.node.selection_set.node.items.is_empty();
                let set = if has_set { self.set(&field.node.selection_set.node)? } else { Measure::default() };
                let mut measure = set.within(&field.node);
                arguments(&mut measure, &field.node.arguments, field.pos)?;
                measure
            }
            Selection::InlineFragment(inline) => one_more(self.set(&inline.node.selection_set.node)?),
            Selection::FragmentSpread(spread) => {
                one_more(self.of_fragments.get(spread.node.fragment_name.node.as_str()).copied().unwrap_or_default())
            }
        };
        directives(&mut measure, selection.node.directives())?;
        Ok(measure)
    }
}

fn one_more(measure: Measure) -> Measure {
    Measure { selections: measure.selections.saturating_add(1), ..measure }
}

fn directives(measure: &mut Measure, directives: &[Positioned<Directive>]) -> Result<(), DocumentError> {
    measure.directives = measure.directives.saturating_add(directives.len());
    directives.iter().try_for_each(|directive| arguments(measure, &directive.node.arguments, directive.pos))
}

type Argument = (Positioned<Name>, Positioned<Value>);

fn arguments(measure: &mut Measure, arguments: &[Argument], at: Pos) -> Result<(), DocumentError> {
    arguments.iter().for_each(|(_, value)| measure.count(&value.node));
    check(Quantity::Arguments, arguments.len(), &Part::Document, at)
}

type Definition<'a> = (&'a str, &'a Positioned<FragmentDefinition>);

/// Returns the fragments of a document, each after all that it spreads.
///
/// # Errors
///
/// Fails if a spread of the document names no fragment, or closes a circle.
fn expandable(document: &ExecutableDocument) -> Result<Vec<Definition<'_>>, DocumentError> {
    let mut operations: Vec<_> = document.operations.iter().map(|(_, operation)| operation).collect();
    operations.sort_by_key(|operation| operation.pos);
    for operation in operations {
        for spread in spreads(&operation.node.selection_set.node) {
            find(document, spread)?;
        }
    }
    let mut walk = Walk { document, open: Vec::new(), seen: HashMap::new(), done: Vec::new() };
    for definition in fragments(document) {
        walk.from(definition)?;
    }
    Ok(walk.done)
}

/// A walk along the spreads, depth first. What is open is on a stack of its own: a chain may be as long as the document.
struct Walk<'a> {
    document: &'a ExecutableDocument,
    open: Vec<(Definition<'a>, std::vec::IntoIter<&'a Positioned<FragmentSpread>>)>,
    /// Whether all that a fragment spreads is done.
    seen: HashMap<&'a str, bool>,
    done: Vec<Definition<'a>>,
}

impl<'a> Walk<'a> {
    fn from(&mut self, definition: Definition<'a>) -> Result<(), DocumentError> {
        if !self.seen.contains_key(definition.0) {
            self.enter(definition);
        }
        while let Some((definition, spreads)) = self.open.last_mut() {
            let Some(spread) = spreads.next() else {
                self.seen.insert(definition.0, true);
                self.done.push(*definition);
                self.open.pop();
                continue;
            };
            let definition = find(self.document, spread)?;
            match self.seen.get(definition.0) {
                None => self.enter(definition),
                Some(true) => {}
                Some(false) => {
                    let name = definition.0.to_owned();
                    return Err(DocumentError::FragmentCycle { name, at: spread.pos });
                }
            }
        }
        Ok(())
    }

    fn enter(&mut self, definition: Definition<'a>) {
        self.seen.insert(definition.0, false);
        self.open.push((definition, spreads(&definition.1.node.selection_set.node).into_iter()));
    }
}

fn find<'a>(
    document: &'a ExecutableDocument,
    spread: &Positioned<FragmentSpread>,
) -> Result<Definition<'a>, DocumentError> {
    let name = &spread.node.fragment_name.node;
    let found = document.fragments.get_key_value(name).map(|(name, fragment)| (name.as_str(), fragment));
    found.ok_or_else(|| DocumentError::UnknownFragment { name: name.to_string(), at: spread.pos })
}

/// Returns the spreads of a definition in the order of its text.
fn spreads(set: &SelectionSet) -> Vec<&Positioned<FragmentSpread>> {
    let mut spreads = Vec::new();
    let mut open = vec![set.items.iter()];
    while let Some(items) = open.last_mut() {
        match items.next().map(|selection| &selection.node) {
            Some(Selection::Field(field)) => open.push(field.node.selection_set.node.items.iter()),
            Some(Selection::InlineFragment(inline)) => open.push(inline.node.selection_set.node.items.iter()),
            Some(Selection::FragmentSpread(spread)) => spreads.push(spread),
            None => {
                open.pop();
            }
        }
    }
    spreads
}
