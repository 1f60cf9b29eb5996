//! The vocabulary, tried from outside: tables of known values and properties over made ones.

mod audit;
mod identifiers;
mod identity;
mod money;
mod orders;
mod proof;
mod sample;
