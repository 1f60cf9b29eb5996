//! A sample without names reads as its original does, and says nothing of anybody.

#![expect(clippy::unwrap_used, reason = "what a test stands on must be there")]

#[path = "anonymise/sameness.rs"]
mod sameness;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use formats::{
    Collected, Format,
    anonymise::{CannotAnonymise, Replaced, SAMPLE_BYTES_MAX, anonymise},
};
use proptest::{collection, prelude::*};
use serde_json::Value;

use sameness::{Verdict, check, read};

const SEED: u64 = 7;

/// All that is wrong is said at once. How many files were treated.
fn check_all(files: impl IntoIterator<Item = PathBuf>) -> usize {
    let (mut treated, mut wrong) = (0, Vec::new());
    for file in files {
        match check(&file) {
            Verdict::Same => treated += 1,
            Verdict::Refused => {}
            Verdict::Differs(differences) => {
                wrong.push(format!("{}\n    {}", file.display(), differences.join("\n    ")));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} files:\n{}",
        wrong.len(),
        wrong.len() + treated,
        wrong.join("\n")
    );
    treated
}

#[test]
fn every_fixture_reads_the_same_without_its_names() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures");
    let mut files = Vec::new();
    for folder in fs::read_dir(fixtures).unwrap() {
        for verdict in ["ok", "err"] {
            let folder = folder.as_ref().unwrap().path().join(verdict);
            files.extend(
                fs::read_dir(folder)
                    .into_iter()
                    .flatten()
                    .map(|file| file.unwrap().path()),
            );
        }
    }
    files.sort();
    let treated = check_all(files);
    assert!(treated > 200, "{treated}");
}

#[test]
fn published_files_read_the_same_without_their_names() {
    let Some(root) = env::var_os("SVERKA_CORPORA").map(PathBuf::from) else {
        println!("skipped: SVERKA_CORPORA is not set");
        return;
    };
    let mut files = Vec::new();
    for (folder, index, separator) in [
        ("1c", "INDEX.tsv", '\t'),
        ("mt", "INDEX.csv", ','),
        ("camt", "INDEX.csv", ','),
    ] {
        let index = fs::read_to_string(root.join(folder).join(index)).unwrap();
        let rows = index
            .lines()
            .skip(1)
            .map(|line| line.split(separator).collect::<Vec<_>>());
        // Beside the statements there are licences and what their readers expect.
        let statements = rows.filter(|row| folder == "1c" || row[4].starts_with(folder));
        files.extend(statements.map(|row| root.join(folder).join(row[0])));
    }
    let treated = check_all(files);
    assert!(treated > 0);
}

fn sample(text: &str, format: Option<Format>) -> String {
    let sample = anonymise(text.as_bytes(), SEED).unwrap();
    assert_eq!(sample.format, format, "{text}");
    String::from_utf8(sample.bytes).unwrap()
}

#[track_caller]
fn says(text: &str, kept: &[&str], gone: &[&str]) {
    for words in kept {
        assert!(text.contains(words), "«{words}» is gone:\n{text}");
    }
    for words in gone {
        assert!(!text.contains(words), "«{words}» is still there:\n{text}");
    }
}

#[test]
fn a_purpose_keeps_what_it_is_read_by() {
    let text = "1CClientBankExchange\nСекцияДокумент=Платежное поручение\nНомер=45\nДата=02.07.2024\nСумма=15000.50\n\
        ДатаПоступило=02.07.2024\nПлательщик=ООО \"Ромашка\"\nПолучательСчет=40702810100000000101\n\
        НазначениеПлатежа=Оплата по счету № 1457 от 25.06.2024 за кирпич для РОМАШКИ и Ромашка, тел. +7 (495) 123-45-67, \
        ivan.petrov@romashka.ru, ИНН 7812345675, р/с 40702810100000000101. Договор 88-Л. В т.ч. НДС 20% - 2500.08 руб. \
        Счет 1457\nКонецДокумента\nКонецФайла\n";
    let out = sample(text, Some(Format::Onec));
    says(
        &out,
        &[
            "Оплата по счету № ",
            " от 25.06.2024 за ",
            "тел. +7 (",
            "НДС 20% - 2500.08 руб.",
            "ИНН ",
            "р/с 40702810",
            "Договор 88-Л",
            "ООО \"",
            ".ru,",
            "Номер=45\n",
            "Сумма=15000.50\n",
        ],
        &[
            "Ромашка",
            "РОМАШКИ",
            "кирпич",
            "1457",
            "495",
            "123-45-67",
            "ivan",
            "petrov",
            "romashka",
            "7812345675",
            "40702810100000000101",
        ],
    );
    // The same thing has the same substitute wherever it stands.
    let after = |before: &str| {
        let rest = out.split(before).nth(1).unwrap().trim_start_matches(' ');
        rest.split(|it: char| !it.is_alphanumeric()).next().unwrap().to_owned()
    };
    assert_eq!(after("по счету №"), after("руб. Счет"));
    assert_eq!(after("ПолучательСчет="), after("р/с"));
    assert!(out.contains(&format!(" и {}, тел", after("ООО \""))), "{out}");
}

