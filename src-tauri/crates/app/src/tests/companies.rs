//! Several companies of ours: each with its accounts and its invoices, and money that came to one pays no other's by itself.

use std::sync::Arc;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::firm::{by_webhook, unconnected};
use crate::{
    Delivery, Session, Until,
    wire::{
        AccountCompanyRequest, CompanyNamed, CompanyRequest, DecideRequest, DraftParty, EntryRequest, EntryState,
        EntryView, InboxPageRequest, InvoicesPageRequest, ServesRequest, Settings,
    },
};

const FIRST: (&str, &str, &str) = ("7802641756", "40702810500032000017", "ООО «Северный ветер»");
const SECOND: (&str, &str, &str) = ("7707083893", "40702810900000000001", "ООО «Южный ветер»");
const CUSTOMER: &str = "7813641821";
const SUM: &str = "15432.10";

/// A portal with one invoice, СЧ-500, to the customer; of our company where one is named.
fn portal(own: Option<(&str, &str, &str)>) -> sandbox::Running {
    let company = |id: u64, title: &str, inn: &str, own: bool| json!({"id": id, "title": title, "own": own, "requisites": [{"name": title, "inn": inn}]});
    let mut companies = vec![company(11, "ООО «Ромашка»", CUSTOMER, false)];
    companies.extend(own.map(|(inn, _, name)| company(1, name, inn, true)));
    let invoice = json!({"id": 1001, "number": "СЧ-500", "date": "2026-11-05", "amount": SUM, "stage": "DT31_3:S",
        "category": 3, "company": 11, "own_company": own.map_or(0, |_| 1)});
    let load = json!({"companies": companies, "invoices": [invoice],
        "categories": [{"id": 3, "entity_type_id": 31, "name": "Общая", "default": true}]});
    sandbox::start(sandbox::Options {
        load: Some(load),
        ..sandbox::Options::default()
    })
    .unwrap()
}

/// A statement of one payment to an account; `inn` is what the bank says of the account's owner.
fn statement(account: &str, inn: &str, number: u32) -> String {
    format!(
        "1CClientBankExchange\r\nВерсияФормата=1.03\r\nКодировка=UTF-8\r\nДатаНачала=20.11.2026\r\nДатаКонца=20.11.2026\r\n\
         РасчСчет={account}\r\nСекцияРасчСчет\r\nДатаНачала=20.11.2026\r\nДатаКонца=20.11.2026\r\nРасчСчет={account}\r\n\
         НачальныйОстаток=0.00\r\nВсегоПоступило={SUM}\r\nВсегоСписано=0.00\r\nКонечныйОстаток={SUM}\r\nКонецРасчСчет\r\n\
         СекцияДокумент=Платежное поручение\r\nНомер={number}\r\nДата=20.11.2026\r\nСумма={SUM}\r\n\
         ПлательщикСчет=40702810702300004517\r\nПлательщик=ООО \"Ромашка\"\r\nПлательщикИНН={CUSTOMER}\r\n\
         ПолучательСчет={account}\r\nДатаПоступило=20.11.2026\r\nПолучатель=Мы\r\nПолучательИНН={inn}\r\n\
         НазначениеПлатежа=Оплата по счету СЧ-500 от 05.11.2026\r\nКонецДокумента\r\nКонецФайла\r\n"
    )
}

struct Desk {
    session: Arc<Session>,
    place: TempDir,
}

impl Desk {
    fn new() -> Self {
        let (place, session) = unconnected();
        Self { session, place }
    }

    async fn connect(&self, portal: &sandbox::Running) {
        self.session.connect(&by_webhook(portal.webhook_url())).await.unwrap();
        self.session.pull_invoices().await.unwrap();
    }

    fn import(&self, account: &str, inn: &str, number: u32) {
        let path = self.place.path().join(format!("{account}-{number}.txt"));
        std::fs::write(&path, statement(account, inn, number)).unwrap();
        self.session.import_file(&path).unwrap();
    }

    /// The payment on this account.
    fn entry(&self, account: &str) -> EntryView {
        let rows = self.session.inbox_page(&InboxPageRequest::default()).unwrap().rows;
        let entries = rows
            .into_iter()
            .map(|row| self.session.entry_view(&EntryRequest { entry: row.entry }).unwrap());
        entries.into_iter().find(|entry| entry.account == account).unwrap()
    }

    async fn deliver(&self) {
        Delivery::open(&self.session).unwrap().run(Until::Empty).await.unwrap();
    }

