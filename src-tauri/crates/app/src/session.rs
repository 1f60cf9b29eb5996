//! One open ledger and everything done with it. Use cases are methods of [`Session`], a file a subject.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
};

use domain::{Actor, PersonId, Text};
use store::{Ledger, StoreError};
use tokio::sync::{Notify, broadcast};

use crate::{events::Event, failure::Failure, host::Host, wire::CrmState, wire::FolderState};

/// Events that wait for a slow listener; one that lags sees `Changed` and reads everything anew.
const EVENTS_KEPT: usize = 64;

pub struct Session {
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) host: Arc<dyn Host>,
    events: broadcast::Sender<Event>,
    live: Mutex<Live>,
    /// Rung when there is something to deliver.
    pub(crate) deliver_bell: Notify,
    /// Rung when the settings of watching changed.
    pub(crate) watch_bell: Notify,
}

/// What is true of this process only, and not of the ledger.
#[derive(Debug, Clone)]
pub(crate) struct Live {
    pub folder: FolderState,
    pub folder_message: Text,
    /// What this process last heard of the CRM; `None` until it asked.
    pub crm: Option<Heard>,
}

#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub state: CrmState,
    pub message: Text,
}

impl Session {
    /// Makes a new ledger in `folder`.
    ///
    /// # Errors
    /// One is there already; the disk is read-only or full.
    pub fn create(folder: &Path, host: Arc<dyn Host>) -> Result<Self, Failure> {
        Self::begun(Ledger::create(folder, host.now())?, host)
    }

    /// Opens the ledger in `folder`.
    ///
    /// # Errors
    /// There is none, or it is of a newer program, damaged, or cannot be read.
    pub fn open(folder: &Path, host: Arc<dyn Host>) -> Result<Self, Failure> {
        Ok(Self::over(Ledger::open(folder)?, host))
    }

    /// Opens the ledger in `folder`, making it on the first start.
    ///
    /// # Errors
    /// As [`Session::open`] and [`Session::create`].
    pub fn open_or_create(folder: &Path, host: Arc<dyn Host>) -> Result<Self, Failure> {
        match Ledger::create(folder, host.now()) {
            Ok(ledger) => Self::begun(ledger, host),
            Err(StoreError::Exists { .. }) => Self::open(folder, host),
            Err(error) => Err(error.into()),
        }
    }

    fn begun(ledger: Ledger, host: Arc<dyn Host>) -> Result<Self, Failure> {
        let session = Self::over(ledger, host);
        session.put_setting(crate::settings::LEDGER_ID, &session.host.new_id())?;
        Ok(session)
    }

    fn over(ledger: Ledger, host: Arc<dyn Host>) -> Self {
        let idle = Live {
            folder: FolderState::Idle,
            folder_message: Text::same(""),
            crm: None,
        };
        Self {
            ledger: Arc::new(ledger),
            host,
            events: broadcast::channel(EVENTS_KEPT).0,
            live: Mutex::new(idle),
            deliver_bell: Notify::new(),
            watch_bell: Notify::new(),
        }
    }

    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.ledger.folder().to_owned()
    }

    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    pub(crate) fn tell(&self, event: Event) {
        // Nobody listening is fine.
        let _ = self.events.send(event);
    }

    pub(crate) fn changed(&self) {
        self.tell(Event::Changed);
    }

    pub(crate) fn live(&self) -> MutexGuard<'_, Live> {
        // The guarded values are replaced whole, so a panic elsewhere leaves them sound.
        self.live.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Who decides at this desk: the ledger's first person. Consents that move money ask for a passphrase instead.
    pub(crate) fn operator(&self) -> Result<Actor, Failure> {
        let first = self.ledger.people()?.into_iter().next();
        let id = first.map_or_else(|| PersonId::from("operator"), |person| person.id);
        Ok(Actor::Person { id })
    }
}
