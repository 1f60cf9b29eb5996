//! The table of refusals, walked: every cause is reached by an answer a portal gives, has its state of Health and its
//! sentence in both languages, and no sentence quotes a secret.

use std::collections::BTreeSet;

use crm::{
    CallError, Health, InvalidWebhook, Part, Trouble,
    bitrix24::{Cause, CrmError, HttpAnswer, TABLE, read_answer},
};
use domain::Text;

fn answered(status: u16, body: &str) -> CrmError {
    let error = read_answer(&HttpAnswer {
        status,
        location: Some("https://new.bitrix24.ru/rest/1/s3cr3t/profile.json"),
        retry_after: None,
        body: body.as_bytes(),
    })
    .unwrap_err();
    of(error)
}

fn of(error: CallError) -> CrmError {
    CrmError::Call {
        method: "profile",
        error,
    }
}

fn told(status: u16, code: &str) -> CrmError {
    answered(status, &format!(r#"{{"error":"{code}","error_description":"x"}}"#))
}

/// What happens, which cause it is, which state Health shows, and a word of the remedy.
fn cases() -> Vec<(CrmError, Cause, Health, &'static str)> {
    use Health::{Failing, Offline, Unauthorised};
    let detail = |text: &str| Text::same(text);
    vec![
        (
            of(CallError::NotSent {
                detail: detail("no route"),
            }),
            Cause::NoNetwork,
            Offline,
            "интернет",
        ),
        (
            of(CallError::NotSent {
                detail: detail("the server's certificate is not accepted: self-signed"),
            }),
            Cause::Certificate,
            Failing,
            "дат",
        ),
        (
            of(CallError::NoAnswer { detail: detail("cut") }),
            Cause::Silent,
            Offline,
            "повторит",
        ),
        (answered(200, "<html>"), Cause::Silent, Offline, "повторит"),
        (
            answered(200, r#"{"result":{"items":[{"#),
            Cause::Silent,
            Offline,
            "повторит",
        ),
        (answered(502, "<html>"), Cause::Failing, Failing, "повторит"),
        (told(500, "INTERNAL_SERVER_ERROR"), Cause::Failing, Failing, "повторит"),
        (told(503, "QUERY_LIMIT_EXCEEDED"), Cause::Busy, Failing, "подождать"),
        (told(429, "OPERATION_TIME_LIMIT"), Cause::Busy, Failing, "подождать"),
        (told(503, "OVERLOAD_LIMIT"), Cause::Blocked, Unauthorised, "поддержку"),
        (
            told(401, "INVALID_CREDENTIALS"),
            Cause::KeyUnknown,
            Unauthorised,
            "вебхук",
        ),
        (
            told(403, "INVALID_CREDENTIALS"),
            Cause::KeyUnknown,
            Unauthorised,
            "вебхук",
        ),
        (told(401, "NO_AUTH_FOUND"), Cause::KeyUnknown, Unauthorised, "вебхук"),
        (told(401, "invalid_token"), Cause::KeyUnknown, Unauthorised, "вебхук"),
        (answered(401, "<html>"), Cause::KeyUnknown, Unauthorised, "вебхук"),
        (told(401, "SOMETHING_NEW"), Cause::KeyUnknown, Unauthorised, "вебхук"),
        (told(401, "expired_token"), Cause::KeyExpired, Unauthorised, "Продлите"),
        (told(400, "invalid_grant"), Cause::PairSpent, Unauthorised, "ещё раз"),
        (
            told(401, "APPLICATION_NOT_FOUND"),
            Cause::AppRemoved,
            Unauthorised,
            "приложени",
        ),
        (told(401, "ERROR_OAUTH"), Cause::AppRemoved, Unauthorised, "приложени"),
        (told(200, "WRONG_CLIENT"), Cause::AppRemoved, Unauthorised, "секрет"),
        (
            told(401, "insufficient_scope"),
            Cause::Scope,
            Unauthorised,
            "userfieldconfig",
        ),
        (
            told(403, "insufficient_scope"),
            Cause::Scope,
            Unauthorised,
            "userfieldconfig",
        ),
        (CrmError::NoScope { scope: "crm" }, Cause::Scope, Unauthorised, "«crm»"),
        (told(403, "user_access_error"), Cause::User, Unauthorised, "другого"),
        (
            told(403, "allowed_only_intranet_user"),
            Cause::User,
            Unauthorised,
            "другого",
        ),
        (told(403, "ACCESS_DENIED"), Cause::Plan, Unauthorised, "тариф"),
        (told(401, "PAYMENT_REQUIRED"), Cause::Plan, Unauthorised, "тариф"),
        (answered(403, "<html>"), Cause::Barred, Unauthorised, "прокси"),
        (
            told(401, "METHOD_CONFIRM_WAITING"),
            Cause::Confirmation,
            Unauthorised,
            "дминистратор",
        ),
        (
            told(403, "WRONG_AUTH_TYPE"),
            Cause::WrongKindOfKey,
            Unauthorised,
            "приложением",
        ),
        (
            told(400, "INVALID_REQUEST"),
            Cause::HttpsWanted,
            Unauthorised,
            "https://",
        ),
        (told(410, "PORTAL_DELETED"), Cause::PortalClosed, Unauthorised, "закрыт"),
        (told(500, "PORTAL_DELETED"), Cause::PortalClosed, Unauthorised, "закрыт"),
        (answered(410, "<html>"), Cause::PortalClosed, Unauthorised, "закрыт"),
        (
            answered(302, ""),
            Cause::PortalMoved,
            Unauthorised,
            "https://new.bitrix24.ru",
        ),
        (
            told(404, "ERROR_METHOD_NOT_FOUND"),
            Cause::NoSuchMethod,
            Failing,
            "включите",
        ),
        (told(400, "ACCESS_DENIED"), Cause::Forbidden, Failing, "доступ"),
        (
            told(400, "INVALID_ARG_VALUE"),
            Cause::Refused,
            Failing,
            "INVALID_ARG_VALUE",
        ),
        (told(400, ""), Cause::Refused, Failing, "400"),
        (answered(404, "<html>"), Cause::NotAPortal, Failing, "адрес"),
        (
            CrmError::Shape {
                method: "profile",
                what: "items",
            },
            Cause::NotAPortal,
            Failing,
            "адрес",
        ),
        (
            CrmError::OutOfOrder {
                method: "crm.item.list",
            },
            Cause::OutOfOrder,
            Failing,
            "позже",
        ),
        (
            CrmError::FieldNotMade {
                field: "UF_CRM_X".to_owned(),
                reason: detail("no right"),
            },
            Cause::FieldNotMade,
            Failing,
            "UF_CRM_X",
        ),
    ]
}

#[test]
fn every_refusal_has_its_state_and_its_sentence() {
    let mut reached = BTreeSet::new();
    for (error, cause, health, remedy) in cases() {
        assert_eq!(Cause::of(&error), cause, "{error}");
        reached.insert(cause);
        let trouble = Trouble::from(error);
        assert_eq!((trouble.health, trouble.part), (health, cause.part()), "{trouble}");
        assert!(trouble.says.ru.contains(remedy), "{:?}", trouble.says);
        assert!(!trouble.says.en.is_empty() && trouble.says.en.is_ascii() || trouble.says.en.contains('«'));
        assert!(!format!("{trouble:?}").contains("s3cr3t"), "{trouble:?}");
    }
    let rows: BTreeSet<Cause> = TABLE.iter().map(|row| row.cause).collect();
    assert_eq!(rows.len(), TABLE.len(), "two rows of one cause");
    assert_eq!(reached, rows, "a row that no answer reaches, or a cause without a row");
    // A key that was deleted is no matter of the address, nor a missing scope one of the key.
    for (cause, part) in [
        (Cause::NoNetwork, Part::Address),
        (Cause::PortalClosed, Part::Address),
        (Cause::KeyExpired, Part::Key),
        (Cause::Scope, Part::Rights),
        (Cause::FieldNotMade, Part::Field),
    ] {
        assert_eq!(cause.part(), part);
    }
    for row in &TABLE {
        assert_eq!(row.cause.row().ru, row.ru);
        assert!(row.ru.ends_with('.') && row.en.ends_with('.'), "{:?}", row.cause);
        assert!(
            row.ru.contains(". ") || row.ru.contains("; ") || row.ru.contains(": "),
            "what to do: {}",
            row.ru
        );
    }
}

#[test]
fn a_code_belongs_to_one_row() {
    let mut seen = BTreeSet::new();
    for code in TABLE.iter().flat_map(|row| row.codes) {
        // OAuth writes small what the portal writes large.
        let fresh = seen.insert(code.to_lowercase());
        assert!(fresh || *code == "invalid_request", "{code}");
    }
}

#[test]
fn a_wrong_address_has_its_sentence_before_anything_is_sent() {
    for invalid in [
        InvalidWebhook::NotAnAddress,
        InvalidWebhook::NotHttps,
        InvalidWebhook::Stranger,
        InvalidWebhook::Rest3,
        InvalidWebhook::Path,
    ] {
        let text = invalid.text();
        assert!(text.ru.contains("https://портал/rest/1/код/") && text.en.contains("https://portal/rest/1/code/"));
    }
}
