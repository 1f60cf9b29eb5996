//! `sverka anonymise`: where the sample goes, what is said of it, and that the bank's file stays.

use std::path::Path;

use crate::harness::{Ran, command, fixture, run};

const FIXTURE: &str = "onec/ok/every_key_and_no_last_line_end.txt";

fn in_folder(folder: &Path, words: &[&str], typed: &[u8]) -> Ran {
    run(command().current_dir(folder).arg("anonymise").args(words), typed)
}

#[test]
fn a_sample_gets_a_name_that_tells_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let original = folder.path().join("40702810100000000101.txt");
    std::fs::copy(fixture(FIXTURE), &original).unwrap();
    let before = std::fs::read(&original).unwrap();
    let name = "40702810100000000101.txt";
    let said = in_folder(folder.path(), &[name, "--lang", "ru"], b"").done().out;
    assert!(
        said.starts_with("sverka-sample.txt: заменено: имён и адресов "),
        "{said}"
    );
    let told = in_folder(folder.path(), &[name, "--json"], b"").done().line();
    assert_eq!(
        (&told["file"], &told["format"]),
        (&"sverka-sample-2.txt".into(), &"onec".into())
    );
    for what in ["names", "accounts", "inns", "kpps", "purposes"] {
        assert!(told["replaced"][what].as_u64().unwrap() > 0, "{told}");
    }
    let samples =
        ["sverka-sample.txt", "sverka-sample-2.txt"].map(|name| std::fs::read(folder.path().join(name)).unwrap());
    assert_ne!(samples[0], samples[1], "without a seed the names are new every time");
    assert_eq!(std::fs::read(&original).unwrap(), before);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    // It reads like the original.
    for sample in ["sverka-sample.txt", "sverka-sample-2.txt"] {
        run(command().current_dir(folder.path()).args(["read", sample]), b"").done();
    }
}

#[test]
fn a_seed_makes_the_same_sample_on_standard_output_and_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let typed = "1CClientBankExchange\nСекцияДокумент=Банковский ордер\nПлательщик=ООО Ромашка\nКонецДокумента\n";
    let out = in_folder(
        folder.path(),
        &["-", "--output", "-", "--seed", "5", "--lang", "en"],
        typed.as_bytes(),
    )
    .done();
    assert!(
        out.out.starts_with("1CClientBankExchange\n") && !out.out.contains("Ромашка"),
        "{out:?}"
    );
    assert_eq!(
        out.err,
        "replaced: names and addresses 1; look through the sample before you send it\n"
    );
    let place = folder.path().join("sample.txt");
    std::fs::write(&place, "something older").unwrap();
    in_folder(
        folder.path(),
        &["-", "--output", "sample.txt", "--seed", "5"],
        typed.as_bytes(),
    )
    .done();
    assert_eq!(std::fs::read_to_string(place).unwrap(), out.out);
}

#[test]
fn what_cannot_be_treated_is_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.pdf"), b"%PDF-1.7").unwrap();
    std::fs::write(folder.path().join("empty.txt"), b"").unwrap();
    std::fs::copy(fixture(FIXTURE), folder.path().join("b.txt")).unwrap();
    let before = std::fs::read(folder.path().join("b.txt")).unwrap();
    for (words, code) in [
        (&["a.pdf"][..], "anonymise/not-a-text"),
        (&["empty.txt"], "anonymise/empty"),
        (&["none.txt"], "file/not-found"),
        (&["b.txt", "--output", "b.txt"], "anonymise/same-file"),
        (&["b.txt", "--output", "./b.txt"], "anonymise/same-file"),
        (&["b.txt", "--output", "nowhere/b.txt"], "file/not-found"),
    ] {
        let ran = in_folder(folder.path(), &[words, &["--json"]].concat(), b"");
        assert_eq!(ran.refusal(), code, "{ran:?}");
    }
    assert_eq!(std::fs::read(folder.path().join("b.txt")).unwrap(), before);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
}
