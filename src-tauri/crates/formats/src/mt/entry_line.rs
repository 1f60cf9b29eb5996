//! The grammar of `:61:`, the line of an entry.

use memchr::memchr_iter;

use super::value::{self, Day};

/// What its mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// Raises the balance: `C`, `RD`, `EC`.
    pub(super) credit: bool,
    /// `RC`, `RD`: an earlier entry is taken back.
    pub(super) reversal: bool,
    /// `EC`, `ED`: it is still to come.
    pub(super) expected: bool,
    /// Written in small letters.
    pub(super) small: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EntryLine<'a> {
    pub(super) value: Day,
    /// `None` where it is left out or blank.
    pub(super) booked: Option<Day>,
    /// An entry date stands there that is none.
    pub(super) bad_booked: bool,
    pub(super) mark: Mark,
    /// Digits with a comma or a point.
    pub(super) amount: &'a str,
    /// Four characters, a blank at the end included: `NTRF`, `NOV `.
    pub(super) kind: Option<&'a str>,
    pub(super) customer_reference: &'a str,
    pub(super) bank_reference: &'a str,
}

/// Where and why a line is none: the byte where it stops making sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotALine {
    pub(super) at: usize,
    pub(super) part: Part,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    ValueDate,
    Mark,
    Amount,
}

/// `text` is the field's first line.
pub(super) fn parse(text: &str) -> Result<EntryLine<'_>, NotALine> {
    let bytes = text.as_bytes();
    let fails = |at, part| NotALine { at, part };
    let value = bytes
        .get(..6)
        .and_then(value::day)
        .ok_or_else(|| fails(0, Part::ValueDate))?;
    let (booked, bad_booked, at) = booked(bytes, value);
    let (mark, at) = mark(bytes, at).ok_or_else(|| fails(at, Part::Mark))?;
    let length = value::amount_length(&bytes[at..]);
    // Bytes of an amount are ASCII, so that both ends are between letters; the same goes for all cuts below.
    let amount = &text[at..at + length];
    if !amount.bytes().any(|byte| byte.is_ascii_digit()) {
        return Err(fails(at, Part::Amount));
    }
    let rest = text[at + length..].trim_ascii_start();
    let (kind, references) = match rest.as_bytes() {
        [b'N' | b'S' | b'F', code @ ..] if code.len() >= 3 && code[..3].iter().all(|byte| is_type(*byte)) => {
            (Some(&rest[..4]), &rest[4..])
        }
        _ => (None, rest),
    };
    let bytes = references.as_bytes();
    let cut = memchr_iter(b'/', bytes).find(|slash| bytes.get(slash + 1) == Some(&b'/'));
    let (customer, bank) = match cut {
        Some(cut) => (&references[..cut], &references[cut + 2..]),
        None => (references, ""),
    };
    Ok(EntryLine {
        value,
        booked,
        bad_booked,
        mark,
        amount,
        kind,
        customer_reference: customer.trim_ascii(),
        bank_reference: bank.trim_ascii(),
    })
}

fn is_type(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' '
}

/// The entry date after the value date, and where the mark starts: `MMDD`, four blanks (ASN), `YYMMDD`, or nothing.
fn booked(bytes: &[u8], value: Day) -> (Option<Day>, bool, usize) {
    let rest = &bytes[6..];
    // The same day, as a rule; its digits were looked at already.
    if rest.starts_with(&bytes[2..6]) && rest.get(4).is_some_and(|next| !next.is_ascii_digit()) {
        return (Some(value), false, 10);
    }
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
    let day = match digits {
        0 => return (None, false, 6 + blanks),
        4 => value::day_near(&rest[..4], value.date),
        6 => value::day(&rest[..6]),
        _ => None,
    };
    (day, day.is_none(), 6 + digits)
}

