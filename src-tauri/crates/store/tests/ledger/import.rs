use std::collections::BTreeSet;

use domain::{Content, Entry, EntryDetail, EntryId, EntryStatus, Proof, Statement};
use proptest::prelude::*;
use store::{AskedReason, Booked, FileOutcome, SourceFile, StoreError};

use crate::given::{ACCOUNT, AT, a_ledger, by_day, credit, day, debit, person, rub, silent, source};

#[test]
fn a_file_again_adds_nothing() {
    let given = a_ledger();
    let entries = [credit(3, "12", 20_000), debit(3, "13", 5_000), credit(4, "14", 100)];
    let first = given.import("a", &silent(3, 4), &entries);
    assert_eq!((first.entries_new, first.entries_known), (3, 0));
    assert_eq!((first.new_credits, &first.credited[..]), (2, &[rub(20_100)][..]));
    assert_eq!(first.accounts, [ACCOUNT]);
    assert!(first.first_credit.is_some());
    let again = given.import("a", &silent(3, 4), &entries);
    assert_eq!((again.entries_new, again.entries_known, again.new_credits), (0, 3, 0));
    assert_eq!(again.first_credit, None);
    let known = given.ledger.file_known("sha256 of a").unwrap().unwrap();
    assert_eq!((known.report, known.outcome), (again, FileOutcome::Imported));
    assert_eq!(given.ledger.files().unwrap().len(), 2);
    assert_eq!(given.ledger.entry_ids().unwrap().len(), 3);
}

#[test]
fn two_equal_payments_on_a_day_are_two() {
    let given = a_ledger();
    let one = credit(3, "12", 20_000);
    // At noon there was one of them.
    given.import("noon", &silent(3, 3), std::slice::from_ref(&one));
    let report = given.import("evening", &silent(3, 3), &[one.clone(), one.clone()]);
    assert_eq!((report.entries_known, report.entries_new), (1, 1));
    assert_eq!(given.ledger.undecided_credits().unwrap().len(), 2);
}

#[test]
fn nothing_stays_of_an_import_that_is_dropped() {
    let given = a_ledger();
    given.import("kept", &silent(1, 1), &[credit(1, "1", 1)]);
    let before = given.ledger.audit_list(0, 100).unwrap();
    {
        let mut import = given.ledger.begin_import(&source("a", "onec"), AT).unwrap();
        let row = import.statement(&silent(3, 3)).unwrap();
        assert!(matches!(
            import.entry(row, &credit(3, "12", 1)).unwrap(),
            Booked::New(_)
        ));
        assert!(matches!(
            import
                .entry(
                    row,
                    &Entry {
                        direction: None,
                        ..credit(3, "13", 1)
                    }
                )
                .unwrap(),
            Booked::Asked(_)
        ));
    }
    assert_eq!(given.ledger.entry_ids().unwrap().len(), 1);
    assert_eq!(given.ledger.asked().unwrap(), []);
    assert_eq!(given.ledger.file_known("sha256 of a").unwrap(), None);
    assert_eq!(given.ledger.audit_list(0, 100).unwrap(), before);
    // And the counting starts anew.
    let report = given.import("a", &silent(3, 3), &[credit(3, "12", 1)]);
    assert_eq!(report.entries_new, 1);
}

#[test]
fn only_booked_lines_of_a_statement_are_booked() {
    let given = a_ledger();
    let pending = Entry {
        status: EntryStatus::Pending,
        ..credit(3, "1", 1)
    };
    let told = Entry {
        status: EntryStatus::Info,
        ..credit(3, "2", 1)
    };
    let report = given.import("a", &silent(3, 3), &[pending, told]);
    assert_eq!((report.entries_new, report.entries_not_booked), (0, 2));

    let nobodys = Statement {
        account: None,
        ..silent(3, 3)
    };
    let report = given.import("b", &nobodys, &[credit(3, "1", 1)]);
    assert_eq!((report.entries_new, report.entries_not_booked), (0, 1));

    let orders = Statement {
        content: Content::Orders,
        ..silent(3, 3)
    };
    let report = given.import("c", &orders, &[credit(3, "1", 1)]);
    assert_eq!((report.entries_new, report.accounts.len()), (0, 0));

    let file = SourceFile {
        content: Content::Orders,
        ..source("d", "onec")
    };
    let mut import = given.ledger.begin_import(&file, AT).unwrap();
    let row = import.statement(&silent(3, 3)).unwrap();
    assert_eq!(import.entry(row, &credit(3, "1", 1)).unwrap(), Booked::NotBooked);
    import.commit(AT).unwrap();
    assert_eq!(given.ledger.entry_ids().unwrap(), []);
    // The file `a` is a statement, if one of nothing booked; the orders make no account an own one.
    assert_eq!(given.ledger.account_proofs().unwrap().len(), 1);
}

