//! Opening: what is there, what is not, and who else has it open.

use std::fs;

use store::{ALREADY_EXISTS, Ledger, StoreError};

use crate::given::{AT, a_ledger, credit, silent};

fn code(opened: Result<Ledger, StoreError>) -> &'static str {
    opened.unwrap_err().code()
}

#[test]
fn a_ledger_is_made_once() {
    let given = a_ledger();
    assert_eq!(code(Ledger::create(given.folder.path(), AT)), ALREADY_EXISTS);
    assert_eq!(given.ledger.folder(), given.folder.path());
    Ledger::open(given.folder.path()).unwrap();
    assert_eq!(given.ledger.integrity_check().unwrap(), Vec::<String>::new());
}

#[test]
fn what_a_killed_creation_left_is_made_into_a_ledger() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ledger.sqlite"), b"").unwrap();
    assert_eq!(code(Ledger::open(folder.path())), "ledger/none");
    Ledger::create(folder.path(), AT).unwrap();
}

#[test]
fn what_is_no_ledger_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ledger.sqlite");
    assert_eq!(code(Ledger::open(folder.path())), "ledger/none");
    assert_eq!(code(Ledger::open(&folder.path().join("nowhere"))), "ledger/none");

    fs::write(
        &file,
        "Секция Документ: a text of some length, that is no database at all".repeat(99),
    )
    .unwrap();
    assert_eq!(code(Ledger::open(folder.path())), "ledger/not-a-ledger");
    assert_eq!(code(Ledger::create(folder.path(), AT)), "ledger/not-a-ledger");

    fs::remove_file(&file).unwrap();
    rusqlite::Connection::open(&file)
        .unwrap()
        .execute_batch("CREATE TABLE contacts (name TEXT)")
        .unwrap();
    let refused = Ledger::open(folder.path()).unwrap_err();
    assert_eq!(refused.code(), "ledger/not-a-ledger");
    assert!(
        refused.text().ru.contains(&folder.path().display().to_string()),
        "says where: {}",
        refused.text().ru
    );
    assert_eq!(code(Ledger::create(folder.path(), AT)), "ledger/not-a-ledger");
}

#[test]
fn a_newer_ledger_is_refused_and_left_alone() {
    let given = a_ledger();
    let raw = given.raw();
    let known: i64 = raw.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    raw.pragma_update(None, "user_version", known + 1).unwrap();
    let refused = Ledger::open(given.folder.path()).unwrap_err();
    let folder = given.folder.path().to_owned();
    assert_eq!(
        refused,
        StoreError::Newer {
            folder,
            found: known + 1,
            known
        }
    );
}

#[test]
fn a_folder_that_is_a_file_cannot_be_reached() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("statement.txt");
    fs::write(&file, "x").unwrap();
    assert_eq!(code(Ledger::create(&file, AT)), "ledger/not-a-folder");
}

/// `/sys` refuses new folders even to the superuser, whom file permissions do not bind.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let place = std::path::Path::new("/sys/sverka");
    let refused = Ledger::create(place, AT).unwrap_err();
    assert_eq!(
        refused,
        StoreError::ReadOnly {
            folder: place.to_owned()
        }
    );
}

#[test]
fn two_processes_share_a_ledger() {
    let given = a_ledger();
    let other = Ledger::open(given.folder.path()).unwrap();
    let before = other.change_counter().unwrap();
    assert_eq!(other.change_counter().unwrap(), before);
    given.import("a", &silent(3, 3), &[credit(3, "1", 5)]);
    assert_ne!(other.change_counter().unwrap(), before);
    assert_eq!(
        other.undecided_credits().unwrap(),
        given.ledger.undecided_credits().unwrap()
    );
    let own = given.ledger.change_counter().unwrap();
    given.ledger.set_setting("a", "b", &crate::given::person(), AT).unwrap();
    assert_ne!(given.ledger.change_counter().unwrap(), own, "an own write counts too");
}

#[test]
fn many_writers_at_once_keep_one_chain() {
    const WRITERS: usize = 4;
    const WRITES: usize = 8;
    let given = a_ledger();
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let folder = given.folder.path();
            scope.spawn(move || {
                let ledger = Ledger::open(folder).unwrap();
                for write in 0..WRITES {
                    let file = format!("{writer}-{write}");
                    let mut import = ledger.begin_import(&crate::given::source(&file, "onec"), AT).unwrap();
                    let row = import.statement(&silent(3, 3)).unwrap();
                    // Everybody brings the first entry, each writer its own others.
                    import.entry(row, &credit(3, "1", 5)).unwrap();
                    import.entry(row, &credit(3, &file, 5)).unwrap();
                    import.commit(AT).unwrap();
                }
            });
        }
        // A reader is not in the way and sees whole imports only.
        for _ in 0..20 {
            let entries = given.ledger.status_counts().unwrap();
            let expected = if entries.files == 0 { 0 } else { entries.files + 1 };
            assert_eq!(entries.entries, expected);
        }
    });
    assert_eq!(given.ledger.entry_ids().unwrap().len(), WRITERS * WRITES + 1);
    let verdict = given.ledger.audit_verify().unwrap();
    assert_eq!(
        (verdict.links, verdict.broken_at),
        ((WRITERS * WRITES + 1) as u64, None)
    );
}

#[test]
fn every_error_speaks_both_languages() {
    let given = a_ledger();
    let errors = [
        Ledger::create(given.folder.path(), AT).unwrap_err(),
        StoreError::ImportBroken,
        StoreError::DiskFull {
            folder: given.folder.path().to_owned(),
        },
        StoreError::Busy {
            folder: given.folder.path().to_owned(),
        },
        StoreError::NotFound {
            what: "person",
            id: "x".to_owned(),
        },
    ];
    for error in errors {
        for said in [error.text(), error.remedy()] {
            assert!(said.ru.chars().any(|letter| matches!(letter, 'а'..='я')), "{}", said.ru);
            assert!(
                !said.en.chars().any(|letter| matches!(letter, 'а'..='я')),
                "{}",
                said.en
            );
        }
    }
}
