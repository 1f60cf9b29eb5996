//! Which invoice a payment pays, with reasons an accountant can check. Pure: no files, no clock, no randomness.
//!
//! The way of a payment: [`purpose`] reads the words, `strangers` knows money that no customer sent, `book` finds the
//! invoices that may be meant, `facts` says what is true of each, `standing` is the table of what follows from it,
//! `against` says why a person has to look.
//! Nothing here is weighed or scored: a fact holds or it does not, and what fits twice is decided by a person.
//!
//! It deliberately does not know where payments and invoices come from, nor what is done with a decision.

mod against;
mod book;
mod candidate;
mod decided;
mod engine;
mod facts;
mod fold;
pub mod number;
mod payment;
mod policy;
pub mod purpose;
mod reasons;
mod standing;
mod strangers;

pub use decided::{Against, Candidate, Decided, Evidence, Verdict};
pub use engine::Engine;
pub use payment::{Hold, Payment};
pub use policy::{Caps, LearnedFact, OwnCompany, Policy};
pub use reasons::{AgainstKind, EvidenceKind};
