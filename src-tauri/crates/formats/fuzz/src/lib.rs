//! What the targets share; the crate's own test `replay` includes the same file.

mod properties;

pub use properties::{Target, check};
