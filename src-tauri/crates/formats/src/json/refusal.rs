//! JSON of banks that is no statement, by its shape.

use domain::Text;
use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic, Place};

/// Why a document is not read. `None`: nothing is known of it.
pub(super) fn why(document: &Value) -> Option<Diagnostic> {
    let has = |key: &str| document.get(key).is_some_and(|value| !value.is_null());
    let by_api = || {
        Text::new(
            "получите у банка выписку за период: уведомления об отдельных платежах в учёт не берутся",
            "get a statement over a period from the bank: notices of single payments are not booked",
        )
    };
    let no_statement = |what: Text, remedy: Text| {
        Some(Diagnostic::new(
            Code::JsonNotAStatement,
            Place::WHOLE_FILE,
            "",
            &[what, remedy],
        ))
    };
    if has("webhookType") || has("SidePayer") || has("SHA1Hash") || is_operation(document) {
        let what = Text::new(
            "уведомление банка об одной операции (вебхук)",
            "a bank's notice of one operation (a webhook)",
        );
        return no_statement(what, by_api());
    }
    if has("kty") || document.get("keys").is_some_and(Value::is_array) {
        let what = Text::new("открытый ключ", "a public key");
        return no_statement(what, by_api());
    }
    if has("openingBalance") && has("closingBalance") {
        let what = Text::new(
            "остатки и обороты без операций",
            "balances and turnovers without entries",
        );
        let remedy = Text::new(
            "получите у банка операции этого счёта, а не сводку",
            "get the entries of this account from the bank, not the summary",
        );
        return no_statement(what, remedy);
    }
    bank_error(document)
}

/// An operation of T-Bank by itself.
pub(super) fn is_operation(document: &Value) -> bool {
    let has = |key: &str| document.get(key).is_some_and(|value| !value.is_null());
    has("typeOfOperation") && has("operationId")
}

/// A list of operations that was taken out of the bank's answer.
pub(super) fn bare_operations() -> Diagnostic {
    let what = Text::new(
        "список операций без остального ответа банка",
        "a list of operations without the rest of the bank's answer",
    );
    let remedy = Text::new(
        "сохраните ответ банка целиком, вместе с «operations» и остатками",
        "save the whole answer of the bank, with its «operations» and its balances",
    );
    Diagnostic::new(Code::JsonNotAStatement, Place::WHOLE_FILE, "", &[what, remedy])
}

/// The words of an error, whatever bank it is of.
fn bank_error(document: &Value) -> Option<Diagnostic> {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let marks = [
        "errorCode",
        "errorId",
        "code",
        "cause",
        "Errors",
        "errors",
        "checks",
        "status",
        "error",
        "httpCode",
    ];
    let has_mark = marks.iter().any(|key| document.get(key).is_some());
    let plain = ["errorMessage", "error_description", "errorDescription"];
    let mut words = plain.iter().find_map(|key| text(document, key));
    if has_mark {
        words = words
            .or_else(|| text(document, "message"))
            .or_else(|| text(document, "error"));
    }
    let mut words = words?;
    // What exactly was wrong stands further in.
    for list in ["Errors", "errors", "checks"] {
        let of = document.get(list).and_then(Value::as_array).into_iter().flatten();
        for detail in of.filter_map(|one| text(one, "message")) {
            if !words.contains(&detail) {
                words = format!("{words}: {detail}");
            }
        }
    }
    Some(Diagnostic::new(Code::JsonBankError, Place::WHOLE_FILE, &words, &[]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_an_error_are_found() {
        for (text, words) in [
            (
                r#"{"errorId":"1","errorCode":"INVALID_DATA","errorMessage":"Неверный счёт"}"#,
                "Неверный счёт",
            ),
            (
                r#"{"code":"400","id":"1","message":"Ошибка","Errors":[{"errorCode":"x","message":"нет прав"}]}"#,
                "Ошибка: нет прав",
            ),
            (
                r#"{"cause":"FAULT","message":"Ошибка валидации","checks":[{"message":"счёт"}]}"#,
                "Ошибка валидации: счёт",
            ),
            (
                r#"{"error":"invalid_token","error_description":"Срок истёк"}"#,
                "Срок истёк",
            ),
        ] {
            let why = why(&serde_json::from_str(text).unwrap()).unwrap();
            assert_eq!((why.code, why.excerpt.as_str()), (Code::JsonBankError, words), "{text}");
        }
        for text in [r#"{"message":"привет"}"#, "[]", "5", r#"{"a":1}"#] {
            assert_eq!(why(&serde_json::from_str(text).unwrap()), None, "{text}");
        }
    }
}
