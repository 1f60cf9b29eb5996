//! Bad weather between a client and the sandbox, by a seed: what becomes of one request.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crm::CallError;
use domain::Text;
use sandbox::Answered;
use serde_json::Value;
use tokio::time::sleep;

use crate::line::{Calm, Shore, WAY_MS, Way, Which, read};

/// A request never takes effect later than this after it was sent; the queue waits longer before it looks again.
const LANDS_LATE_MS_MAX: u64 = 45_000;
/// Longer than any client waits.
const ANSWER_LATE_MS_MAX: u64 = 100_000;
const PAGE: &str = "<!DOCTYPE html><html><body>nginx</body></html>";

/// What may become of a request. «After» means that it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mood {
    NotSent,
    CutBefore,
    CutAfter,
    /// Given up at once, and it arrives all the same.
    LandsLate,
    /// Something on the way delivers it a second time.
    Twice,
    Slow,
    AnswersLate,
    FailsBefore,
    FailsAfter,
    Truncated,
    PageBefore,
    PageAfter,
    Empty,
    TooMany,
    /// Of this one thing, for a while.
    TooMuch,
    KeyRefused,
}

const MOODS: [Mood; 16] = [
    Mood::NotSent,
    Mood::CutBefore,
    Mood::CutAfter,
    Mood::LandsLate,
    Mood::Twice,
    Mood::Slow,
    Mood::AnswersLate,
    Mood::FailsBefore,
    Mood::FailsAfter,
    Mood::Truncated,
    Mood::PageBefore,
    Mood::PageAfter,
    Mood::Empty,
    Mood::TooMany,
    Mood::TooMuch,
    Mood::KeyRefused,
];

#[derive(Clone)]
pub struct Storm(Arc<Sky>);

struct Sky {
    dice: Mutex<fastrand::Rng>,
    /// How many requests of a hundred are struck.
    percent: u8,
    is_over: AtomicBool,
    struck: Mutex<Vec<Mood>>,
}

impl Storm {
    pub fn new(seed: u64, percent: u8) -> Self {
        Self(Arc::new(Sky {
            dice: Mutex::new(fastrand::Rng::with_seed(seed)),
            percent,
            is_over: AtomicBool::new(false),
            struck: Mutex::default(),
        }))
    }

    pub fn end(&self) {
        self.0.is_over.store(true, Ordering::Relaxed);
    }

    pub fn struck(&self) -> Vec<Mood> {
        self.0.struck.lock().unwrap().clone()
    }

    fn mood(&self) -> Option<Mood> {
        let mut dice = self.0.dice.lock().unwrap();
        if self.0.is_over.load(Ordering::Relaxed) || dice.u8(0..100) >= self.0.percent {
            return None;
        }
        let mood = MOODS[dice.usize(..MOODS.len())];
        self.0.struck.lock().unwrap().push(mood);
        Some(mood)
    }

    fn ms(&self, max: u64) -> u64 {
        self.0.dice.lock().unwrap().u64(1..=max)
    }
}

async fn pass(ms: u64) {
    sleep(Duration::from_millis(ms)).await;
}

fn answered(status: u16, body: &str) -> Option<Answered> {
    Some(Answered {
        status,
        location: None,
        retry_after: None,
        body: body.as_bytes().to_vec(),
    })
}

/// As each of the two refuses.
fn refusal(which: Which, mood: Mood) -> Option<Answered> {
    let (status, body) = match (which, mood) {
        (Which::Bitrix24, Mood::TooMany) => (
            503,
            r#"{"error":"QUERY_LIMIT_EXCEEDED","error_description":"Too many requests"}"#,
        ),
        (Which::Bitrix24, Mood::TooMuch) => (
            429,
            r#"{"error":"OPERATION_TIME_LIMIT","error_description":"Method is blocked"}"#,
        ),
        (Which::Bitrix24, _) => (
            401,
            r#"{"error":"expired_token","error_description":"The access token provided has expired."}"#,
        ),
        (Which::Amocrm, Mood::TooMany) => (429, "<html>429 Too Many Requests</html>"),
        (Which::Amocrm, Mood::TooMuch) => (403, "<html>403 Forbidden</html>"),
        (Which::Amocrm, _) => (
            401,
            r#"{"title":"Unauthorized","status":401,"detail":"Token has been revoked"}"#,
        ),
    };
    answered(status, body)
}

impl Way for Storm {
    async fn carry(&self, shore: &Shore, which: Which, method: &str, params: &Value) -> Result<Value, CallError> {
        let Some(mood) = self.mood() else {
            return Calm.carry(shore, which, method, params).await;
        };
        pass(WAY_MS).await;
        let done = shore.ask(which, method, params);
        let back = match mood {
            Mood::NotSent => {
                return Err(CallError::NotSent {
                    detail: Text::same("no route"),
                });
            }
            Mood::CutBefore => None,
            Mood::LandsLate => {
                let (shore, method, params) = (shore.clone(), method.to_owned(), params.clone());
                let late_ms = self.ms(LANDS_LATE_MS_MAX);
                tokio::spawn(async move {
                    pass(late_ms).await;
                    // Nobody hears the answer.
                    shore.ask(which, &method, &params).await
                });
                None
            }
            Mood::CutAfter => {
                done.await;
                None
            }
            Mood::Twice => {
                done.await;
                shore.ask(which, method, params).await
            }
            Mood::Slow => {
                pass(self.ms(LANDS_LATE_MS_MAX)).await;
                done.await
            }
            Mood::AnswersLate => {
                let back = done.await;
                pass(self.ms(ANSWER_LATE_MS_MAX)).await;
                back
            }
            Mood::FailsBefore => answered(502, PAGE),
            Mood::FailsAfter => {
                done.await;
                answered(504, PAGE)
            }
            Mood::Truncated => {
                let mut back = done.await;
                if let Some(back) = &mut back {
                    back.body.truncate(back.body.len() / 2);
                }
                back
            }
            Mood::PageBefore => answered(200, PAGE),
            Mood::PageAfter => {
                done.await;
                answered(200, PAGE)
            }
            Mood::Empty => {
                done.await;
                answered(200, "")
            }
            Mood::TooMany | Mood::TooMuch | Mood::KeyRefused => refusal(which, mood),
        };
        pass(WAY_MS).await;
        read(which, back)
    }
}
