//! When a file is complete, with a clock of our own: rules one by one, then whole histories of writers.

use std::{
    path::Path,
    time::{Duration, SystemTime},
};

use domain::Timestamp;
use intake::{Completeness, EndMark, Exclusive, LOOK_GAP_MS, Look, REST_MS, Settling, Verdict};
use proptest::prelude::*;

const FILE: &str = "in/kl_to_1c.txt";

fn look(size: u64, written: u64) -> Look {
    Look {
        size,
        modified: SystemTime::UNIX_EPOCH + Duration::from_millis(written),
    }
}

fn settling() -> Settling {
    Settling::new(LOOK_GAP_MS, REST_MS)
}

fn at(ms: u64) -> Timestamp {
    Timestamp(1_800_000_000_000).plus_ms(ms)
}

fn wait(ms: u64) -> Verdict {
    Verdict::Wait { until: at(ms) }
}

#[test]
fn two_looks_a_gap_apart_must_agree() {
    let path = Path::new(FILE);
    for (what, looks) in [
        (
            "still",
            vec![
                (0, look(9, 1), wait(LOOK_GAP_MS)),
                (LOOK_GAP_MS, look(9, 1), Verdict::Ask),
            ],
        ),
        (
            "a millisecond early",
            vec![
                (0, look(9, 1), wait(LOOK_GAP_MS)),
                (LOOK_GAP_MS - 1, look(9, 1), wait(LOOK_GAP_MS)),
            ],
        ),
        (
            "many looks in a gap are one",
            vec![
                (0, look(9, 1), wait(LOOK_GAP_MS)),
                (1, look(9, 1), wait(LOOK_GAP_MS)),
                (2, look(9, 1), wait(LOOK_GAP_MS)),
                (LOOK_GAP_MS, look(9, 1), Verdict::Ask),
            ],
        ),
        (
            "grew",
            vec![
                (0, look(9, 1), wait(LOOK_GAP_MS)),
                (LOOK_GAP_MS, look(10, 1), wait(2 * LOOK_GAP_MS)),
                (2 * LOOK_GAP_MS, look(10, 1), Verdict::Ask),
            ],
        ),
        (
            "written over in the same size",
            vec![
                (0, look(9, 1), wait(LOOK_GAP_MS)),
                (LOOK_GAP_MS, look(9, 2), wait(2 * LOOK_GAP_MS)),
            ],
        ),
        (
            "shrank",
            vec![
                (0, look(9, 1), wait(LOOK_GAP_MS)),
                (LOOK_GAP_MS, look(8, 1), wait(2 * LOOK_GAP_MS)),
            ],
        ),
        (
            "empty, however long",
            vec![
                (0, look(0, 1), wait(LOOK_GAP_MS)),
                (LOOK_GAP_MS, look(0, 1), wait(LOOK_GAP_MS + REST_MS)),
                (10 * REST_MS, look(0, 1), wait(11 * REST_MS)),
                (10 * REST_MS + 1, look(1, 2), wait(10 * REST_MS + 1 + LOOK_GAP_MS)),
            ],
        ),
    ] {
        let mut settling = settling();
        for (ms, look, verdict) in looks {
            assert_eq!(settling.look(path, look, at(ms)), verdict, "{what}, after {ms} ms");
        }
    }
}

#[test]
fn opening_decides() {
    use EndMark::{Absent, Present, Unknown};
    let path = Path::new(FILE);
    let later = |ms| Completeness::Wait { until: at(ms) };
    for (asked_ms, exclusive, end_mark, expected) in [
        (LOOK_GAP_MS, Exclusive::Yes, Present, Completeness::Complete),
        (LOOK_GAP_MS, Exclusive::No, Present, later(2 * LOOK_GAP_MS)),
        (LOOK_GAP_MS, Exclusive::Yes, Absent, later(REST_MS)),
        (LOOK_GAP_MS, Exclusive::Yes, Unknown, later(REST_MS)),
        (REST_MS - 1, Exclusive::Yes, Unknown, later(REST_MS)),
        (REST_MS, Exclusive::Yes, Unknown, Completeness::Complete),
        (REST_MS, Exclusive::Yes, Absent, Completeness::Complete),
        (REST_MS, Exclusive::No, Present, later(REST_MS + LOOK_GAP_MS)),
        (9 * REST_MS, Exclusive::No, Absent, later(9 * REST_MS + LOOK_GAP_MS)),
    ] {
        let mut settling = settling();
        settling.look(path, look(9, 1), at(0));
        assert_eq!(settling.look(path, look(9, 1), at(asked_ms)), Verdict::Ask);
        let answer = settling.answer(path, exclusive, end_mark, at(asked_ms));
        assert_eq!(answer, expected, "{asked_ms} ms, {exclusive:?}, {end_mark:?}");
        if let Completeness::Wait { until } = expected {
            // An event in between (our own opening causes some) must not open it again.
            assert_eq!(settling.look(path, look(9, 1), at(asked_ms)), Verdict::Wait { until });
            assert_eq!(settling.poll_timeout(), Some(until));
        }
    }
}

fn take(settling: &mut Settling, look: Look, ms: u64) {
    let path = Path::new(FILE);
    settling.look(path, look, at(ms));
    assert_eq!(settling.look(path, look, at(ms + LOOK_GAP_MS)), Verdict::Ask);
    let answer = settling.answer(path, Exclusive::Yes, EndMark::Present, at(ms + LOOK_GAP_MS));
    assert_eq!(answer, Completeness::Complete);
    assert!(settling.taken(path, look, at(ms + LOOK_GAP_MS)));
}

