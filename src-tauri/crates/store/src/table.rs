//! One file a table (or a subject of several): its schema, its row types, its reads and its writes.

pub(crate) mod advice;
pub(crate) mod asked;
pub(crate) mod attempt;
pub(crate) mod audit;
pub(crate) mod balance;
pub(crate) mod company;
pub(crate) mod connection;
pub(crate) mod decision;
pub(crate) mod declared;
pub(crate) mod drift;
pub(crate) mod entry;
pub(crate) mod file;
pub(crate) mod inbox;
pub(crate) mod invoice;
pub(crate) mod lesson;
pub(crate) mod mark;
pub(crate) mod message;
pub(crate) mod order;
pub(crate) mod person;
pub(crate) mod proposal;
pub(crate) mod pull;
pub(crate) mod refund;
pub(crate) mod rejection;
pub(crate) mod rule;
pub(crate) mod setting;
pub(crate) mod status;
