//! `sandbox-check`: the sandbox against clients that others wrote, so that it is held to what the real services do and
//! not to what we believe they do. The clients live under `target/sandbox-check`, the scripts under `fixtures/crm/foreign`.

mod clients;
mod server;
mod verdict;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::{
    program::{cargo, must},
    project, setup,
};
use clients::{Bench, CLIENTS};
use server::Server;
use verdict::{Verdict, table};

/// Runs the named clients' scripts, or all of them; fails when any check does, or a client could not be tried at all.
pub fn sandbox_check(names: &[String]) -> Result<ExitCode> {
    let known = || CLIENTS.iter().map(|client| client.name).collect::<Vec<_>>().join(", ");
    if let Some(stranger) = names
        .iter()
        .find(|name| !CLIENTS.iter().any(|client| client.name == **name))
    {
        bail!("`{stranger}` is none of the foreign clients: {}", known());
    }
    setup::core()?;
    must(&mut cargo(&["build", "--locked", "--quiet", "-p", "cli"]))?;
    let bench = Bench::open(&project::target().join("sandbox-check"))?;
    let mut server = Server::start(&bench).context("the sandbox does not start")?;
    let mut verdicts = Vec::new();
    for client in CLIENTS {
        if !names.is_empty() && !names.iter().any(|name| name == client.name) {
            continue;
        }
        println!("\n== {}: {}", client.name, client.script);
        let verdict = match bench.install(client) {
            Ok(()) => Verdict::of(client, &mut bench.script(client, &server)?)?,
            Err(error) => Verdict::not_tried(client, format!("{error:#}")),
        };
        server.must_live()?;
        verdicts.push(verdict);
    }
    print!("\n{}", table(&verdicts));
    Ok(if verdicts.iter().all(Verdict::is_good) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
