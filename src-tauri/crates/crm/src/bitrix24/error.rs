//! Why a pull or a connection did not work out.

use domain::Text;

use crate::call::CallError;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CrmError {
    #[error("{method}: {error}")]
    Call { method: &'static str, error: CallError },
    /// An answer that is JSON with a result, but not the one documented.
    #[error("{method}: the answer has no {what}")]
    Shape { method: &'static str, what: &'static str },
    /// A list that does not go forward: reading it to the end would take for ever or miss rows.
    #[error("{method}: the list is out of order")]
    OutOfOrder { method: &'static str },
    #[error("the key has no right «{scope}»")]
    NoScope { scope: &'static str },
    /// The portal took the request for a custom field, and the field is not there.
    #[error("the field {field} was not made: {}", reason.en)]
    FieldNotMade { field: String, reason: Text },
}

impl CrmError {
    /// How the call under it failed, where a call did: hosts show «offline» and «wrong key» as states.
    #[must_use]
    pub fn call(&self) -> Option<&CallError> {
        match self {
            Self::Call { error, .. } => Some(error),
            _ => None,
        }
    }

    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Call { method, error } => {
                let text = error.text();
                Text::new(format!("{} [{method}]", text.ru), format!("{} [{method}]", text.en))
            }
            Self::Shape { method, what } => Text::new(
                format!(
                    "Битрикс24 ответил не так, как описано: в ответе {method} нет «{what}». Проверьте, что вебхук \
                     создан на этом портале и у него есть право crm."
                ),
                format!(
                    "Bitrix24 answered otherwise than documented: {method} holds no «{what}». Check that the webhook \
                     belongs to this portal and has the scope crm."
                ),
            ),
            Self::OutOfOrder { method } => Text::new(
                format!(
                    "Битрикс24 отдаёт список {method} не по порядку, прочитать его целиком нельзя. Повторите позже."
                ),
                format!("Bitrix24 lists {method} out of order, it cannot be read whole. Try later."),
            ),
            Self::NoScope { scope } => Text::new(
                format!("У вебхука нет права «{scope}». Откройте вебхук в Битрикс24, добавьте право и сохраните."),
                format!("The webhook lacks the scope «{scope}». Open the webhook in Bitrix24, add it and save."),
            ),
            Self::FieldNotMade { field, reason } => Text::new(
                format!(
                    "Не удалось создать в Битрикс24 поле {field} для кода платежа: {}. Дайте вебхуку право \
                     userfieldconfig (создавать поля может администратор) или создайте поле вручную: строка, \
                     множественное.",
                    reason.ru
                ),
                format!(
                    "The field {field} for the payment's code could not be made in Bitrix24: {}. Give the \
                     webhook the scope userfieldconfig (only an administrator may make fields), or make the field by \
                     hand: string, multiple.",
                    reason.en
                ),
            ),
        }
    }
}
