//! `/EREF/.../ORDP//NAME/.../REMI/USTD//...`: keys between slashes. Values hold slashes too, so only known keys count.

use memchr::memchr_iter;

use super::Found;

/// The longest key.
const KEY_BYTES_MAX: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Purpose,
    EndToEnd,
    /// The payer, and a payee.
    Ordering,
    Beneficiary,
    /// Account, bank, name and city of the other side, between slashes (ING).
    Counterparty,
    Name,
    Account,
    Bank,
    BankName,
    Inn,
    Kpp,
    /// Known, so that the value before it ends; nothing to us.
    Other,
}

fn key(text: &[u8]) -> Option<Key> {
    Some(match text {
        b"REMI" | b"USTD" | b"STRD" | b"NZP" | b"NAZN" | b"PURPOSE" | b"RFB" | b"70" => Key::Purpose,
        b"EREF" => Key::EndToEnd,
        b"ORDP" | b"ORD" | b"50" | b"50K" | b"PAYER" | b"ULTD" => Key::Ordering,
        b"BENM" | b"BEN" | b"59" | b"PAYEE" | b"ULTB" | b"ULTC" => Key::Beneficiary,
        b"CNTP" => Key::Counterparty,
        b"NAME" => Key::Name,
        b"IBAN" | b"ACNO" | b"ACC" | b"ACCT" | b"ACCW" => Key::Account,
        b"BIC" | b"BIK" => Key::Bank,
        b"BANK" => Key::BankName,
        b"INN" => Key::Inn,
        b"KPP" => Key::Kpp,
        b"TRCD" | b"KREF" | b"MREF" | b"CRED" | b"MARF" | b"CSID" | b"ISDT" | b"ADDR" | b"ID" | b"RTRN" | b"TRTP"
        | b"INIT" | b"OPER" | b"PREF" | b"RTYP" | b"PURP" | b"SVCL" | b"IREF" | b"NRTX" | b"BAI" | b"OCMT"
        | b"CHGS" | b"ORDC" | b"EXCH" | b"OGB" | b"OSDR" | b"INST" | b"BUSP" | b"CDTRREF" | b"CDTRREFTP" | b"SCOR" => {
            Key::Other
        }
        _ => return None,
    })
}

/// A known key at the start: what begins with a slash may as well be a free text.
pub(super) fn starts_key(text: &str) -> bool {
    at(text.as_bytes(), 0).is_some()
}

/// The key at a slash, and where its value starts.
pub(crate) fn at(bytes: &[u8], slash: usize) -> Option<(Key, usize)> {
    let [b'/', rest @ ..] = &bytes[slash..] else {
        return None;
    };
    let length = rest.iter().take(KEY_BYTES_MAX + 1).position(|byte| *byte == b'/')?;
    Some((key(&rest[..length])?, slash + length + 2))
}

/// `purpose` is empty, and lent for what has to be joined.
pub(super) fn read<'a>(text: &'a str, credit: bool, purpose: &'a mut String) -> Found<'a> {
    let bytes = text.as_bytes();
    let mut fields = Reading {
        credit,
        own_side: false,
        sided: false,
        found: Found::default(),
    };
    let mut open: Option<(Key, usize)> = None;
    for slash in memchr_iter(b'/', bytes) {
        let Some((key, value)) = at(bytes, slash) else {
            continue;
        };
        // The slash that ends a key begins another one only in `/REMI/USTD//`: elsewhere a value stands there.
        let shared = open.is_some_and(|(_, from)| slash < from);
        if shared && !matches!(bytes.get(slash + 1..slash + 5), Some(b"USTD" | b"STRD")) {
            continue;
        }
        if let Some((before, from)) = open {
            fields.take(before, &text[from..slash.max(from)], purpose);
        }
        open = Some((key, value));
    }
    if let Some((key, from)) = open {
        fields.take(key, &text[from..], purpose);
    }
    let mut found = fields.found;
    found.whole_text = purpose.is_empty();
    found.purpose = if purpose.is_empty() { text } else { purpose };
    found
}

