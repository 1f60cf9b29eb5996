//! Secrets at rest: AES-256-GCM, with the key in the operating system's keyring or, on servers, in the environment.
//!
//! What is sealed is bound to its name: a sealed text moved to another row does not open.

use aes_gcm::{
    Aes256Gcm, Key, Nonce,
    aead::{Aead, KeyInit, Payload},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::Text;

use crate::host::Host;

/// Bytes of AES-GCM's nonce, written before the sealed text.
const NONCE_BYTES: usize = 12;
/// The environment variable that holds the key where there is no keyring: 32 bytes in base64.
pub const KEY_VARIABLE: &str = "SVERKA_DATA_KEY";

/// 256 bits. Does not print.
pub struct DataKey(secrecy::SecretBox<[u8; 32]>);

impl DataKey {
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(secrecy::SecretBox::new(Box::new(bytes)))
    }

    /// # Errors
    /// Not 32 bytes in base64.
    pub fn from_base64(text: &str) -> Result<Self, VaultError> {
        let bytes = STANDARD.decode(text.trim()).map_err(|_| VaultError::MalformedKey)?;
        bytes.try_into().map(Self::new).map_err(|_| VaultError::MalformedKey)
    }

    #[must_use]
    pub fn to_base64(&self) -> String {
        use secrecy::ExposeSecret;
        STANDARD.encode(self.0.expose_secret())
    }

    fn cipher(&self) -> Aes256Gcm {
        use secrecy::ExposeSecret;
        Aes256Gcm::new(&Key::<Aes256Gcm>::from(*self.0.expose_secret()))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    #[error("the system's keyring does not answer: {0}")]
    NoKeyring(String),
    #[error("the key is not 32 bytes in base64")]
    MalformedKey,
    #[error("the secret «{0}» does not open with this key")]
    WrongKey(String),
}

impl VaultError {
    #[must_use]
    pub fn text(&self) -> Text {
        let ru = match self {
            Self::NoKeyring(why) => format!("хранилище паролей системы не отвечает: {why}"),
            Self::MalformedKey => "ключ шифрования записан неверно: нужны 32 байта в base64".to_owned(),
            Self::WrongKey(name) => format!("секрет «{name}» не открывается этим ключом"),
        };
        Text::new(ru, self.to_string())
    }

    #[must_use]
    pub fn remedy(&self) -> Text {
        match self {
            Self::NoKeyring(_) => Text::new(
                format!("войдите в систему и откройте хранилище паролей; на сервере задайте переменную {KEY_VARIABLE}"),
                format!("log in and unlock the keyring; on a server set the variable {KEY_VARIABLE}"),
            ),
            Self::MalformedKey => Text::new(
                format!(
                    "исправьте {KEY_VARIABLE} или удалите запись «sverka» из хранилища паролей и подключите CRM заново"
                ),
                format!("mend {KEY_VARIABLE}, or remove the entry «sverka» from the keyring and connect the CRM again"),
            ),
            Self::WrongKey(_) => Text::new(
                "ключ этого компьютера другой: подключите CRM заново",
                "this computer's key is another one: connect the CRM again",
            ),
        }
    }
}

/// Seals `plain` under `name`.
///
/// # Errors
/// The cipher refuses only texts of more than 64 GiB.
pub fn seal(host: &dyn Host, key: &DataKey, name: &str, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
    let mut nonce = [0; NONCE_BYTES];
    host.fill_random(&mut nonce);
    let payload = Payload {
        msg: plain,
        aad: name.as_bytes(),
    };
    let sealed = key
        .cipher()
        .encrypt(&Nonce::from(nonce), payload)
        .map_err(|_| VaultError::WrongKey(name.to_owned()))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Opens what [`seal`] made under the same name.
///
/// # Errors
/// Another key, another name, or changed bytes.
pub fn open(key: &DataKey, name: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
    let wrong = || VaultError::WrongKey(name.to_owned());
    let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or_else(wrong)?;
    let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| wrong())?;
    let payload = Payload {
        msg: sealed,
        aad: name.as_bytes(),
    };
    key.cipher().decrypt(&Nonce::from(nonce), payload).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::{DataKey, VaultError, open, seal};
    use crate::testing::TestHost;

    #[test]
    fn a_secret_opens_with_its_key_and_name_only() {
        let host = TestHost::new(1);
        let key = DataKey::new([7; 32]);
        let sealed = seal(&host, &key, "crm.webhook", "тайна".as_bytes()).unwrap();
        assert_eq!(open(&key, "crm.webhook", &sealed).unwrap(), "тайна".as_bytes());
        let wrong = |result: Result<Vec<u8>, VaultError>| assert!(matches!(result, Err(VaultError::WrongKey(_))));
        wrong(open(&DataKey::new([8; 32]), "crm.webhook", &sealed));
        wrong(open(&key, "crm.other", &sealed));
        wrong(open(&key, "crm.webhook", &sealed[..sealed.len() - 1]));
        wrong(open(&key, "crm.webhook", &sealed[..5]));
        let mut changed = sealed.clone();
        changed[20] ^= 1;
        wrong(open(&key, "crm.webhook", &changed));
    }

    #[test]
    fn the_same_secret_is_sealed_differently_each_time() {
        let host = TestHost::new(1);
        let key = DataKey::new([7; 32]);
        assert_ne!(
            seal(&host, &key, "a", b"x").unwrap(),
            seal(&host, &key, "a", b"x").unwrap()
        );
    }

    #[test]
    fn a_key_survives_base64() {
        let key = DataKey::from_base64(&DataKey::new([9; 32]).to_base64()).unwrap();
        let sealed = seal(&TestHost::new(1), &key, "a", b"x").unwrap();
        assert_eq!(open(&DataKey::new([9; 32]), "a", &sealed).unwrap(), b"x");
        assert!(DataKey::from_base64("c2hvcnQ=").is_err());
    }
}
