//! Which method a request is for, and in whose name.

use crate::{
    php::Php,
    portal::Portal,
    rest::{Caller, RestError},
    world::{WEBHOOK_CODE, WEBHOOK_USER},
};

/// The authorization server's two pages, as faults and counters name them.
pub const AUTHORIZE: &str = "oauth.authorize";
pub const TOKEN: &str = "oauth.token";

/// `/rest/{user}/{code}/{method}` by a webhook, `/rest/{method}` by an application, `/oauth/...` by who wants a token.
pub struct Address {
    webhook: Option<(String, String)>,
    pub method: String,
    pub xml: bool,
    /// Of the third generation, `/rest/api/...`.
    pub v3: bool,
}

impl Address {
    /// `None`: nothing of the portal's API.
    pub fn of(path: &str) -> Option<Self> {
        let path = path.trim_end_matches('/');
        let page = match path {
            "/oauth/authorize" => Some(AUTHORIZE),
            "/oauth/token" => Some(TOKEN),
            _ => None,
        };
        if let Some(page) = page {
            return Some(Self {
                webhook: None,
                method: page.to_owned(),
                xml: false,
                v3: false,
            });
        }
        // Doubled slashes count once, as for any web server; a client's own carelessness makes them.
        let parts = path.strip_prefix("/rest/")?.split('/');
        let mut parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        let v3 = parts.first() == Some(&"api");
        if v3 {
            parts.remove(0);
        }
        let method = parts.pop()?.to_ascii_lowercase();
        let xml = method.ends_with(".xml");
        let name = method.strip_suffix(".json").or_else(|| method.strip_suffix(".xml"));
        let webhook = match parts.as_slice() {
            [] => None,
            [user, code] => Some(((*user).to_owned(), (*code).to_owned())),
            _ => return None,
        };
        Some(Self {
            webhook,
            method: name.unwrap_or(&method).to_owned(),
            xml,
            v3,
        })
    }

    pub fn is_authorization(&self) -> bool {
        [AUTHORIZE, TOKEN].contains(&self.method.as_str())
    }

    /// Who calls. The authorization server asks for itself and is answered by nobody in particular.
    ///
    /// # Errors
    /// As the portal words it: no token, a wrong one, one that is over.
    pub fn caller(&self, portal: &Portal, params: &Php) -> Result<Caller, RestError> {
        if self.is_authorization() {
            return Ok(Caller {
                user: 0,
                scopes: Vec::new(),
                application: true,
            });
        }
        let Some((user, code)) = &self.webhook else {
            let token = params.get("auth").and_then(Php::as_text).unwrap_or_default();
            if token.is_empty() {
                return Err(RestError::new(401, "NO_AUTH_FOUND", "Wrong authorization data"));
            }
            return portal.world.oauth.caller(&token, portal.clock.now_ms());
        };
        if *user != WEBHOOK_USER.to_string() || code != WEBHOOK_CODE {
            return Err(RestError::new(
                portal.world.forbidden(),
                "INVALID_CREDENTIALS",
                "Invalid request credentials",
            ));
        }
        Ok(Caller {
            user: WEBHOOK_USER,
            scopes: portal.world.scopes.clone(),
            application: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_in_every_spelling() {
        for (path, expected) in [
            ("/rest/1/code/crm.item.list", Some(("crm.item.list", true, false))),
            ("/rest/1/code/CRM.Item.List.json", Some(("crm.item.list", true, false))),
            ("/rest/1/code/profile.xml/", Some(("profile", true, true))),
            ("/rest//profile", Some(("profile", false, false))),
            ("/rest/profile", Some(("profile", false, false))),
            ("/rest/app.info/", Some(("app.info", false, false))),
            ("/oauth/token/", Some((TOKEN, false, false))),
            ("/oauth/authorize", Some((AUTHORIZE, false, false))),
            ("/rest/api/1/code/tasks.task.add", Some(("tasks.task.add", true, false))),
            ("/rest/api/tasks.task.add", Some(("tasks.task.add", false, false))),
            ("/rest/1/profile", None),
            ("/", None),
        ] {
            let address = Address::of(path);
            let seen = address
                .as_ref()
                .map(|address| (address.method.as_str(), address.webhook.is_some(), address.xml));
            assert_eq!(seen, expected, "{path}");
        }
    }
}
