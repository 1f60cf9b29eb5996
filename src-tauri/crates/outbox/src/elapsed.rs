//! Time that never goes back. Wall clocks are set by hand, by NTP and by time zones done wrong; waits are counted here
//! instead, from the differences between the moments the caller names.

use domain::Timestamp;

#[derive(Debug, Clone, Default)]
pub(crate) struct Elapsed {
    last: Option<Timestamp>,
    ms: u64,
}

impl Elapsed {
    /// Takes in the caller's clock. A step back counts as no time at all; a jump ahead counts in full, because a laptop
    /// that slept looks the same.
    pub(crate) fn observe(&mut self, now: Timestamp) -> u64 {
        if let Some(last) = self.last {
            self.ms = self.ms.saturating_add(now.ms_since(last));
        }
        self.last = Some(now);
        self.ms
    }

    /// The internal moment as of the last look at the clock.
    pub(crate) fn ms(&self) -> u64 {
        self.ms
    }

    /// What the caller's clock, as last seen, will show at an internal moment; a moment that has passed is now.
    pub(crate) fn on_the_clock(&self, at_ms: u64) -> Timestamp {
        self.last.unwrap_or_default().plus_ms(at_ms.saturating_sub(self.ms))
    }
}

#[cfg(test)]
mod tests {
    use super::Elapsed;
    use domain::Timestamp;

    #[test]
    fn goes_on_when_the_clock_goes_back() {
        let mut elapsed = Elapsed::default();
        assert_eq!(elapsed.observe(Timestamp(1_000)), 0, "the first look starts the count");
        assert_eq!(elapsed.observe(Timestamp(1_500)), 500);
        assert_eq!(elapsed.observe(Timestamp(-9_000)), 500, "back: no time");
        assert_eq!(
            elapsed.on_the_clock(700),
            Timestamp(-8_800),
            "a due moment moves with the clock"
        );
        assert_eq!(elapsed.observe(Timestamp(-8_800)), 700);
        assert_eq!(elapsed.on_the_clock(0), Timestamp(-8_800), "long passed is now");
    }
}
