//! Stages of the CRM and the payment statuses they stand for.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Words;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FunnelKind {
    Invoices,
    /// Deals of Bitrix24, leads of amoCRM.
    Deals,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct MappingView {
    /// The id of the connection, and what it is called.
    pub connection: String,
    pub name: String,
    pub funnels: Vec<FunnelView>,
    /// What was chosen and does not fit any longer, with what to do.
    pub troubles: Vec<Words>,
    /// What else the CRM can be told of a payment; null: nothing.
    pub extras: Option<ExtrasView>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ExtrasView {
    pub chosen: ExtrasChoice,
    /// The templates of acts that there are.
    pub templates: Vec<StageChoice>,
    /// What the key lacks for some of it, and how to give it.
    pub lacking: Vec<Words>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExtrasChoice {
    /// Whoever answers for an invoice is notified.
    pub notifies: bool,
    /// Number and date of the payment order go into the invoice's payment.
    pub vouchers: bool,
    /// The template of the act that an invoice paid in full gets; null: no act.
    pub act_template: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct FunnelView {
    pub of: FunnelKind,
    /// The CRM's number of it.
    pub funnel: String,
    pub says: Words,
    pub rows: Vec<StatusRow>,
}

/// One payment status of one funnel.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct StatusRow {
    /// `paid`, `partly_paid`, …
    pub status: String,
    pub says: Words,
    /// What happens where nothing is chosen.
    pub unchosen: Words,
    pub chosen: Option<String>,
    /// The chosen stage is none of `stages` any longer.
    pub gone: bool,
    /// Those that may stand for this status.
    pub stages: Vec<StageChoice>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct StageChoice {
    pub stage: String,
    pub name: String,
}

/// All choices; what is not among them is not chosen.
#[derive(Debug, Clone, Default, Deserialize, TS)]
pub struct MappingSaveRequest {
    /// null: the only connection there is.
    #[serde(default)]
    pub connection: Option<String>,
    pub choices: Vec<MappingChoice>,
    /// null: as it is.
    pub extras: Option<ExtrasChoice>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MappingChoice {
    pub of: FunnelKind,
    pub funnel: String,
    pub status: String,
    pub stage: String,
}
