//! Guards upgrades: an identity made by an earlier version must come out the same, or every known entry is new.

use domain::{Entry, EntryIdentity, EntryKey, RawFields};

use crate::given::{ACCOUNT, credit, debit};

fn id_of(entry: &Entry, occurrence: u32) -> String {
    let identity = EntryIdentity {
        key: EntryKey::of(ACCOUNT, entry),
        occurrence,
    };
    identity.entry_id().0
}

#[test]
fn known_identities_never_change() {
    let plain = credit(3, "12", 20_000);
    let by_reference = Entry {
        bank_reference: Some("REF-7".into()),
        ..plain.clone()
    };
    let bare = Entry {
        number: None,
        document_date: None,
        counterparty: domain::Counterparty::default(),
        ..debit(4, "", 1)
    };
    let cases = [
        (&plain, 1, "e1-e3684a6cad837008d068f8c9ba2f2d62"),
        (&plain, 2, "e1-a47238b5917440c21ba71fc20f46f595"),
        (&by_reference, 1, "e1-ea274152ff45c235234aecae2282f3ea"),
        (&bare, 1, "e1-47c8baeb81283eb3df649dc7afdb343b"),
    ];
    for (entry, occurrence, expected) in cases {
        assert_eq!(id_of(entry, occurrence), expected);
    }
    let payment = EntryIdentity {
        key: EntryKey::of(ACCOUNT, &plain),
        occurrence: 1,
    };
    assert_eq!(payment.payment_id().0, "sv1-e3684a6cad837008d068f8c9ba2f2d62");
}

#[test]
fn what_may_change_between_exports_is_not_in_the_identity() {
    let plain = credit(3, "12", 20_000);
    let mut later = plain.clone();
    later.kind = None;
    later.counterparty.name = Some("Ромашка ООО".to_owned());
    later.purpose = "другое".to_owned();
    later.line = 99;
    later.raw = RawFields::default();
    assert_eq!(id_of(&plain, 1), id_of(&later, 1));
    let spaced = EntryKey::of("4070281090 0000000001", &plain);
    assert_eq!(spaced, EntryKey::of(ACCOUNT, &plain));
}
