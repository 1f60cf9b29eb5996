//! What fixtures of camt cannot show: limits at the limit and one past it, and memory.

#![expect(clippy::unwrap_used, reason = "what a test stands on must be there")]

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use domain::Entry;
use formats::{Code, Collected, Event, Options, camt, open, read_all};

const OWN: &str = "40702810100000000101";

fn read(text: &str) -> Collected {
    read_all(Cursor::new(text), &Options::default()).unwrap()
}

fn count(collected: &Collected, code: Code) -> usize {
    collected.diagnostics.iter().filter(|it| it.code == code).count()
}

fn entries(collected: &Collected) -> Vec<&Entry> {
    collected.statements.iter().flat_map(|it| &it.entries).collect()
}

fn statement(inside: &str) -> String {
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><Stmt><Acct><Id><Othr>\
         <Id>{OWN}</Id></Othr></Id><Ccy>RUB</Ccy></Acct>{inside}</Stmt></BkToCstmrStmt></Document>"
    )
}

fn entry(inside: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"RUB\">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2024-07-03</Dt></BookgDt>{inside}</Ntry>"
    )
}

/// The entry with `inside` in it, and one after it that must always be there.
fn with_next(inside: &str) -> Collected {
    let collected = read(&statement(&format!("{}{}", entry(inside), entry(""))));
    let next = entries(&collected).last().copied().map(|entry| entry.amount.minor());
    assert_eq!(next, Some(1_000), "the entry after it stays");
    collected
}

#[test]
fn depth_at_the_limit_and_one_past_it() {
    // Document, message, statement, entry.
    for (depth, code) in [(camt::DEPTH_MAX - 4, 0), (camt::DEPTH_MAX - 3, 1)] {
        let nested = format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        let collected = read(&statement(&entry(&nested)));
        assert_eq!(count(&collected, Code::CamtTooDeep), code);
        assert_eq!(entries(&collected).len(), 1 - code);
    }
}

#[test]
fn a_mark_that_opens_nothing_costs_the_entry_it_stands_in_and_no_more() {
    for stray in [
        "<?>",
        "<!>",
        "<!x>",
        "<![x",
        "<![CDAT",
        "<![cdata[",
        "<!-x",
        "<!D>",
        "<!DOCTYP x>",
    ] {
        let collected = with_next(stray);
        assert_eq!(entries(&collected).len(), 1, "{stray}");
        assert_eq!(count(&collected, Code::CamtMarkup), 1, "{stray}");
        assert_eq!(count(&collected, Code::CamtCut), 0, "{stray}");
    }
    for sound in [
        "<!-- -->",
        "<?x?>",
        "<AddtlNtryInf><![CDATA[x]]></AddtlNtryInf>",
        "<!doctype x>",
    ] {
        assert_eq!(entries(&with_next(sound)).len(), 2, "{sound}");
    }
}

#[test]
fn attributes_at_the_limit_and_one_past_it() {
    let element = |attributes: &str| with_next(&format!("<a {attributes}></a>"));
    for (attributes, code) in [(camt::ATTRIBUTES_MAX, 0), (camt::ATTRIBUTES_MAX + 1, 1)] {
        let all: String = (0..attributes).map(|at| format!("a{at}='' ")).collect();
        let collected = element(&all);
        assert_eq!(
            (count(&collected, Code::CamtAttributes), entries(&collected).len()),
            (code, 2 - code)
        );
    }
    for (bytes, code) in [(camt::ATTRIBUTE_BYTES_MAX, 0), (camt::ATTRIBUTE_BYTES_MAX + 1, 1)] {
        // The blank before it and `a=''` count.
        let collected = element(&format!("a='{}'", "x".repeat(bytes - 5)));
        assert_eq!(
            (count(&collected, Code::CamtAttributes), entries(&collected).len()),
            (code, 2 - code)
        );
    }
}

