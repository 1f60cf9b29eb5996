//! Faults on request: which method, what goes wrong, how often.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::Value;

use crate::{
    change::Change,
    refusals::refusal,
    rest::RestError,
    storm::{Storm, Strike, Weather},
};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The call is done and kept, the answer never comes.
    #[serde(alias = "timeout")]
    TimeoutAfterCommit,
    /// The connection is cut, nothing is done.
    #[serde(alias = "cut_before_commit")]
    CutBefore,
    /// The call is done and kept, then the connection is cut.
    #[serde(alias = "cut_after_commit")]
    CutAfter,
    #[serde(rename = "status_503", alias = "query_limit")]
    Status503,
    #[serde(rename = "status_500")]
    Status500,
    #[serde(rename = "limit_429", alias = "status_429")]
    Limit429,
    /// The token has expired; nothing is done.
    #[serde(alias = "expired_token", alias = "token_expired")]
    Expired,
    /// The call is done and kept, half of the answer's JSON comes.
    #[serde(alias = "truncated_json")]
    Truncated,
    /// A page of HTML with status 200; nothing is done.
    #[serde(alias = "html_instead_of_json")]
    Html,
    /// A gateway's page of HTML with status 502; nothing is done.
    #[serde(alias = "status_502")]
    Gateway,
    /// The call is done and kept, then a gateway's page with status 504 comes.
    #[serde(alias = "status_504")]
    GatewayAfter,
    /// Status 200 and nothing else; nothing is done.
    EmptyBody,
    /// The call is done and kept, its JSON comes as `text/html`.
    #[serde(alias = "wrong_content_type")]
    WrongType,
    /// The call is delivered and done twice; the second answer comes.
    #[serde(alias = "duplicate_delivery")]
    Duplicate,
    /// Half of a batch is done and kept; the answer is silent about the rest.
    #[serde(alias = "half_batch")]
    PartialBatch,
    /// Half of a batch is done and kept; every command after it meets an expired token.
    #[serde(alias = "token_expiry_mid_batch")]
    ExpiredMidBatch,
    /// The portal has another address: 302 to the one in `to`, nothing is done.
    Moved,
    /// The portal is blocked by hand, with status 503; nothing is done.
    Overload,
    /// The portal's plan has no API any more; nothing is done.
    AccessDenied,
    /// There is no such portal any more; nothing is done.
    PortalDeleted,
    /// The portal refuses with the `code`, and with `status` and `text` where they are said; nothing is done.
    Refusal,
    /// Nothing goes wrong with the call itself: `change` is made before it.
    Change,
    /// The call is done after a while.
    Delay,
    /// The portal's clock jumps by `shift_ms` and stays so; the call is done.
    ClockSkew,
    /// Before the call somebody gives an invoice another sum. This and those below pick by `choice` whom they happen to,
    /// and the log says what they did.
    InvoiceRepriced,
    /// Before the call somebody moves an invoice to another stage.
    InvoiceMoved,
    /// Before the call somebody deletes an invoice.
    InvoiceDeleted,
    /// Before the call somebody puts a customer's company into the bin.
    CompanyArchived,
    /// Before the call somebody gives an open stage of the invoices another name.
    StageRenamed,
    /// Before the call somebody takes an open stage of the invoices away.
    StageRemoved,
}

impl Weather for FaultKind {
    const ANY: &'static [Self] = &[
        Self::TimeoutAfterCommit,
        Self::CutBefore,
        Self::CutAfter,
        Self::Status503,
        Self::Status500,
        Self::Limit429,
        Self::Truncated,
        Self::Html,
        Self::Gateway,
        Self::GatewayAfter,
        Self::EmptyBody,
        Self::WrongType,
        Self::PartialBatch,
        Self::Delay,
    ];
}

impl Fault {
    /// Faults that are an error answer, which a command inside a batch can have too.
    pub fn as_error(&self) -> Option<RestError> {
        let code = self.code.as_deref().unwrap_or_default();
        Some(match self.kind {
            FaultKind::Refusal => refusal(code, self.status, self.text.as_deref()),
            FaultKind::Status503 => RestError::new(503, "QUERY_LIMIT_EXCEEDED", "Too many requests"),
            FaultKind::Status500 => RestError::new(500, "INTERNAL_SERVER_ERROR", "Internal server error"),
            FaultKind::Limit429 => RestError::operation_time_limit(),
            FaultKind::Expired => RestError::expired_token(),
            FaultKind::Overload => RestError::new(503, "OVERLOAD_LIMIT", "REST API is blocked due to overload."),
            FaultKind::AccessDenied => {
                RestError::new(403, "ACCESS_DENIED", "REST API is available only on commercial plans.")
            }
            FaultKind::PortalDeleted => RestError::new(410, "PORTAL_DELETED", "Portal was deleted"),
            _ => return None,
        })
    }
}

