//! Faults of the amoCRM side: the same orders as the portal's, for its own addresses.
//!
//! An order is for amoCRM when it says `"crm": "amocrm"` or its method is an address (`PATCH /api/v4/leads/{id}`,
//! `/oauth2/access_token`). `*` without a `crm` is for both, and so is a storm without one.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::reply::Problem;
use crate::{
    faults::FaultOrder,
    storm::{Storm, Strike, Weather},
};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmoFaultKind {
    /// The call is done and kept, the answer never comes.
    #[serde(alias = "timeout")]
    TimeoutAfterCommit,
    /// The connection is cut, nothing is done.
    #[serde(alias = "cut_before_commit")]
    CutBefore,
    /// The call is done and kept, then the connection is cut.
    #[serde(alias = "cut_after_commit")]
    CutAfter,
    #[serde(rename = "status_500")]
    Status500,
    #[serde(rename = "status_502", alias = "gateway")]
    Status502,
    #[serde(rename = "status_503")]
    Status503,
    /// The call is done and kept, the answer is that of a gateway that did not wait.
    #[serde(rename = "status_504", alias = "gateway_after")]
    Status504,
    #[serde(rename = "limit_429", alias = "status_429")]
    Limit429,
    /// The address is shut out.
    #[serde(rename = "ban_403", alias = "status_403")]
    Ban403,
    /// The account is not paid for.
    #[serde(rename = "unpaid_402", alias = "status_402")]
    Unpaid402,
    /// The account lives under another name now.
    #[serde(rename = "moved_404")]
    Moved404,
    /// The token has expired or was taken back; nothing is done.
    #[serde(alias = "expired_token", alias = "token_expired")]
    Expired,
    /// The call is done and kept, half of the answer's JSON comes.
    #[serde(alias = "truncated_json")]
    Truncated,
    /// A page of HTML with status 200; nothing is done.
    #[serde(alias = "html_instead_of_json")]
    Html,
    /// The call is done and kept, its JSON comes as `text/html`.
    #[serde(alias = "wrong_content_type")]
    WrongType,
    /// The call is done after a while.
    Delay,
    /// Status 200 and nothing else; nothing is done.
    EmptyBody,
    /// The call is delivered and done twice; the second answer comes.
    #[serde(alias = "duplicate_delivery")]
    Duplicate,
    /// The first half of what a writing call holds is done and kept, then a gateway's page with status 504 comes.
    #[serde(alias = "half_batch")]
    PartialBatch,
    /// The first half of what a writing call holds is done and kept, then the token expires.
    #[serde(alias = "token_expiry_mid_batch")]
    ExpiredMidBatch,
    /// The account's clock jumps by `shift_ms` and stays so; the call is done.
    ClockSkew,
    /// Before the call somebody gives an invoice another sum. This and those below happen to `target`, else pick by
    /// `choice`, and the log says in `done` what they did.
    InvoiceRepriced,
    /// Before the call somebody gives an invoice another status.
    InvoiceMoved,
    /// Before the call somebody deletes an invoice.
    InvoiceDeleted,
    /// Before the call somebody puts a company into the bin.
    CompanyArchived,
    /// Before the call somebody gives an open stage of the main pipeline another name.
    StageRenamed,
    /// Before the call somebody takes an open stage of the main pipeline away.
    StageRemoved,
}

impl Weather for AmoFaultKind {
    const ANY: &'static [Self] = &[
        Self::TimeoutAfterCommit,
        Self::CutBefore,
        Self::CutAfter,
        Self::Status500,
        Self::Status502,
        Self::Status503,
        Self::Status504,
        Self::Limit429,
        Self::Truncated,
        Self::Html,
        Self::WrongType,
        Self::Delay,
        Self::EmptyBody,
        Self::PartialBatch,
    ];
}

impl AmoFaultKind {
    /// Faults that are a problem in words of the account's own.
    pub(super) fn as_problem(self) -> Option<Problem> {
        Some(match self {
            Self::Status500 => Problem::new(500, "Internal Server Error"),
            Self::Moved404 => Problem::new(404, "Account not found"),
            Self::Unpaid402 => Problem::new(402, "Account is not paid"),
            Self::Expired => Problem::new(401, "Token has expired"),
            _ => return None,
        })
    }

    /// Faults that are a page of the servers before the account.
    pub(super) fn as_page(self) -> Option<(u16, &'static str)> {
        Some(match self {
            Self::Status502 => (502, "<html><body><h1>502 Bad Gateway</h1></body></html>"),
            Self::Status503 => (503, "<html><body><h1>503 Service Unavailable</h1></body></html>"),
            Self::Status504 => (504, "<html><body><h1>504 Gateway Time-out</h1></body></html>"),
            Self::Limit429 => (429, "<html><body><h1>429 Too Many Requests</h1></body></html>"),
            Self::Ban403 => (403, "<html><body><h1>403 Forbidden</h1></body></html>"),
            Self::Html => (200, "<html><body><h1>Ведутся технические работы</h1></body></html>"),
            _ => return None,
        })
    }

    /// Whether the call is run all the same, whole or in part.
    pub(super) fn lets_do(self) -> bool {
        !matches!(self, Self::CutBefore | Self::EmptyBody)
            && self.as_problem().is_none()
            && self.as_page().is_none_or(|(status, _)| status == 504)
    }
}

