//! Why a pull or a connection did not work out.

use domain::Text;

use crate::{
    call::CallError,
    interface::{Health, Trouble},
};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmocrmError {
    #[error("{call}: {error}")]
    Call { call: String, error: CallError },
    /// An answer that is JSON, but not the one documented.
    #[error("{call}: the answer has no {what}")]
    Shape { call: String, what: &'static str },
    /// A list that does not go forward: reading it to the end would take for ever or miss rows.
    #[error("{call}: the list does not end")]
    Endless { call: String },
    /// The address answers, and no account is behind it.
    #[error("no account at this address")]
    NoAccount,
    /// The account has no list of invoices.
    #[error("no catalog of invoices")]
    NoInvoices,
    /// The CRM took the request for a custom field, and the field is not there.
    #[error("the field was not made: {}", reason.en)]
    FieldNotMade { reason: Text },
}

impl AmocrmError {
    fn call(&self) -> Option<&CallError> {
        match self {
            Self::Call { error, .. } => Some(error),
            _ => None,
        }
    }

    /// What happened and what to do, for the accountant.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Call { call, error } => {
                let text = call_text(error);
                Text::new(format!("{} [{call}]", text.ru), format!("{} [{call}]", text.en))
            }
            Self::Shape { call, what } => Text::new(
                format!("amoCRM ответила не так, как описано: в ответе «{call}» нет «{what}». Повторите позже."),
                format!("amoCRM answered otherwise than documented: «{call}» holds no «{what}». Try later."),
            ),
            Self::Endless { call } => Text::new(
                format!("amoCRM отдаёт список «{call}» по кругу, прочитать его целиком нельзя. Повторите позже."),
                format!("amoCRM lists «{call}» in circles, it cannot be read whole. Try later."),
            ),
            Self::NoAccount => Text::new(
                "По этому адресу аккаунта amoCRM нет. Скопируйте адрес из браузера, когда открыта ваша amoCRM.",
                "There is no account at this address. Copy it from the browser where your account is open.",
            ),
            Self::NoInvoices => Text::new(
                "В amoCRM нет списка «Счета». Включите его: Списки → Счета/покупки (нужен администратор и платный \
                 тариф), и подключите снова.",
                "The account has no list of invoices. Switch it on: Lists → Invoices/purchases (by an administrator, \
                 on a paid plan), and connect again.",
            ),
            Self::FieldNotMade { reason } => Text::new(
                format!(
                    "Не удалось создать в списке счетов amoCRM поле «{FIELD_NAME}»: {}. Подключите токеном \
                     администратора или создайте поле вручную: текст.",
                    reason.ru
                ),
                format!(
                    "The field «{FIELD_NAME}» could not be made in the list of invoices: {}. Connect with an \
                     administrator's token, or make the field by hand: text.",
                    reason.en
                ),
            ),
        }
    }
}

/// The name of the field that carries payment ids.
pub(super) const FIELD_NAME: &str = "ID банковского платежа";

fn call_text(error: &CallError) -> Text {
    let fact = error.fact();
    match error {
        CallError::NotSent { .. } => Text::new(
            format!(
                "Нет связи с amoCRM: {}. Проверьте интернет; программа повторит сама.",
                fact.ru
            ),
            format!(
                "amoCRM was not reached: {}. Check the network; it is tried again.",
                fact.en
            ),
        ),
        CallError::NoAnswer { .. } | CallError::ServerFailed { .. } => Text::new(
            format!("{}. Программа сверится с amoCRM и повторит.", fact.ru),
            format!("{}. The CRM is looked at before trying again.", fact.en),
        ),
        CallError::Limited { .. } => Text::new(
            format!("{}. Программа повторит сама.", fact.ru),
            format!("{}. It is tried again.", fact.en),
        ),
        CallError::Unauthorised { code, .. } if code == "402" => Text::new(
            format!("amoCRM закрыта: {}. Оплатите аккаунт; очередь подождёт.", fact.ru),
            format!("amoCRM is closed: {}. Pay for the account; the queue waits.", fact.en),
        ),
        CallError::Unauthorised { code, .. } if code == "403" => Text::new(
            format!(
                "amoCRM не пускает: {}. Проверьте, что токен выдан администратором с доступом к спискам, и что ваш \
                 адрес не заблокирован за частые запросы.",
                fact.ru
            ),
            format!(
                "amoCRM does not let in: {}. Check that an administrator with access to lists gave the token, and that \
                 your address is not blocked for too many requests.",
                fact.en
            ),
        ),
        CallError::Unauthorised { .. } => Text::new(
            format!(
                "amoCRM не принимает токен: {}. Создайте новый долгосрочный токен и подключите amoCRM заново.",
                fact.ru
            ),
            format!(
                "amoCRM does not accept the token: {}. Make a new long-lived token and connect again.",
                fact.en
            ),
        ),
        CallError::Refused { .. } => Text::new(
            format!("amoCRM отказала: {}.", fact.ru),
            format!("amoCRM refused: {}.", fact.en),
        ),
        CallError::Moved { to } => Text::new(
            format!("Аккаунт amoCRM переехал на {to}. Подключите его по новому адресу."),
            format!("The account moved to {to}. Connect it at the new address."),
        ),
    }
}

impl From<AmocrmError> for Trouble {
    fn from(error: AmocrmError) -> Self {
        let health = match (&error, error.call()) {
            (_, Some(CallError::NotSent { .. } | CallError::NoAnswer { .. })) => Health::Offline,
            (_, Some(CallError::Unauthorised { .. } | CallError::Moved { .. }))
            | (AmocrmError::NoAccount | AmocrmError::NoInvoices | AmocrmError::FieldNotMade { .. }, _) => {
                Health::Unauthorised
            }
            _ => Health::Failing,
        };
        Self {
            health,
            says: error.text(),
        }
    }
}
