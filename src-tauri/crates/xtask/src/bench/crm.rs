//! `bench crm`: what a day's work costs with a CRM, counted by the sandbox with its limits on. The same pull is made by
//! `sverka` and by a client that others wrote, in the same run; pushes and bad weather are those of the tests, on a clock
//! that jumps.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::{Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::{measure::milliseconds, verdict};
use crate::{
    program::{cargo, listen, must, program},
    project,
    sandbox_check::{Client, Server, listed},
    setup,
};

const INVOICES: u64 = 10_000;
const COMPANIES: u64 = 3_000;
const REQUESTS_MAX: u64 = 20;
/// Of the other client, as `fixtures/crm/foreign` lists it.
const OTHER: &str = "fast_bitrix24";
/// 32 bytes in base64: the key of a ledger that holds nothing worth a secret.
const DATA_KEY: &str = "c3ZlcmthIGJlbmNobWFyayBvZiAzMiBieXRlcyBsb24=";

pub fn crm(words: &[String]) -> Result<ExitCode> {
    ensure!(words.is_empty(), "`cargo xtask bench crm` takes nothing more");
    setup::core()?;
    must(&mut cargo(&["build", "--locked", "--release", "-p", "cli"]))?;
    let bench = project::target().join("bench-files").join("crm");
    fs::create_dir_all(&bench).with_context(|| format!("{} cannot be made", bench.display()))?;
    let (ours, theirs) = (our_pull(&bench)?, their_pull(&bench));
    println!("\nBitrix24: {INVOICES} invoices of {COMPANIES} companies, their requisites and accounts, limits on");
    println!("| program | requests | of them batches | refused | time, ms | result |");
    println!("|---|---|---|---|---|---|");
    let reached = ours.requests <= REQUESTS_MAX && ours.refused == 0;
    println!("| sverka | {} {} |", ours.cells(), verdict(reached));
    match theirs {
        Ok(theirs) => println!("| {OTHER} | {} |", theirs.cells()),
        Err(error) => println!("| {OTHER} | not tried: {error:#} |"),
    }
    println!("\nOn a clock that jumps, counted by the sandbox:");
    let mut tests = cargo(&["test", "--locked", "-q", "-p", "crm", "--test", "weather"]);
    tests.args(["--", "--nocapture"]);
    let held = listen(&mut tests, |line| {
        // The test runner's own dots stand before.
        if let Some(at) = line.find('|') {
            println!("{}", &line[at..]);
        }
    })?;
    println!("{}", verdict(held));
    Ok(if reached && held {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What one pull cost.
struct Pulled {
    requests: u64,
    batches: u64,
    refused: u64,
    took: Duration,
}

impl Pulled {
    fn cells(&self) -> String {
        let time = milliseconds(self.took);
        format!("{} | {} | {} | {time} |", self.requests, self.batches, self.refused)
    }
}

/// A sandbox of its own for each: a bucket that another client has filled would be unfair.
fn sandbox(bench: &Path) -> Result<Server> {
    let (companies, invoices) = (COMPANIES.to_string(), INVOICES.to_string());
    let words = [
        "--limits",
        "on",
        "--seed",
        "1",
        "--companies",
        &companies,
        "--invoices",
        &invoices,
    ];
    let sverka = project::target()
        .join("release/sverka")
        .with_extension(std::env::consts::EXE_EXTENSION);
    Server::start_with(&sverka, bench, &words)
}

/// `sverka invoices pull`, from its start to its end, its ledger included.
fn our_pull(bench: &Path) -> Result<Pulled> {
    let server = sandbox(bench)?;
    let ready = server.ready()?;
    let ledger = bench.join("ledger");
    if ledger.exists() {
        fs::remove_dir_all(&ledger).with_context(|| format!("{} cannot be emptied", ledger.display()))?;
    }
    let sverka = |words: &[&str]| {
        let mut command = program(
            project::target()
                .join("release/sverka")
                .with_extension(std::env::consts::EXE_EXTENSION),
        );
        command
            .args(words)
            .arg("--json")
            .env("SVERKA_LEDGER", &ledger)
            .env("SVERKA_DATA_KEY", DATA_KEY)
            .stdin(Stdio::piped());
        command
    };
    let webhook = format!("{}/rest/{}/", text(&ready, "bitrix24")?, text(&ready, "webhook")?);
    told(&mut sverka(&["init"]), "")?;
    told(&mut sverka(&["connect", "bitrix24", "--webhook-stdin"]), &webhook)?;
    let before = counts(&ready)?;
    let began = Instant::now();
    let said = told(&mut sverka(&["invoices", "pull"]), "")?;
    let took = began.elapsed();
    ensure!(said["complete"] == true, "the pull is not whole: {said}");
    Ok(pulled(&before, &counts(&ready)?, took))
}

fn their_pull(bench: &Path) -> Result<Pulled> {
    let folder = project::root().join("fixtures/crm/foreign");
    let clients = listed(&folder)?;
    let client: &Client = clients
        .iter()
        .find(|client| client.name == OTHER)
        .context("it is not listed")?;
    let installed = project::target().join("sandbox-check");
    client.install(&installed)?;
    let server = sandbox(bench)?;
    let ready = server.ready()?;
    let before = counts(&ready)?;
    let mut script = client.other_script(&folder.join("pull_fast_bitrix24.py"), &installed, &server.ready_file)?;
    let said = told(&mut script, "")?;
    let got = |what: &str| said[what].as_u64().unwrap_or(0);
    ensure!(
        (got("invoices"), got("requisites")) == (INVOICES, COMPANIES + 1),
        "it does not pull the same: {said}"
    );
    Ok(pulled(
        &before,
        &counts(&ready)?,
        Duration::from_millis(got("milliseconds")),
    ))
}

fn text<'a>(ready: &'a Value, key: &str) -> Result<&'a str> {
    ready[key]
        .as_str()
        .with_context(|| format!("the sandbox does not say its `{key}`"))
}

/// The one line of JSON of a program that must succeed.
fn told(command: &mut Command, input: &str) -> Result<Value> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that refuses before it reads closes the pipe: its own words say why.
        let _ = stdin.write_all(input.as_bytes());
    }
    let output = child.wait_with_output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        bail!("{} failed: {said}", crate::program::line(command));
    }
    let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("null");
    serde_json::from_str(last).with_context(|| format!("not JSON: {last}"))
}

