//! `sverka watch`: the desktop's work without a window.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use app::{Event, Session, Worker, wire::Words};
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
    let mut told = Told::default();
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Ok(Event::MoneyCame(came)) => output.either(&json!({ "money_came": came }), |_| output.words(&came.says).to_owned())?,
                Ok(Event::Changed) | Err(RecvError::Lagged(_)) => told.news(session, output)?,
                Err(RecvError::Closed) => return Ok(ExitCode::SUCCESS),
            },
            stopped = tokio::signal::ctrl_c() => {
                stopped.map_err(|error| not_started(&error))?;
                return Ok(ExitCode::SUCCESS);
            }
        }
    }
}

/// What was said already, so that only news is printed.
#[derive(Default)]
struct Told {
    folder: String,
    crm: String,
    notices: Vec<Words>,
}

impl Told {
    fn news(&mut self, session: &Session, output: &Output) -> Done<()> {
        let status = session.status()?;
        let folder = output.words(&status.folder.message).to_owned();
        if self.folder != folder {
            say("folder", &status.folder.message, output)?;
            self.folder = folder;
        }
        let crm = output.words(&status.crm.message).to_owned();
        if self.crm != crm {
            if !crm.is_empty() {
                say("crm", &status.crm.message, output)?;
            }
            self.crm = crm;
        }
        for notice in status.notices.iter().filter(|notice| !self.notices.contains(notice)) {
            say("notice", notice, output)?;
        }
        self.notices = status.notices;
        Ok(())
    }
}

fn say(about: &str, words: &Words, output: &Output) -> Done<()> {
    output.either(&json!({ about: words }), |_| output.words(words).to_owned())
}
