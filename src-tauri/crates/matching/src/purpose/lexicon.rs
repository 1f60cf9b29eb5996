//! What a word may say, found out once for each word: purposes are written in a few thousand of them, again and again.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use super::{
    part::{self, PartName},
    phrases::{self, Begun},
    words::{self, Meaning},
};

/// What a folded word says by itself, wherever it stands.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// What it says about numbers.
    pub meaning: Meaning,
    /// The month that it names, 1 to 12.
    pub month: Option<u32>,
    /// The part of a sum that it may name.
    pub part: Option<PartName>,
    /// Which stems of phrases about money begin in it.
    pub begun: Begun,
}

impl Word {
    fn read(folded: &str) -> Self {
        Self {
            meaning: words::meaning(folded),
            month: words::month(folded),
            part: part::name(folded),
            begun: phrases::begun(folded),
        }
    }
}

/// Names and slips are no end of words; those that come often come early.
const WORDS_MAX: usize = 8192;
/// No word of a language is longer.
const BYTES_MAX: usize = 64;

thread_local! {
    static KNOWN: RefCell<FxHashMap<Box<str>, Word>> = RefCell::default();
}

/// What the folded word says; remembered, because it never changes.
pub fn word(folded: &str) -> Word {
    KNOWN.with_borrow_mut(|known| {
        if let Some(word) = known.get(folded) {
            return *word;
        }
        let word = Word::read(folded);
        if known.len() < WORDS_MAX && folded.len() <= BYTES_MAX {
            known.insert(folded.into(), word);
        }
        word
    })
}
