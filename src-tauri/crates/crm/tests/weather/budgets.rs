//! What a day's work costs, counted by the sandbox with its limits on. The figures are printed by
//! `cargo xtask bench crm`.

use std::{collections::BTreeMap, sync::Arc};

use crm::{
    Choice, Crm, Mapping, Of, Pull,
    amocrm::{self, Account},
    bitrix24::{self, Portal},
};
use domain::{Message, PaymentStatus};
use outbox::Policy;
use sandbox::{Firm, Seed};
use serde_json::Value;

use crate::{
    firm::{list, payment_id, sandbox_with, times, whole_payment, with_deals},
    line::{Calm, Line, Shore, Which},
    program::{Disk, Program},
};

const INVOICES: u32 = 10_000;
const COMPANIES: u32 = 3_000;
const PAYMENTS: u32 = 1_000;
const PULL_REQUESTS_MAX: u64 = 20;
/// Written for one payment: the invoice, the deal or lead, the comment or note.
const SINGLES_A_PAYMENT_MAX: u64 = 3;
/// Requests in which a thousand payments share their looks.
const SHARED_MAX: u64 = 300;
const USED_PER_MILLE_MIN: u64 = 900;
/// Where leads go in these tests: the sandbox's first pipeline, won.
const PIPELINE: u64 = 8001;
const WON: u64 = 142;
/// A page of amoCRM has 250 rows.
const AMO_PAGE: u64 = 250;

/// Requests by method since `before`, of one CRM.
struct Counts {
    by_method: BTreeMap<String, u64>,
    refused: u64,
    used_per_mille: u64,
}

impl Counts {
    async fn of(shore: &Shore, which: Which) -> Self {
        let all = shore.told("/requests").await;
        let own = match which {
            Which::Bitrix24 => &all,
            Which::Amocrm => &all["amocrm"],
        };
        let by_method = own["requests"]["by_method"].as_object().unwrap();
        let refused = ["refused_503", "refused_429", "refused_403"];
        Self {
            by_method: by_method
                .iter()
                .map(|(method, count)| (method.clone(), count.as_u64().unwrap()))
                .collect(),
            refused: refused.iter().filter_map(|name| own["limits"][*name].as_u64()).sum(),
            used_per_mille: own["limit_used_per_mille"].as_u64().unwrap_or(0),
        }
    }

    fn since(mut self, before: &Self) -> Self {
        for (method, count) in &mut self.by_method {
            *count -= before.by_method.get(method).unwrap_or(&0);
        }
        self.by_method.retain(|_, count| *count > 0);
        self
    }

    fn all(&self) -> u64 {
        self.by_method.values().sum()
    }

    fn batches(&self) -> u64 {
        self.by_method.get("batch").copied().unwrap_or(0)
    }

    /// Reads of amoCRM's lists, in which many payments look at what each wants to see.
    fn lists(&self) -> u64 {
        let lists = ["catalogs/{id}/elements", "leads", "leads/notes"].map(|list| format!("GET /api/v4/{list}"));
        lists.iter().filter_map(|list| self.by_method.get(list)).sum()
    }
}

fn lead_paid() -> Choice {
    Choice {
        of: Of::Deals,
        funnel: PIPELINE,
        status: PaymentStatus::Paid,
        stage: WON.to_string(),
    }
}

/// A client of the connection that a first look made; deals are told of payments, and amoCRM's leads follow their invoices
/// where that is asked for.
async fn connected(shore: &Shore, which: Which, leads_follow: bool) -> Arc<dyn Crm> {
    let line = Line::new(shore, which, Calm);
    match which {
        Which::Bitrix24 => {
            let first = bitrix24::Client::new(line.clone(), Portal::new("b24"));
            let introduced = Crm::connect(&first).await.unwrap();
            let mut portal = Portal::remembered("b24", &introduced.remember);
            // Nobody is told: what is counted is the money's own way.
            portal.also.notifies = false;
            Arc::new(bitrix24::Client::new(line, portal))
        }
        Which::Amocrm => {
            let account = Account {
                mapping: Mapping {
                    choices: leads_follow.then(lead_paid).into_iter().collect(),
                },
                ..Account::new("amo")
            };
            let client = amocrm::Client::new(line, account);
            Crm::connect(&client).await.unwrap();
            Arc::new(client)
        }
    }
}

