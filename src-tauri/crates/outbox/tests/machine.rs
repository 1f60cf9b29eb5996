//! The machine's rules, one by one. What faults make of them together is in `simulation`.

use domain::{Lane, MessageId, Outcome, Receipt, Text, Timestamp};
use outbox::{Condition, Item, ItemState, Machine, NextState, Policy, Transmit, Withdrawal};

const T0: Timestamp = Timestamp(1_800_000_000_000);

fn policy() -> Policy {
    Policy {
        backoff_first_ms: 1_000,
        backoff_max_ms: 8_000,
        attempts_before_park: 3,
        offline_probe_first_ms: 1_000,
        offline_probe_max_ms: 4_000,
        in_flight_max: 2,
        unknown_wait_ms: 20_000,
        retry_after_max_ms: 30_000,
    }
}

fn id(name: &str) -> MessageId {
    MessageId::from(name)
}

fn at(ms: u64) -> Timestamp {
    T0.plus_ms(ms)
}

/// `a1` is number 1 of lane `a`.
fn machine(names: &[&str]) -> Machine {
    let mut machine = Machine::new(policy(), 42);
    for name in names {
        assert!(enqueue(&mut machine, name));
    }
    machine
}

fn enqueue(machine: &mut Machine, name: &str) -> bool {
    let (lane, number) = name.split_at(1);
    let seq = number.parse().expect("a name is a lane and a number");
    machine.enqueue(id(name), Lane(lane.into()), seq, T0)
}

/// Everything that may go now, by name.
fn go(machine: &mut Machine, now: Timestamp) -> Vec<String> {
    std::iter::from_fn(|| machine.poll_transmit(now))
        .map(|transmit| transmit.id.0)
        .collect()
}

fn delivered() -> Outcome {
    Outcome::Delivered {
        receipt: Receipt::default(),
    }
}

fn unknown() -> Outcome {
    Outcome::Unknown {
        detail: Text::same("timeout"),
    }
}

fn busy(retry_after_ms: Option<u64>) -> Outcome {
    Outcome::Transient {
        detail: Text::same("503"),
        retry_after_ms,
    }
}

fn offline() -> Outcome {
    Outcome::Offline {
        detail: Text::same("dns"),
    }
}

fn unauthorised() -> Outcome {
    Outcome::Unauthorised {
        detail: Text::same("expired"),
    }
}

fn refused() -> Outcome {
    Outcome::Refused {
        detail: Text::same("no such invoice"),
    }
}

#[test]
fn a_lane_goes_one_by_one_and_lanes_side_by_side() {
    let mut machine = machine(&["a1", "a2", "b1", "c1"]);
    assert_eq!(go(&mut machine, T0), ["a1", "b1"], "two at most are on the wire");
    assert_eq!(machine.poll_timeout(), None, "only an answer makes room");
    machine.handle_outcome(&id("a1"), &delivered(), at(5)).unwrap();
    assert_eq!(go(&mut machine, at(5)), ["c1"], "who waited longer is first");
    machine.handle_outcome(&id("c1"), &delivered(), at(9)).unwrap();
    assert_eq!(go(&mut machine, at(9)), ["a2"]);
    assert_eq!(machine.len(), 2);
}

#[test]
fn a_smaller_number_that_comes_late_does_not_overtake_what_is_out() {
    let mut machine = machine(&["a5"]);
    assert_eq!(go(&mut machine, T0), ["a5"]);
    assert!(enqueue(&mut machine, "a3"));
    assert_eq!(go(&mut machine, T0), [""; 0]);
    machine.handle_outcome(&id("a5"), &busy(None), T0).unwrap();
    assert_eq!(go(&mut machine, T0), ["a3"], "then it is the first of its lane");
}

#[test]
fn the_same_message_twice_is_one() {
    let mut machine = machine(&["a1"]);
    assert!(!enqueue(&mut machine, "a1"));
    assert_eq!(machine.len(), 1);
    assert_eq!(
        machine.handle_outcome(&id("a1"), &delivered(), T0),
        None,
        "it was never sent"
    );
}