#[test]
fn texts_at_the_limit_and_one_past_it() {
    for (bytes, code) in [(camt::TEXT_BYTES_MAX, 0), (camt::TEXT_BYTES_MAX + 1, 1)] {
        // In two pieces, so that no single mark is too large.
        let text = format!("{}<![CDATA[{}]]>", "x".repeat(bytes - 10), "y".repeat(10));
        let collected = with_next(&format!("<AddtlNtryInf>{text}</AddtlNtryInf>"));
        assert_eq!(
            (count(&collected, Code::CamtTooLarge), entries(&collected).len()),
            (code, 2 - code)
        );
    }
    let huge = "x".repeat(2 * camt::MARK_BYTES_MAX);
    for mark in [
        format!("<AddtlNtryInf>{huge}</AddtlNtryInf>"),
        format!("<a b='{huge}'/>"),
        format!("<!--{huge}-->"),
    ] {
        let collected = with_next(&mark);
        assert_eq!(
            (count(&collected, Code::CamtTooLarge), entries(&collected).len()),
            (1, 1)
        );
    }
}

#[test]
fn payments_of_a_batch_at_the_limit_and_one_past_it() {
    let payment = "<TxDtls><Amt Ccy=\"RUB\">0.01</Amt></TxDtls>";
    for (payments, code) in [(camt::DETAILS_MAX, 0), (camt::DETAILS_MAX + 1, 1)] {
        let collected = with_next(&format!("<NtryDtls>{}</NtryDtls>", payment.repeat(payments)));
        assert_eq!(count(&collected, Code::CamtDetailsLimit), code);
        assert_eq!(entries(&collected)[0].details.len(), camt::DETAILS_MAX);
        assert_eq!(entries(&collected)[0].amount.minor(), 1_000);
    }
}

#[test]
fn text_of_a_batch_at_the_limit_and_one_past_it() {
    let payment = |bytes: usize| {
        format!(
            "<TxDtls><Amt Ccy=\"RUB\">0.01</Amt><X>{}</X></TxDtls>",
            "x".repeat(bytes - "0.01 RUB".len())
        )
    };
    let before = "10.00 RUBCRDT2024-07-03".len();
    let piece = camt::BATCH_BYTES_MAX / 128;
    for (last, code) in [(piece - before, 0), (piece - before + 1, 1)] {
        let payments = format!("{}{}{}", payment(piece).repeat(127), payment(last), payment(10));
        let collected = with_next(&format!("<NtryDtls>{payments}</NtryDtls>"));
        assert_eq!(count(&collected, Code::CamtDetailsLimit), code);
        assert_eq!(entries(&collected)[0].details.len(), 129 - code);
    }
}

#[test]
fn kept_text_at_the_limit_and_one_past_it() {
    let line = |characters: usize| format!("<Ustrd>{}</Ustrd>", "x".repeat(characters));
    let first = camt::PURPOSE_BYTES_MAX - 102;
    for (last, code) in [(100, 0), (102, 1)] {
        let text = format!(
            "<NtryDtls><TxDtls><RmtInf>{}{}</RmtInf></TxDtls></NtryDtls>",
            line(first),
            line(last)
        );
        let collected = with_next(&text);
        assert_eq!(count(&collected, Code::CamtTextLimit), code);
        assert_eq!(
            entries(&collected)[0].purpose.len(),
            first + if code == 0 { 101 } else { 0 }
        );
    }
    // `Amt`, `CdtDbtInd` and `BookgDt/Dt` are kept before it, each with two signs that end it.
    let before = "Amt10.00 RUBCdtDbtIndCRDTBookgDt/Dt2024-07-03".len() + 6 + "X".len() + 2;
    for (bytes, code) in [(camt::RAW_BYTES_MAX - before, 0), (camt::RAW_BYTES_MAX - before + 1, 1)] {
        let collected = with_next(&format!("<X>{}</X>", "x".repeat(bytes)));
        assert_eq!(count(&collected, Code::CamtTextLimit), code, "{bytes}");
    }
}

