//! What a connection is made of, a line each: what was looked at, how it is, and how to give what is missing.

use std::sync::Arc;

use crm::{Introduction, Part, Trouble};
use domain::Text;
use store::ConnectionPart;

use super::{Kind, Line, crm_failure, name_of, state_after};
use crate::{
    failure::Failure,
    pull::not_connected,
    session::Session,
    wire::{CheckLine, CheckPart, CheckState, Connected, ConnectionRequest, CrmState},
};

/// Seconds that two healthy clocks may be apart.
const CLOCKS_APART_S_MAX: u64 = 300;

impl Session {
    /// Looks at the connection whole, makes a field that was removed, and says how each thing stands.
    ///
    /// # Errors
    /// No such CRM is connected; the ledger cannot be read or written. What is wrong with the CRM is a line of the answer.
    pub async fn connection_check(self: &Arc<Self>, request: &ConnectionRequest) -> Result<Connected, Failure> {
        let row = self.the_connection(request.connection.as_deref())?;
        let line = self.line_of(&row)?.ok_or_else(not_connected)?;
        let introduced = match line.crm.connect().await {
            Ok(introduced) => introduced,
            Err(trouble) => {
                let state = state_after(&trouble);
                let checks = broken_off(&trouble, &row.portal);
                self.crm_is(&line.id, state, crm_failure(&*line.crm, trouble).message);
                return Ok(connected(&line, row.portal, state, checks));
            }
        };
        self.change_connection(&line.id, ConnectionPart::Remembered, &introduced.remember.to_string())?;
        self.crm_is(&line.id, CrmState::Ok, Text::same(""));
        self.crm_answered(&line.id);
        self.looked_at(&line, row.portal, introduced).await
    }

    /// The same of every CRM that is connected, at the same time. One that cannot even be asked is a line too.
    ///
    /// # Errors
    /// None is connected; the ledger cannot be read or written; of a single one, whatever stops it.
    pub async fn connections_check(self: &Arc<Self>) -> Result<Vec<Connected>, Failure> {
        let rows = self.connected()?;
        let requests: Vec<ConnectionRequest> = rows
            .iter()
            .map(|row| ConnectionRequest {
                connection: Some(row.id.clone()),
            })
            .collect();
        if requests.is_empty() {
            return Err(not_connected());
        }
        let looks = requests.iter().map(|request| self.connection_check(request));
        let looked = futures_util::future::join_all(looks).await;
        let several = rows.len() > 1;
        rows.into_iter()
            .zip(looked)
            .map(|(row, looked)| match looked {
                Err(failure) if several => {
                    let key = CheckLine {
                        check: CheckPart::Key,
                        state: CheckState::Failed,
                        says: failure.told().into(),
                    };
                    let (kind, name) = (Kind::of(row.kind).into(), name_of(&row));
                    Ok(Connected {
                        connection: row.id,
                        name,
                        kind,
                        portal: row.portal,
                        state: CrmState::Failing,
                        checks: vec![key],
                    })
                }
                looked => looked,
            })
            .collect()
    }

    /// What was found, with what this program knows besides: the address, the clocks, the chosen stages.
    pub(super) async fn looked_at(
        self: &Arc<Self>,
        line: &Line,
        portal: String,
        introduced: Introduction,
    ) -> Result<Connected, Failure> {
        let mut checks = vec![good(
            Part::Address,
            Text::new(
                format!("{} отвечает", name(line.kind, &portal).ru),
                format!("{} answers", name(line.kind, &portal).en),
            ),
        )];
        checks.push(self.clocks(&introduced));
        checks.extend(introduced.checks.into_iter().map(|check| CheckLine {
            check: part(check.part),
            state: if check.good {
                CheckState::Good
            } else {
                CheckState::Lacking
            },
            says: check.says.into(),
        }));
        let (chosen, state) = match self.mapping_objections(line).await {
            Ok(objections) => (objections, CheckState::Lacking),
            // It is connected all the same, and the stages are looked at again in a while.
            Err(failure) => (vec![failure.message], CheckState::NotLooked),
        };
        checks.extend(chosen.into_iter().map(|says| CheckLine {
            check: CheckPart::Stages,
            state,
            says: says.into(),
        }));
        checks.sort_by_key(|line| line.check);
        let state = self.crm_state(&line.id)?.state;
        Ok(connected(line, portal, state, checks))
    }

