//! The firms, the judge, and our engine before the judge.

#[cfg(test)]
mod bytes;
#[cfg(test)]
mod engine;
#[cfg(test)]
mod firms;
#[cfg(test)]
mod guard;
#[cfg(test)]
mod judge;
#[cfg(test)]
mod oracle;
