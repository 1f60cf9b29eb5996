//! What must hold of the real programs, seen from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

mod at_once;
mod bad_line;
mod breaks;
mod changed;
mod durability;
mod killed_often;
mod messages;
mod refunds;
mod several;
mod story;