#[test]
fn what_cannot_be_told_is_asked_once() {
    let given = a_ledger();
    let lost = Entry {
        direction: None,
        ..credit(3, "1", 1)
    };
    let below = credit(3, "2", -1);
    for file in ["a", "b"] {
        let report = given.import(file, &silent(3, 3), &[lost.clone(), below.clone()]);
        assert_eq!(report.entries_asked, 2);
    }
    let asked = given.ledger.asked().unwrap();
    let reasons: Vec<_> = asked.iter().map(|one| one.reason).collect();
    assert_eq!(reasons, [AskedReason::NoDirection, AskedReason::NegativeAmount]);
    assert_eq!(asked[0].entry, lost);
    assert_eq!(given.ledger.inbox_counts().unwrap().asked, 2);
}

#[test]
fn a_bank_reference_used_for_something_else_is_asked() {
    let given = a_ledger();
    let with = |entry: Entry| Entry {
        bank_reference: Some("R1".into()),
        ..entry
    };
    given.import("a", &silent(3, 3), &[with(credit(3, "1", 100))]);
    for (file, entry) in [("b", credit(3, "1", 200)), ("c", credit(4, "1", 100))] {
        let (report, _) = given.import_as(file, "onec", &silent(3, 4), &[with(entry)]);
        assert_eq!((report.entries_new, report.entries_asked), (0, 1));
    }
    // Another number is no other entry: the bank's own reference says so.
    let report = given.import("d", &silent(3, 3), &[with(credit(3, "2", 100))]);
    assert_eq!(report.entries_known, 1);
}

#[test]
fn the_same_day_from_another_source_is_compared_and_nothing_silently_added() {
    let given = a_ledger();
    given.import(
        "onec",
        &silent(3, 3),
        &[credit(3, "12", 100), credit(3, "12", 100), credit(3, "13", 5)],
    );
    // camt knows bank references, so its identities are others.
    let camt = |entry: Entry, reference: &str| Entry {
        bank_reference: Some(reference.into()),
        ..entry
    };
    let told = [
        camt(credit(3, "12", 100), "a"),
        camt(credit(3, "12", 100), "b"),
        camt(credit(3, "12", 100), "c"),
        camt(credit(3, "13", 6), "d"),
        camt(credit(4, "14", 7), "e"),
    ];
    for file in ["camt", "camt again"] {
        let (report, booked) = given.import_as(file, "camt", &silent(3, 4), &told);
        assert_eq!(report.entries_asked, 2);
        assert!(matches!(&booked[..3], [Booked::Known(a), Booked::Known(b), Booked::Asked(_)] if a != b));
        // The fourth has no day in common with the other source.
        assert!(matches!(&booked[4], Booked::New(_) | Booked::Known(_)));
    }
    assert_eq!(given.ledger.entry_ids().unwrap().len(), 4);
    assert_eq!(given.ledger.asked().unwrap().len(), 2);
}

#[test]
fn an_unusable_file_is_remembered() {
    let given = a_ledger();
    given
        .ledger
        .remember_file("abc", "photo.txt", "not a statement", AT)
        .unwrap();
    let known = given.ledger.file_known("abc").unwrap().unwrap();
    assert_eq!(
        (known.outcome, known.detail.as_str()),
        (FileOutcome::Unusable, "not a statement")
    );
}

