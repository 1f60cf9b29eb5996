//! Portals that were renamed: every call under the old name is sent on to the new one, and an HTTP client that follows by
//! itself would turn it into a GET.

use reqwest::Url;
use serde_json::json;

use crate::{
    answer,
    call::CallError,
    http::{Timeouts, client, exchange},
    webhook::is_loopback,
};

/// What begins the second part of every host of the cloud.
const CLOUD: &str = "bitrix24.";
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// The same address at `origin`, where that can only be the same portal: names within one zone of the cloud are given by
/// Bitrix24 itself. Anywhere else the key would be shown to whoever the answer names.
pub(crate) fn at(address: &str, origin: &str) -> Option<String> {
    let (address, origin) = (Url::parse(address).ok()?, Url::parse(origin).ok()?);
    let both_here = address.host_str().is_some_and(is_loopback) && origin.host_str().is_some_and(is_loopback);
    let both_there = zone(&address).is_some_and(|of| zone(&origin) == Some(of));
    if !both_here && !both_there {
        return None;
    }
    Some(format!("{}{}", origin.origin().ascii_serialization(), address.path()))
}

fn zone(url: &Url) -> Option<&str> {
    let (_, zone) = url.host_str()?.split_once('.')?;
    (url.scheme() == "https" && url.port().is_none() && zone.starts_with(CLOUD)).then_some(zone)
}

/// Where the portal at this origin says that it is now; nothing is shown to it. `None`: still there, or not reached.
pub async fn new_origin(origin: &str, timeouts: Timeouts) -> Option<String> {
    let here = Url::parse(origin).is_ok_and(|url| url.host_str().is_some_and(is_loopback));
    let request = client(timeouts, here).ok()?.post(format!("{origin}/rest/scope.json"));
    let raw = exchange(request.json(&json!({})), ANSWER_BYTES_MAX, &str::to_owned)
        .await
        .ok()?;
    match answer::read(&raw.answer()) {
        Err(CallError::Moved { to }) => Some(to),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::at;

    #[test]
    fn only_another_name_in_the_same_zone_is_the_same_portal() {
        let webhook = "https://old.bitrix24.ru/rest/1/code/profile.json";
        assert_eq!(
            at(webhook, "https://new.bitrix24.ru").as_deref(),
            Some("https://new.bitrix24.ru/rest/1/code/profile.json")
        );
        for stranger in [
            "http://new.bitrix24.ru",
            "https://new.bitrix24.ru:8443",
            "https://new.bitrix24.com",
            "https://bitrix24.ru",
            "https://new.bitrix24.ru.evil.example",
            "https://evil.example",
            "http://127.0.0.1:80",
            "?",
        ] {
            assert_eq!(at(webhook, stranger), None, "{stranger}");
        }
        let boxed = "https://crm.firm.ru/rest/1/code/profile.json";
        assert_eq!(
            at(boxed, "https://portal.firm.ru"),
            None,
            "anybody may have a name there"
        );
        assert_eq!(
            at("http://127.0.0.1:1/rest/1/code/x.json", "http://localhost:2").as_deref(),
            Some("http://localhost:2/rest/1/code/x.json")
        );
    }
}
