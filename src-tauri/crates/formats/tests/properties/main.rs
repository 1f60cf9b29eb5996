//! Any bytes are read without a panic, and a file cut anywhere never gives an entry, a sum or a balance that the whole one
//! does not hold.

#![expect(clippy::unwrap_used, reason = "what a test stands on must be there")]

mod camt;
mod given;
mod mt;
mod onec;
mod streaming;
mod tables;
