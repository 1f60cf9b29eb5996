//! A small firm by a dice: a few invoices, each with a deal and up to three payments, some taken back; and the people who
//! meddle with the first of them.

use domain::{InvoiceId, Message, MessageId, Operation};
use sandbox::Inside;
use serde_json::{Value, json};

use crate::{
    firm::{deal_of, message},
    line::{START_MS, Shore, Which},
};

/// A payment, in kopecks.
const PART: i64 = 100_000;
pub const FOREIGN: &str = "other-77";

/// What somebody does in the CRM meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    Nothing,
    Deletes,
    /// Closes it unpaid; amoCRM knows no such status, so there its price is lowered.
    Cancels,
    /// Asks for more.
    Reprices,
}

#[derive(Debug, Clone)]
pub struct Invoice {
    pub id: i64,
    pub payments: usize,
    /// Which of them is taken back in the end.
    taken_back: Option<usize>,
    /// Another program's code is in the field.
    pub foreign: bool,
}

impl Invoice {
    pub fn is_paid_in_full(&self) -> bool {
        self.taken_back.is_none()
    }

    fn amount(&self) -> i64 {
        PART * i64::try_from(self.payments).unwrap()
    }

    fn message_id(&self, at: usize) -> String {
        format!("m{}-{at}", self.id)
    }

    fn payment(&self, at: usize) -> String {
        format!("sv1-{:032x}", usize::try_from(self.id).unwrap() * 10 + at)
    }
}

#[derive(Debug, Clone)]
pub struct Small {
    pub invoices: Vec<Invoice>,
}

impl Small {
    pub fn by(dice: &mut fastrand::Rng) -> Self {
        let invoices = (0..dice.i64(2..5)).map(|at| {
            let payments = dice.usize(1..=3);
            Invoice {
                id: 1_001 + at,
                payments,
                taken_back: (dice.u8(0..4) == 0).then(|| dice.usize(0..payments)),
                foreign: dice.bool(),
            }
        });
        Self {
            invoices: invoices.collect(),
        }
    }

    pub fn sandbox(&self) -> Inside {
        let invoices = self.invoices.iter().map(|invoice| {
            json!({"id": invoice.id, "number": format!("СЧ-{}", invoice.id), "amount": rubles(invoice.amount()),
                   "stage": "DT31_3:S", "company": 11, "own_company": 1, "deal": deal_of(invoice.id)})
        });
        let deals = self.invoices.iter().map(|invoice| {
            json!({"id": deal_of(invoice.id), "title": "Поставка", "amount": rubles(invoice.amount()), "company": 11})
        });
        let firm = json!({
            "companies": [{"id": 1, "title": "ООО «Наша»", "own": true}, {"id": 11, "title": "ООО «Ромашка»"}],
            "deals": deals.collect::<Vec<_>>(),
            "invoices": invoices.collect::<Vec<_>>(),
        });
        let options = sandbox::Options {
            limits: true,
            load: Some(firm),
            clock_ms: Some(START_MS),
            ..sandbox::Options::default()
        };
        Inside::open(&options).unwrap()
    }

    /// In the order of their making: all payments, then what is taken back.
    pub fn messages(&self, which: Which) -> Vec<Message> {
        let connection = match which {
            Which::Bitrix24 => "b24:31",
            Which::Amocrm => "amo:5001",
        };
        let mut messages = Vec::new();
        for invoice in &self.invoices {
            let id = InvoiceId::from(format!("{connection}:{}", invoice.id));
            for at in 0..invoice.payments {
                let operation = Operation::RecordPayment {
                    invoice: id.clone(),
                    invoice_number: format!("СЧ-{}", invoice.id),
                    deal: Some(deal_of(invoice.id).to_string()),
                    payment: invoice.payment(at).as_str().into(),
                    amount: crate::firm::sum(&json!(rubles(PART))),
                    booked: "2026-11-20".parse().unwrap(),
                    document_number: None,
                    payer: Some("ООО «Ромашка»".to_owned()),
                    settles: at + 1 == invoice.payments,
                    restores: None,
                };
                messages.push(message(&invoice.message_id(at), operation));
            }
        }
        for invoice in &self.invoices {
            let Some(at) = invoice.taken_back else { continue };
            let settling: MessageId = invoice.message_id(invoice.payments - 1).as_str().into();
            let operation = Operation::ReversePayment {
                invoice: InvoiceId::from(format!("{connection}:{}", invoice.id)),
                invoice_number: format!("СЧ-{}", invoice.id),
                deal: Some(deal_of(invoice.id).to_string()),
                payment: invoice.payment(at).as_str().into(),
                amount: crate::firm::sum(&json!(rubles(PART))),
                booked: "2026-11-20".parse().unwrap(),
                document_number: None,
                undoes: invoice.message_id(at).as_str().into(),
                settled_by: Some(settling),
                refund: false,
                recalled: false,
                partly: false,
            };
            messages.push(message(&format!("r{}", invoice.id), operation));
        }
        messages
    }

