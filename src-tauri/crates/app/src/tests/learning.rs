//! Refusals, habits, and what an old ledger teaches.

use super::desk::{Coming, Desk, day};
use crate::wire::{EntryRequest, FactRequest, FactStateName, RejectRequest, RejectScope};

const FLOWER: &str = "7707083893";
const OTHER: &str = "7728168971";

fn coming<'a>(inn: &'a str, kopecks: i64, purpose: &'a str) -> Coming<'a> {
    Coming {
        day: day("2025-03-14"),
        inn,
        kopecks,
        purpose,
    }
}

fn refuse(desk: &Desk, entry: &str, number: &str, scope: RejectScope) -> Result<crate::wire::Done, crate::Failure> {
    desk.session.reject(&RejectRequest {
        entry: entry.to_owned(),
        invoice: format!("b24:31:{number}"),
        scope,
    })
}

#[test]
fn a_refused_pair_is_never_offered_again() {
    let mut desk = Desk::new();
    let today = day("2025-03-12");
    desk.invoice("145", FLOWER, today, 100_000);
    desk.invoice("146", FLOWER, today, 100_000);
    desk.invoice("147", OTHER, today, 100_000);
    let entry = desk.pays(&coming(FLOWER, 100_000, "За материалы"));
    assert_eq!(desk.offered(&entry), ["145", "146"]);
    let done = refuse(&desk, &entry, "145", RejectScope::Payment).unwrap();
    assert!(done.message.ru.contains("145"), "{}", done.message.ru);
    assert_eq!(desk.offered(&entry), ["146"]);
    assert!(!desk.is_automatic(&entry), "the only one left is not certain by that");
    let mut desk = desk.restarted();
    desk.session.match_new().unwrap();
    assert_eq!(desk.offered(&entry), ["146"]);
    // Decided and taken back: still not offered.
    desk.confirm(&entry);
    desk.undo(&entry);
    assert_eq!(desk.offered(&entry), ["146"]);
    // Another payment of the same payer may well be for it.
    let next = desk.pays(&coming(FLOWER, 100_000, "За материалы, второй раз"));
    assert!(desk.offered(&next).contains(&"145".to_owned()));

    refuse(&desk, &entry, "145", RejectScope::Payment).unwrap();
    let facts = desk.session.facts().unwrap();
    assert_eq!(facts.rejected.len(), 1, "said twice is said once");
    let fact = facts.rejected[0].fact.clone();
    desk.session.fact_remove(&FactRequest { fact }).unwrap();
    assert!(
        desk.offered(&entry).contains(&"145".to_owned()),
        "a refusal can be taken back"
    );
    assert_eq!(desk.session.facts().unwrap().rejected.len(), 0);
}

#[test]
fn a_payer_refused_for_a_customer_is_refused_for_all_payments() {
    let mut desk = Desk::new();
    let today = day("2025-03-12");
    desk.invoice("147", OTHER, today, 100_000);
    desk.invoice("148", OTHER, today, 200_000);
    let first = desk.pays(&coming(FLOWER, 100_000, "по счету № 147"));
    assert_eq!(desk.offered(&first), ["147"]);
    refuse(&desk, &first, "147", RejectScope::Payer).unwrap();
    let second = desk.pays(&coming(FLOWER, 200_000, "по счету № 148"));
    assert!(desk.offered(&first).is_empty() && desk.offered(&second).is_empty());
    let own = desk.pays(&coming(OTHER, 200_000, "по счету № 148"));
    assert!(desk.is_automatic(&own));
}

#[test]
fn what_makes_no_sense_is_refused_with_the_reason() {
    let mut desk = Desk::new();
    desk.invoice("145", FLOWER, day("2025-03-12"), 100_000);
    let asked = desk.pays(&coming(FLOWER, 100_000, "За материалы"));
    let code = |entry: &str, number: &str, scope| refuse(&desk, entry, number, scope).unwrap_err().code;
    assert_eq!(code(&asked, "145", RejectScope::Payer), "reject/himself");
    assert_eq!(code(&asked, "999", RejectScope::Payment), "decide/no-such-invoice");
    assert_eq!(code("x", "145", RejectScope::Payment), "inbox/unknown-entry");
    desk.confirm(&asked);
    assert_eq!(code(&asked, "145", RejectScope::Payment), "decision/already-decided");
}

#[test]
fn a_habit_is_learned_from_what_a_person_did() {
    let mut desk = Desk::new();
    for at in 0..3 {
        let (one, other) = (format!("{}", 100 + at), format!("{}", 200 + at));
        desk.invoice(&one, FLOWER, day("2025-03-12"), 50_000 + at);
        desk.invoice(&other, FLOWER, day("2025-03-12"), 70_000 + at);
        let entry = desk.pays(&coming(FLOWER, 120_000 + 2 * at, "За материалы"));
        let amounts = [format!("500.0{at}"), format!("700.0{at}")];
        desk.give(&entry, &[(&one, &amounts[0]), (&other, &amounts[1])])
            .unwrap();
    }
    let facts = desk.session.facts().unwrap().facts;
    let state = |name: &str| facts.iter().find(|fact| fact.fact.ends_with(name)).unwrap();
    assert_eq!(state("several_invoices").state, FactStateName::InForce);
    assert_eq!(state("no_numbers").state, FactStateName::InForce);
    assert_eq!(
        (state("round_sums").count, state("round_sums").state),
        (0, FactStateName::TooFew)
    );
    desk.invoice("300", FLOWER, day("2025-03-12"), 90_000);
    let entry = desk.pays(&coming(FLOWER, 90_000, "За материалы"));
    let reasons = desk.view(&entry).candidates[0].reasons.clone();
    assert!(
        reasons.iter().any(|why| why.ru.contains("никогда не называет")),
        "{reasons:?}"
    );
}

#[test]
fn a_dismissed_suggestion_sets_a_record_back() {
    let mut desk = Desk::new();
    let confirmed = |desk: &Desk| {
        let payers = desk.session.facts().unwrap().payers;
        payers[0].classes.iter().map(|class| class.confirmed).sum::<u32>()
    };
    for number in ["145", "146"] {
        desk.invoice(number, FLOWER, day("2025-03-12"), 100_000);
        let entry = desk.pays(&coming(FLOWER, 100_000, &format!("{number} за материалы")));
        desk.confirm(&entry);
    }
    assert_eq!(confirmed(&desk), 2);
    desk.invoice("147", FLOWER, day("2025-03-12"), 100_000);
    let entry = desk.pays(&coming(FLOWER, 100_000, "147 за материалы"));
    desk.session.dismiss(&EntryRequest { entry }).unwrap();
    assert_eq!(confirmed(&desk), 0);
}
