//! The firm: the demo's statements fit it, any seed makes one, switches change it.

use sandbox::{AmoRequisites, AmoSettings, DEMO, Firm, Options, Seed};
use serde_json::{Value, json};

use super::desk::{AmoDesk, values};

#[tokio::test]
async fn every_open_invoice_of_the_demo_is_a_bill_with_the_same_sum_and_payer() {
    let desk = AmoDesk::demo();
    let firm = Firm::parse(&serde_json::from_str(DEMO).unwrap()).unwrap();
    let bills = desk.all("catalogs/5001/elements?limit=250", "elements").await;
    let failed = |stage: &str| {
        let stage = firm.stages.iter().find(|own| own.id == stage);
        stage.is_some_and(|own| own.semantics.as_deref() == Some("F"))
    };
    let mut count = 0;
    for invoice in &firm.invoices {
        if failed(invoice.stage.as_deref().unwrap_or_default()) {
            continue;
        }
        count += 1;
        let bill = bills.iter().find(|bill| bill["id"] == invoice.id).unwrap();
        assert!(bill["name"].as_str().unwrap().contains(&invoice.number));
        let price = values(bill, "BILL_PRICE")[0]["value"].as_str().unwrap();
        let sum = invoice.amount.as_str().unwrap();
        assert_eq!(price, sum.trim_end_matches('0').trim_end_matches('.'));
        let payer = &values(bill, "PAYER")[0]["value"];
        let company = firm
            .companies
            .iter()
            .find(|company| company.id == invoice.company)
            .unwrap();
        assert_eq!(payer["vat_id"], company.requisites[0].inn);
        let issuer = &values(bill, "LEGAL_ENTITY")[0]["value"];
        assert_eq!(issuer["vat_id"], firm.companies[0].requisites[0].inn);
    }
    assert_eq!(bills.len(), count);
    let lead = desk.read("leads/501?with=catalog_elements").await;
    assert_eq!(lead["_embedded"]["catalog_elements"][0]["id"], 1003);
    assert_eq!(lead["_embedded"]["companies"][0]["id"], 11);
    assert_eq!(
        desk.read("leads/pipelines").await["_total_items"],
        2,
        "one for every funnel of deals"
    );
}

#[tokio::test]
async fn a_seed_makes_the_same_firm_of_any_size_for_both() {
    let seed = Seed {
        seed: 3,
        companies: 120,
        invoices: 300,
    };
    let open = || {
        AmoDesk::open(Options {
            seed: Some(seed),
            ..Options::default()
        })
    };
    let (desk, again) = (open(), open());
    let bills = desk.all("catalogs/5001/elements?limit=250", "elements").await;
    assert_eq!(bills.len(), 300);
    assert_eq!(desk.all("companies?limit=250", "companies").await.len(), 120);
    assert!(!desk.all("leads?limit=250", "leads").await.is_empty());
    let same = again.all("catalogs/5001/elements?limit=250", "elements").await;
    assert_eq!(values(&bills[299], "PAYER"), values(&same[299], "PAYER"));
    assert_eq!(values(&bills[299], "BILL_PRICE"), values(&same[299], "BILL_PRICE"));
    let state = desk.desk.state().await;
    assert_eq!(state["bitrix24"]["invoices"].as_array().unwrap().len(), 300);
}

#[tokio::test]
async fn kommo_speaks_english_and_counts_in_its_own_currency() {
    let desk = AmoDesk::with(AmoSettings {
        kommo: true,
        currency: Some("AMD".to_owned()),
        ..AmoSettings::default()
    });
    let account = desk.read("account?with=invoices_settings,datetime_settings").await;
    assert_eq!(
        (&account["currency"], &account["country"]),
        (&json!("AMD"), &json!("AM"))
    );
    assert_eq!(account["invoices_settings"]["lang"], "en");
    let fields = desk.all("catalogs/5001/custom_fields", "custom_fields").await;
    let status = fields.iter().find(|field| field["code"] == "BILL_STATUS").unwrap();
    assert_eq!(status["enums"][1]["value"], "Paid");
    let bill = desk.read("catalogs/5001/elements/1003").await;
    assert!(bill["name"].as_str().unwrap().starts_with("Invoice №СЧ-145"));
    let pipeline = desk.read("leads/pipelines").await["_embedded"]["pipelines"][1].clone();
    let statuses = pipeline["_embedded"]["statuses"].as_array().unwrap();
    let won = statuses.iter().find(|status| status["id"] == 142).unwrap();
    assert_eq!(won["name"], "Closed - won");
}

#[tokio::test]
async fn requisites_can_be_plain_text_and_invoices_be_switched_off() {
    let desk = AmoDesk::with(AmoSettings {
        requisites: AmoRequisites::Text,
        ..AmoSettings::default()
    });
    let company = desk.read("companies/11").await;
    let names: Vec<&str> = company["custom_fields_values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| field["field_name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["ИНН", "КПП", "Р/с", "БИК"]);
    assert!(values(&company, "legal_entity").is_null());

    let without = AmoDesk::with(AmoSettings {
        invoices: false,
        ..AmoSettings::default()
    });
    assert!(without.desk.sandbox.announcement()["invoices_catalog_id"].is_null());
    assert_eq!(without.get("catalogs?type=invoices").await.status, 204);
    let account = without.read("account?with=invoices_settings").await;
    assert_eq!(account["invoices_settings"]["invoices_catalog_id"], Value::Null);
}

#[tokio::test]
async fn another_firm_can_be_loaded_and_the_keys_stay() {
    let desk = AmoDesk::demo();
    let keys = desk.desk.sandbox.announcement()["amo"].clone();
    let token = json!({"client_id": keys["id"], "client_secret": keys["secret"], "redirect_uri": "https://x.test/",
        "grant_type": "refresh_token", "refresh_token": keys["refresh"][0]});
    let renew = async || {
        let url = format!("{}/oauth2/access_token", desk.desk.sandbox.amocrm_url());
        let request = desk.desk.http.post(url).header("content-type", "application/json");
        request.body(token.to_string()).send().await.unwrap().status()
    };
    assert_eq!(renew().await, 200);
    let firm = json!({"amocrm": {"currency": "AMD"}, "companies": [{"id": 3, "title": "ՍՊԸ"}], "invoices": [
        {"id": 9, "number": "7", "amount": "12.30", "company": 3},
        {"id": 10, "number": "8", "amount": "5", "company": 3, "currency": "USD"},
        {"id": 11, "number": "9", "amount": "5", "company": 3, "stage": "DT31_3:P"},
    ]});
    desk.desk.control("/load", firm).await;
    assert_eq!(renew().await, 401, "spent before, spent still");
    let bills = desk.all("catalogs/5001/elements", "elements").await;
    assert_eq!(super::desk::ids(&bills), [9, 11], "a bill has the account's currency");
    assert_eq!(values(&bills[1], "BILL_STATUS")[0]["enum_code"], "paid");
    desk.desk
        .control(
            "/load",
            json!({"keep": true, "invoices": [{"id": 9, "number": "7", "amount": "99.00", "company": 3}]}),
        )
        .await;
    let repriced = desk.read("catalogs/5001/elements/9").await;
    assert_eq!(values(&repriced, "BILL_PRICE")[0]["value"], "99");
    desk.desk.control("/reset", json!({})).await;
    assert_eq!(desk.read("account").await["currency"], "RUB");
}
