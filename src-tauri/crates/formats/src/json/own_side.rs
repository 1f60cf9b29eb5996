//! The account's owner in a transaction of Alfa-Bank, T-Bank or Tochka.

use domain::{Entry, PartyDraft};

use super::reader::is_present;

/// How a bank names the parts of a side.
struct Side {
    /// What stands before each, of whoever was paid and of whoever paid.
    payee: &'static str,
    payer: &'static str,
    name: &'static str,
    inn: &'static str,
    kpp: &'static str,
    account: &'static str,
    bik: &'static str,
    bank_name: &'static str,
    correspondent_account: &'static str,
}

const BANKS: [Side; 3] = [
    Side {
        payee: "rurTransfer.payee",
        payer: "rurTransfer.payer",
        name: "Name",
        inn: "Inn",
        kpp: "Kpp",
        account: "Account",
        bik: "BankBic",
        bank_name: "BankName",
        correspondent_account: "BankCorrAccount",
    },
    Side {
        payee: "receiver.",
        payer: "payer.",
        name: "name",
        inn: "inn",
        kpp: "kpp",
        account: "acct",
        bik: "bicRu",
        bank_name: "bankName",
        correspondent_account: "corAcct",
    },
    Side {
        payee: "Creditor",
        payer: "Debtor",
        name: "Party.name",
        inn: "Party.inn",
        kpp: "Party.kpp",
        account: "Account.identification",
        bik: "Agent.identification",
        bank_name: "Agent.name",
        correspondent_account: "Agent.accountIdentification",
    },
];

pub(crate) fn own_side(entry: &Entry, came_in: bool) -> PartyDraft {
    let mut side = PartyDraft::default();
    for (key, value) in entry.raw.iter() {
        for bank in &BANKS {
            let Some(part) = key.strip_prefix(if came_in { bank.payee } else { bank.payer }) else {
                continue;
            };
            let fields = [
                (bank.name, &mut side.name),
                (bank.inn, &mut side.inn),
                (bank.kpp, &mut side.kpp),
                (bank.account, &mut side.account),
                (bank.bik, &mut side.bik),
                (bank.bank_name, &mut side.bank_name),
                (bank.correspondent_account, &mut side.correspondent_account),
            ];
            let field = fields.into_iter().find(|(name, _)| *name == part);
            if let Some((_, field)) = field.filter(|_| is_present(value)) {
                value.trim().clone_into(field);
            }
        }
    }
    side
}
