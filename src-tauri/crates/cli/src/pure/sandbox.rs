//! `sverka sandbox`: a CRM on this machine to try things on.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use app::{Failure, OsHost, Session, Worker, wire::ConnectRequest};
use domain::Text;
use sandbox::PageServer;
use serde_json::json;

use crate::{
    args::{SandboxArgs, Switch},
    output::{Done, Output, not_started},
};

pub fn run(arguments: &SandboxArgs, ledger: Option<PathBuf>, output: &Output) -> Done {
    let runtime = tokio::runtime::Runtime::new().map_err(|error| not_started(&error))?;
    runtime.block_on(serve(arguments, ledger, output))
}

async fn serve(arguments: &SandboxArgs, ledger: Option<PathBuf>, output: &Output) -> Done {
    let mut options = sandbox::Options {
        http_port: arguments.http,
        https_port: Some(arguments.https),
        limits: arguments.limits == Switch::On,
        state_dir: arguments.state.clone(),
        demo: arguments.seed.is_none(),
        amo: sandbox::AmoSettings {
            kommo: arguments.kommo,
            currency: arguments.currency.clone(),
            ..sandbox::AmoSettings::default()
        },
        ..sandbox::Options::default()
    };
    options.seed = arguments.seed.map(|seed| sandbox::Seed {
        seed,
        companies: arguments.companies,
        invoices: arguments.invoices,
    });
    if let Some(path) = &arguments.faults {
        let text = std::fs::read_to_string(path).map_err(|error| app::io_failure(path, &error))?;
        let orders = serde_json::from_str(&text).and_then(sandbox::sorted_faults);
        (options.faults, options.amo_faults) = orders.map_err(|error| not_faults(path, &error))?;
    }
    let running = sandbox::start(options).map_err(|error| not_serving(&error))?;
    let mut announcement = running.announcement();
    let page = match &arguments.page {
        Some(page) => Some(Page::serve(page, arguments.page_port, ledger, running.webhook_url()).await?),
        None => None,
    };
    announcement["page"] = json!(page.as_ref().map(|page| format!("http://{}/", page.server.address)));
    output.line(&announcement)?;
    tokio::signal::ctrl_c().await.map_err(|error| not_started(&error))?;
    drop((page, running));
    Ok(ExitCode::SUCCESS)
}

/// The program's page, with everything behind it, until dropped.
struct Page {
    server: PageServer,
    _worker: Worker,
    /// Where the ledger is when none was named.
    _place: Option<tempfile::TempDir>,
}

impl Page {
    async fn serve(page: &Path, port: u16, ledger: Option<PathBuf>, webhook: String) -> Done<Self> {
        let (folder, place) = match ledger {
            Some(folder) => (folder, None),
            None => {
                let place = tempfile::tempdir().map_err(|error| not_started(&error))?;
                (place.path().join("ledger"), Some(place))
            }
        };
        let session = Arc::new(Session::open_or_create(&folder, Arc::new(OsHost))?);
        session
            .connect(&ConnectRequest {
                webhook,
                ..ConnectRequest::default()
            })
            .await?;
        let worker = Worker::start(&session);
        let server = sandbox::serve_page(session, page, port)
            .await
            .map_err(|error| app::io_failure(page, &error))?;
        Ok(Self {
            server,
            _worker: worker,
            _place: place,
        })
    }
}

fn not_faults(path: &Path, error: &serde_json::Error) -> Failure {
    let shown = path.display();
    Failure::new(
        "sandbox/faults",
        Text::new(
            format!("«{shown}»: это не список сбоев: {error}"),
            format!("«{shown}» is no list of faults: {error}"),
        ),
        Text::new(
            "вид записи: {\"method\":…,\"kind\":…,\"times\":…}",
            "the shape: {\"method\":…,\"kind\":…,\"times\":…}",
        ),
    )
}

fn not_serving(error: &std::io::Error) -> Failure {
    Failure::new(
        "sandbox/not-started",
        Text::new(
            format!("песочница не запустилась: {error}"),
            format!("the sandbox did not start: {error}"),
        ),
        match error.kind() {
            ErrorKind::AddrInUse | ErrorKind::AddrNotAvailable | ErrorKind::PermissionDenied => Text::new(
                "возьмите другой порт (0 — любой свободный) и папку, в которую можно писать",
                "take another port (0 is any that is free) and a folder that can be written",
            ),
            _ => Text::new(
                "проверьте папку, которую называет --state: её можно читать и писать, и в ней только песочница",
                "check the folder that --state names: it can be read and written, and holds a sandbox only",
            ),
        },
    )
}
