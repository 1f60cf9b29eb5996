//! A member's bytes into a temporary file that nobody else sees, up to a limit.

use std::{
    fs::File,
    io::{self, Read, Write},
};

const CHUNK_BYTES: usize = 64 * 1024;

#[derive(Debug)]
pub(super) enum Spooled {
    Whole(File, u64),
    /// More than `limit` bytes come.
    TooLarge,
    /// What is packed is broken.
    Damaged,
}

/// `broken`: whether an error is the archive's own and not that of the source it is read from.
pub(super) fn spool(mut packed: impl Read, limit: u64, broken: impl Fn() -> bool) -> io::Result<Spooled> {
    let mut file = tempfile::tempfile()?;
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut bytes = 0u64;
    loop {
        let count = match packed.read(&mut chunk) {
            Ok(0) => return Ok(Spooled::Whole(file, bytes)),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) if broken() => return Ok(Spooled::Damaged),
            Err(error) => return Err(error),
        };
        bytes += count as u64;
        if bytes > limit {
            return Ok(Spooled::TooLarge);
        }
        file.write_all(&chunk[..count])?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_the_limit_and_one_past_it() {
        for (bytes, whole) in [(100_000, true), (100_001, false)] {
            let spooled = spool(io::repeat(b'x').take(bytes), 100_000, || false).unwrap();
            assert_eq!(matches!(spooled, Spooled::Whole(_, 100_000)), whole);
        }
    }
}
