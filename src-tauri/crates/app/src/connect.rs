//! Connecting a CRM: checked before it is kept, kept sealed. What is particular to one CRM is in a module of its own.
//!
//! There may be several at once, also several portals of one kind. Each is a row of the ledger with an id of its own.

mod amocrm;
mod application;
mod bitrix24;
mod checks;
mod place;
mod which;

use std::{sync::Arc, time::Duration};

use crm::{Crm, Health, Part, Timeouts, TransportError, Trouble};
use domain::Text;
use outbox::BudgetPolicy;
use secrecy::SecretString;
use store::{ConnectionRow, CrmKind};

use crate::{
    failure::Failure,
    session::Session,
    wire::{self, Connected, ConnectionRequest, CrmState, Done},
};

use place::Place;
pub(crate) use which::{CrmNames, name_of};

/// A CRM on this very machine (the sandbox) answers at once or never.
const LOOPBACK: Timeouts = Timeouts {
    connect_ms: 500,
    answer_ms: 2_000,
};

/// Which CRM a connection is to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Bitrix24,
    /// Kommo too.
    Amocrm,
}

impl Kind {
    pub(crate) fn of(kind: CrmKind) -> Self {
        match kind {
            CrmKind::Bitrix24 => Self::Bitrix24,
            CrmKind::Amocrm => Self::Amocrm,
        }
    }

    fn stored(self) -> CrmKind {
        match self {
            Self::Bitrix24 => CrmKind::Bitrix24,
            Self::Amocrm => CrmKind::Amocrm,
        }
    }

    /// What it calls itself.
    pub(crate) fn text(self) -> Text {
        match self {
            Self::Bitrix24 => Text::new("Битрикс24", "Bitrix24"),
            Self::Amocrm => Text::same("amoCRM"),
        }
    }

    /// What this CRM grants.
    pub(crate) fn budget(self) -> BudgetPolicy {
        match self {
            Self::Bitrix24 => BudgetPolicy::BITRIX24,
            Self::Amocrm => BudgetPolicy::AMOCRM,
        }
    }

    /// How often it is asked what changed. Bitrix24 tells it in two or three requests; amoCRM takes no filter on invoices
    /// and is read page by page.
    pub(crate) fn changes_every(self) -> Duration {
        match self {
            Self::Bitrix24 => Duration::from_secs(60),
            Self::Amocrm => Duration::from_secs(300),
        }
    }
}

impl From<Kind> for wire::CrmKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Bitrix24 => Self::Bitrix24,
            Kind::Amocrm => Self::Amocrm,
        }
    }
}

/// One connected CRM.
pub(crate) struct Line {
    /// The id of its connection.
    pub id: String,
    pub kind: Kind,
    /// What people call it.
    pub name: String,
    pub crm: Box<dyn Crm>,
    /// On this machine.
    pub loopback: bool,
}

impl Session {
    /// Introduces the CRM and keeps what it takes to reach it again, the key among it, all at once.
    async fn connect_line(
        self: &Arc<Self>,
        line: &Line,
        place: Place,
        secret: &SecretString,
    ) -> Result<Connected, Failure> {
        let introduced = line
            .crm
            .connect()
            .await
            .map_err(|trouble| crm_failure(&*line.crm, trouble))?;
        let Place { mut row, before } = place;
        row.remembered = Some(introduced.remember.to_string());
        let sealed = self.sealed(&row.secret, secret)?;
        let (actor, at) = (self.operator()?, self.host.now());
        self.ledger.connect(&row, before.as_deref(), &sealed, &actor, at)?;
        self.crm_is(&line.id, CrmState::Ok, Text::same(""));
        self.crm_answered(&line.id);
        self.changed();
        self.looked_at(line, row.portal, introduced).await
    }

    /// Forgets the key. What waits in the queue stays there.
    ///
    /// # Errors
    /// No such connection, or several and none is named; the ledger cannot be written.
    pub fn disconnect(&self, request: &ConnectionRequest) -> Result<Done, Failure> {
        let several = self.connected()?.len() > 1;
        let row = match self.the_connection(request.connection.as_deref()) {
            // Nothing is connected, and so it stays.
            Err(failure) if failure.code == "crm/not-connected" && request.connection.is_none() => None,
            found => Some(found?),
        };
        if let Some(row) = &row {
            self.ledger
                .delete_secret(&row.secret, &self.operator()?, self.host.now())?;
            let mut live = self.live();
            live.crms.remove(&row.id);
            live.mappings.remove(&row.id);
        }
        self.changed();
        let message = match row.filter(|_| several).map(|row| name_of(&row)) {
            None => Text::new(
                "CRM отключена, её ключ удалён; очередь сохранена",
                "the CRM is disconnected and its key removed; the queue is kept",
            ),
            Some(name) => Text::new(
                format!("{name}: отключено, ключ удалён; очередь сохранена"),
                format!("{name}: disconnected and its key removed; the queue is kept"),
            ),
        };
        Ok(Done {
            message: message.into(),
            decision: None,
        })
    }

    /// The line to the CRM of this connection; `None` where its key was taken away.
    ///
    /// # Errors
    /// The keyring is locked, or the sealed key does not open.
    pub(crate) fn line_of(self: &Arc<Self>, row: &ConnectionRow) -> Result<Option<Line>, Failure> {
        match Kind::of(row.kind) {
            Kind::Bitrix24 => self.bitrix24(row),
            Kind::Amocrm => self.amocrm(row),
        }
    }
}

fn no_transport(error: &TransportError) -> Failure {
    Failure::new(
        "crm/transport",
        Text::new(
            format!("сетевой слой не запустился: {error}"),
            format!("the network layer did not start: {error}"),
        ),
        Text::new(
            "проверьте системные сертификаты и прокси",
            "check the system's certificates and proxy",
        ),
    )
}

pub(crate) fn state_after(trouble: &Trouble) -> CrmState {
    match trouble.health {
        Health::Offline => CrmState::Offline,
        Health::Unauthorised => CrmState::Unauthorised,
        Health::Failing => CrmState::Failing,
    }
}

/// The remedy of what says itself what to do.
pub(crate) fn as_it_says() -> Text {
    Text::new(
        "сделайте, что сказано выше; очередь сохранена и пойдёт дальше",
        "do what it says above; the queue is kept and goes on",
    )
}

pub(crate) fn crm_failure(crm: &dyn Crm, trouble: Trouble) -> Failure {
    let (code, remedy) = match trouble.health {
        Health::Offline => (
            "crm/offline",
            Text::new(
                "проверьте интернет и адрес; очередь подождёт",
                "check the network and the address; the queue waits",
            ),
        ),
        Health::Unauthorised if trouble.part == Part::Key => ("crm/unauthorised", crm.new_key()),
        Health::Unauthorised => ("crm/unauthorised", as_it_says()),
        Health::Failing => (
            "crm/failed",
            Text::new(
                "исправьте названное или повторите позже; ничего не потеряно",
                "correct what is named, or try again later; nothing is lost",
            ),
        ),
    };
    Failure::new(code, trouble.says, remedy)
}
