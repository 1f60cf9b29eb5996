//! What whoever shows the program is told, so that nobody has to ask again and again.

use crate::wire::MoneyCame;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Something that is shown may have changed.
    Changed,
    /// New credits were imported.
    MoneyCame(MoneyCame),
}
