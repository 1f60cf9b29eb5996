//! What changed since the last look: prices, stages, companies; and what is gone.

use crm::{
    Crm, Told,
    bitrix24::{Client, Portal},
};
use domain::{InvoiceId, InvoiceStatus, Timestamp};
use serde_json::{Value, json};

use crate::{
    delivery::money,
    fake::{COMPANY, Fake, Fault, INVOICE, now},
};

/// 2027-01-15T08:00:00Z
const SINCE: Timestamp = Timestamp(1_800_000_000_000);

fn row(stage: &str, sum: u64, updated: &str) -> Value {
    json!({"accountNumber": "7", "opportunity": sum, "currencyId": "RUB", "stageId": stage, "categoryId": 3, "companyId": 9,
           "begindate": "2026-06-18T03:00:00+03:00", "updatedTime": updated})
}

fn client(fake: &Fake) -> Client<&Fake> {
    Client::new(fake, Portal::new("b24"))
}

fn firm() -> Fake {
    let fake = Fake::new();
    fake.put(COMPANY, 9, json!({"title": "ООО «Ромашка»"}));
    for (id, stage, updated) in [
        (1, "DT31_3:S", "2027-01-15T10:54:59+03:00"), // before the overlap
        (2, "DT31_3:S", "2027-01-15T10:55:00+03:00"), // its first second
        (3, "DT31_3:P", "2027-01-15T11:30:00+03:00"),
        (4, "DT31_3:D", "2027-01-15T08:30:00Z"),
    ] {
        fake.put(INVOICE, id, row(stage, 1_000 * id, updated));
    }
    fake
}

#[test]
fn changes_come_in_whatever_stage_they_are_with_an_overlap_for_clocks() {
    let fake = firm();
    let changes = now(client(&fake).changes(SINCE)).unwrap();
    let seen: Vec<_> = changes
        .invoices
        .iter()
        .map(|invoice| (invoice.id.0.as_str(), invoice.status, invoice.amount))
        .collect();
    assert_eq!(
        seen,
        [
            ("b24:31:2", InvoiceStatus::Open, money("2000.00")),
            ("b24:31:3", InvoiceStatus::Paid, money("3000.00")),
            ("b24:31:4", InvoiceStatus::Cancelled, money("4000.00")),
        ]
    );
    assert!(
        changes
            .invoices
            .iter()
            .all(|invoice| invoice.customer.name == "ООО «Ромашка»")
    );
    assert_eq!(changes.until, Some(Timestamp(1_800_000_000_000)));
}

#[test]
fn a_list_that_ignores_the_time_brings_nothing_old() {
    let fake = firm();
    fake.state().oddities.items_ignore_filters = true;
    let changes = now(client(&fake).changes(SINCE)).unwrap();
    assert_eq!(changes.invoices.len(), 3);
}

#[test]
fn an_archived_company_costs_its_name_and_not_its_invoice() {
    let fake = firm();
    fake.state().items.remove(&(COMPANY, 9));
    let changes = now(client(&fake).changes(SINCE)).unwrap();
    assert_eq!(changes.invoices.len(), 3);
    assert!(changes.skipped[0].ru.contains("№ 9"), "{:?}", changes.skipped);
}

#[test]
fn changes_that_break_off_are_an_error() {
    let fake = firm();
    fake.fault_at(2, Fault::NotSent);
    assert!(now(client(&fake).changes(SINCE)).is_err());
}

#[test]
fn what_is_deleted_is_found_by_the_whole_list_of_what_we_know() {
    let fake = firm();
    let known: Vec<InvoiceId> = (1..=130).map(|id| InvoiceId::from(format!("b24:31:{id}"))).collect();
    for id in 1..=130 {
        fake.put(INVOICE, id, row("DT31_3:S", 1, "2027-01-15T08:30:00Z"));
    }
    assert_eq!(now(client(&fake).deleted(&known)).unwrap(), []);
    let calls = fake.state().calls.len();
    assert_eq!(calls, 1, "three pages of ids are one request");
    for id in [1, 77] {
        fake.state().items.remove(&(INVOICE, id));
    }
    let deleted = now(client(&fake).deleted(&known)).unwrap();
    assert_eq!(deleted, [InvoiceId::from("b24:31:1"), InvoiceId::from("b24:31:77")]);
    assert_eq!(
        now(client(&fake).deleted(&["other:31:1".into()])).unwrap(),
        [],
        "another connection's"
    );
}

