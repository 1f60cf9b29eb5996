use domain::{Direction, EntryIdentity, EntryKey};

use crate::sample::{day, entry, roubles};

const ACCOUNT: &str = "40702810500032000017";

fn first(entry: &domain::Entry) -> EntryIdentity {
    EntryIdentity {
        key: EntryKey::of(ACCOUNT, entry),
        occurrence: 1,
    }
}

/// Ledgers hold these. If this test fails, the identity of every stored entry has changed: raise the version and keep
/// the old rule for what was stored under it.
#[test]
fn identities_of_version_1_are_for_ever() {
    assert_eq!(domain::identity::VERSION, 1);
    assert_eq!(
        first(&entry()).entry_id().as_str(),
        "e1-7f413b679041e7180746b92c8db75435"
    );
    assert_eq!(
        first(&entry()).payment_id().as_str(),
        "sv1-7f413b679041e7180746b92c8db75435"
    );
    let by_reference = domain::Entry {
        bank_reference: Some("B6-77".into()),
        ..entry()
    };
    assert_eq!(
        first(&by_reference).entry_id().as_str(),
        "e1-a215ef925099d7a3893245b9cc3e7019"
    );
}

#[test]
fn wording_is_not_identity() {
    let mut other = entry();
    other.kind = Some("Банковский ордер".into());
    other.purpose = "иначе".to_owned();
    other.counterparty.name = Some("Ромашка, ООО".to_owned());
    other.line = 99;
    assert_eq!(
        EntryKey::of(ACCOUNT, &entry()),
        EntryKey::of("40702810 5000 3200 0017", &other)
    );
}

#[test]
fn everything_else_is() {
    let base = EntryKey::of(ACCOUNT, &entry());
    type Change = fn(&mut domain::Entry);
    let changes: [(&str, Change); 6] = [
        ("direction", |entry| entry.direction = Some(Direction::Debit)),
        ("number", |entry| entry.number = Some("319".into())),
        ("document date", |entry| entry.document_date = Some(day("2026-11-18"))),
        ("booking day", |entry| entry.booked = day("2026-11-21")),
        ("amount", |entry| entry.amount = roubles(1_500_001)),
        ("counter-account", |entry| entry.counterparty.account = None),
    ];
    for (what, change) in changes {
        let mut other = entry();
        change(&mut other);
        assert_ne!(EntryKey::of(ACCOUNT, &other), base, "{what}");
    }
    assert_ne!(EntryKey::of("40702810500032000018", &entry()), base, "account");
}

#[test]
fn the_second_alike_is_another_entry_and_another_payment() {
    let second = EntryIdentity {
        occurrence: 2,
        ..first(&entry())
    };
    assert_ne!(second.entry_id(), first(&entry()).entry_id());
    assert_ne!(second.payment_id(), first(&entry()).payment_id());
    assert_eq!(second.payment_id().short().len(), 8);
}
