//! The engine against tables of cases, against properties, and against other people's purposes where they are at hand.

#[cfg(test)]
mod cases;
#[cfg(test)]
mod combinations;
#[cfg(test)]
mod invariants;
#[cfg(test)]
mod order;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod purposes;
#[cfg(test)]
mod readings;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod taught;
#[cfg(test)]
mod verdicts;
