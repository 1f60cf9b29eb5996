//! «Money came», as the system's own notification. A click opens the window on the first of the payments.

use app::wire::MoneyCame;
use serde_json::Value;
use tauri::{AppHandle, Manager};
use tauri_plugin_notification::NotificationExt;

use crate::host::{self, Core};

/// Where a notification keeps the payment it is about.
const ENTRY: &str = "entry";
/// What the window listens for to open a payment.
const OPEN_ENTRY: &str = "open-entry";

/// Brings the window forward when a notification is clicked.
pub fn listen(app: &AppHandle) -> tauri_plugin_notification::Result<()> {
    let handle = app.clone();
    app.notification().on_action(move |performed| {
        crate::show(&handle);
        let entry = performed
            .notification()
            .and_then(|shown| shown.extra().get(ENTRY))
            .and_then(Value::as_str);
        if let Some(entry) = entry {
            host::emit(&handle, OPEN_ENTRY, entry);
        }
    })
}

pub async fn money_came(app: &AppHandle, money: &MoneyCame) {
    let core = app.state::<Core>();
    // When the settings cannot be read, sums stay private: the screen may be seen by others.
    let hide_sums = core.settings().await.map_or(true, |settings| settings.hide_sums);
    let says = if hide_sums { &money.says_hidden } else { &money.says };
    let mut notification = app
        .notification()
        .builder()
        .title("Сверка")
        .body(host::say(says, core.lang().await));
    if let Some(entry) = &money.first_entry {
        notification = notification.extra(ENTRY, entry);
    }
    if let Err(error) = notification.show() {
        tracing::warn!(%error, "the notification was not shown");
    }
}
