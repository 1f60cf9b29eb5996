//! A small piece of the benchmark on every test run, on seeds that one may look at: what our engine decides alone is right.

use benchmark::{firm::Firm, score::Scores, seeds, table};

use crate::engine;

const FIRMS: u32 = 4;

#[test]
fn what_the_engine_decides_alone_is_right() {
    let mut scores = Scores::default();
    for number in 0..FIRMS {
        let firm = Firm::new(seeds::DEVELOPING[0], number);
        for (truth, answer) in firm.truths.iter().zip(&engine::answers(&firm)) {
            scores.judge(truth, answer);
        }
    }
    println!("{}", table::by_class(&scores));
    let whole = scores.whole();
    assert!(whole.automatic > 0);
    assert_eq!((whole.wrong, whole.guessed), (0, 0), "the classes above");
}
