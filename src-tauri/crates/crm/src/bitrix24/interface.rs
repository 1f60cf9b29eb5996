//! Bitrix24 as the host sees it: one of the CRMs.

use domain::{InvoiceId, Message, MessageId, Outcome, Receipt, Text, Timestamp, Written};
use serde_json::{Value, json};

use super::{Also, Client, ConnectReport, FieldState, PaymentField, Portal, together::SIDE_BY_SIDE_MAX};
use crate::{
    call::Transport,
    interface::{Changes, Check, Crm, Doing, Drifted, Earlier, Extras, Introduction, Part, Pull, Told, Trouble},
    mapping::Funnel,
    php,
};

impl<T: Transport + Send> Crm for Client<T> {
    fn connect(&self) -> Doing<'_, Result<Introduction, Trouble>> {
        Box::pin(async move {
            let (invoice, deal) = self.ensure_fields().await?;
            let report = self.check().await?;
            let mut checks: Vec<Check> = found(&report).into_iter().chain(report.lacking).collect();
            if let Err(error) = &deal {
                checks.push(no_deal_field(&Trouble::from(error.clone()).says));
            }
            let listens = match self.portal.by_application {
                true => self.listen().await,
                false => Ok(()),
            };
            if let Err(error) = &listens {
                checks.push(not_listening(&Trouble::from(error.clone()).says));
            }
            Ok(Introduction {
                checks,
                remember: json!({
                    "listens": self.portal.by_application && listens.is_ok(),
                    "invoice": remembered(&invoice),
                    "deal": deal.as_ref().ok().map(remembered),
                    "also": remembered_also(&self.portal.also, &report.scopes),
                }),
                server_time: report.server_time,
            })
        })
    }

    fn funnels(&self) -> Doing<'_, Result<Vec<Funnel>, Trouble>> {
        Box::pin(async move { Ok(Client::funnels(self).await?) })
    }

    fn extras(&self) -> Doing<'_, Result<Option<Extras>, Trouble>> {
        Box::pin(async move { Ok(Some(self.offered_extras().await?)) })
    }

    fn pull<'a>(&'a self, still_open: &'a [InvoiceId]) -> Doing<'a, Result<Pull, Trouble>> {
        Box::pin(async move { Ok(Client::pull(self, still_open).await?) })
    }

    fn changes(&self, since: Timestamp) -> Doing<'_, Result<Changes, Trouble>> {
        Box::pin(async move { Ok(self.increment(since).await?) })
    }

    fn stored<'a>(&'a self, told: &'a Told) -> Doing<'a, Result<(), Trouble>> {
        Box::pin(async move { Ok(self.clear_told(told).await?) })
    }

    fn drift<'a>(&'a self, written: &'a [Written]) -> Doing<'a, Result<Vec<Drifted>, Trouble>> {
        Box::pin(async move { Ok(Client::drift(self, written).await?) })
    }

    fn repeated<'a>(&'a self, delivered: &'a [(Message, Receipt)]) -> Doing<'a, Result<Vec<MessageId>, Trouble>> {
        Box::pin(async move { Ok(Client::repeated(self, delivered).await?) })
    }

    fn deliver<'a>(&'a self, message: &'a Message, earlier: &'a Earlier) -> Doing<'a, Outcome> {
        Box::pin(Client::deliver(self, message, earlier))
    }

    fn deliver_together<'a>(&'a self, parcels: &'a [(Message, Earlier)]) -> Doing<'a, Vec<Outcome>> {
        Box::pin(Client::deliver_together(self, parcels))
    }

    fn together_max(&self) -> usize {
        SIDE_BY_SIDE_MAX
    }

    fn new_key(&self) -> Text {
        Text::new(
            "создайте в Битрикс24 новый входящий вебхук с правами crm и userfieldconfig и подключите его",
            "make a new inbound webhook in Bitrix24 with the scopes crm and userfieldconfig, and connect it",
        )
    }
}

