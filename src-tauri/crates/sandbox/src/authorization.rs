//! The authorization server's two pages over the portal: the one for a browser and the one for tokens.

use crate::{address::AUTHORIZE, php::Php, portal::Portal, reply::Reply};

/// `host`: what the request named as its host; the addresses in the answer begin with it.
pub fn answer(portal: &mut Portal, page: &str, params: &Php, host: &str) -> Reply {
    let now_ms = portal.clock.now_ms();
    let origin = origin(&portal.world.oauth.origin, host);
    if page == AUTHORIZE {
        return browser(portal, params, &origin, now_ms);
    }
    let exchanged = portal.world.oauth.exchange(params, &origin, now_ms);
    match exchanged.and_then(|tokens| portal.keep().map(|()| tokens)) {
        Ok(tokens) => Reply::api(200, &tokens.into(), false),
        Err(error) => Reply::refusal(&error),
    }
}

/// The sandbox's user is signed in and says yes at once. What goes wrong is shown here and called back to nobody.
fn browser(portal: &mut Portal, params: &Php, origin: &str, now_ms: i64) -> Reply {
    let code = match portal.world.oauth.authorize(params, now_ms) {
        Ok(code) => code,
        Err(error) => return Reply::html(400, format!("<html><body><h1>{}</h1></body></html>", error.text)),
    };
    if let Err(error) = portal.keep() {
        return Reply::refusal(&error);
    }
    let state = params.get("state").and_then(Php::as_text).unwrap_or_default();
    let server = origin.split_once("://").map_or(origin, |(_, host)| host);
    match &portal.world.oauth.redirect {
        Some(redirect) => Reply::redirect(portal.world.oauth.callback(redirect, &code, &state, server)),
        None => Reply::html(
            200,
            format!("<html><body>Код авторизации, живёт 30 секунд: <code>{code}</code></body></html>"),
        ),
    }
}

/// The address a client reached us at. At any other port than the plain one there is TLS in front.
fn origin(plain: &str, host: &str) -> String {
    let port = |address: &str| address.rsplit_once(':').map(|(_, port)| port.to_owned());
    match port(host) {
        Some(own) if port(plain) == Some(own.clone()) => format!("http://{host}"),
        _ if host.is_empty() => plain.to_owned(),
        _ => format!("https://{host}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_plain_port_is_plain() {
        for (host, expected) in [
            ("127.0.0.1:81", "http://127.0.0.1:81"),
            ("localhost:81", "http://localhost:81"),
            ("localhost:82", "https://localhost:82"),
            ("oauth.bitrix24.tech", "https://oauth.bitrix24.tech"),
            ("", "http://127.0.0.1:81"),
        ] {
            assert_eq!(origin("http://127.0.0.1:81", host), expected);
        }
    }
}
