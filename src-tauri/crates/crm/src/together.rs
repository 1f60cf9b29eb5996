//! Delivering several messages side by side, so that their looks share requests: what all of them want to see is asked for
//! at once, and what they write goes out one by one.
//!
//! Nothing of a single delivery changes by that: each runs its own course over a [`Gather`], which holds every look back
//! until nobody can go on without one. Which calls are looks that may be shared, and how several are asked in one request,
//! each CRM's own module knows.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::poll_fn,
    sync::{Mutex, MutexGuard, PoisonError},
    task::Poll,
};

use domain::{Lane, Message, Operation, Outcome, Text};
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::{
    call::{CallError, Transport},
    interface::{Doing, Earlier},
};

/// Writes on the wire at once.
const WRITES_MAX: usize = 4;

/// A message with what taking it back may need.
pub type Parcel = (Message, Earlier);
/// A call and its parameters.
pub type Question = (String, Value);
pub type Answer = Result<Value, CallError>;

/// Holds looks back until they can be asked together.
pub struct Gather<'a, T> {
    transport: &'a T,
    /// Whether a call is a look that may share a request: it changes nothing, and nobody holds anything that another
    /// delivery waits for while it waits for this one's answer.
    is_shared: fn(&str, &Value) -> bool,
    writes: Semaphore,
    board: Mutex<Board>,
}

#[derive(Default)]
struct Board {
    tickets: u64,
    waiting: BTreeMap<u64, Question>,
    answered: BTreeMap<u64, Answer>,
}

impl<'a, T: Transport> Gather<'a, T> {
    pub fn new(transport: &'a T, is_shared: fn(&str, &Value) -> bool) -> Self {
        Self {
            transport,
            is_shared,
            writes: Semaphore::new(WRITES_MAX),
            board: Mutex::default(),
        }
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        // Nothing that panics is done while it is held.
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drives the deliveries to their ends. Whenever all that are left wait for a look, `ask` is given what they want to
    /// see, equal questions once; it answers each, in their order.
    pub async fn drive<'q>(
        &self,
        deliveries: Vec<Doing<'_, Outcome>>,
        ask: impl Fn(Vec<Question>) -> Doing<'q, Vec<Answer>> + Send + Sync,
    ) -> Vec<Option<Outcome>> {
        let mut outcomes: Vec<Option<Outcome>> = deliveries.iter().map(|_| None).collect();
        let mut running: Vec<Option<Doing<'_, Outcome>>> = deliveries.into_iter().map(Some).collect();
        let mut asking: Option<Doing<'_, ()>> = None;
        poll_fn(|context| {
            loop {
                if asking
                    .as_mut()
                    .is_some_and(|asking| asking.as_mut().poll(context).is_ready())
                {
                    asking = None;
                }
                let mut live = 0;
                for (delivery, outcome) in running.iter_mut().zip(&mut outcomes) {
                    match delivery.as_mut().map(|delivery| delivery.as_mut().poll(context)) {
                        None => {}
                        Some(Poll::Pending) => live += 1,
                        Some(Poll::Ready(ended)) => {
                            *outcome = Some(ended);
                            *delivery = None;
                        }
                    }
                }
                if live == 0 {
                    return Poll::Ready(());
                }
                if asking.is_some() || self.board().waiting.len() < live {
                    return Poll::Pending;
                }
                asking = Some(Box::pin(self.answer(&ask)));
            }
        })
        .await;
        drop(asking);
        outcomes
    }

    async fn answer<'q>(&self, ask: &(impl Fn(Vec<Question>) -> Doing<'q, Vec<Answer>> + Sync)) {
        let waiting = std::mem::take(&mut self.board().waiting);
        let mut questions: Vec<Question> = Vec::new();
        let mut asked_by: Vec<Vec<u64>> = Vec::new();
        for (ticket, question) in waiting {
            match questions.iter().position(|known| *known == question) {
                Some(at) => asked_by
                    .get_mut(at)
                    .into_iter()
                    .for_each(|tickets| tickets.push(ticket)),
                None => {
                    questions.push(question);
                    asked_by.push(vec![ticket]);
                }
            }
        }
        let answers = ask(questions).await;
        let mut board = self.board();
        for (tickets, answer) in asked_by.into_iter().zip(answers) {
            board
                .answered
                .extend(tickets.into_iter().map(|ticket| (ticket, answer.clone())));
        }
    }
}

