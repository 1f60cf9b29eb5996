//! Why a message waits or was set aside, in words for the accountant: what happened, and what to do.

use domain::Text;

fn attempt_of(attempt: u32, limit: u32) -> (String, String) {
    (
        format!("попытка {attempt} из {limit}"),
        format!("attempt {attempt} of {limit}"),
    )
}

pub(crate) fn transient(detail: &Text, attempt: u32, limit: u32) -> Text {
    let (ru, en) = attempt_of(attempt, limit);
    Text::new(
        format!(
            "В CRM пока не записано ({ru}): {}. Повторим сами, делать ничего не нужно.",
            detail.ru
        ),
        format!(
            "Not in the CRM yet ({en}): {}. It is tried again by itself, nothing to do.",
            detail.en
        ),
    )
}

pub(crate) fn unknown(detail: &Text, attempt: u32, limit: u32) -> Text {
    let (ru, en) = attempt_of(attempt, limit);
    Text::new(
        format!(
            "Неизвестно, записано ли в CRM ({ru}): {}. Перед повтором программа посмотрит в CRM: второй записи не будет.",
            detail.ru
        ),
        format!(
            "It is not known whether the CRM has it ({en}): {}. The CRM is looked at before the retry: nothing is \
             written twice.",
            detail.en
        ),
    )
}

pub(crate) fn interrupted(attempt: u32, limit: u32) -> Text {
    let detail = Text::new(
        "программа закрылась во время отправки",
        "the program ended while sending",
    );
    unknown(&detail, attempt, limit)
}

pub(crate) fn offline(detail: &Text) -> Text {
    Text::new(
        format!(
            "Нет связи с CRM: {}. Отправим, когда связь появится, делать ничего не нужно.",
            detail.ru
        ),
        format!(
            "The CRM is not reached: {}. It is sent when the network is back, nothing to do.",
            detail.en
        ),
    )
}

pub(crate) fn unauthorised(detail: &Text) -> Text {
    Text::new(
        format!(
            "{} Очередь подождёт: когда это исправлено, она пойдёт дальше.",
            detail.ru
        ),
        format!("{} The queue waits: it goes on when that is put right.", detail.en),
    )
}

pub(crate) fn refused(detail: &Text) -> Text {
    Text::new(
        format!(
            "CRM не приняла запись: {}. Исправьте причину в CRM и нажмите «Повторить» или отмените решение по платежу.",
            detail.ru
        ),
        format!(
            "The CRM did not take the message: {}. Correct the cause in the CRM and press Retry, or undo the decision on \
             the payment.",
            detail.en
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detail_is_quoted_in_the_language_around_it_and_ends_its_sentence() {
        let detail = Text::new("по-русски", "in English");
        for text in [
            transient(&detail, 1, 8),
            unknown(&detail, 1, 8),
            offline(&detail),
            refused(&detail),
            exhausted(&unknown(&detail, 8, 8), 8),
        ] {
            assert!(
                text.ru.contains(": по-русски. ") && !text.ru.contains("in English"),
                "{text:?}"
            );
            assert!(
                text.en.contains(": in English. ") && !text.en.contains("по-русски"),
                "{text:?}"
            );
        }
    }

    #[test]
    fn what_lets_nothing_through_stands_in_sentences_of_its_own() {
        let why = Text::new(
            "Портал закрыт. Продлите тариф.",
            "The portal is closed. Renew the plan.",
        );
        let text = unauthorised(&why);
        assert!(
            text.ru.starts_with("Портал закрыт. Продлите тариф. Очередь подождёт"),
            "{text:?}"
        );
        assert!(
            text.en
                .starts_with("The portal is closed. Renew the plan. The queue waits"),
            "{text:?}"
        );
    }
}
