//! The judge is just: the truth is perfect, nothing else is, and no lazy answer gets far.

use std::sync::LazyLock;

use benchmark::{
    class::CLASSES,
    firm::Firm,
    score::Scores,
    seeds,
    shape::{AllocationLine, DecisionLine, Verdict},
    table,
    truth::{Autonomy, Truth},
};

use crate::oracle;

const FIRMS: u32 = 2;

static TRUTHS: LazyLock<Vec<Truth>> = LazyLock::new(|| {
    (0..FIRMS)
        .flat_map(|number| Firm::new(seeds::DEVELOPING[1], number).truths)
        .collect()
});

fn scores(mut answer: impl FnMut(&Truth) -> DecisionLine) -> Scores {
    let mut scores = Scores::default();
    for truth in TRUTHS.iter() {
        scores.judge(truth, &answer(truth));
    }
    scores
}

fn reaches_the_bars(scores: &Scores) -> bool {
    table::bars(&scores.whole(), 1).1
}

/// Posted where it does not belong.
fn posted_wrongly(truth: &Truth) -> DecisionLine {
    DecisionLine {
        decision: Verdict::Auto,
        allocations: vec![AllocationLine {
            invoice: "crm:0".to_owned(),
            amount: "1.00".to_owned(),
        }],
        ..oracle::answer(truth)
    }
}

fn says_nothing(truth: &Truth, decision: Verdict) -> DecisionLine {
    DecisionLine {
        decision,
        allocations: Vec::new(),
        evidence: Vec::new(),
        candidates: Vec::new(),
        ..oracle::answer(truth)
    }
}

#[test]
fn the_truth_is_perfect() {
    let scores = scores(oracle::answer);
    let whole = scores.whole();
    assert_eq!((whole.wrong, whole.guessed, whole.cost), (0, 0, 0));
    assert_eq!(whole.decided, whole.decidable);
    assert_eq!((whole.first, whole.within), (whole.answerable, whole.answerable));
    assert_eq!(whole.ties_shown, whole.ties);
    assert_eq!(whole.places_right, whole.places);
    assert_eq!(whole.strangers_right, whole.strangers);
    assert!(reaches_the_bars(&scores), "{}", table::bars(&whole, 1).0);
}

#[test]
fn a_class_that_is_posted_wrongly_is_seen_and_no_other() {
    for broken in CLASSES {
        let scores = scores(|truth| {
            if truth.class == broken.name {
                posted_wrongly(truth)
            } else {
                oracle::answer(truth)
            }
        });
        for (class, score) in scores.by_class() {
            let wrong = if class.name == broken.name { score.payments } else { 0 };
            assert!(score.payments > 0, "{} never comes", class.name);
            assert_eq!(
                (score.wrong, score.cost),
                (wrong, wrong * u64::from(class.severity)),
                "{}",
                class.name
            );
        }
        assert!(!reaches_the_bars(&scores), "{}", broken.name);
    }
}

#[test]
fn to_ask_about_everything_is_no_art() {
    let only_asks = scores(|truth| DecisionLine {
        decision: Verdict::Review,
        allocations: Vec::new(),
        ..oracle::answer(truth)
    });
    let whole = only_asks.whole();
    assert_eq!((whole.decided, whole.strangers_right), (0, 0));
    assert!(whole.cost > 0 && !reaches_the_bars(&only_asks));

    let knows_nothing = scores(|truth| says_nothing(truth, Verdict::Review)).whole();
    assert_eq!(
        (
            knows_nothing.first,
            knows_nothing.ties_shown,
            knows_nothing.places_right
        ),
        (0, 0, 0)
    );
    assert!(knows_nothing.cost > whole.cost);

    let refuses = scores(|truth| says_nothing(truth, Verdict::None)).whole();
    assert_eq!((refuses.within, refuses.strangers_right), (0, 0));
    assert!(refuses.cost > knows_nothing.cost);
}

#[test]
fn to_post_everything_is_no_art_even_for_a_seer() {
    let seer = scores(|truth| DecisionLine {
        decision: Verdict::Auto,
        allocations: truth.solutions.first().cloned().unwrap_or_default(),
        ..oracle::answer(truth)
    });
    let whole = seer.whole();
    assert_eq!(whole.decided, whole.decidable);
    assert!(whole.guessed > 0 && whole.wrong > 0 && !reaches_the_bars(&seer));

    let only_asks = scores(|truth| says_nothing(truth, Verdict::Review)).whole();
    let posts_anything = scores(posted_wrongly).whole();
    assert_eq!(posts_anything.cost, posts_anything.cost_worst);
    assert!(only_asks.cost < whole.cost && whole.cost < posts_anything.cost);
}

#[test]
fn what_is_shown_must_be_there() {
    let right = scores(oracle::answer).whole();
    let shifted = scores(|truth| {
        let mut answer = oracle::answer(truth);
        for evidence in &mut answer.evidence {
            evidence.start = evidence.start.map(|start| start + 1);
        }
        answer
    })
    .whole();
    assert_eq!(shifted.places_right, 0);
    // A wrong place counts twice: what was to be shown is missing, and what is shown is invented.
    assert!(shifted.places > right.places);
}

#[test]
fn the_reason_of_a_stranger_must_be_his() {
    let swapped = scores(|truth| {
        let mut answer = oracle::answer(truth);
        for evidence in &mut answer.evidence {
            if evidence.start.is_none() {
                evidence.kind = "something_else".to_owned();
            }
        }
        answer
    })
    .whole();
    assert!(swapped.strangers > 0);
    assert_eq!(swapped.strangers_right, 0);
}

#[test]
fn a_tie_wants_all_its_solutions() {
    let one = scores(|truth| {
        let mut answer = oracle::answer(truth);
        if truth.is_tie() {
            answer.candidates.truncate(1);
        }
        answer
    })
    .whole();
    assert!(one.ties > 0);
    assert_eq!(one.ties_shown, 0);
    assert!(
        TRUTHS
            .iter()
            .filter(|truth| truth.is_tie())
            .all(|truth| truth.autonomy == Autonomy::Forbidden)
    );
}
