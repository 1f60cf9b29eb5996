//! What decisions taught, what a person refused, and the rules: counted, taken back, kept over a restart.

use domain::{Actor, DecisionId, EntryId, InvoiceId, Timestamp};
use store::{Ledger, Lesson, Refused, Rejection, RuleRow};

use crate::given::{AT, Given, a_ledger, day, decision, event, invoice, person, reversal, rule};

const PAYER: &str = "inn:7707083893";
const FACT: &str = "pays-for:inn:7707083893:7728168971";

pub fn lesson(agreed: bool) -> Lesson {
    Lesson {
        payer: PAYER.to_owned(),
        payer_name: Some("ООО «Ромашка»".to_owned()),
        booked: day(3),
        class: Some("payer_sum".to_owned()),
        agreed,
        observations: vec![(FACT.to_owned(), true)],
    }
}

/// A payment, an invoice for it, and a decision that teaches.
fn taught(given: &Given, name: &str, actor: Actor, lesson: Lesson) -> EntryId {
    let entry = given.credit(name, 100);
    given.invoices(&[invoice(name, 100)]);
    let mut made = decision(&format!("d-{name}"), &entry, &[(name, 100)]);
    made.actor = actor;
    let made_event = event("decision.made", made.id.as_str());
    given
        .ledger
        .record_decision_teaching(&made, |_| Vec::new(), |_| Some(lesson), &made_event)
        .unwrap();
    entry
}

fn undo(given: &Given, name: &str) {
    let id = format!("d-{name}");
    given
        .ledger
        .record_reversal(&reversal(&id), &[], &event("decision.undone", &id))
        .unwrap();
}

fn confirmed(given: &Given) -> u64 {
    let records = given.ledger.payer_records().unwrap();
    records[0].confirmed.first().map_or(0, |(_, count)| *count)
}

#[test]
fn a_fact_has_its_count_its_days_and_its_sources() {
    let given = a_ledger();
    taught(&given, "a", person(), lesson(true));
    let later = Lesson {
        booked: day(9),
        ..lesson(true)
    };
    taught(&given, "b", person(), later);
    let against = Lesson {
        booked: day(20),
        observations: vec![(FACT.to_owned(), false)],
        ..lesson(true)
    };
    taught(&given, "c", person(), against);
    let facts = given.ledger.facts().unwrap();
    assert_eq!(facts.len(), 1);
    let fact = &facts[0];
    assert_eq!((fact.fact.as_str(), fact.count, fact.exceptions), (FACT, 2, 1));
    assert_eq!((fact.first, fact.last), (day(3), day(9)));
    let sources = given.ledger.fact_sources(FACT, 2).unwrap();
    let told: Vec<_> = sources.iter().map(|one| (one.decision.as_str(), one.holds)).collect();
    assert_eq!(told, [("d-c", false), ("d-b", true)]);
}

#[test]
fn a_reversal_takes_its_support_back() {
    let given = a_ledger();
    taught(&given, "a", person(), lesson(true));
    taught(&given, "b", person(), lesson(true));
    undo(&given, "a");
    assert_eq!(given.ledger.facts().unwrap()[0].count, 1);
    undo(&given, "b");
    assert_eq!(given.ledger.facts().unwrap(), []);
}

#[test]
fn a_removed_fact_begins_again_and_the_chain_knows() {
    let given = a_ledger();
    taught(&given, "a", person(), lesson(true));
    given.ledger.remove_fact(FACT, &person(), AT).unwrap();
    assert_eq!(given.ledger.facts().unwrap(), []);
    let again = given.ledger.remove_fact(FACT, &person(), AT).unwrap_err();
    assert_eq!(again.code(), "ledger/not-found");
    let links = given.ledger.audit_list(0, 100).unwrap();
    let last = &links.last().unwrap().event;
    assert_eq!((last.action.as_str(), last.subject.as_str()), ("fact.removed", FACT));
    taught(&given, "b", person(), lesson(true));
    assert_eq!(given.ledger.facts().unwrap()[0].count, 1);
    assert!(given.ledger.audit_verify().unwrap().broken_at.is_none());
}

