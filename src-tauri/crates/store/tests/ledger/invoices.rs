use domain::{InvoiceId, InvoiceStatus};
use store::{InvoiceQuery, PullReport, StoreError};

use crate::given::{AT, a_ledger, decision, invoice, rub};

#[test]
fn a_pull_says_what_changed() {
    let given = a_ledger();
    let ledger = &given.ledger;
    let pull = |invoices: &[domain::Invoice], complete| ledger.replace_invoices("b24", invoices, complete, AT).unwrap();
    let (a, b) = (invoice("a", 10), invoice("b", 20));
    assert_eq!(ledger.pulled_at("b24").unwrap(), None);
    assert_eq!(
        pull(&[a.clone(), b.clone()], true),
        PullReport {
            new: 2,
            ..PullReport::default()
        }
    );
    assert_eq!(ledger.pulled_at("b24").unwrap(), Some(AT));
    let dearer = domain::Invoice {
        amount: rub(25),
        ..b.clone()
    };
    let told = pull(&[dearer], false);
    assert_eq!(
        (told.changed, told.gone.len()),
        (1, 0),
        "not complete: silence says nothing"
    );
    let told = pull(std::slice::from_ref(&a), true);
    assert_eq!((told.unchanged, &told.gone[..]), (1, &[InvoiceId::from("b")][..]));
    assert_eq!(ledger.open_invoices().unwrap().len(), 1);
    let told = pull(std::slice::from_ref(&a), true);
    assert_eq!(told.gone, [], "gone once");
    let told = pull(&[a, b], true);
    assert_eq!((told.unchanged, told.changed), (1, 1), "back again");
    assert_eq!(ledger.open_invoices().unwrap().len(), 2);
    // Another CRM's invoices are not this one's to miss.
    ledger.replace_invoices("amo", &[invoice("z", 1)], true, AT).unwrap();
    assert_eq!(ledger.open_invoices().unwrap().len(), 3);
}

#[test]
fn what_is_open_is_ours_to_say() {
    let given = a_ledger();
    let entry = given.credit("1", 10);
    let a = invoice("a", 10);
    given.invoices(std::slice::from_ref(&a));
    given.decide(&decision("d", &entry, &[("a", 4)])).unwrap();
    let told = given.ledger.replace_invoices("b24", &[a], true, AT).unwrap();
    assert_eq!((told.unchanged, told.changed), (1, 0));
    assert_eq!(given.ledger.open_invoices().unwrap()[0].open, rub(6));
}

#[test]
fn what_a_payment_may_name_has_its_status() {
    let given = a_ledger();
    let entry = given.credit("1", 10);
    given.invoices(&[invoice("gone", 10), invoice("here", 10), invoice("paid", 10)]);
    given.decide(&decision("d", &entry, &[("paid", 10)])).unwrap();
    given
        .ledger
        .replace_invoices("b24", &[invoice("here", 10)], true, AT)
        .unwrap();
    let statuses: Vec<_> = given
        .ledger
        .matchable_invoices()
        .unwrap()
        .into_iter()
        .map(|one| (one.id.to_string(), one.status))
        .collect();
    assert_eq!(
        statuses,
        [
            ("gone".to_owned(), InvoiceStatus::Cancelled),
            ("here".to_owned(), InvoiceStatus::Open),
            ("paid".to_owned(), InvoiceStatus::Paid),
        ]
    );
}

#[test]
fn a_pull_is_silent_about_paid_invoices_and_they_stay() {
    let given = a_ledger();
    given.invoices(&[invoice("a", 10)]);
    let paid = domain::Invoice {
        status: InvoiceStatus::Paid,
        ..invoice("a", 10)
    };
    given.ledger.replace_invoices("b24", &[paid], true, AT).unwrap();
    let told = given.ledger.replace_invoices("b24", &[], true, AT).unwrap();
    assert_eq!(told.gone, []);
    // Undone here, before the CRM says so itself.
    given
        .ledger
        .set_invoice_status(&InvoiceId::from("a"), InvoiceStatus::Open, AT)
        .unwrap();
    assert_eq!(
        given.ledger.matchable_invoices().unwrap()[0].status,
        InvoiceStatus::Open
    );
}

#[test]
fn lists_are_searched_and_paged() {
    let given = a_ledger();
    let mut ivy = invoice("1", 10);
    ivy.customer.name = "АО «Плющ Ёлочный»".to_owned();
    given.invoices(&[ivy, invoice("2", 10), invoice("3", 10)]);
    let list = |search: &str, only_open, offset, limit| {
        let query = InvoiceQuery {
            only_open,
            search: search.to_owned(),
            offset,
            limit,
        };
        let page = given.ledger.invoices(&query).unwrap();
        (
            page.total,
            page.rows.into_iter().map(|one| one.id.to_string()).collect::<Vec<_>>(),
        )
    };
    assert_eq!(list("", true, 1, 1), (3, vec!["2".to_owned()]));
    assert_eq!(list("ЕЛОЧН", false, 0, 9), (1, vec!["1".to_owned()]));
    assert_eq!(list("ромашка сч-2", false, 0, 9), (1, vec!["2".to_owned()]));
    assert_eq!(list("%", false, 0, 9).0, 3, "no word, no filter");
    let id = InvoiceId::from("2");
    given.ledger.set_invoice_status(&id, InvoiceStatus::Paid, AT).unwrap();
    assert_eq!(list("", true, 0, 9).0, 2);
    let unknown = given
        .ledger
        .set_invoice_status(&InvoiceId::from("x"), InvoiceStatus::Paid, AT)
        .unwrap_err();
    assert!(matches!(unknown, StoreError::NotFound { what: "invoice", .. }));
}
