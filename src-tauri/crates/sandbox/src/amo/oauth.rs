//! `/oauth2/...` and the page a browser is sent to for a code.

use serde_json::{Value, json};

use super::{
    auth::{CLIENT_ID, CLIENT_SECRET, REDIRECT, Tokens},
    reply::{Outcome, Problem, Reply},
    world::ACCOUNT_ID,
};
use crate::php::{Php, encode};

/// `POST /oauth2/access_token`: a code or a refresh token for a new pair.
pub fn access_token(tokens: &mut Tokens, body: &Php, now_s: i64) -> Outcome {
    let text = |name: &str| body.get(name).and_then(Php::as_text).unwrap_or_default();
    if text("client_id") != CLIENT_ID || text("client_secret") != CLIENT_SECRET {
        return Err(Problem::hinted(401, "Client authentication failed"));
    }
    if text("redirect_uri").is_empty() {
        return Err(Problem::hinted(400, "Check the `redirect_uri` parameter"));
    }
    match text("grant_type").as_str() {
        "authorization_code" => tokens
            .exchange(&text("code"), now_s)
            .map_err(|hint| Problem::hinted(400, hint)),
        "refresh_token" => tokens
            .renew(&text("refresh_token"), now_s)
            .map_err(|hint| Problem::hinted(401, hint)),
        _ => Err(Problem::hinted(400, "Check the `grant_type` parameter")),
    }
    .map(Reply::json)
}

/// `GET /oauth2/account/current/subdomain`: where the account of a token lives now.
pub fn subdomain(host: &str) -> Reply {
    let domain = host.split_once('.').map_or("", |(_, domain)| domain);
    Reply::json(json!({
        "id": ACCOUNT_ID,
        "subdomain": "sverka",
        "domain": host,
        "top_level_domain": domain.rsplit('.').next(),
    }))
}

/// `GET /oauth?client_id=..&state=..`: the owner agrees at once. Gives the address the browser is sent to.
pub fn authorise(tokens: &mut Tokens, query: &Php, host: &str, now_s: i64) -> Result<String, Problem> {
    let text = |name: &str| query.get(name).and_then(Php::as_text).unwrap_or_default();
    if text("client_id") != CLIENT_ID {
        return Err(Problem::new(404, "Integration not found"));
    }
    let redirect = Some(text("redirect_uri")).filter(|uri| !uri.is_empty());
    let redirect = redirect.unwrap_or_else(|| REDIRECT.to_owned());
    let code = tokens.new_code(now_s);
    let state = encode(&text("state"));
    let glue = if redirect.contains('?') { '&' } else { '?' };
    Ok(format!(
        "{redirect}{glue}code={code}&referer={host}&client_id={CLIENT_ID}&state={state}"
    ))
}

/// What the ready line says of the account's keys.
pub fn announcement(tokens: &Tokens) -> Value {
    json!({
        "bearer": tokens.long_lived,
        "id": CLIENT_ID,
        "secret": CLIENT_SECRET,
        "refresh": tokens.unused(),
        "redirect": REDIRECT,
        "expired_token": tokens.expired_access(),
    })
}
