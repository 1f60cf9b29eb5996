//! Deliveries side by side ([`crate::together`]) for Bitrix24: their looks go out as batches.

use domain::Outcome;
use serde_json::Value;

use super::{Client, CrmError, batch::COMMANDS_MAX};
use crate::{
    call::{CallError, Transport},
    interface::Doing,
    together::{Answer, Gather, Parcel, Question, in_waves},
};

/// Messages side by side. What a message has seen is as old as the writes of the others take: about half a second each.
pub(super) const SIDE_BY_SIDE_MAX: usize = 25;

/// What may share a request: looks, which change nothing, and notifications, which a repeated tag only replaces.
const SHARED: [&str; 8] = [
    "crm.item.get",
    "crm.item.list",
    "crm.item.fields",
    "crm.status.list",
    "crm.timeline.comment.list",
    "crm.activity.list",
    "crm.documentgenerator.document.list",
    "im.notify.system.add",
];

fn shared(method: &str) -> Option<&'static str> {
    SHARED.into_iter().find(|shared| *shared == method)
}

fn is_shared(method: &str, _params: &Value) -> bool {
    shared(method).is_some()
}

impl<T: Transport + Send> Client<T> {
    /// Delivers messages as [`Client::deliver`] does each of them, and answers in their order.
    pub async fn deliver_together(&self, parcels: &[Parcel]) -> Vec<Outcome> {
        in_waves(parcels, SIDE_BY_SIDE_MAX, |group| Box::pin(self.side_by_side(group))).await
    }

    async fn side_by_side(&self, group: Vec<&Parcel>) -> Vec<Option<Outcome>> {
        let gather = Gather::new(&self.transport, is_shared);
        let client = Client::new(&gather, self.portal.clone());
        let mut deliveries: Vec<Doing<'_, Outcome>> = Vec::with_capacity(group.len());
        for (message, earlier) in group {
            deliveries.push(Box::pin(client.deliver(message, earlier)));
        }
        gather
            .drive(deliveries, |questions| Box::pin(self.ask_together(questions)))
            .await
    }

    async fn ask_together(&self, questions: Vec<Question>) -> Vec<Answer> {
        let asked: Vec<(&'static str, &Value)> = questions
            .iter()
            .filter_map(|(method, params)| Some((shared(method)?, params)))
            .collect();
        let mut answers = Vec::with_capacity(asked.len());
        for part in asked.chunks(COMMANDS_MAX) {
            answers.extend(self.answers(part).await);
        }
        answers
    }

    async fn answers(&self, questions: &[(&'static str, &Value)]) -> Vec<Answer> {
        if let [(method, params)] = questions {
            return vec![self.read(method, params).await.map_err(call_of)];
        }
        match self.batch(questions).await.map_err(call_of) {
            Ok(answers) => answers,
            Err(error) => vec![Err(error); questions.len()],
        }
    }
}

fn call_of(error: CrmError) -> CallError {
    match error {
        CrmError::Call { error, .. } => error,
        other => CallError::NoAnswer { detail: other.text() },
    }
}
