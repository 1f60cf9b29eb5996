//! What else is told of a payment where the user wants it: the deal's stage, the voucher of the invoice's payment, an
//! act, a notification. None of it is money: what a portal refuses is noted, and the delivery goes on.

use chrono::{DateTime, FixedOffset};
use domain::{Operation, Text, Touched, Trace};
use serde_json::{Value, json};

use super::{
    Client, Semantics,
    attempt::{Attempt, Failed, Stop},
    comments::{quoted, sum},
    deliver::Carry,
    items::{Item, told_at},
    kind,
    stages::{STATUS_LIST, deal_reference, stages, status_filter},
    sums,
};
use crate::{
    call::{CallError, Transport},
    mapping::Of,
    php,
};

const NOTIFY: &str = "im.notify.system.add";
const PAYMENTS: &str = "crm.item.payment.list";
const VOUCHER: &str = "sale.payment.update";
const SHOP_PAYMENTS: &str = "sale.payment.list";
pub(super) const DOCUMENTS: &str = "crm.documentgenerator.document.list";
const ACT: &str = "crm.documentgenerator.document.add";
const REMOVE_ACT: &str = "crm.documentgenerator.document.delete";
/// A request that comes again comes within this.
const ACT_REPEATS_MS: i64 = 120_000;

impl<T: Transport> Client<T> {
    /// The stage to write into a deal together with the payment's code; `None`: it stays.
    pub(super) async fn deal_stage(
        &self,
        attempt: &mut Attempt<'_, T>,
        deal: &Item,
        carry: Carry,
        notes: &mut Vec<Text>,
    ) -> Result<Option<String>, Stop> {
        let Some(funnel) = deal.category else { return Ok(None) };
        let mapping = &self.portal.mapping;
        let now = deal.stage.as_deref().unwrap_or_default();
        let status = match carry {
            Carry::In(status) => status,
            Carry::Out => {
                if mapping.standing(Of::Deals, funnel, now).next().is_some() {
                    notes.push(Text::new(
                        "Стадия сделки оставлена: после отмены оплаты проверьте её в Битрикс24.",
                        "The deal's stage is left: check it in Bitrix24 now that the payment is taken back.",
                    ));
                }
                return Ok(None);
            }
        };
        let Some(wanted) = mapping.stage(Of::Deals, funnel, status) else {
            return Ok(None);
        };
        let standing: Vec<_> = mapping.standing(Of::Deals, funnel, now).collect();
        let is_past = !standing.is_empty() && standing.iter().all(|before| !status.may_follow(*before));
        if now == wanted || is_past {
            return Ok(None);
        }
        let reference = deal_reference(funnel);
        let body = attempt.look(STATUS_LIST, &status_filter(&reference)).await?;
        let stages = stages(&body["result"], &reference);
        let closed = stages
            .iter()
            .find(|stage| Some(&stage.id) == deal.stage.as_ref() && stage.semantics != Semantics::Open);
        if let Some(closed) = closed {
            let name = &closed.name;
            notes.push(Text::new(
                format!("Сделка уже закрыта в стадии «{name}»: оставлена."),
                format!("The deal is closed already, in «{name}»: left as it is."),
            ));
            return Ok(None);
        }
        if stages.iter().all(|stage| stage.id != wanted) {
            notes.push(Text::new(
                format!("Стадии сделки «{wanted}» на портале больше нет: выберите другую в настройках CRM."),
                format!("The portal no longer has the deal's stage «{wanted}»: choose another in the CRM settings."),
            ));
            return Ok(None);
        }
        Ok(Some(wanted.to_owned()))
    }

