//! `run`: the program on demo data where there is a display, the same story in text where there is none.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::{
    demo::Demo,
    program::{cargo, must, program},
    project::{self, SHELL, SHELL_FEATURES},
    setup,
};

pub fn run(arguments: &[String]) -> Result<ExitCode> {
    let wish = Wish::read(arguments)?;
    if wish.headless || wish.broken.is_some() || !has_display() {
        return story(wish.broken.as_deref());
    }
    setup::desktop()?;
    println!("set-up: npm run build in ui");
    setup::build_page()?;
    must(&mut cargo(&["build", "--locked", "-p", "cli"]))?;
    must(cargo(&["build", "--locked", "-p", SHELL]).args(["--features", SHELL_FEATURES]))?;
    let demo = Demo::found()?;
    must(demo.on(&mut program(project::built(SHELL))))?;
    Ok(ExitCode::SUCCESS)
}

/// The journey, each figure read back from where it was written. Its exit code is ours: a difference is a failure.
fn story(broken: Option<&str>) -> Result<ExitCode> {
    setup::core()?;
    must(&mut cargo(&[
        "build", "--locked", "--quiet", "-p", "cli", "-p", "journeys",
    ]))?;
    let mut command = cargo(&["run", "--locked", "--quiet", "-p", "journeys", "--bin", "journey", "--"]);
    if let Some(step) = broken {
        command.args(["--break", step]);
    }
    let status = command.status()?;
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from))
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Wish {
    headless: bool,
    broken: Option<String>,
}

impl Wish {
    fn read(arguments: &[String]) -> Result<Self> {
        let mut wish = Self::default();
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--headless" => wish.headless = true,
                "--break" => match words.next() {
                    Some(step) => wish.broken = Some(step.clone()),
                    None => bail!("--break wants the name of a step"),
                },
                other => bail!("`cargo xtask run` takes --headless and --break STEP, not `{other}`"),
            }
        }
        Ok(wish)
    }
}

fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(any(windows, target_os = "macos")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Wish> {
        Wish::read(&words.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn wishes_are_read() {
        assert_eq!(read(&[]).unwrap(), Wish::default());
        assert_eq!(
            read(&["--headless", "--break", "deliver"]).unwrap(),
            Wish {
                headless: true,
                broken: Some("deliver".to_owned())
            }
        );
        assert!(read(&["--break"]).is_err());
        assert!(read(&["--heedless"]).is_err());
    }
}
