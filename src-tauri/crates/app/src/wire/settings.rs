//! What the user sets, and who the users are.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Credentials, DraftParty};

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

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PauseRequest {
    pub paused: bool,
}
