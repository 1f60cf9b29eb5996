//! Which seeds the figures stand on.

/// Looked at while an engine is written: failures on them are read one by one.
pub const DEVELOPING: [u64; 3] = [11, 12, 13];
/// The published figures come from these. Whoever improves an engine does not look at single payments of them, only at
/// the table: rules learned from the very texts they are judged by prove nothing.
pub const HELD_OUT: [u64; 3] = [9_001, 9_002, 9_003];
/// Firms of one seed. Each is a book of its own, because invoice numbers belong to a firm.
pub const FIRMS: u32 = 34;
/// The held-out seeds together must have this many payments: a precision of 1.0 on fewer says little.
pub const PAYMENTS_MIN: usize = 100_000;
