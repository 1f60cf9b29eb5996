//! Entries come while the file is still being read, and a source that fails is an error and the end.

use std::{
    cell::Cell,
    io::{self, Cursor, Read, Seek, SeekFrom},
    rc::Rc,
};

use formats::{Event, Options, open, read_all};

/// A source that tells how far it was read.
struct Watched {
    bytes: Cursor<Vec<u8>>,
    at: Rc<Cell<u64>>,
    fails_at: u64,
}

impl Watched {
    fn new(text: &str, fails_at: u64) -> Self {
        Self {
            bytes: Cursor::new(text.as_bytes().to_vec()),
            at: Rc::new(Cell::new(0)),
            fails_at,
        }
    }
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.bytes.position() >= self.fails_at {
            return Err(io::Error::other("the network drive went away"));
        }
        let count = self.bytes.read(buffer)?;
        self.at.set(self.bytes.position());
        Ok(count)
    }
}

impl Seek for Watched {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = self.bytes.seek(to)?;
        self.at.set(at);
        Ok(at)
    }
}

const ENTRIES: usize = 20_000;

/// A large file of each format that is read as a stream of its own.
fn large() -> [(&'static str, String); 5] {
    let document = "СекцияДокумент=Платежное поручение\nНомер=1\nДата=03.07.2024\nСумма=10\n\
        ПлательщикСчет=40702810100000000202\nПолучательСчет=40702810900000000101\nДатаПоступило=03.07.2024\n\
        КонецДокумента\n";
    let onec = format!(
        "1CClientBankExchange\nРасчСчет=40702810900000000101\n{}КонецФайла\n",
        document.repeat(ENTRIES)
    );
    let mt = format!(
        ":20:X\r\n:25:1\r\n:60F:C240702EUR0,\r\n{}:62F:C240703EUR20000,\r\n",
        ":61:2407030703C1,00NTRF1//2\r\n:86:a\r\nb\r\n".repeat(ENTRIES)
    );
    let ntry =
        "<Ntry><Amt Ccy=\"RUB\">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2024-07-03</Dt></BookgDt></Ntry>";
    let camt = format!(
        "<Document><BkToCstmrStmt><Stmt><Acct><Id><Othr><Id>40702810900000000101</Id></Othr></Id></Acct>{}</Stmt>\
         </BkToCstmrStmt></Document>",
        ntry.repeat(ENTRIES)
    );
    let rows = "12.03.2025;10,00;ООО «Ромашка»;Оплата\n13.03.2025;-5,00;ООО «Ромашка»;Оплата\n";
    let table = format!(
        "Счёт;40702810900000000101\nДата;Сумма;Контрагент;Назначение\n{}",
        rows.repeat(ENTRIES / 2)
    );
    let operation = r#"{"operationId":"1","typeOfOperation":"Credit","accountNumber":"40702810900000000101","accountAmount":1.5,"trxnPostDate":"2025-03-12T00:00:00Z"}"#;
    let json = format!(
        "{{\"operations\":[{}{operation}],\"balances\":{{}}}}",
        format!("{operation},").repeat(ENTRIES - 1)
    );
    [
        ("1C", onec),
        ("MT940", mt),
        ("camt", camt),
        ("table", table),
        ("JSON", json),
    ]
}

#[test]
fn entries_come_while_the_file_is_still_being_read() {
    for (format, text) in large() {
        let source = Watched::new(&text, u64::MAX);
        let at = Rc::clone(&source.at);
        let mut reading = open(source, &Options::default()).unwrap();
        assert!(
            reading.any(|event| matches!(event, Ok(Event::Entry { .. }))),
            "{format}"
        );
        assert!(
            at.get() < text.len() as u64 / 2,
            "{format}: {} of {}",
            at.get(),
            text.len()
        );
        let rest = reading.filter(|event| matches!(event, Ok(Event::Entry { .. }))).count();
        assert_eq!(rest, ENTRIES - 1, "{format}");
    }
}

#[test]
fn a_source_that_fails_is_an_error_and_the_end() {
    for (format, text) in large() {
        for fails_at in [0, 200_000] {
            let read = read_all(Watched::new(&text, fails_at), &Options::default());
            let error = read.expect_err(format);
            assert_eq!(error.to_string(), "the network drive went away", "{format}");
        }
    }
}
