//! Why a pull or a connection did not work out.

use domain::Text;

use crate::{call::CallError, interface::Trouble};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CrmError {
    #[error("{method}: {error}")]
    Call { method: &'static str, error: CallError },
    /// An answer that is JSON with a result, but not the one documented.
    #[error("{method}: the answer has no {what}")]
    Shape { method: &'static str, what: &'static str },
    /// A list that does not go forward: reading it to the end would take for ever or miss rows.
    #[error("{method}: the list is out of order")]
    OutOfOrder { method: &'static str },
    #[error("the key has no right «{scope}»")]
    NoScope { scope: &'static str },
    /// The portal took the request for a custom field, and the field is not there.
    #[error("the field {field} was not made: {}", reason.en)]
    FieldNotMade { field: String, reason: Text },
}

impl CrmError {
    /// How the call under it failed, where a call did: hosts show «offline» and «wrong key» as states.
    #[must_use]
    pub fn call(&self) -> Option<&CallError> {
        match self {
            Self::Call { error, .. } => Some(error),
            _ => None,
        }
    }

    /// What happened and what to do, for the accountant; [`TABLE`](super::TABLE) holds the sentences.
    #[must_use]
    pub fn text(&self) -> Text {
        Trouble::from(self.clone()).says
    }
}