async fn pulled(firm: &Firm, which: Which) -> (Pull, Counts, u64) {
    let shore = Shore::new(sandbox_with(firm, true));
    let crm = connected(&shore, which, false).await;
    let (before, began) = (Counts::of(&shore, which).await, shore.elapsed_ms());
    let pull = crm.pull(&[]).await.unwrap();
    let took = shore.elapsed_ms() - began;
    (pull, Counts::of(&shore, which).await.since(&before), took)
}

fn large() -> Firm {
    let seed = Seed {
        seed: 1,
        companies: COMPANIES,
        invoices: INVOICES,
    };
    seed.firm()
}

/// Every invoice with the sum and the customer that the firm has it with.
fn is_whole(pull: &Pull, firm: &Firm) {
    let (invoices, customers): (BTreeMap<_, _>, BTreeMap<_, _>) = (
        pull.invoices
            .iter()
            .map(|invoice| (invoice.id.0.rsplit(':').next().unwrap(), invoice))
            .collect(),
        firm.companies
            .iter()
            .map(|company| (company.id, &company.requisites[0]))
            .collect(),
    );
    assert_eq!((invoices.len(), pull.complete), (firm.invoices.len(), true));
    for told in &firm.invoices {
        let invoice = invoices[told.id.to_string().as_str()];
        let customer = customers[&told.company];
        assert_eq!(invoice.amount.decimal(), told.amount.as_str().unwrap(), "{}", told.id);
        assert_eq!(
            invoice.customer.inn.as_deref(),
            Some(customer.inn.as_str()),
            "{}",
            told.id
        );
        assert_eq!(
            invoice.customer.accounts,
            [customer.accounts[0].account.clone()],
            "{}",
            told.id
        );
    }
}

#[tokio::test(start_paused = true)]
async fn bitrix24_gives_ten_thousand_invoices_for_twenty_requests() {
    let firm = large();
    let (pull, counts, took_ms) = pulled(&firm, Which::Bitrix24).await;
    is_whole(&pull, &firm);
    println!(
        "| Bitrix24: pull of {INVOICES} invoices, {COMPANIES} companies, their requisites | {} requests | {} refused | {} s |",
        counts.all(),
        counts.refused,
        took_ms / 1_000
    );
    assert!(counts.all() <= PULL_REQUESTS_MAX, "{:?}", counts.by_method);
    assert_eq!(counts.refused, 0);
}

#[tokio::test(start_paused = true)]
async fn amocrm_gives_ten_thousand_invoices_for_their_pages() {
    let firm = large();
    let (pull, counts, took_ms) = pulled(&firm, Which::Amocrm).await;
    is_whole(&pull, &firm);
    println!(
        "| amoCRM: pull of {INVOICES} invoices, {COMPANIES} companies, their requisites | {} requests | {} refused | {} s |",
        counts.all(),
        counts.refused,
        took_ms / 1_000
    );
    let leads = u64::from(INVOICES) / 5;
    let pages = u64::from(INVOICES) / AMO_PAGE + leads / AMO_PAGE + u64::from(COMPANIES) / 100 + 1;
    assert!(counts.all() <= pages + 10, "{:?}", counts.by_method);
    assert_eq!(counts.refused, 0);
}

/// Delivers a payment of every invoice of the firm, and gives what that cost.
async fn pushed(firm: &Firm, connection: &str, which: Which, leads_follow: bool) -> (Shore, Counts, u64) {
    let shore = Shore::new(sandbox_with(firm, true));
    let crm = connected(&shore, which, leads_follow).await;
    let (before, began) = (Counts::of(&shore, which).await, shore.elapsed_ms());
    let messages: Vec<Message> = (0..firm.invoices.len())
        .map(|at| whole_payment(connection, at, firm))
        .collect();
    let mut disk = Disk::of(messages);
    Program::start(crm, &shore, Policy::default(), 1, &mut disk)
        .run(&mut disk)
        .await;
    for row in disk.rows.values() {
        assert!(row.delivered.is_some(), "{}: {:?}", row.message.id, row.reason);
        assert_eq!(row.attempts, 1, "{}", row.message.id);
    }
    let took = shore.elapsed_ms() - began;
    let counts = Counts::of(&shore, which).await.since(&before);
    (shore, counts, took)
}

fn paying() -> Firm {
    with_deals(Seed {
        seed: 2,
        companies: 300,
        invoices: PAYMENTS,
    })
}

