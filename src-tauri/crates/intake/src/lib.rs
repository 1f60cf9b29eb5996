//! The watched folder: which of the bank's files is complete, new and readable.
//!
//! It deliberately knows nothing of statements: whether a file looks finished is asked of the caller, who shows the last
//! bytes to a format ([`EndMark`]), and so is whether a content is known already (the ledger remembers hashes, so a
//! restart forgets nothing). The bank's files are only ever read: never moved, renamed, changed or locked for longer than
//! a look.
//!
//! [`Settling`] is the core without IO or a clock: it is told what a look at a file showed and says what to do next.
//! [`Folder`] brings the disk, the events of the OS (`notify`) and a slow rescan, because network folders send no events
//! and local ones lose some.

mod arrival;
mod digest;
mod folder;
mod look;
mod names;
mod options;
mod rounds;
mod settling;
mod signals;
mod sorrows;

pub use arrival::Arrival;
pub use digest::sha256_of;
pub use folder::{Folder, WatchError};
pub use names::is_ignored;
pub use options::{LOOK_GAP_MS, Mode, Options, REST_MS};
pub use settling::{Completeness, EndMark, Exclusive, Look, Settling, Verdict};
