//! What may be recorded, in words: families, facts and their members, for a form or a reader. It is read from the declarations.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use async_graphql::{Context, Object, Result};

use crate::family::FAMILIES;
use crate::family::describe::{self, EventDescription, Item, Kind, Label, Language, Member, Shape};
use crate::family::kit::Declaration;
use crate::family::words::family_label;
use crate::graphql::error::bad_input;
use crate::graphql::language::language;
use crate::graphql::page::multiplied;

/// How many facts a family is reckoned to have, in what a question costs.
const FACTS_RECKONED: usize = 15;
/// How many members a fact or a state is reckoned to have.
const MEMBERS_RECKONED: usize = 8;
/// How many members, or values to choose from, a member is reckoned to have: most have neither.
const PARTS_RECKONED: usize = 3;

/// Everything that the families declare; it never varies.
static DECLARED: LazyLock<Declared> = LazyLock::new(Declared::read);

struct Declared {
    types: describe::Catalogue,
    families: BTreeMap<&'static str, Family>,
}

struct Family {
    declaration: &'static Declaration,
    label: Label,
    state: String,
    facts: Vec<EventDescription>,
}

impl Declared {
    fn read() -> Self {
        let mut types = describe::Catalogue::default();
        let mut families = BTreeMap::new();
        for declaration in FAMILIES {
            let state = (declaration.describe_state)(&mut types).name().unwrap_or_default().to_owned();
            let facts = declaration.describe_events(&mut types);
            let label = family_label(declaration.name, declaration.label_nl);
            families.insert(declaration.name, Family { declaration, label, state, facts });
        }
        Self { types, families }
    }
}

/// What may be recorded, in words.
#[derive(Clone, Copy, Debug)]
pub struct CatalogueView;

/// What may be recorded, in words.
#[Object(name = "Catalogue")]
impl CatalogueView {
    /// The families, in the order of their names, or one of them.
    #[graphql(complexity = "multiplied(if name.is_some() { 1 } else { FAMILIES.len() }, child_complexity)")]
    async fn families(
        &self,
        #[graphql(desc = "Only the family of this wire name, as `consent`.")] name: Option<String>,
    ) -> Result<Vec<FamilyView>> {
        match name {
            None => Ok(DECLARED.families.values().map(FamilyView).collect()),
            Some(name) => match DECLARED.families.get(name.as_str()) {
                Some(family) => Ok(vec![FamilyView(family)]),
                None => Err(bad_input(format!("there is no family {name}"))),
            },
        }
    }
}

/// A family of facts, and the state that they make.
pub struct FamilyView(&'static Family);

/// A family of facts, and the state that they make.
#[Object(name = "CatalogueFamily")]
impl FamilyView {
    /// Its wire name, as `consent`.
    async fn name(&self) -> &'static str {
        self.0.declaration.name
    }

    /// What people call it.
    async fn label(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which language. Absent: in the caller's (`Accept-Language`).")] language: Option<Language>,
    ) -> &'static str {
        self.0.label.of(self::language(ctx, language))
    }

    /// What a stream of it is about, in English.
    async fn about(&self) -> &'static str {
        DECLARED.types.get(&self.0.state).map_or("", |state| state.doc.as_str())
    }

    /// Whether each stream is about one person.
    async fn about_a_person(&self) -> bool {
        self.0.declaration.about_a_person
    }

    /// What may happen in it, in the order of the declaration.
    #[graphql(complexity = "multiplied(FACTS_RECKONED, child_complexity)")]
    async fn facts(&self) -> Vec<FactView> {
        self.0.facts.iter().map(FactView).collect()
    }

    /// The members of its state.
    #[graphql(complexity = "multiplied(MEMBERS_RECKONED, child_complexity)")]
    async fn state(&self) -> Vec<MemberView> {
        members(&self.0.state)
    }
}

