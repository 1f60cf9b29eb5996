//! Which kinds of cards there are, by the names in addresses.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Leads,
    Companies,
    Contacts,
    CatalogElements,
}

impl Kind {
    /// Cards that addresses of the form `/api/v4/{kind}` lead to.
    pub fn of(segment: &str) -> Option<Self> {
        match segment {
            "leads" => Some(Self::Leads),
            "companies" => Some(Self::Companies),
            "contacts" => Some(Self::Contacts),
            _ => None,
        }
    }

    /// What links can lead to: elements as well.
    pub fn of_link(name: &str) -> Option<Self> {
        match name {
            "catalog_elements" => Some(Self::CatalogElements),
            other => Self::of(other),
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Leads => "leads",
            Self::Companies => "companies",
            Self::Contacts => "contacts",
            Self::CatalogElements => "catalog_elements",
        }
    }

    /// As events call it.
    pub fn singular(self) -> &'static str {
        match self {
            Self::Leads => "lead",
            Self::Companies => "company",
            Self::Contacts => "contact",
            Self::CatalogElements => "catalog_element",
        }
    }
}