#[test]
fn a_refused_message_stops_its_lane_only() {
    let mut machine = machine(&["a1", "a2", "b1"]);
    go(&mut machine, T0);
    let change = machine.handle_outcome(&id("a1"), &refused(), T0).unwrap();
    assert_eq!(
        (change.state, change.attempts, change.due),
        (NextState::Parked, 1, None)
    );
    assert!(change.reason.unwrap().ru.contains("no such invoice"));
    assert!(machine.is_stopped(&Lane("a".into())) && !machine.is_stopped(&Lane("b".into())));
    assert_eq!(go(&mut machine, at(1_000_000)), [""; 0]);
    assert_eq!(
        machine.handle_withdrawn(&id("a1")),
        Withdrawal::Removed { attempted: true }
    );
    assert_eq!(go(&mut machine, at(1_000_000)), ["a2"]);
    assert_eq!(machine.handle_withdrawn(&id("a2")), Withdrawal::InFlight);
    assert_eq!(machine.handle_withdrawn(&id("a1")), Withdrawal::NotHere);
}

#[test]
fn waits_double_and_the_last_attempt_parks() {
    let mut machine = machine(&["a1"]);
    let mut now = T0;
    for (attempt, low, high) in [(1, 500, 1_000), (2, 1_000, 2_000)] {
        assert_eq!(machine.poll_transmit(now), Some(Transmit { id: id("a1"), attempt }));
        let change = machine.handle_outcome(&id("a1"), &busy(None), now).unwrap();
        let due = change.due.unwrap();
        assert!((low..=high).contains(&due.ms_since(now)), "{change:?}");
        assert_eq!((change.state, change.attempts), (NextState::Queued, attempt));
        assert_eq!(machine.poll_timeout(), Some(due));
        assert_eq!(
            go(&mut machine, Timestamp(due.0 - 1)),
            [""; 0],
            "not a millisecond early"
        );
        now = due;
    }
    go(&mut machine, now);
    let change = machine.handle_outcome(&id("a1"), &busy(None), now).unwrap();
    assert_eq!((change.state, change.attempts), (NextState::Parked, 3));
    let change = machine.handle_retry(&id("a1"), now).unwrap();
    assert_eq!((change.state, change.attempts), (NextState::Queued, 0));
    assert_eq!(machine.poll_transmit(now).unwrap().attempt, 1);
}

#[test]
fn the_crm_says_how_long_within_reason() {
    for (asked_ms, low, high) in [
        (None, 500, 1_000),
        (Some(0), 500, 1_000),
        (Some(25_000), 25_000, 25_000),
        (Some(30_000), 30_000, 30_000),
        (Some(30_001), 30_000, 30_000),
        (Some(u64::MAX), 30_000, 30_000),
    ] {
        let mut machine = machine(&["a1"]);
        go(&mut machine, T0);
        let due = machine
            .handle_outcome(&id("a1"), &busy(asked_ms), T0)
            .unwrap()
            .due
            .unwrap();
        assert!(
            (low..=high).contains(&due.ms_since(T0)),
            "{asked_ms:?}: {}",
            due.ms_since(T0)
        );
    }
}

#[test]
fn an_unknown_outcome_waits_until_the_lost_request_has_landed() {
    let mut machine = machine(&["a1"]);
    go(&mut machine, T0);
    let change = machine.handle_outcome(&id("a1"), &unknown(), T0).unwrap();
    assert_eq!(change.due, Some(at(20_000)));
    let change = machine.handle_retry(&id("a1"), at(5_000)).unwrap();
    assert_eq!(change.due, Some(at(20_000)), "a click does not cut that wait");
    let change = machine.handle_park(&id("a1")).unwrap();
    assert_eq!((change.state, change.due), (NextState::Parked, Some(at(20_000))));

    // Nor does a restart.
    let mut machine = Machine::new(policy(), 1);
    let item = Item {
        id: change.id,
        lane: Lane("a".into()),
        seq: 1,
        attempts: change.attempts,
        state: ItemState::Parked,
        due: change.due,
    };
    assert_eq!(machine.restore(item, at(6_000)), None);
    assert_eq!(
        machine.handle_retry(&id("a1"), at(7_000)).unwrap().due,
        Some(at(20_000))
    );
    assert_eq!(go(&mut machine, at(19_999)), [""; 0]);
    assert_eq!(go(&mut machine, at(20_000)), ["a1"]);
}