    fn save(&self, (inn, _, name): (&str, &str, &str)) {
        let request = CompanyRequest {
            inn: inn.to_owned(),
            name: name.to_owned(),
            kpp: None,
        };
        self.session.company_save(&request).unwrap();
    }
}

/// The payment codes and comments on a portal's only invoice.
async fn told(portal: &sandbox::Running) -> (usize, usize) {
    let url = format!("{}/state", portal.control_url());
    let state: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    let invoice = &state["bitrix24"]["invoices"][0];
    let count = |key: &str| invoice[key].as_array().unwrap().len();
    (count("payment_ids"), count("comments"))
}

fn says_other_company(entry: &EntryView) -> bool {
    entry.against.iter().any(|why| why.ru.contains("не той своей компании"))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_payment_finds_the_invoice_of_its_own_company_though_both_have_the_number_and_the_sum() {
    let desk = Desk::new();
    let (first, second) = (portal(Some(FIRST)), portal(Some(SECOND)));
    desk.connect(&first).await;
    desk.connect(&second).await;
    desk.import(SECOND.1, SECOND.0, 1);
    let entry = desk.entry(SECOND.1);
    assert_eq!(entry.state, EntryState::Decided, "{:?}", entry.against);
    assert_eq!(entry.decision.unwrap().allocations[0].invoice, "b24-2:31:1001");
    desk.deliver().await;
    assert_eq!((told(&first).await, told(&second).await), ((0, 0), (1, 1)));
    desk.import(FIRST.1, FIRST.0, 1);
    assert!(desk.entry(FIRST.1).automatic);
    desk.deliver().await;
    assert_eq!((told(&first).await, told(&second).await), ((1, 1), (1, 1)));
    // A second payment of the sum to the second company: its own invoice is paid, and the first one's is never touched.
    desk.import(SECOND.1, SECOND.0, 2);
    desk.deliver().await;
    assert_eq!((told(&first).await, told(&second).await), ((1, 1), (1, 1)));
    assert_eq!(desk.session.status().unwrap().outbox.delivered, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn money_that_came_to_another_company_is_asked_about_and_a_person_may_say_so() {
    let desk = Desk::new();
    let first = portal(Some(FIRST));
    desk.connect(&first).await;
    desk.import(SECOND.1, SECOND.0, 1);
    let entry = desk.entry(SECOND.1);
    assert_eq!(entry.state, EntryState::Review);
    assert!(says_other_company(&entry), "{:?}", entry.against);
    assert_eq!(
        entry.company.as_deref(),
        Some("ИНН 7707083893"),
        "known by its INN until it is named"
    );
    let allocations = Vec::new();
    desk.session
        .decide(&DecideRequest {
            entry: entry.entry,
            allocations,
            undoes: None,
        })
        .unwrap();
    desk.deliver().await;
    assert_eq!(told(&first).await, (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_portal_names_no_company_it_is_the_only_one_that_its_connection_bills_for() {
    let desk = Desk::new();
    let portal = portal(None);
    desk.connect(&portal).await;
    desk.save(FIRST);
    desk.save(SECOND);
    let serves = |companies: &[&str]| {
        let companies = companies.iter().map(|inn| (*inn).to_owned()).collect();
        let connection = "b24".to_owned();
        desk.session
            .connection_companies(&ServesRequest { connection, companies })
            .unwrap()
    };
    serves(&[FIRST.0]);
    let issuer = || {
        desk.session
            .invoices_page(&InvoicesPageRequest::default())
            .unwrap()
            .rows[0]
            .company
            .clone()
    };
    assert_eq!(issuer().as_deref(), Some(FIRST.2));
    desk.import(SECOND.1, SECOND.0, 1);
    assert!(says_other_company(&desk.entry(SECOND.1)));
    // It bills for both: whose an invoice is, nobody knows, and nothing is said against it.
    serves(&[FIRST.0, SECOND.0]);
    assert_eq!(issuer(), None);
    assert_eq!(desk.entry(SECOND.1).state, EntryState::Decided);
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_an_account_is_a_person_says_before_any_statement() {
    let desk = Desk::new();
    let portal = portal(Some(FIRST));
    desk.connect(&portal).await;
    // The bank does not name the account's owner: of one company alone every account is its.
    desk.import(SECOND.1, "", 1);
    let view = desk.session.companies().unwrap();
    let account = &view.accounts[0];
    assert_eq!((account.company.as_deref(), account.chosen), (Some(FIRST.0), false));
    desk.session
        .undo(&crate::wire::UndoRequest {
            decision: desk.entry(SECOND.1).decision.map(|made| made.decision),
        })
        .unwrap();
    desk.save(SECOND);
    let view = desk.session.companies().unwrap();
    let kept: Vec<bool> = view.companies.iter().map(|one| one.kept).collect();
    assert_eq!(kept, [true, false], "the other one is named by the portal");
    assert_eq!(view.accounts[0].company, None, "of two it is not known");
    assert!(!says_other_company(&desk.entry(SECOND.1)));
    let choose = |company: Option<&str>| {
        let company = company.map(str::to_owned);
        let account = SECOND.1.to_owned();
        desk.session
            .account_company(&AccountCompanyRequest { account, company })
    };
    let chosen = choose(Some(SECOND.0)).unwrap();
    assert_eq!(
        (chosen.accounts[0].company.as_deref(), chosen.accounts[0].chosen),
        (Some(SECOND.0), true)
    );
    assert!(says_other_company(&desk.entry(SECOND.1)));
    assert_eq!(
        choose(Some(FIRST.0)).unwrap_err().code,
        "ledger/not-found",
        "nobody named it yet"
    );
    desk.save(FIRST);
    choose(Some(FIRST.0)).unwrap();
    assert!(!says_other_company(&desk.entry(SECOND.1)));
    choose(None).unwrap();
    let inn = SECOND.0.to_owned();
    assert_eq!(
        desk.session
            .company_remove(&CompanyNamed { inn })
            .unwrap()
            .companies
            .len(),
        1
    );
}

#[test]
fn a_company_that_is_none_is_refused_in_words() {
    let desk = Desk::new();
    for (inn, name, kpp) in [
        ("7707083890", "ООО «Наша»", None),
        ("", "ООО «Наша»", None),
        (FIRST.0, " ", None),
        (FIRST.0, "ООО «Наша»", Some("1")),
    ] {
        let request = CompanyRequest {
            inn: inn.to_owned(),
            name: name.to_owned(),
            kpp: kpp.map(str::to_owned),
        };
        assert_eq!(
            desk.session.company_save(&request).unwrap_err().code,
            "companies/invalid",
            "{request:?}"
        );
    }
    assert!(desk.session.companies().unwrap().companies.is_empty());
}

#[test]
fn the_payer_of_the_settings_is_a_company_and_statements_name_others() {
    let desk = Desk::new();
    let mut settings = desk.session.settings().unwrap();
    settings.payer.inn = FIRST.0.to_owned();
    settings.payer.name = FIRST.2.to_owned();
    desk.session.settings_save(&settings).unwrap();
    desk.import(SECOND.1, SECOND.0, 1);
    let view = desk.session.companies().unwrap();
    let known: Vec<(&str, bool)> = view.companies.iter().map(|one| (one.inn.as_str(), one.kept)).collect();
    assert_eq!(known, [(FIRST.0, false), (SECOND.0, false)]);
    assert_eq!(view.accounts[0].named.as_deref(), Some(SECOND.0));
    assert_eq!(view.accounts[0].company.as_deref(), Some(SECOND.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_may_be_paid_from_every_account_whose_owner_statements_name() {
    let desk = Desk::new();
    let payers = || -> Vec<(String, String, String)> {
        let payers = desk.session.own_payers().unwrap().payers;
        let shown = |payer: DraftParty| (payer.account, payer.inn, payer.name);
        payers.into_iter().map(shown).collect()
    };
    assert_eq!(payers(), []);
    desk.import(FIRST.1, FIRST.0, 1);
    desk.import(SECOND.1, SECOND.0, 1);
    let own = |(inn, account, _): (&str, &str, &str), name: &str| (account.to_owned(), inn.to_owned(), name.to_owned());
    assert_eq!(payers(), [own(FIRST, "Мы"), own(SECOND, "Мы")]);
    // As a person named the company; and the settings go before the statements of the same account.
    desk.save(SECOND);
    let payer = DraftParty {
        name: FIRST.2.to_owned(),
        inn: FIRST.0.to_owned(),
        account: FIRST.1.to_owned(),
        ..DraftParty::default()
    };
    let settings = Settings {
        payer,
        ..Settings::default()
    };
    desk.session.settings_save(&settings).unwrap();
    assert_eq!(payers(), [own(FIRST, FIRST.2), own(SECOND, SECOND.2)]);
}
