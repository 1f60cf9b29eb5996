//! The least that reading a statement can cost, a rival, and the files that are read.
//!
//! `base-programs generate FORMAT ENTRIES FILE` writes a file; `base-programs PROGRAM FILE...` reads files and prints how
//! much it found in each, so that whoever measures can see that the work was done. It knows nothing of `formats`.

mod camt;
mod generate;
mod mt;
mod onec;

use std::{fs::File, io::Read};

use anyhow::{Context, Result, bail};

const USAGE: &str = "\
base-programs generate mt|camt|onec ENTRIES FILE
base-programs mt-tags|mt-tags-by-line|swift-mt-message|xml-events|xml-events-buffered|onec-decode FILE...";

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["generate", format, entries, path] => {
            let entries = entries.parse().with_context(|| format!("{entries} is not a number"))?;
            generate::write(format, entries, path)
        }
        ["mt-tags", files @ ..] => each(files, |bytes| Ok(mt::tags(bytes))),
        ["mt-tags-by-line", files @ ..] => {
            for path in files {
                println!("{}", mt::tags_by_line(path)?);
            }
            Ok(())
        }
        ["swift-mt-message", files @ ..] => each(files, mt::rival),
        ["xml-events", files @ ..] => each(files, camt::events),
        ["xml-events-buffered", files @ ..] => {
            for path in files {
                println!("{}", camt::events_buffered(path)?);
            }
            Ok(())
        }
        ["onec-decode", files @ ..] => each(files, |bytes| Ok(onec::decode(bytes))),
        _ => bail!("{USAGE}"),
    }
}

/// Reads each file into the same memory, as a program that spares nothing for reading would.
fn each(files: &[&str], read: impl Fn(&[u8]) -> Result<u64>) -> Result<()> {
    let mut bytes = Vec::new();
    for path in files {
        bytes.clear();
        File::open(path)
            .and_then(|mut file| file.read_to_end(&mut bytes))
            .with_context(|| format!("{path} cannot be read"))?;
        println!("{}", read(&bytes)?);
    }
    Ok(())
}
