//! `sverka read`: what bank files say.

mod events;
mod shape;
mod summary;
mod whole;

use std::{
    borrow::Cow,
    fs::File,
    io::{self, BufReader, Seek, SeekFrom},
    path::{Path, PathBuf},
    process::ExitCode,
};

use app::Failure;
use formats::{Options, Reading};

use crate::{
    args::ReadArgs,
    findings::Findings,
    output::{Done, Output, Trouble},
    pure::profile,
};

pub fn run(arguments: &ReadArgs, ledger: Option<PathBuf>, output: &Output) -> Done {
    let options = Options {
        own_accounts: arguments.own_accounts.clone(),
        format: arguments.format,
        profiles: profile::for_reading(arguments.profiles.as_ref(), ledger)?,
    };
    let mut all_used = true;
    for path in &arguments.files {
        let asked = Asked {
            path,
            name: path.file_name().unwrap_or(path.as_os_str()).to_string_lossy(),
            options: &options,
            output,
        };
        match asked.answer(arguments) {
            Ok(used) => all_used &= used,
            // One file that cannot be read does not stop the others.
            Err(Trouble::Failed(failure)) => {
                output.failure(&failure.into());
                all_used = false;
            }
            Err(Trouble::ReaderGone) => return Err(Trouble::ReaderGone),
        }
    }
    Ok(if all_used { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// One file, and how it is to be read and shown.
struct Asked<'a> {
    path: &'a Path,
    name: Cow<'a, str>,
    options: &'a Options,
    output: &'a Output,
}

impl Asked<'_> {
    /// `true`: everything in the file could be used.
    fn answer(&self, arguments: &ReadArgs) -> Done<bool> {
        let file = self.open().map_err(|error| self.unreadable(&error))?;
        let for_program = self.output.json || arguments.events;
        let mut findings = Findings::new(&self.name, for_program, self.output);
        if arguments.events {
            events::print(self, file, &mut findings)?;
        } else if arguments.summary {
            summary::print(self, file, &mut findings)?;
        } else {
            whole::print(self, file, &mut findings)?;
        }
        Ok(findings.end())
    }

    /// The file, or standard input spooled to one: it is read twice.
    fn open(&self) -> io::Result<BufReader<File>> {
        if self.path != Path::new("-") {
            // Some systems open a folder like a file, others say that there is no permission.
            return if self.path.is_dir() {
                Err(io::ErrorKind::IsADirectory.into())
            } else {
                File::open(self.path).map(BufReader::new)
            };
        }
        let mut spool = tempfile::tempfile()?;
        io::copy(&mut io::stdin().lock(), &mut spool)?;
        spool.seek(SeekFrom::Start(0))?;
        Ok(BufReader::new(spool))
    }

    fn start(&self, file: BufReader<File>) -> Done<Reading<'static>> {
        Ok(formats::open(file, self.options).map_err(|error| self.unreadable(&error))?)
    }

    fn unreadable(&self, error: &io::Error) -> Failure {
        app::io_failure(self.path, error)
    }
}
