//! A payment order from its draft to the debit that executes it, and every way it must not go.

use std::{fs, path::PathBuf, sync::Arc};

use domain::OrderId;
use tempfile::TempDir;

use super::firm::{DAY_20, DAY_21, DAY_23, add_person, demo_file, unconnected, who};
use crate::{
    Failure, Session,
    testing::TestHost,
    wire::{
        Draft, EntryState, InboxPageRequest, OrderRejectRequest, OrderRequest, OrderSaveRequest, OrderSignAloneRequest,
        OrderSignRequest, OrderState, OrderView, OrdersExportRequest, OrdersExported, RoleName, SoleOperatorRequest,
    },
};

struct Office {
    place: TempDir,
    session: Arc<Session>,
}

/// Ольга owns, Анна keeps the books, Виктор looks on.
fn office() -> Office {
    let (place, session) = unconnected();
    add_person(&session, "Ольга", RoleName::Owner, None).unwrap();
    add_person(&session, "Анна", RoleName::Accountant, Some("Ольга")).unwrap();
    add_person(&session, "Виктор", RoleName::Viewer, Some("Ольга")).unwrap();
    fs::create_dir(place.path().join("bank")).unwrap();
    Office { place, session }
}

impl Office {
    fn draft(&self) -> Draft {
        serde_json::from_slice(&fs::read(demo_file("order.json")).unwrap()).unwrap()
    }

    fn save(&self, number: &str) -> String {
        self.save_draft(Draft {
            number: number.to_owned(),
            ..self.draft()
        })
    }

    fn save_draft(&self, draft: Draft) -> String {
        let request = OrderSaveRequest { order: None, draft };
        self.session.order_save(&request).unwrap().order
    }

    /// A consent to what the order says at this moment.
    fn signed(&self, order: &str, name: &str) -> OrderSignRequest {
        OrderSignRequest {
            order: order.to_owned(),
            content_hash: self.shown(order),
            who: who(name),
        }
    }

    /// Of an order with defects there is nothing to consent to.
    fn shown(&self, order: &str) -> String {
        let view = self.session.order_view(&OrderRequest {
            order: order.to_owned(),
        });
        view.ok().and_then(|view| view.content_hash).unwrap_or_default()
    }

    fn submit(&self, order: &str, name: &str) -> Result<OrderView, Failure> {
        self.session.order_submit(&self.signed(order, name))
    }

    fn approve(&self, order: &str, name: &str) -> Result<OrderView, Failure> {
        self.session.order_approve(&self.signed(order, name))
    }

    fn approve_alone(&self, order: &str, name: &str, sum: &str) -> Result<OrderView, Failure> {
        self.session.order_approve_alone(&OrderSignAloneRequest {
            order: order.to_owned(),
            content_hash: self.shown(order),
            who: who(name),
            repeated_amount: sum.to_owned(),
        })
    }

    fn approved(&self, number: &str) -> String {
        self.approve_both(self.save(number))
    }

    fn approve_both(&self, order: String) -> String {
        self.submit(&order, "Анна").unwrap();
        self.approve(&order, "Ольга").unwrap();
        order
    }

    fn bank(&self) -> PathBuf {
        self.place.path().join("bank")
    }

    fn export(&self, orders: &[&str]) -> Result<OrdersExported, Failure> {
        self.session.orders_export(&OrdersExportRequest {
            orders: orders.iter().map(|order| (*order).to_owned()).collect(),
            folder: Some(self.bank().display().to_string()),
        })
    }

    fn state(&self, order: &str) -> OrderState {
        let order = order.to_owned();
        self.session.order_view(&OrderRequest { order }).unwrap().state
    }

