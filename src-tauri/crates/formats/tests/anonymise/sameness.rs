//! What must not change when a file loses its names, and what must not stay.

use std::{fs, io::Cursor, path::Path};

use domain::Counterparty;
use encoding_rs::{Encoding, IBM866, KOI8_R, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1252};
use formats::{
    Collected, Options,
    anonymise::{CannotAnonymise, anonymise},
    read_all,
};
use serde_json::{Value, json};

use crate::SEED;

/// What is different, in words, or that nothing was to be treated.
pub(crate) enum Verdict {
    Same,
    /// The file is empty or no text.
    Refused,
    Differs(Vec<String>),
}

pub(crate) fn read(bytes: &[u8]) -> Collected {
    read_all(Cursor::new(bytes), &Options::default()).unwrap()
}

fn length(text: Option<&str>) -> Option<usize> {
    text.map(|it| it.chars().count())
}

/// A reference may be somebody's account, or hold a name: its shape stays, and a short number all of it.
fn outline(text: Option<&str>) -> Option<String> {
    const PLAIN_CHARS_MAX: usize = 10;
    let letter = |letter: char| match letter {
        '0'..='9' => '9',
        letter if letter.is_uppercase() => 'A',
        letter if letter.is_alphabetic() => 'a',
        other => other,
    };
    text.map(|text| {
        if text.chars().count() > PLAIN_CHARS_MAX || text.contains(char::is_whitespace) {
            text.chars().map(letter).collect()
        } else {
            text.to_owned()
        }
    })
}

fn shape(party: &Counterparty) -> Value {
    json!([
        length(party.name.as_deref()),
        length(party.inn.as_deref()),
        length(party.kpp.as_deref()),
        length(party.account.as_deref()),
        party.bank,
        length(party.bank_name.as_deref()),
    ])
}

/// What must not change.
fn frame(collected: &Collected) -> Value {
    let statements = collected.statements.iter().map(|read| {
        let of = &read.statement;
        let entries = read.entries.iter().map(|entry| {
            let details = entry.details.iter().map(|detail| {
                let party = shape(&detail.counterparty);
                json!([
                    detail.amount,
                    party,
                    detail.purpose.chars().count(),
                    outline(detail.end_to_end_id.as_deref())
                ])
            });
            json!([
                [entry.direction],
                [entry.status],
                entry.reversal,
                entry.amount,
                entry.booked,
                entry.value,
                entry.kind,
                outline(entry.number.as_deref()),
                entry.document_date,
                outline(entry.bank_reference.as_deref()),
                outline(entry.end_to_end_id.as_deref()),
                entry.line,
                entry
                    .raw
                    .iter()
                    .map(|(key, value)| json!([key, value.chars().count()]))
                    .collect::<Vec<_>>(),
                details.collect::<Vec<_>>(),
                shape(&entry.counterparty),
                entry.purpose.chars().count(),
            ])
        });
        json!({
            "content": of.content, "provisional": of.provisional, "period": of.period, "opening": of.opening,
            "closing": of.closing, "credits": of.credits, "debits": of.debits, "days": of.days, "proof": read.proof,
            "proofs": read.days,
            "account": of.account.as_ref().map(|it| json!([it.currency, it.bank, it.number.chars().count()])),
            "entries": entries.collect::<Vec<_>>(),
        })
    });
    let diagnostics = collected
        .diagnostics
        .iter()
        .map(|it| json!([it.severity, it.code, it.line, it.column]));
    json!({
        "format": collected.format, "encoding": collected.encoding, "content": collected.content,
        "statements": statements.collect::<Vec<_>>(), "diagnostics": diagnostics.collect::<Vec<_>>(),
    })
}

/// Where two frames part, and what each has there.
fn differences(path: &str, before: &Value, after: &Value, found: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(of), Value::Object(others)) if of.len() == others.len() => {
            for (key, value) in of {
                differences(&format!("{path}.{key}"), value, &others[key], found);
            }
        }
        (Value::Array(of), Value::Array(others)) if of.len() == others.len() => {
            for (at, (value, other)) in of.iter().zip(others).enumerate() {
                differences(&format!("{path}.{at}"), value, other, found);
            }
        }
        _ if before == after => {}
        _ => found.push(format!("{path}: {before} became {after}")),
    }
}

