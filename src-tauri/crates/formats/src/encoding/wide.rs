//! UTF-16 as a stream of UTF-8, so that everything after it knows lines of bytes only.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE};

use super::TextEncoding;

/// UTF-16 in, UTF-8 out, as a stream. What is no UTF-16 becomes U+FFFD.
pub(crate) struct Utf16Reader<R> {
    source: R,
    decoder: Decoder,
    raw: Vec<u8>,
    at: usize,
    ready: Vec<u8>,
    given: usize,
    finished: bool,
}

const CHUNK_BYTES: usize = 16 * 1024;

impl<R: Read> Utf16Reader<R> {
    /// `source` stands after the byte order mark.
    pub(crate) fn new(source: R, encoding: TextEncoding) -> Self {
        let encoding = if encoding == TextEncoding::Utf16Be {
            UTF_16BE
        } else {
            UTF_16LE
        };
        Self {
            source,
            decoder: encoding.new_decoder_without_bom_handling(),
            raw: Vec::new(),
            at: 0,
            ready: Vec::new(),
            given: 0,
            finished: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        while self.given == self.ready.len() && !self.finished {
            if self.at == self.raw.len() {
                self.raw.resize(CHUNK_BYTES, 0);
                let read = self.source.read(&mut self.raw)?;
                self.raw.truncate(read);
                self.at = 0;
            }
            let last = self.raw.is_empty();
            // Three bytes of UTF-8 at most for two of UTF-16, and room for what the decoder holds back.
            self.ready.resize(2 * CHUNK_BYTES, 0);
            let (result, read, written, _) = self.decoder.decode_to_utf8(&self.raw[self.at..], &mut self.ready, last);
            self.at += read;
            self.ready.truncate(written);
            self.given = 0;
            self.finished = last && result == CoderResult::InputEmpty;
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf16Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.refill()?;
        let count = buffer.len().min(self.ready.len() - self.given);
        buffer[..count].copy_from_slice(&self.ready[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_comes_out_as_utf8_whatever_the_size_of_reads() {
        let text = "Сумма=1\u{1F600}\r\n".repeat(5000);
        for (encoding, bytes) in [
            (
                TextEncoding::Utf16Le,
                text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(),
            ),
            (
                TextEncoding::Utf16Be,
                text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            ),
        ] {
            let mut out = String::new();
            Utf16Reader::new(&bytes[..], encoding).read_to_string(&mut out).unwrap();
            assert_eq!(out, text);
        }
    }
}
