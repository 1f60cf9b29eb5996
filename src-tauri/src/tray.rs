//! The tray icon: how everything stands at a glance, and a menu that works with the window closed.

use std::sync::mpsc::{Receiver, Sender, channel};

use app::wire::{Condition, Failure, FolderState, Status};
use domain::Lang;
use tauri::{
    AppHandle, Manager, Wry, async_runtime,
    image::Image,
    menu::{CheckMenuItem, Menu, MenuEvent, MenuItem, PredefinedMenuItem},
    tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent},
};

use crate::host::{self, Core};

const STATE: &str = "state";
const OPEN: &str = "open";
const PAUSE: &str = "pause";
const SYNC: &str = "sync";
const QUIT: &str = "quit";

/// Asks the tray to look again; many asks while it looks are one.
#[derive(Clone)]
pub struct Refresh(Sender<()>);

impl Refresh {
    pub fn ask(&self) {
        // Nobody listens only when the program ends.
        let _ = self.0.send(());
    }
}

struct Tray {
    icon: TrayIcon,
    state: MenuItem<Wry>,
    open: MenuItem<Wry>,
    pause: CheckMenuItem<Wry>,
    sync: MenuItem<Wry>,
    quit: MenuItem<Wry>,
}

struct Labels {
    open: &'static str,
    pause: &'static str,
    sync: &'static str,
    quit: &'static str,
}

const fn labels(lang: Lang) -> Labels {
    match lang {
        Lang::Ru => Labels {
            open: "Открыть Сверку",
            pause: "Не следить за папкой",
            sync: "Синхронизировать сейчас",
            quit: "Выйти",
        },
        Lang::En => Labels {
            open: "Open Sverka",
            pause: "Pause watching the folder",
            sync: "Sync now",
            quit: "Quit",
        },
    }
}

/// Puts the icon into the tray. It says nothing about the ledger until [`follow`] looks.
pub fn build(app: &AppHandle) -> tauri::Result<(Refresh, Receiver<()>)> {
    let words = labels(Lang::default());
    let state = MenuItem::with_id(app, STATE, "…", false, None::<&str>)?;
    let open = MenuItem::with_id(app, OPEN, words.open, true, None::<&str>)?;
    let pause = CheckMenuItem::with_id(app, PAUSE, words.pause, true, false, None::<&str>)?;
    let sync = MenuItem::with_id(app, SYNC, words.sync, true, None::<&str>)?;
    let quit = MenuItem::with_id(app, QUIT, words.quit, true, None::<&str>)?;
    let (above, below) = (PredefinedMenuItem::separator(app)?, PredefinedMenuItem::separator(app)?);
    let menu = Menu::with_items(app, &[&state, &above, &open, &pause, &sync, &below, &quit])?;
    let icon = TrayIconBuilder::with_id("sverka")
        .icon(picture(Condition::Ok)?)
        .tooltip("Сверка")
        .menu(&menu)
        .show_menu_on_left_click(false)
        .on_menu_event(on_menu)
        .on_tray_icon_event(|icon, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left,
                button_state: MouseButtonState::Up,
                ..
            } = event
            {
                crate::show(icon.app_handle());
            }
        })
        .build(app)?;
    app.manage(Tray {
        icon,
        state,
        open,
        pause,
        sync,
        quit,
    });
    let (ask, asked) = channel();
    Ok((Refresh(ask), asked))
}

/// Looks at the core whenever asked, on a thread of its own: the one who tells the news need not wait for the tray.
pub fn follow(app: &AppHandle, refresh: &Refresh, asked: Receiver<()>) -> std::io::Result<()> {
    refresh.ask();
    let app = app.clone();
    std::thread::Builder::new().name("tray".to_owned()).spawn(move || {
        while asked.recv().is_ok() {
            while asked.try_recv().is_ok() {}
            async_runtime::block_on(look(&app));
        }
    })?;
    Ok(())
}

async fn look(app: &AppHandle) {
    let core = app.state::<Core>();
    let lang = core.lang().await;
    let shown = Shown::of(core.status().await, lang);
    if let Err(error) = app.state::<Tray>().show(&shown, &labels(lang)) {
        tracing::error!(%error, "the tray does not show how things stand");
    }
}

impl Tray {
    fn show(&self, shown: &Shown, words: &Labels) -> tauri::Result<()> {
        self.state.set_text(&shown.line)?;
        self.open.set_text(words.open)?;
        self.pause.set_text(words.pause)?;
        self.pause.set_checked(shown.paused)?;
        self.sync.set_text(words.sync)?;
        self.quit.set_text(words.quit)?;
        self.icon.set_icon(Some(picture(shown.condition)?))?;
        self.icon.set_tooltip(Some(&shown.line))
    }
}

/// What of the status fits into a tray.
#[derive(Debug, PartialEq, Eq)]
struct Shown {
    line: String,
    condition: Condition,
    paused: bool,
}

impl Shown {
    fn of(status: Result<Status, Failure>, lang: Lang) -> Self {
        match status {
            Ok(status) => Self {
                line: host::say(&status.headline, lang).to_owned(),
                condition: status.condition,
                paused: status.folder.state == FolderState::Paused,
            },
            Err(failure) => Self {
                line: host::say(&failure.message, lang).to_owned(),
                condition: Condition::Error,
                paused: false,
            },
        }
    }
}

fn on_menu(app: &AppHandle, event: MenuEvent) {
    match event.id().as_ref() {
        OPEN => crate::show(app),
        QUIT => app.exit(0),
        PAUSE => ask(app, Wish::Pause),
        SYNC => ask(app, Wish::Sync),
        _ => {}
    }
}

#[derive(Debug, Clone, Copy)]
enum Wish {
    Pause,
    Sync,
}

/// Asks the core, off the window's thread. What it refuses is on the state line after the next look.
fn ask(app: &AppHandle, wish: Wish) {
    let app = app.clone();
    async_runtime::spawn(async move {
        if let Err(failure) = grant(&app.state::<Core>(), wish).await {
            tracing::warn!(?wish, code = failure.code, "not granted");
        }
        // The system ticks a line of the menu by itself, so the truth is shown again whatever came of it.
        look(&app).await;
    });
}

async fn grant(core: &Core, wish: Wish) -> Result<(), Failure> {
    match wish {
        Wish::Pause => {
            core.pause(core.status().await?.folder.state != FolderState::Paused)
                .await
        }
        Wish::Sync => core.sync_now().await,
    }
}

/// The state by shape, then by colour.
fn picture(condition: Condition) -> tauri::Result<Image<'static>> {
    let png: &[u8] = match condition {
        Condition::Ok => include_bytes!("../icons/tray/ok.png"),
        Condition::NeedsYou => include_bytes!("../icons/tray/attention.png"),
        Condition::Offline => include_bytes!("../icons/tray/offline.png"),
        Condition::Error => include_bytes!("../icons/tray/error.png"),
    };
    Image::from_bytes(png)
}
