//! Names of things, each its own type, so that an invoice is never taken for an entry.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::ShortText;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($text:ty)) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $text);

        impl $name {
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }
    };
}

id!(
    /// A booked line in the ledger: `e1-` and the hash of its counted identity ([`crate::identity`]).
    EntryId(String)
);
id!(
    /// An invoice of a CRM: connection, entity type and number there, as `b24:31:1001`.
    InvoiceId(ShortText)
);
impl InvoiceId {
    /// The connection it is of: `b24`.
    #[must_use]
    pub fn connection(&self) -> &str {
        self.0.split(':').next().unwrap_or_default()
    }
}

id!(
    /// What a person or a rule ruled about one entry.
    DecisionId(String)
);
id!(
    /// One thing the CRM must be told. Stored before the first attempt and the same in every retry.
    MessageId(String)
);
id!(
    /// A payment order from its first draft on.
    OrderId(String)
);
id!(
    /// A person who works with this ledger.
    PersonId(String)
);
id!(
    /// What the CRM's custom field carries of a payment: a versioned hash of the counted identity, `sv1-` and 32
    /// hexadecimal digits. It is the same whenever and from whatever file the entry was imported.
    PaymentId(String)
);

impl PaymentId {
    /// The first eight digits of the hash, for people to read in a comment.
    #[must_use]
    pub fn short(&self) -> &str {
        let hash = self.0.split_once('-').map_or(self.0.as_str(), |(_, hash)| hash);
        hash.get(..8).unwrap_or(hash)
    }
}