/// What the sandbox has counted so far.
fn counts(ready: &Value) -> Result<Value> {
    let control = text(ready, "control")?;
    let host = control
        .strip_prefix("http://")
        .context("the control address is plain HTTP")?;
    let mut stream = TcpStream::connect(host)?;
    // Version 1.0: the answer ends with the connection, and nothing is sent in pieces.
    write!(stream, "GET /requests HTTP/1.0\r\nHost: {host}\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (_, body) = answer
        .split_once("\r\n\r\n")
        .context("no answer of the control address")?;
    Ok(serde_json::from_str(body)?)
}

fn pulled(before: &Value, after: &Value, took: Duration) -> Pulled {
    let count = |counts: &Value, path: &str| counts.pointer(path).and_then(Value::as_u64).unwrap_or(0);
    let since = |path: &str| count(after, path) - count(before, path);
    Pulled {
        requests: since("/requests/total"),
        batches: since("/requests/by_method/batch"),
        refused: since("/limits/refused_503") + since("/limits/refused_429"),
        took,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_came_since_is_counted() {
        let counts = |total: u64, batches: u64, refused: u64| {
            json!({"requests": {"total": total, "by_method": {"batch": batches}},
                   "limits": {"refused_503": refused, "refused_429": 0}})
        };
        let pulled = pulled(&counts(8, 0, 1), &counts(21, 9, 1), Duration::from_millis(1_500));
        assert_eq!(pulled.cells(), "13 | 9 | 0 | 1500.00 |");
    }
}
