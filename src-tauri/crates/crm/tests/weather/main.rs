//! Our clients against our sandbox, each written from the reference without a look at the other, on a clock that jumps to
//! the next thing to do: what a day's work costs, counted by the sandbox with its limits on, and what bad weather leaves.

#![expect(clippy::unwrap_used, reason = "all of this is tests")]

mod budgets;
mod firm;
mod late;
mod line;
mod once;
mod program;
mod small;
mod storm;
mod told;
mod twice;
