//! One attempt to deliver a message: every call of it goes through here, so that each failure becomes the right
//! [`Outcome`]. What counts is whether anything was written before, and whether the failed call was a write itself.

use domain::{Money, Outcome, Receipt, Text, Trace};
use serde_json::Value;

use crate::call::{CallError, Transport};

pub struct Attempt<'a, T> {
    transport: &'a T,
    written: bool,
    /// What was changed and made, for the receipt.
    pub traces: Vec<Trace>,
}

/// Why an attempt ended before its end.
pub enum Stop {
    Failed(Failed),
    /// A person must look: the fact, as the end of a sentence.
    Refused(Text),
    /// The portal answered, and what it shows is not what was written or asked for.
    Unproven {
        detail: Text,
        written: bool,
    },
}

/// The invoice must ask for at least what the payment brings: what lies above it was paid by something else, or
/// somebody lowered the price.
pub fn covers(asked: Money, amount: Money, number: &str) -> Result<(), Stop> {
    if asked >= amount {
        return Ok(());
    }
    let (asked, paid) = (asked.text(), amount.text());
    Err(Stop::Refused(Text::new(
        format!(
            "счёт {number} теперь на {}, это меньше платежа на {}",
            asked.ru, paid.ru
        ),
        format!(
            "invoice {number} asks for {} now, less than the payment of {}",
            asked.en, paid.en
        ),
    )))
}

/// What is no money is not worth a lane that stands still: a refusal is noted, and the payments behind it go on.
pub fn given_up(told: Result<Receipt, Stop>) -> Result<Receipt, Stop> {
    let why = match told {
        Err(Stop::Refused(why)) => why,
        Err(Stop::Failed(Failed {
            error: error @ CallError::Refused { .. },
            ..
        })) => error.fact(),
        other => return other,
    };
    Ok(Receipt {
        found_done: true,
        notes: vec![Text::new(
            format!("Статус счёта не записан: {}.", why.ru),
            format!("The invoice's status is not written: {}.", why.en),
        )],
        ..Receipt::default()
    })
}

/// A call that failed, and where in the attempt.
pub struct Failed {
    pub error: CallError,
    writing: bool,
    written: bool,
}

impl From<Failed> for Stop {
    fn from(failed: Failed) -> Self {
        Self::Failed(failed)
    }
}

impl<'a, T: Transport> Attempt<'a, T> {
    pub fn new(transport: &'a T) -> Self {
        Self {
            transport,
            written: false,
            traces: Vec::new(),
        }
    }

    /// Whether this attempt changed anything.
    pub fn has_written(&self) -> bool {
        self.written
    }

    /// Whether what a look does not show should be asked for [alone](Self::look_alone) before anything hangs on it.
    pub fn shares_looks(&self) -> bool {
        self.transport.shares()
    }

    /// Waits before something is looked at once more.
    pub async fn pause(&self, ms: u64) {
        self.transport.pause(ms).await;
    }

    pub async fn look(&self, method: &str, params: &Value) -> Result<Value, Failed> {
        let answer = self.transport.call(method, params).await;
        answer.map_err(|error| self.failed_look(error))
    }

    /// In a request of its own, whoever else wants to see something.
    pub async fn look_alone(&self, method: &str, params: &Value) -> Result<Value, Failed> {
        let answer = self.transport.call_alone(method, params).await;
        answer.map_err(|error| self.failed_look(error))
    }

    fn failed_look(&self, error: CallError) -> Failed {
        Failed {
            error,
            writing: false,
            written: self.written,
        }
    }

    pub async fn write(&mut self, method: &str, params: &Value) -> Result<Value, Failed> {
        let answer = self.transport.call(method, params).await.map_err(|error| Failed {
            error,
            writing: true,
            written: self.written,
        })?;
        self.written = true;
        Ok(answer)
    }

    /// A read outside of the attempt that failed: nothing was written by it.
    pub fn failed(&self, error: CallError) -> Stop {
        Stop::Failed(self.failed_look(error))
    }

    pub fn unproven(&self, detail: Text) -> Stop {
        Stop::Unproven {
            detail,
            written: self.written,
        }
    }
}

