//! The delivery machine: which message may go to the CRM now, and what follows from the answer.
//!
//! Sans-IO. The machine deliberately knows no network, no database, no clock and no source of randomness: the caller
//! brings the time ([`domain::Timestamp`]), a seed and the outcomes, and stores every [`Change`]. A seed and a list of
//! outcomes therefore reproduce a month of network faults exactly.
//!
//! The loop around it, in this order:
//!
//! ```text
//! for stored in rows { if let Some(change) = machine.restore(stored, now) { store(change) } }
//! loop {
//!     while let Some(transmit) = machine.poll_transmit(now) {   // store it as in flight BEFORE sending
//!         ...send; later: store(machine.handle_outcome(&id, &outcome, now))
//!     }
//!     sleep_until(machine.poll_timeout());                      // or until an outcome, a new message, a person
//! }
//! ```
//!
//! What it keeps:
//! - messages of one lane go strictly in the order of their `seq`; a parked one stops its own lane only;
//! - offline is the normal case: every lane pauses, one message at a time probes, no attempt is counted;
//! - refused credentials pause every lane until they change;
//! - an unknown outcome is tried again only after [`Policy::unknown_wait_ms`], so that the lost request has landed or
//!   died by then and the look before the write sees it; a person's retry and a restart respect that too;
//! - the clock may go back or jump: no wait is ever longer than [`Policy::wait_max_ms`]. One thing it cannot mend: a clock
//!   set ahead cuts a wait short, the careful one included; a host that can tell sleep from a set clock brings the former.

mod backoff;
mod budget;
mod elapsed;
mod interface;
mod jitter;
mod lanes;
mod machine;
mod policy;
mod reasons;

pub use budget::{Budget, BudgetPolicy, Spent};
pub use interface::{Change, Condition, Item, ItemState, NextState, Transmit, Withdrawal};
pub use machine::Machine;
pub use policy::Policy;
