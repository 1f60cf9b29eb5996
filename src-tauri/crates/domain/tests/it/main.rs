//! The vocabulary, tried from outside: tables of known values and properties over made ones.
#![expect(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod audit;
mod identifiers;
mod identity;
mod money;
mod orders;
mod proof;
mod sample;
