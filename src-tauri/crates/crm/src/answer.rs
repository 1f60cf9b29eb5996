//! What an HTTP answer of Bitrix24 means. Pure: a status, two headers and the bytes go in.
//!
//! Codes are compared, localised texts are never read. Codes come as text, as numbers and empty.

use domain::Text;
use serde_json::Value;

use crate::{call::CallError, php};

/// Characters of a portal's own words that are worth keeping.
const DETAIL_CHARS_MAX: usize = 300;

/// Codes that mean the connection, not the call: whoever connected the portal must act.
const CONNECTION_CODES: [&str; 21] = [
    "expired_token",
    "invalid_token",
    "NO_AUTH_FOUND",
    "INVALID_CREDENTIALS",
    "insufficient_scope",
    "ERROR_OAUTH",
    "APPLICATION_NOT_FOUND",
    "AUTHORIZATION_ERROR",
    "user_access_error",
    "allowed_only_intranet_user",
    "WRONG_AUTH_TYPE",
    "METHOD_CONFIRM_WAITING",
    "METHOD_CONFIRM_DENIED",
    "PORTAL_DELETED",
    "INVALID_REQUEST",
    "invalid_client",
    "invalid_grant",
    "invalid_scope",
    "PAYMENT_REQUIRED",
    "WRONG_CLIENT",
    // A manual block: «stop and tell the user».
    "OVERLOAD_LIMIT",
];

pub struct HttpAnswer<'a> {
    pub status: u16,
    pub location: Option<&'a str>,
    pub retry_after: Option<&'a str>,
    pub body: &'a [u8],
}

/// # Errors
/// Everything but a JSON object that holds `result`.
pub fn read(answer: &HttpAnswer<'_>) -> Result<Value, CallError> {
    let status = answer.status;
    if (300..400).contains(&status) {
        // Only scheme and host: the rest of the address is the key.
        let to = answer
            .location
            .and_then(|location| reqwest::Url::parse(location).ok())
            .map_or_else(|| "?".to_owned(), |url| url.origin().ascii_serialization());
        return Err(CallError::Moved { to });
    }
    let body: Option<Value> = serde_json::from_slice(answer.body).ok().filter(Value::is_object);
    let Some(body) = body else {
        return Err(not_json(answer));
    };
    // REST 3.0 nests its error; the rest of it is shaped alike.
    let told = body.get("error").filter(|error| !error.is_null());
    if status < 300 && told.is_none() {
        return if body.get("result").is_some() {
            Ok(body)
        } else {
            Err(CallError::NoAnswer {
                detail: Text::new("в ответе нет результата", "an answer without a result"),
            })
        };
    }
    let code = told.map(code_text).unwrap_or_default();
    let detail = body
        .get("error_description")
        .and_then(php::text)
        .map(|text| shorten(&text))
        .unwrap_or_default();
    Err(refusal(answer, code, detail, &body))
}

/// What one command of a batch was refused with. Commands have no status of their own, so the code alone decides.
pub fn command_refusal(told: &Value) -> CallError {
    let code = told.get("error").map(code_text).unwrap_or_default();
    let detail = told.get("error_description").and_then(php::text);
    let answer = HttpAnswer {
        status: 400,
        location: None,
        retry_after: None,
        body: &[],
    };
    refusal(
        &answer,
        code,
        detail.map(|text| shorten(&text)).unwrap_or_default(),
        &Value::Null,
    )
}

fn refusal(answer: &HttpAnswer<'_>, code: String, detail: String, body: &Value) -> CallError {
    let status = answer.status;
    let is = |known: &str| code.eq_ignore_ascii_case(known);
    if status == 429 || is("QUERY_LIMIT_EXCEEDED") || is("OPERATION_TIME_LIMIT") {
        return CallError::Limited {
            detail: named(&code, &detail),
            retry_after_ms: retry_after_ms(answer.retry_after).or_else(|| body.get("time").and_then(reset_in_ms)),
        };
    }
    if matches!(status, 401 | 403 | 410) || CONNECTION_CODES.iter().any(|known| is(known)) {
        let detail = Text::same(detail);
        return CallError::Unauthorised { code, detail };
    }
    if status >= 500 || is("ERROR_UNEXPECTED_ANSWER") || is("INTERNAL_SERVER_ERROR") {
        return CallError::ServerFailed {
            status,
            detail: named(&code, &detail),
        };
    }
    CallError::Refused {
        status,
        code,
        detail: Text::same(detail),
    }
}

