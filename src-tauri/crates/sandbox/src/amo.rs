//! An amoCRM account on this machine: API v4 with the real one's shapes, limits and bad moods; Kommo by a switch.
//!
//! Written from the API's reference alone. It shares the firm, the clock's orders and the ports with the Bitrix24
//! portal beside it, and nothing else: neither knows what the other holds.
//!
//! The way of a request: [`server`] reads it and lets faults have their say, [`site`] counts it, asks limits and tokens,
//! [`route`] finds the function that answers it over the [`world`].

mod account;
mod auth;
mod call;
mod calls;
mod cards;
mod catalogs;
mod complex;
mod deeds;
mod faults;
mod fields;
mod filter;
mod founding;
mod groups;
mod keeping;
mod kind;
mod limits;
mod links;
mod listing;
mod notes;
mod oauth;
mod pipelines;
mod reply;
mod route;
mod server;
mod settings;
mod site;
mod sources;
mod stages;
mod tags;
mod tasks;
mod unsorted;
mod values;
mod view;
mod webhooks;
mod world;

pub use faults::{AmoFault, AmoFaultKind, AmoFaultOrder, sorted_faults};
pub(crate) use server::{SharedSite, router};
pub use settings::{AmoRequisites, AmoSettings};
pub(crate) use site::Site;
pub(crate) use view::{crm, holdings, merge_into};
