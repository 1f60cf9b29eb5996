//! The one place of the shell that knows the core: opens it, asks it, and carries its news to the window, the tray and
//! the notifications.

use std::fmt::Display;

use app::wire::{Failure, MoneyCame, Nothing, PauseRequest, Settings, Status, Words};
use domain::Lang;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tauri::{AppHandle, Emitter};

use crate::{MAIN, notify, tray::Refresh};

/// What the core tells without being asked.
pub enum News {
    /// Something the window shows is not what it was.
    Changed,
    MoneyCame(MoneyCame),
}

/// The open ledger with its worker, or why there is none: the window opens all the same and says so.
pub struct Core {
    opened: Result<Session, Failure>,
}

type Session = Box<dyn Fn(&str, Value) -> Result<Value, Failure> + Send + Sync>;

impl Core {
    pub fn open(_tell: impl Fn(News) + Send + Sync + 'static) -> Self {
        Self {
            opened: Err(failure("shell/no-core", "not wired")),
        }
    }

    pub fn rpc(&self, command: &str, request: Value) -> Result<Value, Failure> {
        match &self.opened {
            Ok(session) => session(command, request),
            Err(failure) => Err(failure.clone()),
        }
    }

    /// Lets the worker finish what it writes.
    pub fn close(&self) {}

    pub fn status(&self) -> Result<Status, Failure> {
        self.ask("status", &Nothing {})
    }

    pub fn settings(&self) -> Result<Settings, Failure> {
        self.ask("settings", &Nothing {})
    }

    pub fn pause(&self, paused: bool) -> Result<Status, Failure> {
        self.ask("watch_pause", &PauseRequest { paused })
    }

    pub fn sync_now(&self) -> Result<(), Failure> {
        self.rpc("sync_now", serde_json::json!({})).map(drop)
    }

    /// The person's choice, else the system's language.
    pub fn lang(&self) -> Lang {
        let chosen = self
            .settings()
            .ok()
            .and_then(|settings| settings.language)
            .or_else(sys_locale::get_locale);
        lang_of(chosen.as_deref())
    }

    fn ask<T: DeserializeOwned>(&self, command: &str, request: &impl Serialize) -> Result<T, Failure> {
        let request = serde_json::to_value(request).map_err(|error| failure("shell/contract", error))?;
        let answer = self.rpc(command, request)?;
        serde_json::from_value(answer).map_err(|error| failure("shell/contract", error))
    }
}

/// Russian where nothing is said or Russian is; English for everybody else.
fn lang_of(locale: Option<&str>) -> Lang {
    match locale {
        None | Some("C" | "POSIX") => Lang::Ru,
        Some(locale) if locale.starts_with("ru") => Lang::Ru,
        Some(_) => Lang::En,
    }
}

pub fn say(words: &Words, lang: Lang) -> &str {
    match lang {
        Lang::Ru => &words.ru,
        Lang::En => &words.en,
    }
}

/// Carries news of the core to whoever shows them.
pub fn react(app: AppHandle, refresh: Refresh) -> impl Fn(News) + Send + Sync + 'static {
    move |news| match news {
        News::Changed => {
            refresh.ask();
            emit(&app, "changed", ());
        }
        News::MoneyCame(money) => {
            notify::money_came(&app, &money);
            emit(&app, "money-came", money);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_russian_unless_the_system_says_another() {
        for (locale, lang) in [
            (None, Lang::Ru),
            (Some("C"), Lang::Ru),
            (Some("ru-RU"), Lang::Ru),
            (Some("ru"), Lang::Ru),
            (Some("en-GB"), Lang::En),
            (Some("de-DE"), Lang::En),
        ] {
            assert_eq!(lang_of(locale), lang, "{locale:?}");
        }
    }
}