struct Reading<'a> {
    credit: bool,
    /// What follows is about the account's owner.
    own_side: bool,
    /// A side was named.
    sided: bool,
    found: Found<'a>,
}

impl<'a> Reading<'a> {
    fn take(&mut self, key: Key, value: &'a str, purpose: &mut String) {
        let value = value.trim_matches(['/', ' ']);
        match key {
            Key::Purpose => {
                if !purpose.is_empty() && !value.is_empty() {
                    purpose.push(' ');
                }
                purpose.push_str(value);
            }
            Key::EndToEnd => fill(&mut self.found.end_to_end, value),
            Key::Ordering | Key::Beneficiary => {
                self.own_side = (key == Key::Ordering) != self.credit;
                if !self.own_side && !self.sided {
                    self.sided = true;
                    // What was said without a side stays where nothing better comes.
                    if !value.is_empty() {
                        self.found.name = value;
                    }
                } else if self.own_side && !self.sided {
                    // Some banks name the other side so whatever the direction is.
                    fill(&mut self.found.name, value);
                }
            }
            Key::Counterparty => {
                let mut parts = value.split('/');
                for slot in [&mut self.found.account, &mut self.found.bank, &mut self.found.name] {
                    fill(slot, parts.next().unwrap_or(""));
                }
            }
            Key::Name if self.own_side && !self.found.name.is_empty() => {}
            Key::Name if !self.own_side && self.sided => self.found.name = value,
            Key::Name => fill(&mut self.found.name, value),
            Key::Account => fill(&mut self.found.account, value),
            Key::Bank => fill(&mut self.found.bank, value),
            Key::BankName => fill(&mut self.found.bank_name, value),
            Key::Inn => fill(&mut self.found.inn, value),
            Key::Kpp => fill(&mut self.found.kpp, value),
            Key::Other => {}
        }
    }
}

/// The first that says something.
fn fill<'a>(slot: &mut &'a str, value: &'a str) {
    if slot.is_empty() {
        *slot = value.trim();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, credit: bool) -> [String; 5] {
        let mut purpose = String::new();
        let found = read(text, credit, &mut purpose);
        [found.purpose, found.end_to_end, found.name, found.account, found.bank].map(str::to_owned)
    }

    #[test]
    fn only_known_keys_end_a_value() {
        let text = "/EREF/02-04-2013 22:56/BENM//NAME/Nespresso B.V./REMI/NR.201303-111/11.3.2013/ISDT/2013-04-03";
        assert_eq!(
            all(text, false)[..3],
            ["NR.201303-111/11.3.2013", "02-04-2013 22:56", "Nespresso B.V."]
        );
        let text = "/TRCD/00108/CNTP/NL32INGB0000012345/INGBNL2A/ING BANK NV//AMSTERDAM/REMI/USTD//INV 7/8/";
        assert_eq!(
            all(text, true),
            ["INV 7/8", "", "ING BANK NV", "NL32INGB0000012345", "INGBNL2A"]
        );
    }

    #[test]
    fn the_other_side_goes_by_the_direction() {
        let text = "/ORDP//NAME/PAYER/BENM//NAME/PAYEE/REMI/X";
        assert_eq!(
            (all(text, true)[2].as_str(), all(text, false)[2].as_str()),
            ("PAYER", "PAYEE")
        );
        assert_eq!(all("/ORDP/ONLY/REMI/X", false)[2], "ONLY");
    }

    #[test]
    fn without_a_purpose_all_of_it_is() {
        assert_eq!(
            all("/BAI/469/MISC DEBIT /BENM/Transfer", false)[0],
            "/BAI/469/MISC DEBIT /BENM/Transfer"
        );
        assert!(starts_key("/REMI/") && !starts_key("/REMI") && !starts_key("/x/") && !starts_key("REMI/"));
    }
}
