//! Bitrix24: what to ask a portal, and what its answers mean.
//!
//! Stages are asked for and told apart by their semantics, never by their codes. Lists are read whole, by id, and each
//! row is checked against what was asked for. Whatever is not confirmed about portals is an option of [`Portal`].

mod ask;
mod batch;
mod carry_out;
mod causes;
mod changes;
mod comments;
mod connect;
mod customers;
mod deliver;
mod doubles;
mod drift;
mod error;
mod events;
mod extras;
mod interface;
mod invoices;
mod items;
mod lists;
mod oauth;
mod offered;
mod portal;
mod pull;
mod record;
mod repeats;
mod restore;
mod reverse;
mod stages;
mod tell_status;
mod todo;
mod together;
mod tokens;

use serde_json::Value;

use crate::{attempt, call::Transport, sums};

pub use crate::answer::{HttpAnswer, read as read_answer};
pub use causes::{Cause, Row, TABLE};
pub(crate) use comments::{Mark, mark, status_title};
pub use connect::{ConnectReport, FieldState};
pub use error::CrmError;
pub use events::Heard;
pub use oauth::{AppTransport, Grant, authorise_address};
pub use portal::{Also, PaymentField, Portal};
pub use stages::{Category, Semantics, Stage};
pub use todo::Exception;
pub use tokens::{AppKeys, AppVault, Application};

/// How often a read is repeated; reads are safe to repeat.
pub const READ_RETRIES_MAX: u32 = 3;
/// The first pause before a read is repeated, where the portal does not say; each next one is twice as long.
const READ_PAUSE_MS: u64 = 500;
/// A portal that asks for a longer pause than this is left alone until the next pull.
pub const READ_PAUSE_MS_MAX: u64 = 15_000;

/// Bitrix24's numbers of its kinds of objects.
mod kind {
    pub const DEAL: u64 = 2;
    pub const CONTACT: u64 = 3;
    pub const COMPANY: u64 = 4;
    pub const INVOICE: u64 = 31;
}

/// Speaks to one portal. It holds no state between calls.
pub struct Client<T> {
    transport: T,
    portal: Portal,
}

impl<T: Transport> Client<T> {
    pub fn new(transport: T, portal: Portal) -> Self {
        Self { transport, portal }
    }

    #[must_use]
    pub fn portal(&self) -> &Portal {
        &self.portal
    }

    #[must_use]
    pub fn transport(&self) -> &T {
        &self.transport
    }

    /// A read, repeated where that can help.
    async fn read(&self, method: &'static str, params: &Value) -> Result<Value, CrmError> {
        let mut pause_ms = READ_PAUSE_MS;
        let mut retries = 0;
        loop {
            match self.transport.call(method, params).await {
                Ok(body) => return Ok(body),
                Err(error) => pause_ms = self.before_retry(method, error, retries, pause_ms).await?,
            }
            retries += 1;
        }
    }
}
