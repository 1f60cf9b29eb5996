//! XML: the bare event loop of quick-xml, over bytes in memory and over a buffered file.

use std::{fs::File, io::BufReader};

use anyhow::{Context, Result};
use quick_xml::{Reader, events::Event};

/// Counts elements. Borrows from the file's bytes: quick-xml at its fastest.
pub fn events(bytes: &[u8]) -> Result<u64> {
    let mut reader = Reader::from_reader(bytes);
    let mut elements = 0;
    loop {
        match reader.read_event()? {
            Event::Start(_) | Event::Empty(_) => elements += 1,
            Event::Eof => return Ok(elements),
            _ => {}
        }
    }
}

/// Counts elements, with memory that does not grow with the file.
pub fn events_buffered(path: &str) -> Result<u64> {
    let file = File::open(path).with_context(|| format!("{path} cannot be read"))?;
    let mut reader = Reader::from_reader(BufReader::with_capacity(64 * 1024, file));
    let mut buffer = Vec::new();
    let mut elements = 0;
    loop {
        match reader.read_event_into(&mut buffer)? {
            Event::Start(_) | Event::Empty(_) => elements += 1,
            Event::Eof => return Ok(elements),
            _ => {}
        }
        buffer.clear();
    }
}
