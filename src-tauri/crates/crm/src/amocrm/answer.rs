//! What an HTTP answer of amoCRM means. Pure: a status, two headers and the bytes go in.
//!
//! An empty list and a missing object are both 204 without a body. Errors are `application/problem+json`, or anything at
//! all where a proxy or a limiter stands before the CRM: the status decides, the words are quoted.

use domain::Text;
use serde_json::Value;

use crate::{answer::HttpAnswer, call::CallError, php};

/// Characters of the CRM's own words that are worth keeping.
const DETAIL_CHARS_MAX: usize = 300;
/// What [`CallError::is_not_found`] looks for.
const NOT_FOUND: &str = "NOT_FOUND";

/// The JSON of an answer; `Null` for 204.
///
/// # Errors
/// Everything but 204 and a JSON object with a successful status.
pub fn read(answer: &HttpAnswer<'_>) -> Result<Value, CallError> {
    let status = answer.status;
    let body: Option<Value> = serde_json::from_slice(answer.body).ok().filter(Value::is_object);
    match status {
        204 => Ok(Value::Null),
        200..300 => body.ok_or_else(|| CallError::NoAnswer { detail: no_json() }),
        300..400 => Err(CallError::Moved {
            to: answer
                .location
                .and_then(|location| reqwest::Url::parse(location).ok())
                .map_or_else(|| "?".to_owned(), |url| url.origin().ascii_serialization()),
        }),
        _ => Err(refusal(answer, body.as_ref())),
    }
}

fn refusal(answer: &HttpAnswer<'_>, body: Option<&Value>) -> CallError {
    let status = answer.status;
    let detail = body.map_or_else(no_json, |body| Text::same(words(body)));
    match status {
        401..=403 => CallError::Unauthorised {
            code: status.to_string(),
            detail: match status {
                402 => Text::new("аккаунт не оплачен", "the account is not paid for"),
                _ => detail,
            },
        },
        404 => CallError::Refused {
            status,
            code: NOT_FOUND.to_owned(),
            detail,
        },
        429 => CallError::Limited {
            detail: Text::same(status.to_string()),
            retry_after_ms: seconds(answer.retry_after),
        },
        500.. => CallError::ServerFailed { status, detail },
        _ => CallError::Refused {
            status,
            code: body.and_then(first_code).unwrap_or_default(),
            detail,
        },
    }
}

fn no_json() -> Text {
    Text::new(
        "вместо ответа пришла веб-страница или обрывок ответа",
        "a page instead of an answer, or a part of one",
    )
}

/// Every single objection: `custom_fields_values.0.field_id: The value you selected is not a valid choice.`
fn objections(body: &Value) -> Vec<&Value> {
    php::rows(&body["validation-errors"])
        .into_iter()
        .flat_map(|request| php::rows(&request["errors"]))
        .collect()
}

fn first_code(body: &Value) -> Option<String> {
    objections(body).first().and_then(|error| php::text(&error["code"]))
}

/// What is wrong in the CRM's own words: the objections where there are any, else the hint, the detail or the title.
fn words(body: &Value) -> String {
    let mut told: Vec<String> = objections(body)
        .into_iter()
        .filter_map(|error| {
            let detail = php::text(&error["detail"])?;
            Some(match php::text(&error["path"]) {
                Some(path) => format!("{path}: {detail}"),
                None => detail,
            })
        })
        .collect();
    if told.is_empty() {
        let fields = ["hint", "detail", "title"];
        told.extend(fields.iter().find_map(|field| php::text(&body[*field])));
    }
    told.join("; ").chars().take(DETAIL_CHARS_MAX).collect()
}

/// `Retry-After` in whole seconds; its other form, a date, would need a clock.
fn seconds(header: Option<&str>) -> Option<u64> {
    header?.trim().parse::<u64>().ok()?.checked_mul(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Result<Value, CallError> {
        read(&HttpAnswer {
            status,
            location: Some("https://firm.kommo.com/api/v4/leads?page=1"),
            retry_after: Some("3"),
            body: body.as_bytes(),
        })
    }

    #[test]
    fn every_status_means_what_the_queue_needs() {
        const TITLE: &str = r#"{"title":"Unauthorized","status":401,"detail":"Wrong"}"#;
        for (status, body, expected) in [
            (400, TITLE, "refused (400): : Wrong"),
            (
                400,
                r#"{"validation-errors":[{"request_id":"0","errors":[{"code":"NotSupportedChoice","path":"a.0","detail":"No choice."}]}],"detail":"x"}"#,
                "refused (400): NotSupportedChoice: a.0: No choice.",
            ),
            (401, TITLE, "unauthorised: 401: Wrong"),
            (
                401,
                r#"{"hint":"Token has been revoked","detail":"x"}"#,
                "unauthorised: 401: Token has been revoked",
            ),
            (402, "{}", "unauthorised: 402: the account is not paid for"),
            (
                403,
                "<html>",
                "unauthorised: 403: a page instead of an answer, or a part of one",
            ),
            (404, TITLE, "refused (404): NOT_FOUND: Wrong"),
            (422, TITLE, "refused (422): : Wrong"),
            (429, "<html>", "limited: 429"),
            (500, TITLE, "the portal failed (500): Wrong"),
            (
                504,
                "<html>",
                "the portal failed (504): a page instead of an answer, or a part of one",
            ),
            (301, "", "the portal moved to https://firm.kommo.com"),
            (
                200,
                "<html>",
                "no answer: a page instead of an answer, or a part of one",
            ),
            (200, "", "no answer: a page instead of an answer, or a part of one"),
            (
                200,
                r#"{"_embedded":{"leads":[{"id""#,
                "no answer: a page instead of an answer, or a part of one",
            ),
            (200, "[]", "no answer: a page instead of an answer, or a part of one"),
        ] {
            assert_eq!(
                answer(status, body).unwrap_err().to_string(),
                expected,
                "{status} {body}"
            );
        }
        assert!(answer(404, "").unwrap_err().is_not_found());
        assert!(matches!(
            answer(429, ""),
            Err(CallError::Limited {
                retry_after_ms: Some(3_000),
                ..
            })
        ));
    }

    #[test]
    fn nothing_is_an_answer_too_and_sums_keep_their_text() {
        assert_eq!(answer(204, "").unwrap(), Value::Null);
        let body = answer(200, r#"{"price":90071992547409.93}"#).unwrap();
        assert_eq!(php::text(&body["price"]).as_deref(), Some("90071992547409.93"));
    }
}
