//! `corpora`: what the `sverka` command reads of other people's files, against what an independent reader made of them.
//!
//! The judge knows the command's JSON and the corpora's own expectations, and nothing of the readers: it must not be
//! wrong where they are.

mod align;
mod by_hand;
mod camt;
mod decimal;
mod mt;
mod onec;
mod reading;
mod table;
mod verdict;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Result, bail};

use crate::{
    program::{cargo, must},
    setup,
};

use table::Table;

const VARIABLE: &str = "SVERKA_CORPORA";
const CORPORA: [&str; 3] = ["1c", "mt", "camt"];

pub fn corpora(arguments: &[String]) -> Result<ExitCode> {
    let wish = Wish::read(arguments)?;
    let Some(root) = std::env::var_os(VARIABLE).map(PathBuf::from) else {
        bail!("{VARIABLE} is not set: point it at a folder of bank statements");
    };
    setup::core()?;
    must(&mut cargo(&["build", "--quiet", "-p", "cli"]))?;
    let mut table = Table::new(wish.verbose);
    for corpus in wish.corpora {
        judge(corpus, &root, &mut table)?;
    }
    print!("{table}");
    Ok(if table.reached() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn judge(corpus: &str, root: &Path, table: &mut Table) -> Result<()> {
    match corpus {
        "1c" => onec::judge(root, table),
        "mt" => mt::judge(root, table),
        _ => camt::judge(root, table),
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Wish {
    corpora: Vec<&'static str>,
    verbose: bool,
}

impl Wish {
    fn read(arguments: &[String]) -> Result<Self> {
        let mut wish = Self {
            corpora: Vec::new(),
            verbose: false,
        };
        for word in arguments {
            if word == "--verbose" {
                wish.verbose = true;
            } else if let Some(corpus) = CORPORA.into_iter().find(|corpus| corpus == word) {
                wish.corpora.push(corpus);
            } else {
                bail!(
                    "`cargo xtask corpora` takes --verbose and any of {}, not `{word}`",
                    CORPORA.join(", ")
                );
            }
        }
        if wish.corpora.is_empty() {
            wish.corpora = CORPORA.to_vec();
        }
        Ok(wish)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_read() {
        let read = |words: &[&str]| Wish::read(&words.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(read(&[]).unwrap().corpora, CORPORA);
        let one = read(&["mt", "--verbose"]).unwrap();
        assert_eq!((one.corpora, one.verbose), (vec!["mt"], true));
        assert!(read(&["mt940"]).is_err());
    }
}
