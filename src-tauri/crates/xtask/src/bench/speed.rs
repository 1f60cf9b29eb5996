//! User time of `sverka read` on 100 000 entries, as ratios to programs that do the least, in the same run. Ratios hold
//! from machine to machine where seconds do not.

use anyhow::Result;

use super::{
    files::{Format, Scratch, base, sverka},
    measure::{Subject, checked, hundredths, milliseconds, ratio},
    verdict,
};

const ENTRIES: u32 = 100_000;
const RUNS: u32 = 5;

/// A program to measure against, and what `--summary` may cost: hundredths of its time.
struct Base {
    program: &'static str,
    what: &'static str,
    /// `None`: for a look only.
    bar: Option<u128>,
}

/// What `--events` may cost, in hundredths of `--summary`: what is printed is more than what is read.
const EVENTS_BAR: u128 = 400;

fn bases(format: Format) -> &'static [Base] {
    match format {
        Format::Mt => &[
            Base {
                program: "mt-tags",
                what: "tags, in memory",
                bar: None,
            },
            Base {
                program: "mt-tags-by-line",
                what: "tags, line by line",
                bar: Some(700),
            },
            Base {
                program: "swift-mt-message",
                what: "the crate swift-mt-message",
                bar: Some(99),
            },
        ],
        Format::Camt => &[
            Base {
                program: "xml-events",
                what: "quick-xml's events, in memory",
                bar: Some(250),
            },
            Base {
                program: "xml-events-buffered",
                what: "quick-xml's events, buffered",
                bar: None,
            },
        ],
        Format::Onec => &[Base {
            program: "onec-decode",
            what: "decode and look for =",
            bar: Some(300),
        }],
    }
}

/// `true`: every bar is reached.
pub fn measured(scratch: &Scratch) -> Result<bool> {
    println!("\nuser time of {ENTRIES} entries, best of {RUNS}; the bar is a ratio");
    println!(
        "MT940 is held to «tags, line by line», a read in bounded memory as ours is; «in memory» has the whole file there \
         before it looks"
    );
    println!("{}", row(["format", "what", "against", "ms", "ms", "ratio", "bar", ""]));
    let mut reached = true;
    for format in Format::ALL {
        reached &= of(format, scratch)?;
    }
    Ok(reached)
}

fn of(format: Format, scratch: &Scratch) -> Result<bool> {
    let file = scratch.file(format, ENTRIES)?;
    if let Err(error) = checked(&file) {
        println!("{:<9} {error:#}", format.title());
        return Ok(false);
    }
    let mut summary = Subject::new(&file, || sverka(&["--summary"]))?;
    let mut events = Subject::new(&file, || sverka(&["--events"]))?;
    let mut against = Vec::new();
    for base_of in bases(format) {
        against.push((base_of, Subject::new(&file, || base(base_of.program))?));
    }
    // In turns: what else the machine does then falls on all of them.
    for _ in 0..RUNS {
        summary.measure()?;
        events.measure()?;
        for (_, subject) in &mut against {
            subject.measure()?;
        }
    }
    let mut reached = true;
    let mut compare = |what: &str, ours: &Subject<'_>, against: &str, base: &Subject<'_>, bar: Option<u128>| {
        let ratio = ratio(ours.best(), base.best());
        let enough = bar.is_none_or(|bar| ratio <= bar);
        reached &= enough;
        let bar_text = bar.map(hundredths).unwrap_or_default();
        let cells = [
            format.title(),
            what,
            against,
            &milliseconds(ours.best()),
            &milliseconds(base.best()),
            &hundredths(ratio),
            &bar_text,
            if bar.is_some() { verdict(enough) } else { "" },
        ];
        println!("{}", row(cells));
    };
    for (base_of, subject) in &against {
        compare("--summary", &summary, base_of.what, subject, base_of.bar);
    }
    compare("--events", &events, "--summary", &summary, Some(EVENTS_BAR));
    Ok(reached)
}

fn row(cells: [&str; 8]) -> String {
    let [format, what, against, ours, base, ratio, bar, verdict] = cells;
    format!("{format:<9} {what:<10} {against:<30} {ours:>9} {base:>9} {ratio:>7} {bar:>6} {verdict}")
}
