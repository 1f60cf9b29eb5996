//! Use cases: everything the program does, for whatever host shows it.
pub mod wire;
