//! How the folder is watched.

/// Two looks at least this far apart must show the same file.
pub const LOOK_GAP_MS: u64 = 2_000;
/// A file without an end mark is taken after lying still this long.
pub const REST_MS: u64 = 30_000;
/// Beside events, the whole folder is looked through this often.
const RESCAN_LOCAL_MS: u64 = 60_000;
/// Without events, this often.
const RESCAN_POLL_MS: u64 = 10_000;
/// A folder that is away is looked for at least this often.
const GONE_LOOK_MS: u64 = 5_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Events of the OS and a slow rescan: local folders.
    #[default]
    Events,
    /// A rescan only: network folders, mapped drives, cloud folders.
    Poll,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    pub mode: Mode,
    pub rescan_ms: u64,
    /// How often a folder that is away is looked for.
    pub gone_look_ms: u64,
    /// See [`LOOK_GAP_MS`].
    pub look_gap_ms: u64,
    /// See [`REST_MS`].
    pub rest_ms: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            mode: Mode::Events,
            rescan_ms: RESCAN_LOCAL_MS,
            gone_look_ms: GONE_LOOK_MS,
            look_gap_ms: LOOK_GAP_MS,
            rest_ms: REST_MS,
        }
    }
}

impl Options {
    /// For folders without events.
    #[must_use]
    pub fn poll() -> Self {
        Self {
            mode: Mode::Poll,
            rescan_ms: RESCAN_POLL_MS,
            ..Self::default()
        }
    }
}
