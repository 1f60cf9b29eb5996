//! Every encoding, short texts and long ones, with and without a mark: a 1C file reads the same, and other formats are
//! recognised the same.

#![expect(clippy::unwrap_used, reason = "what a test stands on must be there")]

use std::io::Cursor;

use encoding_rs::{IBM866, KOI8_R, WINDOWS_1251};
use formats::{Code, Collected, Format, Options, TextEncoding, detect, read_all};

/// All ways of writing a text down, with what they are called.
fn written(text: &str) -> Vec<(TextEncoding, Vec<u8>)> {
    let marked = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
    let utf8 = || text.as_bytes().to_vec();
    let le = || text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let be = || text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let mut all = vec![
        (TextEncoding::Utf8, utf8()),
        (TextEncoding::Utf8, marked(&[0xEF, 0xBB, 0xBF], utf8())),
        (TextEncoding::Utf16Le, le()),
        (TextEncoding::Utf16Le, marked(&[0xFF, 0xFE], le())),
        (TextEncoding::Utf16Be, be()),
        (TextEncoding::Utf16Be, marked(&[0xFE, 0xFF], be())),
    ];
    for (encoding, of) in [
        (TextEncoding::Windows1251, WINDOWS_1251),
        (TextEncoding::Ibm866, IBM866),
        (TextEncoding::Koi8R, KOI8_R),
    ] {
        let (bytes, _, lossy) = of.encode(text);
        assert!(!lossy, "{} lacks a letter of the text", encoding);
        all.push((encoding, bytes.into_owned()));
    }
    all
}

fn read(bytes: &[u8]) -> Collected {
    read_all(Cursor::new(bytes), &Options::default()).unwrap()
}

/// Letters that each of the encodings has.
fn statement(documents: usize, declared: &str) -> String {
    let document = "СекцияДокумент=Банковский ордер\r\nНомер=7\r\nДата=03.07.2024\r\nСумма=12.50\r\n\
        ПлательщикСчет=40702810100000000101\r\nПлательщик1=ИП Ёлкина Щедрая Юла\r\nДатаСписано=03.07.2024\r\n\
        ПолучательСчет=70601810000000000001\r\nПолучатель1=ЦЕНТРАЛЬНЫЙ БАНК\r\nНазначениеПлатежа=Комиссия за ведение счета, \
        без НДС\r\nКонецДокумента\r\n";
    format!(
        "1CClientBankExchange\r\n{declared}РасчСчет=40702810100000000101\r\n{}КонецФайла\r\n",
        document.repeat(documents)
    )
}

#[test]
fn a_file_reads_the_same_in_every_encoding_whatever_it_declares() {
    for documents in [0, 1, 300] {
        for declared in ["", "Кодировка=Windows\r\n", "Кодировка=DOS\r\n", "Кодировка=UTF-8\r\n"]
        {
            let text = statement(documents, declared);
            let expected = read(text.as_bytes());
            for (encoding, bytes) in written(&text) {
                let collected = read(&bytes);
                assert_eq!(collected.encoding, Some(encoding), "{documents} {declared}");
                assert_eq!(
                    collected.statements, expected.statements,
                    "{encoding} {documents} {declared}"
                );
                let named = |code| collected.diagnostics.iter().filter(|it| it.code == code).count();
                let contradicts =
                    !declared.is_empty() && !encoding.agrees_with(&declared[declared.find('=').unwrap() + 1..]);
                assert_eq!(
                    named(Code::EncodingDeclared),
                    usize::from(contradicts),
                    "{encoding} {declared}"
                );
                assert_eq!(named(Code::EncodingMixed) + named(Code::EncodingTwice), 0, "{encoding}");
            }
        }
    }
}

#[test]
fn formats_are_recognised_in_every_encoding() {
    for (text, format) in [
        ("1CClientBankExchange\r\n", Format::Onec),
        ("СекцияДокумент=Платежное поручение\r\nНомер=1\r\n", Format::Onec),
        (
            ":20:STMT\r\n:25:40702810100000000101\r\n:28C:1/1\r\n:60F:C240701RUB1,\r\n:86:Оплата по счету\r\n",
            Format::Mt940,
        ),
        (
            "Дата;Сумма;Назначение платежа\r\n01.07.2024;12,50;Оплата по счету\r\n",
            Format::Csv,
        ),
        ("{\"operations\": [{\"purpose\": \"Оплата по счету\"}]}", Format::Json),
    ] {
        for (encoding, bytes) in written(text) {
            assert_eq!(detect(&bytes).format, Some(format), "{encoding}: {text}");
        }
        let long = format!("{text}{}", "Оплата по счету за услуги связи\r\n".repeat(5000));
        for (encoding, bytes) in written(&long) {
            let prefix = &bytes[..bytes.len().min(64 * 1024)];
            if format != Format::Csv {
                assert_eq!(detect(prefix).format, Some(format), "{encoding}: {text}");
            }
        }
    }
}

#[test]
fn western_statements_keep_their_letters() {
    let text = ":86:/NAME/Müller & Söhne GmbH/REMI/Rechnung für März";
    let bytes = encoding_rs::WINDOWS_1252.encode(text).0;
    assert_eq!(TextEncoding::legacy_of(&bytes), TextEncoding::Windows1252);
}

#[test]
fn bytes_that_are_no_text_are_not_taken_for_wide_letters() {
    for bytes in [&[0; 64][..], &[1, 2, 0, 3], b"\0\0\0a", &[0, 1, 0, 2, 0, 3], b"a\0"] {
        assert_eq!(TextEncoding::of_mark(bytes), None, "{bytes:?}");
    }
}
