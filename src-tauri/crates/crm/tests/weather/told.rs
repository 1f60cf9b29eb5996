//! What a CRM holds in the end, by its control address: the judge's eyes, which are not the client's.

use domain::MessageId;
use serde_json::Value;

use crate::{
    firm::{deal_of, has_word, list},
    line::{Shore, Which},
    small::{FOREIGN, Invoice},
};

pub struct Told {
    which: Which,
    invoices: Vec<Value>,
    deals: Vec<Value>,
    /// Comments or notes: their number and text.
    said: Vec<(i64, String)>,
}

impl Told {
    pub async fn by(shore: &Shore, which: Which) -> Self {
        let (state, said, id, text): (_, _, _, fn(&Value) -> &Value) = match which {
            Which::Bitrix24 => ("/state/bitrix24", "comments", "ID", |row| &row["COMMENT"]),
            Which::Amocrm => ("/state/amocrm", "notes", "id", |row| &row["params"]["text"]),
        };
        let state = shore.told(state).await;
        let said = list(&state[said]);
        let said = said
            .iter()
            .map(|row| (number(&row[id]), text(row).as_str().unwrap().to_owned()));
        Self {
            which,
            invoices: list(&state["invoices"]),
            deals: list(&state["deals"]),
            said: said.collect(),
        }
    }

    fn invoice(&self, invoice: &Invoice) -> &Value {
        self.invoices.iter().find(|row| row["id"] == invoice.id).unwrap()
    }

    /// The numbers of what was told of a message.
    pub fn said(&self, message: &MessageId) -> Vec<i64> {
        let marks = [format!("sv-record-{message}"), format!("sv-reverse-{message}")];
        let ours = self
            .said
            .iter()
            .filter(|(_, text)| marks.iter().any(|mark| has_word(text, mark)));
        ours.map(|(id, _)| *id).collect()
    }

    /// The codes in each field that holds codes of this invoice's payments.
    pub fn held(&self, invoice: &Invoice) -> Vec<Vec<String>> {
        let codes = |row: &Value| match self.which {
            Which::Bitrix24 => list(&row["payment_ids"]),
            Which::Amocrm => list(&row["added"]["BANK_PAYMENT_ID"]),
        };
        let deal = self.deals.iter().filter(|row| row["id"] == deal_of(invoice.id));
        let rows = std::iter::once(self.invoice(invoice)).chain(deal);
        let words = |codes: Vec<Value>| -> Vec<String> {
            let texts = codes.iter().filter_map(Value::as_str);
            texts.flat_map(str::split_whitespace).map(str::to_owned).collect()
        };
        rows.map(|row| words(codes(row))).collect()
    }

    pub fn is_paid(&self, invoice: &Invoice) -> bool {
        let row = self.invoice(invoice);
        match self.which {
            Which::Bitrix24 => row["semantics"] == "S",
            Which::Amocrm => row["status"] == "paid",
        }
    }

    pub fn foreign(&self, invoice: &Invoice) -> bool {
        self.held(invoice)[0].iter().any(|code| code == FOREIGN)
    }
}

fn number(value: &Value) -> i64 {
    value
        .as_str()
        .map_or_else(|| value.as_i64(), |text| text.parse().ok())
        .unwrap()
}
