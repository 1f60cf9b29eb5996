//! Our own legal entities, their accounts, and the connections that bill for them.

use std::collections::BTreeMap;

use store::{CompanyRow, StoreError};

use crate::given::{ACCOUNT, AT, a_ledger, connection, person};

fn company(inn: &str, name: &str) -> CompanyRow {
    CompanyRow {
        inn: inn.to_owned(),
        name: name.to_owned(),
        kpp: None,
    }
}

#[test]
fn a_company_goes_with_all_that_was_said_of_it_and_every_change_is_an_event() {
    let given = a_ledger();
    let ledger = &given.ledger;
    let [one, two] = [company("7707083893", "Первая"), company("7702070139", "Вторая")];
    for row in [&one, &two, &one] {
        ledger.save_company(row, &person(), AT).unwrap();
    }
    assert_eq!(ledger.companies().unwrap(), [one.clone(), two.clone()]);
    let renamed = company(&two.inn, "Вторая фирма");
    ledger.save_company(&renamed, &person(), AT).unwrap();
    assert_eq!(ledger.companies().unwrap()[1], renamed);

    let spaced = "40702810 9 0000 0000001";
    ledger
        .set_account_company(spaced, Some(&two.inn), &person(), AT)
        .unwrap();
    assert_eq!(
        ledger.account_companies().unwrap(),
        BTreeMap::from([(ACCOUNT.to_owned(), two.inn.clone())])
    );
    ledger.connect(&connection("b24"), None, b"key", &person(), AT).unwrap();
    let both = [two.inn.clone(), one.inn.clone()];
    ledger.set_connection_companies("b24", &both, &person(), AT).unwrap();
    assert_eq!(
        ledger.connection_companies().unwrap()["b24"],
        [one.inn.clone(), two.inn.clone()]
    );

    let unknown = |error: StoreError| matches!(error, StoreError::NotFound { .. });
    let stranger = ["500100732259".to_owned()];
    assert!(unknown(
        ledger
            .set_account_company(ACCOUNT, Some("1"), &person(), AT)
            .unwrap_err()
    ));
    assert!(unknown(
        ledger
            .set_connection_companies("b24", &stranger, &person(), AT)
            .unwrap_err()
    ));
    assert!(unknown(
        ledger
            .set_connection_companies("b24-2", &both, &person(), AT)
            .unwrap_err()
    ));
    assert_eq!(
        ledger.connection_companies().unwrap()["b24"].len(),
        2,
        "a refusal changes nothing"
    );

    ledger.remove_company(&two.inn, &person(), AT).unwrap();
    assert!(unknown(ledger.remove_company(&two.inn, &person(), AT).unwrap_err()));
    assert_eq!(ledger.account_companies().unwrap(), BTreeMap::new());
    assert_eq!(ledger.connection_companies().unwrap()["b24"], [one.inn.as_str()]);
    ledger
        .set_account_company(ACCOUNT, Some(&one.inn), &person(), AT)
        .unwrap();
    ledger.set_account_company(ACCOUNT, None, &person(), AT).unwrap();
    assert_eq!(ledger.account_companies().unwrap(), BTreeMap::new());
    let events = ledger.audit_list(0, 100).unwrap();
    let saved = events
        .iter()
        .filter(|link| link.event.action == "company.saved")
        .count();
    assert_eq!(saved, 3, "what is saved as it was is no change");
}

#[test]
fn the_latest_entries_of_an_account_are_found() {
    let given = a_ledger();
    for number in ["1", "2", "3"] {
        given.credit(number, 100);
    }
    assert_eq!(given.ledger.latest_of_account(ACCOUNT, 2).unwrap().len(), 2);
    assert_eq!(given.ledger.latest_of_account("40702810000000000009", 2).unwrap(), []);
}
