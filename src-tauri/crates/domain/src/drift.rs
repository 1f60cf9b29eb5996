//! What somebody changed in the CRM after our write: the invoice is no longer as the write left it.
//!
//! Nothing of it is put right by itself; a person chooses. The words say what happened, not who is right.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{InvoiceId, PaymentId},
    money::Money,
    text::Text,
};

/// What our last write left in an invoice, as its receipt and the ledger have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub invoice: InvoiceId,
    pub number: String,
    /// What the invoice asked for when it was written to; `None`: the receipt is of a version that did not keep it.
    pub amount: Option<Money>,
    /// With our payments nothing of it is open.
    pub settled: bool,
    /// The stage our write left behind.
    pub stage: Option<String>,
    /// The codes that must be in its field.
    pub payments: Vec<PaymentId>,
}

/// One thing that is otherwise than our write left it. Stages are named as people see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
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
    /// Moved back after our write had closed it, or had said that a part is paid.
    Reopened {
        stage: String,
    },
    /// Codes of ours are no longer in the field.
    CodesGone {
        payments: Vec<PaymentId>,
    },
}

/// What a person may do about a drift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftChoice {
    /// The CRM is right: nothing is written.
    LeaveIt,
    /// We are right: the payment is recorded once more.
    WriteAgain,
    /// Whoever answers for the invoice is to say: a task in the CRM. The drift stays.
    Ask,
    /// The decision on the payment is undone.
    Undo,
}

impl Drift {
    /// What makes sense about it. Nobody writes a price, a deletion or a cancelling over: those are the manager's.
    #[must_use]
    pub fn choices(&self) -> &'static [DriftChoice] {
        match self {
            Self::Deleted | Self::Cancelled { .. } | Self::RePriced { .. } | Self::PaidByHand { .. } => {
                &[DriftChoice::LeaveIt, DriftChoice::Ask, DriftChoice::Undo]
            }
            Self::Reopened { .. } | Self::CodesGone { .. } => &[
                DriftChoice::WriteAgain,
                DriftChoice::LeaveIt,
                DriftChoice::Ask,
                DriftChoice::Undo,
            ],
        }
    }

    /// What happened, as a sentence.
    #[must_use]
    pub fn text(&self, number: &str) -> Text {
        match self {
            Self::Deleted => Text::new(
                format!("Счёт {number} с записанной оплатой удалён в CRM."),
                format!("Invoice {number}, with a recorded payment, was deleted in the CRM."),
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
                format!("Счёт {number} с записанной оплатой вернули в стадию «{stage}»."),
                format!("Invoice {number}, with a recorded payment, was moved back to «{stage}»."),
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

/// What may be done about all of these at once: what makes sense about at least one of them.
#[must_use]
pub fn choices(drifts: &[Drift]) -> Vec<DriftChoice> {
    let offered = |choice: DriftChoice| drifts.iter().any(|drift| drift.choices().contains(&choice));
    // Who wrote a cancelling or a deletion over would hide it: then nothing is offered to be written again.
    let closed = |drift: &Drift| matches!(drift, Drift::Deleted | Drift::Cancelled { .. });
    [
        DriftChoice::WriteAgain,
        DriftChoice::LeaveIt,
        DriftChoice::Ask,
        DriftChoice::Undo,
    ]
    .into_iter()
    .filter(|choice| offered(*choice))
    .filter(|choice| *choice != DriftChoice::WriteAgain || !drifts.iter().any(closed))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    fn all() -> [Drift; 6] {
        let stage = "Выставлен".to_owned();
        let rub = |minor| Money::from_minor(minor, Currency::RUB);
        [
            Drift::Deleted,
            Drift::Cancelled { stage: stage.clone() },
            Drift::RePriced {
                was: rub(100),
                is: rub(200),
            },
            Drift::PaidByHand { stage: stage.clone() },
            Drift::Reopened { stage },
            Drift::CodesGone {
                payments: vec!["sv1-a".into()],
            },
        ]
    }

    #[test]
    fn each_way_of_drifting_is_said_and_has_its_choices() {
        for drift in all() {
            let text = drift.text("СЧ-1");
            assert!(text.ru.contains("СЧ-1") && text.en.contains("СЧ-1"), "{text:?}");
            let (choices, again) = (drift.choices(), DriftChoice::WriteAgain);
            for always in [DriftChoice::LeaveIt, DriftChoice::Ask, DriftChoice::Undo] {
                assert!(choices.contains(&always), "{drift:?}");
            }
            let may = matches!(drift, Drift::Reopened { .. } | Drift::CodesGone { .. });
            assert_eq!(choices.contains(&again), may, "{drift:?}");
            let stored = serde_json::to_string(&drift).unwrap();
            assert_eq!(serde_json::from_str::<Drift>(&stored).unwrap(), drift);
        }
    }

    #[test]
    fn several_at_once_offer_what_helps_any_but_write_over_no_deletion_or_cancelling() {
        let [deleted, cancelled, priced, _, reopened, gone] = all();
        let again = |drifts: &[Drift]| choices(drifts).contains(&DriftChoice::WriteAgain);
        assert!(again(&[priced.clone(), gone.clone()]) && again(&[reopened]));
        assert!(!again(&[priced]) && !again(&[cancelled, gone.clone()]) && !again(&[deleted, gone]));
        assert_eq!(choices(&[]), []);
    }
}
