//! Writes what a declaration stands for. Names are spelled in full, so that a family needs no import for what it does not name itself.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Attribute, Error, LitStr, Result};

use crate::parse::{
    By, Choice, Declarations, Event, FamilyHead, Field, How, Item, Kept, Record, Relation, State, camel, paragraph,
};

/// Everything of one `declare!`.
pub fn declarations(all: &Declarations) -> Result<TokenStream> {
    let choices = all.choices.iter().map(choice).collect::<Result<TokenStream>>()?;
    let records = all.records.iter().map(record).collect::<Result<TokenStream>>()?;
    let family = all.family.as_ref().map(|head| family(head, all)).transpose()?;
    Ok(quote! { #choices #records #family })
}

/// The doc comments of a type, and whatever else stands before it.
fn doc_and_rest(attributes: &[Attribute]) -> Result<(String, Vec<&Attribute>)> {
    let docs: Vec<Attribute> =
        attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect();
    let rest = attributes.iter().filter(|attribute| !attribute.path().is_ident("doc")).collect();
    Ok((paragraph(&docs)?, rest))
}

fn optional(text: Option<&LitStr>) -> TokenStream {
    text.map_or_else(|| quote! { None }, |text| quote! { Some(#text) })
}

fn choice(choice: &Choice) -> Result<TokenStream> {
    let Choice { docs, name, api, items } = choice;
    let (doc, rest) = doc_and_rest(docs)?;
    let derive_default = items.iter().any(|item| item.default).then(|| quote! { #[derive(Default)] });
    let variants = items.iter().map(|Item { name, doc, default, .. }| {
        let default = default.then(|| quote! { #[default] });
        quote! { #[doc = #doc] #default #name }
    });
    let wires = items.iter().map(|Item { name, wire, .. }| quote! { Self::#name => #wire });
    let named = items.iter().map(|Item { name, wire, .. }| quote! { (#wire, Self::#name) });
    let described = items.iter().map(|Item { wire, nl, doc, .. }| {
        let nl = optional(nl.as_ref());
        quote! { crate::family::describe::ItemDeclaration { wire: #wire, doc: #doc, nl: #nl } }
    });
    Ok(quote! {
        #[doc = #doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #derive_default
        #(#rest)*
        pub enum #name { #(#variants),* }

        impl #name {
            /// Returns the value as it is on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { #(#wires),* }
            }
        }

        impl crate::family::shape::Shaped for #name {
            fn describe(catalogue: &mut crate::family::describe::Catalogue) -> crate::family::describe::Shape {
                catalogue.choice(#api, #doc, &[#(#described),*])
            }

            fn read(value: &serde_json::Value) -> Result<Self, crate::family::shape::ShapeError> {
                crate::family::shape::read_choice(value, &[#(#named),*])
            }

            fn write(&self) -> serde_json::Value {
                serde_json::Value::String(self.as_str().to_owned())
            }
        }

        impl serde::Serialize for #name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    })
}

/// A member of a Rust struct: its name, its type, what is said of it.
struct Member {
    name: Ident,
    ty: TokenStream,
    nl: TokenStream,
    doc: String,
}

impl Member {
    fn of(field: &Field) -> Self {
        let (ty, name) = (&field.ty, field.name.clone());
        let ty = if field.optional {
            quote! { Option<#ty> }
        } else {
            quote! { #ty }
        };
        Self { name, ty, nl: optional(field.nl.as_ref()), doc: field.doc.clone() }
    }

    fn new(name: &str, ty: TokenStream, nl: Option<&str>, doc: &str) -> Self {
        let nl = nl.map_or_else(|| quote! { None }, |nl| quote! { Some(#nl) });
        Self { name: format_ident!("{name}"), ty, nl, doc: doc.to_owned() }
    }
}

fn record(record: &Record) -> Result<TokenStream> {
    let (doc, rest) = doc_and_rest(&record.docs)?;
    let members: Vec<Member> = record.fields.iter().map(Member::of).collect();
    Ok(structure(&record.name, &record.api, &doc, &quote! { #(#rest)* }, &members))
}

/// A struct that reads and writes itself.
fn structure(name: &Ident, api: &str, doc: &str, attributes: &TokenStream, members: &[Member]) -> TokenStream {
    let fields = members.iter().map(|Member { name, ty, doc, .. }| quote! { #[doc = #doc] pub #name: #ty });
    let described = members.iter().map(|Member { name, ty, nl, doc }| {
        let wire = camel(name);
        quote! {
            crate::family::describe::MemberDeclaration {
                name: #wire, doc: #doc, nl: #nl, shape: <#ty as crate::family::shape::Shaped>::describe,
            }
        }
    });
    let read = members.iter().map(|Member { name, .. }| {
        let wire = camel(name);
        quote! { #name: members.take(#wire)? }
    });
    let written = members.iter().map(|Member { name, .. }| {
        let wire = camel(name);
        quote! { members.put(#wire, crate::family::shape::Shaped::write(&self.#name)); }
    });
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq)]
        #attributes
        pub struct #name { #(#fields),* }

        impl crate::family::shape::Shaped for #name {
            fn describe(catalogue: &mut crate::family::describe::Catalogue) -> crate::family::describe::Shape {
                catalogue.record(#api, #doc, &[#(#described),*])
            }

            fn read(value: &serde_json::Value) -> Result<Self, crate::family::shape::ShapeError> {
                let mut members = crate::family::shape::Reading::of(value)?;
                let read = Self { #(#read),* };
                members.end()?;
                Ok(read)
            }

            fn write(&self) -> serde_json::Value {
                let mut members = crate::family::shape::Writing::default();
                #(#written)*
                members.end()
            }
        }
    }
}

fn family(head: &FamilyHead, all: &Declarations) -> Result<TokenStream> {
    let records = all.events.iter().map(event_record).collect::<Result<TokenStream>>()?;
    let events = events(head, &all.events)?;
    let state = all.state.as_ref().map(|state| self::state(head, state, &all.events)).transpose()?;
    let declared = declared(head, all)?;
    Ok(quote! {
        pub use crate::family::shape::Retracted;
        #records
        #events
        #state
        #declared
    })
}

fn event_record(event: &Event) -> Result<TokenStream> {
    if let Some(path) = &event.shared {
        let name = &event.name;
        return Ok(quote! { pub use #path as #name; });
    }
    let (doc, rest) = doc_and_rest(&event.docs)?;
    let mut members: Vec<Member> = event.fields.iter().map(Member::of).collect();
    let remark = quote! { Option<crate::ledger::erasable::Erasable<String>> };
    members.push(Member::new("remark", remark, None, "Anything else worth knowing."));
    Ok(structure(&event.name, &event.api, &doc, &quote! { #(#rest)* }, &members))
}

/// The wire name of an event: its variant in camelCase.
fn fact(name: &Ident) -> String {
    let name = name.to_string();
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

fn events(head: &FamilyHead, events: &[Event]) -> Result<TokenStream> {
    let name = format_ident!("{}Event", head.name);
    let about = format!("What may happen in the family `{}`.", fact(&head.name));
    let mut variants = Vec::new();
    let mut declarations = Vec::new();
    for event in events {
        let Event { docs, name, domain, nl, version, .. } = event;
        let (doc, _) = doc_and_rest(docs)?;
        let fact = fact(name);
        variants.push(quote! { #[doc = #doc] #name(#name) });
        declarations.push(quote! {
            crate::family::kit::EventDeclaration {
                fact: #fact, version: #version, domain_name: #domain, nl: #nl, doc: #doc,
                shape: <#name as crate::family::shape::Shaped>::describe,
            }
        });
    }
    let names: Vec<&Ident> = events.iter().map(|event| &event.name).collect();
    let facts: Vec<String> = names.iter().map(|name| fact(name)).collect();
    let versions: Vec<u32> = events.iter().map(|event| event.version).collect();
    Ok(quote! {
        #[doc = #about]
        #[derive(Clone, Debug, PartialEq)]
        pub enum #name {
            #(#variants,)*
            /// A fact that never was is taken back.
            Retracted(Retracted),
        }

        impl crate::family::kit::Event for #name {
            const DECLARATIONS: &'static [crate::family::kit::EventDeclaration] =
                &[#(#declarations,)* crate::family::shape::RETRACTION];

            fn kind(&self) -> (&'static str, u32) {
                match self {
                    #(Self::#names(_) => (#facts, #versions),)*
                    Self::Retracted(_) => (crate::family::kit::RETRACTED, 1),
                }
            }

            fn to_data(&self) -> serde_json::Value {
                use crate::family::shape::Shaped as _;
                match self {
                    #(Self::#names(event) => event.write(),)*
                    Self::Retracted(event) => event.write(),
                }
            }

            fn read(fact: &str, version: u32, data: &serde_json::Value) -> Result<Self, crate::family::shape::ShapeError> {
                use crate::family::shape::Shaped as _;
                match (fact, version) {
                    #((#facts, #versions) => #names::read(data).map(Self::#names),)*
                    (crate::family::kit::RETRACTED, 1) => Retracted::read(data).map(Self::Retracted),
                    _ => Err(crate::family::shape::ShapeError::UnknownEvent(fact.to_owned(), version)),
                }
            }
        }
    })
}

fn state(head: &FamilyHead, state: &State, events: &[Event]) -> Result<TokenStream> {
    let (doc, rest) = doc_and_rest(&state.docs)?;
    let attributes = quote! { #[derive(Default)] #(#rest)* };
    let own = state.fields.iter().map(Member::of);
    let kept: Vec<(&Event, &Kept)> = events.iter().filter_map(|event| Some((event, event.kept.as_ref()?))).collect();
    let Some((status, _)) = &state.status else {
        if let Some((event, _)) = kept.first() {
            return Err(Error::new(event.name.span(), "a state that keeps events is `of` a status"));
        }
        let members: Vec<Member> = own.collect();
        return Ok(structure(&state.name, &state.api, &doc, &attributes, &members));
    };
    let mut members = vec![Member::new("status", quote! { #status }, None, "Where it stands.")];
    members.extend(own);
    members.extend(kept.iter().map(|(event, kept)| {
        let fact = &event.name;
        let dated = quote! { crate::family::dossier::Dated<#fact> };
        let ty = if kept.how == How::Every {
            quote! { Vec<#dated> }
        } else {
            quote! { Option<#dated> }
        };
        let nl = kept.nl.as_ref().unwrap_or(&event.nl);
        Member { name: kept.member.clone(), ty, nl: quote! { Some(#nl) }, doc: kept.doc.clone() }
    }));
    let anomalies = quote! { Vec<crate::family::kit::Anomaly> };
    members.push(Member::new("anomalies", anomalies, None, "What does not fit."));
    let structure = structure(&state.name, &state.api, &doc, &attributes, &members);
    let dossier = dossier(head, state, status, &kept);
    Ok(quote! { #structure #dossier })
}

/// What a state that keeps its facts refuses, and how it keeps them.
fn dossier(head: &FamilyHead, state: &State, status: &Ident, kept: &[(&Event, &Kept)]) -> TokenStream {
    let name = &state.name;
    let events = format_ident!("{}Event", head.name);
    let admitted = kept.iter().map(|(event, kept)| {
        let (variant, member, needs) = (&event.name, &kept.member, &kept.needs);
        let names: Vec<String> = needs.iter().map(camel).collect();
        let once = (kept.how == How::Once).then(|| {
            let member_name = camel(member);
            quote! { crate::family::dossier::first(#member_name, self.#member.is_none())?; }
        });
        let needed = (!needs.is_empty()).then(|| {
            quote! {
                crate::family::dossier::one_needed(
                    &[#(#names),*], #(crate::family::dossier::Kept::is_there(&self.#needs))||*)?;
            }
        });
        quote! { #events::#variant(_) => { #once #needed Ok(()) } }
    });
    let keeping = kept.iter().map(|(event, kept)| {
        let (variant, member) = (&event.name, &kept.member);
        let moves = kept.to.as_ref().map(|to| quote! { self.status = #status::#to; });
        let keeps = match kept.how {
            How::Every => quote! { self.#member.push(fact); #moves },
            How::Last => quote! { self.#member = Some(fact); #moves },
            How::Once => quote! { if self.#member.is_none() { self.#member = Some(fact); #moves } },
        };
        quote! { #events::#variant(event) => { let fact = crate::family::dossier::Dated::new(event, recorded); #keeps } }
    });
    let all_kept = kept.len();
    let order = kept.iter().map(|(event, kept)| {
        let fact = fact(&event.name);
        let needs: Vec<String> = kept.needs.iter().map(camel).collect();
        let to = kept.to.as_ref().map_or_else(|| quote! { None }, |to| quote! { Some(#status::#to.as_str()) });
        let once = kept.how == How::Once;
        quote! { crate::family::describe::Transition { fact: #fact, needs: &[#(#needs),*], to: #to, once: #once } }
    });
    quote! {
        impl #name {
            /// Refuses a second one of what happens once, and what never could have been.
            fn admit_order(&self, event: &#events) -> Result<(), crate::family::dossier::Refusal> {
                match event {
                    #(#admitted)*
                    _ => Ok(()),
                }
            }

            /// Keeps a fact and moves on to where it leads.
            fn keep(&mut self, event: &#events, recorded: &crate::family::kit::Recorded) {
                if let Err(refusal) = self.admit_order(event) {
                    crate::family::kit::note_anomaly(&mut self.anomalies, recorded, refusal.as_anomaly());
                }
                match event {
                    #(#keeping)*
                    _ => {}
                }
            }

            /// Which event leads where.
            const ORDER: [crate::family::describe::Transition; #all_kept] = [#(#order),*];
        }
    }
}

fn declared(head: &FamilyHead, all: &Declarations) -> Result<TokenStream> {
    let FamilyHead { name, api, many, recorded_by, nl, about_a_person, in_register } = head;
    let state = all.state.as_ref().ok_or_else(|| Error::new(name.span(), "a family has a `state`"))?;
    if state.name != *name {
        return Err(Error::new(state.name.span(), "the state bears the name of its family"));
    }
    let wire = fact(name);
    let events = format_ident!("{name}Event");
    let relations = all.relations.iter().map(relation);
    let order = state
        .status
        .is_some()
        .then(|| quote! { const ORDER: &'static [crate::family::describe::Transition] = &Self::ORDER; });
    if state.status.is_none() && !state.fields.iter().any(|field| field.name == "anomalies") {
        let message = "a state has `anomalies: Vec<Anomaly>`, or is `of` a status: what does not fit is shown";
        return Err(Error::new(state.name.span(), message));
    }
    let (keys, found) = keys(state, all);
    let fields = many.as_ref().map_or_else(
        || quote! { None },
        |many| {
            let many = many.to_string();
            let record = recorded_by.as_ref().map_or_else(|| format!("record{name}"), ToString::to_string);
            quote! { Some(crate::family::kit::ApiFields { one: #wire, many: #many, record: #record }) }
        },
    );
    Ok(quote! {
        impl #name {
            /// The wire name of the family.
            pub const NAME: &'static str = #wire;
        }

        impl crate::family::kit::Declared for #name {
            const NAME: &'static str = #wire;
            const LABEL_NL: &'static str = #nl;
            const GRAPHQL_NAME: &'static str = #api;
            const API_FIELDS: Option<crate::family::kit::ApiFields> = #fields;
            const ABOUT_A_PERSON: bool = #about_a_person;
            const IN_REGISTER: bool = #in_register;
            const RELATIONS: &'static [crate::family::kit::Relation] = &[#(#relations),*];
            const KEYS: &'static [crate::family::kit::KeyDeclaration] = &[#(#keys),*];
            #order
            type Event = #events;

            fn declared_keys(&self) -> crate::family::kit::Keys {
                #[allow(unused_mut, reason = "not every family has keys")]
                let mut keys = crate::family::kit::Keys::new();
                #found
                keys
            }

            fn anomalies(&mut self) -> &mut Vec<crate::family::kit::Anomaly> {
                &mut self.anomalies
            }
        }
    })
}

fn relation(relation: &Relation) -> TokenStream {
    let Relation { field, one, family, by, nl, doc } = relation;
    let (field, family) = (field.to_string(), family.to_string());
    let by = match by {
        By::Theirs(key) => {
            let key = key.to_string();
            quote! { Theirs(#key) }
        }
        By::Ours(key) => {
            let key = key.to_string();
            quote! { Ours(#key) }
        }
        By::Shared(theirs, ours) => {
            let (theirs, ours) = (theirs.to_string(), ours.to_string());
            quote! { Shared(#theirs, #ours) }
        }
    };
    quote! {
        crate::family::kit::Relation {
            field: #field, doc: #doc, nl: #nl, family: #family, by: crate::family::kit::By::#by, one: #one,
        }
    }
}

/// The keys by which lists of a family are filtered, and how those are found that stand in the state as they are.
fn keys(state: &State, all: &Declarations) -> (Vec<TokenStream>, TokenStream) {
    let mut names: Vec<String> = Vec::new();
    let mut keys = Vec::new();
    let mut found = TokenStream::new();
    let mut declare = |name: &str, ty: &TokenStream, doc: &str| {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
            keys.push(quote! {
                crate::family::kit::KeyDeclaration {
                    name: #name, doc: #doc, shape: <#ty as crate::family::shape::Shaped>::describe,
                }
            });
        }
    };
    let push = quote! { crate::family::kit::push_keys };
    if let Some((status, true)) = &state.status {
        declare("status", &quote! { #status }, "Where it stands.");
        found.extend(quote! { #push(&mut keys, "status", &self.status); });
    }
    for field in state.fields.iter().filter(|field| field.key) {
        let (member, ty, name) = (&field.name, &field.ty, camel(&field.name));
        declare(&name, &quote! { #ty }, &field.doc);
        found.extend(quote! { #push(&mut keys, #name, &self.#member); });
    }
    for (event, kept) in all.events.iter().filter_map(|event| Some((event, event.kept.as_ref()?))) {
        let keyed: Vec<&Field> = event.fields.iter().filter(|field| field.key).collect();
        if keyed.is_empty() {
            continue;
        }
        let member = &kept.member;
        let each = keyed.iter().map(|field| {
            let (inner, ty, name) = (&field.name, &field.ty, camel(&field.name));
            declare(&name, &quote! { #ty }, &field.doc);
            quote! { #push(&mut keys, #name, &kept.fact.#inner); }
        });
        let each: TokenStream = each.collect();
        found.extend(quote! { for kept in self.#member.iter() { #each } });
    }
    for field in &all.keys {
        let (ty, name) = (&field.ty, camel(&field.name));
        declare(&name, &quote! { #ty }, &field.doc);
    }
    (keys, found)
}
