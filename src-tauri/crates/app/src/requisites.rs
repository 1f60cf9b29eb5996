//! Our own requisites, by account: what payment orders begin with. The settings name one; the statements of an account name
//! its owner and bank, and a person may have said whose the account is.

use std::collections::BTreeMap;

use domain::{Inn, PartyDraft};

use crate::{
    companies::OwnBook,
    failure::Failure,
    session::Session,
    wire::{DraftParty, OwnPayers},
};

/// The latest entries of an account that are asked whose it is.
const ENTRIES_ASKED: u64 = 12;

impl Session {
    /// Those an order may be paid by: as the settings say first, then each account that there are statements of and whose
    /// owner is known. What statements do not say is empty, and the order's checks name it.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn own_payers(&self) -> Result<OwnPayers, Failure> {
        let set = self.settings()?.payer;
        let book = self.own_book()?;
        let known = book.requisites().filter(|known| known.account != set.account.trim());
        let mut payers: Vec<DraftParty> = known.map(DraftParty::from).collect();
        if set != DraftParty::default() {
            payers.insert(0, set);
        }
        Ok(OwnPayers { payers })
    }

    /// What the latest statements say of an account's owner, the latest first where they differ. `None`: nothing.
    pub(crate) fn named_by_statements(&self, account: &str) -> Result<Option<PartyDraft>, Failure> {
        let entries = self.ledger.latest_of_account(account, ENTRIES_ASKED)?;
        let mut sides: Vec<PartyDraft> = entries.iter().filter_map(formats::own_side).collect();
        sides.retain(|side| Inn::parse(&side.inn).is_ok());
        let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
        for side in &sides {
            *counted.entry(&side.inn).or_default() += 1;
        }
        // One entry may be of somebody else: a transfer between accounts, a bank's mistake.
        let Some((inn, _)) = counted.into_iter().max_by_key(|(_, times)| *times) else {
            return Ok(None);
        };
        let mut known = PartyDraft {
            account: account.to_owned(),
            inn: inn.to_owned(),
            ..PartyDraft::default()
        };
        for side in sides.iter().filter(|side| side.inn == inn) {
            for (field, said) in [
                (&mut known.name, &side.name),
                (&mut known.kpp, &side.kpp),
                (&mut known.bik, &side.bik),
                (&mut known.bank_name, &side.bank_name),
                (&mut known.bank_city, &side.bank_city),
                (&mut known.correspondent_account, &side.correspondent_account),
            ] {
                if field.is_empty() {
                    said.clone_into(field);
                }
            }
        }
        Ok(Some(known))
    }
}

impl OwnBook {
    /// Of each account whose owner is known. What a person said of the company goes before what banks write.
    fn requisites(&self) -> impl Iterator<Item = PartyDraft> {
        self.accounts.iter().filter_map(|account| {
            let inn = account.company.as_deref()?;
            let said = account.named.clone().unwrap_or_default();
            let its = said.inn == inn;
            let kept = self.companies.iter().find(|known| known.kept && known.row.inn == inn);
            Some(PartyDraft {
                account: account.account.clone(),
                inn: inn.to_owned(),
                name: match kept {
                    Some(kept) => kept.row.name.clone(),
                    None => said.name,
                },
                kpp: match kept.and_then(|kept| kept.row.kpp.clone()) {
                    Some(kpp) => kpp,
                    None if its => said.kpp,
                    None => String::new(),
                },
                ..said
            })
        })
    }
}
