//! What a write made, looked at until the account shows it. An account is several servers: one that answers a look may be a
//! moment behind the one that took the write. Ending there would leave the outcome open, and the next attempt, which knows
//! nothing of a confirmed write, might find half of it.

use super::{Client, element::Element, layout::Layout};
use crate::{
    attempt::{Attempt, Stop},
    call::Transport,
};

/// How often it is looked at again.
pub(super) const LOOKS_AGAIN: u32 = 3;
/// The first pause before that; each next one is twice as long.
pub(super) const PAUSE_MS: u64 = 500;

impl<T: Transport> Client<T> {
    /// The invoice once `is_there` says that it shows what was written, or as it is shown at last; `None` where it is gone.
    pub(super) async fn read_back(
        &self,
        attempt: &mut Attempt<'_, T>,
        id: u64,
        layout: &Layout,
        is_there: impl Fn(&Element) -> bool + Send,
    ) -> Result<Option<Element>, Stop> {
        let mut pause_ms = PAUSE_MS;
        for _ in 0..LOOKS_AGAIN {
            match self.element(attempt, id, layout).await? {
                Some(element) if !is_there(&element) => {
                    attempt.pause(pause_ms).await;
                    pause_ms *= 2;
                }
                shown => return Ok(shown),
            }
        }
        self.element(attempt, id, layout).await
    }
}
