use domain::{DecisionKind, EntryId};
use store::{InboxDirection, InboxQuery, InboxState, ProposalRow, StoreError, Verdict};

use crate::given::{Given, a_ledger, credit, debit, decision, event, invoice, reversal, silent};

fn list(given: &Given, query: InboxQuery) -> (u64, Vec<String>) {
    let page = given.ledger.inbox(&query).unwrap();
    (page.total, page.rows.into_iter().filter_map(|row| row.number).collect())
}

fn proposal(entry: &EntryId, verdict: Verdict) -> ProposalRow {
    ProposalRow {
        entry: entry.clone(),
        verdict,
        reason: "why".to_owned(),
        json: "{}".to_owned(),
        goes_back: false,
    }
}

#[test]
fn states_follow_rulings_and_proposals() {
    let given = a_ledger();
    let ids: Vec<EntryId> = (1..=7).map(|n| given.credit(&n.to_string(), n * 100)).collect();
    given.invoices(&[invoice("i", 700)]);
    let rows = [
        proposal(&ids[0], Verdict::Review),
        proposal(&ids[1], Verdict::Auto),
        proposal(&ids[2], Verdict::None),
        proposal(&ids[3], Verdict::Stranger),
        proposal(&ids[6], Verdict::Review),
    ];
    given.ledger.save_proposals(&rows).unwrap();
    let mut stranger = decision("s", &ids[5], &[]);
    stranger.kind = DecisionKind::NotACustomersPayment;
    given.decide(&stranger).unwrap();
    given.decide(&decision("d", &ids[6], &[("i", 700)])).unwrap();
    let of = |state| {
        list(
            &given,
            InboxQuery {
                state: Some(state),
                ..InboxQuery::default()
            },
        )
    };
    let numbers = |numbers: &[&str]| {
        (
            numbers.len() as u64,
            numbers.iter().map(|&one| one.to_owned()).collect(),
        )
    };
    assert_eq!(of(InboxState::Review), numbers(&["2", "1"]));
    assert_eq!(of(InboxState::NotFound), numbers(&["5", "3"]));
    assert_eq!(of(InboxState::Decided), numbers(&["7"]));
    assert_eq!(of(InboxState::NotCustomers), numbers(&["6", "4"]));
    let counts = given.ledger.inbox_counts().unwrap();
    assert_eq!(
        (counts.review, counts.not_found, counts.decided, counts.not_customers),
        (2, 2, 1, 2)
    );
    let decided = given
        .ledger
        .inbox(&InboxQuery {
            state: Some(InboxState::Decided),
            ..InboxQuery::default()
        })
        .unwrap();
    assert_eq!(decided.rows[0].invoice_numbers, ["СЧ-i"]);
    assert!(decided.rows[0].advance.is_zero());
    // Undone, the proposal counts again; and proposals are replaced.
    given
        .ledger
        .record_reversal(&reversal("d"), &[], &event("decision.undone", "d"))
        .unwrap();
    assert_eq!(of(InboxState::Review).0, 3);
    given
        .ledger
        .save_proposals(&[proposal(&ids[6], Verdict::None)])
        .unwrap();
    assert_eq!(of(InboxState::NotFound).0, 3);
    let unknown = given
        .ledger
        .save_proposals(&[proposal(&EntryId::from("x"), Verdict::None)]);
    assert!(matches!(unknown, Err(StoreError::Database { .. })));
}

#[test]
fn proposals_that_say_the_same_write_nothing() {
    let given = a_ledger();
    let rows = [proposal(&given.credit("1", 1), Verdict::Review)];
    given.ledger.save_proposals(&rows).unwrap();
    let before = given.ledger.change_counter().unwrap();
    given.ledger.save_proposals(&rows).unwrap();
    assert_eq!(
        given.ledger.change_counter().unwrap(),
        before,
        "or listeners would wake each other for ever"
    );
}

#[test]
fn search_finds_words_by_their_start() {
    let given = a_ledger();
    let mut ivy = credit(4, "77", 123_456);
    ivy.counterparty.name = Some("АО «Плющ»".to_owned());
    ivy.counterparty.inn = Some("5000000000".into());
    ivy.purpose = "За чёрный хлеб по счёту №АБ-15/2".to_owned();
    given.import("a", &silent(3, 4), &[credit(3, "12", 1), ivy, debit(4, "99", 5)]);
    let found = |search: &str| {
        list(
            &given,
            InboxQuery {
                search: search.to_owned(),
                ..InboxQuery::default()
            },
        )
        .1
    };
    for typed in [
        "плющ",
        "ПЛЮ",
        "черный",
        "чёрный хл",
        "5000",
        "аб-15/2",
        "1234.56",
        "счету плющ",
    ] {
        assert_eq!(found(typed), ["77"], "{typed}");
    }
    for typed in ["хлебный", "ющ", "плющ ромашка", "77 OR 12"] {
        assert_eq!(found(typed), Vec::<String>::new(), "{typed}");
    }
    for typed in ["", "«»", "\"", "*", "(", "-", "' --"] {
        assert_eq!(found(typed).len(), 2, "{typed}");
    }
    let both = InboxQuery {
        direction: InboxDirection::Both,
        ..InboxQuery::default()
    };
    assert_eq!(
        list(&given, both),
        (3, vec!["99".to_owned(), "77".to_owned(), "12".to_owned()])
    );
    let page = InboxQuery {
        direction: InboxDirection::Both,
        offset: 1,
        limit: 1,
        ..InboxQuery::default()
    };
    assert_eq!(list(&given, page), (3, vec!["77".to_owned()]));
}

#[test]
fn what_is_above_the_invoices_is_an_advance_until_the_decision_is_undone() {
    let given = a_ledger();
    let ids = [("1", 500), ("2", 700), ("3", 700)].map(|(number, sum)| given.credit(number, sum));
    given.invoices(&[invoice("i", 500), invoice("j", 1000)]);
    given.decide(&decision("whole", &ids[0], &[("i", 500)])).unwrap();
    given.decide(&decision("above", &ids[1], &[("j", 600)])).unwrap();
    let of = || {
        let page = given.ledger.inbox(&InboxQuery {
            advances: true,
            ..InboxQuery::default()
        });
        page.unwrap()
    };
    let page = of();
    let listed: Vec<_> = page.rows.iter().map(|row| (&row.entry, row.advance.minor())).collect();
    assert_eq!((page.total, listed), (1, vec![(&ids[1], 100)]));
    assert_eq!(given.ledger.inbox_counts().unwrap().advances, 1);
    given
        .ledger
        .record_reversal(&reversal("above"), &[], &event("decision.undone", "above"))
        .unwrap();
    assert_eq!((of().total, given.ledger.inbox_counts().unwrap().advances), (0, 0));
}
