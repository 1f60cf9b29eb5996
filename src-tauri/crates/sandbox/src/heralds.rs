//! Online events: what happened is posted to the handlers that applications bound, once, whatever they answer.
//!
//! Plain HTTP only: a handler of a sandbox's user is on this machine.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{oauth::MEMBER_ID, php::encode};

/// By which a handler knows that it is this portal that speaks.
pub const APPLICATION_TOKEN: &str = "sverka0application0token00000001";
/// A handler that does not answer is left.
const PATIENCE: Duration = Duration::from_secs(5);

/// One event for one handler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Herald {
    pub handler: String,
    pub event: String,
    pub object: i64,
    /// Of universal items only.
    pub entity_type_id: Option<i64>,
    pub at_ms: i64,
}

impl Herald {
    /// The form as the portal posts it. `origin` is the portal's own address.
    pub fn form(&self, origin: &str) -> String {
        let domain = origin.split_once("://").map_or(origin, |(_, domain)| domain);
        let mut parts = vec![
            ("event", self.event.clone()),
            ("data[FIELDS][ID]", self.object.to_string()),
        ];
        if let Some(entity_type_id) = self.entity_type_id {
            parts.push(("data[FIELDS][ENTITY_TYPE_ID]", entity_type_id.to_string()));
        }
        parts.extend([
            ("ts", self.at_ms.div_euclid(1000).to_string()),
            ("auth[domain]", domain.to_owned()),
            ("auth[client_endpoint]", format!("{origin}/rest/")),
            ("auth[server_endpoint]", format!("{origin}/rest/")),
            ("auth[member_id]", MEMBER_ID.to_owned()),
            ("auth[application_token]", APPLICATION_TOKEN.to_owned()),
        ]);
        let encoded = parts
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        encoded.collect::<Vec<_>>().join("&")
    }

    /// Posts it. There is no second try: the portal has none either.
    ///
    /// # Errors
    /// The handler is not there, or is none of plain HTTP.
    pub async fn post(&self, origin: &str) -> io::Result<()> {
        let strange = || io::Error::new(io::ErrorKind::InvalidInput, "not a plain HTTP address");
        let rest = self.handler.strip_prefix("http://").ok_or_else(strange)?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let address = if host.contains(':') {
            host.to_owned()
        } else {
            format!("{host}:80")
        };
        let form = self.form(origin);
        let head = format!(
            "POST /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            form.len()
        );
        let told = async {
            let mut stream = TcpStream::connect(address).await?;
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(form.as_bytes()).await?;
            // What it answers means nothing; that it was read does.
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await.map(drop)
        };
        timeout(PATIENCE, told).await?
    }
}

/// Sends them one after the other, beside what goes on.
pub fn send(heralds: Vec<Herald>, origin: String) {
    if heralds.is_empty() {
        return;
    }
    tokio::spawn(async move {
        for herald in heralds {
            // Nobody is told that a handler is away: online events are lost then.
            let _ = herald.post(&origin).await;
        }
    });
}
