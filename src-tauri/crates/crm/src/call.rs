//! One call to the CRM, and how far it got: the difference between «not sent» and «no answer» decides whether a write
//! may have happened.

use std::future::Future;

use domain::{Text, Timestamp};
use serde_json::Value;

/// Carries one call. The real one is HTTP; tests bring a portal in memory; hosts wrap either for pacing and journals.
pub trait Transport: Sync {
    /// `Ok` is the whole decoded JSON body of an answer: of Bitrix24 one that holds `result`, of amoCRM an object, or
    /// `null` where there is none.
    fn call(&self, method: &str, params: &Value) -> impl Future<Output = Result<Value, CallError>> + Send;

    /// Whether [`Transport::call`] may answer a look out of a request that it shares with others.
    fn shares(&self) -> bool {
        false
    }

    /// As [`Transport::call`], in a request of its own.
    fn call_alone(&self, method: &str, params: &Value) -> impl Future<Output = Result<Value, CallError>> + Send {
        self.call(method, params)
    }

    /// Waits before a read is repeated. Transports without a clock repeat at once.
    fn pause(&self, _ms: u64) -> impl Future<Output = ()> + Send {
        async {}
    }

    /// The CRM's clock at its last answer, where the transport hears it.
    fn server_time(&self) -> Option<Timestamp> {
        None
    }
}

/// Why a call brought no answer. Details never hold the webhook's secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The portal was not reached: nothing was sent.
    #[error("not sent: {}", detail.en)]
    NotSent { detail: Text },
    /// It was sent and no usable answer came: perhaps done, perhaps not.
    #[error("no answer: {}", detail.en)]
    NoAnswer { detail: Text },
    /// The portal asks to come later; it has done nothing.
    #[error("limited: {}", detail.en)]
    Limited { detail: Text, retry_after_ms: Option<u64> },
    /// The key is wrong, expired, lacks a right, or the portal is closed to it: a person must act.
    #[error("unauthorised: {code}: {}", detail.en)]
    Unauthorised { code: String, detail: Text },
    /// The portal refuses this very call.
    #[error("refused ({status}): {code}: {}", detail.en)]
    Refused { status: u16, code: String, detail: Text },
    /// The portal failed: a write perhaps done, perhaps not.
    #[error("the portal failed ({status}): {}", detail.en)]
    ServerFailed { status: u16, detail: Text },
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

    /// What happened and nothing more, as the end of a sentence: «the CRM does not accept the key: …».
    #[must_use]
    pub fn fact(&self) -> Text {
        match self {
            Self::NotSent { detail } => in_brackets("сервер недоступен", "no connection to the server", detail),
            Self::NoAnswer { detail } => {
                in_brackets("CRM не ответила как следует", "the CRM gave no usable answer", detail)
            }
            Self::Limited { detail, .. } => in_brackets(
                "CRM просит подождать, слишком много запросов",
                "the CRM asks to wait, too many requests",
                detail,
            ),
            Self::Unauthorised { code, detail } => quotation(code, detail),
            Self::Refused { status, code, detail } => quotation(format!("{status} {code}").trim(), detail),
            Self::ServerFailed { status, detail } => {
                let told = Text::new(format!("{status}: {}", detail.ru), format!("{status}: {}", detail.en));
                in_brackets("CRM ответила ошибкой на своей стороне", "the CRM itself failed", &told)
            }
            Self::Moved { to } => Text::new(format!("портал переехал на {to}"), format!("the portal moved to {to}")),
        }
    }

    /// What happened and what to do, for the accountant.
    #[must_use]
    pub fn text(&self) -> Text {
        let fact = self.fact();
        match self {
            Self::NotSent { .. } => Text::new(
                format!(
                    "Нет связи с Битрикс24: {}. Проверьте интернет; программа повторит сама.",
                    fact.ru
                ),
                format!(
                    "Bitrix24 was not reached: {}. Check the network; it is tried again.",
                    fact.en
                ),
            ),
            Self::NoAnswer { .. } | Self::ServerFailed { .. } => Text::new(
                format!("{}. Программа сверится с порталом и повторит.", fact.ru),
                format!("{}. The portal is looked at before trying again.", fact.en),
            ),
            Self::Limited { .. } => Text::new(
                format!("{}. Программа повторит сама.", fact.ru),
                format!("{}. It is tried again.", fact.en),
            ),
            Self::Unauthorised { .. } => Text::new(
                format!(
                    "Битрикс24 не принимает ключ: {}. Проверьте вебхук, его срок и права (crm, userfieldconfig) и \
                     подключите портал заново.",
                    fact.ru
                ),
                format!(
                    "Bitrix24 does not accept the key: {}. Check the webhook, its term and its scopes (crm, \
                     userfieldconfig), then connect the portal again.",
                    fact.en
                ),
            ),
            Self::Refused { .. } => Text::new(
                format!("Битрикс24 отказал: {}.", fact.ru),
                format!("Bitrix24 refused: {}.", fact.en),
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

fn in_brackets(ru: &str, en: &str, detail: &Text) -> Text {
    let with = |words: &str, detail: &str| match detail {
        "" => words.to_owned(),
        detail => format!("{words} ({detail})"),
    };
    Text::new(with(ru, &detail.ru), with(en, &detail.en))
}

/// The portal's own words with its code behind them; whoever quotes them ends the sentence.
fn quotation(code: &str, detail: &Text) -> Text {
    let quote = |detail: &str, unexplained: &str| match (detail.trim_end_matches(['.', ' ']), code) {
        ("", "") => unexplained.to_owned(),
        ("", code) => code.to_owned(),
        (words, "") => words.to_owned(),
        (words, code) => format!("{words} ({code})"),
    };
    Text::new(
        quote(&detail.ru, "причина не названа"),
        quote(&detail.en, "no reason is given"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_the_end_of_a_sentence_without_its_beginning_or_a_remedy() {
        let unauthorised = |code: &str, detail: &str| CallError::Unauthorised {
            code: code.to_owned(),
            detail: Text::same(detail),
        };
        for (error, ru, en) in [
            (
                unauthorised("expired_token", "The access token provided has expired."),
                "The access token provided has expired (expired_token)",
                "The access token provided has expired (expired_token)",
            ),
            (unauthorised("NO_AUTH_FOUND", ""), "NO_AUTH_FOUND", "NO_AUTH_FOUND"),
            (unauthorised("", "Нет прав."), "Нет прав", "Нет прав"),
            (unauthorised("", ""), "причина не названа", "no reason is given"),
            (
                CallError::Refused {
                    status: 400,
                    code: String::new(),
                    detail: Text::same("Not found"),
                },
                "Not found (400)",
                "Not found (400)",
            ),
            (
                CallError::ServerFailed {
                    status: 502,
                    detail: Text::new("веб-страница", "a page"),
                },
                "CRM ответила ошибкой на своей стороне (502: веб-страница)",
                "the CRM itself failed (502: a page)",
            ),
            (
                CallError::NotSent { detail: Text::same("") },
                "сервер недоступен",
                "no connection to the server",
            ),
        ] {
            assert_eq!(error.fact(), Text::new(ru, en), "{error}");
            let text = error.text();
            assert!(text.ru.contains(ru) && text.en.contains(en), "{text:?}");
        }
    }
}