/// `C`, `D`, `RC`, `RD`, `EC`, `ED`, and the funds code after it.
fn mark(bytes: &[u8], at: usize) -> Option<(Mark, usize)> {
    let small = |byte: &u8| byte.is_ascii_lowercase();
    let prefix = bytes.get(at)?.to_ascii_uppercase();
    let (prefix, letter_at) = match prefix {
        b'R' | b'E' => (Some(prefix), at + 1),
        _ => (None, at),
    };
    let letter = bytes.get(letter_at)?;
    let plain_credit = match letter.to_ascii_uppercase() {
        b'C' => true,
        b'D' => false,
        _ => return None,
    };
    let reversal = prefix == Some(b'R');
    let mark = Mark {
        credit: plain_credit != reversal,
        reversal,
        expected: prefix == Some(b'E'),
        small: bytes[at..=letter_at].iter().any(small),
    };
    let mut at = letter_at + 1;
    // The funds code: the last letter of the currency, as a rule.
    if bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
        at += 1;
    }
    let blanks = bytes[at..].iter().take_while(|byte| **byte == b' ').count();
    Some((mark, at + blanks))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Effect, amount, kind, customer's and bank's reference.
    fn brief(text: &str) -> (char, &str, Option<&str>, &str, &str) {
        let line = parse(text).unwrap();
        let sign = if line.mark.credit { '+' } else { '-' };
        (
            sign,
            line.amount,
            line.kind,
            line.customer_reference,
            line.bank_reference,
        )
    }

    #[test]
    fn marks_go_by_their_effect_on_the_balance() {
        for (mark, credit, reversal, expected) in [
            ("C", true, false, false),
            ("D", false, false, false),
            ("RC", false, true, false),
            ("RD", true, true, false),
            ("EC", true, false, true),
            ("ED", false, false, true),
            ("CR", true, false, false),
            ("DR", false, false, false),
            ("RCR", false, true, false),
            ("RDK", true, true, false),
        ] {
            let text = format!("2407030703{mark}25,00NTRFX");
            let line = parse(&text).unwrap();
            let found = (line.mark.credit, line.mark.reversal, line.mark.expected);
            assert_eq!((found, line.amount), ((credit, reversal, expected), "25,00"), "{mark}");
        }
    }

    #[test]
    fn references_are_kept_as_written() {
        assert_eq!(
            brief("2407030703CR300,NTRFTFNr 40005//0724"),
            ('+', "300,", Some("NTRF"), "TFNr 40005", "0724")
        );
        assert_eq!(
            brief("100722D25,03NOV NONREF"),
            ('-', "25,03", Some("NOV "), "NONREF", "")
        );
        assert_eq!(
            brief("1710111011DF2402,00S   X"),
            ('-', "2402,00", Some("S   "), "X", "")
        );
        assert_eq!(
            brief("2011301130DN43000,00//19239810200"),
            ('-', "43000,00", None, "", "19239810200")
        );
        assert_eq!(
            brief("2103310331C50,00 NTRFNONREF//21"),
            ('+', "50,00", Some("NTRF"), "NONREF", "21")
        );
        assert_eq!(
            brief("180627D79,NMSCFOOBAR/123//HERP"),
            ('-', "79,", Some("NMSC"), "FOOBAR/123", "HERP")
        );
        assert_eq!(
            brief("1203290329DD20000,00NTRF1004     //61"),
            ('-', "20000,00", Some("NTRF"), "1004", "61")
        );
        assert_eq!(brief("170914D233,15NMSC"), ('-', "233,15", Some("NMSC"), "", ""));
        assert_eq!(brief("240703C,50NTRFЖ"), ('+', ",50", Some("NTRF"), "Ж", ""));
    }

    #[test]
    fn entry_dates_may_be_missing_or_blank_or_none() {
        let booked = |text| parse(text).map(|line| (line.booked.map(|day| day.date.to_string()), line.bad_booked));
        assert_eq!(booked("200101    D65,00NOVBX"), Ok((None, false)));
        assert_eq!(booked("200101D65,00NOVBX"), Ok((None, false)));
        assert_eq!(
            booked("2512310102D65,00NOVBX"),
            Ok((Some("2026-01-02".to_owned()), false))
        );
        assert_eq!(booked("2001011345D65,00NOVBX"), Ok((None, true)));
    }

    #[test]
    fn what_is_no_line_says_where() {
        for (text, at, part) in [
            ("", 0, Part::ValueDate),
            ("3622687806CR1,NMSC", 0, Part::ValueDate),
            ("240703X1,NTRF", 6, Part::Mark),
            ("240703C", 7, Part::Amount),
            ("240703C,NTRF", 7, Part::Amount),
            ("240703RЖ", 6, Part::Mark),
            ("1811261126CR", 12, Part::Amount),
        ] {
            assert_eq!(parse(text), Err(NotALine { at, part }), "{text}");
        }
    }
}
