//! Connecting a CRM: checked before it is kept, kept sealed. What is particular to one CRM is in a module of its own.

mod amocrm;
mod application;
mod bitrix24;

use std::{sync::Arc, time::Duration};

use crm::{Crm, Health, Introduction, Timeouts, TransportError, Trouble};
use domain::Text;
use outbox::BudgetPolicy;
use secrecy::SecretString;

use crate::{
    failure::Failure,
    session::Session,
    settings::{AMOCRM, CRM_FIELDS, CRM_PORTAL, WEBHOOK},
    wire::{Connected, CrmState, Done},
};

pub use application::ApplicationKeys;

/// A CRM on this very machine (the sandbox) answers at once or never.
const LOOPBACK: Timeouts = Timeouts {
    connect_ms: 500,
    answer_ms: 2_000,
};

/// Seconds that two healthy clocks may be apart.
const CLOCKS_APART_S_MAX: u64 = 300;

/// Which CRM a ledger is connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Bitrix24,
    /// Kommo too.
    Amocrm,
}

impl Kind {
    const ALL: [Self; 2] = [Self::Bitrix24, Self::Amocrm];

    /// The name of the connection in invoice ids.
    pub(crate) fn connection(self) -> &'static str {
        match self {
            Self::Bitrix24 => "b24",
            Self::Amocrm => "amo",
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

    /// The secret that makes the connection.
    fn secret(self) -> &'static str {
        match self {
            Self::Bitrix24 => WEBHOOK,
            Self::Amocrm => AMOCRM,
        }
    }
}

/// The connected CRM.
pub(crate) struct Line {
    pub kind: Kind,
    pub crm: Box<dyn Crm>,
    /// On this machine.
    pub loopback: bool,
}

impl Session {
    /// Introduces the CRM and keeps what it takes to reach it again. The key last: with it the connection is made, and
    /// then it must be whole.
    async fn connect_line(&self, line: &Line, portal: String, secret: &SecretString) -> Result<Connected, Failure> {
        self.same_portal(line.kind, &portal)?;
        let introduced = line
            .crm
            .connect()
            .await
            .map_err(|trouble| crm_failure(&*line.crm, trouble))?;
        self.put_setting(CRM_FIELDS, &introduced.remember.to_string())?;
        self.put_setting(CRM_PORTAL, &portal)?;
        self.ledger.forget_pull_mark(line.kind.connection())?;
        self.put_secret(line.kind.secret(), secret)?;
        self.forget_keys_but(Some(line.kind))?;
        self.crm_is(CrmState::Ok, Text::same(""));
        self.crm_answered();
        self.changed();
        let missing = self.clocks_agree(&introduced).into_iter().chain(introduced.missing);
        Ok(Connected {
            portal,
            missing: missing.map(Into::into).collect(),
            found: introduced.found.into_iter().map(Into::into).collect(),
        })
    }

    /// Forgets the key. What waits in the queue stays there.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn disconnect(&self) -> Result<Done, Failure> {
        self.forget_keys_but(None)?;
        self.live().crm = None;
        self.changed();
        let message = Text::new(
            "CRM отключена, её ключ удалён; очередь сохранена",
            "the CRM is disconnected and its key removed; the queue is kept",
        );
        Ok(Done {
            message: message.into(),
            decision: None,
        })
    }

    /// One CRM is connected at a time.
    fn forget_keys_but(&self, kept: Option<Kind>) -> Result<(), Failure> {
        let actor = self.operator()?;
        for kind in Kind::ALL.into_iter().filter(|kind| Some(*kind) != kept) {
            if self.ledger.secret(kind.secret())?.is_some() {
                self.ledger.delete_secret(kind.secret(), &actor, self.host.now())?;
            }
        }
        Ok(())
    }

    /// Invoices are known by the numbers of their portal: another portal's invoice of that number is another invoice,
    /// and what waits in the queue would be written to it.
    fn same_portal(&self, kind: Kind, portal: &str) -> Result<(), Failure> {
        let before = self.ledger.setting(CRM_PORTAL)?.unwrap_or_default();
        let invoices = self.ledger.matchable_invoices()?;
        let of_this = format!("{}:", kind.connection());
        let moved = !before.is_empty() && before != portal && !is_loopback(&before) && !invoices.is_empty();
        if !moved && invoices.iter().all(|invoice| invoice.id.0.starts_with(&of_this)) {
            return Ok(());
        }
        Err(Failure::new(
            "crm/another-portal",
            Text::new(
                format!("этот учёт ведётся для {before}, а подключается {portal}"),
                format!("this ledger is kept for {before}, and {portal} is being connected"),
            ),
            Text::new(
                "подключите прежний портал; для другого заведите отдельный учёт: `sverka --ledger ПАПКА init`",
                "connect the same portal; for another one make a ledger of its own: `sverka --ledger DIR init`",
            ),
        ))
    }

    /// The CRM that is connected, by its key.
    pub(crate) fn connected_kind(&self) -> Result<Option<Kind>, Failure> {
        for kind in Kind::ALL {
            if self.ledger.secret(kind.secret())?.is_some() {
                return Ok(Some(kind));
            }
        }
        Ok(None)
    }

    /// The line to the connected CRM; `None` where there is none.
    ///
    /// # Errors
    /// The keyring is locked, or the sealed key does not open.
    pub(crate) fn line(self: &Arc<Self>) -> Result<Option<Line>, Failure> {
        match self.connected_kind()? {
            None => Ok(None),
            Some(Kind::Bitrix24) => self.bitrix24(),
            Some(Kind::Amocrm) => self.amocrm(),
        }
    }

    /// What the connection is made of, to see whether it is still the same.
    pub(crate) fn connection(&self) -> Result<Connection, Failure> {
        let sealed = Kind::ALL.map(|kind| self.ledger.secret(kind.secret()));
        Ok(Connection {
            sealed: sealed.into_iter().collect::<Result<_, _>>()?,
            fields: self.ledger.setting(CRM_FIELDS)?,
        })
    }

    /// Dates of payments and the terms of keys are compared with the CRM's.
    fn clocks_agree(&self, introduced: &Introduction) -> Option<Text> {
        let (there, here) = (introduced.server_time?, self.host.now());
        let apart_s = here.ms_since(there).max(there.ms_since(here)) / 1_000;
        (apart_s > CLOCKS_APART_S_MAX).then(|| {
            let minutes = apart_s / 60;
            Text::new(
                format!("Часы этого компьютера расходятся с часами CRM на {minutes} мин: включите точное время."),
                format!("This computer's clock is {minutes} min off the CRM's: switch on network time."),
            )
        })
    }
}

/// Sealed anew, the same key looks different: that only costs a new line.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Connection {
    sealed: Vec<Option<Vec<u8>>>,
    fields: Option<String>,
}

/// The sandbox gets another port at every start.
fn is_loopback(origin: &str) -> bool {
    crm::WebhookUrl::parse(&format!("{origin}/rest/1/x/")).is_ok_and(|url| url.is_loopback())
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

pub(crate) fn crm_failure(crm: &dyn Crm, trouble: Trouble) -> Failure {
    let (code, remedy) = match trouble.health {
        Health::Offline => (
            "crm/offline",
            Text::new(
                "проверьте интернет и адрес; очередь подождёт",
                "check the network and the address; the queue waits",
            ),
        ),
        Health::Unauthorised => ("crm/unauthorised", crm.new_key()),
        Health::Failing => (
            "crm/failed",
            Text::new(
                "повторите позже; ничего не потеряно",
                "try again later; nothing is lost",
            ),
        ),
    };
    Failure::new(code, trouble.says, remedy)
}
