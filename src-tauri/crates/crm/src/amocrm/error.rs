//! Why a pull or a connection did not work out.

use domain::Text;

use crate::{call::CallError, interface::Trouble};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmocrmError {
    #[error("{call}: {error}")]
    Call { call: String, error: CallError },
    /// An answer that is JSON, but not the one documented.
    #[error("{call}: the answer has no {what}")]
    Shape { call: String, what: &'static str },
    /// A list that does not go forward: reading it to the end would take for ever or miss rows.
    #[error("{call}: the list does not end")]
    Endless { call: String },
    /// The address answers, and no account is behind it.
    #[error("no account at this address")]
    NoAccount,
    /// The account has no list of invoices.
    #[error("no catalog of invoices")]
    NoInvoices,
    /// The CRM took the request for a custom field, and the field is not there.
    #[error("the field was not made: {}", reason.en)]
    FieldNotMade { reason: Text },
}

impl AmocrmError {
    /// What happened and what to do, for the accountant; [`TABLE`](super::TABLE) holds the sentences.
    #[must_use]
    pub fn text(&self) -> Text {
        Trouble::from(self.clone()).says
    }
}

/// The name of the field that carries payment ids.
pub(super) const FIELD_NAME: &str = "ID банковского платежа";