/// One order of `POST /faults`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AmoFault {
    #[serde(default)]
    pub crm: Option<String>,
    /// `PATCH /api/v4/leads/{id}`, `/api/v4/leads` (whatever is done there), or `*`.
    #[serde(default = "crate::faults::any", alias = "where")]
    pub method: String,
    #[serde(alias = "what")]
    pub kind: AmoFaultKind,
    /// How many calls it strikes.
    #[serde(default = "crate::faults::once", alias = "how_often")]
    pub times: u64,
    /// How many calls pass before.
    #[serde(default)]
    pub skip: u64,
    /// For `delay`: how long. For `timeout_after_commit`: how long the connection is held.
    #[serde(default)]
    pub delay_ms: Option<u64>,
    /// For `clock_skew`: how far; an hour where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift_ms: Option<i64>,
    /// Of several that a deed may happen to, which one: any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<u64>,
    /// The id of what a deed happens to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<i64>,
    /// What a deed did, once it is done.
    #[serde(default, skip_deserializing, skip_serializing_if = "Value::is_null")]
    pub done: Value,
}

/// What `POST /faults` and `--faults` take: one order, or `{"storm": …}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AmoFaultOrder {
    One(AmoFault),
    Storm(Storm<AmoFaultKind>),
}

/// The orders of one request, or of a file: the portal's and the account's. Of what is meant for both, each takes what it
/// can have.
///
/// # Errors
/// One of them is no fault.
pub fn sorted_faults(orders: Value) -> Result<(Vec<FaultOrder>, Vec<AmoFaultOrder>), serde_json::Error> {
    let orders = match orders {
        Value::Array(orders) => orders,
        order => vec![order],
    };
    let (mut portal, mut account) = (Vec::new(), Vec::new());
    for mut order in orders {
        let is_storm = order.get("storm").is_some();
        let inner = if is_storm { &mut order["storm"] } else { &mut order };
        let text = |key: &str| inner.get(key).and_then(Value::as_str);
        let method = text("method").or_else(|| text("where"));
        let method = if is_storm { method } else { method.or(Some("*")) };
        let (for_portal, for_account) = match (text("crm"), method) {
            (Some("amocrm"), _) => (false, true),
            (None, Some("*")) => (true, true),
            (None, Some(method)) if method.contains('/') => (false, true),
            (None, None) if is_storm => (true, true),
            _ => (true, false),
        };
        if is_storm {
            inner.as_object_mut().and_then(|storm| storm.remove("crm"));
        }
        let for_both = for_portal && for_account;
        let (mut taken, mut refused) = (false, None);
        if for_account {
            match account_order(order.clone()) {
                Ok(fault) => {
                    account.push(fault);
                    taken = true;
                }
                Err(error) => refused = Some(error),
            }
        }
        if for_portal {
            // The portal's orders do not say whom they are for.
            order.as_object_mut().and_then(|order| order.remove("crm"));
            match serde_json::from_value(order) {
                Ok(fault) => {
                    portal.push(fault);
                    taken = true;
                }
                Err(error) => refused = Some(error),
            }
        }
        match refused {
            Some(error) if !(for_both && taken) => return Err(error),
            _ => {}
        }
    }
    Ok((portal, account))
}

fn account_order(mut order: Value) -> Result<AmoFaultOrder, serde_json::Error> {
    match order.get_mut("storm") {
        Some(storm) => serde_json::from_value(storm.take()).map(AmoFaultOrder::Storm),
        None => serde_json::from_value(order).map(AmoFaultOrder::One),
    }
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct Faults {
    pub orders: Vec<AmoFault>,
    pub storm: Option<Storm<AmoFaultKind>>,
}

impl Faults {
    pub fn add(&mut self, order: AmoFaultOrder) {
        match order {
            AmoFaultOrder::One(fault) => self.orders.push(fault),
            AmoFaultOrder::Storm(storm) => self.storm = Some(storm),
        }
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The fault that strikes this call, counted off; the storm strikes where no order does. `method` is a verb and an
    /// address.
    pub fn strike(&mut self, method: &str) -> Option<AmoFault> {
        let address = method.split_once(' ').map_or("", |(_, address)| address);
        let ordered = self.ordered(&[method, address, "*"]);
        match (&ordered, &mut self.storm) {
            (None, Some(storm)) => {
                let strike = storm.strike(&[method, address])?;
                Some(blown(method, strike, storm.delay_ms))
            }
            _ => ordered,
        }
    }

    fn ordered(&mut self, names: &[&str]) -> Option<AmoFault> {
        let order = self
            .orders
            .iter_mut()
            .find(|fault| fault.times > 0 && names.iter().any(|own| fault.method.eq_ignore_ascii_case(own)))?;
        if order.skip > 0 {
            order.skip -= 1;
            return None;
        }
        order.times -= 1;
        Some(order.clone())
    }
}

fn blown(method: &str, strike: Strike<AmoFaultKind>, delay_ms: u64) -> AmoFault {
    AmoFault {
        crm: None,
        method: method.to_owned(),
        kind: strike.kind,
        times: 1,
        skip: 0,
        delay_ms: Some(delay_ms),
        shift_ms: Some(strike.shift_ms),
        choice: Some(strike.choice),
        target: None,
        done: Value::Null,
    }
}
