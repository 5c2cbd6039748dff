//! Reads a declaration.

use proc_macro2::{Ident, Span};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, LitInt, LitStr, Path, Result, Token, Type, braced, token};

/// All that one `declare!` holds.
pub struct Declarations {
    pub family: Option<FamilyHead>,
    pub choices: Vec<Choice>,
    pub records: Vec<Record>,
    pub events: Vec<Event>,
    pub state: Option<State>,
    pub keys: Vec<Field>,
    pub relations: Vec<Relation>,
}

/// `family Name as "Api" many names = "Dutch", about a person, in register, recorded by mutation;`
pub struct FamilyHead {
    pub name: Ident,
    pub api: String,
    pub many: Option<Ident>,
    pub recorded_by: Option<Ident>,
    pub nl: LitStr,
    pub about_a_person: bool,
    pub in_register: bool,
}

/// A choice and its items.
pub struct Choice {
    pub docs: Vec<Attribute>,
    pub name: Ident,
    pub api: String,
    pub items: Vec<Item>,
}

/// `Item as "WIRE" = "Dutch" "description"`.
pub struct Item {
    pub name: Ident,
    pub wire: String,
    pub nl: Option<LitStr>,
    pub doc: String,
    pub default: bool,
}

/// A record and its members.
pub struct Record {
    pub docs: Vec<Attribute>,
    pub name: Ident,
    pub api: String,
    pub fields: Vec<Field>,
}

/// `name: Type? = "Dutch" key "description"`.
pub struct Field {
    pub name: Ident,
    pub ty: Type,
    pub optional: bool,
    pub nl: Option<LitStr>,
    pub key: bool,
    pub doc: String,
}

/// An event: its record or a shared one, and its part in the state.
pub struct Event {
    pub docs: Vec<Attribute>,
    pub name: Ident,
    pub api: String,
    pub shared: Option<Path>,
    pub domain: String,
    pub nl: LitStr,
    pub version: u32,
    pub kept: Option<Kept>,
    pub fields: Vec<Field>,
}

/// How a state keeps an event.
pub struct Kept {
    pub how: How,
    pub member: Ident,
    pub nl: Option<LitStr>,
    pub needs: Vec<Ident>,
    pub to: Option<Ident>,
    pub doc: String,
}

/// Which facts of a kind a state keeps.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum How {
    Once,
    Last,
    Every,
}

/// The state of the family.
pub struct State {
    pub docs: Vec<Attribute>,
    pub name: Ident,
    pub api: String,
    pub status: Option<(Ident, bool)>,
    pub fields: Vec<Field>,
}

/// `field: one family shared theirs ours = "Dutch" "description"`.
pub struct Relation {
    pub field: Ident,
    pub one: bool,
    pub family: Ident,
    pub by: By,
    pub nl: LitStr,
    pub doc: String,
}

/// How the streams of a relation are found.
pub enum By {
    Theirs(Ident),
    Ours(Ident),
    Shared(Ident, Ident),
}

mod word {
    syn::custom_keyword!(about);
    syn::custom_keyword!(a);
    syn::custom_keyword!(person);
    syn::custom_keyword!(register);
    syn::custom_keyword!(many);
    syn::custom_keyword!(recorded);
    syn::custom_keyword!(by);
    syn::custom_keyword!(key);
    syn::custom_keyword!(domain);
    syn::custom_keyword!(version);
    syn::custom_keyword!(of);
    syn::custom_keyword!(once);
    syn::custom_keyword!(last);
    syn::custom_keyword!(every);
    syn::custom_keyword!(needs);
    syn::custom_keyword!(or);
}

impl Parse for Declarations {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut all = Self {
            family: None,
            choices: Vec::new(),
            records: Vec::new(),
            events: Vec::new(),
            state: None,
            keys: Vec::new(),
            relations: Vec::new(),
        };
        while !input.is_empty() {
            let docs = input.call(Attribute::parse_outer)?;
            let kind: Ident = input.parse()?;
            match kind.to_string().as_str() {
                "family" => all.family = Some(input.parse()?),
                "choice" => all.choices.push(choice(docs, input)?),
                "record" => all.records.push(record(docs, input)?),
                "event" => all.events.push(event(docs, input)?),
                "state" => all.state = Some(state(docs, input)?),
                "keys" => all.keys = fields(input)?,
                "relations" => all.relations = listed(input, relation)?,
                other => {
                    let message = format!(
                        "`{other}` is no part of a declaration: family, choice, record, event, state, keys, relations"
                    );
                    return Err(Error::new(kind.span(), message));
                }
            }
        }
        if all.family.is_none()
            && let Some(event) = all.events.first()
        {
            return Err(Error::new(event.name.span(), "an event belongs to a `family`"));
        }
        Ok(all)
    }
}

