//! The client against a portal in memory that goes wrong at any call, and the transport against bad HTTP.

#![expect(clippy::unwrap_used, reason = "all of this is tests")]

mod budgets;
mod causes;
mod changing;
mod connecting;
mod delivery;
mod drifting;
mod extras;
mod fake;
mod http;
mod mapping;
mod metered;
mod oauth;
mod pulling;
mod refunds;
mod refusals;
mod restoring;
mod statuses;
