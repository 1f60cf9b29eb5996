//! What became of our writes: an invoice that somebody paid by hand, re-priced, cancelled, moved or deleted since is
//! shown with the choices there are. Nothing is overwritten here; writing again is a person's decision.

use std::collections::BTreeMap;

use domain::{Currency, InvoiceId, Money, PaymentId, Text};
use serde_json::Value;

use super::{Client, CrmError, Semantics, kind, sums::sum};
use crate::{call::Transport, php};

/// What our last write left in an invoice, as its receipt and the ledger have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub invoice: InvoiceId,
    pub number: String,
    /// What the invoice asked for.
    pub amount: Money,
    /// Everything is paid, and our write set a successful stage.
    pub settled: bool,
    /// The stage our write left behind.
    pub stage: Option<String>,
    /// The codes that must be in its field.
    pub payments: Vec<PaymentId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drift {
    Deleted,
    /// Closed unpaid, though money came.
    Cancelled {
        stage: String,
    },
    RePriced {
        was: Money,
        is: Money,
    },
    /// In a successful stage, though we know of a part of the money only.
    PaidByHand {
        stage: String,
    },
    /// Moved back to an open stage after we had closed it.
    Reopened {
        stage: String,
    },
    /// Codes of ours are no longer in the field.
    CodesGone {
        payments: Vec<PaymentId>,
    },
}

/// What a person may do about a drift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The CRM is right: nothing is written.
    LeaveIt,
    /// We are right: the payment is recorded once more.
    WriteAgain,
    /// The decision on the payment is undone.
    Undo,
    /// Whoever answers for the invoice gets a to-do.
    AskResponsible,
}

impl Drift {
    #[must_use]
    pub fn choices(&self) -> &'static [Choice] {
        match self {
            Self::Deleted | Self::Cancelled { .. } => &[Choice::Undo, Choice::LeaveIt, Choice::AskResponsible],
            Self::RePriced { .. } => &[Choice::LeaveIt, Choice::Undo, Choice::AskResponsible],
            Self::PaidByHand { .. } => &[Choice::LeaveIt, Choice::AskResponsible],
            Self::Reopened { .. } | Self::CodesGone { .. } => &[
                Choice::LeaveIt,
                Choice::WriteAgain,
                Choice::Undo,
                Choice::AskResponsible,
            ],
        }
    }

    /// What happened, as a sentence.
    #[must_use]
    pub fn text(&self, number: &str) -> Text {
        match self {
            Self::Deleted => Text::new(
                format!("Счёт {number} с записанной оплатой удалён в Битрикс24."),
                format!("Invoice {number}, with a recorded payment, was deleted in Bitrix24."),
            ),
            Self::Cancelled { stage } => Text::new(
                format!("Счёт {number} с записанной оплатой закрыт без оплаты, стадия «{stage}»."),
                format!("Invoice {number}, with a recorded payment, was closed unpaid, in «{stage}»."),
            ),
            Self::RePriced { was, is } => {
                let (was, is) = (was.text(), is.text());
                Text::new(
                    format!(
                        "Сумма счёта {number} изменена после записи оплаты: было {}, стало {}.",
                        was.ru, is.ru
                    ),
                    format!(
                        "Invoice {number} was re-priced after a payment: {} then, {} now.",
                        was.en, is.en
                    ),
                )
            }
            Self::PaidByHand { stage } => Text::new(
                format!("Счёт {number} отметили оплаченным вручную, стадия «{stage}», а денег пришла часть."),
                format!("Somebody marked invoice {number} as paid, in «{stage}», and only a part has come."),
            ),
            Self::Reopened { stage } => Text::new(
                format!("Оплаченный счёт {number} вернули в стадию «{stage}»."),
                format!("The paid invoice {number} was moved back to «{stage}»."),
            ),
            Self::CodesGone { payments } => {
                let count = payments.len();
                Text::new(
                    format!("Из счёта {number} убрали коды платежей ({count})."),
                    format!("Codes of payments were taken out of invoice {number} ({count})."),
                )
            }
        }
    }
}

impl<T: Transport> Client<T> {
    /// Looks at what our writes left behind, many invoices a request. An invoice as we left it is not in the answer; nor
    /// is one that the portal does not show us any more but still has.
    ///
    /// # Errors
    /// The portal could not be asked, or answers something else.
    pub async fn drift(&self, written: &[Written]) -> Result<Vec<(InvoiceId, Vec<Drift>)>, CrmError> {
        let categories = self.categories().await?;
        let stages: BTreeMap<&str, (&str, Semantics)> = categories
            .iter()
            .flat_map(|category| &category.stages)
            .map(|stage| (stage.id.as_str(), (stage.name.as_str(), stage.semantics)))
            .collect();
        let field = &self.portal.invoice_field.name;
        let numbers: Vec<u64> = written
            .iter()
            .filter_map(|one| self.portal.invoice_number(&one.invoice))
            .collect();
        let select = ["id", "stageId", "opportunity", "currencyId", field.as_str()];
        let rows = self.items_by_id(kind::INVOICE, &numbers, &select).await?;
        let rows: BTreeMap<u64, Value> = rows
            .into_iter()
            .filter_map(|row| Some((php::id(&row["id"])?, row)))
            .collect();
        let unseen: Vec<InvoiceId> = written
            .iter()
            .filter(|one| {
                let number = self.portal.invoice_number(&one.invoice);
                number.is_some_and(|number| !rows.contains_key(&number))
            })
            .map(|one| one.invoice.clone())
            .collect();
        let deleted = self.deleted(&unseen).await?;
        let mut drifts = Vec::new();
        for one in written {
            let row = self
                .portal
                .invoice_number(&one.invoice)
                .and_then(|number| rows.get(&number));
            let drift = match row {
                Some(row) => since(one, row, field, &stages),
                None if deleted.contains(&one.invoice) => vec![Drift::Deleted],
                None => Vec::new(),
            };
            if !drift.is_empty() {
                drifts.push((one.invoice.clone(), drift));
            }
        }
        Ok(drifts)
    }
}

fn since(one: &Written, row: &Value, field: &str, stages: &BTreeMap<&str, (&str, Semantics)>) -> Vec<Drift> {
    let mut drift = Vec::new();
    let now = php::text(&row["stageId"]);
    if let Some((name, semantics)) = now.as_deref().and_then(|now| stages.get(now))
        && now != one.stage
    {
        let stage = (*name).to_owned();
        match semantics {
            Semantics::Failure => drift.push(Drift::Cancelled { stage }),
            Semantics::Success if !one.settled => drift.push(Drift::PaidByHand { stage }),
            Semantics::Open if one.settled => drift.push(Drift::Reopened { stage }),
            // From one open stage to the next, or from one successful one to another: that is what stages are for.
            Semantics::Success | Semantics::Open => {}
        }
    }
    let currency = php::text(&row["currencyId"]).and_then(|code| Currency::parse(&code).ok());
    let is = currency.and_then(|currency| sum(&php::text(&row["opportunity"])?, currency));
    if let Some(is) = is.filter(|is| *is != one.amount) {
        drift.push(Drift::RePriced { was: one.amount, is });
    }
    // A row without the field says nothing about it.
    if let Some(held) = row.get(field) {
        let held: Vec<String> = php::texts(held)
            .iter()
            .flat_map(|text| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let gone: Vec<PaymentId> = one
            .payments
            .iter()
            .filter(|payment| !held.contains(&payment.0))
            .cloned()
            .collect();
        if !gone.is_empty() {
            drift.push(Drift::CodesGone { payments: gone });
        }
    }
    drift
}
