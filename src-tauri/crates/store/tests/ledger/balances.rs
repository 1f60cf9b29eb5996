use domain::{Currency, Money, Proof, Statement};
use store::{AccountProof, StoreError};

use crate::given::{ACCOUNT, AT, Given, a_ledger, by_day, credit, day, debit, decision, person, rub, rule, silent};

fn proof(given: &Given) -> AccountProof {
    let mut proofs = given.ledger.account_proofs().unwrap();
    assert_eq!(proofs.len(), 1);
    proofs.remove(0)
}

fn broken(date: u32, difference: i64) -> Proof {
    Proof::Broken {
        day: Some(day(date)),
        difference: rub(difference),
    }
}

#[test]
fn days_are_proven_and_chained() {
    let given = a_ledger();
    given.import(
        "a",
        &by_day(1, 2, &[(1, 100, 300), (2, 300, 250)]),
        &[credit(1, "1", 200), debit(2, "2", 50)],
    );
    given.import("b", &by_day(3, 3, &[(3, 250, 250)]), &[]);
    let account = proof(&given);
    assert!(account.days.iter().all(|one| one.proof == Proof::Proven), "{account:?}");
    assert_eq!((account.first_day, account.last_day), (Some(day(1)), Some(day(3))));
    assert_eq!((account.closing, account.blocked_from), (Some(rub(250)), None));
    assert_eq!(account.bank.as_deref(), Some("044525974"));
}

#[test]
fn a_day_that_does_not_add_up_blocks_from_there_on() {
    let given = a_ledger();
    let statement = by_day(1, 3, &[(1, 0, 5), (2, 5, 100), (3, 100, 107)]);
    given.import(
        "a",
        &statement,
        &[credit(1, "1", 5), credit(2, "2", 7), credit(3, "3", 7)],
    );
    let account = proof(&given);
    assert_eq!(account.days[1].proof, broken(2, 88));
    assert_eq!(account.blocked_from, Some(day(2)));
    let blocked: Vec<bool> = given
        .ledger
        .undecided_credits()
        .unwrap()
        .iter()
        .map(|one| one.blocked)
        .collect();
    assert_eq!(blocked, [false, true, true]);

    let credits = given.ledger.undecided_credits().unwrap();
    let mut automatic = decision("d", &credits[2].id, &[]);
    automatic.actor = rule();
    let refused = given.decide(&automatic).unwrap_err();
    assert_eq!(
        refused,
        StoreError::AccountBlocked {
            account: ACCOUNT.to_owned(),
            from: day(2)
        }
    );
    given.decide(&decision("by a person", &credits[1].id, &[])).unwrap();
    automatic.entry = credits[0].id.clone();
    given.decide(&automatic).unwrap();
}

#[test]
fn a_person_releases_a_difference_and_only_that_one() {
    let given = a_ledger();
    given.import("a", &by_day(2, 3, &[(2, 0, 1), (3, 1, 1)]), &[]);
    let early = given
        .ledger
        .release_account(ACCOUNT, day(1), &person(), AT)
        .unwrap_err();
    assert!(matches!(early, StoreError::NotFound { what: "broken day", .. }));
    assert_eq!(proof(&given).blocked_from, Some(day(2)));
    given.ledger.release_account(ACCOUNT, day(2), &person(), AT).unwrap();
    let account = proof(&given);
    assert_eq!((account.blocked_from, account.released), (None, true));
    assert!(
        given.ledger.release_account(ACCOUNT, day(2), &person(), AT).is_err(),
        "nothing is left to release"
    );
    let last = given.ledger.audit_list(0, 100).unwrap().pop().unwrap().event;
    assert_eq!(last.action, "account.released");
    assert_eq!(last.body, "[{\"day\":\"2024-07-02\",\"difference\":\"0.01\"}]");
    // An entry that comes in later makes another difference of the same day: nobody has said go to that.
    given.import("b", &silent(2, 2), &[credit(2, "1", 5)]);
    assert_eq!(proof(&given).blocked_from, Some(day(2)));
}

