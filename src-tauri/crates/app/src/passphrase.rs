//! People's passphrases: Argon2id, and only its result is stored.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use domain::Text;

use crate::{failure::Failure, host::Host};

/// Shorter ones are guessed in an afternoon.
pub const PASSPHRASE_CHARS_MIN: usize = 8;
/// Bytes of salt, as RFC 9106 recommends.
const SALT_BYTES: usize = 16;

/// # Errors
/// The passphrase is too short.
pub fn hash(host: &dyn Host, passphrase: &str) -> Result<String, Failure> {
    if passphrase.chars().count() < PASSPHRASE_CHARS_MIN {
        return Err(Failure::new(
            "people/short-passphrase",
            Text::new(
                format!("парольная фраза короче {PASSPHRASE_CHARS_MIN} знаков"),
                format!("the passphrase is shorter than {PASSPHRASE_CHARS_MIN} characters"),
            ),
            Text::new(
                "возьмите несколько слов, которые легко запомнить",
                "take several words that are easy to remember",
            ),
        ));
    }
    let mut salt = [0; SALT_BYTES];
    host.fill_random(&mut salt);
    let hash = Argon2::default().hash_password_with_salt(passphrase.as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(|error| {
        Failure::new(
            "people/hash",
            Text::new(
                format!("парольная фраза не принята: {error}"),
                format!("the passphrase was not taken: {error}"),
            ),
            Text::new("попробуйте другую", "try another one"),
        )
    })
}

/// Whether `passphrase` is the one that was hashed. A malformed hash fits nothing.
#[must_use]
pub fn fits(passphrase: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(passphrase.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::{fits, hash};
    use crate::testing::TestHost;

    #[test]
    fn only_the_same_passphrase_fits() {
        let host = TestHost::new(3);
        let stored = hash(&host, "зелёная лампа 7").unwrap();
        assert!(fits("зелёная лампа 7", &stored));
        assert!(!fits("зелёная лампа 8", &stored));
        assert!(!fits("зелёная лампа 7", ""));
        assert_ne!(stored, hash(&host, "зелёная лампа 7").unwrap(), "each has its own salt");
    }

    #[test]
    fn seven_characters_are_too_few_and_eight_are_enough() {
        let host = TestHost::new(3);
        assert_eq!(hash(&host, "семь777").unwrap_err().code, "people/short-passphrase");
        assert!(hash(&host, "восемь88").is_ok());
    }
}
