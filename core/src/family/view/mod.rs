//! What is made of states: registers as officers know them, consent records, figures, linked data.

pub mod consent_record;
pub mod figure;
pub mod linked;
pub mod register;
pub mod terms;
