//! Whose account a statement is of. Most formats name both sides of a payment, and the counterparty is only one of them.

use domain::{Direction, Entry, PartyDraft};

use crate::{camt, json, onec};

/// The owner of the account as this entry names it: the payee of what came in, the payer of what went out. Text as the bank
/// wrote it, empty where it is silent. `None` where the format names the other side only (MT940, tables).
#[must_use]
pub fn own_side(entry: &Entry) -> Option<PartyDraft> {
    let came_in = entry.direction? == Direction::Credit;
    [onec::own_side, json::own_side, camt::own_side]
        .into_iter()
        .map(|of_format| of_format(entry, came_in))
        .find(|side| *side != PartyDraft::default())
}
