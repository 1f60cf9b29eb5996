//! What the user sets, and the secrets beside it.

use domain::Actor;
use secrecy::{ExposeSecret, SecretString};

use crate::{failure::Failure, session::Session, vault, wire::Settings};

/// Names of settings in the ledger.
pub(crate) const LEDGER_ID: &str = "ledger.id";
pub(crate) const SOLE_OPERATOR: &str = "people.sole_operator";
pub(crate) const WATCH_PAUSED: &str = "watch.paused";
pub(crate) const CRM_PORTAL: &str = "crm.portal";
pub(crate) const CRM_FIELDS: &str = "crm.fields";
const SETTINGS: &str = "settings";
/// Name of the secret that holds the inbound webhook.
pub(crate) const WEBHOOK: &str = "crm.webhook";

impl Session {
    /// # Errors
    /// The ledger cannot be read.
    pub fn settings(&self) -> Result<Settings, Failure> {
        let stored = self.ledger.setting(SETTINGS)?;
        // A field this version does not know yet has its default; text that is no JSON can only come from outside.
        Ok(stored
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default())
    }

    /// # Errors
    /// The ledger cannot be written; a folder that is not there.
    pub fn settings_save(&self, settings: &Settings) -> Result<Settings, Failure> {
        for folder in [&settings.folder, &settings.export_folder].into_iter().flatten() {
            let path = std::path::Path::new(folder);
            let meta = std::fs::metadata(path).map_err(|error| crate::failure::io_failure(path, &error))?;
            if !meta.is_dir() {
                return Err(crate::failure::not_a_folder(path));
            }
        }
        let text = serde_json::to_string(settings).map_err(|error| crate::failure::broken_json(&error))?;
        self.put_setting(SETTINGS, &text)?;
        self.watch_bell.notify_one();
        self.changed();
        self.settings()
    }

    pub(crate) fn put_setting(&self, key: &str, value: &str) -> Result<(), Failure> {
        let actor = self.operator()?;
        Ok(self.ledger.set_setting(key, value, &actor, self.host.now())?)
    }

    pub(crate) fn secret(&self, name: &str) -> Result<Option<SecretString>, Failure> {
        let Some(sealed) = self.ledger.secret(name)? else {
            return Ok(None);
        };
        let plain = vault::open(&self.data_key()?, name, &sealed)?;
        let text = String::from_utf8(plain).map_err(|_| vault::VaultError::WrongKey(name.to_owned()))?;
        Ok(Some(SecretString::from(text)))
    }

    pub(crate) fn put_secret(&self, name: &str, secret: &SecretString) -> Result<(), Failure> {
        let sealed = vault::seal(
            self.host.as_ref(),
            &self.data_key()?,
            name,
            secret.expose_secret().as_bytes(),
        )?;
        let actor: Actor = self.operator()?;
        Ok(self.ledger.set_secret(name, &sealed, &actor, self.host.now())?)
    }

    pub(crate) fn data_key(&self) -> Result<vault::DataKey, Failure> {
        let ledger = self.ledger.setting(LEDGER_ID)?.unwrap_or_default();
        Ok(self.host.data_key(&ledger)?)
    }
}
