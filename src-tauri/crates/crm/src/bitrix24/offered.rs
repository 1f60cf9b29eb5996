//! What else a portal can be told of a payment: which of it the key may do, and the templates of acts there are.

use domain::Text;
use serde_json::json;

use super::{Client, CrmError, kind};
use crate::{
    call::{CallError, Transport},
    interface::Extras,
    php,
};

const TEMPLATES: &str = "crm.documentgenerator.template.list";

impl<T: Transport> Client<T> {
    pub(super) async fn offered_extras(&self) -> Result<Extras, CrmError> {
        let scopes = self.scopes().await?;
        let has = |wanted: &str| scopes.iter().any(|scope| scope.eq_ignore_ascii_case(wanted));
        let mut lacking = Vec::new();
        for (scope, ru, en) in [
            ("im", "уведомлений ответственным", "notifications"),
            (
                "sale",
                "номера платёжки в оплате счёта",
                "the voucher of an invoice's payment",
            ),
        ] {
            if !has(scope) {
                lacking.push(Text::new(
                    format!("Для {ru} ключу нужно право {scope}: добавьте его в Битрикс24."),
                    format!("For {en} the key needs the scope {scope}: add it in Bitrix24."),
                ));
            }
        }
        let templates = match self
            .read(TEMPLATES, &json!({"filter": {"entityTypeId": kind::INVOICE}}))
            .await
        {
            Ok(body) => php::rows(&body["result"]["templates"])
                .into_iter()
                .filter_map(|row| Some((php::id(&row["id"])?, php::text(&row["name"]).unwrap_or_default())))
                .collect(),
            // Not in this portal's plan, or not for this key: then there are no acts, and everything else goes on.
            Err(CrmError::Call {
                error: error @ (CallError::Refused { .. } | CallError::Unauthorised { .. }),
                ..
            }) => {
                let why = error.fact();
                lacking.push(Text::new(
                    format!("Акты делать нельзя: {}.", why.ru),
                    format!("Acts cannot be made: {}.", why.en),
                ));
                Vec::new()
            }
            Err(error) => return Err(error),
        };
        let also = &self.portal.also;
        Ok(Extras {
            notifies: also.notifies,
            vouchers: also.vouchers,
            act_template: also.act_template,
            templates,
            lacking,
        })
    }
}
