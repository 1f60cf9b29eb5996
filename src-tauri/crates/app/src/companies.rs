//! Our own legal entities: which of our accounts is whose, and which of them issued an invoice.
//!
//! What a person said counts first, then what statements and CRMs say by INN. Whom nobody names is not guessed: where it
//! is not known whose an account or an invoice is, nothing is said against the two.

use std::collections::BTreeMap;

use domain::{Inn, Invoice, Kpp, PartyDraft, Text};
use matching::OwnCompany;
use store::CompanyRow;

use crate::{
    connect::name_of,
    failure::Failure,
    session::Session,
    wire::{
        AccountCompanyRequest, AccountOwner, CompaniesView, CompanyNamed, CompanyRequest, CompanyView,
        ConnectionServes, ServesRequest,
    },
};

/// What is known of our own companies.
pub(crate) struct OwnBook {
    pub(crate) companies: Vec<Known>,
    pub(crate) accounts: Vec<OwnAccount>,
    /// By connection.
    serves: BTreeMap<String, Vec<String>>,
}

pub(crate) struct Known {
    pub row: CompanyRow,
    /// A person added it; else the settings, a statement or a CRM name it.
    pub kept: bool,
}

pub(crate) struct OwnAccount {
    pub account: String,
    /// The INN, as far as it is known.
    pub company: Option<String>,
    /// A person said so.
    chosen: bool,
    /// What its statements say of its owner.
    pub named: Option<PartyDraft>,
}

impl Session {
    pub(crate) fn own_book(&self) -> Result<OwnBook, Failure> {
        let rows = self.ledger.companies()?;
        let mut companies: Vec<Known> = rows.into_iter().map(|row| Known { row, kept: true }).collect();
        let payer = self.settings()?.payer;
        let chosen = self.ledger.account_companies()?;
        let mut accounts = Vec::new();
        for account in self.ledger.own_accounts()? {
            accounts.push(OwnAccount {
                chosen: chosen.contains_key(&account),
                company: chosen.get(&account).cloned(),
                named: self.named_by_statements(&account)?,
                account,
            });
        }
        let seen = accounts.iter().filter_map(OwnAccount::named_inn).map(str::to_owned);
        let mut issuers = self.ledger.issuers()?;
        issuers.retain(|issuer| Inn::parse(issuer).is_ok());
        let seen: Vec<String> = seen.chain(issuers).collect();
        let seen = seen.into_iter().map(|inn| (inn, String::new()));
        let payer = (payer.inn.trim().to_owned(), payer.name);
        for (inn, name) in std::iter::once(payer).chain(seen) {
            if !inn.is_empty() && companies.iter().all(|known| known.row.inn != inn) {
                let row = CompanyRow { inn, name, kpp: None };
                companies.push(Known { row, kept: false });
            }
        }
        // Of one company alone every account is its.
        let only = match companies.as_slice() {
            [only] => Some(only.row.inn.clone()),
            _ => None,
        };
        for account in &mut accounts {
            let known = account
                .company
                .take()
                .or_else(|| account.named_inn().map(str::to_owned));
            account.company = known.or_else(|| only.clone());
        }
        Ok(OwnBook {
            companies,
            accounts,
            serves: self.ledger.connection_companies()?,
        })
    }

    /// Every invoice a payment may name, with the INN of our own company that issued it, where it is known.
    pub(crate) fn matchable(&self, book: &OwnBook) -> Result<Vec<Invoice>, Failure> {
        let mut invoices = self.ledger.matchable_invoices()?;
        for invoice in &mut invoices {
            invoice.company = book.issuer(invoice);
        }
        Ok(invoices)
    }

