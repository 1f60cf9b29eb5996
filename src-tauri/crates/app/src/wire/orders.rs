//! Платёжки: drafts, checks, consent, export.

use domain::{OrderDraft, PartyDraft};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Credentials, Sum, Words};

/// черновик · на утверждении · утверждено · выгружено · исполнено · отклонено.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    Draft,
    Submitted,
    Approved,
    Exported,
    Executed,
    Rejected,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
pub struct OrdersPageRequest {
    pub state: Option<OrderState>,
    pub offset: u32,
    /// 1 to 500.
    pub limit: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OrdersPage {
    pub total: u64,
    pub rows: Vec<OrderRow>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OrderRow {
    pub order: String,
    pub number: String,
    pub date: Option<String>,
    pub payee: String,
    /// As typed where it is not a sum yet.
    pub amount: String,
    pub purpose: String,
    pub state: OrderState,
    /// Approved by the sole operator.
    pub alone: bool,
}

/// [`domain::OrderDraft`] on the wire: everything as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Draft {
    pub number: String,
    /// ISO, or null while there is none.
    pub date: Option<String>,
    pub amount: String,
    #[serde(default)] // a file for the command may leave it to `--from`
    pub payer: DraftParty,
    pub payee: DraftParty,
    pub purpose: String,
    pub priority: String,
    pub uin: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DraftParty {
    pub name: String,
    pub inn: String,
    pub kpp: String,
    pub account: String,
    pub bik: String,
    pub bank_name: String,
    pub bank_city: String,
    pub correspondent_account: String,
}

/// Our own requisites, by account.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OwnPayers {
    /// As the settings say first, then as statements do; what nobody says is empty.
    pub payers: Vec<DraftParty>,
}

impl From<DraftParty> for PartyDraft {
    fn from(party: DraftParty) -> Self {
        let DraftParty {
            name,
            inn,
            kpp,
            account,
            bik,
            bank_name,
            bank_city,
            correspondent_account,
        } = party;
        Self {
            name,
            inn,
            kpp,
            account,
            bik,
            bank_name,
            bank_city,
            correspondent_account,
        }
    }
}

impl From<PartyDraft> for DraftParty {
    fn from(party: PartyDraft) -> Self {
        let PartyDraft {
            name,
            inn,
            kpp,
            account,
            bik,
            bank_name,
            bank_city,
            correspondent_account,
        } = party;
        Self {
            name,
            inn,
            kpp,
            account,
            bik,
            bank_name,
            bank_city,
            correspondent_account,
        }
    }
}

impl From<Draft> for OrderDraft {
    /// A date that is not ISO becomes none, which the check names.
    fn from(draft: Draft) -> Self {
        let date = draft.date.and_then(|text| text.parse().ok());
        let (payer, payee) = (draft.payer.into(), draft.payee.into());
        let Draft {
            number,
            amount,
            purpose,
            priority,
            uin,
            ..
        } = Draft {
            payer: DraftParty::default(),
            payee: DraftParty::default(),
            date: None,
            ..draft
        };
        Self {
            number,
            date,
            amount,
            payer,
            payee,
            purpose,
            priority,
            uin,
        }
    }
}

impl From<OrderDraft> for Draft {
    fn from(draft: OrderDraft) -> Self {
        let OrderDraft {
            number,
            date,
            amount,
            payer,
            payee,
            purpose,
            priority,
            uin,
        } = draft;
        let date = date.map(|date| date.to_string());
        Self {
            number,
            date,
            amount,
            payer: payer.into(),
            payee: payee.into(),
            purpose,
            priority,
            uin,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OrderRequest {
    pub order: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OrderCheckRequest {
    /// The order being typed again, so that it is not compared with itself; null: a new one.
    pub order: Option<String>,
    pub draft: Draft,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OrderChecked {
    pub defects: Vec<DefectView>,
    /// Nothing forbids it, but look: the same sum to the same payee lately, a payee never paid before.
    pub warnings: Vec<Words>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DefectView {
    /// `number`, `payee.account`, …
    pub field: String,
    pub message: Words,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OrderSaveRequest {
    /// null: a new order.
    pub order: Option<String>,
    pub draft: Draft,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct OrderSignRequest {
    pub order: String,
    /// [`OrderView::content_hash`] of what was shown: a consent is to that and nothing else.
    pub content_hash: String,
    pub who: Credentials,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct OrderSignAloneRequest {
    pub order: String,
    pub content_hash: String,
    pub who: Credentials,
    /// The order's sum once more, typed by hand.
    pub repeated_amount: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct OrderRejectRequest {
    pub order: String,
    pub who: Credentials,
    pub reason: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OrdersExportRequest {
    /// Empty: every approved one.
    pub orders: Vec<String>,
    /// null: the export folder of the settings.
    pub folder: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OrdersExported {
    /// The first of `files`.
    pub file: String,
    /// One for each bank client that is to take some of the orders.
    pub files: Vec<String>,
    pub orders: Vec<String>,
    pub total: Sum,
    pub message: Words,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OrderView {
    pub order: String,
    pub state: OrderState,
    pub draft: Draft,
    /// Names this very content; null while there are defects.
    pub content_hash: Option<String>,
    pub defects: Vec<DefectView>,
    pub warnings: Vec<Words>,
    pub author: Option<String>,
    pub approved_by: Option<String>,
    pub alone: bool,
    pub file: Option<String>,
    pub executed_entry: Option<String>,
    pub history: Vec<OrderStep>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OrderStep {
    pub at: String,
    pub says: Words,
}