/// A fact that may be recorded.
pub struct FactView(&'static EventDescription);

/// A fact that may be recorded.
#[Object(name = "CatalogueFact")]
impl FactView {
    /// Its name within the family, as `granted`.
    async fn name(&self) -> &'static str {
        self.0.declaration.fact
    }

    /// What people call it.
    async fn label(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which language. Absent: in the caller's (`Accept-Language`).")] language: Option<Language>,
    ) -> &'static str {
        self.0.label.of(self::language(ctx, language))
    }

    /// What happened, in English.
    async fn description(&self) -> &'static str {
        &self.0.doc
    }

    /// What it says.
    #[graphql(complexity = "multiplied(MEMBERS_RECKONED, child_complexity)")]
    async fn members(&self) -> Vec<MemberView> {
        members(&self.0.type_name)
    }
}

/// A member of a fact, of a state or of a part of one.
pub struct MemberView(&'static Member);

/// A member of a fact, of a state or of a part of one.
#[Object(name = "CatalogueMember")]
impl MemberView {
    /// Its wire name.
    async fn name(&self) -> &'static str {
        &self.0.name
    }

    /// What people call it.
    async fn label(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which language. Absent: in the caller's (`Accept-Language`).")] language: Option<Language>,
    ) -> &'static str {
        self.0.label.of(self::language(ctx, language))
    }

    /// What it is, in English.
    async fn description(&self) -> &'static str {
        &self.0.doc
    }

    /// The kind of value, as `PARTIAL_DATE`, or the name of its record or choice.
    #[graphql(name = "type")]
    async fn kind(&self) -> String {
        kind(&self.0.shape)
    }

    /// Whether it may be absent.
    async fn optional(&self) -> bool {
        matches!(self.0.shape, Shape::Optional(_))
    }

    /// Whether there may be several.
    async fn list(&self) -> bool {
        within(&self.0.shape, |shape| matches!(shape, Shape::List(_)))
    }

    /// Whether it lies in the vault, where it can be erased.
    async fn erasable(&self) -> bool {
        within(&self.0.shape, |shape| matches!(shape, Shape::Erasable(_)))
    }

    /// The members of its record; empty if it is none.
    #[graphql(complexity = "multiplied(PARTS_RECKONED, child_complexity)")]
    async fn members(&self) -> Vec<MemberView> {
        members(self.0.shape.name().unwrap_or_default())
    }

    /// The values to choose from; empty if it is no choice.
    #[graphql(complexity = "multiplied(PARTS_RECKONED, child_complexity)")]
    async fn values(&self) -> Vec<ValueView> {
        let definition = self.0.shape.name().and_then(|name| DECLARED.types.get(name));
        match definition.map(|definition| &definition.kind) {
            Some(Kind::Choice(items)) => items.iter().map(ValueView).collect(),
            _ => Vec::new(),
        }
    }
}

/// A value to choose.
pub struct ValueView(&'static Item);

/// A value to choose.
#[Object(name = "CatalogueValue")]
impl ValueView {
    /// Its wire form, as `YES`.
    async fn value(&self) -> &'static str {
        &self.0.value
    }

    /// What people call it.
    async fn label(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which language. Absent: in the caller's (`Accept-Language`).")] language: Option<Language>,
    ) -> &'static str {
        self.0.label.of(self::language(ctx, language))
    }

    /// What it means, in English.
    async fn description(&self) -> &'static str {
        &self.0.doc
    }
}

fn members(record: &str) -> Vec<MemberView> {
    DECLARED.types.members(record).iter().map(MemberView).collect()
}

/// Tells whether a shape, or one around its value, is of a kind.
fn within(shape: &Shape, is: fn(&Shape) -> bool) -> bool {
    let inner = match shape {
        Shape::List(inner) | Shape::Optional(inner) | Shape::Erasable(inner) => Some(inner),
        Shape::Scalar(_) | Shape::Named(_) => None,
    };
    is(shape) || inner.is_some_and(|inner| within(inner, is))
}

fn kind(shape: &Shape) -> String {
    match shape {
        Shape::Scalar(scalar) => screaming(&format!("{scalar:?}")),
        Shape::Named(name) => name.clone(),
        Shape::List(inner) | Shape::Optional(inner) | Shape::Erasable(inner) => kind(inner),
    }
}

/// Spells `PartialDate` as `PARTIAL_DATE`.
fn screaming(name: &str) -> String {
    let mut spelled = String::new();
    for (place, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && place > 0 {
            spelled.push('_');
        }
        spelled.push(letter.to_ascii_uppercase());
    }
    spelled
}
