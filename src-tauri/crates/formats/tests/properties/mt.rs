//! Any bytes are read as MT940 without a panic, and a file cut anywhere never gives an entry, a sum or a balance that the
//! whole one does not hold.

use std::sync::LazyLock;

use domain::{Entry, Proof};
use formats::{Collected, Format, Severity};
use proptest::prelude::*;

use crate::given::{Fixture, entries, fixtures, read_as};

fn read(bytes: &[u8]) -> Collected {
    read_as(bytes, Some(Format::Mt940))
}

/// Files where something comes after a balance that looks like the end of it all: the next page, a stray entry.
const GROWING: [&str; 2] = ["page", "entry-after-end"];

static FIXTURES: LazyLock<Vec<Fixture>> = LazyLock::new(|| fixtures("mt", Some(Format::Mt940)));

/// Lines that mean something to the reader, in orders that mean nothing.
fn line() -> impl Strategy<Value = String> {
    let entries = "[0-9]{4,7}[0-9]{0,4}[ ]{0,4}[RE]?[CDcd][A-Z]?[0-9]{0,19}[,.]?[0-9]{0,3}[NSF]?[A-Z ]{0,3}\\PC{0,20}";
    let balances = "[CD][0-9]{4,6}(RUB|JPY|EUR|)[0-9]{0,19}[,.]?[0-9]{0,3}";
    prop_oneof![
        Just(":20:X".to_owned()),
        Just(":25:40702810500000000017".to_owned()),
        Just("-}{5:}".to_owned()),
        Just("-".to_owned()),
        Just("{1:F01X}{2:O942X}{4:".to_owned()),
        Just(":61:2407030703C1,00NTRFX//Y".to_owned()),
        "[0-9]{1,5}(/[0-9]{1,3})?".prop_map(|number| format!(":28C:{number}")),
        balances.prop_map(|balance| format!(":60F:{balance}")),
        balances.prop_map(|balance| format!(":60M:{balance}")),
        balances.prop_map(|balance| format!(":62F:{balance}")),
        balances.prop_map(|balance| format!(":62M:{balance}")),
        entries.prop_map(|entry| format!(":61:{entry}")),
        "([0-9]{3})?([?<>§][0-9]{2}\\PC{0,30}){0,8}".prop_map(|text| format!(":86:{text}")),
        "(/(EREF|REMI|NAME|BENM|ORDP|CNTP|USTD)/\\PC{0,12}){0,8}".prop_map(|text| format!(":86:{text}")),
        "ИНН ?[0-9]{8,13}[/ ]КПП [0-9]{8,10}\\PC{0,20}".prop_map(|text| format!(":86:{text}")),
        "'?\\(?[A-Za-z' ]{0,40}".prop_map(|text| format!(":86:{text}")),
        ":[0-9]{2}[A-Z]?:\\PC{0,20}",
        "\\PC{0,30}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(!read(&bytes).statements.is_empty());
        let begun = [b":20:X\n:25:1\n:60F:C240702RUB1,\n:61:", &bytes[..]].concat();
        prop_assert!(!read(&begun).statements.is_empty());
    }

    #[test]
    fn any_lines_are_read_and_no_entry_is_lost_in_silence(
        lines in prop::collection::vec(line(), 0..60),
        end in prop::sample::select(vec!["\n", "\r\n", "\r", "\r\r\n"]),
    ) {
        let text = lines.join(end);
        let collected = read(text.as_bytes());
        let started = lines.iter().filter(|line| line.starts_with(":61:")).count();
        let errors = collected.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
        prop_assert!(entries(&collected).len() + errors >= started, "{text}");
        for entry in entries(&collected) {
            prop_assert!(!entry.amount.is_negative());
        }
    }

    #[test]
    fn a_cut_file_gives_only_what_the_whole_one_holds(
        (file, at) in (0..FIXTURES.len()).prop_flat_map(|file| (Just(file), 0..FIXTURES[file].bytes.len())),
    ) {
        let fixture = &FIXTURES[file];
        let cut = read(&fixture.bytes[..at]);
        let whole = entries(&fixture.whole);
        let ours = entries(&cut);
        for (ours, whole) in ours.iter().zip(&whole) {
            let sums = |entry: &Entry| (entry.direction, entry.amount, entry.booked, entry.value, entry.line);
            prop_assert_eq!(sums(ours), sums(whole), "{} at {}", fixture.name, at);
            prop_assert_eq!(&ours.number, &whole.number);
            prop_assert_eq!(&ours.bank_reference, &whole.bank_reference);
        }
        if ours.len() < whole.len() {
            let severe = cut.diagnostics.iter().any(|diagnostic| diagnostic.severity != Severity::Note);
            let whole_messages = cut.statements.len() < fixture.whole.statements.len();
            let grows = GROWING.iter().any(|name| fixture.name.contains(name));
            prop_assert!(severe || whole_messages || grows, "{} at {at}: silent", fixture.name);
        }
    }
}

/// A proven statement of a cut file is one of the whole file, and a balance is the whole file's word or none at all.
#[test]
fn a_cut_file_never_declares_half_a_balance() {
    for fixture in FIXTURES.iter() {
        for at in (0..fixture.bytes.len()).step_by(7) {
            let cut = read(&fixture.bytes[..at]);
            for (ours, whole) in cut.statements.iter().zip(&fixture.whole.statements) {
                let place = || format!("{} at {at}", fixture.name);
                let (opening, closing) = (ours.statement.opening, ours.statement.closing);
                assert!(opening.is_none() || opening == whole.statement.opening, "{}", place());
                let pages = GROWING.iter().any(|name| fixture.name.contains(name));
                assert!(
                    closing.is_none() || closing == whole.statement.closing || pages,
                    "{}",
                    place()
                );
                if let (Some(ours), Some(whole)) = (&ours.statement.account, &whole.statement.account) {
                    assert_eq!(ours, whole, "{}", place());
                }
                if ours.proof == Proof::Proven && !pages {
                    assert_eq!(ours.entries.len(), whole.entries.len(), "{}", place());
                }
            }
        }
    }
}
