//! A host for tests: a clock that is set by hand and randomness from a seed.

use std::sync::{
    Mutex,
    atomic::{AtomicI64, Ordering},
};

use domain::Timestamp;

use crate::{
    host::Host,
    vault::{DataKey, VaultError},
};

pub struct TestHost {
    now: AtomicI64,
    /// How far each look moves the clock on.
    step_ms: i64,
    state: Mutex<u64>,
}

impl TestHost {
    /// Stands at 2026-11-20T09:00:00Z.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            now: AtomicI64::new(1_795_165_200_000),
            step_ms: 0,
            state: Mutex::new(seed),
        }
    }

    /// Every look at the clock finds it later, so that nothing that waits for a moment waits for long.
    #[must_use]
    pub fn hurrying(seed: u64) -> Self {
        Self {
            step_ms: 200,
            ..Self::new(seed)
        }
    }
}

impl TestHost {
    /// Moves the clock on, or back.
    pub fn skip_ms(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Host for TestHost {
    fn now(&self) -> Timestamp {
        Timestamp(self.now.fetch_add(self.step_ms, Ordering::SeqCst))
    }

    fn utc_offset_minutes(&self) -> i32 {
        180
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        let mut state = self.state.lock().unwrap();
        for byte in bytes {
            // splitmix64: good enough to be unlike, and repeatable.
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            *byte = (mixed ^ (mixed >> 27)).to_le_bytes()[0];
        }
    }

    fn data_key(&self, _ledger: &str) -> Result<DataKey, VaultError> {
        Ok(DataKey::new([42; 32]))
    }
}
