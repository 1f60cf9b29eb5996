//! Commands on a ledger.

mod credentials;
mod crm;
mod inbox;
mod orders;
mod outbox;
mod people;
mod place;
mod record;
mod settings;
mod watch;

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use app::{OsHost, Session};

use crate::{
    args::Command,
    output::{Done, Output},
};

pub fn run(command: Command, ledger: Option<PathBuf>, output: &Output) -> Done {
    let folder = place::ledger(ledger)?;
    let _logs = place::log_to(&folder);
    let host = Arc::new(OsHost);
    if matches!(command, Command::Init) {
        return record::init(&Session::create(&folder, host)?, output);
    }
    let session = Arc::new(Session::open(&folder, host)?);
    let runtime = tokio::runtime::Runtime::new()?;
    match command {
        Command::Import { files } => record::import(&session, &files, output),
        Command::Watch { dir, poll } => runtime.block_on(watch::run(&session, dir, poll, output)),
        Command::Inbox { entry: Some(entry), .. } => inbox::show(&session, entry, output),
        Command::Inbox {
            entry: None,
            state,
            search,
            offset,
            limit,
        } => inbox::list(&session, state, search, offset, limit, output),
        Command::Rematch => record::rematch(&session, output),
        Command::Decide {
            entry,
            invoices,
            dismiss,
        } => inbox::decide(&session, entry, &invoices, dismiss, output),
        Command::Undo { decision } => inbox::undo(&session, decision, output),
        Command::Invoices(command) => runtime.block_on(crm::invoices(&session, command, output)),
        Command::Orders(command) => orders::run(&session, command, output),
        Command::People(command) => people::run(&session, command, output),
        Command::Sync { once } => runtime.block_on(crm::sync(&session, once, output)),
        Command::Outbox(command) => outbox::run(&session, command, output),
        Command::Status => record::status(&session, output),
        Command::Audit(command) => record::audit(&session, &command, output),
        Command::Connect(command) => runtime.block_on(crm::connect(&session, &command, output)),
        Command::Disconnect => crm::disconnect(&session, output),
        Command::Settings(changes) => settings::run(&session, &changes, output),
        Command::Release { account, day } => record::release(&session, &account, day, output),
        Command::Init | Command::Read(_) | Command::Match(_) | Command::Sandbox(_) | Command::Completions { .. } => {
            Ok(ExitCode::SUCCESS)
        }
    }
}
