//! `fuzz`: the readers against what no bank writes. Starts from the fixtures; what is found on the way lies under
//! target/fuzz, and what is worth keeping goes to fixtures/fuzz, where an ordinary test replays it.

mod words;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Context, Result, bail};

use crate::{
    program::{answer, cargo, must},
    project, setup,
};

/// Each target, and the folders of fixtures it starts from.
const TARGETS: [(&str, &[&str]); 9] = [
    ("onec", &["onec"]),
    ("mt", &["mt"]),
    ("camt", &["camt"]),
    ("json", &["json"]),
    ("csv", &["table"]),
    ("xlsx", &["table"]),
    ("archive", &["archive"]),
    ("detect", &["onec", "mt", "camt", "json", "table", "archive"]),
    ("ending", &["onec", "mt", "camt"]),
];
const SECONDS: u32 = 60;
/// Readers give way to the next file within this; a statement of 64 KiB takes milliseconds.
const TIMEOUT_SECONDS: u32 = 10;
/// More than this is memory that grows with what a file pretends to hold.
const MEMORY_MEGABYTES: u32 = 512;
const INPUT_BYTES_MAX: u32 = 64 * 1024;
/// What the repository keeps of one target: few and small, because every test run replays them.
const KEPT_INPUT_BYTES_MAX: u32 = 768;
const KEPT_BYTES_MAX: u64 = 20_000;

