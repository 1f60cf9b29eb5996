//! A seeded year of one desk: facts after so many confirmations, autonomy earned, lost with the first reversal, capped.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use matching::{autonomy::CONFIRMATIONS_TO_EARN, bound::upper_bound, learned::CONFIRMATIONS_FOR_A_FACT};

use super::desk::{Coming, Desk, day};
use crate::wire::{CapRequest, EntryState, PayerView};

/// Pays each working day, and writes the number without calling it one.
const DAILY: &str = "7707083893";
/// A founder who pays each week for his firm.
const FOUNDER: &str = "500100732259";
const FIRM: &str = "7728168971";
const CLASS: &str = "number_mentioned_payer_sum";

/// splitmix64: sums that are unlike, and the same each time. Round ones: by others the machine would decide from the
/// first day.
fn kopecks(seed: u64) -> i64 {
    let mixed = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) ^ (mixed >> 31);
    i64::try_from(mixed % 90).unwrap() * 10_000 + 100_000
}

fn working_days() -> impl Iterator<Item = (u64, NaiveDate)> {
    let first = day("2025-01-09");
    let days = (0..365).map(move |after| first + Days::new(after));
    let working = days.filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun));
    (0..).zip(working)
}

fn payer(desk: &Desk, inn: &str) -> PayerView {
    let payers = desk.session.facts().unwrap().payers;
    payers
        .into_iter()
        .find(|payer| payer.payer == format!("inn:{inn}"))
        .unwrap()
}

/// What a clerk who is always right does with it; whether the machine was faster.
fn settle(desk: &Desk, entry: &str, number: &str, kopecks: i64) -> bool {
    if desk.is_automatic(entry) {
        let given = desk.view(entry).decision.unwrap().allocations;
        assert_eq!(given[0].number, number, "no wrong automatic decision");
        return true;
    }
    let amount = format!("{}.{:02}", kopecks / 100, kopecks % 100);
    desk.give(entry, &[(number, &amount)]).unwrap();
    false
}

#[test]
fn a_year_of_a_daily_payer() {
    let mut desk = Desk::new();
    let mut by_hand = 0;
    let mut earned_at = Vec::new();
    let mut was_automatic = false;
    let undone_on = 100;
    for (at, today) in working_days() {
        let (number, sum) = (format!("{}", 1000 + at), kopecks(at));
        desk.invoice(&number, DAILY, today, sum);
        let purpose = format!("{number} за материалы");
        let entry = desk.pays(&Coming {
            day: today,
            inn: DAILY,
            kopecks: sum,
            purpose: &purpose,
        });
        let automatic = settle(&desk, &entry, &number, sum);
        if automatic && !was_automatic {
            earned_at.push(by_hand);
            let reasons = desk.view(&entry).reasons;
            assert!(reasons.iter().any(|why| why.ru.contains("отмен")), "{reasons:?}");
        }
        by_hand = if automatic { 0 } else { by_hand + 1 };
        was_automatic = automatic;
        if at == undone_on {
            assert!(automatic);
            desk.undo(&entry);
            let seen = payer(&desk, DAILY);
            assert_eq!(seen.undone, 1);
            assert!(seen.classes.iter().all(|class| class.confirmed == 0 && !class.earned));
            desk.give(&entry, &[(&number, &format!("{}.{:02}", sum / 100, sum % 100))])
                .unwrap();
            // What was undone is a person's for good, and confirms nothing.
            by_hand = 0;
            was_automatic = false;
        }
        if at == 180 {
            break;
        }
    }
    assert_eq!(
        earned_at, [CONFIRMATIONS_TO_EARN; 2],
        "earned, lost by one reversal, earned anew"
    );

    let seen = payer(&desk, DAILY);
    assert_eq!((seen.decisions, seen.undone), (182, 1));
    assert_eq!(seen.bound_percent, matching::autonomy::percent(upper_bound(182, 1)));
    assert!(
        seen.says
            .ru
            .starts_with("182 решения, 1 отмена: ошибочных не больше 2,58 %"),
        "{}",
        seen.says.ru
    );
    let class = seen.classes.iter().find(|class| class.class == CLASS).unwrap();
    assert!(class.earned && class.confirmed == CONFIRMATIONS_TO_EARN);

    // The limit is the user's, and a restart changes nothing of all that.
    let mut desk = desk.restarted();
    let pays = |desk: &mut Desk, number: &str, kopecks: i64| {
        let today = day("2026-02-02");
        desk.invoice(number, DAILY, today, kopecks);
        let purpose = format!("{number} за материалы");
        desk.pays(&Coming {
            day: today,
            inn: DAILY,
            kopecks,
            purpose: &purpose,
        })
    };
    let cap = |desk: &Desk, sum: Option<&str>| {
        let sum = sum.map(ToOwned::to_owned);
        desk.session.autonomy_cap(&CapRequest { sum }).unwrap().cap
    };
    assert_eq!(cap(&desk, Some("5 000,00")).unwrap().amount, "5000.00");
    let (at_the_limit, over) = (pays(&mut desk, "9001", 500_000), pays(&mut desk, "9002", 510_000));
    assert!(desk.is_automatic(&at_the_limit));
    let asked = desk.view(&over);
    assert_eq!(asked.state, EntryState::Review);
    assert!(asked.against.iter().any(|why| why.ru.contains("выше предела")));
    assert_eq!(cap(&desk, None), None);
    assert!(
        desk.is_automatic(&over),
        "without a limit the machine decides what waited for it"
    );
    assert_eq!(
        desk.session
            .autonomy_cap(&CapRequest {
                sum: Some("сто".to_owned())
            })
            .unwrap_err()
            .code,
        "facts/cap"
    );
}