fn not_json(answer: &HttpAnswer<'_>) -> CallError {
    let status = answer.status;
    let detail = Text::new(
        "вместо ответа пришла веб-страница или обрывок ответа",
        "a page instead of an answer, or a part of one",
    );
    match status {
        401 | 403 | 410 => CallError::Unauthorised {
            code: status.to_string(),
            detail,
        },
        429 => CallError::Limited {
            detail: Text::same(status.to_string()),
            retry_after_ms: retry_after_ms(answer.retry_after),
        },
        // A portal refuses in JSON. A page says nothing of what was asked, only that something else answered.
        400.. => CallError::ServerFailed { status, detail },
        _ => CallError::NoAnswer { detail },
    }
}

fn code_text(error: &Value) -> String {
    let code = match error {
        Value::Object(nested) => nested.get("code").and_then(php::text),
        plain => php::text(plain),
    };
    code.map(|code| shorten(&code)).unwrap_or_default()
}

fn named(code: &str, detail: &str) -> Text {
    Text::same(match (code, detail) {
        ("", detail) => detail.to_owned(),
        (code, "") => code.to_owned(),
        (code, detail) => format!("{code}: {detail}"),
    })
}

fn shorten(text: &str) -> String {
    text.chars().take(DETAIL_CHARS_MAX).collect()
}

/// `Retry-After` in whole seconds; its other form, a date, would need a clock.
fn retry_after_ms(header: Option<&str>) -> Option<u64> {
    header?.trim().parse::<u64>().ok()?.checked_mul(1000)
}

/// Milliseconds from the end of an answer to the moment its work limit is lifted, from its own `time` block: no clock
/// of ours is needed, and waiting that long is never too short.
pub fn reset_in_ms(time: &Value) -> Option<u64> {
    let reset = whole_seconds(time.get("operating_reset_at")?)?;
    let finish = whole_seconds(time.get("finish")?)?;
    reset.checked_sub(finish)?.checked_mul(1000)
}

