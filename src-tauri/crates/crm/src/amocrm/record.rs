//! Recording a payment: its id, the status and the date in one write, then one note on the lead, then the lead itself.

use chrono::{DateTime, NaiveDate};
use domain::{Message, Operation, Outcome, PaymentId, PaymentStatus, Receipt, Text, Touched, Trace};
use serde_json::{Value, json};

use super::{
    AmocrmError, Client,
    causes::{NO_ACCOUNT, NO_INVOICES, shut},
    element::Element,
    layout::{BILL_PAYMENT_DATE, BILL_STATUS, Layout, PAYMENT_ID, SHORT_CHARS},
    notes::{BILL_PAID, COMMON, Said, Search, lead_of, record_mark},
    plan::{self, Before},
    presence::no_account,
    status::choice,
};
use crate::{
    attempt::{Attempt, Failed, Stop, given_up},
    bitrix24::StageMove,
    call::{CallError, Transport},
    interface::Earlier,
    php,
};

const TITLE_FULL: &str = "Поступила оплата, счёт оплачен полностью";
const TITLE_PART: &str = "Поступила часть оплаты";
const TITLE_AGAIN: &str = "Оплата записана заново: после прошлой записи счёт изменили";

/// What one write changes in an invoice.
#[derive(Default)]
pub struct Change<'a> {
    pub payments: Option<&'a [String]>,
    pub status: Option<&'a str>,
    /// The status before, for the receipt.
    pub was: Option<String>,
    pub paid_on: PaidOn,
}

/// What becomes of an invoice's day of payment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PaidOn {
    #[default]
    Left,
    Day(NaiveDate),
    /// The invoice is paid no longer, and a day would say that it is.
    Emptied,
}

impl<T: Transport> Client<T> {
    /// Looks before it writes, writes once, reads back, and says how it ended. It may be repeated any number of times.
    pub async fn deliver(&self, message: &Message, earlier: &Earlier) -> Outcome {
        let mut attempt = Attempt::new(&self.transport);
        let delivered = match &message.operation {
            Operation::RecordPayment { .. } => self.record(&mut attempt, message).await,
            Operation::ReversePayment { .. } => self.reverse(&mut attempt, message, earlier).await,
            Operation::RestorePayment { .. } => self.restore(&mut attempt, message, earlier).await,
            Operation::MarkStatus { .. } => given_up(self.tell_status(&mut attempt, message, earlier).await),
            Operation::AskResponsible { .. } => self.ask(&mut attempt, message).await,
            Operation::RemoveRepeats { .. } => self.remove_repeats(&mut attempt, message).await,
        };
        match delivered {
            Ok(receipt) => Outcome::Delivered { receipt },
            Err(stop) => {
                let outcome = stop.outcome(shut);
                if matches!(outcome, Outcome::Refused { .. }) {
                    // Perhaps the account is made otherwise by now.
                    self.forget_layout().await;
                }
                outcome
            }
        }
    }

