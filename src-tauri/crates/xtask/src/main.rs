//! The project's commands: `cargo xtask run`, `cargo xtask test` and what they are made of.
//!
//! Each brings its own set-up, so that a machine with Rust and Node is enough. It knows programs, packages and exit codes;
//! about money and matching it deliberately knows nothing.

mod bench;
mod bundle;
mod corpora;
mod demo;
mod desktop;
mod fuzz;
mod other_systems;
mod program;
mod project;
mod report;
mod run;
mod sandbox_check;
mod setup;
mod tally;
mod test;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
cargo xtask COMMAND

  run [--headless] [--break STEP]  the desktop on demo data; without a display, or with --headless, the whole story in text
  test                             everything that can be checked on this machine, with a table at the end
  ci                               test, then bundle
  bench                            the benchmarks of single functions
  bench formats [--speed] [--memory] [--linear]
                                   the readers against programs that do the least, with bars; --memory and --linear
                                   write files of a gigabyte
  bench matching                   matching on made-up firms whose truth is known, beside other programs' rules, with bars
  bench matching --speed --linear  matching against a program that does the least, one payment alone, time against size
  bench crm                        what a day's work asks of a CRM, counted by the sandbox with its limits on, beside a
                                   client that others wrote
  bundle                           installers for this system, under target/release/bundle
  windows [check|test]             on Debian: check the workspace for Windows, run the core's tests under Wine
  macos                            on Debian: check the workspace's types for macOS
  corpora [--verbose] [CORPUS...]  judge what is read of the files under SVERKA_CORPORA: 1c, mt, camt
  fuzz [--seconds N] [TARGET...]   feed the readers what no bank writes; without a target all in turn
  fuzz --keep TARGET...            keep the smallest files that show the most under fixtures/fuzz, for the tests
  sandbox-check [CLIENT...]        the sandbox against clients that others wrote (fixtures/crm/foreign), installed under
                                   target/sandbox-check
  wire                             write ui/src/wire.ts from the contract
  codes                            write docs/diagnostics.md and docs/matching.md from the code
  screens                          take the documentation's pictures of the window
  setup                            only what the others need: system packages, Node packages, Rust components
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match command(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command(arguments: &[String]) -> Result<ExitCode> {
    let Some((command, rest)) = arguments.split_first() else {
        print!("{USAGE}");
        return Ok(ExitCode::from(2));
    };
    match (command.as_str(), rest) {
        ("run", rest) => run::run(rest),
        ("test", []) => test::test(),
        ("ci", []) => {
            let tested = test::test()?;
            if tested != ExitCode::SUCCESS {
                return Ok(tested);
            }
            bundle::bundle()
        }
        ("bench", rest) => bench::bench(rest),
        ("fuzz", rest) => fuzz::fuzz(rest),
        ("bundle", []) => bundle::bundle(),
        ("windows", rest) => other_systems::windows(rest),
        ("macos", []) => other_systems::macos(),
        ("corpora", folders) => corpora::corpora(folders),
        ("sandbox-check", names) => sandbox_check::sandbox_check(names),
        ("wire", []) => test::wire(),
        ("codes", []) => test::codes(),
        ("screens", []) => desktop::screens(),
        ("setup", []) => setup::everything().map(|()| ExitCode::SUCCESS),
        ("help" | "--help" | "-h", _) => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        _ => bail!("`{}` is not a command of xtask\n\n{USAGE}", arguments.join(" ")),
    }
}
