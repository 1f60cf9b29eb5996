//! The `sverka` command: everything the desktop does, without a window.
//!
//! Pure commands (`read`, `match`) need no ledger, and other programs rely on their shape. The rest work on the ledger
//! in `--ledger DIR`. It decides nothing: it parses words, calls the core, prints.

mod args;
mod output;
mod pure;
mod work;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Arguments, Command};
use output::Output;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let output = Output::new(arguments.json, arguments.lang);
    let done = match arguments.command {
        Command::Read(read) => pure::read::run(&read, &output),
        Command::Match(request) => pure::matching::run(&request, &output),
        Command::Sandbox(request) => pure::sandbox::run(&request),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Arguments::command(), "sverka", &mut std::io::stdout());
            Ok(ExitCode::SUCCESS)
        }
        command => work::run(command, arguments.ledger, &output),
    };
    match done {
        Ok(code) => code,
        // Whoever reads our output stopped reading: that is no failure.
        Err(output::Trouble::ReaderGone) => ExitCode::SUCCESS,
        Err(output::Trouble::Failed(failure)) => {
            output.failure(&failure);
            ExitCode::from(1)
        }
    }
}
