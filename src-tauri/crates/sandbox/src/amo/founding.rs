//! A firm, as everybody here describes it, made into what an amoCRM account holds.
//!
//! Companies keep their ids, deals become leads, invoices become elements of the catalog of invoices. Our own companies
//! are no cards: they stand in the invoices they issued. amoCRM knows no cancelled bill, so a failed invoice is left out,
//! and so is one in another currency than the account's one.

mod card;
mod ground;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use self::card::{Bill, Party};
use super::{
    kind::Kind,
    links,
    settings::AmoSettings,
    world::{Card, INVOICES, LOST, Link, WON, World},
};
use crate::{
    cell::{Cell, Kind as CellKind, hundredths},
    firm::{Firm, FirmDeal, FirmError, FirmInvoice},
};

/// In a firm without deals every so manyth invoice gets a lead, so that links have something to lead to.
const LEAD_EVERY: usize = 5;
/// Ids of those leads: the invoice's and this.
const LEAD_OFFSET: i64 = 1_000_000;
/// Ids of contacts: the company's and this.
const CONTACT_OFFSET: i64 = 2_000_000;
/// Every so manyth company has a contact.
const CONTACT_EVERY: usize = 4;

impl World {
    /// An empty account: users, pipelines, fields, catalogs.
    pub fn opened(settings: AmoSettings, now_s: i64) -> Self {
        ground::opened(settings, now_s)
    }

    /// This world and the firm in it.
    ///
    /// # Errors
    /// A sum or a date that cannot be.
    pub fn founded(mut self, firm: &Firm, now_s: i64) -> Result<Self, FirmError> {
        let parties: BTreeMap<i64, Party> = firm
            .companies
            .iter()
            .map(|company| (company.id, Party::of(company)))
            .collect();
        for category in firm
            .categories
            .iter()
            .filter(|category| category.entity_type_id == crate::schema::DEAL)
        {
            ground::add_pipeline(&mut self, category.id, &category.name);
        }
        for (at, company) in firm.companies.iter().filter(|company| !company.own).enumerate() {
            let card = card::company(&self, company, now_s);
            self.claim(company.id);
            self.companies.insert(company.id, card);
            if at.is_multiple_of(CONTACT_EVERY) {
                let id = CONTACT_OFFSET + company.id;
                self.claim(id);
                let contact = card::contact(&self, id, &company.title, now_s);
                self.contacts.insert(id, contact);
                self.join((Kind::Contacts, id), (Kind::Companies, company.id), now_s);
            }
        }
        for deal in &firm.deals {
            self.add_lead(deal, now_s)?;
        }
        let mut taken = 0;
        for invoice in &firm.invoices {
            if !self.takes(firm, invoice) {
                continue;
            }
            self.add_invoice(firm, invoice, &parties, now_s)?;
            if firm.deals.is_empty() && taken % LEAD_EVERY == 0 {
                self.add_lead(&lead_of(invoice), now_s)?;
                self.bill(LEAD_OFFSET + invoice.id, invoice.id, now_s);
            }
            taken += 1;
        }
        Ok(self)
    }

    fn takes(&self, firm: &Firm, invoice: &FirmInvoice) -> bool {
        let same_money = invoice
            .currency
            .as_deref()
            .is_none_or(|currency| currency == self.settings.currency());
        same_money && semantics(firm, invoice) != "F" && self.catalogs.contains_key(&INVOICES)
    }

    fn add_invoice(
        &mut self,
        firm: &Firm,
        invoice: &FirmInvoice,
        parties: &BTreeMap<i64, Party>,
        now_s: i64,
    ) -> Result<(), FirmError> {
        let day = |text: &Option<String>| -> Result<Option<i64>, FirmError> {
            let Some(text) = text else { return Ok(None) };
            match Cell::read_text(CellKind::Date, text) {
                Some(Cell::Moment(ms)) => Ok(Some(ms / 1000)),
                _ => Err(FirmError::Date {
                    id: invoice.id,
                    text: text.clone(),
                }),
            }
        };
        let date_s = day(&invoice.date)?;
        let stage = invoice.stage.as_deref().unwrap_or_default();
        let stage_name = firm
            .stages
            .iter()
            .find(|own| own.id == stage)
            .map_or("", |own| own.name.as_str());
        let status = match semantics(firm, invoice).as_str() {
            "S" => "paid",
            _ if stage_name.starts_with("Частично") => "partially_paid",
            _ => "created",
        };
        let bill = Bill {
            id: invoice.id,
            name: invoice
                .title
                .clone()
                .filter(|title| title.contains('№'))
                .unwrap_or_else(|| {
                    let sign = self.settings.words("Счет №", "Invoice №");
                    let date = date_s.and_then(|at| chrono::DateTime::from_timestamp(at, 0));
                    match date {
                        Some(date) => format!(
                            "{sign}{} {} {}",
                            invoice.number,
                            self.settings.words("от", "of"),
                            date.format("%d.%m.%Y")
                        ),
                        None => format!("{sign}{}", invoice.number),
                    }
                }),
            minor: sum(invoice.id, &invoice.amount)?,
            status,
            date_s,
            payer: parties.get(&invoice.company).map(|party| (invoice.company, party)),
            issuer: parties.get(&invoice.own_company),
        };
        let card = card::invoice(self, &bill, now_s);
        self.claim(invoice.id);
        self.elements.entry(INVOICES).or_default().insert(invoice.id, card);
        if self.leads.contains_key(&invoice.deal) {
            self.bill(invoice.deal, invoice.id, now_s);
        }
        Ok(())
    }