    /// Number and date of the payment order in the one payment of the invoice that is of this sum.
    pub(super) async fn carry_to_voucher(
        &self,
        attempt: &mut Attempt<'_, T>,
        invoice: u64,
        operation: &Operation,
        notes: &mut Vec<Text>,
    ) -> Result<(), Stop> {
        let Operation::RecordPayment {
            amount,
            booked,
            document_number: Some(number),
            ..
        } = operation
        else {
            return Ok(());
        };
        if !self.portal.also.vouchers {
            return Ok(());
        }
        let asked = json!({"entityId": invoice, "entityTypeId": kind::INVOICE});
        let Some(body) = allowed(attempt.look(PAYMENTS, &asked).await, "платёжка", "the voucher", notes)?
        else {
            return Ok(());
        };
        let of_this_sum = |row: &&Value| {
            let shown = php::text(&row["sum"]).and_then(|text| sums::sum(&text, amount.currency()));
            shown == Some(*amount)
        };
        let rows: Vec<&Value> = php::rows(&body["result"]).into_iter().filter(of_this_sum).collect();
        // None: the portal keeps no payments of this invoice. Several: nobody knows which one it is.
        let [row] = rows.as_slice() else { return Ok(()) };
        let Some(id) = php::id(&row["id"]) else { return Ok(()) };
        let held = json!({"filter": {"id": id}, "select": ["id", "payVoucherNum", "payVoucherDate"]});
        let Some(body) = allowed(
            attempt.look(SHOP_PAYMENTS, &held).await,
            "платёжка",
            "the voucher",
            notes,
        )?
        else {
            return Ok(());
        };
        let mine = php::rows(&body["result"]["payments"])
            .into_iter()
            .find(|payment| php::id(&payment["id"]) == Some(id));
        match mine.and_then(|payment| php::text(&payment["payVoucherNum"])) {
            Some(held) if held == *number => return Ok(()),
            Some(held) => {
                notes.push(Text::new(
                    format!("В оплате № {id} уже стоит платёжка № {held}: оставлена."),
                    format!("Payment {id} names the voucher {held} already: left as it is."),
                ));
                return Ok(());
            }
            None => {}
        }
        let fields = json!({
            "paySystemId": row["paySystemId"],
            "paid": row["paid"],
            "sum": row["sum"],
            "payVoucherNum": number,
            "payVoucherDate": booked.format("%Y-%m-%dT00:00:00+03:00").to_string(),
        });
        let written = attempt.write(VOUCHER, &json!({"id": id, "fields": fields})).await;
        if let Some(body) = allowed(written, "платёжка", "the voucher", notes)? {
            attempt.traces.push(Trace {
                what: Touched::Voucher,
                id: id.to_string(),
                before: None,
                after: Some(number.clone()),
                at: told_at(&body),
            });
        }
        Ok(())
    }

    /// The act of an invoice paid in full, unless there is one of this template.
    pub(super) async fn make_act(
        &self,
        attempt: &mut Attempt<'_, T>,
        invoice: u64,
        notes: &mut Vec<Text>,
    ) -> Result<(), Stop> {
        let Some(template) = self.portal.also.act_template else {
            return Ok(());
        };
        let acts = attempt.look(DOCUMENTS, &acts_asked(invoice, template)).await;
        let Some(body) = allowed(acts, "акт", "the act", notes)? else {
            return Ok(());
        };
        if !acts_of(&body, invoice, template).is_empty() {
            return Ok(());
        }
        let asked = json!({"templateId": template, "entityTypeId": kind::INVOICE, "entityId": invoice});
        let written = attempt.write(ACT, &asked).await;
        let Some(body) = allowed(written, "акт", "the act", notes)? else {
            return Ok(());
        };
        let document = &body["result"]["document"];
        attempt.traces.push(Trace {
            what: Touched::Document,
            id: php::text(&document["id"]).unwrap_or_else(|| "?".to_owned()),
            before: None,
            after: php::text(&document["number"]),
            at: told_at(&body),
        });
        match php::id(&document["id"]) {
            Some(first) => {
                self.remove_act_repeats(attempt, (invoice, template), first, notes)
                    .await
            }
            None => Ok(()),
        }
    }

    /// Something on the way may have delivered the request for the act twice: the portal then made two.
    pub(super) async fn remove_act_repeats(
        &self,
        attempt: &mut Attempt<'_, T>,
        (invoice, template): (u64, u64),
        first: u64,
        notes: &mut Vec<Text>,
    ) -> Result<(), Stop> {
        let acts = attempt.look(DOCUMENTS, &acts_asked(invoice, template)).await;
        let Some(body) = allowed(acts, "просмотр актов", "looking at the acts", notes)? else {
            return Ok(());
        };
        for id in act_repeats(&acts_of(&body, invoice, template), first) {
            let gone = attempt.write(REMOVE_ACT, &json!({"id": id})).await;
            let is_gone = match gone {
                Err(Failed { ref error, .. }) if error.is_not_found() => true,
                gone => allowed(gone, "удаление лишнего акта", "deleting the surplus act", notes)?.is_some(),
            };
            if is_gone {
                notes.push(Text::new(
                    format!("Акт пришёл в Битрикс24 дважды: лишний, № {id}, удалён."),
                    format!("The act reached Bitrix24 twice: the surplus one, {id}, is deleted."),
                ));
            }
        }
        Ok(())
    }

