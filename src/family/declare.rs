//! The macros by which families declare records, choices, events, states and filters.
//!
//! One declaration is the wire form, the API's types, the JSON Schema and the words people read: what stands in a doc comment
//! becomes the description, what stands after `=` the Dutch name.

/// Declares a struct that is both GraphQL input and output: an event or a value inside one.
///
/// `Name "Output" "OutputInput" { field: Type = "Dutch name", … }`; all fields are public, optional ones are `Option`. The
/// Dutch name may be left out where `words.rs` has one for all fields of that name.
macro_rules! record {
    ($(#[$doc:meta])* $name:ident $output:literal $input:literal { $($(#[$field_doc:meta])* $field:ident: $type:ty $(= $nl:literal)?),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type),* }

        $crate::family::declare::described! {
            $name $output [$($doc),*] { $([$($field_doc),*] $field: $type $(= $nl)?),* }
        }
    };
}

/// Declares a struct of a state or a part of one: GraphQL output only.
macro_rules! state {
    ($(#[$doc:meta])* $name:ident $output:literal { $($(#[$field_doc:meta])* $field:ident: $type:ty $(= $nl:literal)?),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type),* }

        $crate::family::declare::described! {
            $name $output [$($doc),*] { $([$($field_doc),*] $field: $type $(= $nl)?),* }
        }
    };
}

/// Lets a record or a state describe itself.
macro_rules! described {
    ($name:ident $output:literal [$($doc:meta),*] { $([$($field_doc:meta),*] $field:ident: $type:ty $(= $nl:literal)?),* }) => {
        impl $crate::family::describe::Described for $name {
            fn describe(catalogue: &mut $crate::family::describe::Catalogue) -> $crate::family::describe::Shape {
                catalogue.record($output, &[$(stringify!($doc)),*], |_catalogue| {
                    vec![$($crate::family::describe::member(
                        stringify!($field),
                        &[$(stringify!($field_doc)),*],
                        $crate::family::declare::optional!($($nl)?),
                        <$type as $crate::family::describe::Described>::describe(_catalogue),
                    )),*]
                })
            }
        }
    };
}

/// `Some` of what is given, or `None`.
macro_rules! optional {
    () => {
        None
    };
    ($value:expr) => {
        Some($value)
    };
}

/// Declares an enumeration; wire and GraphQL spelling are SCREAMING_SNAKE_CASE. `Item = "Dutch name"`.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident $graphql:literal { $($(#[$item_doc:meta])* $item:ident $(= $nl:literal)?),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        #[cfg_attr(feature = "server", derive(async_graphql::Enum))]
        #[cfg_attr(feature = "server", graphql(name = $graphql))]
        pub enum $name { $($(#[$item_doc])* $item),* }

        impl $crate::family::describe::Described for $name {
            fn describe(catalogue: &mut $crate::family::describe::Catalogue) -> $crate::family::describe::Shape {
                catalogue.choice($graphql, &[$(stringify!($doc)),*], || {
                    vec![$($crate::family::describe::item(
                        &Self::$item,
                        &[$(stringify!($item_doc)),*],
                        $crate::family::declare::optional!($($nl)?),
                    )),*]
                })
            }
        }
    };
}

/// Declares the events of a family as one enum, and its `retracted` event.
///
/// `Family "Union" "UnionInput", retracted "Retracted" "RetractedInput" { Variant "fact" 1 "DomainName" = "Dutch name", … }`
macro_rules! events {
    (
        $(#[$doc:meta])* $name:ident $union:literal $input:literal,
        retracted $retracted:literal $retracted_input:literal
        { $($(#[$event_doc:meta])* $event:ident $fact:literal $version:literal $domain:literal $(= $nl:literal)?),* $(,)? }
    ) => {
        $crate::family::declare::record! {
            /// A fact that never was is taken back; `replaces` names it. A change in the world is not this.
            Retracted $retracted $retracted_input {
                /// Why the record was wrong.
                reason: $crate::ledger::erasable::Erasable<String>,
                /// Anything else worth knowing.
                remark: Option<$crate::ledger::erasable::Erasable<String>>,
            }
        }

        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $name {
            $($(#[$event_doc])* $event($event),)*
            /// A fact that never was is taken back.
            Retracted(Retracted),
        }

        impl $crate::family::kit::Event for $name {
            const DECLARATIONS: &'static [$crate::family::kit::EventDeclaration] = &[
                $($crate::family::declare::event!($fact $version $domain $($nl)?),)*
                $crate::family::declare::event!("retracted" 1 "CorrectionRecorded" "teruggenomen"),
            ];

            fn declaration(&self) -> &'static $crate::family::kit::EventDeclaration {
                match self {
                    $(Self::$event(_) => &$crate::family::declare::event!($fact $version $domain $($nl)?),)*
                    Self::Retracted(_) => &$crate::family::declare::event!("retracted" 1 "CorrectionRecorded" "teruggenomen"),
                }
            }

            fn to_data(&self) -> Result<serde_json::Value, $crate::family::kit::ShapeError> {
                match self {
                    $(Self::$event(event) => $crate::family::kit::write_data(event),)*
                    Self::Retracted(event) => $crate::family::kit::write_data(event),
                }
            }

            fn from_data(fact: &str, version: u32, data: &serde_json::Value) -> Result<Self, $crate::family::kit::ShapeError> {
                match (fact, version) {
                    $(($fact, $version) => $crate::family::kit::read_data(data).map(Self::$event),)*
                    ("retracted", 1) => $crate::family::kit::read_data(data).map(Self::Retracted),
                    _ => Err($crate::family::kit::ShapeError::UnknownEvent(fact.to_owned(), version)),
                }
            }

            fn describe(catalogue: &mut $crate::family::describe::Catalogue) -> Vec<$crate::family::describe::EventDescription> {
                use $crate::family::describe::{Described as _, event};
                let shapes = vec![$($event::describe(catalogue),)* Retracted::describe(catalogue)];
                let docs: Vec<&[&str]> = vec![
                    $(&[$(stringify!($event_doc)),*],)*
                    &["doc = \"A fact that never was is taken back.\""],
                ];
                let declared = Self::DECLARATIONS.iter().zip(shapes).zip(docs);
                declared.map(|((declaration, shape), docs)| event(declaration, shape, docs)).collect()
            }
        }
    };
}

/// The declaration of one event; used by the `events!` macro.
macro_rules! event {
    ($fact:literal $version:literal $domain:literal) => {
        $crate::family::declare::event!($fact $version $domain "")
    };
    ($fact:literal $version:literal $domain:literal $nl:literal) => {
        $crate::family::kit::EventDeclaration { fact: $fact, version: $version, domain_name: $domain, nl: $nl }
    };
}

/// Declares the filter of a family's lists: `"Name" { field "key": Type, … }`. All that is given must hold.
macro_rules! filter {
    ($graphql:literal { $($(#[$doc:meta])* $field:ident $key:literal: $type:ty),* $(,)? }) => {
        /// Narrows a list; all that is given must hold.
        #[derive(Clone, Debug, Default, PartialEq)]
        #[cfg_attr(feature = "server", derive(async_graphql::InputObject))]
        #[cfg_attr(feature = "server", graphql(name = $graphql))]
        pub struct Filter { $($(#[$doc])* pub $field: Option<$type>),* }

        impl $crate::family::kit::Filter for Filter {
            fn keys(&self) -> $crate::family::kit::Keys {
                [$(self.$field.as_ref().map(|value| ($key, $crate::family::kit::key_text(value)))),*]
                    .into_iter()
                    .flatten()
                    .collect()
            }
        }
    };
}

/// Declares the state of a family that keeps its facts: each event as the newest (`last`), the only one (`once`) or all of
/// them (`every`), each with from when it holds, the fact that says so, and who recorded it.
///
/// ```text
/// Name "NameState" follows NameEvent, status NameStatus {
///     registered: once Registered -> Active,
///     renamed: every Renamed needs registered,
///     closed: last Closed needs registered -> Closed,
/// } and { name: Option<Erasable<LangText>> = "naam" }
/// ```
///
/// `-> Status` says where the stream stands from then on. `needs` names what must have been: without it the fact is impossible,
/// which `admit_order` refuses, and which the fold notes where facts came in another order. `once` refuses a second one; the fold
/// notes it and neither keeps it nor lets it move the status. What stands under `and` is the family's own to fill in.
macro_rules! dossier {
    (
        $(#[$doc:meta])* $name:ident $output:literal follows $events:ident, status $status:ident {
            $($(#[$field_doc:meta])* $field:ident: $keep:ident $event:ident $(needs $needs:ident $(or $or:ident)*)? $(-> $to:ident)?),* $(,)?
        } and { $($(#[$own_doc:meta])* $own:ident: $own_type:ty $(= $own_nl:literal)?),* $(,)? }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name {
            /// Where it stands.
            pub status: $status,
            $($(#[$own_doc])* pub $own: $own_type,)*
            $($(#[$field_doc])* pub $field: $crate::family::declare::dossier!(@type $keep $event),)*
            /// What does not fit.
            pub anomalies: Vec<$crate::family::kit::Anomaly>,
        }

        impl $crate::family::describe::Described for $name {
            fn describe(catalogue: &mut $crate::family::describe::Catalogue) -> $crate::family::describe::Shape {
                use $crate::family::describe::{Described, kept, member};
                catalogue.record($output, &[$(stringify!($doc)),*], |catalogue| {
                    vec![
                        member("status", &["doc = \"Where it stands.\""], None, <$status as Described>::describe(catalogue)),
                        $(member(
                            stringify!($own),
                            &[$(stringify!($own_doc)),*],
                            $crate::family::declare::optional!($($own_nl)?),
                            <$own_type as $crate::family::describe::Described>::describe(catalogue),
                        ),)*
                        $(kept::<$events>(
                            stringify!($field),
                            &[$(stringify!($field_doc)),*],
                            stringify!($event),
                            <$crate::family::declare::dossier!(@type $keep $event)>::describe(catalogue),
                        ),)*
                        member(
                            "anomalies",
                            &["doc = \"What does not fit.\""],
                            None,
                            Vec::<$crate::family::kit::Anomaly>::describe(catalogue),
                        ),
                    ]
                })
            }
        }

        impl $name {
            /// Refuses a second one of what happens once, and what never could have been.
            fn admit_order(&self, event: &$events) -> Result<(), $crate::family::dossier::Refusal> {
                match event {
                    $($events::$event(_) => {
                        $crate::family::declare::dossier!(@once $keep self.$field);
                        $($crate::family::dossier::one_needed(
                            &[stringify!($needs) $(, stringify!($or))*],
                            $crate::family::dossier::Kept::is_there(&self.$needs)
                                $(|| $crate::family::dossier::Kept::is_there(&self.$or))*,
                        )?;)?
                        Ok(())
                    })*
                    $events::Retracted(_) => Ok(()),
                }
            }

            /// Keeps a fact and moves on to where it leads.
            fn keep(&mut self, event: &$events, recorded: &$crate::family::kit::Recorded) {
                if let Err(refusal) = self.admit_order(event) {
                    $crate::family::kit::note_anomaly(&mut self.anomalies, recorded, refusal.as_anomaly());
                }
                match event {
                    $($events::$event(event) => {
                        let fact = $crate::family::dossier::Dated::new(event, recorded);
                        let _kept = $crate::family::declare::dossier!(@keep $keep self.$field fact);
                        $(if _kept {
                            self.status = $status::$to;
                        })?
                    })*
                    $events::Retracted(_) => {}
                }
            }

            fn order() -> Vec<$crate::family::describe::Transition> {
                vec![$($crate::family::dossier::transition::<$events>(
                    stringify!($event),
                    &[$(stringify!($needs) $(, stringify!($or))*)?],
                    $crate::family::declare::optional!($($crate::family::describe::item(&$status::$to, &[], None).value)?),
                    $crate::family::declare::dossier!(@is_once $keep),
                )),*]
            }
        }
    };
    (@type every $event:ident) => { Vec<$crate::family::dossier::Dated<$event>> };
    (@type $keep:ident $event:ident) => { Option<$crate::family::dossier::Dated<$event>> };
    (@once once $self:ident.$field:ident) => {
        $crate::family::dossier::first(stringify!($field), $self.$field.is_none())?;
    };
    (@once $keep:ident $self:ident.$field:ident) => {};
    (@is_once once) => { true };
    (@is_once $keep:ident) => { false };
    (@keep every $self:ident.$field:ident $fact:ident) => {{
        $self.$field.push($fact);
        true
    }};
    (@keep once $self:ident.$field:ident $fact:ident) => {{
        let is_first = $self.$field.is_none();
        if is_first {
            $self.$field = Some($fact);
        }
        is_first
    }};
    (@keep last $self:ident.$field:ident $fact:ident) => {{
        $self.$field = Some($fact);
        true
    }};
}

pub(crate) use {choice, described, dossier, event, events, filter, optional, record, state};
