//! Счета, as they are shown.

use domain::{Invoice, InvoiceStatus};
use store::InvoiceQuery;

use crate::{
    companies::OwnBook,
    connect::CrmNames,
    failure::Failure,
    session::Session,
    wire::{InvoiceRow, InvoicesPage, InvoicesPageRequest},
};

impl Session {
    /// # Errors
    /// The ledger cannot be read.
    pub fn invoices_page(&self, request: &InvoicesPageRequest) -> Result<InvoicesPage, Failure> {
        let page = self.ledger.invoices(&InvoiceQuery {
            search: request.search.clone(),
            only_open: request.only_open,
            offset: u64::from(request.offset),
            limit: crate::paging::rows(request.limit) as u64,
        })?;
        let (names, book) = (self.crm_names()?, self.own_book()?);
        Ok(InvoicesPage {
            total: page.total,
            rows: page
                .rows
                .into_iter()
                .map(|invoice| row(invoice, &names, &book))
                .collect(),
        })
    }
}

fn row(invoice: Invoice, names: &CrmNames, book: &OwnBook) -> InvoiceRow {
    InvoiceRow {
        crm: names.of_invoice(&invoice.id),
        company: book.called(book.issuer(&invoice).as_deref()),
        invoice: invoice.id.to_string(),
        number: invoice.number,
        date: invoice.date.to_string(),
        due: invoice.due.map(|due| due.to_string()),
        customer: invoice.customer.name,
        inn: invoice.customer.inn,
        amount: invoice.amount.into(),
        open: invoice.open.into(),
        status: match invoice.status {
            InvoiceStatus::Open => "open",
            InvoiceStatus::Paid => "paid",
            InvoiceStatus::Cancelled => "cancelled",
        }
        .to_owned(),
    }
}