/// Names, tax numbers and accounts, as the reader and the file's own keys know them.
fn secrets(collected: &Collected) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |party: &Counterparty| {
        let named = [&party.inn, &party.account].map(Option::as_deref);
        found.extend(
            named
                .into_iter()
                .chain([party.name.as_deref()])
                .flatten()
                .map(str::to_owned),
        );
    };
    for entry in collected.statements.iter().flat_map(|read| &read.entries) {
        add(&entry.counterparty);
        entry.details.iter().for_each(|detail| add(&detail.counterparty));
    }
    for read in &collected.statements {
        found.extend(read.statement.account.as_ref().map(|account| account.number.clone()));
        for (key, value) in read.entries.iter().flat_map(|entry| entry.raw.iter()) {
            let named = matches!(key, "Плательщик" | "Плательщик1" | "Получатель" | "Получатель1");
            let numbered = ["ИНН", "Счет", "Корсчет"].iter().any(|end| key.ends_with(end));
            let own = ["/IBAN", "/EmailAdr", "/PhneNb", "/TaxId"]
                .iter()
                .any(|end| key.ends_with(end));
            let of_party = ["/Dbtr/Nm", "/Cdtr/Nm", "Pty/Nm", "/AdrLine"]
                .iter()
                .any(|end| key.ends_with(end))
                && !["FinInstnId", "Svcr"].iter().any(|bank| key.contains(bank));
            let of_json = !key.contains("ank")
                && ["ayer", "ayee", "eceiver", "arty"]
                    .iter()
                    .any(|side| key.contains(side))
                && ["name", "inn", "account", "Name", "Inn", "Account"]
                    .iter()
                    .any(|end| key.ends_with(end));
            if named || numbered || own || of_party || of_json {
                found.push(value.trim().to_owned());
            }
        }
    }
    // A word or two of no name («АО», «0») says nothing, a short number is found in any other, what a document declares
    // is nobody's, and «Transfer» is a word of business, which purposes keep.
    found.retain(|text| {
        let signs = text.chars().filter(|it| it.is_alphanumeric() && *it != '0').count();
        let number = text.bytes().all(|it| it.is_ascii_digit());
        signs > if number { 5 } else { 4 } && !text.starts_with('&') && text != "Transfer"
    });
    found
}

/// A number of few digits counts where it stands alone: as a part of longer ones it is found by chance.
fn holds(text: &str, secret: &str) -> bool {
    const ALONE_DIGITS_MAX: usize = 9;
    let alone = secret.len() <= ALONE_DIGITS_MAX && secret.bytes().all(|byte| byte.is_ascii_digit());
    let mut found = text.match_indices(secret);
    found.any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + secret.len()..].chars().next();
        !alone || ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    })
}

/// The bytes in every encoding they may be meant in.
fn readings(bytes: &[u8]) -> Vec<String> {
    let decode = |encoding: &'static Encoding| encoding.decode_without_bom_handling(bytes).0.into_owned();
    [WINDOWS_1251, WINDOWS_1252, IBM866, KOI8_R, UTF_16LE, UTF_16BE, UTF_8]
        .map(decode)
        .to_vec()
}

pub(crate) fn check(path: &Path) -> Verdict {
    let bytes = fs::read(path).unwrap();
    let sample = match anonymise(&bytes, SEED) {
        Ok(sample) => sample,
        Err(CannotAnonymise::Empty | CannotAnonymise::NotAText(_)) => return Verdict::Refused,
        Err(CannotAnonymise::TooLarge) => return Verdict::Differs(vec!["it is too large".to_owned()]),
    };
    let (before, after) = (read(&bytes), read(&sample.bytes));
    let mut found = Vec::new();
    differences("", &frame(&before), &frame(&after), &mut found);
    let mut texts = readings(&sample.bytes);
    // What stands in the file in another spelling is seen as the reader understands it.
    texts.push(format!("{:?}", after.statements));
    let kept = secrets(&before)
        .into_iter()
        .filter(|secret| texts.iter().any(|text| holds(text, secret)));
    found.extend(kept.map(|secret| format!("«{secret}» is still there")));
    let newlines = |bytes: &[u8]| bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
    if newlines(&bytes) != newlines(&sample.bytes) {
        found.push("it has other lines".to_owned());
    }
    // The same seed gives the same sample, another one another.
    let again = |seed| anonymise(&bytes, seed).map(|sample| sample.bytes);
    if again(SEED).as_ref() != Ok(&sample.bytes) {
        found.push("the same seed gives another sample".to_owned());
    }
    if !sample.replaced.is_empty() && again(SEED + 1).as_ref() == Ok(&sample.bytes) {
        found.push("another seed gives the same sample".to_owned());
    }
    if found.is_empty() {
        Verdict::Same
    } else {
        Verdict::Differs(found)
    }
}
