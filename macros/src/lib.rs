//! The declaration language of the families: `declare!`.
//!
//! One declaration is the wire form, the types of the API, the JSON Schema and the words that people read. Each thing is said once, in
//! the order in which a person would tell it:
//!
//! ```text
//! declare! {
//!     family SecurityWeakness many securityWeaknesses = "zwakke plek in de beveiliging";
//!
//!     /// What kind of weakness it is.
//!     choice WeaknessKind as "SecurityWeaknessKind" {
//!         SharedCredentials = "gedeeld wachtwoord" "Several people use one password or account.",
//!         Article28 as "ART_28" "A wire form that the name does not give.",
//!     }
//!
//!     /// A weakness is reported.
//!     event Reported as "WeaknessReported" = "gemeld", once reported -> Open "Its report." {
//!         unit: Code? key "The unit where it is.",
//!         reporter: Erasable<String>? = "melder" "Who reports it.",
//!     }
//!
//!     /// A weakness at one moment.
//!     state SecurityWeakness as "SecurityWeaknessState" of SecurityWeaknessStatus {
//!         impact: Impact? = "impact" key "How much is at stake, as last judged.",
//!     }
//!
//!     keys { item: Code "Those with an item." }
//!
//!     relations { breaches: many breach theirs weakness = "datalekken" "The breaches that came from it.", }
//! }
//! ```
//!
//! - `T?` is an optional `T`. `= "…"` is the Dutch name, which may be left out where `kit/words.rs` has one for all of that name. The last
//!   text is the description.
//! - `many` is the API's field that lists the family; one without it, the ledger's own, comes in by no mutation. A family may be `about a
//!   person`, `in register`, and `recorded by` a mutation of another name.
//! - An event brings its record, its variant of `<Family>Event`, `remark`, and its part in the state: it is kept `once` (a second one is
//!   refused), as the `last` one, or `every` one, in a member that may have a Dutch name of its own; `needs a or b` names what must have been before; `-> Status` where the stream stands
//!   from then on. `as "…"` is its name in the API, `domain "…"` its name in the domain model where that differs. `of path` takes a record
//!   that several families share in place of members of its own. `retracted` comes by itself.
//! - `key` makes a member a key of the state, by which lists are filtered. Keys that are computed are declared under `keys`.
//! - A state `of` a status is put together by the macro from its events; one without folds by itself.
//! - Without `family`, there are choices and records only: values that several families share.

mod emit;
mod parse;

/// Declares a family, or values that several families share; see the crate's documentation.
#[proc_macro]
pub fn declare(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    match syn::parse::<parse::Declarations>(input).and_then(|declarations| emit::declarations(&declarations)) {
        Ok(tokens) => tokens.into(),
        Err(error) => error.into_compile_error().into(),
    }
}
