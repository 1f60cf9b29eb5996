//! Files that no reader can take whole, or that the independent reader does not know: looked at by hand and with the
//! schemas of ISO 20022. What a reader has to say of each of them, whatever else it does.
//!
//! Many more files break their schema and are read all the same: references too long, dates in the place of times,
//! elements out of order. What they say of money is plain, and expected in full.

use super::reading::FileRead;

/// Path in its corpus; the codes that must be told.
const BROKEN: [(&str, &[&str]); 12] = [
    // A date that is none, and a balance run together with a number.
    (
        "mt-cmxl/spec/fixtures/mt940-headers.txt",
        &["mt/entry-line", "mt/balance"],
    ),
    // One mark of a credit or debit is a small letter.
    (
        "mt-dovadi/docs/MT940_voorbeeldbestanden_abnamro.txt",
        &["mt/small-mark"],
    ),
    // Balances without a currency.
    (
        "mt-rs/tests/data/mt942/special-cases/raphaelm.sta",
        &["mt/balance-currency"],
    ),
    // An amount with two points.
    (
        "camt-bsp/tests/test_data/golden/camt053_garbled_amount.xml",
        &["camt/amount"],
    ),
    ("camt-bsp/tests/test_data/invalid.xml", &["format/not-a-statement"]),
    (
        "camt-bsp/tests/test_data/pain.001.001.03.xml",
        &["format/not-a-statement"],
    ),
    // A version that nobody else reads: its entry is plain.
    ("camt-genkgo/test/data/camt052.v1.xml", &["camt/version"]),
    ("camt-genkgo/test/data/camt053.v2.wrong.xml", &["camt/no-statement"]),
    // A template: names in the places of values.
    (
        "camt-rousseau/camt053/templates/camt.053.001.14/statement.xml",
        &["camt/currency"],
    ),
    (
        "camt-viafintech/spec/fixtures/052/valid_namespace.xml",
        &["camt/no-statement"],
    ),
    (
        "camt-viafintech/spec/fixtures/053/valid_namespace.xml",
        &["camt/no-statement"],
    ),
    (
        "camt-viafintech/spec/fixtures/general/invalid_namespace.xml",
        &["camt/no-statement"],
    ),
];

/// What must be told of the file; `None`: it is not one of these.
pub fn expected(path: &str) -> Option<&'static [&'static str]> {
    BROKEN
        .iter()
        .find(|(broken, _)| *broken == path)
        .map(|(_, codes)| *codes)
}

/// The listed files of a corpus, by the beginning of their paths.
pub fn listed(prefix: &str) -> impl Iterator<Item = &'static str> {
    BROKEN
        .iter()
        .map(|(path, _)| *path)
        .filter(move |path| path.starts_with(prefix))
}

/// The codes that should have been told, and were not.
pub fn untold(codes: &[&'static str], read: &FileRead) -> Vec<&'static str> {
    let told = |code: &&str| read.diagnostics.iter().any(|diagnostic| diagnostic.code == **code);
    codes.iter().copied().filter(|code| !told(code)).collect()
}
