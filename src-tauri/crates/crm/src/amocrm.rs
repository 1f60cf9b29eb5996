//! amoCRM and Kommo, API v4: what to ask an account, and what its answers mean.
//!
//! Invoices are elements of the account's catalog of type `invoices`, which cannot be filtered: it is read whole, by pages,
//! and each row is looked at here. An invoice does not know its lead; leads know their invoices. Fields are found by their
//! codes, which survive renaming and other languages; whatever is not there is said in words.

mod address;
mod answer;
mod ask;
mod carry_out;
mod causes;
mod changes;
mod connect;
mod customers;
mod doubles;
mod drift;
mod element;
mod error;
mod funnels;
mod http;
mod interface;
mod invoices;
mod items;
mod layout;
mod lead;
mod leads;
mod notes;
mod oauth;
mod pages;
mod plan;
mod presence;
mod pull;
mod query;
mod read_back;
mod record;
mod repeats;
mod restore;
mod reverse;
mod status;
mod tell_status;
mod together;
mod tokens;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use serde_json::Value;

use crate::{
    call::{CallError, Transport},
    mapping::Mapping,
};

pub use address::{AccountUrl, InvalidAccount};
pub use answer::read as read_answer;
pub use causes::{Cause, Row, TABLE};
pub use error::AmocrmError;
pub use http::AmocrmHttp;
pub use query::pairs as query_pairs;
pub use tokens::{Integration, Kept, Keys, Pace, Pair, Vault};

use layout::Layout;
use together::Shelf;

/// How often a read is repeated; reads are safe to repeat.
pub const READ_RETRIES_MAX: u32 = 3;
/// The first pause before a read is repeated, where the CRM does not say; each next one is twice as long.
const READ_PAUSE_MS: u64 = 500;
/// An account that asks for a longer pause than this is left alone until the next pull.
pub const READ_PAUSE_MS_MAX: u64 = 15_000;

/// What is particular to one connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The first part of every [`domain::InvoiceId`] of this connection.
    pub connection: String,
    /// Which statuses of invoices and leads stand for which payment status, by the user's choice.
    pub mapping: Mapping,
}

impl Account {
    pub fn new(connection: impl Into<String>) -> Self {
        Self {
            connection: connection.into(),
            mapping: Mapping::default(),
        }
    }

    /// The id under which the ledger knows an invoice of this account.
    #[must_use]
    pub fn invoice_id(&self, catalog: u64, element: u64) -> domain::InvoiceId {
        domain::InvoiceId::from(format!("{}:{catalog}:{element}", self.connection))
    }

    /// Catalog and number of an invoice; `None` where the id is of another connection.
    #[must_use]
    pub fn element(&self, id: &domain::InvoiceId) -> Option<(u64, u64)> {
        let rest = id.0.strip_prefix(self.connection.as_str())?.strip_prefix(':')?;
        let (catalog, element) = rest.split_once(':')?;
        let number = |text: &str| text.parse().ok().filter(|number: &u64| *number > 0);
        Some((number(catalog)?, number(element)?))
    }
}

/// Speaks to one account.
pub struct Client<T> {
    transport: T,
    account: Account,
    /// How the account is made, asked for once; a refusal or a missing field makes it be asked for again.
    layout: Arc<tokio::sync::Mutex<Option<Arc<Layout>>>>,
    /// Lists that answered with what nobody asked for.
    unfiltered: Mutex<BTreeSet<Shelf>>,
}

impl<T: Transport> Client<T> {
    pub fn new(transport: T, account: Account) -> Self {
        Self {
            transport,
            account,
            layout: Arc::default(),
            unfiltered: Mutex::default(),
        }
    }

    /// The same account over another line.
    fn over<U: Transport>(&self, transport: U) -> Client<U> {
        Client {
            transport,
            account: self.account.clone(),
            layout: Arc::clone(&self.layout),
            unfiltered: Mutex::default(),
        }
    }

    #[must_use]
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// A read, repeated where that can help.
    async fn read(&self, call: &str, params: &Value) -> Result<Value, AmocrmError> {
        let mut pause_ms = READ_PAUSE_MS;
        let mut retries = 0;
        loop {
            let error = match self.transport.call(call, params).await {
                Ok(body) => return Ok(body),
                Err(error) => error,
            };
            let asked_ms = match &error {
                CallError::Limited { retry_after_ms, .. } => *retry_after_ms,
                _ => None,
            };
            let wait_ms = asked_ms.unwrap_or(pause_ms);
            if !error.may_pass() || retries == READ_RETRIES_MAX || wait_ms > READ_PAUSE_MS_MAX {
                let call = call.to_owned();
                return Err(AmocrmError::Call { call, error });
            }
            self.transport.pause(wait_ms).await;
            retries += 1;
            pause_ms *= 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_invoices_of_this_connection_are_ours() {
        let account = Account::new("amo");
        assert_eq!(account.invoice_id(4517, 525_439).0, "amo:4517:525439");
        assert_eq!(account.element(&"amo:4517:525439".into()), Some((4517, 525_439)));
        for stranger in [
            "amox:1:1",
            "am:1:1",
            "amo:1:0",
            "amo:1:",
            "amo:0:1",
            "amo:1:2:3",
            "b24:31:1",
            "",
        ] {
            assert_eq!(account.element(&stranger.into()), None, "{stranger}");
        }
    }
}
