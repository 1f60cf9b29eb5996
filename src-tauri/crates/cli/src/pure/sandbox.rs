//! `sverka sandbox`: a CRM on this machine to try things on.

use std::process::ExitCode;

use app::Failure;
use domain::Text;

use crate::{
    args::{SandboxArgs, Switch},
    output::{Done, Output, not_started},
};

pub fn run(arguments: &SandboxArgs, output: &Output) -> Done {
    let runtime = tokio::runtime::Runtime::new().map_err(|error| not_started(&error))?;
    runtime.block_on(serve(arguments, output))
}

async fn serve(arguments: &SandboxArgs, output: &Output) -> Done {
    let mut options = sandbox::Options {
        http_port: arguments.http,
        limits: arguments.limits == Switch::On,
        state_dir: arguments.state.clone(),
        demo: arguments.seed.is_none(),
        ..sandbox::Options::default()
    };
    options.seed = arguments.seed.map(|seed| sandbox::Seed {
        seed,
        companies: arguments.companies,
        invoices: arguments.invoices,
    });
    if let Some(path) = &arguments.faults {
        let text = std::fs::read_to_string(path).map_err(|error| app::io_failure(path, &error))?;
        options.faults = serde_json::from_str(&text).map_err(|error| not_faults(path, &error))?;
    }
    let running = sandbox::start(options).map_err(|error| not_serving(&error))?;
    output.line(&running.announcement())?;
    tokio::signal::ctrl_c().await.map_err(|error| not_started(&error))?;
    drop(running);
    Ok(ExitCode::SUCCESS)
}

fn not_faults(path: &std::path::Path, error: &serde_json::Error) -> Failure {
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
        Text::new("возьмите другой порт: --http 0", "take another port: --http 0"),
    )
}
