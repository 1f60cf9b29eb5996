//! The table of refusals, walked: every cause is reached by an answer that an account gives, has its state of Health and
//! its sentence in both languages, and no sentence quotes a secret.

use std::collections::BTreeSet;

use crm::{
    CallError, Earlier, Health, Part, Transport, Trouble,
    amocrm::{Account, AmocrmError, Cause, Client, InvalidAccount, TABLE, read_answer},
    bitrix24::HttpAnswer,
};
use domain::{Outcome, Text};
use serde_json::Value;

use crate::{delivery::record, fake::now};

fn of(error: CallError) -> AmocrmError {
    AmocrmError::Call {
        call: "GET account".to_owned(),
        error,
    }
}

fn answered(status: u16, body: &str) -> AmocrmError {
    let error = read_answer(&HttpAnswer {
        status,
        location: Some("https://new.amocrm.ru/api/v4/account?token=s3cr3t"),
        retry_after: None,
        body: body.as_bytes(),
    });
    of(error.unwrap_err())
}

fn keyed(code: &str) -> AmocrmError {
    of(CallError::Unauthorised {
        code: code.to_owned(),
        detail: Text::same("x"),
    })
}

/// What happens, which cause it is, which state Health shows, what of the connection it is about, and a word of the
/// remedy.
fn cases() -> Vec<(AmocrmError, Cause, Health, Part, &'static str)> {
    use Health::{Failing, Offline, Unauthorised};
    let detail = |text: &str| Text::same(text);
    vec![
        (
            of(CallError::NotSent {
                detail: detail("no route"),
            }),
            Cause::NoNetwork,
            Offline,
            Part::Address,
            "интернет",
        ),
        (
            of(CallError::NotSent {
                detail: detail("the server's certificate is not accepted: self-signed"),
            }),
            Cause::Certificate,
            Failing,
            Part::Address,
            "дат",
        ),
        (answered(200, "<html>"), Cause::Silent, Offline, Part::Address, "адрес"),
        (
            answered(200, r#"{"_embedded":{"#),
            Cause::Silent,
            Offline,
            Part::Address,
            "повторит",
        ),
        (
            answered(502, "<html>"),
            Cause::Failing,
            Failing,
            Part::Address,
            "повторит",
        ),
        (
            answered(500, r#"{"title":"x"}"#),
            Cause::Failing,
            Failing,
            Part::Address,
            "повторит",
        ),
        (
            answered(429, "<html>"),
            Cause::Busy,
            Failing,
            Part::Address,
            "подождать",
        ),
        (
            answered(401, "{}"),
            Cause::TokenRefused,
            Unauthorised,
            Part::Key,
            "токен",
        ),
        (
            answered(401, "<html>"),
            Cause::TokenRefused,
            Unauthorised,
            Part::Key,
            "токен",
        ),
        (keyed("expired"), Cause::TokenExpired, Unauthorised, Part::Key, "истёк"),
        (keyed("spent"), Cause::PairSpent, Unauthorised, Part::Key, "новый код"),
        (
            keyed("renewal"),
            Cause::RenewalLost,
            Unauthorised,
            Part::Key,
            "новый код",
        ),
        (
            answered(402, "{}"),
            Cause::Unpaid,
            Unauthorised,
            Part::Address,
            "Оплатите",
        ),
        (
            answered(403, "<html>"),
            Cause::NoRight,
            Unauthorised,
            Part::Rights,
            "администратора",
        ),
        (
            answered(302, ""),
            Cause::Moved,
            Unauthorised,
            Part::Address,
            "https://new.amocrm.ru",
        ),
        (
            answered(400, r#"{"detail":"Wrong"}"#),
            Cause::Refused,
            Failing,
            Part::Rights,
            "Wrong",
        ),
        (
            AmocrmError::Shape {
                call: "GET account".to_owned(),
                what: "currency",
            },
            Cause::NotAnAccount,
            Failing,
            Part::Address,
            "адрес",
        ),
        (
            AmocrmError::Endless {
                call: "GET leads".to_owned(),
            },
            Cause::OutOfOrder,
            Failing,
            Part::Address,
            "позже",
        ),
        (
            AmocrmError::NoAccount,
            Cause::NoAccount,
            Unauthorised,
            Part::Address,
            "браузера",
        ),
        (
            AmocrmError::NoInvoices,
            Cause::NoInvoices,
            Unauthorised,
            Part::Stages,
            "Включите",
        ),
        (
            AmocrmError::FieldNotMade {
                reason: detail("no right"),
            },
            Cause::FieldNotMade,
            Unauthorised,
            Part::Field,
            "вручную",
        ),
    ]
}

#[test]
fn every_refusal_has_its_state_and_its_sentence() {
    let mut reached = BTreeSet::new();
    for (error, cause, health, part, remedy) in cases() {
        assert_eq!(Cause::of(&error), cause, "{error}");
        reached.insert(cause);
        let trouble = Trouble::from(error);
        assert_eq!((trouble.health, trouble.part), (health, part), "{trouble}");
        assert!(trouble.says.ru.contains(remedy), "{:?}", trouble.says);
        let own = |letter: char| ('а'..='я').contains(&letter);
        let told = trouble.says.en.replace("«ID банковского платежа»", "");
        assert!(!told.is_empty() && !told.contains(own), "{told}");
        assert!(!format!("{trouble:?}").contains("s3cr3t"), "{trouble:?}");
    }
    let rows: BTreeSet<Cause> = TABLE.iter().map(|row| row.cause).collect();
    assert_eq!(rows.len(), TABLE.len(), "two rows of one cause");
    assert_eq!(reached, rows, "a row that no answer reaches, or a cause without a row");
    for row in &TABLE {
        assert_eq!(row.cause.row().ru, row.ru);
        assert!(row.ru.ends_with('.') && row.en.ends_with('.'), "{:?}", row.cause);
        let says_what_to_do = row.ru.contains(". ") || row.ru.contains("; ") || row.ru.contains(": ");
        assert!(says_what_to_do, "what to do: {}", row.ru);
    }
}

#[test]
fn a_wrong_address_has_its_sentence_before_anything_is_sent() {
    for invalid in [
        InvalidAccount::NotAnAddress,
        InvalidAccount::NotHttps,
        InvalidAccount::Stranger,
    ] {
        let text = invalid.text();
        assert!(text.ru.contains("https://фирма.amocrm.ru") && text.en.contains("https://firm.kommo.com"));
    }
}

/// An account that gives one answer to everything.
struct Closed(CallError);

impl Transport for Closed {
    async fn call(&self, _: &str, _: &Value) -> Result<Value, CallError> {
        Err(self.0.clone())
    }
}

#[test]
fn what_stops_the_queue_says_there_what_to_do_and_not_that_the_key_is_wrong() {
    for (error, cause, health, _, remedy) in cases() {
        let AmocrmError::Call { error, .. } = error else {
            continue;
        };
        if health != Health::Unauthorised {
            continue;
        }
        let account = Client::new(Closed(error), Account::new("amo"));
        match now(account.deliver(&record(true, true), &Earlier::default())) {
            Outcome::Unauthorised { detail } => assert!(detail.ru.contains(remedy), "{cause:?}: {detail:?}"),
            other => panic!("{cause:?}: {other:?}"),
        }
    }
}
