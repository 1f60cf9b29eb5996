//! `sverka read` on files that cannot be used, and on readers that go away.

use std::{
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::Stdio,
};

use serde_json::json;

use crate::harness::{Ran, command, fixture, sverka, words};

fn read(how: &str, name: &str) -> Ran {
    sverka(words(how, &[fixture("onec/err").join(name)]))
}

#[test]
fn a_file_with_no_statement_is_one_line_without_an_account() {
    for name in ["header_only.txt", "empty.txt", "pdf.txt", "plain_text.txt"] {
        let ran = read("read --json --lang en", name);
        let line = ran.line();
        assert!(line["account"].is_null() && line["entries"] == json!([]), "{line}");
        let diagnostics = line["diagnostics"].as_array().unwrap();
        assert!(diagnostics.iter().any(|one| one["severity"] == "error"), "{line}");
        ran.failure();
    }
}

#[test]
fn an_unreadable_amount_costs_one_document_and_is_said_with_its_place() {
    let ran = read("read --json --lang en", "letter_in_amount.txt");
    let line = ran.line();
    assert_eq!(line["entries"].as_array().unwrap().len(), 1);
    let diagnostics = line["diagnostics"].as_array().unwrap();
    let error = diagnostics.iter().find(|one| one["severity"] == "error").unwrap();
    assert_eq!(
        *error,
        json!({
            "severity": "error", "code": "onec/amount", "line": 23, "column": 7, "excerpt": "12O0.00",
            "message": "«12O0.00» is not an amount; the document was not taken",
            "remedy": "ask the bank for the file again, or correct the amount (digits, and two more after a point)",
        })
    );
    let failure = ran.failure();
    assert_eq!(failure["code"], "onec/amount");
    assert!(
        failure["message"]["ru"]
            .as_str()
            .unwrap()
            .starts_with("letter_in_amount.txt:23:7: ")
    );
    // The same in Russian, in the line as well.
    let line = read("read --json --lang ru", "letter_in_amount.txt").line();
    assert!(line["diagnostics"].to_string().contains("не сумма"), "{line}");
}

#[test]
fn people_are_told_on_standard_error_in_their_language() {
    let told = read("read --lang en", "letter_in_amount.txt");
    assert_eq!(told.code, Some(1));
    assert!(
        told.err
            .contains("letter_in_amount.txt:23:7: error[onec/amount]: «12O0.00» is not an amount"),
        "{told:?}"
    );
    assert!(told.err.contains(" / remedy: "), "{told:?}");
    let told = read("read --lang ru", "letter_in_amount.txt");
    assert!(
        told.err.contains("letter_in_amount.txt:23:7: ошибка[onec/amount]: "),
        "{told:?}"
    );
    assert!(told.err.contains(" / что делать: "), "{told:?}");
}

#[test]
fn more_errors_than_one_are_counted() {
    let failure = read("read --json", "amounts_that_are_not.txt").failure();
    let errors = read("read --summary --json", "amounts_that_are_not.txt").line()["errors"]
        .as_u64()
        .unwrap();
    assert!(errors > 1);
    let more = format!("(and {} more errors)", errors - 1);
    assert!(failure["message"]["en"].as_str().unwrap().ends_with(&more), "{failure}");
}

#[test]
fn events_and_summaries_end_with_the_same_verdict() {
    for how in ["read --events", "read --summary", "read --summary --json"] {
        let ran = read(how, "letter_in_amount.txt");
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.err.contains("onec/amount"), "{ran:?}");
    }
    let lines = read("read --events", "letter_in_amount.txt").lines();
    assert!(
        lines
            .iter()
            .any(|line| line["event"] == "diagnostic" && line["code"] == "onec/amount")
    );
}

#[test]
fn a_file_that_is_not_there_does_not_stop_the_others() {
    let here = fixture("onec/ok/no_movements.txt");
    let folder = tempfile::tempdir().unwrap();
    let files = [
        here.clone(),
        folder.path().join("none.txt"),
        folder.path().to_owned(),
        here,
    ];
    let ran = sverka(words("read --json --lang en", &files));
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.lines().len(), 2, "{ran:?}");
    let codes: Vec<serde_json::Value> = ran
        .err
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["failure"]["code"].clone())
        .collect();
    assert_eq!(codes, ["file/not-found", "file/is-a-folder"]);
    let said = sverka(words("read --lang ru", &files[1..3]));
    assert!(said.err.contains("none.txt»: такого файла или папки нет"), "{said:?}");
    assert!(said.err.contains("папка, а нужен файл"), "{said:?}");
}

#[test]
fn a_format_that_is_named_is_taken_at_its_word() {
    let file = [fixture("onec/ok/no_movements.txt")];
    let forced = sverka(words("read --json --format onec", &file)).done();
    assert_eq!(forced.line()["format"], "onec");
    let other = sverka(words("read --json --format mt940", &file));
    assert_eq!(other.line()["format"], "mt940");
    other.failure();
    let unknown = sverka(words("read --json --format word", &file));
    assert_eq!(unknown.code, Some(2));
    assert!(
        unknown.err.contains("onec, mt940, mt942, camt, json, csv, xlsx"),
        "{unknown:?}"
    );
}

/// `sverka read --events FILE | head -1`
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let file = many_documents(folder.path().join("large.txt"));
    for how in ["read --events", "read", "read --json"] {
        let mut child = command()
            .args(words(how, std::slice::from_ref(&file)))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut reader = BufReader::with_capacity(16, child.stdout.take().unwrap());
        let mut first = Vec::new();
        reader.by_ref().take(10).read_until(b'\n', &mut first).unwrap();
        drop(reader);
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(0), "{how}");
        assert_eq!(String::from_utf8_lossy(&ended.stderr), "", "{how}");
    }
}

/// Far more than a pipe holds.
fn many_documents(path: PathBuf) -> PathBuf {
    let document = "СекцияДокумент=Платежное поручение\nНомер=1\nДата=02.07.2024\nСумма=1\n\
        ПлательщикСчет=40702810900000004501\nПолучательСчет=40702810100000000101\nДатаПоступило=02.07.2024\n\
        НазначениеПлатежа=Оплата\nКонецДокумента\n";
    let head = "1CClientBankExchange\nВерсияФормата=1.03\nКодировка=UTF-8\nДатаНачала=01.07.2024\n\
        ДатаКонца=31.07.2024\nРасчСчет=40702810100000000101\n";
    std::fs::write(&path, format!("{head}{}КонецФайла\n", document.repeat(2000))).unwrap();
    path
}
