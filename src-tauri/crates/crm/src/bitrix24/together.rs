//! Delivering several messages side by side, so that their looks share requests: what all of them want to see goes out
//! as one batch, and what they write goes out one by one.
//!
//! Nothing of a single delivery changes by that: each runs its own course over a [`Gather`], which holds every look back
//! until nobody can go on without one.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::poll_fn,
    sync::{Mutex, MutexGuard, PoisonError},
    task::Poll,
};

use domain::{Lane, Message, Operation, Outcome, Text};
use serde_json::Value;
use tokio::sync::Semaphore;

use super::{Client, CrmError, batch::COMMANDS_MAX};
use crate::{
    call::{CallError, Transport},
    interface::{Doing, Earlier},
};

/// Messages side by side. What a message has seen is as old as the writes of the others take: about half a second each.
pub(super) const SIDE_BY_SIDE_MAX: usize = 25;
/// Writes on the wire at once.
const WRITES_MAX: usize = 4;

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

/// Holds looks back until they can be asked together.
struct Gather<'a, T> {
    transport: &'a T,
    writes: Semaphore,
    board: Mutex<Board>,
}

#[derive(Default)]
struct Board {
    tickets: u64,
    waiting: BTreeMap<u64, (&'static str, Value)>,
    answered: BTreeMap<u64, Result<Value, CallError>>,
}

impl<'a, T: Transport> Gather<'a, T> {
    fn new(transport: &'a T) -> Self {
        Self {
            transport,
            writes: Semaphore::new(WRITES_MAX),
            board: Mutex::default(),
        }
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        // Nothing that panics is done while it is held.
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Transport> Transport for &Gather<'_, T> {
    async fn call(&self, method: &str, params: &Value) -> Result<Value, CallError> {
        let Some(shared) = SHARED.iter().find(|shared| **shared == method) else {
            // A closed semaphore would only mean that nobody counts any more.
            let _turn = self.writes.acquire().await.ok();
            return self.transport.call(method, params).await;
        };
        let ticket = {
            let mut board = self.board();
            board.tickets += 1;
            let ticket = board.tickets;
            board.waiting.insert(ticket, (shared, params.clone()));
            ticket
        };
        // Whoever drives the deliveries polls them all after every answer, so nobody need be woken.
        poll_fn(|_| match self.board().answered.remove(&ticket) {
            Some(answer) => Poll::Ready(answer),
            None => Poll::Pending,
        })
        .await
    }

    async fn pause(&self, ms: u64) {
        self.transport.pause(ms).await;
    }
}

impl<T: Transport + Send> Client<T> {
    /// Delivers messages as [`Client::deliver`] does each of them, and answers in their order. Two of one invoice or of
    /// one deal go one after the other: each must see what the one before has written.
    pub async fn deliver_together(&self, parcels: &[(Message, Earlier)]) -> Vec<Outcome> {
        let mut outcomes: Vec<Option<Outcome>> = parcels.iter().map(|_| None).collect();
        let mut stopped: BTreeSet<&Lane> = BTreeSet::new();
        for mut wave in waves(parcels) {
            // Behind one that did not arrive nothing of its invoice goes.
            let lane = |at: &usize| parcels.get(*at).map(|(message, _)| &message.lane);
            wave.retain(|at| lane(at).is_some_and(|lane| !stopped.contains(lane)));
            let group: Vec<&(Message, Earlier)> = wave.iter().filter_map(|at| parcels.get(*at)).collect();
            for (at, outcome) in wave.iter().zip(self.side_by_side(&group).await) {
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

    async fn side_by_side(&self, group: &[&(Message, Earlier)]) -> Vec<Option<Outcome>> {
        let gather = Gather::new(&self.transport);
        let client = Client::new(&gather, self.portal.clone());
        let mut running: Vec<Option<Doing<'_, Outcome>>> = Vec::with_capacity(group.len());
        for (message, earlier) in group {
            running.push(Some(Box::pin(client.deliver(message, earlier))));
        }
        let mut outcomes: Vec<Option<Outcome>> = group.iter().map(|_| None).collect();
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
                if asking.is_some() || gather.board().waiting.len() < live {
                    return Poll::Pending;
                }
                asking = Some(Box::pin(self.ask(&gather)));
            }
        })
        .await;
        drop(asking);
        outcomes
    }

    /// Asks what everybody waits for. Equal questions are asked once.
    async fn ask(&self, gather: &Gather<'_, T>) {
        let waiting = std::mem::take(&mut gather.board().waiting);
        let mut questions: Vec<(&'static str, Value)> = Vec::new();
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
        let mut answers = Vec::with_capacity(questions.len());
        for part in questions.chunks(COMMANDS_MAX) {
            answers.extend(self.answers(part).await);
        }
        let mut board = gather.board();
        for (tickets, answer) in asked_by.into_iter().zip(answers) {
            board
                .answered
                .extend(tickets.into_iter().map(|ticket| (ticket, answer.clone())));
        }
    }

    async fn answers(&self, questions: &[(&'static str, Value)]) -> Vec<Result<Value, CallError>> {
        if let [(method, params)] = questions {
            return vec![self.read(method, params).await.map_err(call_of)];
        }
        let asked: Vec<_> = questions.iter().map(|(method, params)| (*method, params)).collect();
        match self.batch(&asked).await.map_err(call_of) {
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
fn waves(parcels: &[(Message, Earlier)]) -> Vec<Vec<usize>> {
    let mut waves: Vec<(Vec<usize>, BTreeSet<String>)> = Vec::new();
    for (at, (message, _)) in parcels.iter().enumerate() {
        let names = touched(&message.operation);
        let behind = waves
            .iter()
            .rposition(|(_, held)| !held.is_disjoint(&names))
            .map_or(0, |last| last + 1);
        let free =
            (behind..waves.len()).find(|wave| waves.get(*wave).is_some_and(|(wave, _)| wave.len() < SIDE_BY_SIDE_MAX));
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
    let (Operation::RecordPayment { deal, .. } | Operation::ReversePayment { deal, .. }) = operation;
    let deal = deal.as_ref().map(|deal| format!("deal {deal}"));
    deal.into_iter().chain([operation.invoice().0.clone()]).collect()
}