#[test]
fn a_crash_in_flight_is_an_attempt_with_an_unknown_end() {
    let item = |attempts| Item {
        id: id("a1"),
        lane: Lane("a".into()),
        seq: 1,
        attempts,
        state: ItemState::InFlight,
        due: None,
    };
    let mut machine = Machine::new(policy(), 1);
    let change = machine.restore(item(0), T0).unwrap();
    assert_eq!(
        (change.state, change.attempts, change.due),
        (NextState::Queued, 1, Some(at(20_000)))
    );
    assert_eq!(machine.restore(item(0), T0), None, "held already");
    // A message that kills the program each time is set aside in the end.
    let change = Machine::new(policy(), 1).restore(item(2), T0).unwrap();
    assert_eq!((change.state, change.attempts), (NextState::Parked, 3));
}

#[test]
fn offline_pauses_everything_and_one_probes() {
    let mut machine = machine(&["a1", "b1", "c1"]);
    assert_eq!(go(&mut machine, T0), ["a1", "b1"]);
    let change = machine.handle_outcome(&id("a1"), &offline(), T0).unwrap();
    assert_eq!(
        (change.state, change.attempts, change.due),
        (NextState::Queued, 0, None)
    );
    let first_probe = machine.poll_timeout().unwrap();
    assert_eq!(machine.condition(), Condition::Offline { since: T0 });
    machine.handle_outcome(&id("b1"), &offline(), at(10)).unwrap();
    assert_eq!(
        machine.poll_timeout(),
        Some(first_probe),
        "what was lost together is lost once"
    );
    assert_eq!(go(&mut machine, at(20)), [""; 0]);

    let mut now = first_probe;
    for _ in 0..50 {
        assert_eq!(go(&mut machine, now).len(), 1, "one probe");
        let out = |id: &MessageId| machine.state_of(id) == Some(ItemState::InFlight);
        let probe = ["a1", "b1", "c1"].map(id).into_iter().find(out).unwrap();
        assert_eq!(machine.handle_outcome(&probe, &offline(), now).unwrap().attempts, 0);
        let next = machine.poll_timeout().unwrap();
        assert!(next.ms_since(now) <= 4_000, "a probe waits {} ms", next.ms_since(now));
        now = next;
    }
    assert_eq!(machine.condition(), Condition::Offline { since: T0 }, "one spell");

    // The last failure asks for a wait of up to four seconds; the host knows better, and the wait starts small again.
    let probe = go(&mut machine, now).remove(0);
    machine.handle_outcome(&id(&probe), &offline(), now).unwrap();
    machine.handle_online(now);
    let probe = go(&mut machine, now).remove(0);
    machine.handle_outcome(&id(&probe), &offline(), now).unwrap();
    let wait_ms = machine.poll_timeout().unwrap().ms_since(now);
    assert!((500..=1_000).contains(&wait_ms), "{wait_ms}");
    machine.handle_online(now);
    let probe = go(&mut machine, now).remove(0);
    machine.handle_outcome(&id(&probe), &busy(None), now).unwrap();
    assert_eq!(machine.condition(), Condition::Ok, "any answer is an answer");
    assert_eq!(go(&mut machine, now).len(), 2);
}

#[test]
fn refused_credentials_pause_everything_until_they_change() {
    let mut machine = machine(&["a1", "b1"]);
    go(&mut machine, T0);
    let change = machine.handle_outcome(&id("a1"), &unauthorised(), T0).unwrap();
    assert_eq!(
        (change.state, change.attempts, change.due),
        (NextState::Queued, 0, None)
    );
    assert_eq!(machine.condition(), Condition::Unauthorised);
    assert_eq!(
        (machine.poll_timeout(), machine.poll_transmit(at(9_000_000))),
        (None, None)
    );
    machine.handle_credentials_changed(at(9_000_000));
    assert_eq!(machine.condition(), Condition::Ok);
    machine
        .handle_outcome(&id("b1"), &unauthorised(), at(9_000_001))
        .unwrap();
    assert_eq!(machine.condition(), Condition::Ok, "that was the old key");
    assert_eq!(go(&mut machine, at(9_000_001)), ["a1", "b1"]);
}

