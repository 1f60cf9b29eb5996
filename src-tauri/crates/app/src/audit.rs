//! The audit log, looked at, and the one word by which a person overrules a broken proof.

use chrono::NaiveDate;
use domain::AuditLink;
use store::AuditVerdict;

use crate::{failure::Failure, session::Session};

impl Session {
    /// Whether every event is still what it was, and none is missing.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn audit_verify(&self) -> Result<AuditVerdict, Failure> {
        Ok(self.ledger.audit_verify()?)
    }

    /// # Errors
    /// The ledger cannot be read.
    pub fn audit_list(&self, after: u64, limit: u64) -> Result<Vec<AuditLink>, Failure> {
        Ok(self.ledger.audit_list(after, limit)?)
    }

    /// A person looked at an account whose balances do not add up and says: automatic decisions may go on.
    ///
    /// # Errors
    /// No such account; the ledger cannot be written.
    pub fn release_account(&self, account: &str, day: NaiveDate) -> Result<(), Failure> {
        self.ledger
            .release_account(account, day, &self.operator()?, self.host.now())?;
        self.match_new()?;
        self.changed();
        Ok(())
    }
}
