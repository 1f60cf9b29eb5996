//! What matching last proposed for each undecided entry: a cache, made anew whenever invoices or rules change.

use domain::EntryId;
use serde::Serialize;

use crate::{Ledger, StoreError, columns::words};

pub(crate) const SCHEMA: &str = "
CREATE TABLE proposal (
    entry TEXT PRIMARY KEY REFERENCES entry (id),
    verdict TEXT NOT NULL CHECK (verdict IN ('auto', 'review', 'none', 'stranger')),
    reason TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
";

words! {
    Verdict {
        Auto = "auto",
        /// There are candidates, and a person decides.
        Review = "review",
        /// No invoice fits.
        None = "none",
        /// Not a customer's payment: an own transfer, a loan, a fee.
        Stranger = "stranger",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProposalRow {
    pub entry: EntryId,
    pub verdict: Verdict,
    /// The one line a list shows.
    pub reason: String,
    /// The whole proposal, as matching wrote it.
    pub json: String,
}

impl Ledger {
    /// Replaces what was proposed for these entries.
    ///
    /// # Errors
    /// An entry the ledger does not have.
    pub fn save_proposals(&self, proposals: &[ProposalRow]) -> Result<(), StoreError> {
        if proposals.is_empty() {
            return Ok(());
        }
        self.write(|transaction| {
            for proposal in proposals {
                transaction
                    .prepare_cached(
                        "INSERT INTO proposal (entry, verdict, reason, body) VALUES (?1, ?2, ?3, ?4)
                         ON CONFLICT (entry) DO UPDATE SET verdict = ?2, reason = ?3, body = ?4
                         WHERE (verdict, reason, body) IS NOT (?2, ?3, ?4)",
                    )?
                    .execute((
                        proposal.entry.as_str(),
                        proposal.verdict.as_str(),
                        &proposal.reason,
                        &proposal.json,
                    ))?;
            }
            Ok(())
        })
    }
}
