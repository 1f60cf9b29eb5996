//! Comments that something on the way delivered twice: the portal knows no «only once», so the surplus is found by its
//! mark and taken away.

use domain::Text;
use serde_json::json;

use super::{
    Client,
    attempt::{Attempt, Failed, Stop},
};
use crate::call::{CallError, Transport};

const DELETE: &str = "crm.timeline.comment.delete";

impl<T: Transport> Client<T> {
    /// Deletes the comments of these numbers. A portal that does not let us costs a note: the payment itself is right.
    pub(super) async fn remove_doubles(
        &self,
        attempt: &mut Attempt<'_, T>,
        doubles: &[String],
        notes: &mut Vec<Text>,
    ) -> Result<(), Stop> {
        for id in doubles {
            match attempt.write(DELETE, &json!({"id": id})).await {
                Err(Failed {
                    error: error @ CallError::Refused { .. },
                    ..
                }) if !error.is_not_found() => {
                    let why = error.fact();
                    notes.push(Text::new(
                        format!(
                            "Комментарий пришёл в Битрикс24 дважды, а удалить лишний, № {id}, портал не дал: {}.",
                            why.ru
                        ),
                        format!(
                            "The comment reached Bitrix24 twice, and the portal did not let the surplus one, {id}, be \
                             deleted: {}.",
                            why.en
                        ),
                    ));
                }
                Err(failed) if !failed.error.is_not_found() => return Err(failed.into()),
                // Gone already: the request for it was delivered twice as well, or a person was faster.
                Ok(_) | Err(_) => notes.push(Text::new(
                    format!("Комментарий пришёл в Битрикс24 дважды: лишний, № {id}, удалён."),
                    format!("The comment reached Bitrix24 twice: the surplus one, {id}, is deleted."),
                )),
            }
        }
        Ok(())
    }
}
