//! The bank client: the demo's files, and how they get into the folder.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

pub const FIRST_DAY: &[u8] = include_bytes!("../../../fixtures/demo/kl_to_1c-2026-11-20.txt");
pub const FIRST_NAME: &str = "kl_to_1c-2026-11-20.txt";
pub const SECOND_DAY: &[u8] = include_bytes!("../../../fixtures/demo/kl_to_1c-2026-11-21.txt");
pub const SECOND_NAME: &str = "kl_to_1c-2026-11-21.txt";
pub const THIRD_DAY: &[u8] = include_bytes!("../../../fixtures/demo/kl_to_1c-2026-11-23.txt");
pub const THIRD_NAME: &str = "kl_to_1c-2026-11-23.txt";
pub const ORDER: &str = include_str!("../../../fixtures/demo/order.json");

/// Writes a file under its final name in pieces, as bank clients do; `pause` is called with the piece's place after every
/// piece but the last.
///
/// # Errors
/// The folder cannot be written; the pause fails.
pub fn write_slowly(
    path: &Path,
    bytes: &[u8],
    pieces: usize,
    mut pause: impl FnMut(usize) -> Result<()>,
) -> Result<()> {
    let mut file = File::create(path)?;
    let length = bytes.len().div_ceil(pieces.max(1)).max(1);
    let mut written = 0;
    for (at, piece) in bytes.chunks(length).enumerate() {
        file.write_all(piece)?;
        file.sync_data()?;
        written += piece.len();
        if written < bytes.len() {
            pause(at)?;
        }
    }
    Ok(())
}

/// Puts a file into a folder at once.
///
/// # Errors
/// The folder cannot be written.
pub fn drop_file(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf> {
    let path = folder.join(name);
    fs::write(&path, bytes)?;
    Ok(path)
}

/// The same bytes with `to` in place of the first `from`.
///
/// # Errors
/// `from` is not there.
pub fn altered(bytes: &[u8], from: &str, to: &str) -> Result<Vec<u8>> {
    let (from, to) = (from.as_bytes(), to.as_bytes());
    let at = position(bytes, from).context("there is nothing of the kind to alter")?;
    Ok([&bytes[..at], to, &bytes[at + from.len()..]].concat())
}

/// One file for both days: it overlaps each of them.
///
/// # Errors
/// The files are not what they were.
pub fn both_days() -> Result<Vec<u8>> {
    let documents = encoding_rs::WINDOWS_1251.encode("СекцияРасчСчет").0;
    let end = encoding_rs::WINDOWS_1251.encode("КонецФайла").0;
    let first_end = position(FIRST_DAY, &end).context("the first file has no end")?;
    let second_body = position(SECOND_DAY, &documents).context("the second file has no section")?;
    Ok([&FIRST_DAY[..first_end], &SECOND_DAY[second_body..]].concat())
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// A statement of `count` credits on one day, balanced: for files of a size at which a kill strikes in the middle.
#[must_use]
pub fn large_statement(count: u32) -> Vec<u8> {
    const ACCOUNT: &str = "40702810500032000017";
    let mut text = String::from("1CClientBankExchange\r\nВерсияФормата=1.03\r\nКодировка=Windows\r\n");
    text.push_str("ДатаНачала=20.11.2026\r\nДатаКонца=20.11.2026\r\n");
    text.push_str(&format!("РасчСчет={ACCOUNT}\r\n"));
    text.push_str("СекцияРасчСчет\r\nДатаНачала=20.11.2026\r\nДатаКонца=20.11.2026\r\n");
    text.push_str(&format!("РасчСчет={ACCOUNT}\r\nНачальныйОстаток=1000.00\r\n"));
    text.push_str(&format!(
        "ВсегоПоступило={}.00\r\nВсегоСписано=0.00\r\n",
        u64::from(count) * 10
    ));
    text.push_str(&format!(
        "КонечныйОстаток={}.00\r\nКонецРасчСчет\r\n",
        1000 + u64::from(count) * 10
    ));
    for number in 1..=count {
        text.push_str(&format!(
            "СекцияДокумент=Платежное поручение\r\nНомер={number}\r\nДата=20.11.2026\r\nСумма=10.00\r\n\
             ПлательщикСчет=40702810702300004517\r\nПлательщик=ООО \"Ромашка\"\r\nПлательщикИНН=7813641821\r\n\
             ПолучательСчет={ACCOUNT}\r\nДатаПоступило=20.11.2026\r\nПолучатель=ООО \"Северный ветер\"\r\n\
             ПолучательИНН=7802641756\r\nНазначениеПлатежа=Взнос {number} за участие. НДС не облагается\r\n\
             КонецДокумента\r\n"
        ));
    }
    text.push_str("КонецФайла\r\n");
    encoding_rs::WINDOWS_1251.encode(&text).0.into_owned()
}
