//! `sverka watch`: the desktop's work without a window.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use app::{Event, Session, Worker};
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;

use super::settings::absolute;
use crate::output::{Done, Output, not_started};

pub async fn run(session: &Arc<Session>, dir: Option<PathBuf>, poll: bool, output: &Output) -> Done {
    let mut settings = session.settings()?;
    let before = settings.clone();
    if let Some(dir) = &dir {
        settings.folder = Some(absolute(dir)?);
    }
    settings.folder_is_remote |= poll;
    // Saving checks that the folder is there.
    if settings != before || settings.folder.is_some() {
        settings = session.settings_save(&settings)?;
    }
    let Some(folder) = &settings.folder else {
        return Err(app::no_folder().into());
    };
    let mut events = session.events();
    let _worker = Worker::start(session);
    output.either(&json!({ "watching": folder }), |_| {
        format!("{} {folder}", output.pick("слежу за папкой", "watching"))
    })?;
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Ok(Event::MoneyCame(came)) => output.either(&json!({ "money_came": came }), |_| output.words(&came.says).to_owned())?,
                Ok(Event::Changed) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return Ok(ExitCode::SUCCESS),
            },
            stopped = tokio::signal::ctrl_c() => {
                stopped.map_err(|error| not_started(&error))?;
                return Ok(ExitCode::SUCCESS);
            }
        }
    }
}
