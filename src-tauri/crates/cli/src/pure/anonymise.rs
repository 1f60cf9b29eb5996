//! `sverka anonymise`: a bank's file without its names, to send to support. The bank's own file is only read.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use app::{Failure, Host, OsHost};
use domain::Text;
use formats::anonymise::{CannotAnonymise, SAMPLE_BYTES_MAX, Sample, anonymise};
use serde_json::{Map, Value, json};
use tempfile::NamedTempFile;

use crate::{
    args::AnonymiseArgs,
    output::{Done, Output},
};

/// The file's own name may say whose it is, so that the sample's does not repeat it.
const SAMPLE_NAME: &str = "sverka-sample";
/// Samples of that name in one folder.
const SAMPLES_MAX: u32 = 1000;

pub fn run(arguments: &AnonymiseArgs, output: &Output) -> Done {
    let bytes = read(&arguments.file).map_err(|error| app::io_failure(&arguments.file, &error))?;
    let sample = anonymise(&bytes, arguments.seed.unwrap_or_else(any_seed)).map_err(refused)?;
    match &arguments.output {
        Some(path) if is_standard(path) => {
            output.bytes(&sample.bytes)?;
            output.complain(&told(&sample, None, output));
        }
        place => {
            let written = match place {
                Some(path) => written_to(path, &arguments.file, &sample.bytes)?,
                None => written_anew(&arguments.file, &sample.bytes)?,
            };
            output.say(&told(&sample, Some(&written), output))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn is_standard(path: &Path) -> bool {
    path == Path::new("-")
}

/// One byte more than can be treated is enough to know that it cannot.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let source: Box<dyn Read> = if is_standard(path) {
        Box::new(io::stdin().lock())
    } else if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    } else {
        Box::new(File::open(path)?)
    };
    let mut bytes = Vec::new();
    source.take(SAMPLE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn any_seed() -> u64 {
    let mut bytes = [0; 8];
    OsHost.fill_random(&mut bytes);
    u64::from_le_bytes(bytes)
}

fn refused(error: CannotAnonymise) -> Failure {
    let code = match error {
        CannotAnonymise::NotAText(_) => "anonymise/not-a-text",
        CannotAnonymise::Empty => "anonymise/empty",
        CannotAnonymise::TooLarge => "anonymise/too-large",
    };
    Failure::new(code, error.text(), error.remedy())
}

/// In place of whatever stands there, but never of the file itself.
fn written_to(path: &Path, original: &Path, bytes: &[u8]) -> Result<PathBuf, Failure> {
    let failed = |error: &io::Error| app::io_failure(path, error);
    if !is_standard(original)
        && let (Ok(here), Ok(there)) = (original.canonicalize(), path.canonicalize())
        && here == there
    {
        return Err(Failure::new(
            "anonymise/same-file",
            Text::new(
                "образец нельзя записать поверх самой выписки",
                "the sample cannot be written over the statement itself",
            ),
            Text::new("назовите другой файл", "name another file"),
        ));
    }
    let file = prepared(path, bytes).map_err(|error| failed(&error))?;
    file.persist(path).map_err(|error| failed(&error.error))?;
    Ok(path.to_owned())
}

/// Under the first name that is free.
fn written_anew(original: &Path, bytes: &[u8]) -> Result<PathBuf, Failure> {
    let extension = original
        .extension()
        .map_or_else(|| "txt".to_owned(), |it| it.to_string_lossy().into_owned());
    let mut file = None;
    for number in 1..=SAMPLES_MAX {
        let name = match number {
            1 => format!("{SAMPLE_NAME}.{extension}"),
            number => format!("{SAMPLE_NAME}-{number}.{extension}"),
        };
        let path = PathBuf::from(name);
        let prepared = match file.take() {
            Some(file) => file,
            None => prepared(&path, bytes).map_err(|error| app::io_failure(&path, &error))?,
        };
        match prepared.persist_noclobber(&path) {
            Ok(_) => return Ok(path),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => file = Some(error.file),
            Err(error) => return Err(app::io_failure(&path, &error.error)),
        }
    }
    Err(Failure::new(
        "anonymise/no-name",
        Text::new(
            format!("в этой папке уже {SAMPLES_MAX} образцов"),
            format!("there are {SAMPLES_MAX} samples in this folder already"),
        ),
        Text::new("назовите файл сами: --output", "name a file yourself: --output"),
    ))
}

/// Whole and on the disk, under a name of its own beside the one it will get.
fn prepared(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn told(sample: &Sample, written: Option<&Path>, output: &Output) -> String {
    let file = written.map(|path| path.display().to_string());
    if output.json {
        let counts = sample
            .replaced
            .iter()
            .map(|(what, count)| (what.name().to_owned(), json!(count)));
        let replaced: Map<String, Value> = counts.collect();
        return json!({ "file": file, "format": sample.format.map(formats::Format::name), "replaced": replaced })
            .to_string();
    }
    let counts = sample
        .replaced
        .iter()
        .map(|(what, count)| format!("{} {count}", what.text().get(output.lang)));
    let counts: Vec<String> = counts.collect();
    let replaced = if counts.is_empty() {
        output
            .pick("заменять было нечего", "there was nothing to replace")
            .to_owned()
    } else {
        format!("{}: {}", output.pick("заменено", "replaced"), counts.join(", "))
    };
    let look = output.pick(
        "просмотрите образец перед отправкой",
        "look through the sample before you send it",
    );
    match file {
        Some(file) => format!("{file}: {replaced}; {look}"),
        None => format!("{replaced}; {look}"),
    }
}
