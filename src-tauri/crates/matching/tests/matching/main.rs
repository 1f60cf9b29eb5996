//! The engine against tables of cases, against properties, and against other people's purposes where they are at hand.

mod cases;
mod order;
mod properties;
mod purposes;
mod verdicts;
