//! The `sverka` command as other programs and people use it: started as a process, judged by what it prints, by its
//! exit code and by what the ledger and the CRM hold afterwards.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

mod anonymise;
mod confidential;
mod connection;
mod crm;
mod golden;
mod harness;
mod learning;
mod ledger;
mod matching;
mod orders;
mod profile;
mod read;
mod read_detection;
mod read_faults;
mod several;
mod words;