#[test]
fn a_person_may_park_what_is_out_and_change_their_mind() {
    let mut machine = machine(&["a1"]);
    go(&mut machine, T0);
    assert_eq!(machine.handle_park(&id("a1")), None, "it is parked when it comes back");
    let change = machine.handle_outcome(&id("a1"), &offline(), T0).unwrap();
    assert_eq!((change.state, change.attempts), (NextState::Parked, 0));
    machine.handle_retry(&id("a1"), T0).unwrap();
    machine.handle_online(T0);
    assert_eq!(go(&mut machine, T0), ["a1"]);
    assert_eq!(machine.handle_park(&id("a1")), None);
    assert_eq!(machine.handle_retry(&id("a1"), T0), None);
    assert_eq!(
        machine.handle_outcome(&id("a1"), &busy(None), T0).unwrap().state,
        NextState::Queued
    );
    go(&mut machine, at(1_000));
    machine.handle_park(&id("a1"));
    assert_eq!(
        machine.handle_outcome(&id("a1"), &delivered(), T0).unwrap().state,
        NextState::Delivered
    );
    assert!(machine.is_empty() && machine.in_flight() == 0);
}

#[test]
fn no_setting_of_the_clock_holds_the_queue() {
    let year_ms = 365 * 86_400_000;
    for jump_ms in [-year_ms, -1, year_ms] {
        let mut machine = machine(&["a1"]);
        go(&mut machine, T0);
        machine.handle_outcome(&id("a1"), &unknown(), T0).unwrap();
        let jumped = Timestamp(T0.0 + jump_ms);
        let went = go(&mut machine, jumped).len();
        let wait_ms = machine.poll_timeout().map_or(0, |due| due.ms_since(jumped));
        assert_eq!(
            (went, wait_ms),
            if jump_ms > 0 { (1, 0) } else { (0, 20_000) },
            "{jump_ms}"
        );
    }
    // A row written before the clock was set back.
    let mut machine = Machine::new(policy(), 1);
    let item = Item {
        id: id("a1"),
        lane: Lane("a".into()),
        seq: 1,
        attempts: 1,
        state: ItemState::Queued,
        due: Some(Timestamp(T0.0 + year_ms)),
    };
    machine.restore(item, T0);
    assert_eq!(machine.poll_timeout(), Some(at(policy().wait_max_ms())));
}

#[test]
fn a_policy_of_zeros_still_moves() {
    let zeros = Policy {
        backoff_first_ms: 0,
        backoff_max_ms: 0,
        attempts_before_park: 0,
        offline_probe_first_ms: 0,
        offline_probe_max_ms: 0,
        in_flight_max: 0,
        unknown_wait_ms: 0,
        retry_after_max_ms: 0,
    };
    let mut machine = Machine::new(zeros, 0);
    enqueue(&mut machine, "a1");
    assert_eq!(go(&mut machine, T0), ["a1"]);
    machine.handle_outcome(&id("a1"), &offline(), T0).unwrap();
    assert_eq!(machine.poll_timeout(), Some(at(1)), "no hot loop");
    assert_eq!(go(&mut machine, at(1)), ["a1"]);
    let change = machine.handle_outcome(&id("a1"), &busy(None), at(1)).unwrap();
    assert_eq!(change.state, NextState::Parked);
}

/// Every reason is said in both languages and says what to do.
#[test]
fn reasons_are_for_people() {
    for outcome in [unknown(), busy(None), offline(), unauthorised(), refused()] {
        let mut machine = machine(&["a1"]);
        go(&mut machine, T0);
        let reason = machine.handle_outcome(&id("a1"), &outcome, T0).unwrap().reason.unwrap();
        assert!(
            reason.ru.chars().any(|letter| ('а'..='я').contains(&letter)),
            "{reason:?}"
        );
        assert!(
            reason.en.is_ascii() && reason.en.matches('.').count() >= 1,
            "{reason:?}"
        );
    }
}
