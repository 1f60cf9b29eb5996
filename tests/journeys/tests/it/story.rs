//! The story ends well, in both languages' words.

use std::process::Command;

#[test]
fn everything_agrees() {
    let told = Command::new(env!("CARGO_BIN_EXE_journey"))
        .args(["--lang", "en"])
        .output()
        .unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&told.stdout),
        String::from_utf8_lossy(&told.stderr),
    );
    assert!(told.status.success(), "{out}\n{err}");
    assert!(out.ends_with("Everything agrees.\n"), "{out}");
}

#[test]
fn what_may_be_spoilt_is_listed() {
    let told = Command::new(env!("CARGO_BIN_EXE_journey"))
        .arg("--help")
        .output()
        .unwrap();
    let help = String::from_utf8_lossy(&told.stdout);
    for step in journeys::story::STEPS {
        assert!(
            help.contains(&format!("- {}: ", step.name)),
            "{} has no break",
            step.name
        );
    }
    let unknown = Command::new(env!("CARGO_BIN_EXE_journey"))
        .args(["--break", "nothing"])
        .output()
        .unwrap();
    assert_eq!(unknown.status.code(), Some(2));
}
