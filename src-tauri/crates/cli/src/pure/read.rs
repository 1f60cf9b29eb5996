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
    time::SystemTime,
};

use app::Failure;
use domain::Text;
use formats::{Format, Options, Reading};

use crate::{
    args::ReadArgs,
    findings::Findings,
    output::{Done, Output, Trouble},
    pure::profile,
};

pub fn run(arguments: &ReadArgs, ledger: Option<PathBuf>, output: &Output) -> Done {
    let profiles = profile::for_reading(arguments.profiles.as_ref(), ledger)?;
    output.hold();
    let mut all_used = true;
    for path in &arguments.files {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let asked = Asked {
            path,
            options: &Options {
                own_accounts: arguments.own_accounts.clone(),
                format: arguments.format,
                file_name: (!is_standard_input(path)).then(|| name.clone().into_owned()),
                profiles: profiles.clone(),
            },
            name,
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

fn is_standard_input(path: &Path) -> bool {
    path == Path::new("-")
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
        let before = self.look()?;
        let for_program = self.output.json || arguments.events;
        let mut findings = Findings::new(&self.name, for_program, self.output);
        if arguments.events {
            events::print(self, file, &mut findings)?;
        } else if arguments.summary {
            summary::print(self, file, &mut findings)?;
        } else {
            whole::print(self, file, &mut findings)?;
        }
        let used = findings.end();
        if self.look()? != before {
            return Err(self.still_written().into());
        }
        Ok(used)
    }

    /// What changes when somebody writes to the file; `None` of standard input, which is read from a copy.
    fn look(&self) -> Done<Option<(u64, Option<SystemTime>)>> {
        if is_standard_input(self.path) {
            return Ok(None);
        }
        let found = std::fs::metadata(self.path).map_err(|error| self.unreadable(&error))?;
        // Not every file system knows when a file was changed.
        Ok(Some((found.len(), found.modified().ok())))
    }

    fn still_written(&self) -> Failure {
        let name = &self.name;
        Failure::new(
            "file/still-written",
            Text::new(
                format!(
                    "«{name}» изменился, пока мы его читали: банк-клиент ещё пишет его, прочитанное может быть неполным"
                ),
                format!(
                    "«{name}» changed while it was read: the bank client is still writing it, what was read may be incomplete"
                ),
            ),
            Text::new(
                "дождитесь конца записи и прочитайте файл ещё раз",
                "wait until it is written and read the file again",
            ),
        )
    }

    /// «формат: 1С (первая строка 1CClientBankExchange)»
    fn format(&self, format: Option<Format>, detected: &Text) -> String {
        let title = format.map_or_else(|| Text::new("не узнан", "not recognised"), Format::title);
        let lang = self.output.lang;
        format!(
            "{}: {} ({})",
            self.output.pick("формат", "format"),
            title.get(lang),
            detected.get(lang)
        )
    }

    /// The file, or standard input spooled to one: it is read twice.
    fn open(&self) -> io::Result<BufReader<File>> {
        if !is_standard_input(self.path) {
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
