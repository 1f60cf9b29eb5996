//! The sandbox over HTTP, as a client meets it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

mod amo;
mod around;
mod batches;
mod bodies;
mod browser;
mod deeds;
mod demo;
mod desk;
mod goods;
mod inside;
mod lists;
mod moods;
mod related;
mod steering;
mod third;
mod tokens;
mod weather;
mod writes;
