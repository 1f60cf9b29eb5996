//! Faults of the amoCRM side: the same orders as the portal's, for its own addresses.
//!
//! An order is for amoCRM when it says `"crm": "amocrm"` or its method is an address (`PATCH /api/v4/leads/{id}`,
//! `/oauth2/access_token`). `*` without a `crm` is for both.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::reply::Problem;
use crate::faults::FaultOrder;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmoFaultKind {
    /// The call is done and kept, the answer never comes.
    TimeoutAfterCommit,
    /// The connection is cut, nothing is done.
    CutBefore,
    /// The call is done and kept, then the connection is cut.
    CutAfter,
    #[serde(rename = "status_500")]
    Status500,
    #[serde(rename = "status_502")]
    Status502,
    #[serde(rename = "status_503")]
    Status503,
    /// The call is done and kept, the answer is that of a gateway that did not wait.
    #[serde(rename = "status_504")]
    Status504,
    #[serde(rename = "limit_429")]
    Limit429,
    /// The address is shut out.
    #[serde(rename = "ban_403")]
    Ban403,
    /// The account is not paid for.
    #[serde(rename = "unpaid_402")]
    Unpaid402,
    /// The account lives under another name now.
    #[serde(rename = "moved_404")]
    Moved404,
    /// The token has expired or was taken back; nothing is done.
    Expired,
    /// The call is done and kept, half of the answer's JSON comes.
    Truncated,
    /// A page of HTML with status 200; nothing is done.
    Html,
    /// The call is done and kept, its JSON comes as `text/html`.
    WrongType,
    /// The call is done after a while.
    Delay,
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

    pub(super) fn is_after_commit(self) -> bool {
        matches!(
            self,
            Self::TimeoutAfterCommit
                | Self::CutAfter
                | Self::Status504
                | Self::Truncated
                | Self::WrongType
                | Self::Delay
        )
    }
}

/// One order of `POST /faults`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AmoFault {
    #[serde(default)]
    pub crm: Option<String>,
    /// `PATCH /api/v4/leads/{id}`, `/api/v4/leads` (whatever is done there), or `*`.
    pub method: String,
    pub kind: AmoFaultKind,
    /// How many calls it strikes.
    #[serde(default = "once")]
    pub times: u64,
    /// How many calls pass before.
    #[serde(default)]
    pub skip: u64,
    /// For `delay`: how long. For `timeout_after_commit`: how long the connection is held.
    #[serde(default)]
    pub delay_ms: Option<u64>,
}

fn once() -> u64 {
    1
}

/// The orders of one request, or of a file: the portal's and the account's.
///
/// # Errors
/// One of them is no fault.
pub fn sorted_faults(orders: Value) -> Result<(Vec<FaultOrder>, Vec<AmoFault>), serde_json::Error> {
    let orders = match orders {
        Value::Array(orders) => orders,
        order => vec![order],
    };
    let (mut portal, mut account) = (Vec::new(), Vec::new());
    for mut order in orders {
        let text = |key: &str| order.get(key).and_then(Value::as_str);
        let (for_portal, for_account) = match (text("crm"), text("method")) {
            (Some("amocrm"), _) => (false, true),
            (None, Some("*")) => (true, true),
            (None, Some(method)) if method.contains('/') => (false, true),
            _ => (true, false),
        };
        if for_account {
            match serde_json::from_value(order.clone()) {
                Ok(fault) => account.push(fault),
                // Of what is meant for both, each takes what it can have.
                Err(_) if for_portal => {}
                Err(error) => return Err(error),
            }
        }
        if for_portal {
            // The portal's orders do not say whom they are for.
            order.as_object_mut().and_then(|order| order.remove("crm"));
            portal.push(serde_json::from_value(order)?);
        }
    }
    Ok((portal, account))
}

#[derive(Debug, Clone, Default, Serialize)]
#[serde(transparent)]
pub struct Faults {
    orders: Vec<AmoFault>,
}

impl Faults {
    pub fn add(&mut self, fault: AmoFault) {
        self.orders.push(fault);
    }

    pub fn clear(&mut self) {
        self.orders.clear();
    }

    /// The fault that strikes this call, counted off. `method` is a verb and an address.
    pub fn strike(&mut self, method: &str) -> Option<AmoFault> {
        let address = method.split_once(' ').map_or("", |(_, address)| address);
        let order = self.orders.iter_mut().find(|fault| {
            fault.times > 0
                && [method, address, "*"]
                    .iter()
                    .any(|own| fault.method.eq_ignore_ascii_case(own))
        })?;
        if order.skip > 0 {
            order.skip -= 1;
            return None;
        }
        order.times -= 1;
        Some(order.clone())
    }
}