pub fn fuzz(arguments: &[String]) -> Result<ExitCode> {
    let wish = Wish::read(arguments)?;
    setup::core()?;
    if answer(&mut cargo(&["fuzz", "--version"])).is_none() {
        println!("set-up: cargo install cargo-fuzz --locked");
        must(&mut cargo(&["install", "cargo-fuzz", "--locked"]))?;
    }
    for (target, folders) in wish.targets {
        let places = Places::of(target)?;
        if wish.keep {
            places.keep(target)?;
        } else {
            places.run(target, folders, wish.seconds)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

type Target = (&'static str, &'static [&'static str]);

#[derive(Debug)]
struct Wish {
    targets: Vec<Target>,
    seconds: u32,
    keep: bool,
}

impl Wish {
    fn read(arguments: &[String]) -> Result<Self> {
        let mut wish = Self {
            targets: Vec::new(),
            seconds: SECONDS,
            keep: false,
        };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--keep" => wish.keep = true,
                "--seconds" => match words.next().and_then(|seconds| seconds.parse().ok()) {
                    Some(seconds) if seconds > 0 => wish.seconds = seconds,
                    _ => bail!("--seconds wants a number, for each target"),
                },
                name => match TARGETS.iter().find(|(target, _)| *target == name) {
                    Some(target) => wish.targets.push(*target),
                    None => bail!(
                        "`{name}` is none of the targets {}",
                        TARGETS.map(|(target, _)| target).join(", ")
                    ),
                },
            }
        }
        if wish.targets.is_empty() {
            wish.targets = TARGETS.to_vec();
        }
        Ok(wish)
    }
}

/// Where a target's inputs are.
struct Places {
    /// Grows while it runs, and is built upon the next time.
    corpus: PathBuf,
    findings: PathBuf,
    kept: PathBuf,
}

impl Places {
    fn of(target: &str) -> Result<Self> {
        let work = project::target().join("fuzz");
        let places = Self {
            corpus: work.join("corpus").join(target),
            findings: work.join("findings").join(target),
            kept: project::root().join("fixtures/fuzz").join(target),
        };
        for folder in [&places.corpus, &places.findings, &places.kept] {
            fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        }
        Ok(places)
    }

    fn run(&self, target: &str, folders: &[&str], seconds: u32) -> Result<()> {
        let dictionary = self.corpus.with_extension("dict");
        let listed = fuzz_folder().join("words").join(target).with_extension("txt");
        let listed = fs::read_to_string(&listed).with_context(|| format!("{} cannot be read", listed.display()))?;
        fs::write(&dictionary, words::dictionary(&listed))?;

        let mut command = cargo_fuzz("run", target);
        command.arg(&self.corpus).arg(&self.kept);
        for folder in folders {
            for kind in ["ok", "err"] {
                let seeds = project::root().join("fixtures").join(folder).join(kind);
                if seeds.is_dir() {
                    command.arg(seeds);
                }
            }
        }
        command.arg("--").args([
            format!("-max_total_time={seconds}"),
            format!("-timeout={TIMEOUT_SECONDS}"),
            format!("-rss_limit_mb={MEMORY_MEGABYTES}"),
            format!("-max_len={INPUT_BYTES_MAX}"),
            format!("-dict={}", dictionary.display()),
            format!("-artifact_prefix={}/", self.findings.display()),
            "-print_final_stats=1".to_owned(),
        ]);
        must(&mut command).with_context(|| {
            format!(
                "what {target} stumbled over is in {}; mend the reader, and put the bytes into {}",
                self.findings.display(),
                self.kept.display()
            )
        })
    }

    /// Takes of the corpus the smallest inputs that together reach the most, as far as there is room.
    fn keep(&self, target: &str) -> Result<()> {
        let merged = self.corpus.with_extension("merged");
        if merged.exists() {
            fs::remove_dir_all(&merged)?;
        }
        fs::create_dir_all(&merged)?;
        let mut command = cargo_fuzz("run", target);
        command.arg(&merged).arg(&self.corpus).arg("--").args([
            "-set_cover_merge=1".to_owned(),
            format!("-max_len={KEPT_INPUT_BYTES_MAX}"),
        ]);
        must(&mut command)?;
        let mut room = KEPT_BYTES_MAX.saturating_sub(bytes_in(&self.kept)?);
        let mut sized = Vec::new();
        for file in fs::read_dir(&merged)? {
            let file = file?;
            sized.push((file.metadata()?.len(), file.file_name()));
        }
        sized.sort();
        // The largest reach the furthest, and a few of the small ones bring the rest.
        for (bytes, name) in sized.into_iter().rev() {
            let kept = self.kept.join(&name);
            if bytes <= room && !kept.exists() {
                fs::copy(merged.join(&name), kept)?;
                room -= bytes;
            }
        }
        Ok(fs::remove_dir_all(&merged)?)
    }
}

fn bytes_in(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for file in fs::read_dir(folder)? {
        bytes += file?.metadata()?.len();
    }
    Ok(bytes)
}

fn fuzz_folder() -> PathBuf {
    project::root().join("src-tauri/crates/formats/fuzz")
}

/// Without a sanitizer the stable compiler will do; all our own code is safe Rust, where a fault is a panic.
fn cargo_fuzz(what: &str, target: &str) -> Command {
    let mut command = cargo(&["fuzz", what, "--sanitizer", "none", "--fuzz-dir"]);
    command
        .arg(fuzz_folder())
        .arg("--target-dir")
        .arg(project::target().join("fuzz/build"))
        .arg(target);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Wish> {
        Wish::read(&words.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn wishes_are_read() {
        let all = read(&[]).unwrap();
        assert_eq!(
            (all.targets.len(), all.seconds, all.keep),
            (TARGETS.len(), SECONDS, false)
        );
        let some = read(&["--seconds", "5", "mt", "camt"]).unwrap();
        let names: Vec<&str> = some.targets.iter().map(|(target, _)| *target).collect();
        assert_eq!((names.as_slice(), some.seconds), (&["mt", "camt"][..], 5));
        assert!(read(&["--keep"]).unwrap().keep);
        assert!(read(&["--seconds"]).is_err());
        assert!(read(&["mt941"]).is_err());
    }

    #[test]
    fn every_target_has_its_program_and_its_words() {
        for (target, _) in TARGETS {
            assert!(
                fuzz_folder()
                    .join("targets")
                    .join(target)
                    .with_extension("rs")
                    .is_file()
            );
            assert!(fuzz_folder().join("words").join(target).with_extension("txt").is_file());
        }
    }
}
