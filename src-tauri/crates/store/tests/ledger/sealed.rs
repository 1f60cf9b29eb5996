//! Settings, secrets, the journal of calls, and people.

use domain::PersonId;
use store::{Ledger, Person, Role, StoreError};

use crate::given::{AT, a_ledger, person};

#[test]
fn settings_and_secrets_are_kept_and_replaced() {
    let given = a_ledger();
    let ledger = &given.ledger;
    assert_eq!(ledger.setting("folder").unwrap(), None);
    for value in ["a", "b"] {
        ledger.set_setting("folder", value, &person(), AT).unwrap();
        ledger.set_secret("hook", value.as_bytes(), &person(), AT).unwrap();
    }
    assert_eq!(ledger.setting("folder").unwrap().as_deref(), Some("b"));
    assert_eq!(ledger.secret("hook").unwrap().as_deref(), Some(&b"b"[..]));
    assert!(ledger.replace_secret("hook", b"c", &person(), AT).unwrap());
    assert_eq!(ledger.secret("hook").unwrap().as_deref(), Some(&b"c"[..]));
    ledger.delete_secret("hook", &person(), AT).unwrap();
    assert!(!ledger.replace_secret("hook", b"d", &person(), AT).unwrap());
    assert_eq!(ledger.secret("hook").unwrap(), None);
    let said: String = ledger
        .audit_list(0, 100)
        .unwrap()
        .into_iter()
        .map(|link| link.event.body)
        .collect();
    assert!(said.contains("{\"before\":\"a\",\"value\":\"b\"}"), "{said}");
}

#[test]
fn the_call_journal_gives_the_latest_first() {
    let given = a_ledger();
    for n in 0..3u8 {
        given.ledger.append_call(&[n], AT).unwrap();
    }
    assert_eq!(given.ledger.calls(2).unwrap(), [(AT, vec![2]), (AT, vec![1])]);
}

#[test]
fn what_was_spent_of_a_grant_is_given_to_whoever_takes_next() {
    let given = a_ledger();
    let other = Ledger::open(given.ledger.folder()).unwrap();
    for (ledger, before, after) in [
        (&given.ledger, None, "1"),
        (&other, Some("1"), "2"),
        (&given.ledger, Some("2"), "3"),
    ] {
        let mut seen = None;
        let take = |kept: Option<&str>| {
            seen = kept.map(str::to_owned);
            after.to_owned()
        };
        ledger.spend("b24", take).unwrap();
        assert_eq!(seen.as_deref(), before);
    }
    other
        .spend("amo", |kept| {
            assert_eq!(kept, None);
            String::new()
        })
        .unwrap();
}

#[test]
fn people_have_one_name_each_and_no_printed_hash() {
    let given = a_ledger();
    let anna = Person {
        id: PersonId::from("p1"),
        name: "Анна".to_owned(),
        role: Role::Owner,
        passphrase_hash: "$argon2id$secret".to_owned(),
    };
    given.ledger.add_person(&anna, &person(), AT).unwrap();
    assert_eq!(given.ledger.person_by_name(" Анна ").unwrap(), Some(anna.clone()));
    assert_eq!(given.ledger.person_by_name("Борис").unwrap(), None);
    for taken in [
        Person {
            id: PersonId::from("p2"),
            ..anna.clone()
        },
        Person {
            name: "Вера".to_owned(),
            ..anna.clone()
        },
    ] {
        let refused = given.ledger.add_person(&taken, &person(), AT).unwrap_err();
        assert!(matches!(refused, StoreError::Exists { what: "person", .. }));
    }
    assert_eq!(given.ledger.people().unwrap(), std::slice::from_ref(&anna));
    assert!(!format!("{anna:?}").contains("secret"));
    let said: String = given
        .ledger
        .audit_list(0, 100)
        .unwrap()
        .into_iter()
        .map(|link| link.event.body)
        .collect();
    assert!(!said.contains("secret"), "{said}");
}
