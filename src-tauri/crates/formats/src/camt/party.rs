//! One side of a payment as it is being read.

use domain::{Counterparty, ShortText};

use super::{
    element::Node,
    value::{identifier, reference},
};

#[derive(Debug, Default)]
pub(super) struct Party {
    name: String,
    /// On whose behalf.
    ultimate: String,
    inn: String,
    kpp: String,
    account: String,
    bank: Bank,
    /// An identifier whose scheme is not yet known.
    identifier: String,
    scheme: String,
}

/// A bank as it is being read.
#[derive(Debug, Default)]
pub(super) struct Bank {
    bik: String,
    bic: String,
    /// Of another clearing system.
    member: String,
    name: String,
    clearing: String,
}

impl Bank {
    pub(super) fn clear(&mut self) {
        for text in [
            &mut self.bik,
            &mut self.bic,
            &mut self.member,
            &mut self.name,
            &mut self.clearing,
        ] {
            text.clear();
        }
    }

    pub(super) fn take(&mut self, node: Node, text: &str) {
        let field = match node {
            Node::Bic => &mut self.bic,
            Node::BankName => &mut self.name,
            Node::ClearingCode => &mut self.clearing,
            Node::Member => &mut self.member,
            _ => return,
        };
        field.clear();
        field.push_str(text);
    }

    /// At the end of `ClrSysMmbId`: `RUCBC` is the Bank of Russia, whose members have a BIK of nine digits. Some write
    /// the code before it as well.
    pub(super) fn end_clearing(&mut self) {
        let bare = self.member.trim_start_matches("RUCBC").trim_start_matches("RU");
        let is_bik = bare.len() == 9 && bare.bytes().all(|byte| byte.is_ascii_digit());
        if is_bik && (self.clearing == "RUCBC" || bare.len() < self.member.len()) {
            self.bik.clear();
            self.bik.push_str(bare);
        }
        self.clearing.clear();
    }

    /// BIK or BIC, or the number in another clearing system.
    pub(super) fn code(&self) -> Option<ShortText> {
        [&self.bik, &self.bic, &self.member]
            .into_iter()
            .find_map(|code| identifier(code))
            .map(ShortText::from)
    }

    pub(super) fn name(&self) -> Option<String> {
        reference(&self.name).map(str::to_owned)
    }
}

impl Party {
    pub(super) fn clear(&mut self) {
        for text in [
            &mut self.name,
            &mut self.ultimate,
            &mut self.inn,
            &mut self.kpp,
            &mut self.account,
            &mut self.identifier,
            &mut self.scheme,
        ] {
            text.clear();
        }
        self.bank.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        let texts = [&self.name, &self.ultimate, &self.inn, &self.account];
        texts.into_iter().all(String::is_empty)
    }

    pub(super) fn is_of_account(&self, own: &str) -> bool {
        !own.is_empty() && self.account == own
    }

    /// `ultimate`: of `UltmtDbtr` or `UltmtCdtr`.
    pub(super) fn take(&mut self, node: Node, text: &str, ultimate: bool) {
        let field = match node {
            Node::PartyName if ultimate => &mut self.ultimate,
            Node::PartyName => &mut self.name,
            Node::AccountNumber => {
                self.account.clear();
                self.account
                    .extend(text.chars().filter(|letter| !letter.is_whitespace()));
                return;
            }
            Node::TaxNumber => &mut self.inn,
            Node::PartyOtherId => &mut self.identifier,
            Node::PartySchemeCode => &mut self.scheme,
            _ => return self.bank.take(node, text),
        };
        field.clear();
        field.push_str(text);
    }

    /// At the end of an element.
    pub(super) fn end(&mut self, node: Node) {
        match node {
            Node::Clearing => self.bank.end_clearing(),
            Node::PartyOther => {
                let field = match self.scheme.as_str() {
                    "TXID" | "INN" | "ИНН" => Some(&mut self.inn),
                    "KPP" | "КПП" => Some(&mut self.kpp),
                    _ => None,
                };
                if let Some(field) = field {
                    std::mem::swap(field, &mut self.identifier);
                }
                self.identifier.clear();
                self.scheme.clear();
            }
            _ => {}
        }
    }

    pub(super) fn counterparty(&self) -> Counterparty {
        let owned = |text: &str| identifier(text).map(ShortText::from);
        Counterparty {
            name: reference(&self.name)
                .or_else(|| reference(&self.ultimate))
                .map(str::to_owned),
            inn: owned(&self.inn),
            kpp: owned(&self.kpp),
            account: owned(&self.account),
            bank: self.bank.code(),
            bank_name: self.bank.name(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_identifiers_are_known_by_their_schemes() {
        let mut party = Party::default();
        for (scheme, number) in [("CUST", "77"), ("TXID", "7701234567"), ("KPP", "770101001")] {
            party.take(Node::PartyOtherId, number, false);
            party.take(Node::PartySchemeCode, scheme, false);
            party.end(Node::PartyOther);
        }
        for (code, member, bank) in [
            ("RUCBC", "044525593", "044525593"),
            ("", "RU044525593", "044525593"),
            ("RUCBC", "RUCBC044525593", "044525593"),
        ] {
            party.bank.clear();
            party.take(Node::Bic, "ALFARUMM", false);
            party.take(Node::ClearingCode, code, false);
            party.take(Node::Member, member, false);
            party.end(Node::Clearing);
            let told = party.counterparty();
            assert_eq!(told.bank.as_deref(), Some(bank));
            assert_eq!(
                (told.inn.as_deref(), told.kpp.as_deref()),
                (Some("7701234567"), Some("770101001"))
            );
        }
        party.bank.clear();
        party.take(Node::ClearingCode, "DEBLZ", false);
        party.take(Node::Member, "123456789", false);
        party.end(Node::Clearing);
        party.take(Node::Bic, "DAAEDEDDXXX", false);
        assert_eq!(party.counterparty().bank.as_deref(), Some("DAAEDEDDXXX"));
    }
}
