use domain::{Approval, ApprovalKind, EntryId, OrderDraft, OrderId, PersonId, order::PartyDraft};
use store::{ExportedFile, OrderEvent, OrderState, StoreError};

use crate::given::{AT, Given, a_ledger, day, debit, person, rub, silent};

/// A draft without a defect.
pub fn draft() -> OrderDraft {
    let party = |name: &str, inn: &str, account: &str| PartyDraft {
        name: name.to_owned(),
        inn: inn.to_owned(),
        account: account.to_owned(),
        bik: "044525225".to_owned(),
        bank_name: "ПАО Сбербанк".to_owned(),
        ..PartyDraft::default()
    };
    OrderDraft {
        number: "7".to_owned(),
        date: Some(day(3)),
        amount: "150.00".to_owned(),
        payer: party("ООО \"Ромашка\"", "7707083893", PAYER),
        payee: party("ООО \"Василёк\"", "7736050003", PAYEE),
        purpose: "Оплата по договору 1, без НДС".to_owned(),
        ..OrderDraft::default()
    }
}

const PAYER: &str = "40702810200000000001";
const PAYEE: &str = "40702810500000000002";

fn anna() -> PersonId {
    PersonId::from("anna")
}

fn boris() -> PersonId {
    PersonId::from("boris")
}

fn submitted() -> OrderEvent {
    OrderEvent::Submitted { by: anna() }
}

fn approved_by(kind: ApprovalKind) -> OrderEvent {
    let content_hash = draft().check().unwrap().content_hash();
    OrderEvent::Approved {
        approval: Approval {
            kind,
            content_hash,
            at: AT,
        },
    }
}

fn approved() -> OrderEvent {
    approved_by(ApprovalKind::SecondPerson { approver: boris() })
}

fn rejected() -> OrderEvent {
    OrderEvent::Rejected {
        by: boris(),
        reason: "не та сумма".to_owned(),
    }
}

fn exported() -> OrderEvent {
    OrderEvent::Exported {
        file_name: "1c_to_kl.txt".to_owned(),
        file_sha256: "abc".to_owned(),
        folder: "bank".to_owned(),
    }
}

fn executed(entry: &EntryId) -> OrderEvent {
    OrderEvent::Executed { entry: entry.clone() }
}

struct WithDebit {
    given: Given,
    entry: EntryId,
}

/// The debit that order 7 would be, from an account whose statement is imported.
fn with_debit() -> WithDebit {
    let given = a_ledger();
    let mut entry = debit(3, "000007", 15_000);
    entry.counterparty.account = Some(PAYEE.into());
    let mut statement = silent(3, 3);
    statement.account.as_mut().unwrap().number = PAYER.to_owned();
    given.import("a", &statement, &[entry]);
    let entry = given.ledger.entry_ids().unwrap().remove(0);
    WithDebit { given, entry }
}

impl WithDebit {
    fn draft(&self, id: &str) -> OrderId {
        let id = OrderId::from(id);
        self.given.ledger.save_order_draft(&id, &draft(), &anna(), AT).unwrap();
        id
    }

    fn after(&self, id: &str, events: &[OrderEvent]) -> Result<OrderId, StoreError> {
        let id = self.draft(id);
        for event in events {
            self.given.ledger.record_order_event(&id, event, &person(), AT)?;
        }
        Ok(id)
    }

    fn state(&self, id: &OrderId) -> OrderState {
        self.given.ledger.order(id).unwrap().unwrap().state
    }

    fn find(&self) -> Vec<EntryId> {
        self.given
            .ledger
            .find_debit(PAYER, "7", day(3), rub(15_000), PAYEE)
            .unwrap()
    }
}

