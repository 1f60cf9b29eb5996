//! The use cases together, against the sandbox's portal on loopback and the demo's statements.

mod amocrm;
mod behind;
mod companies;
mod crm;
mod desk;
mod drift;
mod firm;
mod grant;
mod honesty;
mod learning;
mod mapping;
mod money;
mod orders;
mod people;
mod property;
mod pulling;
mod refunds;
mod refusals;
mod rpc;
mod ruling;
mod several;
mod standing;
mod year;
