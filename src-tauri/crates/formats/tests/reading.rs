//! What fixtures cannot show: limits at the limit and one past it, the caller's options.

#![expect(clippy::unwrap_used, reason = "what a test stands on must be there")]

use std::io::Cursor;

use domain::{Content, Direction, Proof};
use formats::{Code, Collected, Format, Options, onec, read_all};

const OWN: &str = "40702810100000000101";
const OTHER: &str = "40702810900000004501";

fn read(text: &str) -> Collected {
    read_all(Cursor::new(text), &Options::default()).unwrap()
}

fn count(collected: &Collected, code: Code) -> usize {
    collected
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.code == code)
        .count()
}

fn entries(collected: &Collected) -> usize {
    collected
        .statements
        .iter()
        .map(|statement| statement.entries.len())
        .sum()
}

fn header() -> String {
    format!("1CClientBankExchange\nРасчСчет={OWN}\n")
}

fn document(extra: &str) -> String {
    format!(
        "СекцияДокумент=Платежное поручение\nНомер=1\nДата=02.07.2024\nСумма=10\nПлательщикСчет={OTHER}\n\
         ПолучательСчет={OWN}\nДатаПоступило=02.07.2024\n{extra}КонецДокумента\n"
    )
}

#[test]
fn accounts_at_the_limit_and_one_past_it() {
    for (accounts, refused) in [(onec::ACCOUNTS_MAX, 0), (onec::ACCOUNTS_MAX + 1, 1)] {
        let lines: String = (0..accounts).map(|number| format!("РасчСчет={number:020}\n")).collect();
        let collected = read(&format!("1CClientBankExchange\n{lines}КонецФайла\n"));
        assert_eq!(collected.statements.len(), onec::ACCOUNTS_MAX);
        assert_eq!(count(&collected, Code::OnecAccounts), refused);
    }
}

#[test]
fn sections_at_the_limit_and_one_past_it() {
    let first = chrono::NaiveDate::from_ymd_opt(1991, 1, 1).unwrap();
    let section = |day: usize| {
        let date = first + chrono::Days::new(day as u64);
        let date = date.format("%d.%m.%Y");
        format!("СекцияРасчСчет\nРасчСчет={OWN}\nДатаНачала={date}\nКонецРасчСчет\n")
    };
    for (sections, refused) in [(onec::SECTIONS_MAX, 0), (onec::SECTIONS_MAX + 1, 1)] {
        let lines: String = (0..sections).map(section).collect();
        let collected = read(&format!("1CClientBankExchange\n{lines}КонецФайла\n"));
        assert_eq!(collected.statements[0].statement.days.len(), onec::SECTIONS_MAX);
        assert_eq!(count(&collected, Code::OnecSections), refused);
    }
}

#[test]
fn fields_of_a_document_at_the_limit_and_one_past_it() {
    for (extra, kept) in [(onec::BLOCK_FIELDS_MAX - 6, 1), (onec::BLOCK_FIELDS_MAX - 5, 0)] {
        let lines: String = (0..extra).map(|at| format!("Поле{at}=x\n")).collect();
        let collected = read(&format!("{}{}{}КонецФайла\n", header(), document(&lines), document("")));
        assert_eq!(entries(&collected), kept + 1, "the document after it stays");
        assert_eq!(count(&collected, Code::OnecDocumentTooLarge), 1 - kept);
    }
}

#[test]
fn bytes_of_a_document_past_the_limit_cost_that_document() {
    let line = format!("НазначениеПлатежа={}\n", "x".repeat(onec::BLOCK_BYTES_MAX / 3));
    let collected = read(&format!(
        "{}{}{}КонецФайла\n",
        header(),
        document(&line.repeat(3)),
        document("")
    ));
    assert_eq!(
        (entries(&collected), count(&collected, Code::OnecDocumentTooLarge)),
        (1, 1)
    );
    let collected = read(&format!("{}{}КонецФайла\n", header(), document(&line.repeat(2))));
    assert_eq!(
        (entries(&collected), count(&collected, Code::OnecDocumentTooLarge)),
        (1, 0)
    );
}

#[test]
fn a_line_past_the_limit_costs_its_document_and_is_said() {
    let line = format!("НазначениеПлатежа={}\n", "x".repeat(1024 * 1024));
    let collected = read(&format!("{}{}{}КонецФайла\n", header(), document(&line), document("")));
    assert_eq!(
        (entries(&collected), count(&collected, Code::FormatLineTooLong)),
        (1, 1)
    );
}

