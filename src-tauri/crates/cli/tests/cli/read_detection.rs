//! `sverka read`: what kind of file it is, by what that is known, and what is told of files that are none.

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::Stdio,
};

use crate::harness::{command, fixture, sverka, words};

#[test]
fn the_reason_of_the_detection_is_printed() {
    let path = [fixture("onec/ok/a_section_per_day.txt")];
    let said = |how: &str| sverka(words(how, &path)).done().out;
    for how in ["read --lang ru", "read --summary --lang ru"] {
        let said = said(how);
        assert!(
            said.contains("формат: 1С (первая строка 1CClientBankExchange)"),
            "{said}"
        );
    }
    let en = said("read --lang en");
    assert!(
        en.starts_with("format: 1C (the first line is 1CClientBankExchange)\n"),
        "{en}"
    );
    for how in ["read --json", "read --events", "read --summary --json"] {
        let lines = sverka(words(&format!("{how} --lang ru"), &path)).done().lines();
        assert_eq!(lines[0]["detected"], "первая строка 1CClientBankExchange", "{how}");
    }
    let forced = sverka(words("read --json --lang en --format onec", &path))
        .done()
        .line();
    assert_eq!(forced["detected"], "the format was named by a person");
}

/// Name, bytes, the code of the error, and words of its message and remedy.
#[test]
fn what_is_no_statement_is_told_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let old_excel = [
        b"\xD0\xCF\x11\xE0".to_vec(),
        "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect(),
    ]
    .concat();
    for (name, bytes, code, message, remedy) in [
        ("a.txt", &b""[..], "format/empty", "файл пуст", "подождите"),
        ("b.txt", &[0; 4096], "format/empty", "одни нули", "подождите"),
        (
            "c.pdf",
            b"%PDF-1.7\n",
            "format/not-a-statement",
            "документ PDF",
            "kl_to_1c.txt",
        ),
        (
            "d.html",
            b"<!DOCTYPE html><html><title>502 Bad Gateway</title>",
            "format/not-a-statement",
            "«502 Bad Gateway»",
            "войдите в банк заново",
        ),
        (
            "e.png",
            b"\x89PNG\r\n",
            "format/not-a-statement",
            "картинка",
            "kl_to_1c.txt",
        ),
        (
            "f.xls",
            &old_excel,
            "format/not-a-statement",
            "Excel старого образца",
            ".xlsx",
        ),
        (
            "g.rtf",
            b"{\\rtf1 x}",
            "format/not-a-statement",
            "текст RTF",
            "kl_to_1c.txt",
        ),
        (
            "h.gz",
            b"\x1F\x8B\x08",
            "format/not-a-statement",
            "архив gzip",
            "распакуйте",
        ),
        (
            "i.7z",
            b"7z\xBC\xAF\x27\x1C",
            "format/not-a-statement",
            "архив 7z",
            "распакуйте",
        ),
        (
            "j.rar",
            b"Rar!\x1A\x07",
            "format/not-a-statement",
            "архив rar",
            "распакуйте",
        ),
        (
            "k.exe",
            b"MZ\x90\0",
            "format/not-a-statement",
            "программа",
            "не запускайте",
        ),
        (
            "l.json",
            br#"{"error":"invalid_token","error_description":"expired"}"#,
            "json/bank-error",
            "банк ответил ошибкой: «expired»",
            "войдите в банк заново",
        ),
        ("m.txt", b"hello", "format/unknown", "не похоже", "kl_to_1c.txt"),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let ran = sverka(words("read --json --lang ru", &[path]));
        let line = ran.line();
        let diagnostics = line["diagnostics"].as_array().unwrap();
        assert_eq!(diagnostics.len(), 1, "{line}");
        let text = |key: &str| diagnostics[0][key].as_str().unwrap();
        assert_eq!((text("severity"), text("code")), ("error", code), "{line}");
        assert!(
            text("message").contains(message) && text("remedy").contains(remedy),
            "{line}"
        );
        assert_eq!(ran.failure()["code"], code, "{name}");
        assert!(!line["detected"].as_str().unwrap().is_empty(), "{line}");
    }
}

#[test]
fn an_extension_that_contradicts_the_bytes_is_a_note() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("statement.pdf");
    std::fs::copy(fixture("onec/ok/no_movements.txt"), &path).unwrap();
    let line = sverka(words("read --json --lang ru", std::slice::from_ref(&path)))
        .done()
        .line();
    let note = &line["diagnostics"][0];
    assert_eq!(
        (&note["severity"], &note["code"]),
        (&"note".into(), &"format/extension".into())
    );
    let message = note["message"].as_str().unwrap();
    assert_eq!(
        message,
        "расширение «.pdf» обещает документ PDF, а внутри выписка в формате 1С"
    );
    // Standard input has no name.
    let typed = std::fs::read(&path).unwrap();
    let line = crate::harness::run(command().args(["read", "--json", "-"]), &typed)
        .done()
        .line();
    assert_eq!(line["diagnostics"], serde_json::json!([]));
}

#[test]
fn a_file_that_grows_while_it_is_read_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.txt");
    let document = "СекцияДокумент=Платежное поручение\nНомер=1\nДата=02.07.2024\nСумма=1\n\
        ПлательщикСчет=40702810900000004501\nПолучательСчет=40702810100000000101\nДатаПоступило=02.07.2024\n\
        КонецДокумента\n";
    std::fs::write(&path, format!("1CClientBankExchange\n{}", document.repeat(2000))).unwrap();
    let mut child = command()
        .args(words("read --events", std::slice::from_ref(&path)))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    // The pipe holds less than is printed, so that the command stands in the middle of the file.
    std::fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .unwrap()
        .write_all(b"x")
        .unwrap();
    reader.read_to_string(&mut line).unwrap();
    let ended = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(1), "{told}");
    assert!(told.contains("file/still-written"), "{told}");
}

#[test]
fn every_diagnostic_has_its_place_piece_code_message_and_remedy() {
    let mut quoted = 0;
    for name in [
        "letter_in_amount.txt",
        "date_junk.txt",
        "cut_in_a_document.txt",
        "amounts_that_are_not.txt",
    ] {
        let path = [fixture("onec/err").join(name)];
        for line in sverka(words("read --events --lang en", &path)).lines() {
            if line["event"] != "diagnostic" {
                continue;
            }
            assert_eq!(line["file"], name);
            assert!(
                line["line"].is_u64() && line["column"].is_u64() && line["excerpt"].is_string(),
                "{line}"
            );
            for key in ["severity", "code", "message", "remedy"] {
                assert!(!line[key].as_str().unwrap().is_empty(), "{line}");
            }
            // A person is told the piece of the file too.
            let told = sverka(words("read --lang en", &path)).err;
            let excerpt = line["excerpt"].as_str().unwrap();
            let place = format!("{name}:{}:{}: ", line["line"], line["column"]);
            if line["line"] != 0 {
                let of_place = told
                    .lines()
                    .find(|told| told.starts_with(&place))
                    .unwrap_or_else(|| panic!("{told}"));
                assert!(of_place.contains(excerpt), "{of_place}");
                quoted += usize::from(!excerpt.is_empty());
            }
        }
    }
    assert!(quoted > 3, "{quoted}");
}