#[test]
fn diagnostics_are_json_and_kept() {
    let given = a_ledger();
    let mut import = given.ledger.begin_import(&source("a", "onec"), AT).unwrap();
    assert!(matches!(import.diagnostics("{"), Err(StoreError::Corrupt { .. })));
    import.diagnostics("[{\"code\":\"onec/amount\"}]").unwrap();
    import.commit(AT).unwrap();
    let known = given.ledger.file_known("sha256 of a").unwrap().unwrap();
    assert_eq!(known.diagnostics, "[{\"code\":\"onec/amount\"}]");
}

/// Days with some entries each, few distinct ones so that equal ones are common.
fn days() -> impl Strategy<Value = Vec<Vec<Entry>>> {
    let entry = (0..3u32, 1..3i64, any::<bool>());
    prop::collection::vec(prop::collection::vec(entry, 0..5), 1..6).prop_map(|days| {
        days.iter()
            .zip(1u32..)
            .map(|(entries, date)| {
                let made = entries.iter().map(|(number, kopecks, money_in)| {
                    let number = number.to_string();
                    if *money_in {
                        credit(date, &number, *kopecks)
                    } else {
                        debit(date, &number, *kopecks)
                    }
                });
                made.collect()
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever stretches of days files cover, in whatever order, and with a last day cut off where it then stood.
    #[test]
    fn any_overlapping_files_in_any_order_give_the_same_entries(
        days in days(),
        cuts in prop::collection::vec((0usize..6, 0usize..6, 0usize..5), 1..6),
        order in any::<prop::sample::Index>(),
    ) {
        let whole: Vec<Entry> = days.concat();
        let straight = a_ledger();
        straight.import("whole", &silent(1, 31), &whole);

        let mut files: Vec<Vec<Entry>> = cuts
            .iter()
            .map(|(a, b, cut)| {
                let (first, last) = ((*a).min(*b).min(days.len() - 1), (*a).max(*b).min(days.len() - 1));
                let mut entries: Vec<Entry> = days[first..last].concat();
                entries.extend(days[last].iter().take(*cut).cloned());
                entries
            })
            .collect();
        files.push(whole.clone());
        let turn = order.index(files.len());
        files.rotate_left(turn);

        let split = a_ledger();
        let mut new = 0;
        for (at, entries) in files.iter().enumerate() {
            let report = split.import(&at.to_string(), &silent(1, 31), entries);
            prop_assert_eq!(report.entries_asked, 0);
            new += report.entries_new;
        }
        prop_assert_eq!(new, whole.len() as u64);
        let ids: BTreeSet<EntryId> = split.ledger.entry_ids().unwrap().into_iter().collect();
        let expected: BTreeSet<EntryId> = straight.ledger.entry_ids().unwrap().into_iter().collect();
        prop_assert_eq!(ids.len(), whole.len());
        prop_assert_eq!(ids, expected);
    }
}

#[test]
fn undecided_credits_come_by_day_and_then_by_id() {
    let given = a_ledger();
    given.import(
        "a",
        &silent(1, 9),
        &[
            credit(5, "3", 1),
            credit(4, "1", 1),
            debit(1, "9", 1),
            credit(5, "2", 1),
        ],
    );
    let credits = given.ledger.undecided_credits().unwrap();
    let days: Vec<_> = credits.iter().map(|one| one.entry.booked).collect();
    assert_eq!(days, [day(4), day(5), day(5)]);
    assert!(credits[1].id < credits[2].id);
    assert_eq!(given.ledger.own_accounts().unwrap(), [ACCOUNT]);
}

#[test]
fn a_person_answers_a_question_once() {
    let given = a_ledger();
    let ledger = &given.ledger;
    let lost = Entry {
        direction: None,
        ..credit(3, "1", 7)
    };
    let entries = [credit(3, "1", 7), lost, credit(3, "2", -1)];
    given.import("a", &silent(3, 3), &entries);
    let ids: Vec<u64> = ledger.asked().unwrap().into_iter().map(|one| one.id).collect();
    let way = Some(domain::Direction::Credit);
    let refused = ledger.book_asked(ids[0], None, &person(), AT).unwrap_err();
    assert_eq!(refused, StoreError::CannotBeBooked { id: ids[0] });
    assert_eq!(
        ledger.book_asked(ids[1], way, &person(), AT).unwrap_err().code(),
        "import/cannot-be-booked"
    );
    // It is the second of its like.
    ledger.book_asked(ids[0], way, &person(), AT).unwrap();
    assert_eq!(ledger.undecided_credits().unwrap().len(), 2);
    ledger.dismiss_asked(ids[1], &person(), AT).unwrap();
    assert_eq!(
        (ledger.asked().unwrap(), ledger.inbox_counts().unwrap().asked),
        (vec![], 0)
    );
    for again in [
        ledger.book_asked(ids[0], way, &person(), AT).map(|_| ()),
        ledger.dismiss_asked(ids[1], &person(), AT),
    ] {
        assert!(matches!(again, Err(StoreError::NotFound { what: "question", .. })));
    }
    given.import("a", &silent(3, 3), &entries);
    assert_eq!(
        (ledger.asked().unwrap(), ledger.entry_ids().unwrap().len()),
        (vec![], 2)
    );
}

#[test]
fn an_advice_tells_of_a_booked_entry_whichever_comes_first_and_books_nothing() {
    let advised = |reference: Option<&str>, kopecks| Entry {
        status: EntryStatus::Info,
        bank_reference: reference.map(Into::into),
        details: vec![detail("первый", kopecks - 100), detail("второй", 100)],
        ..credit(3, "n/a", kopecks)
    };
    let booked = |reference: Option<&str>, number, kopecks| Entry {
        bank_reference: reference.map(Into::into),
        ..credit(3, number, kopecks)
    };
    for advice_first in [true, false] {
        let given = a_ledger();
        let advice = || {
            let advices = [
                advised(Some("R1"), 500),
                advised(None, 700),
                advised(None, 900),
                advised(Some("R9"), 300),
            ];
            let report = given.import_as(
                "054",
                "camt",
                &Statement {
                    provisional: true,
                    ..silent(3, 3)
                },
                &advices,
            );
            assert_eq!((report.0.entries_new, report.0.entries_not_booked), (0, 4));
        };
        if advice_first {
            advice();
        }
        // By reference; by the only such sum of the day; two of a sum; a sum with another reference.
        let entries = [
            booked(Some("R1"), "1", 500),
            booked(None, "2", 700),
            booked(None, "3", 900),
            booked(None, "4", 900),
            booked(Some("R8"), "5", 300),
        ];
        let (report, ids) = given.import_as("053", "camt", &silent(3, 3), &entries);
        assert_eq!(report.entries_new, 5);
        advice();
        advice();
        let told: Vec<usize> = ids
            .iter()
            .map(|booked| match booked {
                Booked::New(id) => given.ledger.entry_record(id).unwrap().unwrap().details.len(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(told, [2, 2, 0, 0, 0], "advice first: {advice_first}");
        assert_eq!(given.ledger.entry_ids().unwrap().len(), 5);
    }
}

/// A statement that is read before the day is over must not stop the account because the day went on.
#[test]
fn what_an_interim_report_declares_is_held_against_nobody() {
    let given = a_ledger();
    let interim = Statement {
        provisional: true,
        ..by_day(3, 3, &[(3, 0, 500)])
    };
    given.import_as("noon", "mt942", &interim, &[]);
    given.import_as("the next day", "mt940", &by_day(4, 4, &[(4, 700, 700)]), &[]);
    let proofs = given.ledger.account_proofs().unwrap();
    assert_eq!(proofs.len(), 1);
    assert!(
        proofs[0]
            .days
            .iter()
            .all(|day| !matches!(day.proof, Proof::Broken { .. })),
        "{proofs:?}"
    );
}

fn detail(purpose: &str, kopecks: i64) -> EntryDetail {
    EntryDetail {
        amount: rub(kopecks),
        counterparty: domain::Counterparty::default(),
        purpose: purpose.to_owned(),
        end_to_end_id: None,
    }
}
