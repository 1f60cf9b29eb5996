mod engine;
mod guard;
