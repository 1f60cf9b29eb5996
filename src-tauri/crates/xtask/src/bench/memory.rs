//! Peak memory on a file of a gigabyte: it must not grow with the file.

use anyhow::Result;

use super::{
    files::{Format, Scratch, sverka},
    measure::{checked, run},
    verdict,
};

const FILE_BYTES: u64 = 1_000_000_000;
const PEAK_BYTES: u64 = 64_000_000;
/// A file of this many entries tells how many a larger one needs.
const SAMPLE_ENTRIES: u32 = 10_000;

/// `true`: every bar is reached.
pub fn measured(scratch: &Scratch) -> Result<bool> {
    println!(
        "\npeak memory on a file of a gigabyte; the bar is {} MB",
        megabytes(PEAK_BYTES)
    );
    println!("{:<9} {:<10} {:>9} {:>9}", "format", "what", "file, MB", "peak, MB");
    let mut reached = true;
    for format in Format::ALL {
        let sample = scratch.file(format, SAMPLE_ENTRIES)?;
        if let Err(error) = checked(&sample) {
            println!("{:<9} {error:#}", format.title());
            reached = false;
            continue;
        }
        let entries = FILE_BYTES * u64::from(SAMPLE_ENTRIES) / sample.bytes + u64::from(SAMPLE_ENTRIES);
        let file = scratch.file(format, u32::try_from(entries)?)?;
        for what in ["--summary", "--events"] {
            let peak = run(sverka(&[what]).arg(file.path()))?.peak;
            let enough = peak < PEAK_BYTES;
            reached &= enough;
            println!(
                "{:<9} {what:<10} {:>9} {:>9}  {}",
                format.title(),
                megabytes(file.bytes),
                megabytes(peak),
                verdict(enough)
            );
        }
    }
    Ok(reached)
}

fn megabytes(bytes: u64) -> u64 {
    bytes.div_ceil(1_000_000)
}
