//! What any store of this ledger must do, whatever database is under it. Only `append_only` and the tampering in
//! `audit` reach under the interface, because they ask what the file itself refuses.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod append_only;
mod audit;
mod balances;
mod companies;
mod connections;
mod decisions;
mod drifts;
mod given;
mod identity;
mod import;
mod inbox;
mod invoices;
mod lessons;
mod orders;
mod outbox;
mod place;
mod refunds;
mod sealed;
