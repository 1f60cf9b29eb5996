//! The first look at a portal, and making the fields it lacks.

use crm::{
    CallError, Crm, Part, Transport,
    bitrix24::{Client, CrmError, FieldState, PaymentField, Portal, Semantics},
};
use domain::Timestamp;
use serde_json::Value;

use crate::fake::{DEAL, DEAL_FIELD, FAULTS, Fake, Fault, INVOICE, INVOICE_FIELD, now};

fn bare() -> Fake {
    let fake = Fake::new();
    for fields in fake.state().fields.values_mut() {
        fields.clear();
    }
    fake
}

fn client(fake: &Fake) -> Client<&Fake> {
    Client::new(fake, Portal::new("b24"))
}

fn found(name: &str) -> PaymentField {
    PaymentField {
        name: name.to_owned(),
        multiple: true,
    }
}

#[test]
fn a_look_tells_who_we_are_and_what_is_there() {
    let fake = Fake::new();
    let report = now(client(&fake).check()).unwrap();
    assert_eq!(report.user.as_deref(), Some("Анна Сверкина"));
    assert_eq!(report.invoice_field, FieldState::Found(found(INVOICE_FIELD)));
    assert_eq!(report.deal_field, FieldState::Found(found(DEAL_FIELD)));
    assert!(report.lacking.is_empty(), "{:?}", report.lacking);
    let category = &report.categories[0];
    let stages: Vec<(&str, Semantics)> = category
        .stages
        .iter()
        .map(|stage| (stage.id.as_str(), stage.semantics))
        .collect();
    assert_eq!(
        stages,
        [
            ("DT31_3:N", Semantics::Open),
            ("DT31_3:S", Semantics::Open),
            ("DT31_3:UC_X", Semantics::Open),
            ("DT31_3:P", Semantics::Success),
            ("DT31_3:D", Semantics::Failure),
            ("DT31_3:UC_PAID2", Semantics::Success),
        ]
    );
    // Of two successful stages the first by the portal's order.
    assert_eq!(category.success().unwrap().id, "DT31_3:P");
    assert!(fake.state().writes.is_empty());
}

#[test]
fn a_portal_that_tells_less_of_the_key_is_connected_all_the_same() {
    let fake = Fake::new();
    fake.state().oddities.knows_no_profile = true;
    fake.state().scopes = vec!["crm, userfieldconfig,im"];
    let report = now(client(&fake).check()).unwrap();
    assert_eq!(report.user, None);
    assert_eq!(report.scopes, ["crm", "userfieldconfig", "im"]);
    let client = client(&fake);
    let introduction = now(Crm::connect(&client)).unwrap();
    let key = introduction
        .checks
        .iter()
        .find(|check| check.part == Part::Key)
        .unwrap();
    assert_eq!((key.good, key.says.ru.as_str()), (true, "ключ принят"));
    assert_eq!(introduction.remember["also"]["notifies"], true);
}

/// A portal behind a server whose header tells the time.
struct Headed<'a>(&'a Fake);

impl Transport for Headed<'_> {
    async fn call(&self, method: &str, params: &Value) -> Result<Value, CallError> {
        self.0.call(method, params).await
    }

    fn server_time(&self) -> Option<Timestamp> {
        Some(Timestamp(1_800_000_007_000))
    }
}

#[test]
fn the_clock_is_the_portals_own_and_else_its_servers() {
    let fake = Fake::new();
    let told = |fake| {
        now(Client::new(Headed(fake), Portal::new("b24")).check())
            .unwrap()
            .server_time
    };
    assert_eq!(told(&fake), Some(Timestamp(1_800_000_000_000)));
    fake.state().oddities.tells_no_time = true;
    assert_eq!(told(&fake), Some(Timestamp(1_800_000_007_000)));
}

#[test]
fn what_is_missing_is_said() {
    let fake = bare();
    let report = now(client(&fake).check()).unwrap();
    assert_eq!(
        (&report.invoice_field, &report.deal_field),
        (&FieldState::Missing, &FieldState::Missing)
    );
    fake.state().scopes = vec!["CRM"];
    let report = now(client(&fake).check()).unwrap();
    assert_eq!(
        (&report.invoice_field, &report.deal_field),
        (&FieldState::NoRight, &FieldState::Missing)
    );
    assert!(report.lacking[0].says.ru.contains("userfieldconfig"));
    fake.state().scopes = vec!["task"];
    assert_eq!(now(client(&fake).check()), Err(CrmError::NoScope { scope: "crm" }));
}

#[test]
fn a_field_that_holds_one_text_is_used_with_a_warning() {
    let fake = Fake::new();
    fake.state()
        .fields
        .get_mut(&INVOICE)
        .unwrap()
        .values_mut()
        .for_each(|field| field.1 = false);
    let report = now(client(&fake).check()).unwrap();
    assert!(matches!(
        report.invoice_field,
        FieldState::Found(PaymentField { multiple: false, .. })
    ));
    assert!(report.lacking[0].says.ru.contains("не множественное"));
}

#[test]
fn fields_are_made_once_whatever_goes_wrong() {
    for fault in FAULTS {
        for call in 0..6 {
            let fake = bare();
            fake.fault_at(call, fault);
            let mut made = now(client(&fake).ensure_fields());
            // The second time there is no fault.
            if made.is_err() {
                made = now(client(&fake).ensure_fields());
            }
            let (invoice, deal) = made.unwrap();
            assert_eq!(invoice, found(INVOICE_FIELD), "{fault:?} {call}");
            let old_way = fault == Fault::Unauthorised && call == 4;
            let expected = if old_way { "ufCrmBankPaymentId" } else { DEAL_FIELD };
            assert_eq!(deal, Ok(found(expected)), "{fault:?} {call}");
            assert_eq!(fake.state().writes.len(), 2, "{fault:?} {call}");
        }
    }
}

#[test]
fn without_the_scope_deals_get_their_field_the_old_way_and_invoices_say_why_not() {
    let fake = bare();
    fake.state().oddities.refuses_field_config = true;
    let error = now(client(&fake).ensure_fields()).unwrap_err();
    assert!(error.text().ru.contains("userfieldconfig"), "{error}");

    let fake = Fake::new();
    fake.state().fields.get_mut(&DEAL).unwrap().clear();
    fake.state().oddities.refuses_field_config = true;
    let (invoice, deal) = now(client(&fake).ensure_fields()).unwrap();
    assert_eq!((invoice, deal), (found(INVOICE_FIELD), Ok(found("ufCrmBankPaymentId"))));
}

#[test]
fn deals_that_can_have_no_field_stop_nothing_and_are_left_alone() {
    let fake = Fake::new();
    fake.state().fields.get_mut(&DEAL).unwrap().clear();
    fake.state().oddities.refuses_field_config = true;
    fake.state().oddities.refuses_deal_fields = true;
    let portal = client(&fake);
    let introduction = now(Crm::connect(&portal)).unwrap();
    let lacking: Vec<_> = introduction.checks.iter().filter(|check| !check.good).collect();
    let [check] = lacking.as_slice() else {
        panic!("{lacking:?}")
    };
    assert!(check.says.ru.contains("UF_CRM_BANK_PAYMENT_ID"), "{check:?}");
    assert_eq!(Portal::remembered("b24", &introduction.remember).deal_field, None);
}
