//! The CRM's side of the conversation: what a customer owes is asked for here, and what was paid is told here.
//!
//! Two layers. [`Transport`] carries one named call and says how far it got ([`CallError`]); [`bitrix24::Client`] and
//! [`amocrm::Client`] know what to ask, and [`Crm`] is what both are to the host. It deliberately does not know the
//! ledger, the queue, the clock or where secrets are kept: the host brings the key, paces the calls and repeats a
//! delivery; a delivery looks before it writes, so that repeating it is always safe.

pub mod amocrm;
mod answer;
mod attempt;
pub mod bitrix24;
mod call;
mod http;
mod interface;
mod mapping;
mod php;
mod renamed;
mod sums;
mod together;
mod webhook;

pub use call::{CallError, Transport};
pub use http::{HttpTransport, Timeouts, TransportError};
pub use interface::{
    Changes, Check, Crm, Doing, Drifted, Earlier, Extras, Health, Introduction, OVERLAP_MS, Part, Pull, Told, Trouble,
};
pub use mapping::{Choice, Funnel, Mapping, Means, Of, Offered};
pub use renamed::new_origin;
pub use webhook::{InvalidWebhook, WebhookUrl};