    async fn record(&self, attempt: &mut Attempt<'_, T>, message: &Message) -> Result<Receipt, Stop> {
        let Operation::RecordPayment {
            invoice,
            invoice_number,
            deal,
            payment,
            amount,
            booked,
            settles,
            restores,
            ..
        } = &message.operation
        else {
            return Err(Stop::Refused(Text::new(
                "не запись платежа",
                "not the recording of a payment",
            )));
        };
        let (layout, id) = self.target(attempt, invoice).await?;
        let mut notes = Vec::new();
        let lead = lead_of(deal.as_deref(), &mut notes);
        let mark = record_mark(&message.id);
        let Some(element) = self.element(attempt, id, &layout).await? else {
            self.disown_doubles_behind(attempt, lead, id, &mark, &mut notes).await?;
            return Err(Stop::Refused(Text::new(
                format!("счёт {invoice_number} удалён в amoCRM"),
                format!("invoice {invoice_number} is deleted in amoCRM"),
            )));
        };
        let mut ours = match lead {
            Some(lead) => self.our_note(attempt, lead, id, &mark, Search::Shared).await?,
            None => None,
        };
        let held = element.holds(payment);
        let settles = *settles && !plan::asks_for_more(&element, payment.as_str(), *amount, &mut notes);
        let status = if settles {
            PaymentStatus::Paid
        } else {
            PaymentStatus::PartlyPaid
        };
        if let (None, Some(lead)) = (&ours, lead)
            && attempt.shares_looks()
            && plan::may_have_told(&element, &layout, held, status, restores.is_some())
        {
            ours = self.our_note(attempt, lead, id, &mark, Search::Alone).await?;
        }
        if !held && ours.is_none() {
            plan::acceptable(&element, *amount, invoice_number)?;
        }
        let before = Before {
            held,
            note: ours.as_ref(),
            remembers: lead.is_some(),
            insists: restores.is_some(),
        };
        let plan = plan::record(&element, &layout, status, &before, &mut notes)?;
        let moved_by_us = plan.stages.changed().is_some() || plan.status.is_some();
        let paid_by_us = settles && moved_by_us;
        let lead_moves = match (&ours, lead) {
            (Some(ours), _) => ours.lead.clone(),
            (None, Some(lead)) if moved_by_us => self.lead_plan(attempt, lead, status, &mut notes).await?,
            _ => StageMove::default(),
        };
        let said = Said {
            message,
            element: id,
            // Robots wait for the note that says «paid»: they were told once.
            kind: if paid_by_us && !before.insists {
                BILL_PAID
            } else {
                COMMON
            },
            title: match (before.insists, settles) {
                (true, _) => TITLE_AGAIN,
                (false, true) => TITLE_FULL,
                (false, false) => TITLE_PART,
            },
            mark: &mark,
            invoice: &plan.stages,
            lead: &lead_moves,
        };
        let (mut comment, mut doubles) = ours.map(|ours| (ours.id, ours.doubles)).unzip();
        let to_say = lead.filter(|_| comment.is_none());
        let (first, last) = if plan.note_first {
            (to_say, None)
        } else {
            (None, to_say)
        };
        if let Some(lead) = first {
            comment = self.add_note(attempt, lead, &said, &mut notes).await?;
        }
        if !held || plan.status.is_some() {
            let payments = with_payment(&element.payments, payment, true);
            let change = Change {
                payments: (!held).then_some(payments.as_slice()),
                status: plan.status.as_deref(),
                was: element.status_id(),
                paid_on: if settles && plan.status.is_some() {
                    PaidOn::Day(*booked)
                } else {
                    PaidOn::Left
                },
            };
            self.update(attempt, id, &layout, &change).await?;
        }
        if let Some(lead) = last {
            comment = self.add_note(attempt, lead, &said, &mut notes).await?;
        }
        if let Some(lead) = lead {
            self.move_lead(attempt, lead, &lead_moves, &mut notes).await?;
        }

        let now = if attempt.has_written() {
            // Code and status are one write: of a status alone only the status tells.
            let is_there = |now: &Element| {
                now.holds(payment) && (!held || plan.status.is_none() || now.status_id() == plan.status)
            };
            let now = self.read_back(attempt, id, &layout, is_there).await?;
            now.ok_or_else(|| attempt.unproven(gone()))?
        } else {
            element
        };
        if !now.holds(payment) {
            return Err(attempt.unproven(Text::new(
                "amoCRM подтвердила запись, но кода платежа в счёте нет",
                "amoCRM confirmed the write, but the invoice does not hold the payment's code",
            )));
        }
        if plan.status.is_some() && now.status_id() != plan.status {
            notes.push(moved_at_once(&now));
        }
        if let Some(lead) = to_say.filter(|_| comment.is_some()) {
            let proved = self.prove_note(attempt, lead, id, &mark, &mut notes).await?;
            if let Some(shown) = proved.shown {
                (comment, doubles) = (Some(shown.id), Some(shown.doubles));
            }
            self.disown_all(attempt, lead, &proved.others, &mut notes).await?;
        }
        if let (Some(lead), Some(first), Some(doubles)) = (lead, &comment, &doubles) {
            self.disown_doubles(attempt, lead, first, doubles, &mut notes).await?;
        }
        Ok(Receipt {
            stage_before: plan.stages.before,
            stage_after: plan.stages.after,
            asked: now.amount,
            payments: now.payment_ids(),
            comment,
            found_done: !attempt.has_written(),
            notes,
            traces: std::mem::take(&mut attempt.traces),
        })
    }

