//! Commands on a ledger.

mod asked;
mod companies;
mod credentials;
mod crm;
mod inbox;
mod learning;
mod orders;
mod outbox;
mod people;
pub mod place;
mod record;
mod settings;
mod stages;
mod watch;

use std::{path::PathBuf, sync::Arc};

use app::{OsHost, Session};

use crate::{
    args::WorkCommand,
    output::{Done, Output, Trouble, not_started},
};

pub fn init(ledger: Option<PathBuf>, output: &Output) -> Done {
    let folder = place::ledger(ledger)?;
    record::init(&Session::create(&folder, Arc::new(OsHost))?, output)
}

pub fn run(command: WorkCommand, ledger: Option<PathBuf>, output: &Output) -> Done {
    let folder = place::ledger(ledger)?;
    let session = Arc::new(Session::open(&folder, Arc::new(OsHost))?);
    let _logs = place::log_to(&folder);
    let runtime = tokio::runtime::Runtime::new().map_err(|error| not_started(&error))?;
    let done = runtime.block_on(work(command, &session, output));
    if let Err(Trouble::Failed(failure)) = &done {
        // Not the message: it quotes names, sums and accounts.
        tracing::error!(code = failure.code, "the command failed");
    }
    done
}

async fn work(command: WorkCommand, session: &Arc<Session>, output: &Output) -> Done {
    match command {
        WorkCommand::Import { files } => record::import(session, &files, output),
        WorkCommand::Watch { dir, poll } => watch::run(session, dir, poll, output).await,
        WorkCommand::Inbox { entry: Some(entry), .. } => inbox::show(session, entry, output),
        WorkCommand::Inbox {
            entry: None,
            state,
            advances,
            search,
            page,
        } => inbox::list(session, state, advances, search, &page, output),
        WorkCommand::Asked { asked, answer } => asked::run(session, asked.zip(answer), output),
        WorkCommand::Rematch => record::rematch(session, output),
        WorkCommand::Decide {
            entry,
            invoices,
            refund_of,
            dismiss,
        } => inbox::decide(session, entry, invoices, refund_of, dismiss, output),
        WorkCommand::Undo { decision, refund } => inbox::undo(session, decision, refund, output),
        WorkCommand::Reject(arguments) => learning::reject(session, arguments, output),
        WorkCommand::Rules(command) => learning::rules(session, *command, output),
        WorkCommand::Facts(command) => learning::facts(session, command, output),
        WorkCommand::Replay => learning::replay(session, output),
        WorkCommand::Invoices(command) => crm::invoices(session, command, output).await,
        WorkCommand::Orders(command) => orders::run(session, command, output),
        WorkCommand::Companies(command) => companies::run(session, command, output),
        WorkCommand::People(command) => people::run(session, command, output),
        WorkCommand::Sync { once } => crm::sync(session, once, output).await,
        WorkCommand::Outbox(command) => outbox::run(session, command, output),
        WorkCommand::Status => record::status(session, output),
        WorkCommand::Health => crm::health(session, output).await,
        WorkCommand::Audit(command) => record::audit(session, &command, output),
        WorkCommand::Connect(command) => crm::connect(session, &command, output).await,
        WorkCommand::Stages(changes) => stages::run(session, &changes, output).await,
        WorkCommand::Disconnect { connection } => crm::disconnect(session, connection, output),
        WorkCommand::Settings(changes) => settings::run(session, &changes, output),
        WorkCommand::Release { account, day } => record::release(session, &account, day, output),
    }
}
