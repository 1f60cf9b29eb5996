//! Which crate may see which, as ARCHITECTURE.md says, checked against what Cargo knows.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use serde_json::Value;

/// Every crate of ours, and which of ours it may depend on. Tests may depend on more: see [`FOR_TESTS`].
const MAY_SEE: [(&str, &[&str]); 14] = [
    ("domain", &[]),
    ("formats", &["domain"]),
    ("matching", &["domain"]),
    ("intake", &["domain"]),
    ("outbox", &["domain"]),
    ("store", &["domain"]),
    ("crm", &["domain"]),
    (
        "app",
        &["domain", "formats", "matching", "intake", "outbox", "store", "crm"],
    ),
    // The sandbox stands for somebody else's program, so it knows the vocabulary and the use cases, never our CRM client.
    ("sandbox", &["domain", "app"]),
    ("cli", &["domain", "formats", "matching", "app", "sandbox"]),
    ("sverka-desktop", &["domain", "app"]),
    // They drive programs from outside and know the words: what they read back must not come from the code that wrote it.
    ("journeys", &["domain"]),
    // It judges any program that speaks the shape of `sverka match`, and its eyes are its own.
    ("benchmark", &[]),
    ("xtask", &[]),
];
/// Only in [dev-dependencies].
const FOR_TESTS: [(&str, &str); 5] = [
    ("crm", "sandbox"),
    ("crm", "outbox"),
    ("app", "sandbox"),
    ("benchmark", "matching"),
    ("benchmark", "domain"),
];
/// Crates that bring a window, an HTTP client or a database, and the only ones of ours that may ask for them.
const KEEPERS: [(&str, &[&str]); 6] = [
    ("tauri", &["sverka-desktop"]),
    // The journeys look into the ledger's file behind the store's back.
    ("rusqlite", &["store", "journeys"]),
    ("notify", &["intake"]),
    ("keyring", &["app"]),
    ("axum", &["sandbox"]),
    ("ts-rs", &["app"]),
];
const SHELL: &str = "sverka-desktop";

/// One crate of ours: what it depends on when built, and what only its tests need.
#[derive(Default)]
struct Needs {
    built: BTreeSet<String>,
    tested: BTreeSet<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(3)
        .expect("the crate is three folders deep")
}

fn metadata(words: &[&str]) -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(words)
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo prints JSON")
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn ours() -> BTreeMap<String, Needs> {
    let mut crates = BTreeMap::new();
    for package in metadata(&["--no-deps"])["packages"].as_array().expect("a list") {
        let mut needs = Needs::default();
        for dependency in package["dependencies"].as_array().expect("a list") {
            let kind = if dependency["kind"] == "dev" {
                &mut needs.tested
            } else {
                &mut needs.built
            };
            kind.insert(text(&dependency["name"]));
        }
        crates.insert(text(&package["name"]), needs);
    }
    crates
}

#[test]
fn every_crate_sees_only_what_lies_below_it() {
    let crates = ours();
    let named: BTreeSet<&str> = MAY_SEE.iter().map(|(name, _)| *name).collect();
    let there: BTreeSet<&str> = crates.keys().map(String::as_str).collect();
    assert_eq!(
        named, there,
        "a crate that comes or goes is a decision: write it down here and in ARCHITECTURE.md"
    );
    for (name, may_see) in MAY_SEE {
        let needs = &crates[name];
        for other in &there {
            assert!(
                !needs.built.contains(*other) || may_see.contains(other),
                "{name} must not depend on {other}: it may see {may_see:?}"
            );
            assert!(
                !needs.tested.contains(*other) || may_see.contains(other) || FOR_TESTS.contains(&(name, other)),
                "the tests of {name} must not depend on {other}"
            );
        }
    }
}

#[test]
fn windows_databases_and_keys_each_have_one_keeper() {
    for (name, needs) in ours() {
        for (guarded, keepers) in KEEPERS {
            assert!(
                !needs.built.contains(guarded) || keepers.contains(&name.as_str()),
                "{name} must not depend on {guarded}: that is for {keepers:?}"
            );
        }
    }
}

#[test]
fn the_core_builds_without_a_web_view() {
    let resolved = metadata(&[]);
    let defaults: BTreeSet<String> = resolved["workspace_default_members"]
        .as_array()
        .unwrap()
        .iter()
        .map(text)
        .collect();
    let nodes: BTreeMap<String, &Value> = resolved["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| (text(&node["id"]), node))
        .collect();
    let names: BTreeMap<String, String> = resolved["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| (text(&package["id"]), text(&package["name"])))
        .collect();
    assert!(
        defaults.iter().all(|id| names[id] != SHELL),
        "plain `cargo test` must leave the shell out"
    );
    let members = resolved["workspace_members"].as_array().unwrap().len();
    assert_eq!(
        defaults.len() + 1,
        members,
        "everything but the shell is built by default"
    );

    let mut reached: BTreeSet<String> = BTreeSet::new();
    let mut ahead: Vec<String> = defaults.into_iter().collect();
    while let Some(id) = ahead.pop() {
        if reached.insert(id.clone()) {
            ahead.extend(
                nodes[&id]["deps"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|dependency| text(&dependency["pkg"])),
            );
        }
    }
    for id in &reached {
        let name = names[id].as_str();
        assert!(
            !matches!(name, "tauri" | "wry" | "tao" | "gtk" | "webkit2gtk"),
            "the core reaches {name}"
        );
    }
}

#[test]
fn the_shells_page_has_no_door_but_ours() {
    let capability = std::fs::read_to_string(root().join("src-tauri/capabilities/main.json")).unwrap();
    let capability: Value = serde_json::from_str(&capability).unwrap();
    for permission in capability["permissions"].as_array().unwrap() {
        let permission = permission.as_str().unwrap();
        assert!(
            matches!(permission, "allow-rpc" | "allow-pick") || permission.starts_with("core:event:allow-"),
            "the page may not have {permission}: files, shell and network belong to Rust"
        );
    }
    let folder = std::fs::read_dir(root().join("src-tauri/capabilities")).unwrap();
    assert_eq!(folder.count(), 1, "one window, one capability");
}