impl Parse for FamilyHead {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let name = input.parse()?;
        let api = api_name(input, &name)?;
        let many = match input.parse::<Option<word::many>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        input.parse::<Token![=]>()?;
        let nl = input.parse()?;
        let (mut about_a_person, mut in_register, mut recorded_by) = (false, false, None);
        while input.parse::<Option<Token![,]>>()?.is_some() {
            if input.parse::<Option<word::about>>()?.is_some() {
                input.parse::<word::a>()?;
                input.parse::<word::person>()?;
                about_a_person = true;
            } else if input.parse::<Option<word::recorded>>()?.is_some() {
                input.parse::<word::by>()?;
                recorded_by = Some(input.parse()?);
            } else {
                input.parse::<Token![in]>()?;
                input.parse::<word::register>()?;
                in_register = true;
            }
        }
        input.parse::<Token![;]>()?;
        Ok(Self { name, api, many, recorded_by, nl, about_a_person, in_register })
    }
}

fn choice(docs: Vec<Attribute>, input: ParseStream<'_>) -> Result<Choice> {
    let name: Ident = input.parse()?;
    let api = api_name(input, &name)?;
    Ok(Choice { docs, api, name, items: listed(input, item)? })
}

fn item(input: ParseStream<'_>) -> Result<Item> {
    let default = input.peek(Token![#]);
    if default {
        input.call(Attribute::parse_outer)?;
    }
    let name: Ident = input.parse()?;
    let wire = match input.parse::<Option<Token![as]>>()? {
        Some(_) => input.parse::<LitStr>()?.value(),
        None => screaming(&name.to_string()),
    };
    Ok(Item { name, wire, nl: dutch(input)?, doc: words(input)?, default })
}

fn record(docs: Vec<Attribute>, input: ParseStream<'_>) -> Result<Record> {
    let name: Ident = input.parse()?;
    let api = api_name(input, &name)?;
    Ok(Record { docs, api, name, fields: fields(input)? })
}

fn event(docs: Vec<Attribute>, input: ParseStream<'_>) -> Result<Event> {
    let name: Ident = input.parse()?;
    let api = api_name(input, &name)?;
    let shared = match input.parse::<Option<word::of>>()? {
        Some(_) => Some(input.call(Path::parse_mod_style)?),
        None => None,
    };
    let domain = match input.parse::<Option<word::domain>>()? {
        Some(_) => input.parse::<LitStr>()?.value(),
        None => api.clone(),
    };
    let version = match input.parse::<Option<word::version>>()? {
        Some(_) => input.parse::<LitInt>()?.base10_parse()?,
        None => 1,
    };
    let nl = dutch(input)?.ok_or_else(|| input.error("an event has a Dutch name: `= \"…\"`"))?;
    let kept = match input.parse::<Option<Token![,]>>()? {
        Some(_) => Some(kept(input)?),
        None => None,
    };
    let fields = if input.parse::<Option<Token![;]>>()?.is_some() { Vec::new() } else { fields(input)? };
    Ok(Event { docs, name, api, shared, domain, nl, version, kept, fields })
}

fn kept(input: ParseStream<'_>) -> Result<Kept> {
    let how = if input.parse::<Option<word::once>>()?.is_some() {
        How::Once
    } else if input.parse::<Option<word::last>>()?.is_some() {
        How::Last
    } else {
        input.parse::<word::every>().map_err(|error| Error::new(error.span(), "expected `once`, `last` or `every`"))?;
        How::Every
    };
    let member = input.parse()?;
    let nl = dutch(input)?;
    let mut needs = Vec::new();
    if input.parse::<Option<word::needs>>()?.is_some() {
        needs.push(input.parse()?);
        while input.parse::<Option<word::or>>()?.is_some() {
            needs.push(input.parse()?);
        }
    }
    let to = match input.parse::<Option<Token![->]>>()? {
        Some(_) => Some(input.parse()?),
        None => None,
    };
    Ok(Kept { how, member, nl, needs, to, doc: words(input)? })
}

fn state(docs: Vec<Attribute>, input: ParseStream<'_>) -> Result<State> {
    let name: Ident = input.parse()?;
    let api = api_name(input, &name)?;
    let status = match input.parse::<Option<word::of>>()? {
        Some(_) => Some((input.parse()?, input.parse::<Option<word::key>>()?.is_some())),
        None => None,
    };
    Ok(State { docs, api, name, status, fields: fields(input)? })
}

fn relation(input: ParseStream<'_>) -> Result<Relation> {
    let field = input.parse()?;
    input.parse::<Token![:]>()?;
    let number: Ident = input.parse()?;
    let one = match number.to_string().as_str() {
        "one" => true,
        "many" => false,
        _ => return Err(Error::new(number.span(), "a relation is to `one` or to `many`")),
    };
    let family = input.parse()?;
    let by: Ident = input.parse()?;
    let by = match by.to_string().as_str() {
        "theirs" => By::Theirs(input.parse()?),
        "ours" => By::Ours(input.parse()?),
        "shared" => By::Shared(input.parse()?, input.parse()?),
        _ => return Err(Error::new(by.span(), "a relation is by a key that is `theirs`, `ours` or `shared`")),
    };
    let nl = dutch(input)?.ok_or_else(|| input.error("a relation has a Dutch name: `= \"…\"`"))?;
    Ok(Relation { field, one, family, by, nl, doc: words(input)? })
}

fn fields(input: ParseStream<'_>) -> Result<Vec<Field>> {
    listed(input, field)
}

fn field(input: ParseStream<'_>) -> Result<Field> {
    let name = input.parse()?;
    input.parse::<Token![:]>()?;
    let ty = input.parse()?;
    let optional = input.parse::<Option<Token![?]>>()?.is_some();
    let nl = dutch(input)?;
    let key = input.parse::<Option<word::key>>()?.is_some();
    Ok(Field { name, ty, optional, nl, key, doc: words(input)? })
}

fn listed<T>(input: ParseStream<'_>, one: fn(ParseStream<'_>) -> Result<T>) -> Result<Vec<T>> {
    let content;
    let _: token::Brace = braced!(content in input);
    Ok(Punctuated::<T, Token![,]>::parse_terminated_with(&content, one)?.into_iter().collect())
}

fn api_name(input: ParseStream<'_>, name: &Ident) -> Result<String> {
    match input.parse::<Option<Token![as]>>()? {
        Some(_) => Ok(input.parse::<LitStr>()?.value()),
        None => Ok(name.to_string()),
    }
}

fn dutch(input: ParseStream<'_>) -> Result<Option<LitStr>> {
    match input.parse::<Option<Token![=]>>()? {
        Some(_) => Ok(Some(input.parse()?)),
        None => Ok(None),
    }
}

/// The description; texts in a row are one.
fn words(input: ParseStream<'_>) -> Result<String> {
    let first: LitStr = input.parse().map_err(|error| Error::new(error.span(), "say what it is: `\"…\"`"))?;
    let mut doc = first.value();
    while input.peek(LitStr) {
        doc.push(' ');
        doc.push_str(&input.parse::<LitStr>()?.value());
    }
    Ok(doc)
}

/// Puts doc comments together into a paragraph.
pub fn paragraph(docs: &[Attribute]) -> Result<String> {
    let mut lines = Vec::new();
    for attribute in docs {
        let value = attribute.meta.require_name_value()?;
        match &value.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) if value.path.is_ident("doc") => {
                lines.push(text.value().trim().to_owned());
            }
            _ => return Err(Error::new(Span::call_site(), "only doc comments belong here")),
        }
    }
    Ok(lines.join(" "))
}

/// Spells `SharedCredentials` as `SHARED_CREDENTIALS`.
fn screaming(name: &str) -> String {
    let mut spelled = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !spelled.is_empty() {
            spelled.push('_');
        }
        spelled.extend(letter.to_uppercase());
    }
    spelled
}

/// Spells `legal_reference` as `legalReference`.
pub fn camel(name: &Ident) -> String {
    let name = name.to_string();
    let mut words = name.trim_start_matches("r#").split('_');
    let mut spelled = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        spelled.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        spelled.push_str(letters.as_str());
    }
    spelled
}