    /// The account as it is made, and the number of the invoice in its catalog.
    pub(super) async fn target(
        &self,
        attempt: &Attempt<'_, T>,
        invoice: &domain::InvoiceId,
    ) -> Result<(std::sync::Arc<Layout>, u64), Stop> {
        let stranger = || {
            let connection = &self.account.connection;
            Stop::Refused(Text::new(
                format!("счёт {invoice} не из этого подключения ({connection})"),
                format!("invoice {invoice} is not of this connection ({connection})"),
            ))
        };
        let (catalog, id) = self.account.element(invoice).ok_or_else(stranger)?;
        let layout = self.layout().await.map_err(|error| match error {
            AmocrmError::Call { error, .. } => attempt.failed(error),
            // Not about this message: the whole queue waits for a person.
            AmocrmError::NoAccount => attempt.failed(CallError::Unauthorised {
                code: NO_ACCOUNT.to_owned(),
                detail: no_account(),
            }),
            AmocrmError::NoInvoices => attempt.failed(CallError::Unauthorised {
                code: NO_INVOICES.to_owned(),
                detail: Text::new(
                    "в amoCRM больше нет списка счетов",
                    "amoCRM has no list of invoices any longer",
                ),
            }),
            error => attempt.unproven(Text::new(
                format!("amoCRM ответила не так, как описано ({error})"),
                format!("amoCRM answered otherwise than documented ({error})"),
            )),
        })?;
        if layout.catalog != catalog {
            return Err(stranger());
        }
        if layout.field(PAYMENT_ID).is_none() {
            self.forget_layout().await;
            return Err(Stop::Refused(Text::new(
                "у счетов amoCRM нет поля для кода платежа (его создаёт подключение)",
                "invoices of amoCRM have no field for the payment's code (connecting makes it)",
            )));
        }
        Ok((layout, id))
    }

    /// One invoice as it is now; `None` where it is gone.
    pub(super) async fn element(
        &self,
        attempt: &mut Attempt<'_, T>,
        id: u64,
        layout: &Layout,
    ) -> Result<Option<Element>, Stop> {
        let path = format!("catalogs/{}/elements", layout.catalog);
        match attempt.look(&format!("GET {path}/{id}"), &json!({})).await {
            Ok(row) => Ok(Element::read(&row, id, layout)),
            Err(Failed { error, .. }) if error.is_not_found() => {
                self.must_be_gone(attempt, &path, "elements", id).await?;
                Ok(None)
            }
            Err(failed) => Err(failed.into()),
        }
    }

