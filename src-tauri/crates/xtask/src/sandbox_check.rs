//! `sandbox-check`: the sandbox against clients that others wrote, so that it is held to what the real services do and
//! not to what we believe they do. The lists of clients and their scripts are under `fixtures/crm/foreign`.

mod clients;
mod server;
mod verdict;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::{
    program::{cargo, must},
    project, setup,
};
pub use clients::{Client, listed};
pub use server::Server;
use verdict::{Verdict, table};

/// Runs the named clients' scripts, or all of them; fails when any check does, or a client could not be tried at all.
pub fn sandbox_check(names: &[String]) -> Result<ExitCode> {
    let clients = listed(&project::root().join("fixtures/crm/foreign"))?;
    if let Some(stranger) = names
        .iter()
        .find(|name| !clients.iter().any(|client| client.name == **name))
    {
        let known: Vec<&str> = clients.iter().map(|client| client.name.as_str()).collect();
        bail!("`{stranger}` is none of the foreign clients: {}", known.join(", "));
    }
    setup::core()?;
    must(&mut cargo(&["build", "--locked", "--quiet", "-p", "cli"]))?;
    let bench = project::target().join("sandbox-check");
    let mut server = Server::start(&bench).context("the sandbox does not start")?;
    let mut verdicts = Vec::new();
    let chosen = |client: &&Client| names.is_empty() || names.contains(&client.name);
    for client in clients.iter().filter(chosen) {
        println!("\n== {}: {}", client.name, client.packages.join(" "));
        let verdict = match client.install(&bench) {
            Ok(()) => Verdict::of(&client.name, &mut client.script(&bench, &server.ready_file)?)?,
            Err(error) => Verdict::not_tried(&client.name, format!("{error:#}")),
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
