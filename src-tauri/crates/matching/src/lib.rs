//! Which invoice a payment pays, with reasons an accountant can check. Pure: no files, no clock, no randomness.
//!
//! The way of a payment: [`purpose`] reads the words, `strangers` knows money that no customer sent, `book` finds the
//! invoices that may be meant (`search`), `facts` says what is true of each, [`table`] is what follows from it, `several`
//! joins invoices that one payment pays together, `against` says why a person has to look (`beside`: other invoices that
//! are numbered too; `unnumbered`: whatever is said where no number decides), `undo` finds what money that goes back takes
//! back.
//! What people taught (`rules`, `learned` facts, `rejections`, earned `autonomy`) comes in by one door, `taught`.
//! Nothing here is weighed or scored: a fact holds or it does not, and what fits twice is decided by a person.
//!
//! It deliberately does not know where payments and invoices come from, nor what is done with a decision.

mod against;
pub mod autonomy;
mod beside;
mod book;
pub mod bound;
mod candidate;
mod case;
mod decided;
mod engine;
mod facts;
mod fold;
pub mod learned;
mod names;
pub mod number;
mod payer;
mod payment;
mod policy;
mod purchase;
pub mod purpose;
mod reasons;
mod rejections;
pub mod replay;
pub mod rules;
mod said;
mod search;
mod sets;
mod several;
mod standing;
mod strangers;
pub mod table;
mod taught;
mod turn;
mod undo;
mod unnumbered;

pub use autonomy::Autonomy;
pub use decided::{Against, Candidate, Decided, Evidence, Undoes, Verdict};
pub use engine::Engine;
pub use payer::PayerKey;
pub use payment::{Hold, Payment};
pub use policy::{Caps, LearnedFact, OwnCompany, Policy};
pub use reasons::{AgainstKind, EvidenceKind};
pub use rejections::Rejected;
pub use replay::ENGINE_VERSION;
pub use rules::Rules;
pub use turn::goes_back;
