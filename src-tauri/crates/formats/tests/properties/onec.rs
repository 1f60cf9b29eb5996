//! Any bytes are read without a panic, and a file cut anywhere never gives an entry it did not hold.

use std::sync::LazyLock;

use domain::Entry;
use encoding_rs::{IBM866, WINDOWS_1251};
use formats::{Code, Collected, detect, ends_complete};
use proptest::prelude::*;

use crate::given::{Fixture, entries, fixtures, read_as};

fn read(bytes: &[u8]) -> Collected {
    read_as(bytes, None)
}

static FIXTURES: LazyLock<Vec<Fixture>> = LazyLock::new(|| fixtures("onec", None));

/// Lines that mean something to the reader, in orders that mean nothing.
fn line() -> impl Strategy<Value = String> {
    let keys = prop::sample::select(vec![
        "РасчСчет",
        "Сумма",
        "Дата",
        "ДатаНачала",
        "ДатаКонца",
        "НачальныйОстаток",
        "КонечныйОстаток",
        "ВсегоПоступило",
        "ПлательщикСчет",
        "ПолучательСчет",
        "ДатаСписано",
        "ДатаПоступило",
        "Плательщик",
        "Получатель1",
        "Номер",
        "НазначениеПлатежа",
        "Кодировка",
        "Поле",
        "",
    ]);
    let values = prop_oneof![
        Just("40702810100000000101".to_owned()),
        Just("40702840700000000303".to_owned()),
        Just("03.07.2024".to_owned()),
        Just("9223372036854775807".to_owned()),
        "[0-9 ]{1,8}[.,]?[0-9]{0,3}",
        "\\PC{0,20}",
        "ИНН [0-9]{0,14}[\\\\/]?[0-9]{0,9} ?\\PC{0,8}(//)?",
    ];
    prop_oneof![
        Just("1CClientBankExchange".to_owned()),
        Just("СекцияРасчСчет".to_owned()),
        Just("КонецРасчСчет".to_owned()),
        Just("СекцияДокумент=Платежное поручение".to_owned()),
        Just("КонецДокумента".to_owned()),
        Just("КонецФайла".to_owned()),
        (keys, values).prop_map(|(key, value)| format!("{key}={value}")),
        "\\PC{0,12}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _detection = detect(&bytes);
        let _mark = ends_complete(&bytes);
        let collected = read(&bytes);
        prop_assert!(!collected.statements.is_empty());
        let signed = [b"1CClientBankExchange\n", &bytes[..]].concat();
        prop_assert!(!read(&signed).statements.is_empty());
    }

    #[test]
    fn any_lines_are_read_and_no_document_is_lost_in_silence(
        lines in prop::collection::vec(line(), 0..60),
        encoding in 0..4,
    ) {
        let text = format!("1CClientBankExchange\n{}", lines.join("\r\n"));
        let bytes = match encoding {
            0 => text.clone().into_bytes(),
            1 => WINDOWS_1251.encode(&text).0.into_owned(),
            2 => IBM866.encode(&text).0.into_owned(),
            _ => std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
        };
        let collected = read(&bytes);
        let started = lines.iter().filter(|line| line.starts_with("СекцияДокумент")).count();
        let mut told: Vec<u64> = entries(&collected).iter().map(|entry| entry.line).collect();
        told.sort_unstable();
        told.dedup();
        let errors = collected.diagnostics.iter().filter(|diagnostic| diagnostic.severity == formats::Severity::Error);
        let refused = collected.diagnostics.iter().any(|diagnostic| diagnostic.code == Code::OnecDialect);
        prop_assert!(refused || told.len() + errors.count() >= started, "{text}");
        for entry in entries(&collected) {
            prop_assert!(!entry.amount.is_negative());
        }
    }

    /// A blank before each line sends it the tolerant way, which defines what a line means; the quick one must agree.
    #[test]
    fn the_quick_way_of_a_line_agrees_with_the_tolerant_one(
        lines in prop::collection::vec(line(), 0..60),
        encoding in 0..3,
    ) {
        let written = |blank: &str| {
            let text: String = lines.iter().map(|line| format!("{blank}{line}\r\n")).collect();
            let text = format!("1CClientBankExchange\r\n{text}");
            match encoding {
                0 => text.into_bytes(),
                1 => WINDOWS_1251.encode(&text).0.into_owned(),
                _ => IBM866.encode(&text).0.into_owned(),
            }
        };
        let (quick, tolerant) = (read(&written("")), read(&written(" ")));
        prop_assert_eq!(&quick.statements, &tolerant.statements);
        let told = |collected: &Collected| -> Vec<_> {
            let of = |it: &formats::Diagnostic| (it.line, it.code, it.excerpt.clone());
            let mut told: Vec<_> = collected.diagnostics.iter().map(of).collect();
            told.sort();
            told
        };
        prop_assert_eq!(told(&quick), told(&tolerant));
    }

    #[test]
    fn a_cut_file_gives_only_what_the_whole_one_holds(
        (file, at) in (0..FIXTURES.len()).prop_flat_map(|file| (Just(file), 0..FIXTURES[file].bytes.len())),
    ) {
        let fixture = &FIXTURES[file];
        let cut = read(&fixture.bytes[..at]);
        let whole = entries(&fixture.whole);
        let mut rest = whole.iter();
        for entry in entries(&cut) {
            // Entries of several statements are compared by membership, in whatever statement they are.
            let known = rest.any(|other| *other == entry) || whole.iter().any(|other| is_the_same(other, entry));
            prop_assert!(known, "{} at {at}: {entry:?}", fixture.name);
        }
        if entries(&cut).len() < whole.len() {
            let severe = |diagnostic: &formats::Diagnostic| diagnostic.severity != formats::Severity::Note;
            prop_assert!(cut.diagnostics.iter().any(severe), "{} at {at}: silent", fixture.name);
        }
    }
}

/// Where the second document of a transfer is cut off, the first one tells of its side.
fn is_the_same(whole: &Entry, cut: &Entry) -> bool {
    let as_told = Entry {
        line: whole.line,
        raw: whole.raw.clone(),
        ..cut.clone()
    };
    *whole == as_told
}

/// What a cut file declares is the whole file's word or none at all.
#[test]
fn a_cut_file_never_declares_half_a_balance() {
    for fixture in FIXTURES.iter().filter(|fixture| fixture.whole.statements.len() == 1) {
        let whole = &fixture.whole.statements[0].statement;
        // By the day, the balances of fewer days are the balances of another day.
        if whole.days.len() > 1 || whole.account.is_none() {
            continue;
        }
        for at in (0..fixture.bytes.len()).step_by(97) {
            for cut in read(&fixture.bytes[..at]).statements {
                let cut = cut.statement;
                for (ours, theirs) in [
                    (cut.opening, whole.opening),
                    (cut.closing, whole.closing),
                    (cut.credits, whole.credits),
                    (cut.debits, whole.debits),
                ] {
                    assert!(ours.is_none() || ours == theirs, "{} at {at}", fixture.name);
                }
                if let (Some(ours), Some(theirs)) = (cut.account, &whole.account) {
                    assert_eq!((&ours.number, ours.currency), (&theirs.number, theirs.currency));
                    // Only documents name the bank, and later ones may dispute it.
                    let known = ours.bank.is_some() && theirs.bank.is_some();
                    assert!(!known || ours.bank == theirs.bank, "{} at {at}", fixture.name);
                }
            }
        }
    }
}
