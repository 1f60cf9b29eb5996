//! One open ledger and everything done with it. Use cases are methods of [`Session`], a file a subject.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicU64},
};

use domain::{Actor, PersonId, Text};
use store::{Ledger, StoreError};
use tokio::sync::{Notify, broadcast};

use crate::{
    events::Event,
    failure::Failure,
    host::Host,
    settings::LEDGER_ID,
    turns::Budgets,
    wire::{CrmState, FolderState},
};

/// Events that wait for a slow listener; one that lags sees `Changed` and reads everything anew.
const EVENTS_KEPT: usize = 64;

pub struct Session {
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) host: Arc<dyn Host>,
    events: broadcast::Sender<Event>,
    live: Mutex<Live>,
    /// Held while proposals are made: of two runs at once the older picture of what is open might be kept.
    pub(crate) matching: Mutex<()>,
    /// By connection, held while its invoices are pulled: of two pulls at once the older answer might be kept.
    pulling: Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<()>>>>,
    /// Rung when there is something to deliver.
    pub(crate) deliver_bell: Notify,
    /// Rung when the chosen stages may no longer be there.
    pub(crate) mapping_bell: Notify,
    /// What each CRM grants, shared by everything in this process that asks it.
    pub(crate) budgets: Budgets,
    /// By connection, how often its CRM was reached and took the key: whatever delivering waits for may be over.
    answered: Mutex<BTreeMap<String, u64>>,
    /// Debits up to this place in the ledger were looked at in this process.
    pub(crate) debits_seen: AtomicU64,
}

/// What is true of this process only, and not of the ledger.
#[derive(Debug, Clone)]
pub(crate) struct Live {
    pub folder: FolderState,
    pub folder_message: Text,
    /// By connection, what this process last heard of its CRM, once it asked.
    pub crms: BTreeMap<String, Heard>,
    /// By connection, a chosen stage that its CRM no longer has.
    pub mappings: BTreeMap<String, Text>,
    /// What a person should hear of and no list shows, by what it is about.
    pub notices: BTreeMap<String, Text>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
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
        let session = Self::over(Ledger::open(folder)?, host);
        // A ledger whose making was broken off has no name yet.
        if session.ledger.setting(LEDGER_ID)?.is_none() {
            session.name_ledger()?;
        }
        session.finish_exports()?;
        Ok(session)
    }

    /// Opens the ledger in `folder`, making it on the first start.
    ///
    /// # Errors
    /// As [`Session::open`] and [`Session::create`].
    pub fn open_or_create(folder: &Path, host: Arc<dyn Host>) -> Result<Self, Failure> {
        match Ledger::create(folder, host.now()) {
            Ok(ledger) => Self::begun(ledger, host),
            Err(StoreError::AlreadyExists { .. }) => Self::open(folder, host),
            Err(error) => Err(error.into()),
        }
    }

    fn begun(ledger: Ledger, host: Arc<dyn Host>) -> Result<Self, Failure> {
        let session = Self::over(ledger, host);
        session.name_ledger()?;
        Ok(session)
    }

    /// The name its key in the keyring goes by.
    fn name_ledger(&self) -> Result<(), Failure> {
        let name = self.host.new_id();
        Ok(self
            .ledger
            .set_setting(LEDGER_ID, &name, &Actor::Program, self.host.now())?)
    }

    fn over(ledger: Ledger, host: Arc<dyn Host>) -> Self {
        let idle = Live {
            folder: FolderState::Idle,
            folder_message: Text::same(""),
            crms: BTreeMap::new(),
            mappings: BTreeMap::new(),
            notices: BTreeMap::new(),
        };
        Self {
            ledger: Arc::new(ledger),
            host,
            events: broadcast::channel(EVENTS_KEPT).0,
            live: Mutex::new(idle),
            matching: Mutex::new(()),
            pulling: Mutex::default(),
            deliver_bell: Notify::new(),
            mapping_bell: Notify::new(),
            budgets: Budgets::default(),
            answered: Mutex::default(),
            debits_seen: AtomicU64::new(0),
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
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something a person should hear of, until it is [settled](Session::settled).
    pub(crate) fn notice(&self, about: impl Into<String>, says: Text) {
        self.live().notices.insert(about.into(), says);
        self.changed();
    }

    pub(crate) fn settled(&self, about: &str) {
        let before = self.live().notices.remove(about);
        if before.is_some() {
            self.changed();
        }
    }

    /// The CRM was reached and took the key.
    pub(crate) fn crm_answered(&self, connection: &str) {
        // A number is whole even if a thread died with it.
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        *answered.entry(connection.to_owned()).or_default() += 1;
        drop(answered);
        self.deliver_bell.notify_one();
    }

    pub(crate) fn crm_answers(&self, connection: &str) -> u64 {
        let answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        answered.get(connection).copied().unwrap_or_default()
    }

    /// Whose turn it is to pull from this connection.
    pub(crate) fn pulling(&self, connection: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut pulling = self.pulling.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(pulling.entry(connection.to_owned()).or_default())
    }

    /// What a program that was ended may have left half done: imported and not matched, executed and not closed.
    ///
    /// # Errors
    /// The ledger cannot be read or written.
    pub fn catch_up(&self) -> Result<(), Failure> {
        self.meet_the_engine()?;
        // First: a debit that executes an order is no refund.
        self.close_executed_orders()?;
        self.match_new()?;
        Ok(())
    }

    /// Who decides at this desk: the ledger's first person. Consents that move money ask for a passphrase instead.
    pub(crate) fn operator(&self) -> Result<Actor, Failure> {
        let first = self.ledger.people()?.into_iter().next();
        let id = first.map_or_else(|| PersonId::from("operator"), |person| person.id);
        Ok(Actor::Person { id })
    }
}