    /// Tells whoever answers for the invoice. A lost notification costs nothing but itself, and a repeated one replaces
    /// the first by its tag.
    pub(super) async fn notify(
        &self,
        attempt: &mut Attempt<'_, T>,
        invoice: &Item,
        operation: &Operation,
        title: &str,
        mark: &str,
        notes: &mut Vec<Text>,
    ) {
        let (true, Some(user)) = (self.portal.also.notifies, invoice.responsible) else {
            return;
        };
        let Operation::RecordPayment {
            invoice_number, amount, ..
        } = operation
        else {
            return;
        };
        let words = format!("{title}: счёт {}, {}", quoted(invoice_number), sum(*amount));
        let params = json!({"USER_ID": user, "MESSAGE": words, "TAG": mark, "CLIENT_ID": "sverka"});
        match attempt.look(NOTIFY, &params).await {
            Ok(body) => attempt.traces.push(Trace {
                what: Touched::Notification,
                id: php::text(&body["result"]).unwrap_or_else(|| "?".to_owned()),
                before: None,
                after: None,
                at: told_at(&body),
            }),
            Err(failed) => {
                let why = failed.error.fact();
                notes.push(Text::new(
                    format!("Ответственный за счёт не уведомлён: {}.", why.ru),
                    format!("Whoever answers for the invoice was not notified: {}.", why.en),
                ));
            }
        }
    }
}

/// A document of the act's template, made of the invoice.
pub(super) struct Act {
    id: u64,
    by: Option<String>,
    at: Option<DateTime<FixedOffset>>,
}

pub(super) fn acts_asked(invoice: u64, template: u64) -> Value {
    json!({"filter": {"entityTypeId": kind::INVOICE, "entityId": invoice, "templateId": template},
           "select": ["id", "entityTypeId", "entityId", "templateId", "createTime", "createdBy"]})
}

pub(super) fn acts_of(body: &Value, invoice: u64, template: u64) -> Vec<Act> {
    let rows = php::rows(&body["result"]["documents"])
        .into_iter()
        .filter(|row| php::id(&row["entityId"]) == Some(invoice) && php::id(&row["templateId"]) == Some(template));
    let acts = rows.filter_map(|row| {
        Some(Act {
            id: php::id(&row["id"])?,
            by: php::text(&row["createdBy"]),
            at: php::text(&row["createTime"]).and_then(|at| DateTime::parse_from_rfc3339(&at).ok()),
        })
    });
    acts.collect()
}

/// The acts that are the first one again: made later in the same name, a moment after it. An act that somebody makes anew
/// on purpose takes longer, and stays.
pub(super) fn act_repeats(acts: &[Act], first: u64) -> Vec<u64> {
    let Some(first) = acts.iter().find(|act| act.id == first) else {
        return Vec::new();
    };
    let is_repeat = |act: &&Act| {
        let apart = act.at.zip(first.at).map(|(at, first)| (at - first).num_milliseconds());
        act.id > first.id && act.by == first.by && apart.is_some_and(|apart| (0..=ACT_REPEATS_MS).contains(&apart))
    };
    acts.iter().filter(is_repeat).map(|act| act.id).collect()
}

/// `None`: the portal does not let us, which is noted and stops nothing.
fn allowed(done: Result<Value, Failed>, ru: &str, en: &str, notes: &mut Vec<Text>) -> Result<Option<Value>, Stop> {
    match done {
        Ok(body) => Ok(Some(body)),
        Err(failed) => match &failed.error {
            CallError::Refused { .. } => Ok(None),
            CallError::Unauthorised { code, .. } if code.eq_ignore_ascii_case("insufficient_scope") => Ok(None),
            _ => return Err(failed.into()),
        }
        .inspect(|_: &Option<Value>| {
            let why = failed.error.fact();
            notes.push(Text::new(
                format!("Портал не разрешил: {ru} ({}).", why.ru),
                format!("The portal did not allow it: {en} ({}).", why.en),
            ));
        }),
    }
}