#[tokio::test(start_paused = true)]
async fn bitrix24_takes_a_thousand_payments_by_three_requests_each_and_shared_looks() {
    let firm = paying();
    let (shore, counts, took_ms) = pushed(&firm, "b24:31", Which::Bitrix24, false).await;
    let singles = counts.all() - counts.batches();
    println!(
        "| Bitrix24: push of {PAYMENTS} payments with their deals | {singles} single requests, {} shared | {} refused | {} \
         ‰ of the limit in {} s |",
        counts.batches(),
        counts.refused,
        counts.used_per_mille,
        took_ms / 1_000
    );
    let portal = shore.told("/state/bitrix24").await;
    for (kind, field) in [("invoices", "S"), ("deals", "")] {
        let rows = list(&portal[kind]);
        assert_eq!(rows.len(), firm.invoices.len());
        for (at, row) in rows.iter().enumerate() {
            assert_eq!(row["payment_ids"], serde_json::json!([payment_id(at)]), "{kind} {row}");
            assert_eq!(row["semantics"], field, "{kind} {row}");
        }
        if kind == "invoices" {
            for (at, row) in rows.iter().enumerate() {
                assert_eq!(times(list(&row["comments"]), &format!("sv-record-m{at}")), 1, "{row}");
            }
        }
    }
    assert!(
        singles <= u64::from(PAYMENTS) * SINGLES_A_PAYMENT_MAX,
        "{:?}",
        counts.by_method
    );
    assert!(counts.batches() <= SHARED_MAX, "{:?}", counts.by_method);
    assert_eq!(counts.refused, 0);
    assert!(counts.used_per_mille >= USED_PER_MILLE_MIN, "{}", counts.used_per_mille);
}

#[tokio::test(start_paused = true)]
async fn amocrm_takes_a_thousand_payments_by_two_requests_each_and_shared_looks() {
    amocrm_takes_a_thousand("notes on their leads", false, 2).await;
}

#[tokio::test(start_paused = true)]
async fn amocrm_moves_the_leads_of_a_thousand_payments_by_a_third_request() {
    amocrm_takes_a_thousand("leads that follow", true, SINGLES_A_PAYMENT_MAX).await;
}

async fn amocrm_takes_a_thousand(with: &str, leads_follow: bool, singles_a_payment_max: u64) {
    let firm = paying();
    let (shore, counts, took_ms) = pushed(&firm, "amo:5001", Which::Amocrm, leads_follow).await;
    let singles = counts.all() - counts.lists();
    println!(
        "| amoCRM: push of {PAYMENTS} payments, {with} | {singles} single requests, {} of them writes, {} shared | {} \
         refused | {} ‰ of the limit in {} s |",
        writes(&counts),
        counts.lists(),
        counts.refused,
        counts.used_per_mille,
        took_ms / 1_000
    );
    let account = shore.told("/state/amocrm").await;
    let notes: Vec<Value> = list(&account["notes"])
        .iter()
        .map(|note| note["params"]["text"].clone())
        .collect();
    let mut held: Vec<String> = Vec::new();
    for row in list(&account["invoices"]) {
        assert_eq!(row["status"], "paid", "{row}");
        held.push(row["added"]["BANK_PAYMENT_ID"].as_str().unwrap().to_owned());
    }
    assert_eq!(held, (0..firm.invoices.len()).map(payment_id).collect::<Vec<_>>());
    assert_eq!(notes.len(), firm.invoices.len());
    assert_eq!(times(notes, "sv-record-m7"), 1);
    let leads = list(&account["leads"]);
    assert_eq!(leads.len(), firm.invoices.len());
    let won = leads.iter().filter(|lead| lead["status_id"] == WON).count();
    assert_eq!(won, if leads_follow { leads.len() } else { 0 });
    assert!(
        singles <= u64::from(PAYMENTS) * singles_a_payment_max,
        "{:?}",
        counts.by_method
    );
    assert!(counts.lists() <= SHARED_MAX, "{:?}", counts.by_method);
    assert_eq!(counts.refused, 0);
    assert!(counts.used_per_mille >= USED_PER_MILLE_MIN, "{}", counts.used_per_mille);
}

fn writes(counts: &Counts) -> u64 {
    let written = counts.by_method.iter().filter(|(method, _)| !method.starts_with("GET"));
    written.map(|(_, count)| count).sum()
}
