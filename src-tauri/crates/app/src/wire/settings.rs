//! What the user sets, and who the users are.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Credentials, DraftParty, Words};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Settings {
    /// `ru` or `en`; null: the system's.
    pub language: Option<String>,
    /// Where the bank client drops statements.
    pub folder: Option<String>,
    /// A network drive: look by itself instead of waiting for events.
    pub folder_is_remote: bool,
    /// Where payment order files go.
    pub export_folder: Option<String>,
    /// Notifications without sums.
    pub hide_sums: bool,
    /// Our own requisites: every new order starts with them.
    pub payer: DraftParty,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RoleName {
    Owner,
    Accountant,
    Approver,
    Viewer,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct People {
    pub people: Vec<PersonView>,
    /// The owner lets a sole operator approve own orders.
    pub sole_operator: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PersonView {
    pub name: String,
    pub role: RoleName,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct PersonAddRequest {
    pub person: Credentials,
    pub role: RoleName,
    /// The owner's consent; null only for the first person, who is the owner.
    pub owner: Option<Credentials>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct SoleOperatorRequest {
    pub on: bool,
    pub owner: Credentials,
}

#[derive(Clone, Deserialize, TS)]
pub struct ConnectRequest {
    /// The inbound webhook's address, a secret.
    pub webhook: String,
}

impl std::fmt::Debug for ConnectRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ConnectRequest")
    }
}

/// An account of amoCRM or Kommo and what opens it: a long-lived token, or an integration and its code.
#[derive(Clone, Deserialize, TS)]
pub struct ConnectAmocrmRequest {
    /// The account's address, as a browser shows it.
    pub account: String,
    /// The long-lived token, a secret; null where the integration gives a code.
    pub token: Option<String>,
    /// The integration and the code it showed; null where there is a token.
    pub integration: Option<IntegrationCode>,
    /// Where a lead goes when its invoice is paid in full; null: leads keep their status.
    pub lead_paid: Option<LeadStatusChoice>,
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

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Connected {
    pub portal: String,
    /// What was checked, and what is missing and how to give it.
    pub found: Vec<Words>,
    pub missing: Vec<Words>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PauseRequest {
    pub paused: bool,
}