#[test]
fn a_file_takes_all_its_orders_or_none() {
    let it = with_debit();
    let ready = |id: &str| it.after(id, &[submitted(), approved()]).unwrap();
    let (one, two, three) = (ready("one"), ready("two"), it.draft("three"));
    let file = ExportedFile {
        name: "f".to_owned(),
        sha256: "abc".to_owned(),
        folder: "bank".to_owned(),
    };
    let export = |orders: &[(&OrderId, u32)]| it.given.ledger.record_orders_exported(orders, &file, &person(), AT);
    let refused = |orders: &[(&OrderId, u32)]| {
        let links = it.given.ledger.audit_verify().unwrap().links;
        let error = export(orders).unwrap_err();
        assert_eq!(it.state(&one), OrderState::Approved);
        assert_eq!(it.given.ledger.audit_verify().unwrap().links, links);
        error
    };
    assert!(matches!(
        refused(&[(&one, 1), (&three, 1)]),
        StoreError::OrderState { .. }
    ));
    assert!(matches!(
        refused(&[(&one, 1), (&one, 1)]),
        StoreError::OrderState { .. }
    ));
    assert!(matches!(
        refused(&[(&one, 1), (&two, 2)]),
        StoreError::OrderContentChanged { .. }
    ));
    export(&[(&one, 1), (&two, 1)]).unwrap();
    assert_eq!([it.state(&one), it.state(&two)], [OrderState::Exported; 2]);
    let again = export(&[(&two, 1)]).unwrap_err();
    assert!(matches!(again, StoreError::OrderState { .. }));
}

#[test]
fn only_legal_steps_are_taken() {
    let it = with_debit();
    let events = [
        ("submitted", submitted()),
        ("approved", approved()),
        ("rejected", rejected()),
        ("exported", exported()),
        ("executed", executed(&it.entry)),
    ];
    let ways: [(&str, Vec<OrderEvent>, &[&str]); 6] = [
        ("draft", vec![], &["submitted"]),
        ("submitted", vec![submitted()], &["approved", "rejected"]),
        ("approved", vec![submitted(), approved()], &["rejected", "exported"]),
        ("rejected", vec![submitted(), rejected()], &["submitted"]),
        ("exported", vec![submitted(), approved(), exported()], &["executed"]),
        (
            "executed",
            vec![submitted(), approved(), exported(), executed(&it.entry)],
            &[],
        ),
    ];
    for (from, way, legal) in ways {
        for (to, event) in &events {
            // The one debit can be claimed once, so each try has its own ledger.
            let it = with_debit();
            let id = it.after("o", &way).unwrap();
            assert_eq!(it.state(&id).as_str(), from);
            let taken = it.given.ledger.record_order_event(&id, event, &person(), AT);
            if legal.contains(to) {
                taken.unwrap();
                assert_eq!(it.state(&id).as_str(), *to);
            } else {
                let state = OrderState::parse(from).unwrap();
                assert_eq!(
                    taken.unwrap_err(),
                    StoreError::OrderState {
                        order: id,
                        state,
                        attempted: to
                    },
                    "{from}"
                );
            }
        }
    }
}

#[test]
fn a_new_revision_voids_what_was_consented() {
    let it = with_debit();
    let id = it.after("o", &[submitted(), approved()]).unwrap();
    let same = OrderDraft { ..draft() };
    it.given.ledger.save_order_draft(&id, &same, &anna(), AT).unwrap();
    assert_eq!(it.state(&id), OrderState::Approved, "saved without a change");
    let dearer = OrderDraft {
        amount: "151.00".to_owned(),
        ..draft()
    };
    it.given.ledger.save_order_draft(&id, &dearer, &boris(), AT).unwrap();
    let record = it.given.ledger.order(&id).unwrap().unwrap();
    assert_eq!((record.state, record.revision), (OrderState::Draft, 2));
    assert_eq!(
        (record.approval, record.submitted_by, record.author),
        (None, None, boris())
    );
    assert_eq!(record.history.len(), 4);
    // The old consent does not fit the new content.
    it.given
        .ledger
        .record_order_event(&id, &submitted(), &person(), AT)
        .unwrap();
    let stale = it
        .given
        .ledger
        .record_order_event(&id, &approved(), &person(), AT)
        .unwrap_err();
    assert_eq!(stale, StoreError::OrderContentChanged { order: id });
}

