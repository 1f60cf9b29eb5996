//! Transfers between two accounts of one file. Most banks write one document for both accounts. Some list the documents
//! of each account, and write it twice: once with only the day it left, once with only the day it came. Then each is one
//! half, and taking both for whole ones would double the money.

use std::collections::HashMap;

use super::{block::Block, field::Field, value::compact};

/// Different transfers of one file that are remembered; of more each counts as whole.
const TRANSFERS_MAX: usize = 10_000;

/// Payer, payee, sum.
type Transfer = (String, String, String);

/// Which side of a transfer a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    Left,
    Came,
}

impl Half {
    /// By the only day that is filled.
    fn of(block: &Block) -> Option<Self> {
        let filled = |field| block.filled(field).is_some();
        match (filled(Field::Debited), filled(Field::Credited)) {
            (true, false) => Some(Self::Left),
            (false, true) => Some(Self::Came),
            _ => None,
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Transfers(HashMap<Transfer, [u32; 2]>);

impl Transfers {
    pub(super) fn see(&mut self, block: &Block, payer: &str, payee: &str) {
        let transfer = Self::transfer(block, payer, payee);
        if let Some(half) = Half::of(block)
            && (self.0.len() < TRANSFERS_MAX || self.0.contains_key(&transfer))
        {
            self.0.entry(transfer).or_default()[half as usize] += 1;
        }
    }

    /// The half that a document is, where its mirror is in the file. `None`: it is a whole transfer.
    pub(super) fn half(&self, block: &Block, payer: &str, payee: &str) -> Option<Half> {
        let half = Half::of(block)?;
        let [left, came] = *self.0.get(&Self::transfer(block, payer, payee))?;
        (left == came).then_some(half)
    }

    fn transfer(block: &Block, payer: &str, payee: &str) -> Transfer {
        let amount = compact(block.text(Field::Amount)).into_owned();
        (payer.to_owned(), payee.to_owned(), amount)
    }
}
