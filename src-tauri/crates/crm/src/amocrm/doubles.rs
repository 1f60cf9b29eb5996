//! Notes that something on the way delivered twice. amoCRM deletes no notes, so the surplus one is written over: it says
//! what it is, and no longer that a payment came.

use domain::Text;
use serde_json::json;

use super::{
    Client,
    notes::{COMMON, Double, OurNote, Search, service},
};
use crate::{
    attempt::{Attempt, Failed, Stop},
    call::{CallError, Transport},
};

impl<T: Transport> Client<T> {
    /// Of an invoice that is gone: an attempt before it went may have left the note of this mark twice.
    pub(super) async fn disown_doubles_behind(
        &self,
        attempt: &mut Attempt<'_, T>,
        lead: Option<u64>,
        element: u64,
        mark: &str,
        notes: &mut Vec<Text>,
    ) -> Result<(), Stop> {
        let Some(lead) = lead else {
            return Ok(());
        };
        let Some(ours) = self.our_note(attempt, lead, element, mark, Search::Alone).await? else {
            return Ok(());
        };
        self.disown_doubles(attempt, lead, &ours.id, &ours.doubles, notes).await
    }

    /// Writes over the repetitions of all these notes.
    pub(super) async fn disown_all(
        &self,
        attempt: &mut Attempt<'_, T>,
        lead: u64,
        ours: &[OurNote],
        notes: &mut Vec<Text>,
    ) -> Result<(), Stop> {
        for note in ours {
            self.disown_doubles(attempt, lead, &note.id, &note.doubles, notes)
                .await?;
        }
        Ok(())
    }

    /// Writes over these notes. An account that does not let us costs a note of the receipt: the payment itself is right.
    pub(super) async fn disown_doubles(
        &self,
        attempt: &mut Attempt<'_, T>,
        lead: u64,
        first: &str,
        doubles: &[Double],
        notes: &mut Vec<Text>,
    ) -> Result<(), Stop> {
        for Double { id, kind } in doubles {
            let text = format!("Повтор примечания № {first}: сеть доставила его дважды, второго платежа нет.");
            let params = match kind.as_str() {
                COMMON => json!({"text": text}),
                _ => service(&text),
            };
            let call = format!("PATCH leads/{lead}/notes/{id}");
            match attempt
                .write(&call, &json!({"note_type": kind, "params": params}))
                .await
            {
                Ok(_) => notes.push(Text::new(
                    format!("Примечание пришло в amoCRM дважды: лишнее, № {id}, помечено как повтор."),
                    format!("The note reached amoCRM twice: the surplus one, {id}, is marked as a repetition."),
                )),
                Err(Failed { error, .. }) if error.is_not_found() => {}
                Err(Failed {
                    error: error @ CallError::Refused { .. },
                    ..
                }) => {
                    let why = error.fact();
                    notes.push(Text::new(
                        format!(
                            "Примечание пришло в amoCRM дважды, а пометить лишнее, № {id}, не удалось: {}.",
                            why.ru
                        ),
                        format!(
                            "The note reached amoCRM twice, and the surplus one, {id}, could not be marked: {}.",
                            why.en
                        ),
                    ));
                }
                Err(failed) => return Err(failed.into()),
            }
        }
        Ok(())
    }
}