/// The whole part of a number of seconds, which may come as an integer or with a fraction.
fn whole_seconds(value: &Value) -> Option<u64> {
    let text = php::text(value)?;
    text.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Result<Value, CallError> {
        read(&HttpAnswer {
            status,
            location: None,
            retry_after: None,
            body: body.as_bytes(),
        })
    }

    fn kind(error: &CallError) -> &'static str {
        match error {
            CallError::NotSent { .. } => "not sent",
            CallError::NoAnswer { .. } => "no answer",
            CallError::Limited { .. } => "limited",
            CallError::Unauthorised { .. } => "unauthorised",
            CallError::Refused { .. } => "refused",
            CallError::ServerFailed { .. } => "server failed",
            CallError::Moved { .. } => "moved",
        }
    }

    #[test]
    fn every_code_of_the_reference_means_what_the_queue_needs() {
        for (status, body, expected) in [
            (
                401,
                r#"{"error":"expired_token","error_description":"The access token provided has expired."}"#,
                "unauthorised",
            ),
            (401, r#"{"error":"invalid_token"}"#, "unauthorised"),
            (401, r#"{"error":"NO_AUTH_FOUND"}"#, "unauthorised"),
            (401, r#"{"error":"INVALID_CREDENTIALS"}"#, "unauthorised"),
            (403, r#"{"error":"INVALID_CREDENTIALS"}"#, "unauthorised"),
            (401, r#"{"error":"insufficient_scope"}"#, "unauthorised"),
            (403, r#"{"error":"insufficient_scope"}"#, "unauthorised"),
            (401, r#"{"error":"ERROR_OAUTH"}"#, "unauthorised"),
            (401, r#"{"error":"APPLICATION_NOT_FOUND"}"#, "unauthorised"),
            (401, r#"{"error":"AUTHORIZATION_ERROR"}"#, "unauthorised"),
            (403, r#"{"error":"user_access_error"}"#, "unauthorised"),
            (403, r#"{"error":"allowed_only_intranet_user"}"#, "unauthorised"),
            (403, r#"{"error":"WRONG_AUTH_TYPE"}"#, "unauthorised"),
            (401, r#"{"error":"METHOD_CONFIRM_WAITING"}"#, "unauthorised"),
            (403, r#"{"error":"METHOD_CONFIRM_DENIED"}"#, "unauthorised"),
            (403, r#"{"error":"ACCESS_DENIED"}"#, "unauthorised"),
            (410, r#"{"error":"PORTAL_DELETED"}"#, "unauthorised"),
            (500, r#"{"error":"PORTAL_DELETED"}"#, "unauthorised"),
            (
                400,
                r#"{"error":"INVALID_REQUEST","error_description":"Https required"}"#,
                "unauthorised",
            ),
            (200, r#"{"error":"WRONG_CLIENT"}"#, "unauthorised"),
            (503, r#"{"error":"OVERLOAD_LIMIT"}"#, "unauthorised"),
            (404, r#"{"error":"ERROR_METHOD_NOT_FOUND"}"#, "refused"),
            (503, r#"{"error":"QUERY_LIMIT_EXCEEDED"}"#, "limited"),
            (503, r#"{"error":"query_limit_exceeded"}"#, "limited"),
            (429, r#"{"error":"OPERATION_TIME_LIMIT"}"#, "limited"),
            (429, "<html>", "limited"),
            (400, r#"{"error":"NOT_FOUND"}"#, "refused"),
            (400, r#"{"error":"ACCESS_DENIED"}"#, "refused"),
            (400, r#"{"error":"INVALID_ARG_VALUE"}"#, "refused"),
            (400, r#"{"error":"","error_description":"Not found"}"#, "refused"),
            (400, r#"{"error":0}"#, "refused"),
            (400, r#"{"error":"100"}"#, "refused"),
            (400, r#"{"error":200640400001}"#, "refused"),
            (400, r#"{"error":"UPDATE_DYNAMIC_ITEM_RESTRICTED"}"#, "refused"),
            (404, "<html>", "server failed"),
            (400, "<html>", "server failed"),
            (500, r#"{"error":"ERROR_UNEXPECTED_ANSWER"}"#, "server failed"),
            (500, r#"{"error":"INTERNAL_SERVER_ERROR"}"#, "server failed"),
            (500, r#"{"error":"","error_description":""}"#, "server failed"),
            (502, "<html>Bad gateway", "server failed"),
            (503, "busy", "server failed"),
            (401, "<html>", "unauthorised"),
            (302, "", "moved"),
            (200, "<html>", "no answer"),
            (200, r#"{"result":{"items":[{"id":1"#, "no answer"),
            (200, "", "no answer"),
            (200, "[]", "no answer"),
            (200, r#"{"time":{}}"#, "no answer"),
        ] {
            let error = answer(status, body).unwrap_err();
            assert_eq!(kind(&error), expected, "{status} {body}: {error}");
        }
    }

    #[test]
    fn a_result_is_a_result_even_when_it_is_empty() {
        for body in [
            r#"{"result":[]}"#,
            r#"{"result":null}"#,
            r#"{"result":false,"error":null}"#,
        ] {
            assert!(answer(200, body).is_ok(), "{body}");
        }
    }

    #[test]
    fn codes_that_are_numbers_become_their_text() {
        for (body, expected) in [
            (r#"{"error":200640400001}"#, "200640400001"),
            (r#"{"error":"0"}"#, "0"),
            (r#"{"error":""}"#, ""),
            (
                r#"{"error":{"code":"BITRIX_REST_V3_X","message":"m"}}"#,
                "BITRIX_REST_V3_X",
            ),
        ] {
            let error = answer(400, body).unwrap_err();
            assert!(
                matches!(&error, CallError::Refused { code, .. } if code == expected),
                "{body}: {error}"
            );
        }
        assert!(answer(400, r#"{"error":"not_found"}"#).unwrap_err().is_not_found());
        assert!(!answer(400, r#"{"error":""}"#).unwrap_err().is_not_found());
    }

    #[test]
    fn the_new_address_is_told_without_the_key() {
        let error = read(&HttpAnswer {
            status: 302,
            location: Some("https://new.bitrix24.ru/rest/1/k3y/crm.item.get.json"),
            retry_after: None,
            body: b"",
        })
        .unwrap_err();
        let expected = CallError::Moved {
            to: "https://new.bitrix24.ru".to_owned(),
        };
        assert_eq!(error, expected);
    }

    #[test]
    fn how_long_to_wait_is_taken_from_the_header_or_the_time_block() {
        let limited = |retry_after, body: &str| match read(&HttpAnswer {
            status: 429,
            location: None,
            retry_after,
            body: body.as_bytes(),
        }) {
            Err(CallError::Limited { retry_after_ms, .. }) => retry_after_ms,
            other => panic!("{other:?}"),
        };
        let timed =
            r#"{"error":"OPERATION_TIME_LIMIT","time":{"finish":1778747193.53,"operating_reset_at":1778747792}}"#;
        assert_eq!(limited(Some("7"), timed), Some(7_000));
        assert_eq!(limited(None, timed), Some(599_000));
        assert_eq!(limited(Some("soon"), "{}"), None);
        assert_eq!(limited(Some("99999999999999999999"), "{}"), None);
    }

    #[test]
    fn sums_keep_their_text() {
        let body = answer(200, r#"{"result":{"opportunity":90071992547409.93}}"#).unwrap();
        assert_eq!(
            php::text(&body["result"]["opportunity"]).as_deref(),
            Some("90071992547409.93")
        );
    }
}
