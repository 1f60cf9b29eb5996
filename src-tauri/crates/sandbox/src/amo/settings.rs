//! What one account differs from another in. The reference marks some of it as unconfirmed: that stays switchable.

use serde::{Deserialize, Serialize};

/// Where a company's tax number and accounts are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmoRequisites {
    /// The field of type `legal_entity`.
    #[default]
    LegalEntity,
    /// Plain text fields «ИНН», «КПП», «Р/с», «БИК».
    Text,
    Both,
}

impl AmoRequisites {
    pub(super) fn in_legal_entity(self) -> bool {
        self != Self::Text
    }

    pub(super) fn in_text(self) -> bool {
        self != Self::LegalEntity
    }
}

/// The account's switches, as `Firm::amocrm` and the command have them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AmoSettings {
    /// Kommo: its host and English names of fields, enums and stages.
    pub kommo: bool,
    /// ISO code of the account's one currency; without it roubles, dollars for Kommo.
    pub currency: Option<String>,
    pub requisites: AmoRequisites,
    /// Whether there is a catalog of invoices at all; users may switch it off.
    pub invoices: bool,
    /// Whether a 429 says `Retry-After`.
    pub retry_after: bool,
    /// Whether a 429 is problem+json instead of a page of HTML.
    pub limit_as_problem: bool,
}

impl Default for AmoSettings {
    fn default() -> Self {
        Self {
            kommo: false,
            currency: None,
            requisites: AmoRequisites::default(),
            invoices: true,
            retry_after: false,
            limit_as_problem: false,
        }
    }
}

impl AmoSettings {
    pub(super) fn currency(&self) -> &str {
        self.currency
            .as_deref()
            .unwrap_or(if self.kommo { "USD" } else { "RUB" })
    }

    /// The account's own host, as tokens and the account's page name it.
    pub(super) fn domain(&self) -> &'static str {
        if self.kommo {
            "sverka.kommo.com"
        } else {
            "sverka.amocrm.ru"
        }
    }

    /// The text in the account's language.
    pub(super) fn words(&self, russian: &'static str, english: &'static str) -> &'static str {
        if self.kommo { english } else { russian }
    }
}