    fn add_lead(&mut self, deal: &FirmDeal, now_s: i64) -> Result<(), FirmError> {
        let minor = sum(deal.id, &deal.amount)?;
        let pipeline = self
            .pipeline(ground::pipeline_id(deal.category))
            .or_else(|| self.main_pipeline());
        let stage = deal.stage.as_deref().unwrap_or("NEW");
        let status = match stage.rsplit(':').next().unwrap_or_default() {
            "WON" => WON,
            "LOSE" | "APOLOGY" => LOST,
            other => pipeline.map_or(0, |pipeline| ground::open_status(pipeline, other)),
        };
        let pipeline = pipeline.map_or(0, |pipeline| pipeline.id);
        let card = card::lead(deal, (pipeline, status), minor, now_s);
        self.claim(deal.id);
        self.leads.insert(deal.id, card);
        if self.companies.contains_key(&deal.company) {
            self.join((Kind::Leads, deal.id), (Kind::Companies, deal.company), now_s);
        }
        Ok(())
    }

    fn join(&mut self, from: (Kind, i64), to: (Kind, i64), now_s: i64) {
        let link = Link {
            from,
            to,
            catalog: None,
            quantity: None,
            price: None,
            main: false,
        };
        links::add(self, link, now_s);
    }

    /// Hangs an invoice on a lead.
    fn bill(&mut self, lead: i64, invoice: i64, now_s: i64) {
        let link = Link {
            from: (Kind::Leads, lead),
            to: (Kind::CatalogElements, invoice),
            catalog: Some(INVOICES),
            quantity: Some(json!(1)),
            price: None,
            main: false,
        };
        links::add(self, link, now_s);
    }

    /// Takes cards away with their links. `false`: there is no such place.
    pub fn delete(&mut self, place: &str, ids: &[i64]) -> bool {
        if place == Kind::Leads.name() {
            let gone = self.leads.iter().filter(|(id, _)| ids.contains(id));
            self.deleted_leads.extend(gone.map(|(id, card)| (*id, card.clone())));
        }
        let (kind, cards): (Kind, Vec<&mut BTreeMap<i64, Card>>) = match Kind::of(place) {
            Some(kind) => (kind, self.cards_mut(kind).into_iter().collect()),
            None if place == "elements" => (Kind::CatalogElements, self.elements.values_mut().collect()),
            None => return false,
        };
        for cards in cards {
            cards.retain(|id, _| !ids.contains(id));
        }
        let is_gone = |end: (Kind, i64)| end.0 == kind && ids.contains(&end.1);
        self.links.retain(|link| !is_gone(link.from) && !is_gone(link.to));
        true
    }
}

/// `S`, `F` or nothing, by the stages the firm has or, without any, by the default ones.
fn semantics(firm: &Firm, invoice: &FirmInvoice) -> String {
    let stage = invoice.stage.as_deref().unwrap_or_default();
    match firm.stages.iter().find(|own| own.id == stage) {
        Some(own) => own.semantics.clone().unwrap_or_default(),
        None if stage.ends_with(":P") => "S".to_owned(),
        None if stage.ends_with(":D") => "F".to_owned(),
        None => String::new(),
    }
}

fn lead_of(invoice: &FirmInvoice) -> FirmDeal {
    FirmDeal {
        id: LEAD_OFFSET + invoice.id,
        title: format!("Сделка по счёту {}", invoice.number),
        amount: invoice.amount.clone(),
        stage: None,
        category: 0,
        company: invoice.company,
    }
}

fn sum(id: i64, amount: &Value) -> Result<i64, FirmError> {
    let text = match amount {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    hundredths(&text).ok_or(FirmError::Amount { id, amount: text })
}
