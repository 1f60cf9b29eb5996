use domain::{
    ApprovalError, ApprovalKind, Approved, OrderDraft, Permission, PersonId, Submitted, Timestamp,
    order::{NAME_CHARS_MAX, PURPOSE_CHARS_MAX},
};

use crate::sample::{draft, roubles};

fn fields(draft: &OrderDraft) -> Vec<String> {
    let mut fields: Vec<String> = draft
        .check()
        .err()
        .unwrap_or_default()
        .into_iter()
        .map(|defect| defect.field)
        .collect();
    fields.dedup();
    fields
}

#[test]
fn a_sound_draft_becomes_an_order() {
    let order = draft().check().unwrap();
    assert_eq!(order.amount, roubles(4_850_000));
    assert_eq!(order.priority, 5);
    assert_eq!(
        order.payee.name, "ООО \"Канцторг\"",
        "typographic quotes become plain ones"
    );
    assert_eq!(order.purpose, "Оплата по счёту № 77 за бумагу. НДС 22 % - 8745,90");
}

#[test]
fn every_defect_is_named_by_its_field() {
    type Change = fn(&mut OrderDraft);
    let changes: [(&str, Change); 22] = [
        ("number", |draft| draft.number = "0000".to_owned()),
        ("number", |draft| draft.number = "1234567".to_owned()),
        ("number", |draft| draft.number = "17а".to_owned()),
        ("date", |draft| draft.date = None),
        ("amount", |draft| draft.amount = "0".to_owned()),
        ("amount", |draft| draft.amount = "-5".to_owned()),
        ("amount", |draft| draft.amount = "10.005".to_owned()),
        ("amount", |draft| draft.amount = "много".to_owned()),
        ("amount", |draft| draft.amount = "100000000000.01".to_owned()),
        ("payer.inn", |draft| draft.payer.inn = String::new()),
        ("payee.inn", |draft| draft.payee.inn = "7830002294".to_owned()),
        ("payee.kpp", |draft| draft.payee.kpp = "78400".to_owned()),
        ("payee.bik", |draft| draft.payee.bik = "944525593".to_owned()),
        ("payee.account", |draft| {
            draft.payee.account = "40702810000000000000".to_owned()
        }),
        ("payee.account", |draft| {
            draft.payee.account = "03100643000000018500".to_owned()
        }),
        ("payee.account", |draft| {
            draft.payee.bik.clone_from(&draft.payer.bik);
            draft.payee.account.clone_from(&draft.payer.account);
        }),
        ("payee.correspondent_account", |draft| {
            draft.payee.correspondent_account = "30101810100000000000".to_owned()
        }),
        ("payee.name", |draft| draft.payee.name = " ".to_owned()),
        ("purpose", |draft| draft.purpose = String::new()),
        ("purpose", |draft| draft.purpose = "за 5 € наличными".to_owned()),
        ("priority", |draft| draft.priority = "6".to_owned()),
        ("uin", |draft| draft.uin = "18209965144380684246".to_owned()),
    ];
    for (field, change) in changes {
        let mut changed = draft();
        change(&mut changed);
        assert_eq!(fields(&changed), [field]);
    }
}

#[test]
fn lengths_hold_at_the_limit_and_break_one_past_it() {
    let purpose = |length| OrderDraft {
        purpose: "ж".repeat(length),
        ..draft()
    };
    assert_eq!(fields(&purpose(PURPOSE_CHARS_MAX)), [""; 0]);
    assert_eq!(fields(&purpose(PURPOSE_CHARS_MAX + 1)), ["purpose"]);
    let named = |length| {
        let mut draft = draft();
        draft.payee.name = "ж".repeat(length);
        draft
    };
    assert_eq!(fields(&named(NAME_CHARS_MAX)), [""; 0]);
    assert_eq!(fields(&named(NAME_CHARS_MAX + 1)), ["payee.name"]);
    assert_eq!(
        fields(&OrderDraft {
            number: "999999".to_owned(),
            ..draft()
        }),
        [""; 0]
    );
    assert_eq!(
        fields(&OrderDraft {
            amount: "100000000000.00".to_owned(),
            ..draft()
        }),
        [""; 0]
    );
}

