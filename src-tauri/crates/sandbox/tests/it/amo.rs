//! The amoCRM account over HTTP, as a client meets it.

mod cards;
mod catalogs;
mod desk;
mod founding;
mod incoming;
mod keys;
mod limits;
mod moods;
mod secure;
mod timeline;

pub use desk::{AmoDesk, values};
