//! What the page may ask: a command of the contract, and the system's own dialogs. Nothing else.

use app::wire::Failure;
use serde::Deserialize;
use serde_json::Value;
use tauri::{AppHandle, State, async_runtime};
use tauri_plugin_dialog::{DialogExt, FilePath};

use crate::host::{self, Core};

/// Hands one command of the contract to the core.
#[tauri::command]
pub async fn rpc(core: State<'_, Core>, command: String, request: Value) -> Result<Value, Failure> {
    core.rpc(&command, request).await
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
    let dialog = app.dialog().file();
    // The dialog is open for as long as the person thinks, so it waits on a thread that may wait.
    let chosen = async_runtime::spawn_blocking(move || match what {
        Pick::Files => dialog.blocking_pick_files().unwrap_or_default(),
        Pick::Folder => dialog.blocking_pick_folder().into_iter().collect(),
    });
    let chosen: Vec<FilePath> = chosen.await.map_err(|error| host::failure("shell/broken", error))?;
    chosen.into_iter().map(path_text).collect()
}

fn path_text(path: FilePath) -> Result<String, Failure> {
    let path = path.into_path().map_err(|error| host::failure("shell/path", error))?;
    path.into_os_string()
        .into_string()
        .map_err(|path| host::failure("shell/path", path.display()))
}
