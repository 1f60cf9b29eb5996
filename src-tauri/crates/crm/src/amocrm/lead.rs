//! The status of the lead behind an invoice, for accounts whose user wants it moved when money comes.

use domain::{PaymentStatus, Text, Touched, Trace};
use serde_json::{Value, json};

use super::{
    Client,
    leads::{LOST, WON},
    record::changed_at,
};
use crate::{
    attempt::{Attempt, Failed, Stop},
    call::{CallError, Transport},
    mapping::{Choice, Of},
    moves::StageMove,
    php,
};

/// A lead as it stands.
struct Stands {
    pipeline: Option<u64>,
    status: u64,
}

impl<T: Transport> Client<T> {
    /// From which status to which the lead is to go; nothing where it is not to be moved.
    pub(super) async fn lead_plan(
        &self,
        attempt: &mut Attempt<'_, T>,
        lead: u64,
        status: PaymentStatus,
        notes: &mut Vec<Text>,
    ) -> Result<StageMove, Stop> {
        let mapping = &self.account.mapping;
        let mapped = |choice: &Choice| choice.of == Of::Deals && choice.status == status;
        if !mapping.choices.iter().any(mapped) {
            return Ok(StageMove::default());
        }
        let Some(stands) = self.lead(attempt, lead).await? else {
            return Ok(StageMove::default());
        };
        let now = stands.status.to_string();
        let pipeline = stands.pipeline.unwrap_or_default();
        let wanted = mapping.stage(Of::Deals, pipeline, status);
        let closed = stands.status == WON || stands.status == LOST;
        let Some(wanted) = wanted.filter(|_| !closed) else {
            if wanted != Some(&now) {
                notes.push(Text::new(
                    format!("Статус сделки № {lead} оставлен: она закрыта или в другой воронке."),
                    format!("The status of lead {lead} is left: it is closed or in another pipeline."),
                ));
            }
            return Ok(StageMove::default());
        };
        let standing: Vec<_> = mapping.standing(Of::Deals, pipeline, &now).collect();
        let is_past = !standing.is_empty() && standing.iter().all(|before| !status.may_follow(*before));
        if now == wanted || is_past {
            return Ok(StageMove::default());
        }
        Ok(StageMove {
            before: Some(now),
            after: Some(wanted.to_owned()),
        })
    }

    /// Moves a lead that still stands where it was. The invoice is what counts: a refusal is noted, not an obstacle.
    pub(super) async fn move_lead(
        &self,
        attempt: &mut Attempt<'_, T>,
        lead: u64,
        moved: &StageMove,
        notes: &mut Vec<Text>,
    ) -> Result<(), Stop> {
        let Some((before, after)) = moved.changed() else {
            return Ok(());
        };
        let Some(stands) = self.lead(attempt, lead).await? else {
            return Ok(());
        };
        let now = stands.status.to_string();
        if now == after {
            return Ok(());
        }
        if now != before {
            notes.push(Text::new(
                format!("Статус сделки № {lead} сменили после нашей записи: оставлен."),
                format!("The status of lead {lead} was changed after our write: left as it is."),
            ));
            return Ok(());
        }
        let Ok(status) = after.parse::<u64>() else {
            return Ok(());
        };
        let mut change = json!({"status_id": status});
        if let Some(pipeline) = stands.pipeline {
            change["pipeline_id"] = json!(pipeline);
        }
        match attempt.write(&format!("PATCH leads/{lead}"), &change).await {
            Ok(answer) => attempt.traces.push(Trace {
                what: Touched::Deal,
                id: lead.to_string(),
                before: Some(now),
                after: Some(after.to_owned()),
                at: changed_at(&answer, "leads"),
            }),
            Err(Failed {
                error: error @ CallError::Refused { .. },
                ..
            }) => {
                if error.is_not_found() {
                    self.must_be_gone(attempt, "leads", "leads", lead).await?;
                }
                let why = error.fact();
                notes.push(Text::new(
                    format!("Статус сделки № {lead} не изменён: {}.", why.ru),
                    format!("The status of lead {lead} was not changed: {}.", why.en),
                ));
                return Ok(());
            }
            Err(failed) => return Err(failed.into()),
        }
        match self.lead(attempt, lead).await? {
            Some(stands) if stands.status != status => {
                notes.push(Text::new(
                    format!("Сразу после записи статус сделки № {lead} сменили (робот или сотрудник): оставлен."),
                    format!("Right after the write somebody moved lead {lead}, a robot or a person: left as it is."),
                ));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn lead(&self, attempt: &mut Attempt<'_, T>, lead: u64) -> Result<Option<Stands>, Stop> {
        let row = match attempt.look(&format!("GET leads/{lead}"), &json!({})).await {
            Ok(row) => row,
            Err(Failed { error, .. }) if error.is_not_found() => {
                self.must_be_gone(attempt, "leads", "leads", lead).await?;
                Value::Null
            }
            Err(failed) => return Err(failed.into()),
        };
        Ok(php::id(&row["status_id"])
            .filter(|_| php::id(&row["id"]) == Some(lead))
            .map(|status| Stands {
                pipeline: php::id(&row["pipeline_id"]),
                status,
            }))
    }
}
