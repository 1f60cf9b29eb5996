//! Commands that need no ledger. Other programs rely on their shape: fields may be added, never changed.

pub mod anonymise;
pub mod matching;
pub mod profile;
pub mod read;
pub mod sandbox;