    pub fn invoice_of(&self, operation: &Operation) -> i64 {
        let id = &operation.invoice().0;
        id.rsplit(':').next().unwrap().parse().unwrap()
    }

    /// The one that people meddle with.
    pub fn is_first(&self, invoice: &InvoiceId) -> bool {
        invoice.0.ends_with(&format!(":{}", self.invoices[0].id))
    }

    /// Another program was here before us.
    pub async fn prepare(&self, shore: &Shore, which: Which) {
        for invoice in self.invoices.iter().filter(|invoice| invoice.foreign) {
            match which {
                Which::Bitrix24 => {
                    let fields = json!({"ufCrmSmartInvoiceBankPaymentId": [FOREIGN]});
                    let params = json!({"entityTypeId": 31, "id": invoice.id, "fields": fields});
                    written(shore, which, "crm.item.update", params).await;
                }
                Which::Amocrm => set_field(shore, invoice.id, "BANK_PAYMENT_ID", json!(FOREIGN)).await,
            }
        }
    }

    pub async fn meddle(&self, shore: &Shore, which: Which, hand: Hand) {
        let invoice = &self.invoices[0];
        let more = rubles(invoice.amount() + PART / 2);
        let update = |fields: Value| json!({"update": {"entity_type_id": 31, "id": invoice.id, "fields": fields}});
        shore.inside.set_now_ms(shore.now().0);
        let (target, order) = match (which, hand) {
            (_, Hand::Nothing) => return,
            (Which::Bitrix24, Hand::Deletes) => {
                ("/change", json!({"delete": {"entity_type_id": 31, "id": invoice.id}}))
            }
            (Which::Bitrix24, Hand::Cancels) => ("/change", update(json!({"stageId": "DT31_3:D"}))),
            (Which::Bitrix24, Hand::Reprices) => ("/change", update(json!({"opportunity": more}))),
            (Which::Amocrm, Hand::Deletes) => ("/amocrm/delete", json!({"elements": [invoice.id]})),
            (Which::Amocrm, Hand::Cancels) => return set_field(shore, invoice.id, "BILL_PRICE", json!("1")).await,
            (Which::Amocrm, Hand::Reprices) => return set_field(shore, invoice.id, "BILL_PRICE", json!(more)).await,
        };
        let done = shore.inside.steer("POST", target, Some(&order)).await.unwrap();
        assert_eq!(done.status, 200, "{}", String::from_utf8_lossy(&done.body));
    }
}

async fn set_field(shore: &Shore, id: i64, code: &str, value: Value) {
    let values = json!([{"field_code": code, "values": [{"value": value}]}]);
    let order = json!([{"id": id, "custom_fields_values": values}]);
    written(shore, Which::Amocrm, "PATCH catalogs/5001/elements", order).await;
}

/// A person's own program, which waits where it is told to.
async fn written(shore: &Shore, which: Which, method: &str, params: Value) {
    loop {
        let done = shore.ask(which, method, &params).await.unwrap();
        match done.status {
            200 => return,
            429 => tokio::time::sleep(std::time::Duration::from_secs(1)).await,
            status => panic!("{status} {}", String::from_utf8_lossy(&done.body)),
        }
    }
}

fn rubles(kopecks: i64) -> String {
    format!("{}.{:02}", kopecks / 100, kopecks % 100)
}