    /// One write: whatever changes, together.
    pub(super) async fn update(
        &self,
        attempt: &mut Attempt<'_, T>,
        id: u64,
        layout: &Layout,
        change: &Change<'_>,
    ) -> Result<(), Stop> {
        let mut fields = Vec::new();
        let mut put = |code: &str, values: Value| {
            if let Some(field) = layout.field(code) {
                fields.push(json!({"field_id": field.id, "values": values}));
            }
        };
        if let Some(payments) = change.payments {
            // A field is emptied by no values at all: null, not an empty list.
            let values = if payments.is_empty() {
                Value::Null
            } else {
                json!([{"value": fitting(payments, layout)?}])
            };
            put(PAYMENT_ID, values);
        }
        let status = layout.status_field().zip(change.status);
        if let Some(number) = status.and_then(|(field, status)| choice(field, status)) {
            put(BILL_STATUS, json!([{"enum_id": number}]));
        }
        match change.paid_on {
            PaidOn::Left => {}
            PaidOn::Day(day) => put(BILL_PAYMENT_DATE, json!([{"value": layout.moment_of(day)}])),
            PaidOn::Emptied => put(BILL_PAYMENT_DATE, Value::Null),
        }
        let path = format!("catalogs/{}/elements", layout.catalog);
        let body = json!([{"id": id, "custom_fields_values": fields}]);
        let mut written = attempt.write(&format!("PATCH {path}"), &body).await;
        if let Err(Failed {
            error: CallError::Refused { status: 405, .. },
            ..
        }) = &written
        {
            // Both ways are documented; what stands before an account may let only one of them through.
            let body = body.get(0).cloned().unwrap_or_default();
            written = attempt.write(&format!("PATCH {path}/{id}"), &body).await;
        }
        match written {
            Ok(answer) => {
                attempt.traces.push(Trace {
                    what: Touched::Invoice,
                    id: id.to_string(),
                    before: change.was.clone(),
                    after: change.status.map(str::to_owned).or_else(|| change.was.clone()),
                    at: changed_at(&answer, "elements"),
                });
                Ok(())
            }
            Err(Failed {
                error: CallError::Refused { status: 404, .. },
                ..
            }) => {
                self.must_be_gone(attempt, &path, "elements", id).await?;
                Err(Stop::Refused(gone_before()))
            }
            Err(failed) => Err(failed.into()),
        }
    }
}

/// The codes of payments as one text.
fn fitting(payments: &[String], layout: &Layout) -> Result<String, Stop> {
    let codes = payments.join(" ");
    let short = layout.field(PAYMENT_ID).filter(|field| field.is_short());
    match short.filter(|_| codes.chars().count() > SHORT_CHARS) {
        None => Ok(codes),
        Some(field) => Err(Stop::Refused(Text::new(
            format!(
                "в поле «{}» больше нет места: это «Текст», amoCRM принимает в него до {SHORT_CHARS} символов. Удалите поле \
                 и подключите amoCRM заново, программа создаст «Текстовую область»",
                field.name
            ),
            format!(
                "the field «{}» is full: it is a «Text», amoCRM takes {SHORT_CHARS} characters into it. Delete it and connect \
                 again, a «Text area» is made",
                field.name
            ),
        ))),
    }
}

/// When the CRM changed or made the first object of an answer, by its own clock.
pub(super) fn changed_at(answer: &Value, key: &str) -> Option<String> {
    let rows = php::rows(&answer["_embedded"][key]);
    let told = rows.first().map_or(&answer["updated_at"], |row| &row["updated_at"]);
    let seconds = php::text(told)?.parse().ok()?;
    Some(DateTime::from_timestamp(seconds, 0)?.to_rfc3339())
}

/// The ids of a field with one more or one less; the others stay as they are, in their order.
pub(super) fn with_payment(held: &[String], payment: &PaymentId, present: bool) -> Vec<String> {
    let mut payments: Vec<String> = held.iter().filter(|held| **held != payment.0).cloned().collect();
    if present {
        payments.push(payment.0.clone());
    }
    payments
}

/// The invoice was there before the write and is not there after it.
pub(super) fn gone() -> Text {
    Text::new(
        "счёт исчез сразу после записи",
        "the invoice was gone right after the write",
    )
}

fn gone_before() -> Text {
    Text::new(
        "счёт удалили, пока в него записывали",
        "the invoice was deleted while it was being written to",
    )
}

/// The write did its work, and somebody (a robot of the account as a rule) was faster than the look after it.
pub(super) fn moved_at_once(now: &Element) -> Text {
    let name = now.status_name();
    Text::new(
        format!("Сразу после записи статус счёта сменили на «{name}» (робот или сотрудник): оставлен."),
        format!("Right after the write somebody moved the invoice to «{name}», a robot or a person: left as it is."),
    )
}