#[test]
fn events_name_what_changed_and_a_pack_is_told_once_and_then_cleared() {
    let fake = firm();
    let event = |message: u64, name: &str, data: Value| {
        let message_id = message.to_string();
        (
            message,
            json!({"EVENT_NAME": name, "EVENT_DATA": data, "MESSAGE_ID": message_id}),
        )
    };
    let of = |kind: &str, id: u64| json!({"FIELDS": {"ID": id.to_string(), "ENTITY_TYPE_ID": kind}});
    fake.state().extras.events = vec![
        event(1, "ONCRMDYNAMICITEMUPDATE_31", of("31", 3)),
        event(2, "ONCRMDYNAMICITEMUPDATE_31", of("31", 3)),
        event(3, "ONCRMDYNAMICITEMUPDATE", of("128", 4)),
        event(4, "ONCRMDYNAMICITEMDELETE", of("31", 77)),
        event(5, "ONCRMDYNAMICITEMUPDATE_31", json!(false)),
    ];
    let client = client(&fake);
    now(client.listen()).unwrap();
    now(client.listen()).unwrap();
    assert_eq!(
        fake.state().extras.bound,
        [
            "ONCRMDYNAMICITEMADD",
            "ONCRMDYNAMICITEMUPDATE_31",
            "ONCRMDYNAMICITEMDELETE"
        ]
    );
    let heard = now(client.heard()).unwrap();
    assert_eq!(heard.changed, ["b24:31:3".into()]);
    assert_eq!(heard.deleted, ["b24:31:77".into()]);
    assert!(now(client.heard()).unwrap().is_empty(), "in a pack already");
    let fresh = now(client.invoices(&heard.changed)).unwrap();
    assert_eq!(fresh.invoices[0].amount, money("3000.00"));
    now(client.clear(&heard)).unwrap();
    let nothing = now(client.heard()).unwrap();
    assert!(nothing.is_empty());
    let calls = fake.state().calls.len();
    now(client.clear(&nothing)).unwrap();
    assert_eq!(fake.state().calls.len(), calls);
}

#[test]
fn with_an_application_an_increment_hears_what_is_gone_and_clears_it_only_when_told() {
    let fake = firm();
    let event = |message: u64, name: &str, id: u64| {
        let data = json!({"FIELDS": {"ID": id.to_string(), "ENTITY_TYPE_ID": "31"}});
        (
            message,
            json!({"EVENT_NAME": name, "EVENT_DATA": data, "MESSAGE_ID": message.to_string()}),
        )
    };
    fake.state().extras.events = vec![
        // Too old for its time, and told of all the same; one that is said to be gone and is there; one that is gone.
        event(1, "ONCRMDYNAMICITEMUPDATE_31", 1),
        event(2, "ONCRMDYNAMICITEMDELETE", 4),
        event(3, "ONCRMDYNAMICITEMDELETE", 77),
    ];
    let by_time: &dyn Crm = &client(&fake);
    assert_eq!(now(by_time.changes(SINCE)).unwrap().invoices.len(), 3);
    let portal = Portal {
        listens: true,
        ..Portal::new("b24")
    };
    let listening: &dyn Crm = &Client::new(&fake, portal);
    let changes = now(listening.changes(SINCE)).unwrap();
    assert_eq!(changes.invoices.len(), 4);
    assert_eq!(changes.deleted, ["b24:31:77".into()]);
    assert_eq!(fake.state().extras.events.len(), 3, "not stored yet");
    now(listening.stored(&changes.told)).unwrap();
    assert!(fake.state().extras.events.is_empty());
    assert!(now(listening.changes(SINCE)).unwrap().deleted.is_empty());
    let calls = fake.state().calls.len();
    now(by_time.stored(&Told::default())).unwrap();
    assert_eq!(fake.state().calls.len(), calls);
}

#[test]
fn only_an_application_has_its_portal_queue_events() {
    for (by_application, bound) in [(false, 0), (true, 3)] {
        let fake = firm();
        let portal = Portal {
            by_application,
            ..Portal::new("b24")
        };
        let introduced = now(Crm::connect(&Client::new(&fake, portal))).unwrap();
        assert_eq!(fake.state().extras.bound.len(), bound);
        assert_eq!(Portal::remembered("b24", &introduced.remember).listens, by_application);
    }
}
