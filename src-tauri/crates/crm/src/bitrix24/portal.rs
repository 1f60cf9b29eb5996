//! What is particular to one portal, and what is not confirmed about all of them.

use super::kind;
use crate::mapping::Mapping;

/// The custom field that carries payment ids, under the name it has in `crm.item.*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentField {
    pub name: String,
    /// `false`: one text for all ids, joined by spaces.
    pub multiple: bool,
}

/// What else is told of a payment, where the user wants it and the key has the scope. Nothing of it is money: the
/// invoice and its comment are what counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Also {
    /// A notification to whoever answers for the invoice (scope `im`); it shares requests.
    pub notifies: bool,
    /// Number and date of the payment order in the invoice's payment (scope `sale`): three requests more, alone.
    pub vouchers: bool,
    /// The template of the act that is made when an invoice is paid in full (scope `documentgenerator`): one more.
    pub act_template: Option<u64>,
}

/// A portal as its connection remembers it. `Portal::new` is right for a portal whose fields this program made; whoever
/// connected keeps the fields that were really found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portal {
    /// The first part of every [`domain::InvoiceId`] of this connection.
    pub connection: String,
    pub invoice_field: PaymentField,
    /// `None`: deals are left alone.
    pub deal_field: Option<PaymentField>,
    /// How timelines call a smart invoice. Live integrations use `dynamic_31`; the documentation's wording would also
    /// allow `smart_invoice`.
    pub comment_entity_type: String,
    /// Before the number of the category, in the reference of stages.
    pub stage_reference: String,
    /// How a multiple field is emptied: with `[]`, or (not confirmed to be needed) with a list of one blank.
    pub empties_with_blank: bool,
    pub also: Also,
    /// The key is a local application's: only such a one may have the portal queue events.
    pub by_application: bool,
    /// The portal queues for us what happens to invoices, since it was connected.
    pub listens: bool,
    /// Which stages stand for which status, by the user's choice. A deal's stage goes with the payment's code.
    pub mapping: Mapping,
}

/// The full name of a custom field begins with `UF_`, the kind of object and `_`, and has no digits: digits would
/// change its name in `crm.item.*`.
pub(super) const INVOICE_FIELD: &str = "UF_CRM_SMART_INVOICE_BANK_PAYMENT_ID";
pub(super) const DEAL_FIELD: &str = "UF_CRM_DEAL_BANK_PAYMENT_ID";
/// What a portal makes of `BANK_PAYMENT_ID` asked for by `crm.deal.userfield.add`.
pub(super) const DEAL_FIELD_OLD: &str = "UF_CRM_BANK_PAYMENT_ID";
pub(super) const DEAL_FIELD_OLD_SHORT: &str = "BANK_PAYMENT_ID";

impl Portal {
    pub fn new(connection: impl Into<String>) -> Self {
        Self {
            connection: connection.into(),
            invoice_field: PaymentField {
                name: "ufCrmSmartInvoiceBankPaymentId".to_owned(),
                multiple: true,
            },
            deal_field: Some(PaymentField {
                name: "ufCrmDealBankPaymentId".to_owned(),
                multiple: true,
            }),
            comment_entity_type: format!("dynamic_{}", kind::INVOICE),
            stage_reference: "SMART_INVOICE_STAGE_".to_owned(),
            empties_with_blank: false,
            also: Also::default(),
            by_application: false,
            listens: false,
            mapping: Mapping::default(),
        }
    }

    /// The id under which the ledger knows an invoice of this portal.
    #[must_use]
    pub fn invoice_id(&self, number: u64) -> domain::InvoiceId {
        domain::InvoiceId::from(format!("{}:{}:{number}", self.connection, kind::INVOICE))
    }

    /// The portal's own number of an invoice; `None` where the id is of another connection or another kind of object.
    #[must_use]
    pub fn invoice_number(&self, id: &domain::InvoiceId) -> Option<u64> {
        let rest = id.0.strip_prefix(self.connection.as_str())?.strip_prefix(':')?;
        let (of, number) = rest.split_once(':')?;
        let number = number.parse().ok().filter(|number| *number > 0)?;
        (of == kind::INVOICE.to_string()).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_invoices_of_this_connection_are_ours() {
        let portal = Portal::new("b24");
        assert_eq!(portal.invoice_id(1001).0, "b24:31:1001");
        assert_eq!(portal.invoice_number(&"b24:31:1001".into()), Some(1001));
        for stranger in [
            "b24x:31:1",
            "b2:31:1",
            "b24:2:1",
            "b24:31:0",
            "b24:31:",
            "b24:31:1:2",
            "1001",
            "",
        ] {
            assert_eq!(portal.invoice_number(&stranger.into()), None, "{stranger}");
        }
    }
}
