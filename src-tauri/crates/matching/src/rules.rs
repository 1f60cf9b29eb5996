//! Rules of the user: ordered, in plain words, the first that fits a payment holds. Pure and compiled once.
//!
//! A rule says what a payment is (no customer's), whose it is, which invoice it names, or that no machine decides it.
//! It never posts anything by itself: what it says goes into the same table of facts as everything else.
//!
//! Regular expressions are those of the `regex` crate: linear in the length of the purpose, whatever was written, and
//! bounded here in size.

mod compiled;
mod spec;
mod template;

pub(crate) use compiled::{Applied, Says};
pub use compiled::{InvalidRule, Rules};
pub use spec::{CATEGORIES, PayerIs, RuleSpec, Then};

/// Rules of one policy.
pub const RULES_MAX: usize = 1000;
/// Characters of a rule's name.
pub const NAME_CHARS_MAX: usize = 100;
/// Characters of a piece of the purpose, or of a regular expression.
pub const PATTERN_CHARS_MAX: usize = 500;
/// Bytes of a compiled regular expression: `\w{1000}` and its like are refused.
pub const PATTERN_BYTES_MAX: usize = 256 * 1024;
