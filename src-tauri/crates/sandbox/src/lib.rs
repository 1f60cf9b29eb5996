//! A Bitrix24 portal and an amoCRM account on this machine: the methods Sverka uses, with the real ones' shapes, limits
//! and bad moods.
//!
//! [`start`] serves both on loopback, on one port, beside a control address; [`Inside`] answers without any port. Nothing here is used by the product itself: it exists so
//! that the product, its tests and its demo have a CRM to talk to. It is written from the API's reference alone and
//! knows nothing of our own client.
//!
//! # Control address
//! - `GET /` a page for people; `GET /state` everything it holds (`bitrix24`, `amocrm`), `requests` counted by method,
//!   `log`, requests `in_progress`, `faults`, `limits`, `clock`, `online`; amoCRM's own log, faults and limits are in
//!   `amocrm`, its requests in the counts of both
//! - `POST /reset` as at the start; `POST /load` another firm, see [`Firm`]
//! - `POST /change` a [`Change`] or a list of them: what a manager does behind our back
//! - `POST /faults` a [`Fault`], `{"storm": …}` with a [`Storm`], an [`AmoFault`] or a list of them; `GET /faults` what is
//!   still to strike, `DELETE /faults` nothing any more
//! - `POST /amocrm/change` `{"kind": one of the deeds of an [`AmoFaultKind`], "target": id}` or a list of them
//! - `POST /amocrm/delete` `{"elements": [id], "leads": [], "companies": [], "contacts": []}`, as by hand
//! - `POST /offline` closes the port and cuts what is open, `POST /online` listens on the same port again
//! - `POST /clock` `{"shift_ms": n}`, `{"advance_ms": n}`, `{"stopped": true}`, `{"now_ms": n}`, `{"now": "2026-11-26T…"}`;
//!   `GET /clock` what time it is
//! - `GET /state/bitrix24`, `GET /state/amocrm` what one of the two holds
//! - `GET /requests` the counts of requests and of what the limits let in, for both

mod address;
mod amo;
mod authorization;
mod body;
mod browser;
mod cell;
mod change;
mod clock;
mod control;
mod deeds;
mod faults;
mod filter;
mod firm;
mod gate;
mod heralds;
mod inside;
mod limits;
mod listener;
mod listing;
mod oauth;
mod page;
mod php;
mod portal;
mod queue;
mod records;
mod refusals;
mod reply;
mod rest;
mod running;
mod schema;
mod seed;
mod server;
mod settings;
mod storm;
mod tls;
mod v3;
mod view;
mod world;

pub use amo::{AmoFault, AmoFaultKind, AmoFaultOrder, AmoRequisites, AmoSettings, sorted_faults};
pub use browser::{PageServer, serve_page};
pub use change::{Change, ChangeError};
pub use faults::{Fault, FaultKind, FaultOrder};
pub use firm::{
    Firm, FirmAccount, FirmApp, FirmCategory, FirmCompany, FirmDeal, FirmError, FirmInvoice, FirmOldInvoice,
    FirmRequisite, FirmStage, FirmUser, FirmUserField,
};
pub use inside::{Answered, Inside, Question};
pub use running::{Addresses, DEMO, Options, Running, start};
pub use seed::Seed;
pub use settings::{MissingReference, PortalSettings};
pub use storm::Storm;
pub use world::{WEBHOOK_CODE, WEBHOOK_USER};
