//! What the page may ask: a command of the contract, and the system's own dialogs. Nothing else.

use app::wire::Failure;
use serde::Deserialize;
use serde_json::Value;
use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::{DialogExt, FilePath};

use crate::host::{self, Core};

/// Hands one command of the contract to the core. It may wait for the ledger or the network, so never on the window's thread.
#[tauri::command]
pub async fn rpc(app: AppHandle, command: String, request: Value) -> Result<Value, Failure> {
    aside(move || app.state::<Core>().rpc(&command, request)).await?
}

/// What the page asks the person to choose.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    /// Statements to import, any number of them.
    Files,
    Folder,
}

/// Opens the system's own dialog. The answer is empty when the person changed their mind.
#[tauri::command]
pub async fn pick(app: AppHandle, what: Pick) -> Result<Vec<String>, Failure> {
    let chosen = aside(move || {
        let dialog = app.dialog().file();
        match what {
            Pick::Files => dialog.blocking_pick_files().unwrap_or_default(),
            Pick::Folder => dialog.blocking_pick_folder().into_iter().collect(),
        }
    })
    .await?;
    chosen.into_iter().map(path_text).collect()
}

fn path_text(path: FilePath) -> Result<String, Failure> {
    let path = path.into_path().map_err(|error| host::failure("shell/path", error))?;
    path.into_os_string()
        .into_string()
        .map_err(|path| host::failure("shell/path", path.display()))
}

/// Runs what may block on a thread that may wait.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    tauri::async_runtime::spawn_blocking(work)
        .await
        .map_err(|error| host::failure("shell/broken", error))
}
