//! The one place of the shell that knows the core: opens it, asks it, and carries its news to the window, the tray and
//! the notifications.

use std::{
    fmt::Display,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use app::{
    Event, OsHost, Session, Worker,
    wire::{Failure, Nothing, PauseRequest, Settings, Status, Words},
};
use domain::Lang;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tauri::{AppHandle, Emitter, async_runtime};
use tokio::sync::broadcast::error::RecvError;

use crate::{MAIN, notify, tray::Refresh};

/// The ledger's folder, where somebody wants another than their own.
const LEDGER: &str = "SVERKA_LEDGER";

/// The open ledger with its worker, or why there is none: the window opens all the same and says so.
pub struct Core {
    opened: Result<Open, Failure>,
}

struct Open {
    session: Arc<Session>,
    /// Gone once the program ends.
    worker: Mutex<Option<Worker>>,
}

impl Core {
    /// Opens the ledger, making it on the first start, and begins to watch and deliver.
    pub fn open(folder: &Path, app: &AppHandle, refresh: Refresh) -> Self {
        let opened = Session::open_or_create(folder, Arc::new(OsHost))
            .map(Arc::new)
            .map(|session| {
                carry_news(&session, app.clone(), refresh);
                // The worker lives on the runtime it is started on.
                let worker = async_runtime::block_on(async { Worker::start(&session) });
                Open {
                    session,
                    worker: Mutex::new(Some(worker)),
                }
            });
        if let Err(failure) = &opened {
            tracing::error!(
                code = failure.code,
                message = failure.message.en,
                "the ledger was not opened"
            );
        }
        Self {
            opened: opened.map_err(Failure::from),
        }
    }

    pub async fn rpc(&self, command: &str, request: Value) -> Result<Value, Failure> {
        match &self.opened {
            Ok(open) => app::rpc::answer(&open.session, command, request)
                .await
                .map_err(Failure::from),
            Err(failure) => Err(failure.clone()),
        }
    }

    /// Stops watching and delivering. What was half way is in the ledger and goes on at the next start.
    pub fn close(&self) {
        if let Ok(open) = &self.opened {
            open.worker.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
    }

    pub async fn status(&self) -> Result<Status, Failure> {
        self.ask("status", &Nothing {}).await
    }

    pub async fn settings(&self) -> Result<Settings, Failure> {
        self.ask("settings", &Nothing {}).await
    }

    pub async fn pause(&self, paused: bool) -> Result<(), Failure> {
        self.ask::<Value>("watch_pause", &PauseRequest { paused })
            .await
            .map(drop)
    }

    pub async fn sync_now(&self) -> Result<(), Failure> {
        self.ask::<Value>("sync_now", &Nothing {}).await.map(drop)
    }

    /// The person's choice, else the system's language.
    pub async fn lang(&self) -> Lang {
        let chosen = self.settings().await.ok().and_then(|settings| settings.language);
        chosen.map_or_else(system_language, |chosen| Lang::of_locale(Some(&chosen)))
    }

    async fn ask<T: DeserializeOwned>(&self, command: &str, request: &impl Serialize) -> Result<T, Failure> {
        let request = serde_json::to_value(request).map_err(|error| failure("shell/contract", error))?;
        let answer = self.rpc(command, request).await?;
        serde_json::from_value(answer).map_err(|error| failure("shell/contract", error))
    }
}

/// Where the ledger is: the same place as the `sverka` command's.
pub fn ledger_folder() -> Option<PathBuf> {
    let chosen = std::env::var_os(LEDGER)
        .filter(|folder| !folder.is_empty())
        .map(PathBuf::from);
    chosen.or_else(app::default_ledger)
}

/// Carries what the core tells to whoever shows it, for as long as the ledger is open.
fn carry_news(session: &Session, app: AppHandle, refresh: Refresh) {
    let mut events = session.events();
    async_runtime::spawn(async move {
        loop {
            match events.recv().await {
                // Whoever missed news reads everything anew.
                Ok(Event::Changed) | Err(RecvError::Lagged(_)) => {
                    refresh.ask();
                    emit(&app, "changed", ());
                }
                Ok(Event::MoneyCame(money)) => {
                    notify::money_came(&app, &money).await;
                    emit(&app, "money-came", money);
                }
                Err(RecvError::Closed) => break,
            }
        }
    });
}

pub fn system_language() -> Lang {
    Lang::of_locale(sys_locale::get_locale().as_deref())
}

pub fn say(words: &Words, lang: Lang) -> &str {
    match lang {
        Lang::Ru => &words.ru,
        Lang::En => &words.en,
    }
}

pub fn emit(app: &AppHandle, event: &str, payload: impl Serialize + Clone) {
    if let Err(error) = app.emit_to(MAIN, event, payload) {
        tracing::error!(%error, event, "the window was not told");
    }
}

/// A failure of the shell itself; the core brings its own, with better remedies.
pub fn failure(code: &str, why: impl Display) -> Failure {
    Failure {
        code: code.to_owned(),
        message: Words {
            ru: format!("Окно программы не справилось с запросом: {why}"),
            en: format!("The program's window could not do this: {why}"),
        },
        remedy: Words {
            ru: "Данные не изменены. Закройте программу через значок в трее и откройте снова.".to_owned(),
            en: "Nothing was changed. Quit from the tray icon and start the program again.".to_owned(),
        },
    }
}
