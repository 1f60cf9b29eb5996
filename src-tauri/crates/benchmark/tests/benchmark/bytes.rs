//! The same seed makes the same bytes, on every machine: otherwise nobody can repeat a figure.

use benchmark::{firm::Firm, seeds};

/// FNV-1a. Changes with the texts and with the generator; then the published figures have to be made anew.
const BYTES_OF_THE_FIRST_FIRM: u64 = 0x066d_9d20_2477_a0cf;

fn digest(firm: &Firm) -> u64 {
    let texts = [
        serde_json::to_string(&firm.invoices).unwrap(),
        serde_json::to_string(&firm.payments).unwrap(),
        serde_json::to_string(&firm.policy).unwrap(),
        serde_json::to_string(&firm.truths).unwrap(),
    ];
    texts
        .iter()
        .flat_map(|text| text.bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}

#[test]
fn the_same_seed_makes_the_same_bytes() {
    let first = digest(&Firm::new(seeds::DEVELOPING[0], 0));
    assert_eq!(first, digest(&Firm::new(seeds::DEVELOPING[0], 0)));
    assert_ne!(first, digest(&Firm::new(seeds::DEVELOPING[0], 1)));
    assert_ne!(first, digest(&Firm::new(seeds::DEVELOPING[1], 0)));
    assert_eq!(first, BYTES_OF_THE_FIRST_FIRM, "{first:#018x}");
}

#[test]
fn nobody_develops_on_what_is_held_out() {
    assert!(seeds::HELD_OUT.iter().all(|seed| !seeds::DEVELOPING.contains(seed)));
}
