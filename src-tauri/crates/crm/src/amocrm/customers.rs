//! Who owes: the payer as the invoice names him and, where it is silent, the requisites of his company.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Customer, Text};
use serde_json::{Value, json};

use super::{AmocrmError, Client, invoices::InvoiceRow, leads::Leads, pages::CHUNK_IDS};
use crate::{
    call::{CallError, Transport},
    php,
};

/// The field of requisites, whatever an account calls it.
const LEGAL_ENTITY_TYPE: &str = "legal_entity";
/// Names of plain text fields, for accounts that keep requisites in those.
const INN_NAMES: [&str; 3] = ["инн", "унп", "бин"];
const KPP_NAMES: [&str; 1] = ["кпп"];
const ACCOUNT_NAMES: [&str; 4] = ["р/с", "расчетный счет", "расчётный счёт", "номер счета"];

/// Where a customer's card is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Card {
    Company(u64),
    Contact(u64),
}

/// A payer or a set of requisites: the same things are known of both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Payer {
    pub name: Option<String>,
    pub inn: Option<String>,
    pub kpp: Option<String>,
    pub accounts: Vec<String>,
    pub card: Option<Card>,
}

impl Payer {
    /// From a value of the types `payer`, `linked_entity` and `legal_entity`, or from a bare name.
    pub fn read(value: &Value) -> Self {
        if !value.is_object() {
            return Self {
                name: php::text(value),
                ..Self::default()
            };
        }
        let first = |names: &[&str]| names.iter().find_map(|name| php::text(&value[*name]));
        let accounts = first(&["bank_account_number"]);
        let card = php::id(&value["entity_id"]).and_then(|id| match first(&["entity_type"])?.as_str() {
            "companies" | "company" => Some(Card::Company(id)),
            "contacts" | "contact" => Some(Card::Contact(id)),
            // In requisites the type of entity is a number and the person's form of business.
            _ => None,
        });
        Self {
            name: first(&["name"]),
            // A tax number by any of its names: Russia, Kazakhstan, Belarus, Ukraine.
            inn: first(&["vat_id", "bin", "unp", "egrpou"]),
            kpp: first(&["kpp"]),
            accounts: accounts.iter().map(|account| compact(account)).collect(),
            card,
        }
    }

    fn is_silent(&self) -> bool {
        self.inn.is_none()
    }
}

fn compact(account: &str) -> String {
    account.split_whitespace().collect()
}

/// What the account knows of the customers of some invoices.
#[derive(Default)]
pub struct Customers {
    cards: BTreeMap<Card, (Option<String>, Vec<Payer>)>,
    /// What could not be read, and does not stop the pull.
    pub skipped: Vec<Text>,
}

/// The card to ask where the invoice itself is silent.
fn card_of(row: &InvoiceRow, leads: &Leads) -> Option<Card> {
    row.payer.card.or_else(|| leads.of(row.id)?.customer)
}

impl Customers {
    pub fn of(&self, row: &InvoiceRow, leads: &Leads) -> Customer {
        let payer = &row.payer;
        let (title, requisites) = card_of(row, leads)
            .and_then(|card| self.cards.get(&card))
            .map_or((None, &[][..]), |(title, requisites)| {
                (title.clone(), requisites.as_slice())
            });
        let main = requisites
            .iter()
            .find(|one| !payer.is_silent() && one.inn == payer.inn)
            .or_else(|| requisites.iter().find(|one| one.inn.is_some() && payer.is_silent()));
        let inn = payer.inn.clone().or_else(|| main?.inn.clone());
        let mut accounts = payer.accounts.clone();
        // Accounts of the same tax payer, not of another one that hangs on the same card.
        for account in requisites
            .iter()
            .filter(|one| one.inn == inn)
            .flat_map(|one| &one.accounts)
        {
            if !accounts.contains(account) {
                accounts.push(account.clone());
            }
        }
        let named = payer.name.clone().or(title).or_else(|| main?.name.clone());
        Customer {
            name: named.unwrap_or_default(),
            inn,
            kpp: payer.kpp.clone().or_else(|| main?.kpp.clone()),
            accounts,
        }
    }
}

