//! Pieces every answer is made of.

use domain::Text;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Words {
    pub ru: String,
    pub en: String,
}

impl From<Text> for Words {
    fn from(text: Text) -> Self {
        Self {
            ru: text.ru,
            en: text.en,
        }
    }
}

/// A request that says nothing more than its name.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
pub struct Nothing {}

/// What went wrong, what it means, what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Failure {
    /// Stable, for programs: `ledger/read-only`, `crm/unauthorised`.
    pub code: String,
    pub message: Words,
    pub remedy: Words,
}

/// It is done, and this is what happened.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Done {
    pub message: Words,
    /// The decision made or undone, where there is one.
    pub decision: Option<String>,
}

/// Who asks, proven by a passphrase. Never stored, never logged.
#[derive(Clone, Deserialize, TS)]
pub struct Credentials {
    pub name: String,
    pub passphrase: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