#[test]
fn a_taken_file_is_known_until_it_changes() {
    let path = Path::new(FILE);
    let mut settling = settling();
    take(&mut settling, look(9, 1), 0);
    assert_eq!(settling.look(path, look(9, 1), at(REST_MS)), Verdict::Known);
    assert_eq!((settling.poll_timeout(), settling.due(at(9 * REST_MS))), (None, vec![]));
    assert_eq!(
        settling.look(path, look(9, 2), at(REST_MS)),
        wait(REST_MS + LOOK_GAP_MS),
        "a new version"
    );
    take(&mut settling, look(9, 2), REST_MS);
    settling.forget(path);
    assert_eq!(
        settling.look(path, look(9, 2), at(0)),
        wait(LOOK_GAP_MS),
        "put there again"
    );
    settling.keep_only(&[path.to_owned()].into());
    assert_eq!(settling.due(at(LOOK_GAP_MS)), [path]);
    settling.keep_only(&[].into());
    assert_eq!(settling.due(at(LOOK_GAP_MS)), [""; 0].map(std::path::PathBuf::from));
}

#[test]
fn what_changed_while_it_was_read_is_not_taken() {
    let path = Path::new(FILE);
    let mut settling = settling();
    settling.look(path, look(9, 1), at(0));
    settling.look(path, look(9, 1), at(LOOK_GAP_MS));
    assert!(!settling.taken(path, look(10, 2), at(LOOK_GAP_MS + 5)));
    assert_eq!(
        settling.look(path, look(10, 2), at(LOOK_GAP_MS + 6)),
        wait(2 * LOOK_GAP_MS + 5)
    );
    assert_eq!(settling.look(path, look(10, 2), at(2 * LOOK_GAP_MS + 5)), Verdict::Ask);
}

#[test]
fn trouble_is_told_once_a_version() {
    let path = Path::new(FILE);
    let mut settling = settling();
    settling.look(path, look(9, 1), at(0));
    assert!(settling.unreadable(path, at(0), 60_000));
    assert!(!settling.unreadable(path, at(1), 60_000));
    assert_eq!(settling.look(path, look(9, 1), at(60_000)), wait(60_001));
    assert_eq!(
        settling.look(path, look(9, 1), at(60_001)),
        Verdict::Ask,
        "it is tried again"
    );
    settling.look(path, look(9, 2), at(60_002));
    assert!(settling.unreadable(path, at(60_002), 60_000));
    assert!(!settling.unreadable(Path::new("never seen"), at(0), 1));
}

#[test]
fn a_clock_set_back_holds_nothing_for_long() {
    let path = Path::new(FILE);
    let mut settling = settling();
    settling.look(path, look(9, 1), at(1_000_000));
    let Verdict::Wait { until } = settling.look(path, look(9, 1), at(0)) else {
        panic!("one look never suffices");
    };
    assert!(until <= at(REST_MS), "{until:?}");
    assert_eq!(settling.look(path, look(9, 1), at(REST_MS)), Verdict::Ask);
    let answer = settling.answer(path, Exclusive::Yes, EndMark::Unknown, at(REST_MS - 1));
    assert_eq!(answer, Completeness::Wait { until: at(REST_MS) }, "rest starts anew");
}

#[test]
fn one_look_never_suffices() {
    let mut settling = Settling::new(0, 0);
    let path = Path::new(FILE);
    assert_eq!(settling.look(path, look(9, 1), at(0)), wait(1));
    assert_eq!(settling.look(path, look(9, 1), at(0)), wait(1));
    assert_eq!(settling.look(path, look(9, 1), at(1)), Verdict::Ask);
}

proptest! {
    /// A writer that pauses less than a gap between pieces is never interrupted, whatever the looks, and its finished
    /// file is taken. One that pauses long is safe as long as its end mark is missing and it pauses less than the rest.
    #[test]
    fn a_growing_file_is_never_taken(
        pieces in prop::collection::vec((1u64..REST_MS, 1u64..10_000), 1..30),
        looks_ms in prop::collection::vec(1u64..3_000, 200..400),
        has_mark in any::<bool>(),
    ) {
        let mut writes = Vec::new();
        let (mut ms, mut size) = (0, 0);
        for (pause_ms, bytes) in &pieces {
            ms += pause_ms;
            size += bytes;
            writes.push((ms, size));
        }
        let (done_ms, whole) = (ms, size);
        let path = Path::new(FILE);
        let mut settling = settling();
        let mut now = 0;
        let mut taken_at = None;
        // Looks at random, then as often as the core asks for them.
        let mut random = looks_ms.iter().copied();
        for _ in 0..1_000 {
            now += match random.next() {
                Some(ms) => ms,
                None => settling.poll_timeout().map_or(1_000, |until| until.ms_since(at(now)).max(1)),
            };
            let Some(&(written_ms, size)) = writes.iter().rev().find(|(ms, _)| *ms <= now) else {
                continue;
            };
            let seen = look(size, written_ms);
            match settling.look(path, seen, at(now)) {
                Verdict::Wait { until } => prop_assert!(until > at(now)),
                Verdict::Known => break,
                Verdict::Ask => {
                    let mark = if size == whole && has_mark { EndMark::Present } else { EndMark::Unknown };
                    if settling.answer(path, Exclusive::Yes, mark, at(now)) == Completeness::Complete {
                        prop_assert_eq!(size, whole, "taken after {} ms, written until {} ms", now, done_ms);
                        prop_assert!(settling.taken(path, seen, at(now)));
                        taken_at = Some(now);
                    }
                }
            }
        }
        prop_assert!(taken_at.is_some_and(|ms| ms >= done_ms), "never taken");
    }
}
