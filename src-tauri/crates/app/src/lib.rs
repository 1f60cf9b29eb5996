//! Use cases: everything the program does, for whatever host shows it.
//!
//! A [`Session`] is one open ledger; its methods are the use cases. [`Worker`] does what goes on by itself. [`wire`] is
//! the contract with pages and [`rpc`] speaks it. The core deliberately does not know windows, command lines or where
//! time and secrets come from: that is the [`Host`]'s.

#[macro_use]
pub mod wire;

mod announce;
mod asked;
mod audit;
mod behind;
mod companies;
mod connect;
mod crm_state;
mod decide;
mod deliver;
mod drift;
mod events;
mod failure;
mod files;
mod headline;
mod host;
mod import;
mod inbox;
mod invoice_views;
mod learning;
mod link;
mod mapping;
mod orders;
mod os_host;
mod outbox_views;
mod paging;
mod passphrase;
mod people;
mod profiles;
mod proposals;
mod pull;
mod refunds;
mod repeats;
mod replaying;
mod requisites;
pub mod rpc;
mod rules;
mod session;
mod settings;
mod standing;
mod status;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod turns;
mod undo;
mod vault;
mod watch;
mod words;
mod worker;

pub use deliver::{Counts, Delivered, DeliveredTo, Delivery, Until};
pub use events::Event;
pub use failure::{Failure, io_failure};
pub use host::Host;
pub use import::Imported;
pub use orders::ORDERS_PER_FILE_MAX;
pub use os_host::{OsHost, default_ledger};
pub use profiles::{PROFILES_FOLDER, preview, profiles, save_profile};
pub use proposals::MatchReport;
pub use pull::{Pulled, PulledOf, Whole};
pub use session::Session;
pub use vault::{DataKey, KEY_VARIABLE, VaultError};
pub use watch::no_folder;
pub use words::plural;
pub use worker::Worker;
