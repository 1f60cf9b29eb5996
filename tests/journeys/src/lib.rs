//! The whole way of the money, walked with the real programs from outside: `sverka sandbox` is the CRM, `sverka watch`
//! works, a slow writer is the bank client. What is told and checked is read back from the sandbox over HTTP and from
//! the ledger by another `sverka` process. Nothing here calls the program's own code to know what it did.

pub mod account;
pub mod bank;
pub mod breaks;
pub mod place;
pub mod portal;
pub mod process;
pub mod programs;
pub mod proxy;
pub mod story;
pub mod wait;
