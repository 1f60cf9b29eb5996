//! Why a message waits or was set aside, in words for the accountant: what happened, and what to do.

use domain::Text;

fn attempt_of(attempt: u32, limit: u32) -> (String, String) {
    (
        format!("попытка {attempt} из {limit}"),
        format!("attempt {attempt} of {limit}"),
    )
}

pub(crate) fn transient(detail: &str, attempt: u32, limit: u32) -> Text {
    let (ru, en) = attempt_of(attempt, limit);
    Text::new(
        format!("CRM просит подождать ({ru}): {detail}. Повторим сами, делать ничего не нужно."),
        format!("The CRM asks to wait ({en}): {detail}. It is tried again by itself, nothing to do."),
    )
}

pub(crate) fn unknown(detail: &str, attempt: u32, limit: u32) -> Text {
    let (ru, en) = attempt_of(attempt, limit);
    Text::new(
        format!(
            "Ответ CRM не пришёл ({ru}): {detail}. Возможно, запись уже сделана: перед повтором мы посмотрим в CRM."
        ),
        format!(
            "No answer from the CRM ({en}): {detail}. Perhaps it is done already: the CRM is looked at before the retry."
        ),
    )
}

pub(crate) fn interrupted(attempt: u32, limit: u32) -> Text {
    Text {
        ru: unknown("программа закрылась во время отправки", attempt, limit).ru,
        en: unknown("the program ended while sending", attempt, limit).en,
    }
}

pub(crate) fn offline(detail: &str) -> Text {
    Text::new(
        format!("Нет связи с CRM: {detail}. Отправим, когда связь появится, делать ничего не нужно."),
        format!("The CRM cannot be reached: {detail}. It is sent when the network is back, nothing to do."),
    )
}

pub(crate) fn unauthorised(detail: &str) -> Text {
    Text::new(
        format!(
            "CRM не принимает ключ доступа: {detail}. Обновите подключение к CRM в настройках, и очередь пойдёт дальше."
        ),
        format!(
            "The CRM rejects the access key: {detail}. Renew the CRM connection in the settings and the queue goes on."
        ),
    )
}

pub(crate) fn refused(detail: &str) -> Text {
    Text::new(
        format!(
            "CRM отклонила сообщение: {detail}. Исправьте причину в CRM и нажмите «Повторить» или снимите сообщение."
        ),
        format!(
            "The CRM refused the message: {detail}. Correct the cause in the CRM and press Retry, or withdraw the message."
        ),
    )
}

/// After the last counted attempt; `last` says what became of it.
pub(crate) fn exhausted(last: &Text, attempts: u32) -> Text {
    Text::new(
        format!(
            "Не удалось доставить за {attempts} попыток, сообщение отложено. Последнее: {} Проверьте счёт в CRM и нажмите «Повторить».",
            last.ru
        ),
        format!(
            "Not delivered in {attempts} attempts, the message is parked. The last: {} Check the invoice in the CRM and press Retry.",
            last.en
        ),
    )
}

pub(crate) fn parked_by_person() -> Text {
    Text::new(
        "Отложено вами. Нажмите «Повторить», чтобы отправить.",
        "Parked by you. Press Retry to send it.",
    )
}
