//! A public benchmark of matching payments to invoices. It makes firms whose truth is known, has them matched by any
//! program that speaks the shape of `sverka match`, and says how often, and how dearly, the program was wrong.
//!
//! What the classes are and how to repeat the figures is said in `fixtures/matching/README.md`. The judge deliberately
//! knows nothing of our engine.

pub mod baselines;
pub mod book;
pub mod check;
pub mod class;
pub mod cost;
pub mod firm;
pub mod identifiers;
pub mod judged;
pub mod large;
pub mod least;
pub mod numbering;
pub mod places;
pub mod plan;
mod scenes;
pub mod score;
pub mod seeds;
pub mod shape;
pub mod table;
pub mod truth;
pub mod words;
pub mod write;
