//! Who owes, and which company of ours asks for it: names of companies, tax numbers from their requisites, accounts from
//! the bank details of those.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Customer, Text};
use serde_json::{Value, json};

use super::{
    Client, CrmError,
    batch::Read,
    invoices::{CustomerKey, InvoiceRow},
    kind,
    lists::filter,
};
use crate::{call::Transport, php};

const REQUISITES: &str = "crm.requisite.list";
const BANK_DETAILS: &str = "crm.requisite.bankdetail.list";
const LINKS: &str = "crm.requisite.link.list";

/// A company's or contact's legal face; one may have several.
#[derive(Debug, Clone)]
struct Requisite {
    id: u64,
    name: Option<String>,
    inn: Option<String>,
    kpp: Option<String>,
}

/// What the portal knows of the customers of some invoices.
#[derive(Default)]
pub struct Customers {
    names: BTreeMap<u64, String>,
    requisites: BTreeMap<CustomerKey, Vec<Requisite>>,
    accounts: BTreeMap<u64, Vec<String>>,
    /// By invoice: the requisite it was issued with, asked for only where a customer has several tax numbers.
    chosen: BTreeMap<u64, u64>,
    /// What could not be read, and does not stop the pull.
    pub skipped: Vec<Text>,
}

impl Customers {
    fn company_name(&self, id: u64) -> Option<String> {
        self.names.get(&id).cloned()
    }

    /// Our own company that issued an invoice: its INN; where its card has none, or several, its name.
    pub fn issuer_of(&self, row: &InvoiceRow) -> Option<String> {
        let id = row.own_company?;
        let requisites = self.requisites.get(&CustomerKey::Company(id)).into_iter().flatten();
        let inns: BTreeSet<&String> = requisites.filter_map(|requisite| requisite.inn.as_ref()).collect();
        match (inns.first(), inns.len()) {
            (Some(inn), 1) => Some((*inn).clone()),
            _ => self.company_name(id),
        }
    }

    pub fn of(&self, row: &InvoiceRow) -> Customer {
        let Some(key) = row.customer else {
            return Customer::default();
        };
        let all = self.requisites.get(&key).map_or(&[][..], Vec::as_slice);
        let linked = self.chosen.get(&row.id);
        let main = all
            .iter()
            .find(|requisite| Some(&requisite.id) == linked)
            .or_else(|| all.iter().find(|requisite| requisite.inn.is_some()))
            .or_else(|| all.first());
        let inn = main.and_then(|requisite| requisite.inn.clone());
        // Accounts of the same tax payer, not of another one that hangs on the same card.
        let mut accounts: Vec<String> = Vec::new();
        for requisite in all.iter().filter(|requisite| requisite.inn == inn) {
            for account in self.accounts.get(&requisite.id).into_iter().flatten() {
                if !accounts.contains(account) {
                    accounts.push(account.clone());
                }
            }
        }
        let card = match key {
            CustomerKey::Company(id) => self.company_name(id),
            CustomerKey::Contact(_) => None,
        };
        Customer {
            name: card
                .or_else(|| main.and_then(|requisite| requisite.name.clone()))
                .unwrap_or_default(),
            inn,
            kpp: main.and_then(|requisite| requisite.kpp.clone()),
            accounts,
        }
    }

    fn has_several_payers(&self, key: CustomerKey) -> bool {
        let all = self.requisites.get(&key).into_iter().flatten();
        all.filter_map(|requisite| requisite.inn.as_ref())
            .collect::<BTreeSet<_>>()
            .len()
            > 1
    }
}

impl<T: Transport> Client<T> {
    pub(super) async fn customers(&self, rows: &[InvoiceRow]) -> Result<Customers, CrmError> {
        let mut customers = Customers::default();
        let keys: BTreeSet<CustomerKey> = rows.iter().filter_map(|row| row.customer).collect();
        let mut companies: BTreeSet<u64> = rows.iter().filter_map(|row| row.own_company).collect();
        let mut owners: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
        for key in &keys {
            match key {
                CustomerKey::Company(id) => {
                    companies.insert(*id);
                }
                CustomerKey::Contact(id) => owners.entry(kind::CONTACT).or_default().push(*id),
            }
        }
        let companies: Vec<u64> = companies.into_iter().collect();
        if !companies.is_empty() {
            owners.insert(kind::COMPANY, companies.clone());
        }
        let names = self.company_names(&companies, &mut customers).await;
        customers.tolerate(names)?;
        for (kind, ids) in &owners {
            let requisites = self.requisites(*kind, ids, &mut customers).await;
            customers.tolerate(requisites)?;
        }
        let accounts = self.accounts(&mut customers).await;
        customers.tolerate(accounts)?;
        let unclear = rows
            .iter()
            .filter(|row| row.customer.is_some_and(|key| customers.has_several_payers(key)));
        let unclear: Vec<u64> = unclear.map(|row| row.id).collect();
        let links = self.linked_requisites(&unclear, &mut customers).await;
        customers.tolerate(links)?;
        customers.note_the_unknown(&keys);
        Ok(customers)
    }

