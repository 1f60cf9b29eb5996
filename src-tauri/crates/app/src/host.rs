//! What the core asks of the program around it: time, randomness, the key to its secrets.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime};
use domain::Timestamp;

use crate::vault::{DataKey, VaultError};

/// The desktop and the command bring [`crate::OsHost`]; tests bring a clock and a seed of their own.
pub trait Host: Send + Sync + 'static {
    fn now(&self) -> Timestamp;

    /// Minutes that the wall clock of this place is ahead of UTC.
    fn utc_offset_minutes(&self) -> i32;

    fn fill_random(&self, bytes: &mut [u8]);

    /// The key that secrets of the ledger named are sealed with; made on first use.
    ///
    /// # Errors
    /// The operating system's keyring is locked, absent or holds something else.
    fn data_key(&self, ledger: &str) -> Result<DataKey, VaultError>;

    /// The wall clock's date and time here.
    fn local(&self) -> NaiveDateTime {
        self.local_at(self.now())
    }

    /// What the wall clock here shows at that moment.
    fn local_at(&self, moment: Timestamp) -> NaiveDateTime {
        let moment = DateTime::from_timestamp_millis(moment.0).unwrap_or_default();
        let offset = FixedOffset::east_opt(self.utc_offset_minutes() * 60);
        offset.map_or_else(
            || moment.naive_utc(),
            |offset| moment.with_timezone(&offset).naive_local(),
        )
    }

    fn today(&self) -> NaiveDate {
        self.local().date()
    }

    /// A new id, ordered by time: UUID version 7.
    fn new_id(&self) -> String {
        let mut random = [0; 10];
        self.fill_random(&mut random);
        let millis = u64::try_from(self.now().0).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random)
            .into_uuid()
            .to_string()
    }
}
