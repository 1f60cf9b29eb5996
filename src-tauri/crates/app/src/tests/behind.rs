//! Why the second suggestion lost, and that a tie lost by nothing.

use super::desk::{Coming, Desk, day};

const FLOWER: &str = "7707083893";

fn coming(purpose: &str) -> Coming<'_> {
    Coming {
        day: day("2025-03-14"),
        inn: FLOWER,
        kopecks: 3_660_055,
        purpose,
    }
}

#[test]
fn a_tie_is_behind_in_nothing_though_its_sentences_name_other_invoices() {
    let mut desk = Desk::new();
    for number in ["СЧ-150", "СЧ-151"] {
        desk.invoice(number, FLOWER, day("2025-03-10"), 3_660_055);
    }
    let entry = desk.pays(&coming("оплата запасных частей"));
    let candidates = desk.view(&entry).candidates;
    assert_ne!(candidates[0].against[1].ru, candidates[1].against[1].ru);
    assert!(candidates[0].behind.is_none(), "the first is behind nobody");
    let behind = candidates[1].behind.as_ref().unwrap();
    assert!(behind.lacks.is_empty() && behind.against.is_empty(), "{behind:?}");
}

#[test]
fn who_lost_says_what_the_first_has_and_what_speaks_against_it_alone() {
    let mut desk = Desk::new();
    desk.invoice("СЧ-150", FLOWER, day("2025-03-10"), 3_660_055);
    desk.invoice("СЧ-151", FLOWER, day("2025-03-11"), 9_000_000);
    let entry = desk.pays(&coming("оплата по счету № СЧ-151"));
    let candidates = desk.view(&entry).candidates;
    assert_eq!(candidates[0].allocations[0].number, "СЧ-151");
    let behind = candidates[1].behind.as_ref().unwrap();
    assert!(
        behind.lacks.iter().any(|words| words.ru.contains("номер счёта назван")),
        "{behind:?}"
    );
    let first = &candidates[0].against;
    assert!(!behind.against.is_empty(), "{behind:?}");
    assert!(
        behind
            .against
            .iter()
            .all(|words| first.iter().all(|known| known.ru != words.ru))
    );
}