/// One order of `POST /faults`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// A method in any case, or `*`, which is meant where none is said.
    #[serde(default = "any", alias = "where")]
    pub method: String,
    #[serde(alias = "what")]
    pub kind: FaultKind,
    /// How many calls it strikes.
    #[serde(default = "once", alias = "how_often")]
    pub times: u64,
    /// How many calls pass before.
    #[serde(default)]
    pub skip: u64,
    /// For `delay`: how long. For `timeout_after_commit`: how long the connection is held.
    #[serde(default)]
    pub delay_ms: Option<u64>,
    /// For `moved`: the new address, without a path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// For `clock_skew`: how far; an hour where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift_ms: Option<i64>,
    /// Of several that a deed may happen to, which one: any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<u64>,
    /// For `refusal`: the portal's code, which may be empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// For `refusal`: the status, where it is not the usual one of the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// For `refusal`: the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What somebody else does in the portal just before the call, with any kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

pub fn any() -> String {
    "*".to_owned()
}

pub fn once() -> u64 {
    1
}

impl Fault {
    fn of(method: &str, strike: Strike<FaultKind>, delay_ms: u64) -> Self {
        Self {
            method: method.to_owned(),
            kind: strike.kind,
            times: 1,
            skip: 0,
            delay_ms: Some(delay_ms),
            to: None,
            shift_ms: Some(strike.shift_ms),
            choice: Some(strike.choice),
            code: None,
            status: None,
            text: None,
            change: None,
        }
    }
}

/// What `POST /faults` and `--faults` take: one order, or `{"storm": …}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultOrder {
    One(Fault),
    Storm(Storm),
}

impl<'de> Deserialize<'de> for FaultOrder {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut value = Value::deserialize(deserializer)?;
        let order = match value.get_mut("storm") {
            Some(storm) => serde_json::from_value(storm.take()).map(Self::Storm),
            None => serde_json::from_value(value).map(Self::One),
        };
        order.map_err(D::Error::custom)
    }
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct Faults {
    pub orders: Vec<Fault>,
    pub storm: Option<Storm>,
}

impl Faults {
    pub fn add(&mut self, order: FaultOrder) {
        match order {
            FaultOrder::One(fault) => self.orders.push(fault),
            FaultOrder::Storm(storm) => self.storm = Some(storm),
        }
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The fault that strikes this call, counted off. The first order that fits is asked; `inside_batch` leaves alone
    /// what a command inside a batch cannot have. The storm strikes where no order does, and whole requests only.
    pub fn strike(&mut self, method: &str, inside_batch: bool) -> Option<Fault> {
        let ordered = self.ordered(method, inside_batch);
        match (&ordered, &mut self.storm) {
            (None, Some(storm)) if !inside_batch => {
                let strike = storm.strike(&[method])?;
                Some(Fault::of(method, strike, storm.delay_ms))
            }
            _ => ordered,
        }
    }

    fn ordered(&mut self, method: &str, inside_batch: bool) -> Option<Fault> {
        let order = self.orders.iter_mut().find(|fault| {
            fault.times > 0
                && (fault.method.eq_ignore_ascii_case(method) || (fault.method == "*" && !inside_batch))
                && (!inside_batch || fault.as_error().is_some())
        })?;
        if order.skip > 0 {
            order.skip -= 1;
            return None;
        }
        order.times -= 1;
        Some(order.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(method: &str, kind: FaultKind, times: u64, skip: u64) -> Fault {
        let order = serde_json::json!({"method": method, "kind": kind, "times": times, "skip": skip});
        serde_json::from_value(order).unwrap()
    }

    #[test]
    fn a_fault_skips_then_strikes_then_is_spent() {
        let mut faults = Faults::default();
        faults.add(FaultOrder::One(fault("crm.item.update", FaultKind::CutAfter, 2, 1)));
        let struck: Vec<bool> = [
            "crm.item.update",
            "crm.item.list",
            "CRM.ITEM.UPDATE",
            "crm.item.update",
            "crm.item.update",
        ]
        .iter()
        .map(|method| faults.strike(method, false).is_some())
        .collect();
        assert_eq!(struck, [false, false, true, true, false]);
    }

    #[test]
    fn a_command_inside_a_batch_has_error_faults_only() {
        let mut faults = Faults::default();
        faults.add(FaultOrder::One(fault("crm.item.get", FaultKind::CutAfter, 1, 0)));
        faults.add(FaultOrder::One(fault("crm.item.get", FaultKind::Expired, 1, 0)));
        assert_eq!(faults.strike("crm.item.get", true).unwrap().kind, FaultKind::Expired);
        assert_eq!(faults.strike("crm.item.get", true), None);
    }
}
