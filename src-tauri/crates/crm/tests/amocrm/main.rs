//! The amoCRM client against an account in memory that goes wrong at any call, and its transport against bad HTTP.

#![expect(clippy::unwrap_used, reason = "all of this is tests")]

mod causes;
mod changing;
mod connecting;
mod delivery;
mod drift;
mod fake;
mod http;
mod lagging;
mod mapping;
mod pulling;
mod refunds;
mod restoring;
mod statuses;
mod together;