#[test]
fn what_is_at_the_bank_stays_as_it_is() {
    let it = with_debit();
    let id = it.after("o", &[submitted(), approved(), exported()]).unwrap();
    let refused = it
        .given
        .ledger
        .save_order_draft(&id, &OrderDraft::default(), &anna(), AT)
        .unwrap_err();
    assert!(matches!(
        refused,
        StoreError::OrderState {
            state: OrderState::Exported,
            attempted: "draft",
            ..
        }
    ));
    let record = it.given.ledger.order(&id).unwrap().unwrap();
    assert_eq!(record.exported.unwrap().file_name, "1c_to_kl.txt");
}

#[test]
fn the_second_person_is_another() {
    let it = with_debit();
    let own = approved_by(ApprovalKind::SecondPerson { approver: anna() });
    let refused = it.after("o", &[submitted(), own]).unwrap_err();
    assert_eq!(
        refused,
        StoreError::AuthorApproves {
            order: OrderId::from("o")
        }
    );
    let alone = approved_by(ApprovalKind::SoleOperator { operator: anna() });
    it.after("p", &[submitted(), alone]).unwrap();
}

#[test]
fn an_order_with_defects_is_not_submitted() {
    let it = with_debit();
    let id = OrderId::from("o");
    let half = OrderDraft {
        amount: String::new(),
        ..draft()
    };
    it.given.ledger.save_order_draft(&id, &half, &anna(), AT).unwrap();
    let refused = it
        .given
        .ledger
        .record_order_event(&id, &submitted(), &person(), AT)
        .unwrap_err();
    assert_eq!(refused, StoreError::OrderDefective { order: id });
}

#[test]
fn a_debit_executes_one_order() {
    let it = with_debit();
    let way = [submitted(), approved(), exported()];
    let first = it.after("o", &way).unwrap();
    let second = it.after("p", &way).unwrap();
    assert_eq!(it.find(), std::slice::from_ref(&it.entry));
    assert_eq!(it.given.ledger.debits_since(day(3)).unwrap().len(), 1);
    assert_eq!(it.given.ledger.debits_since(day(4)).unwrap(), []);
    let execute = |id: &OrderId| {
        it.given
            .ledger
            .record_order_event(id, &executed(&it.entry), &person(), AT)
    };
    execute(&first).unwrap();
    assert_eq!(it.find(), []);
    assert_eq!(it.given.ledger.debits_since(day(3)).unwrap(), []);
    assert_eq!(
        execute(&second).unwrap_err(),
        StoreError::EntryClaimed {
            entry: it.entry.clone(),
            order: first.clone()
        }
    );
    assert_eq!(
        it.given.ledger.order(&first).unwrap().unwrap().executed,
        Some(it.entry.clone())
    );
    let states: Vec<_> = it
        .given
        .ledger
        .orders(None)
        .unwrap()
        .into_iter()
        .map(|one| one.id.0)
        .collect();
    assert_eq!(states, ["p", "o"]);
    assert_eq!(it.given.ledger.orders(Some(OrderState::Executed)).unwrap().len(), 1);
}

#[test]
fn only_its_debit_closes_an_order() {
    let it = with_debit();
    let id = it.after("o", &[submitted(), approved(), exported()]).unwrap();
    let credit = it.given.credit("7", 15_000);
    let refused = it
        .given
        .ledger
        .record_order_event(&id, &executed(&credit), &person(), AT)
        .unwrap_err();
    assert!(matches!(refused, StoreError::NotItsDebit { .. }));
    let ledger = &it.given.ledger;
    let other = |number: &str, date: u32, kopecks: i64, payee: &str| {
        ledger
            .find_debit(PAYER, number, day(date), rub(kopecks), payee)
            .unwrap()
    };
    assert_eq!(other("8", 3, 15_000, PAYEE), []);
    assert_eq!(other("7", 4, 15_000, PAYEE), []);
    assert_eq!(other("7", 3, 15_001, PAYEE), []);
    assert_eq!(other("7", 3, 15_000, PAYER), []);
    assert_eq!(other("0007", 3, 15_000, PAYEE), std::slice::from_ref(&it.entry));
}
