//! What one portal differs from another in. The reference marks some of it as unconfirmed: that stays switchable.

use serde::{Deserialize, Serialize};

/// What a batch makes of a reference that leads nowhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingReference {
    /// An empty text stands in its place.
    #[default]
    Empty,
    /// It stays as it is written.
    Kept,
}

/// The portal's switches, as `Firm::portal` has them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PortalSettings {
    /// On the firm's own server: answers say nothing of their work, and less of it is allowed.
    pub on_premise: bool,
    /// Of the Enterprise plan, which is let in five times as often.
    pub enterprise: bool,
    pub missing_reference: MissingReference,
}

impl PortalSettings {
    /// How many requests more than leak out the bucket holds.
    pub fn bucket(&self) -> u64 {
        if self.enterprise { 250 } else { 50 }
    }

    /// What leaks out of the bucket every second.
    pub fn leak_per_second(&self) -> u64 {
        if self.enterprise { 5 } else { 2 }
    }

    /// Milliseconds of one method's work that ten minutes allow.
    pub fn operating_ms_max(&self) -> u64 {
        if self.on_premise { 420_000 } else { 480_000 }
    }
}