impl<T: Transport> Client<T> {
    pub(super) async fn customers(&self, rows: &[InvoiceRow], leads: &Leads) -> Result<Customers, AmocrmError> {
        let mut customers = Customers::default();
        let silent = rows
            .iter()
            .filter(|row| row.payer.is_silent() || row.payer.accounts.is_empty());
        let cards: BTreeSet<Card> = silent.filter_map(|row| card_of(row, leads)).collect();
        let (mut companies, mut contacts) = (Vec::new(), Vec::new());
        for card in cards {
            match card {
                Card::Company(id) => companies.push(id),
                Card::Contact(id) => contacts.push(id),
            }
        }
        for (path, ids, card) in [
            ("companies", companies, Card::Company as fn(u64) -> Card),
            ("contacts", contacts, Card::Contact as fn(u64) -> Card),
        ] {
            for chunk in ids.chunks(CHUNK_IDS) {
                let listed = self.list(path, &json!({"filter": {"id": chunk}}), path).await;
                let Some(listed) = customers.tolerate(path, listed)? else {
                    break;
                };
                for row in &listed {
                    if let Some(id) = php::id(&row["id"]).filter(|id| chunk.contains(id)) {
                        let known = (php::text(&row["name"]), requisites(row));
                        customers.cards.insert(card(id), known);
                    }
                }
            }
        }
        Ok(customers)
    }
}

impl Customers {
    /// A refusal (no right to see companies) costs the tax numbers, not the invoices; everything else stops the pull.
    fn tolerate(
        &mut self,
        path: &str,
        listed: Result<Vec<Value>, AmocrmError>,
    ) -> Result<Option<Vec<Value>>, AmocrmError> {
        match listed {
            Ok(rows) => Ok(Some(rows)),
            Err(AmocrmError::Call { error, .. })
                if matches!(&error, CallError::Unauthorised { code, .. } if code == "403")
                    || matches!(error, CallError::Refused { .. }) =>
            {
                let reason = error.fact();
                self.skipped.push(Text::new(
                    format!(
                        "Реквизиты покупателей прочитаны не полностью ({path}): {}. Дайте владельцу токена право на \
                         компании и контакты.",
                        reason.ru
                    ),
                    format!(
                        "Customers' requisites were not all read ({path}): {}. Let the token's owner see companies and \
                         contacts.",
                        reason.en
                    ),
                ));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// All sets of requisites on a card: of the field made for them, and of plain text fields named like them.
fn requisites(row: &Value) -> Vec<Payer> {
    let mut found = Vec::new();
    let mut plain = Payer::default();
    for field in php::rows(&row["custom_fields_values"]) {
        let values = php::rows(&field["values"]);
        if php::text(&field["field_type"]).as_deref() == Some(LEGAL_ENTITY_TYPE) {
            found.extend(values.into_iter().map(|one| Payer {
                card: None,
                ..Payer::read(&one["value"])
            }));
            continue;
        }
        let name = php::text(&field["field_name"]).unwrap_or_default().to_lowercase();
        let value = values.first().and_then(|one| php::text(&one["value"]));
        match name.as_str() {
            name if INN_NAMES.contains(&name) => plain.inn = value,
            name if KPP_NAMES.contains(&name) => plain.kpp = value,
            name if ACCOUNT_NAMES.contains(&name) => plain.accounts.extend(value.map(|account| compact(&account))),
            _ => {}
        }
    }
    if plain != Payer::default() {
        found.push(plain);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payer_is_read_from_each_kind_of_value() {
        let payer = Payer::read(
            &json!({"name": "ООО Ромашка", "entity_type": "companies", "entity_id": "555",
            "vat_id": "7707083893", "kpp": "770501001", "bank_account_number": "4070 2810"}),
        );
        assert_eq!(payer.inn.as_deref(), Some("7707083893"));
        assert_eq!(
            (payer.card, payer.accounts),
            (Some(Card::Company(555)), vec!["40702810".to_owned()])
        );
        let requisites = Payer::read(&json!({"name": "Имя", "entity_type": 2, "vat_id": null, "bin": "9901"}));
        assert_eq!((requisites.inn.as_deref(), requisites.card), (Some("9901"), None));
        assert_eq!(Payer::read(&json!("Пётр")).name.as_deref(), Some("Пётр"));
        assert_eq!(Payer::read(&Value::Null), Payer::default());
    }

    #[test]
    fn requisites_are_found_in_their_field_and_in_plain_ones() {
        let row = json!({"custom_fields_values": [
            {"field_type": "legal_entity", "values": [{"value": {"name": "А", "vat_id": "1"}}, {"value": {"vat_id": "2"}}]},
            {"field_type": "text", "field_name": "ИНН", "values": [{"value": "3"}]},
            {"field_type": "text", "field_name": "Р/с", "values": [{"value": "40702 810"}]},
            {"field_type": "text", "field_name": "Телефон", "values": [{"value": "4"}]},
        ]});
        let found = requisites(&row);
        let inns: Vec<_> = found.iter().filter_map(|one| one.inn.as_deref()).collect();
        assert_eq!(inns, ["1", "2", "3"]);
        assert_eq!(found[2].accounts, ["40702810"]);
        assert!(requisites(&json!({"custom_fields_values": null})).is_empty());
    }
}
