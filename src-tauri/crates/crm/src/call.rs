//! One call to the CRM, and how far it got: the difference between «not sent» and «no answer» decides whether a write
//! may have happened.

use std::future::Future;

use domain::Text;
use serde_json::Value;

/// Carries one call. The real one is HTTP; tests bring a portal in memory; hosts wrap either for pacing and journals.
pub trait Transport: Sync {
    /// `Ok` is the whole decoded JSON body of an answer that holds `result`.
    fn call(&self, method: &str, params: &Value) -> impl Future<Output = Result<Value, CallError>> + Send;

    /// Waits before a read is repeated. Transports without a clock repeat at once.
    fn pause(&self, _ms: u64) -> impl Future<Output = ()> + Send {
        async {}
    }
}

/// Why a call brought no answer. Details never hold the webhook's secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The portal was not reached: nothing was sent.
    #[error("not sent: {detail}")]
    NotSent { detail: String },
    /// It was sent and no usable answer came: perhaps done, perhaps not.
    #[error("no answer: {detail}")]
    NoAnswer { detail: String },
    /// The portal asks to come later; it has done nothing.
    #[error("limited: {detail}")]
    Limited {
        detail: String,
        retry_after_ms: Option<u64>,
    },
    /// The key is wrong, expired, lacks a right, or the portal is closed to it: a person must act.
    #[error("unauthorised: {code}: {detail}")]
    Unauthorised { code: String, detail: String },
    /// The portal refuses this very call.
    #[error("refused ({status}): {code}: {detail}")]
    Refused { status: u16, code: String, detail: String },
    /// The portal failed: a write perhaps done, perhaps not.
    #[error("the portal failed ({status}): {detail}")]
    ServerFailed { status: u16, detail: String },
    /// The portal has another address now.
    #[error("the portal moved to {to}")]
    Moved { to: String },
}

impl CallError {
    /// The object asked for does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if code.eq_ignore_ascii_case("NOT_FOUND"))
    }

    /// A read may be asked again at once or a little later.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::NoAnswer { .. } | Self::Limited { .. } | Self::ServerFailed { .. }
        )
    }

    /// What happened and what to do, for the accountant.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::NotSent { detail } => Text::new(
                format!(
                    "Битрикс24 недоступен, ничего не отправлено ({detail}). Проверьте интернет; программа повторит сама."
                ),
                format!("Bitrix24 was not reached, nothing was sent ({detail}). Check the network; it is tried again."),
            ),
            Self::NoAnswer { detail } => Text::new(
                format!("Битрикс24 не ответил как следует ({detail}). Программа сверится с порталом и повторит."),
                format!("Bitrix24 gave no usable answer ({detail}). The portal is looked at before trying again."),
            ),
            Self::Limited { detail, .. } => Text::new(
                format!("Битрикс24 просит подождать: слишком много запросов ({detail}). Программа повторит сама."),
                format!("Bitrix24 asks to wait: too many requests ({detail}). It is tried again."),
            ),
            Self::Unauthorised { code, detail } => Text::new(
                format!(
                    "Битрикс24 не принимает ключ: {code} ({detail}). Проверьте вебхук, его срок и права (crm, \
                     userfieldconfig) и подключите портал заново."
                ),
                format!(
                    "Bitrix24 does not accept the key: {code} ({detail}). Check the webhook, its term and its scopes \
                     (crm, userfieldconfig), then connect the portal again."
                ),
            ),
            Self::Refused { status, code, detail } => Text::new(
                format!("Битрикс24 отказал ({status} {code}): {detail}"),
                format!("Bitrix24 refused ({status} {code}): {detail}"),
            ),
            Self::ServerFailed { status, detail } => Text::new(
                format!("Ошибка на стороне Битрикс24 ({status}): {detail}. Программа сверится с порталом и повторит."),
                format!("Bitrix24 failed ({status}): {detail}. The portal is looked at before trying again."),
            ),
            Self::Moved { to } => Text::new(
                format!(
                    "Портал Битрикс24 переехал на {to}. Создайте вебхук на новом адресе и подключите портал заново."
                ),
                format!("The Bitrix24 portal moved to {to}. Make a webhook at the new address and connect again."),
            ),
        }
    }
}
