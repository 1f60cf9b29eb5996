//! What a column «Статус» says of a row: whether the money has moved. A row that was refused is no money, and one in
//! progress is none yet.

use domain::EntryStatus;

use super::words::normalised;

/// Beginnings of words, in the spelling of headers; what is denied stands before what is affirmed.
const STATUSES: &[(EntryStatus, &[&str])] = &[
    (
        EntryStatus::Info,
        &[
            "не исполн",
            "не провед",
            "не выполн",
            "неисполн",
            "непровед",
            "неуспеш",
            "не успеш",
            "отклон",
            "отказ",
            "отмен",
            "отозван",
            "аннулир",
            "ошибк",
            "сторнир",
            "возвращен",
            "declin",
            "fail",
            "reject",
            "cancel",
            "revert",
            "refus",
            "error",
            "void",
        ],
    ),
    (
        EntryStatus::Pending,
        &[
            "в обработ",
            "обрабатыв",
            "в процесс",
            "на исполн",
            "исполняет",
            "ожид",
            "холд",
            "hold",
            "авториз",
            "authori",
            "pending",
            "process",
            "in progress",
            "waiting",
            "чернов",
            "draft",
            "создан",
            "нов",
            "new",
            "отправлен",
            "доставлен",
            "принят",
            "на подпис",
            "подписан",
            "картотек",
        ],
    ),
    (
        EntryStatus::Booked,
        &[
            "исполн",
            "провед",
            "выполн",
            "обработан",
            "заверш",
            "успеш",
            "зачисл",
            "списан",
            "оплачен",
            "подтвержд",
            "complet",
            "booked",
            "posted",
            "ok",
            "ок",
            "success",
            "executed",
            "done",
            "settled",
            "paid",
            "cleared",
            "confirmed",
        ],
    ),
];

/// `None`: a word that is not known. A blank cell and a bare code (the payer's status of form 0401060 is one) say nothing,
/// and the row is booked.
pub(super) fn of(cell: &str) -> Option<EntryStatus> {
    let said = normalised(cell);
    if !said.chars().any(char::is_alphabetic) {
        return Some(EntryStatus::Booked);
    }
    let begins = |stems: &[&str]| stems.iter().any(|stem| said.starts_with(stem));
    STATUSES
        .iter()
        .find(|(_, stems)| begins(stems))
        .map(|(status, _)| *status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn banks_say_it_in_many_words() {
        for (status, words) in [
            (
                EntryStatus::Booked,
                &["Исполнено", "Проведён", "COMPLETED", "OK", "", "01", "Успешно"][..],
            ),
            (
                EntryStatus::Pending,
                &["В обработке", "На исполнении", "Pending", "HOLD", "Ожидает подписи"],
            ),
            (
                EntryStatus::Info,
                &[
                    "Отклонено",
                    "Отказ банка",
                    "Не исполнен",
                    "DECLINED",
                    "FAILED",
                    "Отменена",
                    "REVERTED",
                ],
            ),
        ] {
            for word in words {
                assert_eq!(of(word), Some(status), "{word}");
            }
        }
        assert_eq!(of("Архив"), None);
    }
}
