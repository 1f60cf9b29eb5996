//! Which connection a portal becomes: the one that it is already, or a new one.
//!
//! Invoices are known by the numbers of their portal: another portal's invoice of that number is another invoice, and what
//! waits in the queue would be written to it. So an id is given to one portal once.

use std::time::Duration;

use crm::Timeouts;
use domain::Text;
use store::ConnectionRow;
use tokio::net::TcpStream;

use super::{
    Kind,
    which::{host_of, unknown},
};
use crate::{failure::Failure, session::Session};

/// Whoever listens on this machine takes a connection at once.
const LISTENS_WITHIN: Duration = Duration::from_millis(500);

/// Another portal that is away must not keep this one waiting.
const SAYS_WITHIN: Timeouts = Timeouts {
    connect_ms: 2_000,
    answer_ms: 5_000,
};

/// A connection as it is to be kept, with the portal it has in the ledger until then.
pub(super) struct Place {
    pub row: ConnectionRow,
    pub before: Option<String>,
}

/// What whoever connects said of the place.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted<'a> {
    /// Renew this connection, and make no other.
    pub connection: Option<&'a str>,
    /// What it is to be called.
    pub name: Option<&'a str>,
}

impl Kind {
    /// The id of its first connection, and what those of the others begin with.
    fn prefix(self) -> &'static str {
        match self {
            Self::Bitrix24 => "b24",
            Self::Amocrm => "amo",
        }
    }

    /// The name a connection's key is sealed under. The first ones have theirs from when there were no others.
    fn secret(self, id: &str) -> String {
        match self {
            Self::Bitrix24 if id == self.prefix() => "crm.webhook".to_owned(),
            Self::Amocrm if id == self.prefix() => "crm.amocrm".to_owned(),
            Self::Bitrix24 | Self::Amocrm => format!("crm.key.{id}"),
        }
    }
}

impl Session {
    /// The place of this portal.
    ///
    /// # Errors
    /// The connection that is to be renewed is not there, or is another portal's.
    pub(super) async fn place(&self, kind: Kind, portal: &str, wanted: Wanted<'_>) -> Result<Place, Failure> {
        let rows = self.ledger.connections()?;
        let of_kind = || rows.iter().filter(|row| row.kind == kind.stored());
        let found = match wanted.connection {
            Some(id) => {
                let row = rows.iter().find(|row| row.id == id).ok_or_else(|| unknown(id))?;
                if row.kind != kind.stored() || !(may_be(row, portal) || became(row, portal).await) {
                    return Err(another_portal(row, portal));
                }
                Some(row)
            }
            None => {
                let same = of_kind().find(|row| row.portal == portal);
                let nameless = of_kind().find(|row| row.portal.is_empty());
                match same.or(nameless) {
                    Some(row) => Some(row),
                    None => match moved(of_kind().filter(|row| may_be(row, portal))).await {
                        Some(row) => Some(row),
                        None => renamed(of_kind(), portal).await,
                    },
                }
            }
        };
        let name = wanted.name.map(str::trim).filter(|name| !name.is_empty());
        let mut place = match found {
            Some(row) => Place {
                before: Some(row.portal.clone()),
                row: ConnectionRow {
                    // What was open there when its key was taken away may be paid by now, or not be all.
                    whole: row.whole && (row.key.is_some() || others_have_no_key(&rows)),
                    ..row.clone()
                },
            },
            None => Place {
                before: None,
                row: new(kind, &rows),
            },
        };
        place.row.portal = portal.to_owned();
        if let Some(name) = name {
            place.row.name = Some(name.to_owned());
        }
        Ok(place)
    }
}

fn new(kind: Kind, rows: &[ConnectionRow]) -> ConnectionRow {
    let prefix = kind.prefix();
    let numbered = (2..).map(|number: u32| format!("{prefix}-{number}"));
    let mut ids = std::iter::once(prefix.to_owned()).chain(numbered);
    let free = |id: &String| rows.iter().all(|row| row.id != *id);
    // There are fewer connections than numbers.
    let id = ids.find(free).unwrap_or_default();
    ConnectionRow {
        secret: kind.secret(&id),
        id,
        kind: kind.stored(),
        name: None,
        portal: String::new(),
        remembered: None,
        mapping: None,
        extras: None,
        // An invoice that was not read yet may be the second one that fits what another CRM's does.
        whole: others_have_no_key(rows),
        key: None,
    }
}

/// No other CRM is connected, by whose invoices anything could be decided before this one's are read.
fn others_have_no_key(rows: &[ConnectionRow]) -> bool {
    rows.iter().all(|row| row.key.is_none())
}

/// The same portal, or a sandbox, which gets another port at every start.
fn may_be(row: &ConnectionRow, portal: &str) -> bool {
    row.portal == portal || row.portal.is_empty() || (is_loopback(&row.portal) && is_loopback(portal))
}

/// The sandbox that is at another port now: nobody listens where it was. One that still listens is another sandbox.
async fn moved<'a>(rows: impl Iterator<Item = &'a ConnectionRow>) -> Option<&'a ConnectionRow> {
    for row in rows {
        if !listens(&row.portal).await {
            return Some(row);
        }
    }
    None
}

/// The portal that has this name now, by what it says itself under its old one: its invoices and what waits for them are
/// the same.
async fn renamed<'a>(rows: impl Iterator<Item = &'a ConnectionRow>, portal: &str) -> Option<&'a ConnectionRow> {
    for row in rows {
        if became(row, portal).await {
            return Some(row);
        }
    }
    None
}

async fn became(row: &ConnectionRow, portal: &str) -> bool {
    row.kind == Kind::Bitrix24.stored() && crm::new_origin(&row.portal, SAYS_WITHIN).await.as_deref() == Some(portal)
}

async fn listens(portal: &str) -> bool {
    let reached = tokio::time::timeout(LISTENS_WITHIN, TcpStream::connect(host_of(portal))).await;
    reached.is_ok_and(|reached| reached.is_ok())
}

fn is_loopback(origin: &str) -> bool {
    crm::WebhookUrl::parse(&format!("{origin}/rest/1/x/")).is_ok_and(|url| url.is_loopback())
}

fn another_portal(row: &ConnectionRow, portal: &str) -> Failure {
    let (id, before) = (&row.id, &row.portal);
    Failure::new(
        "crm/another-portal",
        Text::new(
            format!("подключение {id} — это {before}, а подключается {portal}"),
            format!("connection {id} is {before}, and {portal} is being connected"),
        ),
        Text::new(
            "подключите прежний портал; другой подключается рядом: уберите --connection",
            "connect the same portal; another one is connected beside it: leave --connection out",
        ),
    )
}