#[test]
fn a_payers_record_counts_confirmations_since_the_last_setback() {
    let given = a_ledger();
    taught(&given, "a", person(), lesson(true));
    taught(&given, "b", person(), lesson(true));
    assert_eq!(confirmed(&given), 2);
    taught(&given, "c", rule(), lesson(true));
    assert_eq!(confirmed(&given), 2, "what no person saw confirms nothing");
    let record = &given.ledger.payer_records().unwrap()[0];
    assert_eq!((record.payer.as_str(), record.decisions, record.undone), (PAYER, 3, 0));
    assert_eq!(record.name.as_deref(), Some("ООО «Ромашка»"));
    undo(&given, "c");
    assert_eq!(confirmed(&given), 0, "the first reversal begins anew");
    taught(&given, "d", person(), lesson(true));
    assert_eq!(confirmed(&given), 1);
    taught(&given, "e", person(), lesson(false));
    assert_eq!(confirmed(&given), 0, "so does a suggestion that was not taken");
    let record = &given.ledger.payer_records().unwrap()[0];
    assert_eq!((record.decisions, record.undone), (5, 2));
    let unearnable = Lesson {
        class: None,
        ..lesson(false)
    };
    taught(&given, "f", person(), lesson(true));
    taught(&given, "g", person(), unearnable);
    assert_eq!(confirmed(&given), 1, "a choice between equals is no setback");
}

fn rejection(id: &str, entry: &EntryId, refused: Refused) -> Rejection {
    Rejection {
        id: id.to_owned(),
        entry: entry.clone(),
        refused,
        actor: person(),
        at: AT,
    }
}

#[test]
fn a_refusal_stands_until_it_is_taken_back() {
    let given = a_ledger();
    let entry = taught(&given, "a", person(), lesson(true));
    let one = rejection("r1", &entry, Refused::Invoice(InvoiceId::from("a")));
    let other = rejection(
        "r2",
        &entry,
        Refused::Customer {
            payer: PAYER.to_owned(),
            inn: "7728168971".to_owned(),
        },
    );
    given.ledger.reject(&one, None, &event("pair.rejected", "r1")).unwrap();
    assert_eq!(confirmed(&given), 1);
    given
        .ledger
        .reject(&other, Some(PAYER), &event("pair.rejected", "r2"))
        .unwrap();
    assert_eq!(confirmed(&given), 0);
    let record = &given.ledger.payer_records().unwrap()[0];
    assert_eq!(
        (record.decisions, record.undone),
        (2, 1),
        "a refused suggestion counts as one that was wrong"
    );
    assert_eq!(given.ledger.rejections().unwrap(), [other, one.clone()]);
    given.ledger.remove_rejection("r2", &person(), AT).unwrap();
    assert_eq!(given.ledger.rejections().unwrap(), [one]);
    assert_eq!(
        given.ledger.remove_rejection("r2", &person(), AT).unwrap_err().code(),
        "ledger/not-found"
    );
    let nowhere = rejection("r3", &EntryId::from("x"), Refused::Invoice(InvoiceId::from("a")));
    let refused = given
        .ledger
        .reject(&nowhere, None, &event("pair.rejected", "r3"))
        .unwrap_err();
    assert_eq!(refused.code(), "ledger/not-found");
}

fn rule_row(id: &str) -> RuleRow {
    RuleRow {
        id: id.to_owned(),
        body: format!("{{\"name\":\"{id}\"}}"),
        actor: person(),
        at: AT,
    }
}

fn order(ledger: &Ledger) -> String {
    ledger.rules().unwrap().into_iter().map(|rule| rule.id).collect()
}