    async fn company_names(&self, ids: &[u64], into: &mut Customers) -> Result<(), CrmError> {
        let rows = self.items_by_id(kind::COMPANY, ids, &["id", "title"]).await?;
        let named = rows
            .iter()
            .filter_map(|row| Some((php::id(&row["id"])?, php::text(&row["title"])?)));
        into.names.extend(named);
        Ok(())
    }

    async fn requisites(&self, owner: u64, ids: &[u64], into: &mut Customers) -> Result<(), CrmError> {
        const SELECT: [&str; 8] = [
            "ID",
            "ENTITY_TYPE_ID",
            "ENTITY_ID",
            "RQ_INN",
            "RQ_KPP",
            "RQ_COMPANY_NAME",
            "RQ_NAME",
            "NAME",
        ];
        let asked = filter([("ENTITY_TYPE_ID", json!(owner))]);
        let wanted = |row: &Value| php::id(&row["ENTITY_TYPE_ID"]) == Some(owner);
        for row in self.old_rows(REQUISITES, &asked, ids, &SELECT, wanted).await? {
            let (Some(id), Some(entity)) = (php::id(&row["ID"]), php::id(&row["ENTITY_ID"])) else {
                continue;
            };
            let key = if owner == kind::COMPANY {
                CustomerKey::Company(entity)
            } else {
                CustomerKey::Contact(entity)
            };
            let name = ["RQ_COMPANY_NAME", "RQ_NAME", "NAME"];
            into.requisites.entry(key).or_default().push(Requisite {
                id,
                name: name.iter().find_map(|field| php::text(&row[*field])),
                inn: php::text(&row["RQ_INN"]),
                kpp: php::text(&row["RQ_KPP"]),
            });
        }
        Ok(())
    }

    async fn accounts(&self, into: &mut Customers) -> Result<(), CrmError> {
        let ids: Vec<u64> = into.requisites.values().flatten().map(|one| one.id).collect();
        let select = ["ID", "ENTITY_ID", "RQ_ACC_NUM", "RQ_IBAN"];
        for row in self
            .old_rows(BANK_DETAILS, &filter([]), &ids, &select, |_| true)
            .await?
        {
            let Some(requisite) = php::id(&row["ENTITY_ID"]) else {
                continue;
            };
            let numbers = ["RQ_ACC_NUM", "RQ_IBAN"]
                .iter()
                .filter_map(|field| php::text(&row[*field]));
            let compact = numbers.map(|number| number.split_whitespace().collect::<String>());
            into.accounts.entry(requisite).or_default().extend(compact);
        }
        Ok(())
    }

    async fn linked_requisites(&self, invoices: &[u64], into: &mut Customers) -> Result<(), CrmError> {
        let reads: Vec<Read> = invoices
            .iter()
            .map(|invoice| Read {
                method: LINKS,
                params: json!({"filter": {"ENTITY_TYPE_ID": kind::INVOICE, "ENTITY_ID": invoice}}),
            })
            .collect();
        for (invoice, answer) in invoices.iter().zip(self.read_together(&reads).await?) {
            let body = answer.map_err(|error| CrmError::Call { method: LINKS, error })?;
            let link = php::rows(&body["result"]).into_iter().find(|row| {
                php::id(&row["ENTITY_TYPE_ID"]) == Some(kind::INVOICE) && php::id(&row["ENTITY_ID"]) == Some(*invoice)
            });
            if let Some(requisite) = link.and_then(|row| php::id(&row["REQUISITE_ID"])) {
                into.chosen.insert(*invoice, requisite);
            }
        }
        Ok(())
    }
}

impl Customers {
    /// An archived or deleted card costs its name, not the invoice; where no requisites are left either, nobody knows who
    /// owes.
    fn note_the_unknown(&mut self, keys: &BTreeSet<CustomerKey>) {
        let unknown = keys.iter().filter_map(|key| match key {
            CustomerKey::Company(id) if !self.names.contains_key(id) && !self.requisites.contains_key(key) => Some(id),
            _ => None,
        });
        let unknown: Vec<String> = unknown.map(u64::to_string).collect();
        if unknown.is_empty() {
            return;
        }
        let unknown = unknown.join(", ");
        self.skipped.push(Text::new(
            format!(
                "Карточек компаний № {unknown} в Битрикс24 больше нет (удалены или скрыты), реквизитов тоже: чьи это \
                 счета, неизвестно."
            ),
            format!(
                "Bitrix24 no longer shows the companies {unknown} (deleted or hidden), nor their requisites: whose \
                 invoices these are is not known."
            ),
        ));
    }

    /// A refusal (no right to see requisites) costs the tax numbers, not the invoices; everything else stops the pull.
    fn tolerate(&mut self, read: Result<(), CrmError>) -> Result<(), CrmError> {
        match read {
            Err(CrmError::Call { method, error }) if matches!(error, crate::CallError::Refused { .. }) => {
                let reason = error.fact();
                self.skipped.push(Text::new(
                    format!(
                        "Реквизиты клиентов прочитаны не полностью ({method}): {}. Дайте владельцу вебхука право на \
                         компании и контакты.",
                        reason.ru
                    ),
                    format!(
                        "Customers' requisites were not all read ({method}): {}. Let the webhook's owner see companies \
                         and contacts.",
                        reason.en
                    ),
                ));
                Ok(())
            }
            other => other,
        }
    }
}