#[test]
fn a_person_has_no_kpp_and_may_have_no_inn() {
    let mut to_person = draft();
    to_person.payee.inn = "500100732259".to_owned();
    assert_eq!(fields(&to_person), ["payee.kpp"]);
    to_person.payee.kpp = "0".to_owned();
    assert_eq!(fields(&to_person), [""; 0]);
    to_person.payee.inn = "0".to_owned();
    assert_eq!(fields(&to_person), [""; 0]);
}

#[test]
fn sums_are_taken_as_people_type_them() {
    for typed in ["48500", "48 500,00", "48\u{a0}500.00", " 48500,0 "] {
        let draft = OrderDraft {
            amount: typed.to_owned(),
            ..draft()
        };
        assert_eq!(draft.check().unwrap().amount, roubles(4_850_000), "{typed}");
    }
}

#[test]
fn codes_of_accruals_have_a_control_digit() {
    for uin in ["18209965144380684245", "0", "", "1234"] {
        assert_eq!(
            fields(&OrderDraft {
                uin: uin.to_owned(),
                ..draft()
            }),
            [""; 0],
            "{uin}"
        );
    }
    for uin in ["123", "00000000000000000000", "1820996514438068424a"] {
        assert_eq!(
            fields(&OrderDraft {
                uin: uin.to_owned(),
                ..draft()
            }),
            ["uin"],
            "{uin}"
        );
    }
}

fn submitted() -> Submitted {
    Submitted::new(draft().check().unwrap(), PersonId::from("anna"))
}

#[test]
fn the_author_cannot_be_the_second_person() {
    let (anna, boris) = (PersonId::from("anna"), PersonId::from("boris"));
    assert_eq!(
        submitted().approve(anna, Timestamp(1)),
        Err(ApprovalError::AuthorApproves)
    );
    let approved = submitted().approve(boris.clone(), Timestamp(1)).unwrap();
    assert_eq!(approved.approval().kind, ApprovalKind::SecondPerson { approver: boris });
}

#[test]
fn alone_only_by_permission_and_with_the_sum_repeated() {
    let anna = PersonId::from("anna");
    let alone = |sole_operator, sum| {
        submitted().approve_alone(anna.clone(), Permission { sole_operator }, roubles(sum), Timestamp(1))
    };
    assert_eq!(alone(false, 4_850_000), Err(ApprovalError::SoleOperatorOff));
    assert_eq!(alone(true, 4_850_001), Err(ApprovalError::ConfirmationDiffers));
    assert!(alone(true, 4_850_000).is_ok());
    let by_another = submitted().approve_alone(
        PersonId::from("boris"),
        Permission { sole_operator: true },
        roubles(4_850_000),
        Timestamp(1),
    );
    assert_eq!(by_another, Err(ApprovalError::NotTheAuthor));
}

#[test]
fn an_approval_fits_only_what_was_approved() {
    let approved = submitted().approve(PersonId::from("boris"), Timestamp(1)).unwrap();
    let approval = approved.approval().clone();
    assert!(Approved::restore(draft().check().unwrap(), approval.clone()).is_ok());
    type Change = fn(&mut OrderDraft);
    let changes: [Change; 8] = [
        |draft| draft.number = "18".to_owned(),
        |draft| draft.amount = "48500.01".to_owned(),
        |draft| draft.purpose.push('.'),
        |draft| draft.priority = "3".to_owned(),
        |draft| draft.payee.name = "ООО Канцторг плюс".to_owned(),
        |draft| draft.payee.account = crate::sample::account(100, "044525593"),
        |draft| draft.payee.kpp = String::new(),
        |draft| draft.date = draft.date.and_then(|date| date.succ_opt()),
    ];
    for change in changes {
        let mut changed = draft();
        change(&mut changed);
        let restored = Approved::restore(changed.check().unwrap(), approval.clone());
        assert_eq!(restored, Err(ApprovalError::ContentChanged));
    }
}
