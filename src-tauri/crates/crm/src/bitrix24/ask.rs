//! Asking whoever answers for an invoice what was changed in it after our write: one to-do beside it, or beside its deal
//! where the invoice is gone.

use chrono::{DateTime, FixedOffset};
use domain::{Message, Operation, Receipt, Text, Timestamp, Touched, Trace};
use serde_json::json;

use super::{
    Client, Exception,
    attempt::{Attempt, Failed, Stop},
    comments::quoted,
    kind,
};
use crate::{call::Transport, php};

const GET: &str = "crm.item.get";
/// How long somebody has to answer.
const ANSWER_MS: u64 = 24 * 3_600_000;
const MOSCOW_S: i32 = 3 * 3_600;

impl<T: Transport> Client<T> {
    pub(super) async fn ask(&self, attempt: &mut Attempt<'_, T>, message: &Message) -> Result<Receipt, Stop> {
        let Operation::AskResponsible { says, amount, .. } = &message.operation else {
            return Err(Stop::Refused(Text::new("не вопрос ответственному", "not a question")));
        };
        let number = message.operation.invoice_number();
        let invoice = self.invoice_target(message.operation.invoice())?;
        let deal = message.operation.deal().and_then(|deal| deal.parse().ok());
        let mut asked = None;
        for (kind, id) in [Some((kind::INVOICE, invoice.id)), deal.map(|deal| (kind::DEAL, deal))]
            .into_iter()
            .flatten()
        {
            if let Some(responsible) = self.responsible(attempt, kind, id).await? {
                asked = Some(((kind, id), responsible));
                break;
            }
        }
        let mut notes = Vec::new();
        let Some((owner, responsible)) = asked else {
            notes.push(Text::new(
                format!("Счёта {number} и его сделки в Битрикс24 больше нет: спросить некого."),
                format!("Invoice {number} and its deal are gone from Bitrix24: there is nobody to ask."),
            ));
            return Ok(Receipt {
                found_done: true,
                notes,
                ..Receipt::default()
            });
        };
        let exception = Exception {
            key: message.id.0.clone(),
            invoice: message.operation.invoice().clone(),
            title: format!("Проверьте счёт {}: после записи оплаты его изменили", quoted(number)),
            description: format!(
                "{}\nОплата: {}. Напишите бухгалтеру, как должно быть.",
                quoted(&says.ru),
                amount.text().ru
            ),
            deadline: deadline(message.created),
            responsible,
        };
        let id = self.raised(attempt, owner, &exception).await?;
        Ok(Receipt {
            found_done: !attempt.has_written(),
            notes,
            traces: vec![Trace {
                what: Touched::Task,
                id,
                before: None,
                after: None,
                at: None,
            }],
            ..Receipt::default()
        })
    }

    /// `None`: there is no such object. Nobody may answer for it: then it is whoever owns the key.
    async fn responsible(&self, attempt: &Attempt<'_, T>, kind: u64, id: u64) -> Result<Option<Option<u64>>, Stop> {
        match attempt.look(GET, &json!({"entityTypeId": kind, "id": id})).await {
            Ok(body) => Ok(Some(php::id(&body["result"]["item"]["assignedById"]))),
            Err(Failed { error, .. }) if error.is_not_found() => Ok(None),
            Err(failed) => Err(failed.into()),
        }
    }
}

fn deadline(asked: Timestamp) -> String {
    let until = asked.plus_ms(ANSWER_MS);
    let zone = FixedOffset::east_opt(MOSCOW_S);
    let moment = DateTime::from_timestamp_millis(until.0).zip(zone);
    moment.map_or_else(
        || until.iso(),
        |(moment, zone)| moment.with_timezone(&zone).to_rfc3339(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_due_a_day_later_by_the_portals_clock() {
        assert_eq!(deadline(Timestamp(1_795_176_000_000)), "2026-11-21T15:00:00+03:00");
    }
}
