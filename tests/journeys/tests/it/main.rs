//! What must hold of the real programs, seen from outside.

mod at_once;
mod breaks;
mod durability;
mod killed_often;
mod messages;
mod story;
