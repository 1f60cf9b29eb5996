//! What holds of the reading of any text: places, order, and that there is one.

use matching::purpose::{Finding, FindingKind, PartKind, Reading, read, slice};
use proptest::prelude::*;

/// Pieces that mean something to the reader, in any order.
const PIECES: [&str; 60] = [
    "счет",
    "по счету",
    "счетам",
    "сч.",
    "№",
    "№№",
    "145",
    "146",
    "150-152",
    "с",
    "по",
    "от",
    "12.03.2025",
    "12 марта",
    "марта",
    "2025",
    "г.",
    ",",
    ";",
    " ",
    ".",
    "...",
    "-",
    "/",
    "и",
    "СЧ-145",
    "УТ",
    "А",
    "договор",
    "доп.",
    "соглашение",
    "с/ф",
    "НДС",
    "20%",
    "%",
    "(",
    ")",
    "без",
    "15 000,00",
    "руб.",
    "коп",
    "12.03",
    "45,46",
    "ИНН",
    "7707083893",
    "40702810900000000145",
    "за",
    "ООО",
    "«",
    "»",
    "\"",
    "И.И.",
    "возврат",
    "предоплата",
    "50",
    "шт",
    "+7",
    "кв",
    "իշ",
    "145от12.03.2025г",
];

fn pieces() -> impl Strategy<Value = String> {
    prop::collection::vec(
        (
            prop::sample::select(&PIECES[..]),
            prop::sample::select(vec!["", " ", "\n"]),
        ),
        0..24,
    )
    .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, gap)| [piece, gap]).collect())
}

/// Every finding lies in the text and in order; lists have more than one number.
fn check(text: &str) -> Result<(), TestCaseError> {
    let Reading { findings, .. } = read(text);
    let length = text.chars().count();
    for finding in &findings {
        prop_assert!(
            finding.start < finding.end && finding.end <= length,
            "{finding:?} in «{text}»"
        );
        if let Some((start, end)) = finding.date_span {
            prop_assert!(start < end && end <= length, "{finding:?} in «{text}»");
        }
        let is_range = finding.list.is_some();
        let quoted = slice(text, finding.start, finding.end);
        let named = finding.kind == FindingKind::InvoiceNumber || finding.kind == FindingKind::BareNumber;
        prop_assert!(
            !named || is_range || quoted.ends_with(finding.value.as_str()),
            "{finding:?} is not «{quoted}»"
        );
        prop_assert!(
            !named || finding.keys.first().is_some_and(|key| !key.is_empty()),
            "{finding:?}"
        );
    }
    let places: Vec<(usize, usize)> = findings.iter().map(|finding| (finding.start, finding.end)).collect();
    prop_assert!(places.is_sorted(), "{places:?}");
    for list in findings.iter().filter_map(|finding| finding.list) {
        let of_list = |finding: &&Finding| finding.list == Some(list);
        prop_assert!(findings.iter().filter(of_list).count() > 1, "a list of one in «{text}»");
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_has_a_reading(text in "\\PC*") {
        check(&text)?;
    }

    #[test]
    fn any_order_of_words_has_a_reading(text in pieces()) {
        check(&text)?;
        prop_assert_eq!(read(&text), read(&text));
    }

    /// A number in a purpose is found wherever it stands, with its place.
    #[test]
    fn what_is_written_around_a_reference_moves_it_only(number in 1u32..999_999, before in "[а-яё ]{0,30}", after in "[а-яё ]{0,30}") {
        let text = format!("{before}. Опл. по счету № {number} от 12.03.2025. {after}");
        let reading = read(&text);
        let found: Vec<&Finding> = reading.of(FindingKind::InvoiceNumber).collect();
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(&found[0].value, &number.to_string());
        prop_assert_eq!(slice(&text, found[0].start, found[0].end), format!("счету № {number}"));
        prop_assert!(found[0].date.is_some());
    }

    #[test]
    fn a_range_is_read_as_its_numbers(first in 1u64..99_999, more in 1u64..49) {
        let last = first + more;
        prop_assume!(last >= 100); // «1-25» may be a number with its year
        let text = format!("Оплата по счетам №№ {first}-{last}");
        let values: Vec<String> = read(&text).of(FindingKind::InvoiceNumber).map(|finding| finding.value.to_string()).collect();
        let expected: Vec<String> = (first..=last).map(|number| number.to_string()).collect();
        prop_assert_eq!(values, expected);
    }
}

/// Work is counted in what comes out: the reading of a text written twice has everything twice, and nothing is looked
/// for in all that came before.
#[test]
fn a_long_text_is_read_as_its_pieces() {
    const TIMES: usize = 4_000;
    for piece in [
        "Оплата по счету № 145 от 12.03.2025, НДС 20% - 2500-00. ",
        "предоплата 50 %. ",
        "за ООО «Ромашка». ",
    ] {
        let kinds = |text: &str| -> Vec<(FindingKind, Option<PartKind>)> {
            read(text)
                .findings
                .iter()
                .map(|finding| (finding.kind, finding.part))
                .collect()
        };
        let once = kinds(piece);
        assert!(!once.is_empty(), "{piece}");
        assert_eq!(kinds(&piece.repeat(TIMES)), once.repeat(TIMES), "{piece}");
    }
}
