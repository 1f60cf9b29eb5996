//! What a word may say, found out once for each word: purposes are written in a few thousand of them, again and again.

use std::{cell::RefCell, ops::BitOrAssign};

use rustc_hash::FxHashMap;

use super::{
    behalf,
    part::{self, PartName},
    percent,
    phrases::{self, Begun},
    refund, vat,
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
    pub topics: Topics,
}

/// What else words may speak of: who looks for it passes over texts without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Topics(u8);

impl Topics {
    /// VAT.
    pub const TAX: Self = Self(1);
    pub const PERCENTAGE: Self = Self(2);
    /// Money that goes back.
    pub const REFUND: Self = Self(4);
    /// Somebody else who is paid for.
    pub const SOMEBODY: Self = Self(8);

    fn of(folded: &str) -> Self {
        let mut topics = Self::default();
        for (says, topic) in [
            (vat::may_name(folded), Self::TAX),
            (percent::is_percent_word(folded), Self::PERCENTAGE),
            (refund::may_say(folded), Self::REFUND),
            (behalf::may_precede(folded), Self::SOMEBODY),
        ] {
            if says {
                topics |= topic;
            }
        }
        topics
    }

    pub const fn has(self, topic: Self) -> bool {
        self.0 & topic.0 == topic.0
    }
}

impl BitOrAssign for Topics {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl Word {
    fn read(folded: &str) -> Self {
        Self {
            meaning: words::meaning(folded),
            month: words::month(folded),
            part: part::name(folded),
            begun: phrases::begun(folded),
            topics: Topics::of(folded),
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
