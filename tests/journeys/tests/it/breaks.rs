//! Whatever is spoilt, the story notices, and at the step where it happened.

use std::{process::Command, sync::Mutex, thread};

use journeys::{breaks::BREAKS, story::STEPS};

/// Stories told at once: they mostly wait.
const AT_ONCE: usize = 10;

#[test]
fn every_break_is_noticed_at_its_step() {
    // The longest stories first.
    let waiting: Mutex<Vec<_>> = Mutex::new(BREAKS.iter().collect());
    let failed: Mutex<Vec<String>> = Mutex::default();
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some(broken) = waiting.lock().unwrap().pop() else {
                        return;
                    };
                    if let Err(why) = noticed(broken.name, broken.step) {
                        failed.lock().unwrap().push(format!("{}: {why}", broken.name));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

fn noticed(name: &str, step: &str) -> Result<(), String> {
    let told = Command::new(env!("CARGO_BIN_EXE_journey"))
        .args(["--break", name, "--lang", "en"])
        .output()
        .map_err(|error| error.to_string())?;
    let out = String::from_utf8_lossy(&told.stdout);
    let last_step = out
        .lines()
        .filter_map(|line| line.trim_start().split_once(". "))
        .filter_map(|(number, _)| number.parse::<usize>().ok())
        .next_back();
    let at = last_step.and_then(|number| STEPS.get(number - 1)).map(|step| step.name);
    let differs = out.lines().any(|line| line.trim_start().starts_with("✗ "));
    if told.status.code() == Some(1) && differs && at == Some(step) {
        return Ok(());
    }
    let err = String::from_utf8_lossy(&told.stderr);
    Err(format!(
        "{}, at {at:?}, told a difference: {differs}\n{out}\n{err}",
        told.status
    ))
}
