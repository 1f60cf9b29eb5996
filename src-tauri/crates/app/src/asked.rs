//! Lines of statements under question: shown with the reason, answered by a person.

use domain::{Direction, Text};
use store::{AskedEntry, AskedReason};

use crate::{
    failure::Failure,
    session::Session,
    wire::{AskedAnswer, AskedAnswerRequest, AskedList, AskedRow, Done},
};

impl Session {
    /// # Errors
    /// The ledger cannot be read.
    pub fn asked_list(&self) -> Result<AskedList, Failure> {
        Ok(AskedList {
            rows: self.ledger.asked()?.into_iter().map(row).collect(),
        })
    }

    /// A person says what a line is.
    ///
    /// # Errors
    /// No such open question; a line that can be no entry.
    pub fn asked_answer(&self, request: &AskedAnswerRequest) -> Result<Done, Failure> {
        let actor = self.operator()?;
        let now = self.host.now();
        let booked = |direction| self.ledger.book_asked(request.asked, Some(direction), &actor, now);
        let message = match request.answer {
            AskedAnswer::Credit => {
                booked(Direction::Credit)?;
                Text::new("строка занесена как поступление", "the line is booked as money in")
            }
            AskedAnswer::Debit => {
                booked(Direction::Debit)?;
                Text::new("строка занесена как списание", "the line is booked as money out")
            }
            AskedAnswer::Drop => {
                self.ledger.dismiss_asked(request.asked, &actor, now)?;
                Text::new(
                    "строка отложена: в учёт не попадёт",
                    "the line is set aside and will not be booked",
                )
            }
        };
        self.catch_up()?;
        self.changed();
        Ok(Done {
            message: message.into(),
            decision: None,
        })
    }
}

fn row(asked: AskedEntry) -> AskedRow {
    let entry = asked.entry;
    AskedRow {
        asked: asked.id,
        file: asked.file,
        line: entry.line,
        account: asked.account,
        date: entry.booked.to_string(),
        sum: entry.amount.into(),
        counterparty: entry.counterparty.name.unwrap_or_default(),
        purpose: entry.purpose,
        reason: reason(asked.reason).into(),
        direction_known: entry.direction.is_some(),
    }
}

fn reason(reason: AskedReason) -> Text {
    match reason {
        AskedReason::NoDirection => Text::new(
            "в документе нет своего счёта: не понять, пришли деньги или ушли",
            "the document names no account of ours: money in or out cannot be told",
        ),
        AskedReason::OtherSource => Text::new(
            "этот день уже загружен из файла другого вида, и там такой операции нет",
            "this day came from a file of another kind already, and that one has no such entry",
        ),
        AskedReason::DiffersFromKnown => Text::new(
            "номер операции банка уже занят операцией с другой суммой или датой",
            "the bank's reference belongs to an entry with another sum or day",
        ),
        AskedReason::NegativeAmount => Text::new("сумма в документе отрицательная", "the document's sum is negative"),
    }
}
