//! The desktop shell: a window, a tray icon, notifications, and one command that hands everything to the core.
//!
//! It decides nothing. It knows how to show, hide and ask; what money is, what matches and what is sent it deliberately
//! does not know. Work goes on in the core with the window closed, for as long as the program runs.

mod host;
mod logs;
mod notify;
mod rpc;
mod tray;

use std::process::ExitCode;

use domain::Lang;
use tauri::{
    Manager, RunEvent, WindowEvent, Wry,
    plugin::{self, TauriPlugin},
};
use tauri_plugin_window_state::StateFlags;

use host::Core;

/// The only window, as `tauri.conf.json` and the capability name it.
const MAIN: &str = "main";
/// Starts in the tray, for a start at login.
const HIDDEN: &str = "--hidden";

/// Runs until somebody quits from the tray.
pub fn run() -> ExitCode {
    let built = tauri::Builder::default()
        // First, as its documentation asks: nothing else may start in a second instance.
        .plugin(tauri_plugin_single_instance::init(|app, _arguments, _folder| show(app)))
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(
            tauri_plugin_window_state::Builder::new()
                // Not whether it was visible: a window closed to the tray must open at the next start.
                .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
                .build(),
        )
        .plugin(system_language())
        .invoke_handler(tauri::generate_handler![rpc::rpc, rpc::pick])
        .setup(|app| {
            let handle = app.handle();
            let (refresh, asked) = tray::build(handle)?;
            notify::listen(handle)?;
            let folder = host::ledger_folder().ok_or("the system names no folder for an application's files")?;
            logs::start(&folder);
            app.manage(Core::open(&folder, handle, refresh.clone()));
            tray::follow(handle, &refresh, asked)?;
            if !std::env::args().any(|argument| argument == HIDDEN) {
                show(handle);
            }
            Ok(())
        })
        .on_window_event(|window, event| {
            if let WindowEvent::CloseRequested { api, .. } = event {
                // Watching and delivering go on: quitting is the tray's business.
                api.prevent_close();
                if let Err(error) = window.hide() {
                    tracing::error!(%error, "the window could not be hidden");
                }
            }
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            app.run(on_run_event);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("Сверка не запустилась / Sverka did not start: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Tells the page the system's language as the rest of the program takes it: a web view may know only the languages whose
/// locale is installed, and then the window and the tray would speak two.
fn system_language() -> TauriPlugin<Wry> {
    let tag = match host::system_language() {
        Lang::Ru => "ru",
        Lang::En => "en",
    };
    plugin::Builder::new("system-language")
        .js_init_script(format!(
            "Object.defineProperty(navigator, 'language', {{ value: '{tag}' }});"
        ))
        .build()
}

fn on_run_event(app: &tauri::AppHandle, event: RunEvent) {
    match event {
        RunEvent::Exit => {
            if let Some(core) = app.try_state::<Core>() {
                core.close();
            }
        }
        // A click on the Dock icon of a hidden window; other systems never send it.
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => show(app),
        _ => {}
    }
}

/// Brings the window forward, from the tray, from a notification, from a second start.
fn show(app: &tauri::AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else {
        tracing::error!("there is no window to show");
        return;
    };
    for (step, outcome) in [
        ("show", window.show()),
        ("unminimize", window.unminimize()),
        ("focus", window.set_focus()),
    ] {
        if let Err(error) = outcome {
            tracing::error!(%error, step, "the window could not be brought forward");
        }
    }
}
