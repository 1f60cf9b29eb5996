//! Asking whoever answers for the lead what was changed in its invoice after our write: one task on the lead. Invoices are
//! elements of a catalog, and those have no tasks.

use domain::{Message, Operation, Receipt, Text, Touched, Trace};
use serde_json::{Value, json};

use super::{
    Client,
    notes::{lead_of, one_line},
    pages::PAGE_ROWS,
};
use crate::{
    attempt::{Attempt, Failed, Stop},
    call::Transport,
    php,
};

/// How long somebody has to answer, in seconds.
const ANSWER_S: i64 = 24 * 3_600;
/// Pages of a lead's tasks that are searched.
const PAGES_MAX: u64 = 40;
/// The account's own kind of task: get in touch.
const FOLLOW_UP: u64 = 1;

impl<T: Transport> Client<T> {
    pub(super) async fn ask(&self, attempt: &mut Attempt<'_, T>, message: &Message) -> Result<Receipt, Stop> {
        let Operation::AskResponsible { deal, says, amount, .. } = &message.operation else {
            return Err(Stop::Refused(Text::new("не вопрос ответственному", "not a question")));
        };
        let number = message.operation.invoice_number();
        let mut notes = Vec::new();
        let stands = match lead_of(deal.as_deref(), &mut Vec::new()) {
            Some(lead) => self.responsible(attempt, lead).await?.map(|user| (lead, user)),
            None => None,
        };
        let Some((lead, responsible)) = stands else {
            notes.push(Text::new(
                format!("У счёта {number} нет сделки в amoCRM: задачу поставить некому."),
                format!("Invoice {number} has no lead in amoCRM: there is nobody to give a task to."),
            ));
            return Ok(Receipt {
                found_done: true,
                notes,
                ..Receipt::default()
            });
        };
        let mark = format!("sv-todo-{}", message.id);
        let task = match self.task_of_ours(attempt, lead, &mark).await? {
            Some(task) => task,
            None => {
                let text = format!(
                    "Проверьте счёт № {}: после записи оплаты его изменили. {} Оплата: {}. Напишите бухгалтеру, как \
                     должно быть.\nСверка: {mark}",
                    one_line(number),
                    one_line(&says.ru),
                    amount.text().ru
                );
                let mut task = json!({
                    "text": text,
                    "complete_till": message.created.0.div_euclid(1_000) + ANSWER_S,
                    "entity_type": "leads",
                    "entity_id": lead,
                    "task_type_id": FOLLOW_UP,
                });
                if let Some(user) = responsible {
                    task["responsible_user_id"] = json!(user);
                }
                let body = attempt.write("POST tasks", &json!([task])).await?;
                let rows = php::rows(&body["_embedded"]["tasks"]);
                let id = rows.first().and_then(|row| php::text(&row["id"]));
                id.ok_or_else(|| {
                    attempt.unproven(Text::new(
                        "в ответе amoCRM нет номера задачи",
                        "the answer of amoCRM has no number of the task",
                    ))
                })?
            }
        };
        Ok(Receipt {
            found_done: !attempt.has_written(),
            notes,
            traces: vec![Trace {
                what: Touched::Task,
                id: task,
                before: None,
                after: None,
                at: None,
            }],
            ..Receipt::default()
        })
    }

    /// `None`: there is no such lead. Nobody may answer for it: then it is whoever owns the key.
    async fn responsible(&self, attempt: &mut Attempt<'_, T>, lead: u64) -> Result<Option<Option<u64>>, Stop> {
        let body = match attempt.look(&format!("GET leads/{lead}"), &json!({})).await {
            Ok(body) => body,
            Err(Failed { error, .. }) if error.is_not_found() => {
                self.must_be_gone(attempt, "leads", "leads", lead).await?;
                Value::Null
            }
            Err(failed) => return Err(failed.into()),
        };
        let is_it = php::id(&body["id"]) == Some(lead);
        Ok(is_it.then(|| php::id(&body["responsible_user_id"])))
    }

    /// The number of the task with this mark, where an earlier attempt made it.
    async fn task_of_ours(&self, attempt: &Attempt<'_, T>, lead: u64, mark: &str) -> Result<Option<String>, Stop> {
        for number in 1..=PAGES_MAX {
            let asked = json!({
                "filter": {"entity_type": "leads", "entity_id": [lead]},
                "page": number,
                "limit": PAGE_ROWS,
            });
            let body = attempt.look_alone("GET tasks", &asked).await?;
            let ours = php::rows(&body["_embedded"]["tasks"]).into_iter().find(|row| {
                let text = php::text(&row["text"]).unwrap_or_default();
                text.split_whitespace().any(|word| word == mark)
            });
            if let Some(id) = ours.and_then(|row| php::text(&row["id"])) {
                return Ok(Some(id));
            }
            if php::text(&body["_links"]["next"]["href"]).is_none() {
                return Ok(None);
            }
        }
        Err(Stop::Refused(Text::new(
            "у сделки слишком много задач, чтобы проверить, поставлена ли эта",
            "the lead has too many tasks to tell whether this one is there",
        )))
    }
}