    fn files(&self) -> Vec<String> {
        let names = fs::read_dir(self.bank()).unwrap();
        let mut names: Vec<String> = names
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// The name of a written file before it is given its own.
    fn unfinished(&self, exported: &OrdersExported) -> PathBuf {
        let name = PathBuf::from(&exported.file)
            .file_name()
            .unwrap()
            .to_string_lossy()
            .into_owned();
        let mark = self.session.file_mark().unwrap();
        self.bank().join(format!(".{name}.{mark}.tmp"))
    }
}

#[test]
fn the_full_way_to_the_debit() {
    let office = office();
    let order = office.approved("17");
    let exported = office.export(&[]).unwrap();
    assert_eq!(
        (exported.orders.as_slice(), exported.total.amount.as_str()),
        ([order.clone()].as_slice(), "48500.00")
    );
    let read = formats::onec::read_orders(&fs::read(&exported.file).unwrap()).unwrap();
    assert_eq!((read.len(), read[0].number.as_str()), (1, "17"));
    assert_eq!(office.state(&order), OrderState::Exported);
    assert_eq!(office.export(&[&order]).unwrap_err().code, "orders/not-approved");
    assert_eq!(office.export(&[]).unwrap_err().code, "orders/none-approved");
    office.session.import_file(&demo_file(DAY_21)).unwrap();
    assert_eq!(office.state(&order), OrderState::Executed);
    assert_eq!(office.session.close_executed_orders().unwrap(), Vec::<OrderId>::new());
    // Our own file is known for what it is.
    let own = office.session.import_file(exported.file.as_ref()).unwrap();
    assert_eq!((own.content, own.report.entries_new), (domain::Content::Orders, 0));
}

#[test]
fn a_debit_that_executes_an_order_is_no_refund() {
    for exported in [false, true] {
        let office = office();
        let mut draft = office.draft();
        draft.number = "19".to_owned();
        draft.date = Some("2026-11-23".to_owned());
        draft.amount = "146400.00".to_owned();
        draft.payee.account = "40702810702300004517".to_owned();
        let request = OrderSaveRequest { order: None, draft };
        let order = office.session.order_save(&request).unwrap().order;
        if exported {
            office.submit(&order, "Анна").unwrap();
            office.approve(&order, "Ольга").unwrap();
            office.export(&[&order]).unwrap();
        }
        for file in [DAY_20, DAY_21, DAY_23] {
            office.session.import_file(&demo_file(file)).unwrap();
        }
        let rows = office.session.inbox_page(&InboxPageRequest::default()).unwrap().rows;
        let refund = rows.iter().find(|row| row.outgoing && row.sum.amount == "146400.00");
        assert_eq!(refund.is_none(), exported);
        assert_eq!(office.state(&order) == OrderState::Executed, exported);
        if let Some(row) = refund {
            assert_eq!(row.state, EntryState::Review);
        }
    }
}

#[test]
fn a_consent_is_to_what_was_shown() {
    let office = office();
    let order = office.save("17");
    let submitting = office.signed(&order, "Анна");
    office.submit(&order, "Анна").unwrap();
    let approving = office.signed(&order, "Ольга");
    // Behind the approver's back the author asks for more, and hands it over again.
    let draft = Draft {
        amount: "948500.00".to_owned(),
        ..office.draft()
    };
    let request = OrderSaveRequest {
        order: Some(order.clone()),
        draft,
    };
    office.session.order_save(&request).unwrap();
    assert_eq!(
        office.session.order_submit(&submitting).unwrap_err().code,
        "orders/changed-meanwhile"
    );
    office.submit(&order, "Анна").unwrap();
    assert_eq!(
        office.session.order_approve(&approving).unwrap_err().code,
        "orders/changed-meanwhile"
    );
    assert_eq!(office.state(&order), OrderState::Submitted);
}

#[test]
fn only_the_right_people_sign() {
    let office = office();
    let order = office.save("17");
    assert_eq!(
        office.approve(&order, "Ольга").unwrap_err().code,
        "orders/not-submitted"
    );
    assert_eq!(
        office.submit(&order, "Виктор").unwrap_err().code,
        "orders/may-not-approve"
    );
    office.submit(&order, "Ольга").unwrap();
    for (name, code) in [
        ("Ольга", "orders/approval"),
        ("Анна", "orders/may-not-approve"),
        ("Виктор", "orders/may-not-approve"),
        ("Никто", "people/wrong-passphrase"),
    ] {
        assert_eq!(office.approve(&order, name).unwrap_err().code, code, "{name}");
    }
    let mut wrong = office.signed(&order, "Ольга");
    wrong.who.passphrase.push('!');
    assert_eq!(
        office.session.order_approve(&wrong).unwrap_err().code,
        "people/wrong-passphrase"
    );
    assert_eq!(office.state(&order), OrderState::Submitted);
    let reject = |name: &str| {
        office.session.order_reject(&OrderRejectRequest {
            order: order.clone(),
            who: who(name),
            reason: "не та сумма".to_owned(),
        })
    };
    assert_eq!(reject("Виктор").unwrap_err().code, "orders/may-not-approve");
    assert_eq!(reject("Анна").unwrap().state, OrderState::Rejected);
}

#[test]
fn a_change_after_the_approval_takes_it_away() {
    let office = office();
    let order = office.approved("17");
    let draft = Draft {
        amount: "99000".to_owned(),
        ..office.draft()
    };
    let changed = OrderSaveRequest {
        order: Some(order.clone()),
        draft: draft.clone(),
    };
    assert_eq!(office.session.order_save(&changed).unwrap().state, OrderState::Draft);
    assert_eq!(office.export(&[&order]).unwrap_err().code, "orders/not-approved");
    let unknown = OrderSaveRequest {
        order: Some("нет такой".to_owned()),
        draft,
    };
    assert_eq!(office.session.order_save(&unknown).unwrap_err().code, "orders/unknown");
    let empty = OrderSaveRequest {
        order: None,
        draft: Draft::default(),
    };
    let empty = office.session.order_save(&empty).unwrap();
    assert!(!empty.defects.is_empty());
    assert_eq!(office.submit(&empty.order, "Анна").unwrap_err().code, "orders/defects");
}

#[test]
fn a_sole_operator_signs_only_where_the_owner_allowed_it_and_repeats_the_sum() {
    let office = office();
    let order = office.save("17");
    office.submit(&order, "Анна").unwrap();
    let code = |sum: &str| office.approve_alone(&order, "Анна", sum).unwrap_err().code;
    assert_eq!(code("48500"), "orders/approval");
    let switch = |on, name: &str| {
        office
            .session
            .sole_operator_set(&SoleOperatorRequest { on, owner: who(name) })
    };
    assert_eq!(switch(true, "Анна").unwrap_err().code, "people/owner-only");
    switch(true, "Ольга").unwrap();
    assert_eq!(code("48500.01"), "orders/approval");
    assert_eq!(code("много"), "orders/approval");
    let view = office.approve_alone(&order, "Анна", "48 500,00").unwrap();
    assert!(view.alone && view.state == OrderState::Approved);
    switch(false, "Ольга").unwrap();
    let second = office.save("18");
    office.submit(&second, "Анна").unwrap();
    assert_eq!(
        office.approve_alone(&second, "Анна", "48500").unwrap_err().code,
        "orders/approval"
    );
}

#[test]
fn an_order_named_twice_stands_in_the_file_once() {
    let office = office();
    let (one, two) = (office.approved("17"), office.approved("18"));
    let exported = office.export(&[&one, &two, &one]).unwrap();
    assert_eq!((exported.orders.len(), exported.total.amount.as_str()), (2, "97000.00"));
    assert!(
        exported.message.ru.contains("2 платёжки на 97\u{a0}000,00\u{a0}₽"),
        "{}",
        exported.message.ru
    );
    assert_eq!(
        formats::onec::read_orders(&fs::read(&exported.file).unwrap())
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn each_bank_client_gets_a_file_of_its_own() {
    let office = office();
    // Another company of ours, in another bank.
    let other = |number: &str| {
        let draft = office.draft();
        office.approve_both(office.save_draft(Draft {
            number: number.to_owned(),
            payer: draft.payee,
            payee: draft.payer,
            ..office.draft()
        }))
    };
    let orders = [office.approved("17"), other("1"), office.approved("18")];
    let exported = office.export(&[]).unwrap();
    let numbers = |file: &String| -> Vec<String> {
        let read = formats::onec::read_orders(&fs::read(file).unwrap()).unwrap();
        read.into_iter().map(|order| order.number).collect()
    };
    let files: Vec<Vec<String>> = exported.files.iter().map(numbers).collect();
    assert_eq!(files, [vec!["18", "17"], vec!["1"]]);
    assert_eq!(exported.file, exported.files[0]);
    assert_eq!(
        (exported.orders.len(), exported.total.amount.as_str()),
        (3, "145500.00")
    );
    assert!(
        exported.message.ru.contains("ООО \"Канцторг\", АО \"АЛЬФА-БАНК\": «"),
        "{}",
        exported.message.ru
    );
    assert!(orders.iter().all(|order| office.state(order) == OrderState::Exported));
}

#[test]
fn an_export_that_was_cut_off_before_the_record_leaves_nothing_behind() {
    let office = office();
    office.approved("17");
    let mark = office.session.file_mark().unwrap();
    let ours = office
        .bank()
        .join(format!(".1c_to_kl-2026-11-20-120000-aaaaaaaa.txt.{mark}.tmp"));
    let of_another_ledger = ".1c_to_kl-2026-11-20-120000-bbbbbbbb.txt.00000000.tmp";
    fs::write(&ours, "half").unwrap();
    fs::write(office.bank().join(of_another_ledger), "half").unwrap();
    office.export(&[]).unwrap();
    let files = office.files();
    assert_eq!(files.len(), 2, "{files:?}");
    assert_eq!(files[0], of_another_ledger);
}

#[test]
fn an_export_that_was_cut_off_after_the_record_is_finished_at_the_next_start() {
    let office = office();
    let order = office.approved("17");
    let exported = office.export(&[]).unwrap();
    // As it was a moment before the file got its name.
    fs::rename(&exported.file, office.unfinished(&exported)).unwrap();
    assert_eq!(office.export(&[&order]).unwrap_err().code, "orders/not-approved");
    assert_eq!(
        office.files(),
        [PathBuf::from(&exported.file).file_name().unwrap().to_string_lossy()]
    );
    fs::rename(&exported.file, office.unfinished(&exported)).unwrap();
    Session::open(&office.session.folder(), Arc::new(TestHost::new(1))).unwrap();
    assert!(PathBuf::from(&exported.file).exists());
}

#[test]
fn an_export_to_a_folder_that_is_none_changes_nothing() {
    let office = office();
    let order = office.approved("17");
    fs::remove_dir(office.bank()).unwrap();
    assert_eq!(office.export(&[]).unwrap_err().code, "file/not-found");
    fs::write(office.bank(), "").unwrap();
    assert_eq!(office.export(&[]).unwrap_err().code, "file/not-a-folder");
    assert_eq!(office.state(&order), OrderState::Approved);
}