    /// Dates of payments and the terms of keys are compared with the CRM's.
    fn clocks(&self, introduced: &Introduction) -> CheckLine {
        let here = self.host.now();
        let Some(there) = introduced.server_time else {
            return CheckLine {
                check: CheckPart::Clock,
                state: CheckState::NotLooked,
                says: Text::new(
                    "CRM не сообщила, который у неё час",
                    "the CRM did not say what time it is there",
                )
                .into(),
            };
        };
        let apart_s = here.ms_since(there).max(there.ms_since(here)) / 1_000;
        if apart_s <= CLOCKS_APART_S_MAX {
            let says = Text::new("часы сходятся с часами CRM", "the clocks agree with the CRM's");
            return good(Part::Clock, says);
        }
        let minutes = apart_s / 60;
        CheckLine {
            check: CheckPart::Clock,
            state: CheckState::Lacking,
            says: Text::new(
                format!("Часы этого компьютера расходятся с часами CRM на {minutes} мин: включите точное время."),
                format!("This computer's clock is {minutes} min off the CRM's: switch on network time."),
            )
            .into(),
        }
    }
}

fn connected(line: &Line, portal: String, state: CrmState, checks: Vec<CheckLine>) -> Connected {
    Connected {
        connection: line.id.clone(),
        name: line.name.clone(),
        kind: line.kind.into(),
        portal,
        state,
        checks,
    }
}

fn name(kind: Kind, portal: &str) -> Text {
    let Text { ru, en } = kind.text();
    Text::new(format!("{ru} {portal}"), format!("{en} {portal}"))
}

/// Everything before the trouble is in order, and what comes behind it was not reached.
fn broken_off(trouble: &Trouble, portal: &str) -> Vec<CheckLine> {
    let line = |at: Part| {
        let (state, says) = match at.cmp(&trouble.part) {
            std::cmp::Ordering::Less => (CheckState::Good, in_order(at, portal)),
            std::cmp::Ordering::Equal => (CheckState::Failed, trouble.says.clone()),
            std::cmp::Ordering::Greater => (
                CheckState::NotLooked,
                Text::new("не проверено: не дошли", "not looked at: it was not reached"),
            ),
        };
        CheckLine {
            check: part(at),
            state,
            says: says.into(),
        }
    };
    Part::ALL.into_iter().map(line).collect()
}

fn in_order(at: Part, portal: &str) -> Text {
    match at {
        Part::Address => Text::new(format!("{portal} отвечает"), format!("{portal} answers")),
        Part::Key => Text::new("ключ принят", "the key is accepted"),
        Part::Rights => Text::new("прав хватает", "the rights suffice"),
        Part::Stages => Text::new("стадии прочитаны", "the stages were read"),
        Part::Field => Text::new("поле для кода платежа есть", "the field for payment ids is there"),
        Part::Clock => Text::new("часы сходятся", "the clocks agree"),
    }
}

fn good(at: Part, says: Text) -> CheckLine {
    CheckLine {
        check: part(at),
        state: CheckState::Good,
        says: says.into(),
    }
}

fn part(part: Part) -> CheckPart {
    match part {
        Part::Address => CheckPart::Address,
        Part::Key => CheckPart::Key,
        Part::Rights => CheckPart::Rights,
        Part::Stages => CheckPart::Stages,
        Part::Field => CheckPart::Field,
        Part::Clock => CheckPart::Clock,
    }
}