#[test]
fn control_digits_that_agreed_agree() {
    let fixture =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures/onec/ok/every_key_and_no_last_line_end.txt");
    let bytes = fs::read(fixture).unwrap();
    let (before, after) = (read(&bytes), read(&anonymise(&bytes, SEED).unwrap().bytes));
    let parties = |collected: &Collected| collected.statements[0].entries[0].counterparty.clone();
    let valid = |party: &domain::Counterparty| {
        let bik = domain::Bik::parse(party.bank.as_deref().unwrap()).unwrap();
        (
            domain::Inn::parse(party.inn.as_deref().unwrap()).is_ok(),
            domain::AccountNumber::parse(party.account.as_deref().unwrap(), &bik).is_ok(),
        )
    };
    assert_eq!(valid(&parties(&before)), valid(&parties(&after)));
    assert_eq!(
        parties(&before).account.unwrap()[..8],
        parties(&after).account.unwrap()[..8]
    );
}

#[test]
fn swift_camt_json_and_tables_keep_their_frame() {
    let swift = ":20:STMT\r\n:25:044525974/40702810900000000001\r\n:28C:1/1\r\n:60F:C240701RUB1000,00\r\n\
        :61:2407030703C200,00NTRFREF12//BANK77\r\n:86:/NAME/OOO ROMASHKA/INN/7812345675/ACC/40702810100000000101\r\n\
        OPLATA PO SCHETU 1457 OT 25.06.2024 RUB200,00\r\n:62F:C240703RUB1200,00\r\n-}";
    let out = sample(swift, Some(Format::Mt940));
    assert_eq!(out.len(), swift.len());
    says(
        &out,
        &[
            ":25:044525974/40702810",
            ":60F:C240701RUB1000,00\r\n:61:2407030703C200,00NTRFREF12//BANK77\r\n:86:/NAME/OOO ",
            "/INN/",
            "/ACC/40702810",
            " 25.06.2024 RUB200,00\r\n:62F:C240703RUB1200,00\r\n-}",
        ],
        &[
            "ROMASHKA",
            "7812345675",
            "40702810900000000001",
            "40702810100000000101",
            "1457",
        ],
    );
    let camt = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\">\
        <Ntry><Amt Ccy=\"RUB\">200.00</Amt><Dt>2024-07-03</Dt><Dbtr><Nm>ООО &quot;Ромашка&quot; &amp; Ко</Nm><PstlAdr><StrtNm>Лесная</StrtNm>\
        </PstlAdr><Id><OrgId><Othr><Id>7812345675</Id></Othr></OrgId></Id></Dbtr><DbtrAcct><Id><Othr><Id>40702810100000000101</Id></Othr>\
        </Id></DbtrAcct><IBAN>DE89370400440532013000</IBAN><EmailAdr>a.b@mail.ru</EmailAdr><EndToEndId>E2E-145</EndToEndId>\
        <Ustrd>Оплата по счету 1457 от &#1056;&#1086;&#1084;&#1072;&#1096;&#1082;&#1072;</Ustrd></Ntry></Document>";
    let out = sample(camt, Some(Format::Camt));
    says(
        &out,
        &[
            "<Amt Ccy=\"RUB\">200.00</Amt><Dt>2024-07-03</Dt>",
            "<Nm>ООО &quot;",
            "&quot; &amp; ",
            "<Id>40702810",
            "<IBAN>DE",
            "<EndToEndId>E2E-145</EndToEndId>",
            "&#1086;&#1090; &#",
        ],
        &[
            "Ромашка",
            "Лесная",
            "7812345675",
            "40702810100000000101",
            "0532013000",
            "a.b@mail",
            "1457",
            "&#1056;&#1086;&#1084;",
        ],
    );
    let json = r#"{"balance":"100.00","operations":[{"amount":200.00,"date":"2024-07-03","payerName":"ООО \"Ромашка\"","payerInn":"7812345675","payerAccount":"40702810100000000101","purpose":"Оплата счета 1457\nза кирпич","status":"Booked"}]}"#;
    let out = sample(json, Some(Format::Json));
    says(
        &out,
        &[
            r#"{"balance":"100.00","operations":[{"amount":200.00,"date":"2024-07-03","payerName":"ООО \""#,
            r#"\nза "#,
            r#""status":"Booked""#,
        ],
        &["Ромашка", "7812345675", "40702810100000000101", "1457", "кирпич"],
    );
    assert!(serde_json::from_str::<Value>(&out).is_ok(), "{out}");
    let table = "Выписка по счету 40702810100000000101;;;;\nДата;Контрагент;ИНН;Сумма;Назначение платежа\n\
        03.07.2024;\"ООО \"\"Ромашка\"\"\";7812345675;1234567890;Оплата счета 1457\n";
    let out = sample(table, Some(Format::Csv));
    says(
        &out,
        &[
            "Выписка по счету 40702810",
            "\nДата;Контрагент;ИНН;Сумма;Назначение платежа\n03.07.2024;\"ООО \"\"",
            ";1234567890;Оплата счета ",
        ],
        &["Ромашка", "7812345675", "40702810100000000101", "1457"],
    );
    let unknown = sample("Уважаемый Иванов, 40702810100000000101", None);
    says(&unknown, &["40702810"], &["Иванов", "40702810100000000101"]);
}

