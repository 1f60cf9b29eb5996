//! Other people's published files, outside this repository: the folder is named by `SVERKA_CORPORA`.
//! Its `1c/INDEX.tsv` holds an independent reader's encodings, counts and sums.

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use domain::{Currency, Direction, Money};
use formats::{Code, EndMark, Format, Options, ends_complete, open, read_all};

#[test]
fn published_files_read_as_their_index_says() {
    let Some(folder) = env::var_os("SVERKA_CORPORA").map(|root| PathBuf::from(root).join("1c")) else {
        println!("skipped: SVERKA_CORPORA is not set");
        return;
    };
    let index = fs::read_to_string(folder.join("INDEX.tsv")).unwrap();
    let mut lines = index.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let columns = lines.next().unwrap();
    let mut files = 0;
    for line in lines {
        let row: BTreeMap<&str, &str> = columns.iter().copied().zip(line).collect();
        let bytes = fs::read(folder.join(row["file"])).unwrap();
        let has_end = ends_complete(&bytes) == EndMark::Present;
        let collected = read_all(std::io::Cursor::new(&bytes), &Options::default()).unwrap();
        let name = row["file"];
        let missing_end = collected
            .diagnostics
            .iter()
            .any(|diagnostic| diagnostic.code == Code::OnecEnd);
        assert_eq!(has_end, !missing_end, "{name}: the end mark");
        assert_eq!(collected.format, Some(Format::Onec), "{name}");
        let encoding = collected.encoding.unwrap().name().replace("windows-1251", "cp1251");
        assert_eq!(encoding, row["real_encoding"], "{name}");
        // A transfer between two accounts of the file is two entries of one document.
        let mut documents: Vec<u64> = collected
            .statements
            .iter()
            .flat_map(|it| &it.entries)
            .map(|it| it.line)
            .collect();
        documents.sort_unstable();
        documents.dedup();
        assert_eq!(documents.len().to_string(), row["docs"], "{name}");
        // The index counts what its own accounts name; what only a date told is beyond it.
        let by_date: Vec<u64> = collected
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.code == Code::OnecDirectionByDate)
            .map(|diagnostic| diagnostic.line)
            .collect();
        for (direction, column) in [
            (Direction::Debit, "debit_sum_own"),
            (Direction::Credit, "credit_sum_own"),
        ] {
            let entries = collected.statements.iter().flat_map(|it| &it.entries);
            let of_direction =
                entries.filter(|entry| entry.direction == Some(direction) && !by_date.contains(&entry.line));
            let sum: i64 = of_direction.map(|entry| entry.amount.minor()).sum();
            let expected = Money::parse(row[column], Currency::RUB).unwrap().minor();
            assert_eq!(sum, expected, "{name}: {column}");
        }
        let events = open(std::io::Cursor::new(&bytes), &Options::default())
            .unwrap()
            .map(Result::unwrap)
            .count();
        let entries: usize = collected.statements.iter().map(|it| it.entries.len()).sum();
        println!("{name}: {entries} entries, {events} events");
        for diagnostic in &collected.diagnostics {
            println!("  {}", diagnostic.render(domain::Lang::En, name));
        }
        files += 1;
    }
    assert!(files > 0, "the index names no file");
}