    /// Our companies, whose each account is, and for whom each connection bills.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn companies(&self) -> Result<CompaniesView, Failure> {
        let book = self.own_book()?;
        let companies = book.companies.iter().map(|known| CompanyView {
            inn: known.row.inn.clone(),
            name: known.row.name.clone(),
            kpp: known.row.kpp.clone(),
            kept: known.kept,
        });
        let accounts = book.accounts.iter().map(|one| AccountOwner {
            account: one.account.clone(),
            company: one.company.clone(),
            chosen: one.chosen,
            named: one.named_inn().map(str::to_owned),
        });
        let connections = self.ledger.connections()?.into_iter().map(|row| ConnectionServes {
            name: name_of(&row),
            companies: book.serves.get(&row.id).cloned().unwrap_or_default(),
            connection: row.id,
        });
        Ok(CompaniesView {
            companies: companies.collect(),
            accounts: accounts.collect(),
            connections: connections.collect(),
        })
    }

    /// Adds a company, or changes the one with this INN.
    ///
    /// # Errors
    /// An INN or a KPP that is none; no name; the ledger cannot be written.
    pub fn company_save(&self, request: &CompanyRequest) -> Result<CompaniesView, Failure> {
        let text = |text: &str| text.trim().to_owned();
        let inn = Inn::parse(&request.inn).map_err(|invalid| no_company(invalid.text()))?;
        let kpp = request.kpp.as_deref().map(text).filter(|kpp| !kpp.is_empty());
        if let Some(kpp) = &kpp {
            Kpp::parse(kpp).map_err(|invalid| no_company(invalid.text()))?;
        }
        let name = text(&request.name);
        if name.is_empty() {
            return Err(no_company(Text::new(
                "у компании нет названия",
                "the company has no name",
            )));
        }
        let row = CompanyRow {
            inn: inn.as_str().to_owned(),
            name,
            kpp,
        };
        self.ledger.save_company(&row, &self.operator()?, self.host.now())?;
        self.known_otherwise()
    }

    /// Takes a company out, with what was said of its accounts and connections.
    ///
    /// # Errors
    /// No such company; the ledger cannot be written.
    pub fn company_remove(&self, request: &CompanyNamed) -> Result<CompaniesView, Failure> {
        self.ledger
            .remove_company(request.inn.trim(), &self.operator()?, self.host.now())?;
        self.known_otherwise()
    }

    /// A person says whose an account is.
    ///
    /// # Errors
    /// Not an account that there are statements of; no such company; the ledger cannot be written.
    pub fn account_company(&self, request: &AccountCompanyRequest) -> Result<CompaniesView, Failure> {
        let account: String = request.account.split_whitespace().collect();
        if !self.ledger.own_accounts()?.contains(&account) {
            return Err(Failure::new(
                "companies/unknown-account",
                Text::new(
                    format!("выписок по счёту {account} в учёте нет"),
                    format!("the ledger has no statements of account {account}"),
                ),
                Text::new(
                    "счета называет `sverka companies`",
                    "`sverka companies` names the accounts",
                ),
            ));
        }
        let (actor, at) = (self.operator()?, self.host.now());
        let company = request.company.as_deref();
        self.ledger.set_account_company(&account, company, &actor, at)?;
        self.known_otherwise()
    }

    /// A person says for whom a connection bills.
    ///
    /// # Errors
    /// No such connection or company; the ledger cannot be written.
    pub fn connection_companies(&self, request: &ServesRequest) -> Result<CompaniesView, Failure> {
        let (actor, at) = (self.operator()?, self.host.now());
        self.ledger
            .set_connection_companies(&request.connection, &request.companies, &actor, at)?;
        self.known_otherwise()
    }

    /// What waits is looked at with other eyes.
    fn known_otherwise(&self) -> Result<CompaniesView, Failure> {
        self.match_new()?;
        self.changed();
        self.companies()
    }
}

impl OwnAccount {
    fn named_inn(&self) -> Option<&str> {
        self.named.as_ref().map(|named| named.inn.as_str())
    }
}

impl OwnBook {
    /// Our companies as the engine asks of them, and the accounts of nobody known.
    pub(crate) fn for_engine(&self) -> Vec<OwnCompany> {
        let known = self.companies.iter().map(|known| Some(known.row.inn.as_str()));
        let of = |inn: Option<&str>| OwnCompany {
            accounts: self
                .accounts
                .iter()
                .filter(|one| one.company.as_deref() == inn)
                .map(|one| one.account.clone())
                .collect(),
            inn: inn.map(str::to_owned),
        };
        known.chain([None]).map(of).collect()
    }

    /// The INN of our company that issued an invoice: as its CRM names it, else the only one that its connection bills for.
    pub(crate) fn issuer(&self, invoice: &Invoice) -> Option<String> {
        let named = invoice.company.as_deref();
        let by_inn = named.filter(|named| Inn::parse(named).is_ok()).map(str::to_owned);
        let by_name = || {
            let named = letters(named?);
            let mut companies = self.companies.iter();
            let found = companies.find(|known| !named.is_empty() && letters(&known.row.name) == named);
            found.map(|known| known.row.inn.clone())
        };
        let by_connection = || match self.serves.get(invoice.id.connection())?.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        };
        by_inn.or_else(by_name).or_else(by_connection)
    }

    /// What our company is called, where there are several; `None` where there is one, which goes without saying.
    pub(crate) fn called(&self, inn: Option<&str>) -> Option<String> {
        let inn = inn.filter(|_| self.companies.len() > 1)?;
        let known = self.companies.iter().find(|known| known.row.inn == inn);
        let name = known
            .map(|known| known.row.name.clone())
            .filter(|name| !name.is_empty());
        Some(name.unwrap_or_else(|| format!("ИНН {inn}")))
    }

    /// The INN of the company whose account it is.
    pub(crate) fn owner(&self, account: &str) -> Option<&str> {
        let found = self.accounts.iter().find(|one| one.account == account);
        found.and_then(|one| one.company.as_deref())
    }
}

/// A name without quotes, signs and capitals: people type them differently.
fn letters(name: &str) -> String {
    let letters = name.chars().filter(|character| character.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn no_company(why: Text) -> Failure {
    Failure::new(
        "companies/invalid",
        why,
        Text::new(
            "нужны название и ИНН своей организации, КПП по желанию",
            "a name and the INN of your own company are needed, the KPP if you like",
        ),
    )
}
