//! Waiting for what another process does: short looks, a generous deadline, no fixed sleeps.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

/// Between two looks: most of them start a process, which costs more than waiting.
const LOOK_EVERY: Duration = Duration::from_millis(150);
/// A busy machine is slow, not wrong.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Looks until something is seen.
///
/// # Errors
/// The look fails, or nothing is seen for [`PATIENCE`].
pub fn until<T>(what: &str, look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    until_every(LOOK_EVERY, what, look)
}

/// The same with looks as often as told.
///
/// # Errors
/// As [`until`].
pub fn until_every<T>(every: Duration, what: &str, mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(seen) = look()? {
            return Ok(seen);
        }
        if Instant::now() >= deadline {
            bail!("waited {} s in vain: {what}", PATIENCE.as_secs());
        }
        thread::sleep(every);
    }
}