#[test]
fn balances_at_the_limit_and_one_past_it() {
    let balance = "<Bal><Tp><CdOrPrtry><Cd>FWAV</Cd></CdOrPrtry></Tp><Amt Ccy=\"RUB\">1</Amt></Bal>";
    for (balances, code) in [(camt::BALANCES_MAX, 0), (camt::BALANCES_MAX + 1, 1)] {
        let collected = read(&statement(&balance.repeat(balances)));
        assert_eq!(count(&collected, Code::CamtBalances), code);
    }
}

#[test]
fn faults_at_the_limit_and_one_past_it() {
    let limit = usize::try_from(camt::FAULTS_MAX).unwrap();
    for (faults, code) in [(limit, 0), (limit + 1, 1)] {
        let collected = read(&statement(&format!("{}{}", "<!x>".repeat(faults), entry(""))));
        assert_eq!(count(&collected, Code::CamtFaults), code);
        assert_eq!(entries(&collected).len(), 1 - code);
    }
}

/// Gives the pieces again and again, as a file of any size would.
struct Endless {
    head: Vec<u8>,
    body: Vec<u8>,
    at: u64,
    length: u64,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.length - self.at).unwrap_or(usize::MAX);
        let count = buffer.len().min(left);
        let head = self.head.len() as u64;
        for byte in &mut buffer[..count] {
            *byte = if self.at < head {
                self.head[usize::try_from(self.at).unwrap()]
            } else {
                self.body[usize::try_from((self.at - head) % self.body.len() as u64).unwrap()]
            };
            self.at += 1;
        }
        Ok(count)
    }
}

impl Seek for Endless {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(_) => self.length,
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
        };
        Ok(self.at)
    }
}

#[test]
fn entries_come_one_by_one_and_a_source_that_fails_is_an_error() {
    let whole = statement("");
    let (head, _) = whole.split_once("</Stmt>").unwrap();
    let endless = Endless {
        head: head.into(),
        body: entry("").into(),
        at: 0,
        length: u64::MAX / 2,
    };
    let first = open(endless, &Options::default()).unwrap().take(1_000);
    let taken = first.filter(|event| matches!(event, Ok(Event::Entry { .. }))).count();
    assert_eq!(taken, 999, "all but the beginning of the statement");

    struct Failing(Endless);
    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.at > 200_000 {
                return Err(io::Error::other("the disk is gone"));
            }
            self.0.read(buffer)
        }
    }
    impl Seek for Failing {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }
    let endless = Endless {
        head: head.into(),
        body: entry("").into(),
        at: 0,
        length: u64::MAX / 2,
    };
    let last = open(Failing(endless), &Options::default()).unwrap().last().unwrap();
    assert_eq!(last.unwrap_err().to_string(), "the disk is gone");
}

#[test]
fn the_own_account_a_person_names_is_that_of_a_statement_without_one() {
    let text = "<Document><BkToCstmrStmt><Stmt></Stmt></BkToCstmrStmt></Document>";
    let own = |accounts: &[&str]| {
        let options = Options {
            own_accounts: accounts.iter().map(|&account| account.to_owned()).collect(),
            ..Options::default()
        };
        let collected = read_all(Cursor::new(text), &options).unwrap();
        collected.statements[0]
            .statement
            .account
            .clone()
            .map(|account| account.number)
    };
    assert_eq!(own(&[OWN]), Some(OWN.to_owned()));
    assert_eq!((own(&[]), own(&[OWN, "40702810600000007777"])), (None, None));
}

#[test]
fn a_document_that_is_only_announced_is_missed() {
    let whole = statement(&entry(""));
    let announced = format!("{whole}\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    assert_eq!(count(&read(&whole), Code::CamtCut), 0);
    assert_eq!(count(&read(&announced), Code::CamtCut), 1);
    assert_eq!(count(&read(&format!("{announced}{whole}")), Code::CamtCut), 0);
}