#[test]
fn who_pays_for_whom_is_learned_by_confirmations_and_forgotten_at_a_word() {
    let mut desk = Desk::new();
    let mut automatic = Vec::new();
    let mut entries = Vec::new();
    for (at, today) in working_days().step_by(5).take(8) {
        let (number, sum) = (format!("{}", 2000 + at), kopecks(at));
        desk.invoice(&number, FIRM, today, sum);
        let purpose = format!("Оплата по счету № {number}");
        let entry = desk.pays(&Coming {
            day: today,
            inn: FOUNDER,
            kopecks: sum,
            purpose: &purpose,
        });
        automatic.push(settle(&desk, &entry, &number, sum));
        entries.push(entry);
    }
    let by_hand = usize::try_from(CONFIRMATIONS_FOR_A_FACT).unwrap();
    assert!(automatic[..by_hand].iter().all(|automatic| !automatic));
    assert!(automatic[by_hand..].iter().all(|automatic| *automatic));

    let name = format!("pays-for:inn:{FOUNDER}:{FIRM}");
    let request = || crate::wire::FactRequest { fact: name.clone() };
    let detail = desk.session.fact_view(&request()).unwrap();
    assert_eq!(
        (detail.fact.count, detail.sources.len()),
        (CONFIRMATIONS_FOR_A_FACT, by_hand)
    );
    assert_eq!(
        (detail.fact.first.as_str(), detail.fact.last.as_str()),
        ("2025-01-09", "2025-01-23")
    );
    assert_eq!(detail.sources[0].entry, entries[by_hand - 1], "the latest first");
    assert!(detail.fact.says.ru.contains(FOUNDER) && detail.fact.payer.contains(FOUNDER));

    // One of the three is taken back: two are too few.
    desk.undo(&entries[0]);
    desk.session
        .dismiss(&crate::wire::EntryRequest {
            entry: entries[0].clone(),
        })
        .unwrap();
    let next = |desk: &mut Desk, number: &str| {
        desk.invoice(number, FIRM, day("2025-06-02"), 77_700);
        desk.pays(&Coming {
            day: day("2025-06-02"),
            inn: FOUNDER,
            kopecks: 77_700,
            purpose: &format!("Оплата по счету № {number}"),
        })
    };
    let asked = next(&mut desk, "3001");
    assert!(!desk.is_automatic(&asked));
    desk.confirm(&asked);
    let mut desk = desk.restarted();
    let decided = next(&mut desk, "3002");
    assert!(desk.is_automatic(&decided), "three again, after a restart too");

    let left = desk.session.fact_remove(&request()).unwrap();
    assert!(left.facts.iter().all(|fact| fact.fact != name));
    assert_eq!(
        desk.session.fact_remove(&request()).unwrap_err().code,
        "ledger/not-found"
    );
    let asked = next(&mut desk, "3003");
    assert!(!desk.is_automatic(&asked));
    assert!(desk.session.audit_verify().unwrap().broken_at.is_none());
}
