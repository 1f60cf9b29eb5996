//! A to-do beside an invoice, for an exception only: what a person must decide is put where the person works.

use domain::{InvoiceId, Outcome, Text};
use serde_json::json;

use super::{
    Client,
    attempt::{Attempt, Stop},
    causes::shut,
};
use crate::{call::Transport, php};

const LIST: &str = "crm.activity.list";
const ADD: &str = "crm.activity.todo.add";
/// Pages of an invoice's activities that are searched.
const PAGES_MAX: usize = 100;

/// What somebody must look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The same for the same exception: by it a repeated call finds its own to-do. Letters, digits and hyphens.
    pub key: String,
    pub invoice: InvoiceId,
    pub title: String,
    pub description: String,
    /// ISO 8601 with an offset.
    pub deadline: String,
    /// `None`: whoever owns the key.
    pub responsible: Option<u64>,
}

impl<T: Transport> Client<T> {
    /// The to-do's number; the same one however often it is asked for.
    ///
    /// # Errors
    /// How far it got, as for a delivery: after [`Outcome::Unknown`] the next call looks before it writes.
    pub async fn raise(&self, exception: &Exception) -> Result<String, Outcome> {
        let mut attempt = Attempt::new(&self.transport);
        let owner = match self.invoice_target(&exception.invoice) {
            Ok(invoice) => (invoice.kind, invoice.id),
            Err(stop) => return Err(stop.outcome(shut)),
        };
        self.raised(&mut attempt, owner, exception)
            .await
            .map_err(|stop| stop.outcome(shut))
    }

    /// Beside any object, by its kind and number.
    pub(super) async fn raised(
        &self,
        attempt: &mut Attempt<'_, T>,
        owner: (u64, u64),
        exception: &Exception,
    ) -> Result<String, Stop> {
        let mark = format!("sv-todo-{}", exception.key);
        let mut start = 0;
        for _ in 0..PAGES_MAX {
            let params = json!({
                "filter": {"OWNER_TYPE_ID": owner.0, "OWNER_ID": owner.1},
                "select": ["ID", "OWNER_ID", "OWNER_TYPE_ID", "DESCRIPTION"],
                "order": {"ID": "ASC"},
                "start": start,
            });
            let body = attempt.look(LIST, &params).await?;
            let ours = php::rows(&body["result"]).into_iter().find(|row| {
                let described = php::text(&row["DESCRIPTION"]).unwrap_or_default();
                let mut words =
                    described.split(|character: char| !character.is_ascii_alphanumeric() && character != '-');
                words.any(|word| word == mark)
            });
            if let Some(id) = ours.and_then(|row| php::text(&row["ID"])) {
                return Ok(id);
            }
            match body.get("next").and_then(php::id).filter(|next| *next > start) {
                Some(next) => start = next,
                None => return self.add_todo(attempt, owner, exception, &mark).await,
            }
        }
        Err(Stop::Refused(Text::new(
            "у счёта слишком много дел, чтобы проверить, заведено ли это",
            "the invoice has too many to-dos to tell whether this one is there",
        )))
    }

    async fn add_todo(
        &self,
        attempt: &mut Attempt<'_, T>,
        owner: (u64, u64),
        exception: &Exception,
        mark: &str,
    ) -> Result<String, Stop> {
        let mut params = json!({
            "ownerTypeId": owner.0,
            "ownerId": owner.1,
            "deadline": exception.deadline,
            "title": exception.title,
            "description": format!("{}\nСверка: {mark}", exception.description),
        });
        if let Some(user) = exception.responsible {
            params["responsibleId"] = json!(user);
        }
        let body = attempt.write(ADD, &params).await?;
        php::text(&body["result"]["id"]).ok_or_else(|| {
            attempt.unproven(Text::new(
                format!("в ответе Битрикс24 нет номера дела ({ADD})"),
                format!("the answer of Bitrix24 has no number of the to-do ({ADD})"),
            ))
        })
    }
}