#[test]
fn names_are_found_where_a_bank_cut_or_transliterated_them() {
    let swift = |details: &str| {
        format!(
            ":20:S\r\n:25:40702810900000000001\r\n:28C:1/1\r\n:60F:C240701RUB0,00\r\n\
             :61:2407030703C200,00NTRFREF12//BANK77\r\n:86:{details}\r\n:62F:C240703RUB200,00\r\n"
        )
    };
    let purpose = |text: &str| read(text.as_bytes()).statements[0].entries[0].purpose.clone();
    let before = swift("'(VO20200)'OPLATA PO ScoTU n7 OT 01/02/2024 ZA uRIa qEDRINA. DO\r\nGOVOR 'ACME TRADING'");
    let after = sample(&before, Some(Format::Mt940));
    assert!(purpose(&before).contains("{VO20200}ОПЛАТА ПО СЧЁТУ №7 ОТ 01/02/2024 ЗА ЮРИЯ ЩЕДРИНА."));
    let read_again = purpose(&after);
    says(
        &read_again,
        &["{VO20200}ОПЛАТА ПО СЧЁТУ №7 ОТ 01/02/2024 ЗА ", "ДОГОВОР"],
        &["ЮРИЯ", "ЩЕДРИНА", "ACME", "TRADING"],
    );
    // A name in two lines, and a key that the end of a line cuts.
    let cut = format!("/EREF/{}/NAME/ROMASHKA LES/RE\r\nMI/OPLATA ZA ROMASHKA", "7".repeat(33));
    let after = sample(&swift(&cut), Some(Format::Mt940));
    says(&after, &["/NAME/", "/RE\r\nMI/"], &["ROMASHKA", "LES"]);
}

#[test]
fn what_cannot_be_treated_is_refused_in_words() {
    for bytes in [
        &b"%PDF-1.7"[..],
        b"PK\x03\x04xl/workbook.xml",
        b"\x89PNG",
        b"\x01\x02\0\x03",
        b"<!DOCTYPE html>",
    ] {
        let refused = anonymise(bytes, SEED).unwrap_err();
        assert!(matches!(refused, CannotAnonymise::NotAText(_)), "{refused}");
        assert!(!refused.text().ru.is_empty() && !refused.remedy().en.is_empty());
    }
    assert_eq!(anonymise(b" \r\n", SEED), Err(CannotAnonymise::Empty));
    let mut large = "1CClientBankExchange\nНомер=".as_bytes().to_vec();
    large.resize(SAMPLE_BYTES_MAX, b'1');
    assert!(anonymise(&large, SEED).is_ok());
    large.push(b'1');
    assert_eq!(anonymise(&large, SEED), Err(CannotAnonymise::TooLarge));
}

#[test]
fn what_was_replaced_is_counted() {
    let text = "1CClientBankExchange\nСекцияДокумент=Банковский ордер\nПлательщик=ООО Ромашка\nПлательщикИНН=7812345675\n\
        ПлательщикКПП=781201001\nПлательщикСчет=40702810100000000101\nНазначениеПлатежа=Кирпич\nКонецДокумента\n";
    let replaced = anonymise(text.as_bytes(), SEED).unwrap().replaced;
    let all = [
        Replaced::Names,
        Replaced::Accounts,
        Replaced::Inns,
        Replaced::Kpps,
        Replaced::Purposes,
    ];
    assert_eq!(replaced.into_iter().collect::<Vec<_>>(), all.map(|what| (what, 1)));
}

proptest! {
    #[test]
    fn no_bytes_make_it_fall(head in 0..6_usize, tail in collection::vec(any::<u8>(), 0..300), text in "[ -~а-яё№«»\n\r]{0,200}") {
        let heads = ["1CClientBankExchange\n", ":20:1\n:60F:C\n:86:", "<Document camt.053><Nm>", "{\"name\":\"", "а;б;в\nг;д;е\n", ""];
        for tail in [&tail[..], text.as_bytes()] {
            let bytes = [heads[head].as_bytes(), tail].concat();
            if let Ok(sample) = anonymise(&bytes, SEED) {
                prop_assert_eq!(read(&bytes).format, read(&sample.bytes).format);
            }
        }
    }
}
