//! The same exchange by the rules of another country, told by its own keys and by its accounts: its sums are not roubles
//! and its codes are not ours, so that reading it as a Russian file would be wrong without a sign of it.

use domain::Text;

use super::{
    block::Block,
    field::{Field, normalised},
    value::compact,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Kazakhstan,
    Ukraine,
    Belarus,
    Uzbekistan,
    Kyrgyzstan,
    Moldova,
    Azerbaijan,
    Georgia,
    /// An account of any other country that numbers them by IBAN.
    Iban,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Of(Dialect),
    /// `МФО`, the code of a bank in Ukraine and in Uzbekistan: the accounts beside it decide.
    BankCode,
    /// A key that a Russian bank might add of itself: it counts only where the Russian sum is missing.
    Weak(Dialect),
}

impl Dialect {
    pub(super) fn country(self) -> Text {
        match self {
            Self::Kazakhstan => Text::new("Казахстан", "Kazakhstan"),
            Self::Ukraine => Text::new("Украина", "Ukraine"),
            Self::Belarus => Text::new("Беларусь", "Belarus"),
            Self::Uzbekistan => Text::new("Узбекистан", "Uzbekistan"),
            Self::Kyrgyzstan => Text::new("Киргизия", "Kyrgyzstan"),
            Self::Moldova => Text::new("Молдова", "Moldova"),
            Self::Azerbaijan => Text::new("Азербайджан", "Azerbaijan"),
            Self::Georgia => Text::new("Грузия", "Georgia"),
            Self::Iban => Text::new("счёт IBAN", "an IBAN account"),
        }
    }

    /// By an account number without blanks: an IBAN (ISO 13616), or the 20 digits of Uzbekistan, where customers' accounts
    /// begin with a 2 and the country's own currency is `000`.
    pub(super) fn of_account(account: &str) -> Option<Self> {
        if is_digits(account, 20) && account.starts_with('2') && account.get(5..8) == Some("000") {
            return Some(Self::Uzbekistan);
        }
        let country = account.get(..2)?.to_ascii_uppercase();
        let rest = account.get(2..)?;
        let is_iban = country.bytes().all(|byte| byte.is_ascii_uppercase())
            && (13..=32).contains(&rest.len())
            && rest.bytes().take(2).all(|byte| byte.is_ascii_digit())
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_iban.then_some(match country.as_str() {
            "KZ" => Self::Kazakhstan,
            "UA" => Self::Ukraine,
            "BY" => Self::Belarus,
            "MD" => Self::Moldova,
            "AZ" => Self::Azerbaijan,
            "GE" => Self::Georgia,
            _ => Self::Iban,
        })
    }

    /// By the keys of a document that are not the format's own, else by what both its sides have in common.
    pub(super) fn of_document(block: &Block) -> Option<Self> {
        let mut found = None;
        for (key, _) in block.unknown_keys() {
            match sign(&normalised(key)) {
                Some(Sign::Of(dialect)) => return Some(dialect),
                // The tax code of Ukraine decides, if it comes.
                Some(Sign::BankCode) => found = found.or_else(|| Some(Self::of_bank_code(block))),
                Some(Sign::Weak(dialect)) if block.filled(Field::Amount).is_none() => found = found.or(Some(dialect)),
                Some(Sign::Weak(_)) | None => {}
            }
        }
        found.or_else(|| Self::of_sides(block))
    }

    fn of_bank_code(block: &Block) -> Self {
        let mut accounts = [Field::PayerAccount, Field::PayeeAccount]
            .into_iter()
            .map(|field| compact(block.text(field)));
        if accounts.any(|account| is_digits(&account, 20)) {
            Self::Uzbekistan
        } else {
            Self::Ukraine
        }
    }

    /// One side abroad is a payment abroad; both sides in one other country are that country's own exchange.
    fn of_sides(block: &Block) -> Option<Self> {
        let [payer, payee] = [Field::PayerAccount, Field::PayeeAccount].map(|field| block.text(field));
        // Nearly always, and quickly.
        if is_digits(payer, 20) && !payer.starts_with('2') {
            return None;
        }
        let (payer, payee) = (compact(payer), compact(payee));
        let kyrgyz = |account: &str, bik: Field| is_digits(account, 16) && is_digits(block.text(bik), 6);
        if kyrgyz(&payer, Field::PayerBik) && kyrgyz(&payee, Field::PayeeBik) {
            return Some(Self::Kyrgyzstan);
        }
        let dialect = Self::of_account(&payer)?;
        (Self::of_account(&payee) == Some(dialect)).then_some(dialect)
    }
}

fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn sign(normalised: &str) -> Option<Sign> {
    let party = ["плательщик", "получатель"]
        .into_iter()
        .find_map(|party| normalised.strip_prefix(party));
    match party.unwrap_or(normalised) {
        "иик" | "бин_иин" | "бин" | "иин" | "кбе" if party.is_some() => {
            Some(Sign::Of(Dialect::Kazakhstan))
        }
        "окпо" if party.is_some() => Some(Sign::Of(Dialect::Ukraine)),
        "мфо" if party.is_some() => Some(Sign::BankCode),
        "унп" | "унн" if party.is_some() => Some(Sign::Of(Dialect::Belarus)),
        "номердокумента"
        | "датадокумента"
        | "виддокумента"
        | "суммарасход"
        | "суммаприход"
        | "датаоперации"
        | "кодназначенияплатежа" => Some(Sign::Weak(Dialect::Kazakhstan)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_tell_their_country() {
        for (account, dialect) in [
            ("KZ86125KZT5004100100", Some(Dialect::Kazakhstan)),
            ("kz86125kzt5004100100", Some(Dialect::Kazakhstan)),
            ("UA213223130000026007233566001", Some(Dialect::Ukraine)),
            ("BY13NBRB3600900000002Z00AB00", Some(Dialect::Belarus)),
            ("DE89370400440532013000", Some(Dialect::Iban)),
            ("20208000105474855002", Some(Dialect::Uzbekistan)),
            ("40702810100000000101", None),
            ("40702810К00000000101", None),
            ("KZ", None),
            ("KZTENGE", None),
            ("00000000000000000101", None),
            ("", None),
            ("1090806123456789", None),
        ] {
            assert_eq!(Dialect::of_account(account), dialect, "{account}");
        }
    }

    #[test]
    fn keys_tell_their_country() {
        for (key, expected) in [
            ("ПлательщикБИН_ИИН", Some(Sign::Of(Dialect::Kazakhstan))),
            ("ПолучательКБЕ", Some(Sign::Of(Dialect::Kazakhstan))),
            ("ПолучательОКПО", Some(Sign::Of(Dialect::Ukraine))),
            ("ПлательщикУНП", Some(Sign::Of(Dialect::Belarus))),
            ("ПлательщикМФО", Some(Sign::BankCode)),
            ("СуммаРасход", Some(Sign::Weak(Dialect::Kazakhstan))),
            ("МФО", None),
            ("ПлательщикТелефон", None),
        ] {
            assert_eq!(sign(&normalised(key)), expected, "{key}");
        }
    }
}
