//! The `sverka` command: everything the desktop does, without a window.
//!
//! Pure commands (`read`, `anonymise`, `match`) need no ledger, and other programs rely on their shape. The rest work on the ledger
//! in `--ledger DIR`. It decides nothing: it parses words, calls the core, prints.

mod args;
mod findings;
mod object;
mod output;
mod pure;
mod work;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Arguments, Command};
use output::{Done, Output, Trouble};

/// What is read and answered is a million small texts, which the system's own is slow to give and to take back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let output = Output::new(arguments.json, arguments.lang);
    let done = match arguments.command {
        Command::Read(read) => pure::read::run(&read, arguments.ledger, &output),
        Command::Anonymise(request) => pure::anonymise::run(&request, &output),
        Command::Profile(command) => pure::profile::run(&command, arguments.ledger, &output),
        Command::Match(request) => pure::matching::run(&request, &output),
        Command::Sandbox(request) => pure::sandbox::run(&request, arguments.ledger, &output),
        Command::Init => work::init(arguments.ledger, &output),
        Command::Work(command) => work::run(command, arguments.ledger, &output),
        Command::Completions { shell } => completions(shell, &output),
    };
    let done = done.and_then(|code| output.flush().map(|()| code));
    match done {
        Ok(code) => code,
        // Whoever reads our output stopped reading: that is no failure.
        Err(Trouble::ReaderGone) => ExitCode::SUCCESS,
        Err(Trouble::Failed(failure)) => {
            output.failure(&failure.into());
            ExitCode::from(1)
        }
    }
}

fn completions(shell: clap_complete::Shell, output: &Output) -> Done {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "sverka", &mut script);
    output.bytes(&script)?;
    Ok(ExitCode::SUCCESS)
}
