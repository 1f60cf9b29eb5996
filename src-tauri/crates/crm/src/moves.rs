//! Where our writes moved an invoice from and to, and what was there before all of them.

use domain::Receipt;

/// The stage before and after a delivery; `None` where it is not known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StageMove {
    pub before: Option<String>,
    pub after: Option<String>,
}

impl StageMove {
    pub(crate) fn of(receipt: &Receipt) -> Self {
        Self {
            before: receipt.stage_before.clone(),
            after: receipt.stage_after.clone(),
        }
    }

    /// The stage was changed, and it is known from what to what.
    pub fn changed(&self) -> Option<(&str, &str)> {
        let (before, after) = (self.before.as_deref()?, self.after.as_deref()?);
        (before != after).then_some((before, after))
    }
}

/// Moves of ours that follow from each other: what was there before them, and what they led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chain {
    pub original: String,
    pub current: String,
}

impl Chain {
    /// Of moves in the order in which they were made, each from a stage to another one.
    pub(crate) fn of<'a>(moves: impl IntoIterator<Item = (&'a str, &'a str)>) -> Option<Self> {
        moves.into_iter().fold(None, |chain: Option<Self>, (before, after)| {
            let original = match chain {
                Some(chain) if chain.current == before => chain.original,
                // Somebody else moved it between.
                _ => before.to_owned(),
            };
            Some(Self {
                original,
                current: after.to_owned(),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_before_us_is_before_the_first_of_moves_that_follow_each_other() {
        for (moves, expected) in [
            (&[][..], None),
            (&[("N", "P")][..], Some(("N", "P"))),
            (&[("N", "S"), ("S", "P"), ("P", "S")][..], Some(("N", "S"))),
            // Somebody moved it to X between: that is where ours began.
            (&[("N", "S"), ("X", "P")][..], Some(("X", "P"))),
        ] {
            let chain = Chain::of(moves.iter().copied());
            let found = chain
                .as_ref()
                .map(|chain| (chain.original.as_str(), chain.current.as_str()));
            assert_eq!(found, expected, "{moves:?}");
        }
    }
}
