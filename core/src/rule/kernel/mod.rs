//! What rules are made of, and how they are judged.

pub mod catalogue;
pub mod dependents;
pub mod evaluation;
pub mod house;
pub mod inquiry;
pub mod judge;
pub mod norm;
pub mod scope;
pub mod sheet;
mod statute;
pub mod template;
pub mod text;
pub mod timeline;
pub mod verdict;
pub mod walk;
pub mod world;
