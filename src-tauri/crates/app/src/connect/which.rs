//! Which connections there are, and which of them is meant.

use std::sync::Arc;

use domain::{InvoiceId, Text};
use store::ConnectionRow;

use super::Line;
use crate::{failure::Failure, pull::not_connected, session::Session};

impl Session {
    /// Those that have a key, in the order in which they were made.
    pub(crate) fn connected(&self) -> Result<Vec<ConnectionRow>, Failure> {
        let mut rows = self.ledger.connections()?;
        rows.retain(|row| row.key.is_some());
        Ok(rows)
    }

    /// The connected one of this id or name; without one the only one there is.
    ///
    /// # Errors
    /// There is none, or there are several and none is named.
    pub(crate) fn the_connection(&self, wanted: Option<&str>) -> Result<ConnectionRow, Failure> {
        let mut rows = self.connected()?;
        let Some(wanted) = wanted else {
            return match rows.len() {
                0 => Err(not_connected()),
                1 => Ok(rows.remove(0)),
                _ => Err(which(&rows)),
            };
        };
        let named = |row: &ConnectionRow| row.id == wanted || name_of(row) == wanted;
        let several = rows.iter().filter(|row| name_of(row) == wanted).count() > 1;
        match rows.iter().position(|row| row.id == wanted) {
            Some(at) => Ok(rows.remove(at)),
            None if several => Err(which(&rows)),
            None => match rows.iter().position(named) {
                Some(at) => Ok(rows.remove(at)),
                None if self.ledger.connections()?.iter().any(named) => Err(not_connected()),
                None => Err(unknown(wanted)),
            },
        }
    }

    /// The line to the CRM that is meant.
    ///
    /// # Errors
    /// As [`Session::the_connection`]; the keyring is locked, or the sealed key does not open.
    pub(crate) fn line(self: &Arc<Self>, wanted: Option<&str>) -> Result<Line, Failure> {
        self.line_of(&self.the_connection(wanted)?)?.ok_or_else(not_connected)
    }

    /// What the connections are called, to be said where there are several.
    pub(crate) fn crm_names(&self) -> Result<CrmNames, Failure> {
        let rows = self.ledger.connections()?;
        let names = rows.iter().map(|row| (row.id.clone(), name_of(row)));
        Ok(CrmNames(if rows.len() > 1 { names.collect() } else { Vec::new() }))
    }
}

/// What connections are called, where there are several.
pub(crate) struct CrmNames(Vec<(String, String)>);

impl CrmNames {
    /// `None` where there is only one, which goes without saying.
    pub(crate) fn of_invoice(&self, invoice: &InvoiceId) -> Option<String> {
        self.of(invoice.connection())
    }

    pub(crate) fn of(&self, connection: &str) -> Option<String> {
        let found = self.0.iter().find(|(id, _)| id == connection);
        found.map(|(_, name)| name.clone())
    }
}

/// What people call it: by the name they gave it, else by its portal's host.
pub(crate) fn name_of(row: &ConnectionRow) -> String {
    let host = row
        .portal
        .split_once("://")
        .map_or(row.portal.as_str(), |(_, host)| host);
    match &row.name {
        Some(name) => name.clone(),
        None if host.is_empty() => row.id.clone(),
        None => host.to_owned(),
    }
}

fn listed(rows: &[ConnectionRow]) -> String {
    let rows: Vec<String> = rows
        .iter()
        .map(|row| format!("{} ({})", row.id, name_of(row)))
        .collect();
    rows.join(", ")
}

fn which(rows: &[ConnectionRow]) -> Failure {
    let listed = listed(rows);
    Failure::new(
        "crm/which",
        Text::new(
            format!("подключено несколько CRM: {listed}"),
            format!("several CRMs are connected: {listed}"),
        ),
        Text::new(
            "назовите, какую: `sverka disconnect b24-2`, `sverka stages --connection b24-2`",
            "say which: `sverka disconnect b24-2`, `sverka stages --connection b24-2`",
        ),
    )
}

pub(super) fn unknown(wanted: &str) -> Failure {
    Failure::new(
        "crm/unknown-connection",
        Text::new(
            format!("подключения «{wanted}» нет"),
            format!("there is no connection «{wanted}»"),
        ),
        Text::new(
            "подключения называет `sverka health`",
            "`sverka health` names the connections",
        ),
    )
}