impl Portal {
    /// A portal as an earlier connection [remembered](Introduction::remember) it; what it does not name has its default.
    #[must_use]
    pub fn remembered(connection: impl Into<String>, remember: &Value) -> Self {
        let mut portal = Self::new(connection);
        if let Some(field) = field(&remember["invoice"]) {
            portal.invoice_field = field;
        }
        match remember.get("deal") {
            Some(Value::Null) => portal.deal_field = None,
            Some(deal) => portal.deal_field = field(deal).or(portal.deal_field),
            None => {}
        }
        portal.listens = php::flag(&remember["listens"]);
        let also = &remember["also"];
        portal.also = Also {
            notifies: php::flag(&also["notifies"]),
            vouchers: php::flag(&also["vouchers"]),
            act_template: php::id(&also["act_template"]),
        };
        portal
    }
}

fn no_deal_field(why: &Text) -> Check {
    Check::lacking(
        Part::Field,
        format!("Оплаты записываются в счета, сделки не меняются. {}", why.ru),
        format!("Payments go into invoices, deals stay as they are. {}", why.en),
    )
}

/// Without events the program asks by time, and a deleted invoice is found out later.
fn not_listening(why: &Text) -> Check {
    Check::lacking(
        Part::Rights,
        format!(
            "Портал не собирает для программы события о счетах: об удалённом счёте она узнает не сразу, а раз в час. {}",
            why.ru
        ),
        format!(
            "The portal gathers no events of invoices for the program: a deleted invoice is found out hourly only. {}",
            why.en
        ),
    )
}

/// What the user chose stays; whoever answers for an invoice is notified wherever the key may do it.
fn remembered_also(also: &Also, scopes: &[String]) -> Value {
    json!({
        "notifies": also.notifies || scopes.iter().any(|scope| scope.eq_ignore_ascii_case("im")),
        "vouchers": also.vouchers,
        "act_template": also.act_template,
    })
}

fn remembered(field: &PaymentField) -> Value {
    json!({"name": field.name, "multiple": field.multiple})
}

fn field(remembered: &Value) -> Option<PaymentField> {
    Some(PaymentField {
        name: php::text(&remembered["name"])?,
        multiple: php::flag(&remembered["multiple"]),
    })
}

/// What the portal has, in words.
fn found(report: &ConnectReport) -> Vec<Check> {
    let scopes = report.scopes.join(", ");
    let mut found = vec![
        match &report.user {
            Some(user) => Check::good(
                Part::Key,
                format!("ключ пользователя: {user}"),
                format!("the key is of: {user}"),
            ),
            None => Check::good(Part::Key, "ключ принят", "the key is accepted"),
        },
        Check::good(Part::Rights, format!("права: {scopes}"), format!("scopes: {scopes}")),
    ];
    for category in &report.categories {
        let stages: Vec<&str> = category.stages.iter().map(|stage| stage.name.as_str()).collect();
        let (name, stages) = (&category.name, stages.join(", "));
        found.push(Check::good(
            Part::Stages,
            format!("воронка счетов «{name}»: {stages}"),
            format!("invoice pipeline «{name}»: {stages}"),
        ));
    }
    let fields = [
        (
            &report.invoice_field,
            "поле для кода платежа в счёте",
            "the field for payment ids on invoices",
        ),
        (
            &report.deal_field,
            "поле для кода платежа в сделке",
            "the field for payment ids on deals",
        ),
    ];
    for (state, ru, en) in fields {
        if let FieldState::Found(field) = state {
            let name = &field.name;
            found.push(Check::good(
                Part::Field,
                format!("{ru}: {name}"),
                format!("{en}: {name}"),
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_connection_remembers_makes_the_same_portal_again() {
        let mut portal = Portal::new("b24");
        portal.invoice_field = PaymentField {
            name: "ufCrm_7".to_owned(),
            multiple: false,
        };
        portal.listens = true;
        portal.also = Also {
            notifies: true,
            vouchers: true,
            act_template: Some(39),
        };
        let remember = json!({
            "listens": true,
            "invoice": remembered(&portal.invoice_field),
            "deal": portal.deal_field.as_ref().map(remembered),
            "also": remembered_also(&portal.also, &[]),
        });
        assert_eq!(Portal::remembered("b24", &remember), portal);
        assert_eq!(Portal::remembered("b24", &Value::Null), Portal::new("b24"));
    }
}
