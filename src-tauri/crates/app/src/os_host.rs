//! The host of real programs: the system's clock, randomness and keyring. The only place that reads a clock.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::Timestamp;

use crate::{
    host::Host,
    vault::{DataKey, KEY_VARIABLE, VaultError},
};

/// The service name of entries in the system's keyring.
const KEYRING_SERVICE: &str = "sverka";

#[derive(Debug, Clone, Copy, Default)]
pub struct OsHost;

impl Host for OsHost {
    fn now(&self) -> Timestamp {
        // A clock before 1970 counts as 1970: the queue copes with wrong clocks, negative times are of no use.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn utc_offset_minutes(&self) -> i32 {
        chrono::Local::now().offset().local_minus_utc() / 60
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            // Without randomness there are no ids and no nonces: nothing sensible can go on.
            panic!("the operating system gives no randomness: {error}");
        }
    }

    fn data_key(&self, ledger: &str) -> Result<DataKey, VaultError> {
        match std::env::var(KEY_VARIABLE) {
            Ok(text) => return DataKey::from_base64(&text),
            Err(std::env::VarError::NotPresent) => {}
            Err(std::env::VarError::NotUnicode(_)) => return Err(VaultError::MalformedKey),
        }
        let (host, ledger) = (*self, ledger.to_owned());
        // The system's keyring is spoken to over a runtime of its own, and none may start inside another.
        let asked = std::thread::spawn(move || host.keyring_key(&ledger)).join();
        asked.unwrap_or_else(|_| Err(VaultError::NoKeyring("the keyring's thread panicked".to_owned())))
    }
}

impl OsHost {
    fn keyring_key(self, ledger: &str) -> Result<DataKey, VaultError> {
        let entry = keyring_entry(ledger)?;
        match entry.get_password() {
            Ok(text) => DataKey::from_base64(&text),
            Err(keyring::Error::NoEntry) => {
                let mut bytes = [0; 32];
                self.fill_random(&mut bytes);
                let key = DataKey::new(bytes);
                entry
                    .set_password(&key.to_base64())
                    .map_err(|error| VaultError::NoKeyring(error.to_string()))?;
                Ok(key)
            }
            Err(error) => Err(VaultError::NoKeyring(error.to_string())),
        }
    }
}

fn keyring_entry(ledger: &str) -> Result<keyring::Entry, VaultError> {
    keyring::Entry::new(KEYRING_SERVICE, ledger).map_err(|error| VaultError::NoKeyring(error.to_string()))
}

/// Where this user's ledger is unless another place is named; `None` where the system names no place.
#[must_use]
pub fn default_ledger() -> Option<std::path::PathBuf> {
    directories::ProjectDirs::from("", "", "Sverka").map(|dirs| dirs.data_local_dir().join("ledger"))
}