#[test]
fn repeated_notes_are_counted_and_errors_are_always_told() {
    let noise = |lines: usize| format!("{}{}КонецФайла\n", header(), "КонецДокумента\n".repeat(lines));
    for (lines, more) in [(100, 0), (101, 1)] {
        let collected = read(&noise(lines));
        assert_eq!(count(&collected, Code::OnecNoise), 100);
        assert_eq!(count(&collected, Code::FormatRepeated), more);
    }
    let bad = document("").replace("Сумма=10", "Сумма=десять");
    let collected = read(&format!("{}{}КонецФайла\n", header(), bad.repeat(150)));
    assert_eq!(count(&collected, Code::OnecAmount), 150);
}

#[test]
fn own_accounts_of_the_person_help_a_file_that_names_none() {
    let text = format!("1CClientBankExchange\n{}КонецФайла\n", document(""));
    let silent = read(&text);
    assert_eq!(silent.statements[0].statement.account, None);
    assert_eq!(count(&silent, Code::OnecNoAccount), 1);
    let options = Options {
        own_accounts: vec!["40702810 9 00000004501".to_owned(), "40702810000000000000".to_owned()],
        ..Options::default()
    };
    let named = read_all(Cursor::new(&text), &options).unwrap();
    assert_eq!(named.statements.len(), 1);
    assert_eq!(named.statements[0].statement.account.as_ref().unwrap().number, OTHER);
    assert_eq!(named.statements[0].entries[0].direction, Some(Direction::Debit));
    // A file speaks only for the accounts it is a statement of.
    let of_bank = format!("{}{}КонецФайла\n", header(), document(""));
    let collected = read_all(Cursor::new(&of_bank), &options).unwrap();
    assert_eq!(collected.statements.len(), 1);
    assert_eq!(collected.statements[0].entries[0].direction, Some(Direction::Credit));
}

#[test]
fn a_named_format_is_taken_at_its_word() {
    let options = |format| Options {
        format: Some(format),
        ..Options::default()
    };
    let text = document("");
    let as_mt940 = read_all(Cursor::new(&text), &options(Format::Mt940)).unwrap();
    assert_eq!(
        (as_mt940.format, count(&as_mt940, Code::MtEmpty)),
        (Some(Format::Mt940), 1)
    );
    let as_onec = read_all(Cursor::new("не выписка"), &options(Format::Onec)).unwrap();
    assert!(as_onec.has_errors());
    assert_eq!(as_onec.statements.len(), 1);
}

#[test]
fn execution_dates_tell_a_statement_from_orders() {
    let comes = document("").replace("ДатаПоступило=02.07.2024\n", "ДатаПоступило=\n");
    let order = comes.replace(OWN, "OWN").replace(OTHER, OWN).replace("OWN", OTHER);
    let of_a_bank = order.replace("Платежное поручение", "Банковский ордер");
    let demand = comes.replace("Платежное поручение", "Платежное требование");
    let receipt = order.replace("КонецДокумента", "КвитанцияДата=02.07.2024\nКонецДокумента");
    for (documents, content) in [
        (order.clone(), Content::Orders),
        (receipt, Content::Orders),
        (demand, Content::Orders),
        (of_a_bank, Content::Statement),
        (comes.clone(), Content::Statement),
        (format!("{order}{}", document("")), Content::Statement),
    ] {
        assert_eq!(read(&format!("{}{documents}КонецФайла\n", header())).content, content);
    }
    let with_section = format!(
        "{}СекцияРасчСчет\nРасчСчет={OWN}\nКонецРасчСчет\n{comes}КонецФайла\n",
        header()
    );
    let collected = read(&with_section);
    assert_eq!(collected.content, Content::Statement);
    assert_eq!(
        collected.statements[0].entries[0].direction,
        Some(Direction::Credit),
        "by the account"
    );
}

#[test]
fn sums_beyond_the_range_are_broken_and_not_wrapped() {
    let huge = document("").replace("Сумма=10", "Сумма=90000000000000000");
    let section = format!("СекцияРасчСчет\nРасчСчет={OWN}\nНачальныйОстаток=0\nКонечныйОстаток=0\nКонецРасчСчет\n");
    let collected = read(&format!("{}{section}{}КонецФайла\n", header(), huge.repeat(3)));
    assert_eq!(entries(&collected), 3);
    assert!(matches!(collected.statements[0].proof, Proof::Broken { .. }));
}