#[test]
fn rules_keep_their_order() {
    let given = a_ledger();
    let ledger = &given.ledger;
    for (id, place) in [("a", 1), ("c", 9), ("b", 2)] {
        ledger.add_rule(&rule_row(id), place).unwrap();
    }
    assert_eq!(order(ledger), "abc");
    ledger.move_rule("c", 1, &person(), AT).unwrap();
    assert_eq!(order(ledger), "cab");
    ledger.move_rule("c", 99, &person(), AT).unwrap();
    assert_eq!(order(ledger), "abc");
    ledger.remove_rule("b", &person(), AT).unwrap();
    assert_eq!(order(ledger), "ac");
    assert_eq!(
        ledger.add_rule(&rule_row("a"), 1).unwrap_err().code(),
        "ledger/already-there"
    );
    assert_eq!(
        ledger.remove_rule("b", &person(), AT).unwrap_err().code(),
        "ledger/not-found"
    );
    assert_eq!(
        ledger.move_rule("b", 1, &person(), AT).unwrap_err().code(),
        "ledger/not-found"
    );
    let actions: Vec<String> = ledger
        .audit_list(0, 100)
        .unwrap()
        .into_iter()
        .map(|link| link.event.action)
        .filter(|action| action.starts_with("rule."))
        .collect();
    assert_eq!(
        actions,
        [
            "rule.added",
            "rule.added",
            "rule.added",
            "rule.moved",
            "rule.moved",
            "rule.removed"
        ]
    );
}

#[test]
fn everything_survives_a_restart() {
    let Given { ledger, folder } = {
        let given = a_ledger();
        let entry = taught(&given, "a", person(), lesson(true));
        let refused = rejection("r1", &entry, Refused::Invoice(InvoiceId::from("a")));
        given
            .ledger
            .reject(&refused, None, &event("pair.rejected", "r1"))
            .unwrap();
        given.ledger.add_rule(&rule_row("a"), 1).unwrap();
        given
    };
    let seen = |ledger: &Ledger| {
        (
            ledger.facts().unwrap(),
            ledger.payer_records().unwrap(),
            ledger.rejections().unwrap(),
            ledger.rules().unwrap(),
        )
    };
    let before = seen(&ledger);
    drop(ledger);
    assert_eq!(seen(&Ledger::open(folder.path()).unwrap()), before);
    assert_eq!(
        (before.0.len(), before.1.len(), before.2.len(), before.3.len()),
        (1, 1, 1, 1)
    );
}

#[test]
fn an_old_ledger_learns_from_what_stands_in_it() {
    let given = a_ledger();
    for name in ["a", "b"] {
        let entry = given.credit(name, 100);
        given.invoices(&[invoice(name, 100)]);
        given
            .decide(&decision(&format!("d-{name}"), &entry, &[(name, 100)]))
            .unwrap();
    }
    undo(&given, "b");
    // As the version before learning left it: decisions without a lesson.
    let Given { ledger, folder } = given;
    drop(ledger);
    let ledger = Ledger::open(folder.path()).unwrap();
    assert_eq!(
        (ledger.facts().unwrap(), ledger.rules().unwrap()),
        (Vec::new(), Vec::new())
    );
    let untaught = ledger.untaught(10).unwrap();
    assert_eq!(untaught, [DecisionId::from("d-a")]);
    let old = Lesson {
        class: None,
        ..lesson(true)
    };
    let lessons = [(DecisionId::from("d-a"), old.clone()), (DecisionId::from("d-b"), old)];
    assert_eq!(ledger.teach(&lessons, &event("lessons.taught", "")).unwrap(), 1);
    assert_eq!(ledger.teach(&lessons, &event("lessons.taught", "")).unwrap(), 0);
    assert_eq!(ledger.facts().unwrap()[0].count, 1);
    assert_eq!(ledger.untaught(10).unwrap(), []);
    assert!(ledger.audit_verify().unwrap().broken_at.is_none());
    assert_eq!(ledger.integrity_check().unwrap(), Vec::<String>::new());
}

#[test]
fn the_confirmed_past_is_by_day_and_without_what_was_undone() {
    let given = a_ledger();
    for name in ["a", "b", "c"] {
        taught(&given, name, person(), lesson(true));
    }
    undo(&given, "b");
    let past = given.ledger.confirmed(10).unwrap();
    let mut decisions: Vec<_> = past.iter().map(|one| one.decision.id.0.clone()).collect();
    assert!(past.is_sorted_by_key(|one| (one.entry.entry.booked, one.entry.id.clone())));
    decisions.sort();
    assert_eq!(decisions, ["d-a", "d-c"]);
    let last = given.ledger.confirmed(1).unwrap();
    assert_eq!(last[0].decision.id, DecisionId::from("d-c"));
    assert_eq!(last[0].decision.at, Timestamp(AT.0));
}
