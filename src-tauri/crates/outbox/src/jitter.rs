//! A tiny integer generator (SplitMix64, Steele, Lea and Flood 2014), so that waits differ between computers and a seed
//! reproduces them. Not for secrets.

#[derive(Debug, Clone)]
pub(crate) struct Jitter {
    state: u64,
}

impl Jitter {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 to `top`, both included. The bias of the remainder is far below what a wait could show.
    pub(crate) fn up_to(&mut self, top: u64) -> u64 {
        match top.checked_add(1) {
            Some(count) => self.next() % count,
            None => self.next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Jitter;

    #[test]
    fn follows_the_published_sequence() {
        let mut jitter = Jitter::new(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| jitter.next()).collect();
        assert_eq!(
            first,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn stays_within_its_bound() {
        let mut jitter = Jitter::new(7);
        assert!((0..1000).all(|_| jitter.up_to(3) <= 3));
        assert_eq!(jitter.up_to(0), 0);
        let mut seen = [false; 4];
        (0..100).for_each(|_| seen[usize::try_from(jitter.up_to(3)).unwrap()] = true);
        assert_eq!(seen, [true; 4]);
        jitter.up_to(u64::MAX);
    }
}