#[test]
fn a_gap_blocks_only_where_the_balances_differ() {
    let given = a_ledger();
    given.import("a", &by_day(1, 1, &[(1, 0, 10)]), &[credit(1, "1", 10)]);
    given.import("b", &by_day(5, 5, &[(5, 10, 10)]), &[]);
    assert_eq!(proof(&given).blocked_from, None);
    given.import("c", &by_day(9, 9, &[(9, 13, 13)]), &[]);
    let account = proof(&given);
    assert_eq!(account.days[2].proof, broken(9, 3));
    assert_eq!(account.blocked_from, Some(day(9)));
    // The missing day explains it.
    given.import("d", &by_day(7, 7, &[(7, 10, 13)]), &[credit(7, "2", 3)]);
    assert_eq!(proof(&given).blocked_from, None);
}

#[test]
fn silence_proves_nothing_and_blocks_nothing() {
    let given = a_ledger();
    given.import("a", &silent(1, 2), &[credit(1, "1", 10)]);
    let account = proof(&given);
    assert!(account.days.iter().all(|one| one.proof == Proof::Silent), "{account:?}");
    assert_eq!((account.closing, account.blocked_from), (None, None));
    // Its entries count between what others declare.
    given.import("b", &by_day(3, 3, &[(3, 10, 10)]), &[]);
    assert_eq!(proof(&given).blocked_from, None);
}

#[test]
fn a_later_snapshot_of_a_day_replaces_the_earlier_in_either_order() {
    let noon = (by_day(1, 1, &[(1, 0, 10)]), vec![credit(1, "1", 10)]);
    let evening = (
        by_day(1, 1, &[(1, 0, 30)]),
        vec![credit(1, "1", 10), credit(1, "2", 20)],
    );
    let orders: [[&(Statement, Vec<domain::Entry>); 3]; 3] = [
        [&noon, &evening, &noon],
        [&evening, &noon, &evening],
        [&noon, &noon, &evening],
    ];
    for files in orders {
        let given = a_ledger();
        for (at, (statement, entries)) in files.iter().enumerate() {
            given.import(&at.to_string(), statement, entries);
        }
        let account = proof(&given);
        assert_eq!(account.days.len(), 1);
        assert_eq!(
            (account.closing, account.blocked_from),
            (Some(rub(30)), None),
            "{account:?}"
        );
    }
}

#[test]
fn a_longer_statement_goes_past_a_provisional_end() {
    let given = a_ledger();
    let stretch = |to: u32, closing: i64| Statement {
        opening: Some(rub(0)),
        closing: Some(rub(closing)),
        ..silent(1, to)
    };
    given.import("to the 3rd at noon", &stretch(3, 10), &[credit(3, "1", 10)]);
    assert_eq!(proof(&given).days[0].proof, Proof::Proven);
    given.import(
        "to the 5th",
        &stretch(5, 30),
        &[credit(3, "1", 10), credit(3, "2", 5), credit(5, "3", 15)],
    );
    let account = proof(&given);
    assert_eq!(account.days.len(), 1, "{account:?}");
    assert_eq!(
        (account.days[0].proof.clone(), account.blocked_from),
        (Proof::Proven, None)
    );
}

#[test]
fn declared_turnovers_count_and_another_currency_does_not() {
    let given = a_ledger();
    let mut statement = by_day(1, 1, &[(1, 0, 10)]);
    statement.days[0].credits = Some(rub(10));
    let dollars = domain::Entry {
        amount: Money::from_minor(7, Currency::parse("USD").unwrap()),
        ..credit(1, "2", 7)
    };
    given.import("a", &statement, &[credit(1, "1", 10), dollars]);
    assert_eq!(proof(&given).days[0].proof, Proof::Proven);
    statement.days[0].credits = Some(rub(11));
    given.import("b", &statement, &[credit(1, "1", 10), credit(1, "3", 0)]);
    assert_eq!(proof(&given).days[0].proof, broken(1, 1));
}
