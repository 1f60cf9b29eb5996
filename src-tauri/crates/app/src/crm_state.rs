//! Whether the CRM answers: as this process heard it, else as the queue in the ledger tells it, because another
//! process may be the one that delivers.

use domain::{Outcome, Text};
use store::{MessageQuery, MessageState};

use crate::{
    failure::Failure,
    pull::not_connected,
    session::{Heard, Session},
    settings::CRM_PORTAL,
    wire::{CrmState, CrmStatus},
};

/// The newest waiting messages that are asked how their last attempt went.
const MESSAGES_ASKED: u64 = 20;

impl Session {
    pub(crate) fn crm_is(&self, state: CrmState, message: Text) {
        let heard = Heard { state, message };
        let before = self.live().crm.replace(heard.clone());
        if before != Some(heard) {
            self.changed();
        }
    }

    pub(crate) fn crm_status(&self) -> Result<CrmStatus, Failure> {
        // The key is what makes a connection; the portal's name is only shown.
        let kind = self.connected_kind()?;
        let connected = kind.is_some();
        let portal = self.ledger.setting(CRM_PORTAL)?.filter(|_| connected);
        let heard = self.live().crm.clone();
        let heard = match (connected, heard) {
            (false, _) => Heard {
                state: CrmState::NotConnected,
                message: not_connected().message,
            },
            (true, Some(heard)) => heard,
            (true, None) => self.told_by_the_queue()?,
        };
        // What the CRM answers is fine, and what was chosen of it is no longer there.
        let heard = match self.live().mapping.clone() {
            Some(message) if heard.state == CrmState::Ok => Heard {
                state: CrmState::Failing,
                message,
            },
            _ => heard,
        };
        let pulled_at = match kind {
            Some(kind) => self.ledger.pulled_at(kind.connection())?.map(domain::Timestamp::iso),
            None => None,
        };
        Ok(CrmStatus {
            state: heard.state,
            portal,
            message: heard.message.into(),
            pulled_at,
        })
    }

    fn told_by_the_queue(&self) -> Result<Heard, Failure> {
        let waiting = self.ledger.messages(&MessageQuery {
            state: Some(MessageState::Queued),
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
                message: key_refused(Some(detail)),
            },
            _ => Heard {
                state: CrmState::Ok,
                message: Text::same(""),
            },
        })
    }
}

pub(crate) fn offline() -> Text {
    Text::new(
        "нет связи с CRM, записи уйдут сами",
        "the CRM is not reached, the queue goes by itself",
    )
}

pub(crate) fn key_refused(detail: Option<&Text>) -> Text {
    let why = |words: Option<&String>| words.map_or_else(String::new, |words| format!(" ({words})"));
    Text::new(
        format!(
            "CRM не принимает ключ{}: подключите её заново",
            why(detail.map(|detail| &detail.ru))
        ),
        format!(
            "the CRM does not accept the key{}: connect it again",
            why(detail.map(|detail| &detail.en))
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_key_is_said_once_with_the_reason_where_one_is_known() {
        let why = Text::new("срок истёк", "expired");
        for (detail, ru, en) in [
            (
                Some(&why),
                "CRM не принимает ключ (срок истёк): подключите её заново",
                "the CRM does not accept the key (expired): connect it again",
            ),
            (
                None,
                "CRM не принимает ключ: подключите её заново",
                "the CRM does not accept the key: connect it again",
            ),
        ] {
            assert_eq!(key_refused(detail), Text::new(ru, en));
        }
    }
}
