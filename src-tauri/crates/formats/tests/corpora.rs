//! Other people's published files, outside this repository: the folder is named by `SVERKA_CORPORA`.
//! Its `1c/INDEX.tsv` holds an independent reader's encodings, counts and sums.

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use domain::{Currency, Direction, Entry, Money, Proof};
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
        let entries: Vec<&Entry> = collected.statements.iter().flat_map(|it| &it.entries).collect();
        let plain = Plain::of(&bytes, row["real_encoding"]);
        let right = entries.iter().filter(|entry| plain.agrees(entry)).count();
        assert_eq!(right, entries.len(), "{name}: an entry is not what stands in the file");
        let balances: Vec<String> = collected
            .statements
            .iter()
            .flat_map(|it| {
                let whole = [it.statement.opening, it.statement.closing];
                let days = it.statement.days.iter().flat_map(|day| [day.opening, day.closing]);
                whole.into_iter().chain(days).flatten().map(Money::decimal)
            })
            .collect();
        for balance in balances {
            assert!(plain.balances.contains(&balance), "{name}: balance {balance}");
        }
        let proofs = collected.statements.iter().map(|it| match it.proof {
            Proof::Proven => "proven",
            Proof::Broken { .. } => "broken",
            Proof::Silent => "silent",
        });
        println!(
            "{name:60} | {} | documents {:3} | entries {:3} | right {right:3} | events {events:3} | {}",
            row["real_encoding"],
            documents.len(),
            entries.len(),
            proofs.collect::<Vec<_>>().join(", "),
        );
        for diagnostic in &collected.diagnostics {
            println!("  {}", diagnostic.render(domain::Lang::En, name));
        }
        files += 1;
    }
    assert!(files > 0, "the index names no file");
}

/// The file as a reader sees it who knows nothing but `key=value`: by line of the document, its fields.
struct Plain {
    own: Vec<String>,
    documents: BTreeMap<u64, BTreeMap<String, String>>,
    balances: Vec<String>,
}

impl Plain {
    fn of(bytes: &[u8], encoding: &str) -> Self {
        let text = match encoding {
            "utf-8" => String::from_utf8_lossy(bytes).into_owned(),
            _ => encoding_rs::WINDOWS_1251.decode(bytes).0.into_owned(),
        };
        let (mut own, mut documents, mut balances) = (Vec::new(), BTreeMap::new(), Vec::new());
        let mut open: Option<(u64, BTreeMap<String, String>)> = None;
        for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
            let (key, value) = line.trim().split_once('=').unwrap_or((line.trim(), ""));
            match (key, &mut open) {
                ("СекцияДокумент", _) => open = Some((number, BTreeMap::new())),
                ("КонецДокумента", _) => documents.extend(open.take()),
                ("РасчСчет", None) => own.push(value.trim().to_owned()),
                ("НачальныйОстаток" | "КонечныйОстаток", _) => {
                    balances.extend(Money::parse(value.trim(), Currency::RUB).map(Money::decimal));
                }
                (_, Some((_, fields))) => {
                    fields.insert(key.to_owned(), value.trim().to_owned());
                }
                _ => {}
            }
        }
        Self {
            own,
            documents,
            balances,
        }
    }

    fn agrees(&self, entry: &Entry) -> bool {
        let Some(fields) = self.documents.get(&entry.line) else {
            return false;
        };
        let field = |key: &str| fields.get(key).map_or("", String::as_str);
        let is_own = |key: &str| self.own.iter().any(|own| own == field(key));
        let direction = match (is_own("ПлательщикСчет"), is_own("ПолучательСчет")) {
            (true, true) => entry.direction,
            (true, false) => Some(Direction::Debit),
            (false, true) => Some(Direction::Credit),
            (false, false) if field("ДатаСписано").is_empty() == field("ДатаПоступило").is_empty() => {
                None
            }
            (false, false) if field("ДатаПоступило").is_empty() => Some(Direction::Debit),
            (false, false) => Some(Direction::Credit),
        };
        let (party, day) = match direction {
            Some(Direction::Credit) => ("Плательщик", "ДатаПоступило"),
            Some(Direction::Debit) => ("Получатель", "ДатаСписано"),
            None => ("Получатель", "Дата"),
        };
        let other = |suffix: &str| field(&format!("{party}{suffix}"));
        let day = [day, "Дата"].map(field).into_iter().find(|day| !day.is_empty());
        let name = [other("1"), other("")].into_iter().find(|name| !name.is_empty());
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let said = |text: &str| text.bytes().any(|byte| byte != b'0');
        entry.direction == direction
            && Some(entry.booked.format("%d.%m.%Y").to_string().as_str()) == day
            && Money::parse(&field("Сумма").replace(',', "."), Currency::RUB) == Ok(entry.amount)
            && entry
                .counterparty
                .name
                .as_deref()
                .is_none_or(|found| name.is_some_and(|name| words(name).contains(found)))
            && entry.counterparty.name.is_some() == name.is_some()
            && (entry.counterparty.account.as_deref() == Some(other("Счет")) || !said(other("Счет")))
            && (entry.counterparty.inn.as_deref() == Some(other("ИНН")) || !said(other("ИНН")))
            && (entry.purpose == field("НазначениеПлатежа") || field("НазначениеПлатежа").is_empty())
            && entry.number.as_deref().unwrap_or("") == field("Номер")
    }
}
