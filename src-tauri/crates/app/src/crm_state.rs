//! Whether the CRM answers: as this process heard it, else as the queue in the ledger tells it, because another
//! process may be the one that delivers.

use domain::{Outcome, Text};
use store::{ConnectionRow, MessageQuery, MessageState};

use crate::{
    connect::{Kind, name_of},
    failure::Failure,
    pull::not_connected,
    session::{Heard, Session},
    wire::{CrmState, CrmStatus},
};

/// The newest waiting messages that are asked how their last attempt went.
const MESSAGES_ASKED: u64 = 20;

impl Session {
    pub(crate) fn crm_is(&self, connection: &str, state: CrmState, message: Text) {
        let heard = Heard { state, message };
        let before = self.live().crms.insert(connection.to_owned(), heard.clone());
        if before != Some(heard) {
            self.changed();
        }
    }

    /// How each connected CRM stands, in the order in which they were connected.
    pub(crate) fn crm_statuses(&self) -> Result<Vec<CrmStatus>, Failure> {
        let waiting = self.ledger.outbox_waiting()?;
        let status = |row: ConnectionRow| {
            let heard = self.crm_state(&row.id)?;
            Ok(CrmStatus {
                name: Some(name_of(&row)),
                kind: Some(Kind::of(row.kind).into()),
                state: heard.state,
                portal: Some(row.portal).filter(|portal| !portal.is_empty()),
                message: heard.message.into(),
                pulled_at: self.ledger.pulled_at(&row.id)?.map(domain::Timestamp::iso),
                waiting: waiting.get(&row.id).copied().unwrap_or_default(),
                connection: Some(row.id),
            })
        };
        self.connected()?.into_iter().map(status).collect()
    }

    /// How a connected CRM stands.
    pub(crate) fn crm_state(&self, connection: &str) -> Result<Heard, Failure> {
        let heard = self.live().crms.get(connection).cloned();
        let heard = match heard {
            Some(heard) => heard,
            None => self.told_by_the_queue(connection)?,
        };
        // What the CRM answers is fine, and what was chosen of it is no longer there.
        let chosen = self.live().mappings.get(connection).cloned();
        Ok(match chosen {
            Some(message) if heard.state == CrmState::Ok => Heard {
                state: CrmState::Failing,
                message,
            },
            _ => heard,
        })
    }

    fn told_by_the_queue(&self, connection: &str) -> Result<Heard, Failure> {
        let waiting = self.ledger.messages(&MessageQuery {
            state: Some(MessageState::Queued),
            connection: Some(connection.to_owned()),
            offset: 0,
            limit: MESSAGES_ASKED,
        })?;
        let attempts = waiting.rows.iter().flat_map(|row| &row.attempts);
        let last = attempts
            .filter(|attempt| attempt.outcome.is_some())
            .max_by_key(|attempt| attempt.ended);
        Ok(match last.and_then(|attempt| attempt.outcome.as_ref()) {
            Some(Outcome::Offline { .. }) => Heard {
                state: CrmState::Offline,
                message: offline(),
            },
            Some(Outcome::Unauthorised { detail }) => Heard {
                state: CrmState::Unauthorised,
                message: not_let_in(Some(detail)),
            },
            _ => Heard {
                state: CrmState::Ok,
                message: Text::same(""),
            },
        })
    }
}

/// All of them in one: the one there is; of several the one that most wants a person, with its name before its sentence.
pub(crate) fn together(crms: &[CrmStatus]) -> CrmStatus {
    let worst = crms.iter().rev().max_by_key(|crm| match crm.state {
        CrmState::Ok | CrmState::NotConnected => 0,
        CrmState::Offline => 1,
        CrmState::Failing => 2,
        CrmState::Unauthorised => 3,
    });
    let Some(worst) = worst else {
        return CrmStatus {
            connection: None,
            name: None,
            kind: None,
            state: CrmState::NotConnected,
            portal: None,
            message: not_connected().message.into(),
            pulled_at: None,
            waiting: 0,
        };
    };
    let mut one = worst.clone();
    if let (Some(name), [_, _, ..]) = (&one.name, crms) {
        for words in [&mut one.message.ru, &mut one.message.en] {
            if !words.is_empty() {
                *words = format!("«{name}»: {words}");
            }
        }
        // As of the one that was heard longest ago.
        one.pulled_at = crms.iter().map(|crm| crm.pulled_at.clone()).min().flatten();
        one.waiting = crms.iter().map(|crm| crm.waiting).sum();
    }
    one
}

pub(crate) fn offline() -> Text {
    Text::new(
        "нет связи с CRM, записи уйдут сами",
        "the CRM is not reached, the queue goes by itself",
    )
}

/// What the CRM's client said of it, which names what to do.
pub(crate) fn not_let_in(says: Option<&Text>) -> Text {
    says.cloned().unwrap_or_else(|| {
        Text::new(
            "CRM не принимает ключ: подключите её заново",
            "the CRM does not accept the key: connect it again",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_crm_says_is_said_and_what_to_do_where_it_says_nothing() {
        let why = Text::new(
            "Срок ключа истёк. Продлите вебхук.",
            "The key has expired. Renew the webhook.",
        );
        assert_eq!(not_let_in(Some(&why)), why);
        assert!(not_let_in(None).ru.contains("подключите её заново"));
    }
}
