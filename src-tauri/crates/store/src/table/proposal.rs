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
        /// Not a customer's payment: an own transfer, a loan, a fee; of a debit, that it takes nothing of a customer's back.
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
    /// It takes an earlier entry back, or says so: a debit that does is a row of the inbox.
    pub goes_back: bool,
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
                        "INSERT INTO proposal (entry, verdict, reason, body, goes_back) VALUES (?1, ?2, ?3, ?4, ?5)
                         ON CONFLICT (entry) DO UPDATE SET verdict = ?2, reason = ?3, body = ?4, goes_back = ?5
                         WHERE (verdict, reason, body, goes_back) IS NOT (?2, ?3, ?4, ?5)",
                    )?
                    .execute((
                        proposal.entry.as_str(),
                        proposal.verdict.as_str(),
                        &proposal.reason,
                        &proposal.json,
                        proposal.goes_back,
                    ))?;
            }
            Ok(())
        })
    }
}
