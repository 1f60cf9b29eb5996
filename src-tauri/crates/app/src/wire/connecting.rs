//! Connecting a CRM, and how a connection stands.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CrmKind, CrmState, Words};

/// Which connection is meant.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
pub struct ConnectionRequest {
    /// Its id; null: the only one there is.
    #[serde(default)]
    pub connection: Option<String>,
}

#[derive(Clone, Default, Deserialize, TS)]
pub struct ConnectRequest {
    /// The inbound webhook's address, a secret.
    pub webhook: String,
    /// Renew the key of this connection and make no other; null: the portal's own, or a new one.
    #[serde(default)]
    pub connection: Option<String>,
    /// What people call it; null: as before, or by its address.
    #[serde(default)]
    pub name: Option<String>,
}

impl std::fmt::Debug for ConnectRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ConnectRequest")
    }
}

/// A local application of Bitrix24: what its card on the portal shows, and the code that the portal gave for it.
#[derive(Clone, Default, Deserialize, TS)]
pub struct ConnectApplicationRequest {
    pub client_id: String,
    /// A secret.
    pub client_secret: String,
    /// The code, or the whole address that the browser ended at; it works for half a minute.
    pub code: String,
    /// As in [`ConnectRequest`].
    #[serde(default)]
    pub connection: Option<String>,
    #[serde(default)]
    pub name: Option<String>,
}

impl std::fmt::Debug for ConnectApplicationRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ConnectApplicationRequest")
    }
}

/// Where the portal asks whether the application may.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct AuthoriseRequest {
    /// The portal's address, as a browser shows it.
    pub portal: String,
    pub client_id: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Address {
    pub address: String,
}

/// An account of amoCRM or Kommo and what opens it: a long-lived token, or an integration and its code.
#[derive(Clone, Default, Deserialize, TS)]
pub struct ConnectAmocrmRequest {
    /// The account's address, as a browser shows it.
    pub account: String,
    /// The long-lived token, a secret; null where the integration gives a code.
    pub token: Option<String>,
    /// The integration and the code it showed; null where there is a token.
    pub integration: Option<IntegrationCode>,
    /// Where a lead goes when its invoice is paid in full; null: leads keep their status.
    pub lead_paid: Option<LeadStatusChoice>,
    /// As in [`ConnectRequest`].
    #[serde(default)]
    pub connection: Option<String>,
    #[serde(default)]
    pub name: Option<String>,
}

impl std::fmt::Debug for ConnectAmocrmRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ConnectAmocrmRequest")
    }
}

/// An integration as its card shows it, and the code for the first tokens, which works once and for 20 minutes.
#[derive(Clone, Deserialize, TS)]
pub struct IntegrationCode {
    pub client_id: String,
    pub client_secret: String,
    pub redirect_uri: String,
    pub code: String,
}

impl std::fmt::Debug for IntegrationCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IntegrationCode")
    }
}

/// A status of leads, by the account's numbers.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct LeadStatusChoice {
    pub pipeline: u32,
    pub status: u32,
}

/// A connection that was made or looked at.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Connected {
    /// Its id, the first part of the ids of its invoices.
    pub connection: String,
    /// What people call it.
    pub name: String,
    pub kind: CrmKind,
    pub portal: String,
    pub state: CrmState,
    /// In the order in which they were looked at.
    pub checks: Vec<CheckLine>,
}

/// One thing that a connection is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckLine {
    pub check: CheckPart,
    pub state: CheckState,
    /// What is there; or what is missing, and how to give it.
    pub says: Words,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckPart {
    Address,
    Key,
    Rights,
    Stages,
    Field,
    Clock,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    Good,
    /// It works, and something should be given.
    Lacking,
    /// Nothing works until it is mended.
    Failed,
    /// It was not reached, or the CRM does not tell.
    NotLooked,
}
