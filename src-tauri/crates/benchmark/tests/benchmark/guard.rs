//! A small piece of the benchmark on every test run, on seeds that one may look at: what our engine decides alone is right.

use benchmark::{firm::Firm, score::Scores, seeds, shape::DecisionLine, table};
use matching::Decided;

use crate::engine;

const FIRMS: u32 = 3;

/// What the engine answers, as other programs read it.
fn as_read(decided: &Decided) -> DecisionLine {
    serde_json::from_value(serde_json::to_value(decided).unwrap()).unwrap()
}

#[test]
fn what_the_engine_decides_alone_is_right() {
    let mut scores = Scores::default();
    for number in 0..FIRMS {
        let firm = Firm::new(seeds::DEVELOPING[0], number);
        let mut engine = engine::engine(&firm);
        for (payment, truth) in firm.payments.iter().zip(&firm.truths) {
            scores.judge(truth, &as_read(&engine.decide(&engine::payment(payment))));
        }
    }
    println!("{}", table::by_class(&scores));
    let whole = scores.whole();
    assert!(whole.automatic > 0);
    assert_eq!((whole.wrong, whole.guessed), (0, 0), "the classes above");
}
