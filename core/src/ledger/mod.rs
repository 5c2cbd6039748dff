//! What a ledger is: its bytes, its keys, its tree and its proofs. One module for each public specification.
//!
//! Every event is a C2SP signed note, the log is a C2SP tlog-tiles log, the head is a C2SP checkpoint. The module is
//! pure: entropy, time and storage come in as parameters.

pub mod canonical;
pub mod checkpoint;
pub mod entry;
pub mod erasable;
pub mod erasing;
pub mod key;
pub mod merkle;
pub mod name;
pub mod note;
pub mod proof;
mod signature;
pub mod tile;
pub mod verify;
