//! What the user sets, and the secrets beside it.

use std::path::Path;

use domain::{Actor, Text};
use secrecy::{ExposeSecret, SecretString};
use store::ConnectionPart;

use crate::{
    failure::{Failure, broken_json, io_failure, not_a_folder},
    session::Session,
    vault,
    wire::Settings,
};

/// Names of settings in the ledger.
pub(crate) const LEDGER_ID: &str = "ledger.id";
pub(crate) const SOLE_OPERATOR: &str = "people.sole_operator";
pub(crate) const WATCH_PAUSED: &str = "watch.paused";
/// The largest sum decided without a person, a decimal in roubles; empty: no limit.
pub(crate) const AUTONOMY_CAP: &str = "autonomy.cap";
/// The version of the engine that this ledger's past was last replayed with.
pub(crate) const ENGINE_SEEN: &str = "matching.version";
const SETTINGS: &str = "settings";

impl Session {
    /// # Errors
    /// The ledger cannot be read, or holds settings that no version of this program wrote.
    pub fn settings(&self) -> Result<Settings, Failure> {
        let stored = self.ledger.setting(SETTINGS)?;
        stored.map_or_else(|| Ok(Settings::default()), |text| completed(&text))
    }

    /// Saves all of them. A folder must be there when it is chosen; one that was chosen before may be away for a while.
    ///
    /// # Errors
    /// The ledger cannot be written; a newly chosen folder that is not there.
    pub fn settings_save(&self, settings: &Settings) -> Result<Settings, Failure> {
        let before = self.settings()?;
        let chosen = [
            (&settings.folder, &before.folder),
            (&settings.export_folder, &before.export_folder),
        ];
        for (folder, before) in chosen {
            if let Some(folder) = folder
                && Some(folder) != before.as_ref()
            {
                must_be_a_folder(Path::new(folder))?;
            }
        }
        let text = serde_json::to_string(settings).map_err(|error| broken_json(&error))?;
        self.put_setting(SETTINGS, &text)?;
        self.changed();
        self.settings()
    }

    pub(crate) fn put_setting(&self, key: &str, value: &str) -> Result<(), Failure> {
        let actor = self.operator()?;
        Ok(self.ledger.set_setting(key, value, &actor, self.host.now())?)
    }

    pub(crate) fn change_connection(&self, id: &str, part: ConnectionPart, value: &str) -> Result<(), Failure> {
        let actor = self.operator()?;
        Ok(self
            .ledger
            .change_connection(id, part, value, &actor, self.host.now())?)
    }

    pub(crate) fn secret(&self, name: &str) -> Result<Option<SecretString>, Failure> {
        let Some(sealed) = self.ledger.secret(name)? else {
            return Ok(None);
        };
        let plain = vault::open(&self.data_key()?, name, &sealed)?;
        let text = String::from_utf8(plain).map_err(|_| vault::VaultError::WrongKey(name.to_owned()))?;
        Ok(Some(SecretString::from(text)))
    }

    /// Puts a new secret in the place of the one that is there. One that was removed meanwhile stays removed: a key is not
    /// kept behind the back of whoever disconnected.
    pub(crate) fn renew_secret(&self, name: &str, secret: &SecretString) -> Result<(), Failure> {
        let sealed = self.sealed(name, secret)?;
        let actor: Actor = self.operator()?;
        if self.ledger.replace_secret(name, &sealed, &actor, self.host.now())? {
            return Ok(());
        }
        Err(crate::pull::not_connected())
    }

    pub(crate) fn sealed(&self, name: &str, secret: &SecretString) -> Result<Vec<u8>, Failure> {
        let plain = secret.expose_secret().as_bytes();
        Ok(vault::seal(self.host.as_ref(), &self.data_key()?, name, plain)?)
    }

    pub(crate) fn data_key(&self) -> Result<vault::DataKey, Failure> {
        let ledger = self.ledger.setting(LEDGER_ID)?.unwrap_or_default();
        Ok(self.host.data_key(&ledger)?)
    }
}

/// Settings that another version wrote: what it did not know has its default, what we do not know is left out.
fn completed(stored: &str) -> Result<Settings, Failure> {
    let unreadable = |error: serde_json::Error| {
        Failure::new(
            "settings/unreadable",
            Text::new(
                format!("настройки в учёте повреждены: {error}"),
                format!("the ledger's settings are damaged: {error}"),
            ),
            Text::new(
                "восстановите учёт из резервной копии",
                "restore the ledger from a backup",
            ),
        )
    };
    let stored: serde_json::Map<String, serde_json::Value> = serde_json::from_str(stored).map_err(unreadable)?;
    let mut whole = serde_json::to_value(Settings::default()).map_err(unreadable)?;
    for (key, value) in stored {
        whole[key] = value;
    }
    serde_json::from_value(whole).map_err(unreadable)
}

pub(crate) fn must_be_a_folder(path: &Path) -> Result<(), Failure> {
    let found = std::fs::metadata(path).map_err(|error| io_failure(path, &error))?;
    if found.is_dir() {
        Ok(())
    } else {
        Err(not_a_folder(path))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::{Session, testing::TestHost, wire::Settings};

    #[test]
    fn settings_of_another_version_are_completed() {
        let settings = super::completed(r#"{"hide_sums":true,"of_tomorrow":7}"#).unwrap();
        assert_eq!(
            settings,
            Settings {
                hide_sums: true,
                ..Settings::default()
            }
        );
        assert_eq!(super::completed("[]").unwrap_err().code, "settings/unreadable");
    }

    #[test]
    fn a_folder_that_is_away_does_not_stop_other_settings() {
        let place = tempfile::tempdir().unwrap();
        let session = Session::create(&place.path().join("ledger"), Arc::new(TestHost::new(1))).unwrap();
        let folder = place.path().join("bank");
        let chosen = Settings {
            folder: Some(folder.display().to_string()),
            ..Settings::default()
        };
        assert_eq!(session.settings_save(&chosen).unwrap_err().code, "file/not-found");
        std::fs::create_dir(&folder).unwrap();
        session.settings_save(&chosen).unwrap();
        std::fs::remove_dir(&folder).unwrap();
        let hidden = Settings {
            hide_sums: true,
            ..chosen.clone()
        };
        assert_eq!(session.settings_save(&hidden).unwrap(), hidden);
        std::fs::write(&folder, "").unwrap();
        session.settings_save(&Settings::default()).unwrap();
        assert_eq!(session.settings_save(&chosen).unwrap_err().code, "file/not-a-folder");
    }
}
