//! Delivering one message: it looks before it writes, writes once, reads back, and says how it ended. It may be repeated
//! any number of times, whatever became of the attempts before.

use domain::{InvoiceId, Message, Operation, Outcome, PaymentId, PaymentStatus, Text};

use super::{
    Client,
    attempt::{Attempt, Failed, Stop, given_up},
    causes::shut,
    items::{Item, Looked, Target},
    kind,
};
use crate::{
    call::{CallError, Transport},
    interface::Earlier,
};

/// What a deal is told of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carry {
    /// With how the invoice stands now: the deal moves where the user maps its stage.
    In(PaymentStatus),
    Out,
}

impl<T: Transport> Client<T> {
    /// `earlier` holds, for what takes an earlier message back, the receipts that say which stage was ours and what was
    /// there before. Recording needs none.
    pub async fn deliver(&self, message: &Message, earlier: &Earlier) -> Outcome {
        let mut attempt = Attempt::new(&self.transport);
        let delivered = match &message.operation {
            Operation::RecordPayment { .. } => self.record(&mut attempt, message).await,
            Operation::ReversePayment { .. } => self.reverse(&mut attempt, message, earlier).await,
            Operation::RestorePayment { .. } => self.restore(&mut attempt, message, earlier).await,
            Operation::MarkStatus { .. } => given_up(self.tell_status(&mut attempt, message, earlier).await),
            Operation::AskResponsible { .. } => self.ask(&mut attempt, message).await,
            Operation::RemoveRepeats { .. } => self.remove_repeats(&mut attempt, message, earlier).await,
        };
        match delivered {
            Ok(receipt) => Outcome::Delivered { receipt },
            Err(stop) => stop.outcome(shut),
        }
    }

    pub(super) fn invoice_target(&self, id: &InvoiceId) -> Result<Target<'_>, Stop> {
        let number = self.portal.invoice_number(id).ok_or_else(|| {
            let connection = &self.portal.connection;
            Stop::Refused(Text::new(
                format!("счёт {id} не из этого подключения ({connection})"),
                format!("invoice {id} is not of this connection ({connection})"),
            ))
        })?;
        Ok(Target {
            kind: kind::INVOICE,
            id: number,
            field: &self.portal.invoice_field,
        })
    }

    fn deal_target(&self, deal: Option<&str>, notes: &mut Vec<Text>) -> Option<Target<'_>> {
        let (deal, field) = (deal?, self.portal.deal_field.as_ref()?);
        let Some(id) = deal.parse().ok().filter(|id| *id > 0) else {
            notes.push(Text::new(
                format!("Код платежа в сделку не записан: «{deal}» не похоже на номер сделки."),
                format!("The payment's code was not put into the deal: «{deal}» is no number of a deal."),
            ));
            return None;
        };
        Some(Target {
            kind: kind::DEAL,
            id,
            field,
        })
    }

    /// Puts the payment id into the deal's field or takes it out. The invoice is what counts: a deal that is gone, closed
    /// to us or has no field is noted, not an obstacle.
    pub(super) async fn carry_to_deal(
        &self,
        attempt: &mut Attempt<'_, T>,
        deal: Option<&str>,
        payment: &PaymentId,
        carry: Carry,
        notes: &mut Vec<Text>,
    ) -> Result<(), Stop> {
        let present = carry != Carry::Out;
        let Some(target) = self.deal_target(deal, notes) else {
            return Ok(());
        };
        let Some(item) = self.deal(attempt, target, notes).await? else {
            return Ok(());
        };
        if item.holds(payment) == present {
            return Ok(());
        }
        let payments = with_payment(&item.payments, payment, present);
        let stage = self.deal_stage(attempt, &item, carry, notes).await?;
        match self
            .update(attempt, target, &item, Some(&payments), stage.as_deref())
            .await
        {
            Ok(()) => {}
            Err(failed) => return note_refusal(failed, target.id, notes),
        }
        match self.deal(attempt, target, notes).await? {
            Some(item) if item.holds(payment) != present => Err(attempt.unproven(Text::new(
                "Битрикс24 подтвердил запись в сделку, но поле осталось прежним",
                "Bitrix24 confirmed the write to the deal, but the field is as it was",
            ))),
            _ => Ok(()),
        }
    }

    async fn deal(
        &self,
        attempt: &mut Attempt<'_, T>,
        target: Target<'_>,
        notes: &mut Vec<Text>,
    ) -> Result<Option<Item>, Stop> {
        match self.item(attempt, target).await {
            Ok(Looked::Item(item)) => Ok(Some(item)),
            Ok(Looked::Deleted) => {
                notes.push(Text::new(
                    format!("Сделки № {} больше нет, код платежа записан только в счёт.", target.id),
                    format!(
                        "Deal {} is gone, only the invoice carries the payment's code.",
                        target.id
                    ),
                ));
                Ok(None)
            }
            Ok(Looked::NoField) => {
                let field = &target.field.name;
                notes.push(Text::new(
                    format!(
                        "Код платежа в сделку № {} не записан: у сделок нет поля {field}. Подключите портал заново, и \
                         поле появится.",
                        target.id
                    ),
                    format!(
                        "The payment's code was not put into deal {}: deals have no field {field}. Connect the portal \
                         again to make it.",
                        target.id
                    ),
                ));
                Ok(None)
            }
            Err(Stop::Failed(failed)) => note_refusal(failed, target.id, notes).map(|()| None),
            Err(stop) => Err(stop),
        }
    }
}

fn note_refusal(failed: Failed, deal: u64, notes: &mut Vec<Text>) -> Result<(), Stop> {
    if let CallError::Refused { .. } = failed.error {
        let why = failed.error.fact();
        notes.push(Text::new(
            format!("Код платежа в сделку № {deal} не записан: {}.", why.ru),
            format!("The payment's code was not put into deal {deal}: {}.", why.en),
        ));
        return Ok(());
    }
    Err(failed.into())
}

/// The ids of a field with one more or one less; the others stay as they are, in their order.
pub(super) fn with_payment(held: &[String], payment: &PaymentId, present: bool) -> Vec<String> {
    let mut payments: Vec<String> = held.iter().filter(|held| **held != payment.0).cloned().collect();
    if present {
        payments.push(payment.0.clone());
    }
    payments
}

pub(super) fn no_field(name: &str) -> Stop {
    Stop::Refused(Text::new(
        format!("у счетов нет поля {name} для кода платежа (его создаёт подключение портала)"),
        format!("invoices have no field {name} for the payment's code (connecting the portal makes it)"),
    ))
}
