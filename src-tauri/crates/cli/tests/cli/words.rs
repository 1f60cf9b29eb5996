//! Words of the command line: help, usage, completions.

use std::{io::Read, process::Stdio};

use crate::harness::{Ledger, command, sverka};

/// Every command, found by walking through the help itself.
fn every_command(path: &mut Vec<String>, found: &mut Vec<(Vec<String>, String)>) {
    let help = sverka(path.iter().map(String::as_str).chain(["--help"])).done().out;
    let commands: Vec<String> = help
        .split("\nCommands:\n")
        .nth(1)
        .and_then(|rest| rest.split("\n\n").next())
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(ToOwned::to_owned)
        .collect();
    found.push((path.clone(), help));
    for name in commands {
        path.push(name);
        every_command(path, found);
        path.pop();
    }
}

#[test]
fn every_command_and_option_is_explained() {
    let mut found = Vec::new();
    every_command(&mut Vec::new(), &mut found);
    assert!(found.len() > 35, "{}", found.len());
    for (path, help) in found {
        let command = path.join(" ");
        let first = help.lines().next().unwrap();
        assert!(
            first.chars().count() > 5 && !first.starts_with("Usage"),
            "{command}: {first}"
        );
        assert!(help.is_ascii(), "{command} is explained in English");
        for section in ["Commands", "Arguments", "Options"] {
            let Some((_, rest)) = help.split_once(&format!("\n{section}:\n")) else {
                continue;
            };
            for item in items(rest) {
                assert!(item.1, "{command}: {} has no explanation", item.0);
            }
        }
    }
}

/// Items of a section, and whether each is explained: beside it, or on the lines below.
fn items(section: &str) -> Vec<(String, bool)> {
    let mut items: Vec<(String, bool)> = Vec::new();
    for line in section
        .lines()
        .take_while(|line| line.is_empty() || line.starts_with(' '))
    {
        let indent = line.len() - line.trim_start().len();
        let is_item = !line.is_empty() && (indent <= 2 || line.trim_start().starts_with("--"));
        if is_item {
            let explained = line.trim_start().contains("  ");
            items.push((line.trim().to_owned(), explained));
        } else if !line.trim().is_empty()
            && let Some(last) = items.last_mut()
        {
            last.1 |= !line.trim_start().starts_with('[');
        }
    }
    items
}

#[test]
fn wrong_usage_ends_with_two() {
    for wrong in [
        "",
        "nonsense",
        "read",
        "read --events --summary x",
        "match --invoices x",
        "import",
        "decide",
        "decide e1 --invoice b24:31:1001",
        "decide e1 --invoice b24:31:1001=5 --dismiss",
        "inbox --limit 501",
        "inbox --limit 0",
        "inbox e1 --state review",
        "outbox",
        "release 40702810100000000101 01.07.2024",
        "sandbox --companies 5",
        "sandbox --currency roubles",
        "status --lang fr",
    ] {
        let ran = sverka(wrong.split_whitespace());
        assert_eq!(ran.code, Some(2), "{wrong}: {ran:?}");
        assert!(!ran.err.is_empty() && ran.out.is_empty(), "{wrong}: {ran:?}");
    }
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = sverka(["completions", shell]).done().out;
        assert!(script.contains("outbox") && script.contains("webhook-stdin"), "{shell}");
    }
    // A reader that goes away is no failure here either.
    let mut child = command()
        .args(["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdout.take().unwrap().read_exact(&mut [0]).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), ended.stderr.len()), (Some(0), 0));
}

#[test]
fn the_language_of_people_is_chosen() {
    let ledger = Ledger::none();
    let told = ledger.says("status", "ru").err;
    assert!(
        told.contains("ошибка[ledger/none]") && told.contains("что делать:"),
        "{told}"
    );
    let told = ledger.says("status", "en").err;
    assert!(
        told.contains("error[ledger/none]") && told.contains("remedy:"),
        "{told}"
    );
}

#[test]
fn a_sandbox_whose_port_is_taken_says_so() {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ran = sverka(["sandbox", "--http", &port]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(
        ran.err.contains("sandbox/not-started") && !ran.err.contains("panicked"),
        "{ran:?}"
    );
}
