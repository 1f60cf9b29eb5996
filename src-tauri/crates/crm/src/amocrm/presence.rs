//! Whether an object is gone. The CRM says so with 204; a 404 may be an account that moved, or a server in between, and
//! must not be taken for a deleted invoice or for a lead without notes. So a list is asked too.

use domain::Text;
use serde_json::json;

use super::{Client, causes::NO_ACCOUNT, pages::PAGE_ROWS};
use crate::{
    attempt::{Attempt, Failed, Stop},
    call::{CallError, Transport},
    php,
};

impl<T: Transport> Client<T> {
    /// After a 404 of `path/id`: returns where the list does not name it either.
    ///
    /// # Errors
    /// The list names it, so the 404 was a slip; or the list is not there either, so the account is not.
    pub(super) async fn must_be_gone(
        &self,
        attempt: &mut Attempt<'_, T>,
        path: &str,
        key: &str,
        id: u64,
    ) -> Result<(), Stop> {
        let asked = json!({"filter": {"id": [id]}, "page": 1, "limit": PAGE_ROWS});
        let body = match attempt.look(&format!("GET {path}"), &asked).await {
            Ok(body) => body,
            Err(Failed { error, .. }) if error.is_not_found() => {
                let detail = no_account();
                let code = NO_ACCOUNT.to_owned();
                return Err(attempt.failed(CallError::Unauthorised { code, detail }));
            }
            Err(failed) => return Err(failed.into()),
        };
        let rows = php::rows(&body["_embedded"][key]);
        if rows.iter().any(|row| php::id(&row["id"]) == Some(id)) {
            return Err(attempt.unproven(Text::new(
                format!("amoCRM то видит, то не видит {path}/{id}"),
                format!("amoCRM sees {path}/{id} and does not see it"),
            )));
        }
        Ok(())
    }
}

/// The end of a sentence.
pub(super) fn no_account() -> Text {
    Text::new(
        "по этому адресу аккаунта больше нет",
        "there is no account at this address any longer",
    )
}
