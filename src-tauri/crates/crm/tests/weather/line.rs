//! The line to a sandbox in this process, as a host would lay it: paced by a budget on our side, a round trip long.

use std::{sync::Arc, time::Duration};

use crm::{CallError, Transport, amocrm, bitrix24, bitrix24::HttpAnswer};
use domain::{Text, Timestamp};
use outbox::{Budget, BudgetPolicy};
use sandbox::{Answered, Inside, Question};
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout};

/// Somewhen; what counts is how long after.
pub const START_MS: i64 = 1_795_000_000_000;
/// One way.
pub const WAY_MS: u64 = 75;
/// As the host has it after «too many requests» without a time.
const LIMITED_PAUSE_MS: u64 = 2_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    Bitrix24,
    Amocrm,
}

impl Which {
    pub fn budget(self) -> BudgetPolicy {
        match self {
            Self::Bitrix24 => BudgetPolicy::BITRIX24,
            Self::Amocrm => BudgetPolicy::AMOCRM,
        }
    }
}

/// The sandbox's clock is this runtime's.
#[derive(Clone)]
pub struct Shore {
    pub inside: Arc<Inside>,
    started: Instant,
}

impl Shore {
    pub fn new(inside: Inside) -> Self {
        Self {
            inside: Arc::new(inside),
            started: Instant::now(),
        }
    }

    pub fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap()
    }

    pub fn now(&self) -> Timestamp {
        Timestamp(START_MS + i64::try_from(self.elapsed_ms()).unwrap())
    }

    /// A request arrives.
    pub async fn ask(&self, which: Which, method: &str, params: &Value) -> Option<Answered> {
        self.inside.set_now_ms(self.now().0);
        match which {
            Which::Bitrix24 => {
                let question = Question {
                    verb: "POST",
                    target: &format!("{}{method}", self.inside.webhook_path()),
                    bearer: None,
                    body: Some(params),
                };
                self.inside.ask(question).await
            }
            Which::Amocrm => {
                let (verb, path) = method.split_once(' ').unwrap();
                let mut target = format!("/api/v4/{path}");
                if verb == "GET" {
                    let pairs = amocrm::query_pairs(params);
                    let encoded = pairs
                        .iter()
                        .map(|(name, value)| format!("{}={}", plain(name), plain(value)));
                    target = format!("{target}?{}", encoded.collect::<Vec<_>>().join("&"));
                }
                let question = Question {
                    verb,
                    target: &target,
                    bearer: Some(self.inside.bearer()),
                    body: (verb != "GET").then_some(params),
                };
                self.inside.ask(question).await
            }
        }
    }

    /// What the control address says.
    pub async fn told(&self, target: &str) -> Value {
        let answered = self.inside.steer("GET", target, None).await.unwrap();
        serde_json::from_slice(&answered.body).unwrap()
    }
}

/// Percent-encoded where it is not a letter or a digit.
fn plain(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' | b'.' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// What an answer means to the client.
pub fn read(which: Which, answered: Option<Answered>) -> Result<Value, CallError> {
    let Some(answered) = answered else {
        return Err(cut());
    };
    let answer = HttpAnswer {
        status: answered.status,
        location: answered.location.as_deref(),
        retry_after: answered.retry_after.as_deref(),
        body: &answered.body,
    };
    match which {
        Which::Bitrix24 => bitrix24::read_answer(&answer),
        Which::Amocrm => amocrm::read_answer(&answer),
    }
}

pub fn cut() -> CallError {
    CallError::NoAnswer {
        detail: Text::same("cut"),
    }
}

/// What lies between the host and the sandbox.
pub trait Way: Clone + Send + Sync + 'static {
    fn carry(
        &self,
        shore: &Shore,
        which: Which,
        method: &str,
        params: &Value,
    ) -> impl Future<Output = Result<Value, CallError>> + Send;
}

/// A good one.
#[derive(Clone)]
pub struct Calm;

impl Way for Calm {
    async fn carry(&self, shore: &Shore, which: Which, method: &str, params: &Value) -> Result<Value, CallError> {
        sleep(Duration::from_millis(WAY_MS)).await;
        let answered = shore.ask(which, method, params).await;
        sleep(Duration::from_millis(WAY_MS)).await;
        read(which, answered)
    }
}

#[derive(Clone)]
pub struct Line<W> {
    pub shore: Shore,
    pub which: Which,
    pub way: W,
    budget: Arc<tokio::sync::Mutex<Budget>>,
}

impl<W: Way> Line<W> {
    pub fn new(shore: &Shore, which: Which, way: W) -> Self {
        Self {
            shore: shore.clone(),
            which,
            way,
            budget: Arc::new(tokio::sync::Mutex::new(Budget::new(which.budget()))),
        }
    }
}

impl<W: Way> Transport for Line<W> {
    async fn call(&self, method: &str, params: &Value) -> Result<Value, CallError> {
        {
            let mut budget = self.budget.lock().await;
            while let Err(free_at) = budget.take(self.shore.now(), 1) {
                sleep(Duration::from_millis(free_at.ms_since(self.shore.now()).max(1))).await;
            }
        }
        // What was sent goes on by itself, whoever gives up waiting for it or dies.
        let under_way = tokio::spawn({
            let (line, method, params) = (self.clone(), method.to_owned(), params.clone());
            async move { line.way.carry(&line.shore, line.which, &method, &params).await }
        });
        let patience = Duration::from_millis(crm::Timeouts::default().answer_ms);
        let answer = match timeout(patience, under_way).await {
            Ok(answer) => answer.unwrap(),
            Err(_) => Err(cut()),
        };
        if let Err(CallError::Limited { retry_after_ms, .. }) = &answer {
            let pause_ms = retry_after_ms.unwrap_or(LIMITED_PAUSE_MS);
            self.budget.lock().await.penalise(self.shore.now(), pause_ms);
        }
        answer
    }

    async fn pause(&self, ms: u64) {
        sleep(Duration::from_millis(ms)).await;
    }
}
