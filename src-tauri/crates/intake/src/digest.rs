//! The content's name: what makes the same statement under two names one statement.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use sha2::{Digest, Sha256};

/// Read in pieces, so that the size of a file never matters.
const PIECE_BYTES: usize = 64 * 1024;

/// SHA-256 of a file's content, 64 lower-case hexadecimal digits.
///
/// # Errors
/// The file cannot be opened or read.
pub fn sha256_of(path: &Path) -> io::Result<String> {
    digest(File::open(path)?)
}

fn digest(mut source: impl Read) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match source.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => hash.update(&piece[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::{PIECE_BYTES, digest};

    #[test]
    fn is_the_published_hash() {
        assert_eq!(
            digest(&b"abc"[..]).unwrap(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn does_not_depend_on_where_pieces_end() {
        use std::io::Read;
        for size in [PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1] {
            let content = vec![7u8; size];
            let (head, tail) = content.split_at(size / 3);
            assert_eq!(digest(head.chain(tail)).unwrap(), digest(&content[..]).unwrap());
            assert_ne!(digest(&content[1..]).unwrap(), digest(&content[..]).unwrap());
        }
    }
}
