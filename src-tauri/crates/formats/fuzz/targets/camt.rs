#![no_main]

use formats_fuzz::{Target, check};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| check(Target::Camt, bytes));
