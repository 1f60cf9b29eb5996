//! The first look at an account: who it is, which fields and statuses its invoices have, and what is missing.

use domain::Text;
use serde_json::json;

use super::{
    AmocrmError, Client,
    error::FIELD_NAME,
    layout::{BILL_PAYMENT_DATE, BILL_PRICE, Field, ITEMS, Layout, PAYER, PAYMENT_ID},
    status::{CREATED, PAID, PARTLY, choice, name_of},
};
use crate::{
    call::{CallError, Transport},
    interface::{Check, Introduction, Part},
};

/// So many codes of payments, with the spaces between them, fit into a short field.
const SHORT_CODES: usize = 6;

impl<T: Transport> Client<T> {
    /// Looks at the account, makes the field for payment ids where it is missing, and says what is there. Safe to repeat.
    ///
    /// # Errors
    /// The account cannot be asked, has no invoices, or the field is neither there nor could be made.
    pub async fn introduce(&self) -> Result<Introduction, AmocrmError> {
        let mut layout = self.layout_anew().await?;
        if layout.field(PAYMENT_ID).is_none() {
            let path = format!("POST catalogs/{}/custom_fields", layout.catalog);
            // Not `text`: see `SHORT_CHARS`.
            let field = json!([{"name": FIELD_NAME, "type": "textarea", "code": PAYMENT_ID}]);
            let made = self.transport.call(&path, &field).await;
            // Whatever the answer was (it may be lost), the list of fields tells whether the field is there.
            layout = self.layout_anew().await?;
            if layout.field(PAYMENT_ID).is_none() {
                return Err(not_made(path, made.err()));
            }
        }
        Ok(Introduction {
            checks: found(&layout).into_iter().chain(lacking(&layout)).collect(),
            remember: json!({"account": layout.account, "catalog": layout.catalog}),
            server_time: self.transport.server_time(),
        })
    }
}

fn not_made(call: String, error: Option<CallError>) -> AmocrmError {
    match error {
        // Refusals and missing rights are about this field; the rest is about the way to the account.
        Some(error) if error.may_pass() || matches!(error, CallError::NotSent { .. } | CallError::Moved { .. }) => {
            AmocrmError::Call { call, error }
        }
        Some(error) => AmocrmError::FieldNotMade { reason: error.fact() },
        None => AmocrmError::FieldNotMade {
            reason: Text::new(
                "amoCRM ответила «готово», но поля нет",
                "amoCRM answered «done», but the field is not there",
            ),
        },
    }
}

fn found(layout: &Layout) -> Vec<Check> {
    let (account, catalog, currency) = (&layout.account, &layout.catalog_name, layout.currency);
    let mut found = vec![
        Check::good(
            Part::Key,
            format!("аккаунт: {account}, валюта {currency}"),
            format!("the account: {account}, currency {currency}"),
        ),
        Check::good(
            Part::Rights,
            format!("список счетов: {catalog}"),
            format!("the list of invoices: {catalog}"),
        ),
    ];
    if let Some(field) = layout.status_field() {
        let known = [CREATED, PARTLY, PAID]
            .into_iter()
            .filter(|id| choice(field, id).is_some());
        let names: Vec<String> = known.map(|id| name_of(Some(field), id)).collect();
        let names = names.join(", ");
        found.push(Check::good(
            Part::Stages,
            format!("статусы счёта: {names}"),
            format!("statuses of an invoice: {names}"),
        ));
    }
    if let Some(field) = layout.field(PAYMENT_ID) {
        let name = &field.name;
        found.push(Check::good(
            Part::Field,
            format!("поле для кода платежа: {name}"),
            format!("the field for payment ids: {name}"),
        ));
    }
    found
}

fn lacking(layout: &Layout) -> Vec<Check> {
    let mut lacking = Vec::new();
    let can = |status: &str| {
        layout
            .status_field()
            .is_some_and(|field| choice(field, status).is_some())
    };
    if layout.status_field().is_none() {
        lacking.push(Check::lacking(
            Part::Stages,
            "У счетов amoCRM нет поля «Статус» (BILL_STATUS): оплаченные счета нельзя будет отметить. Верните поле в \
             настройках списка счетов.",
            "Invoices have no field «Status» (BILL_STATUS): paid invoices could not be marked. Put it back in the \
             settings of the list of invoices.",
        ));
    } else if !can(PAID) {
        lacking.push(Check::lacking(
            Part::Stages,
            "У поля «Статус» счетов нет значения «Оплачен»: оплаченные счета нельзя будет отметить. Верните его.",
            "The field «Status» of invoices has no «Paid»: paid invoices could not be marked. Put it back.",
        ));
    } else if !can(PARTLY) {
        lacking.push(Check::lacking(
            Part::Stages,
            "У поля «Статус» счетов нет значения «Частично оплачен»: часть оплаты будет видна только в примечании.",
            "The field «Status» of invoices has no «Partially paid»: a part is told in a note only.",
        ));
    }
    if layout.field(BILL_PRICE).is_none() && layout.field(ITEMS).is_none() {
        lacking.push(Check::lacking(
            Part::Field,
            "У счетов нет ни суммы (BILL_PRICE), ни товаров (ITEMS): суммы прочитать нельзя. Верните поле в настройках \
             списка счетов.",
            "Invoices have neither a price (BILL_PRICE) nor items (ITEMS): sums cannot be read. Put the field back.",
        ));
    }
    if layout.field(PAYMENT_ID).is_some_and(Field::is_short) {
        lacking.push(Check::lacking(
            Part::Field,
            format!(
                "Поле «{FIELD_NAME}» имеет тип «Текст»: в него входят коды {SHORT_CODES} платежей за один счёт. Если счета \
                 оплачивают большим числом частей, удалите поле и подключите amoCRM заново: программа создаст «Текстовую \
                 область»."
            ),
            format!(
                "The field «{FIELD_NAME}» is of the type «Text»: it takes the codes of {SHORT_CODES} payments of one invoice. \
                 Where invoices are paid in more parts, delete it and connect again: a «Text area» is made."
            ),
        ));
    }
    if layout.field(BILL_PAYMENT_DATE).is_none() {
        lacking.push(Check::lacking(
            Part::Field,
            "У счетов нет поля «Дата оплаты» (BILL_PAYMENT_DATE): дата останется только в примечании.",
            "Invoices have no field «Payment date» (BILL_PAYMENT_DATE): the date is told in a note only.",
        ));
    }
    if layout.field(PAYER).is_none() {
        lacking.push(Check::lacking(
            Part::Field,
            "У счетов нет поля «Плательщик» (PAYER): ИНН берётся из реквизитов компании сделки.",
            "Invoices have no field «Payer» (PAYER): tax numbers come from the lead's company.",
        ));
    }
    lacking
}