impl Stop {
    /// `shut` says of a failure that has nothing to do with the message why the CRM lets nothing through, and what to do.
    pub fn outcome(self, shut: impl FnOnce(&CallError) -> Option<Text>) -> Outcome {
        match self {
            Self::Failed(failed) => match shut(&failed.error) {
                Some(detail) => Outcome::Unauthorised { detail },
                None => failed.outcome(),
            },
            Self::Refused(detail) => Outcome::Refused { detail },
            Self::Unproven { detail, written: true } => Outcome::Unknown { detail },
            Self::Unproven { detail, written: false } => Outcome::Transient {
                detail,
                retry_after_ms: None,
            },
        }
    }
}

impl Failed {
    fn outcome(self) -> Outcome {
        let detail = self.error.fact();
        match self.error {
            // Halfway: any milder word would say that the CRM holds nothing of it, and an undo would leave it there.
            CallError::NotSent { .. } | CallError::Limited { .. } if self.written => Outcome::Unknown { detail },
            CallError::NotSent { .. } => Outcome::Offline { detail },
            CallError::NoAnswer { .. } | CallError::ServerFailed { .. } if self.writing || self.written => {
                Outcome::Unknown { detail }
            }
            CallError::NoAnswer { .. } | CallError::ServerFailed { .. } => Outcome::Transient {
                detail,
                retry_after_ms: None,
            },
            CallError::Limited { retry_after_ms, .. } => Outcome::Transient { detail, retry_after_ms },
            CallError::Unauthorised { .. } | CallError::Moved { .. } => Outcome::Unauthorised { detail },
            CallError::Refused { .. } => Outcome::Refused { detail },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(error: CallError, writing: bool, written: bool) -> &'static str {
        let failed = Failed {
            error,
            writing,
            written,
        };
        match failed.outcome() {
            Outcome::Delivered { .. } => "delivered",
            Outcome::Unknown { .. } => "unknown",
            Outcome::Transient { retry_after_ms, .. } => retry_after_ms.map_or("transient", |_| "transient, later"),
            Outcome::Offline { .. } => "offline",
            Outcome::Unauthorised { .. } => "unauthorised",
            Outcome::Refused { .. } => "refused",
        }
    }

    #[test]
    fn each_failure_has_its_outcome_before_during_and_after_a_write() {
        let code = || "x".to_owned();
        let detail = || Text::same("x");
        let errors: [(CallError, [&str; 4]); 7] = [
            // reading first, writing first, reading after a write, writing after a write
            (
                CallError::NotSent { detail: detail() },
                ["offline", "offline", "unknown", "unknown"],
            ),
            (
                CallError::NoAnswer { detail: detail() },
                ["transient", "unknown", "unknown", "unknown"],
            ),
            (
                CallError::ServerFailed {
                    status: 500,
                    detail: detail(),
                },
                ["transient", "unknown", "unknown", "unknown"],
            ),
            (
                CallError::Limited {
                    detail: detail(),
                    retry_after_ms: Some(7),
                },
                ["transient, later", "transient, later", "unknown", "unknown"],
            ),
            (
                CallError::Unauthorised {
                    code: code(),
                    detail: detail(),
                },
                ["unauthorised"; 4],
            ),
            (CallError::Moved { to: code() }, ["unauthorised"; 4]),
            (
                CallError::Refused {
                    status: 400,
                    code: code(),
                    detail: detail(),
                },
                ["refused"; 4],
            ),
        ];
        for (error, expected) in errors {
            let cases = [(false, false), (true, false), (false, true), (true, true)];
            for ((writing, written), expected) in cases.into_iter().zip(expected) {
                assert_eq!(
                    outcome(error.clone(), writing, written),
                    expected,
                    "{error} {writing} {written}"
                );
            }
        }
    }

    #[test]
    fn what_is_no_money_gives_up_at_a_refusal_and_waits_for_everything_else() {
        let why = || Text::new("нет доступа", "no access");
        let failed = |error| {
            Stop::Failed(Failed {
                error,
                writing: true,
                written: false,
            })
        };
        let refused = CallError::Refused {
            status: 400,
            code: "ACCESS_DENIED".to_owned(),
            detail: why(),
        };
        for stop in [Stop::Refused(why()), failed(refused)] {
            let Ok(receipt) = given_up(Err(stop)) else {
                panic!("a lane would stand still")
            };
            assert!(receipt.found_done && receipt.notes.len() == 1 && receipt.stage_after.is_none());
        }
        let offline = CallError::NotSent { detail: why() };
        assert!(given_up(Err(failed(offline))).is_err());
    }
}