impl<T: Transport> Transport for &Gather<'_, T> {
    async fn call(&self, method: &str, params: &Value) -> Answer {
        if !(self.is_shared)(method, params) {
            return self.call_alone(method, params).await;
        }
        let ticket = {
            let mut board = self.board();
            board.tickets += 1;
            let ticket = board.tickets;
            board.waiting.insert(ticket, (method.to_owned(), params.clone()));
            ticket
        };
        // Whoever drives the deliveries polls them all after every answer, so nobody need be woken.
        poll_fn(|_| match self.board().answered.remove(&ticket) {
            Some(answer) => Poll::Ready(answer),
            None => Poll::Pending,
        })
        .await
    }

    fn shares(&self) -> bool {
        true
    }

    async fn call_alone(&self, method: &str, params: &Value) -> Answer {
        // A closed semaphore would only mean that nobody counts any more.
        let _turn = self.writes.acquire().await.ok();
        self.transport.call(method, params).await
    }

    async fn pause(&self, ms: u64) {
        self.transport.pause(ms).await;
    }
}

/// Delivers in groups of at most `side_by_side_max`, each by `side_by_side`, and answers in the order of the parcels. Two of
/// one invoice or of one deal go one after the other: each must see what the one before has written.
pub async fn in_waves<'p>(
    parcels: &'p [Parcel],
    side_by_side_max: usize,
    side_by_side: impl Fn(Vec<&'p Parcel>) -> Doing<'p, Vec<Option<Outcome>>> + Send + Sync,
) -> Vec<Outcome> {
    let mut outcomes: Vec<Option<Outcome>> = parcels.iter().map(|_| None).collect();
    let mut stopped: BTreeSet<&Lane> = BTreeSet::new();
    for mut wave in waves(parcels, side_by_side_max) {
        // Behind one that did not arrive nothing of its invoice goes.
        let lane = |at: &usize| parcels.get(*at).map(|(message, _)| &message.lane);
        wave.retain(|at| lane(at).is_some_and(|lane| !stopped.contains(lane)));
        let group: Vec<&Parcel> = wave.iter().filter_map(|at| parcels.get(*at)).collect();
        for (at, outcome) in wave.iter().zip(side_by_side(group).await) {
            if !matches!(outcome, Some(Outcome::Delivered { .. })) {
                stopped.extend(lane(at));
            }
            if let Some(place) = outcomes.get_mut(*at) {
                *place = outcome;
            }
        }
    }
    outcomes
        .into_iter()
        .map(|outcome| outcome.unwrap_or_else(held_back))
        .collect()
}

fn held_back() -> Outcome {
    Outcome::Transient {
        detail: Text::new(
            "предыдущая запись этого счёта ещё не доставлена",
            "an earlier message of this invoice is not delivered yet",
        ),
        retry_after_ms: None,
    }
}

/// Which messages may go side by side: as early as possible, none before one of the same invoice or deal that was asked
/// for earlier.
fn waves(parcels: &[Parcel], side_by_side_max: usize) -> Vec<Vec<usize>> {
    let mut waves: Vec<(Vec<usize>, BTreeSet<String>)> = Vec::new();
    for (at, (message, _)) in parcels.iter().enumerate() {
        let names = touched(&message.operation);
        let behind = waves
            .iter()
            .rposition(|(_, held)| !held.is_disjoint(&names))
            .map_or(0, |last| last + 1);
        let free =
            (behind..waves.len()).find(|wave| waves.get(*wave).is_some_and(|(wave, _)| wave.len() < side_by_side_max));
        match free.and_then(|wave| waves.get_mut(wave)) {
            Some((wave, held)) => {
                wave.push(at);
                held.extend(names);
            }
            None => waves.push((vec![at], names)),
        }
    }
    waves.into_iter().map(|(wave, _)| wave).collect()
}

fn touched(operation: &Operation) -> BTreeSet<String> {
    let deal = operation.deal().map(|deal| format!("deal {deal}"));
    deal.into_iter().chain([operation.invoice().to_string()]).collect()
}
