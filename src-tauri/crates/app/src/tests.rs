//! The use cases together, against the sandbox's portal on loopback and the demo's statements.

mod crm;
mod firm;
mod honesty;
mod money;
mod orders;
mod people;
mod property;
mod rpc;
