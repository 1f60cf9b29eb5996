//! Recording a payment: its id in the invoice's field and the successful stage in one write, then the deal, then one
//! comment.

use domain::{Message, Money, Operation, PaymentStatus, Receipt, Text};

use super::{
    Client, Semantics, Stage,
    attempt::{Attempt, Stop, covers},
    comments::{Mark, OurComment, Timeline, comment, mark},
    deliver::{Carry, no_field, with_payment},
    items::{Item, Looked},
};
use crate::{
    call::Transport,
    mapping::{Mapping, Of, does_not_follow, stage_is_gone},
    moves::StageMove,
};

const TITLE_FULL: &str = "Поступила оплата, счёт оплачен полностью";
const TITLE_PART: &str = "Поступила часть оплаты";
const TITLE_AGAIN: &str = "Оплата записана заново: после прошлой записи счёт изменили";

/// What is to be done about the stage.
struct Plan {
    stages: StageMove,
    /// The stage to write.
    stage: Option<String>,
    /// The invoice stands in a successful stage that somebody else set. The comment is then written first: an attempt
    /// that comes back and finds the payment id without a comment knows that the stage was its own doing.
    comment_first: bool,
}

impl<T: Transport> Client<T> {
    pub(super) async fn record(&self, attempt: &mut Attempt<'_, T>, message: &Message) -> Result<Receipt, Stop> {
        let Operation::RecordPayment {
            invoice,
            invoice_number,
            deal,
            payment,
            amount,
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
        let target = self.invoice_target(invoice)?;
        let item = match self.item(attempt, target).await? {
            Looked::Item(item) => item,
            Looked::NoField => return Err(no_field(&target.field.name)),
            Looked::Deleted => {
                return Err(Stop::Refused(Text::new(
                    format!("счёт {invoice_number} удалён в Битрикс24"),
                    format!("invoice {invoice_number} is deleted in Bitrix24"),
                )));
            }
        };
        let mark = mark(Mark::Record, &message.id);
        let looks = &*attempt;
        // Asked at once, they share a request.
        let (stages, found) = tokio::join!(
            self.stages_of(looks, &item),
            self.find_comments(looks, target.id, [&mark])
        );
        let (stages, Timeline { ours: [ours], repeats }) = (stages?, found?);

        let mut notes = Vec::new();
        let held = item.holds(payment);
        if !held && ours.is_none() {
            acceptable(&item, &stages, *amount, invoice_number)?;
        }
        let settles = *settles && !asks_for_more(&item, payment.as_str(), *amount, &mut notes);
        let status = if settles {
            PaymentStatus::Paid
        } else {
            PaymentStatus::PartlyPaid
        };
        let aim = Aim {
            status,
            insists: restores.is_some(),
            mapping: &self.portal.mapping,
            funnel: item.category.unwrap_or_default(),
        };
        let plan = plan(&item, &stages, held, &aim, ours.as_ref(), invoice_number, &mut notes)?;

        let title = match (aim.insists, settles) {
            (true, _) => TITLE_AGAIN,
            (false, true) => TITLE_FULL,
            (false, false) => TITLE_PART,
        };
        let text = comment(&message.operation, title, &mark, &plan.stages);
        let (mut comment, mut doubles) = ours.map(|ours| (ours.id, ours.doubles)).unzip();
        let mut added = false;
        if comment.is_none() && plan.comment_first {
            comment = Some(self.add_comment(attempt, target.id, &text).await?);
            added = true;
        }
        if !held || plan.stage.is_some() {
            let payments = with_payment(&item.payments, payment, true);
            let payments = (!held).then_some(payments.as_slice());
            self.update(attempt, target, &item, payments, plan.stage.as_deref())
                .await?;
        }
        self.carry_to_deal(attempt, deal.as_deref(), payment, Carry::In(status), &mut notes)
            .await?;
        if comment.is_none() {
            comment = Some(self.add_comment(attempt, target.id, &text).await?);
            added = true;
        }
        self.carry_to_voucher(attempt, target.id, &message.operation, &mut notes)
            .await?;
        // What is written again has its act.
        if settles && !aim.insists {
            self.make_act(attempt, target.id, &mut notes).await?;
        }

        let now = self.after_writing(attempt, target, item).await?;
        if !now.holds(payment) {
            return Err(attempt.unproven(Text::new(
                "Битрикс24 подтвердил запись, но кода платежа в счёте нет",
                "Bitrix24 confirmed the write, but the invoice does not hold the payment's code",
            )));
        }
        let mut stages_moved = plan.stages;
        let before = now
            .previous_stage
            .as_ref()
            .filter(|before| stages.iter().any(|stage| stage.id == **before));
        if let (true, Some(before)) = (plan.stage.is_some() && now.stage == plan.stage, before)
            && stages_moved.before.as_ref() != Some(before)
        {
            // Somebody moved it between our look and our write.
            let name = stages
                .iter()
                .find(|stage| stage.id == *before)
                .map_or(before.as_str(), |stage| stage.name.as_str());
            notes.push(overwritten(name));
            stages_moved.before = Some(before.clone());
        }
        if plan.stage.is_some() && now.stage != plan.stage {
            let name = stage_name(&now, &stages);
            notes.push(Text::new(
                format!(
                    "Сразу после записи стадию счёта сменили на «{name}» (робот портала или сотрудник): оставлена."
                ),
                format!(
                    "Right after the write somebody moved the invoice to «{name}», a robot or a person: left as it is."
                ),
            ));
        }
        if added
            && let Some(shown) = self
                .prove_comment(attempt, target.id, &mark, comment.as_deref(), &mut notes)
                .await?
        {
            (comment, doubles) = (Some(shown.id), Some(shown.doubles));
        }
        self.remove_doubles(attempt, &doubles.unwrap_or_default(), &mut notes)
            .await?;
        self.remove_doubles(attempt, &repeats, &mut notes).await?;
        if attempt.has_written() {
            self.notify(attempt, &now, &message.operation, title, &mark, &mut notes)
                .await;
        }
        Ok(Receipt {
            stage_before: stages_moved.before,
            stage_after: stages_moved.after,
            asked: now.amount,
            payments: now.payment_ids(),
            comment,
            found_done: !attempt.has_written(),
            notes,
            traces: std::mem::take(&mut attempt.traces),
        })
    }

    /// Reads the comment back. The portal gave its number, so it is there; but where the list does not show it, a later
    /// look would not find it either, and a person should know.
    pub(super) async fn prove_comment(
        &self,
        attempt: &mut Attempt<'_, T>,
        invoice: u64,
        mark: &str,
        id: Option<&str>,
        notes: &mut Vec<Text>,
    ) -> Result<Option<OurComment>, Stop> {
        let Timeline { ours: [shown], .. } = self.find_comments(attempt, invoice, [mark]).await?;
        if shown.is_none() {
            let id = id.unwrap_or("?");
            notes.push(Text::new(
                format!("Комментарий № {id} записан, но в ленте счёта его не видно."),
                format!("Comment {id} is written, but the invoice's timeline does not show it."),
            ));
        }
        Ok(shown)
    }
}

/// Before the first write: an invoice that can take this payment at all.
fn acceptable(item: &Item, stages: &[Stage], amount: Money, number: &str) -> Result<(), Stop> {
    if semantics(item, stages) == Some(Semantics::Failure) {
        let name = stage_name(item, stages);
        return Err(Stop::Refused(Text::new(
            format!("счёт {number} закрыт без оплаты, стадия «{name}»"),
            format!("invoice {number} is closed unpaid, in the stage «{name}»"),
        )));
    }
    let Some(asked) = item.amount else {
        return Err(Stop::Refused(Text::new(
            format!("в счёте {number} не читается сумма или валюта"),
            format!("the sum or currency of invoice {number} cannot be read"),
        )));
    };
    if asked.currency() != amount.currency() {
        let (asked, paid) = (asked.currency(), amount.currency());
        return Err(Stop::Refused(Text::new(
            format!("счёт {number} теперь в валюте {asked}, а платёж в {paid}"),
            format!("invoice {number} is in {asked} now, and the payment in {paid}"),
        )));
    }
    covers(asked, amount, number)
}

/// The only payment of an invoice cannot settle it if the portal now asks for more: it is recorded as a part.
fn asks_for_more(item: &Item, payment: &str, amount: Money, notes: &mut Vec<Text>) -> bool {
    let only = item.payments.iter().all(|held| held == payment);
    match item.amount {
        Some(asked) if only && asked > amount => {
            let (asked, paid) = (asked.text(), amount.text());
            notes.push(Text::new(
                format!(
                    "Счёт в Битрикс24 теперь на {}, а оплачено {}: записана часть оплаты. Обновите счета из CRM.",
                    asked.ru, paid.ru
                ),
                format!(
                    "The invoice asks for {} in Bitrix24 now, and {} is paid: a part is recorded. Pull the invoices \
                     again.",
                    asked.en, paid.en
                ),
            ));
            true
        }
        _ => false,
    }
}

/// What a payment means for the invoice, and where the user wants that to show.
struct Aim<'a> {
    /// [`PaymentStatus::Paid`] or [`PaymentStatus::PartlyPaid`].
    status: PaymentStatus,
    /// A person says that our write was right: a stage that somebody moved back is set once more.
    insists: bool,
    mapping: &'a Mapping,
    funnel: u64,
}

impl Aim<'_> {
    fn settles(&self) -> bool {
        self.status == PaymentStatus::Paid
    }

    /// The stage that the user chose, else the first successful one for an invoice that is paid in full; `None`: a part
    /// moves nothing.
    fn stage<'s>(&self, stages: &'s [Stage], number: &str) -> Result<Option<&'s Stage>, Stop> {
        if let Some(chosen) = self.mapping.stage(Of::Invoices, self.funnel, self.status) {
            let found = stages.iter().find(|stage| stage.id == chosen);
            return match found {
                Some(found) => Ok(Some(found)),
                None => Err(Stop::Refused(stage_is_gone(chosen, self.status))),
            };
        }
        if !self.settles() {
            return Ok(None);
        }
        let success = stages.iter().find(|stage| stage.semantics == Semantics::Success);
        success.map(Some).ok_or_else(|| {
            Stop::Refused(Text::new(
                format!("в воронке счёта {number} нет успешной стадии"),
                format!("the category of invoice {number} has no successful stage"),
            ))
        })
    }

    /// Whether the payment may move an invoice out of this stage: nobody mapped it, or what it stands for comes before.
    fn may_leave(&self, stage: &str) -> bool {
        let mut standing = self.mapping.standing(Of::Invoices, self.funnel, stage).peekable();
        standing.peek().is_none() || standing.any(|before| self.status.may_follow(before))
    }
}

fn plan(
    item: &Item,
    stages: &[Stage],
    held: bool,
    aim: &Aim<'_>,
    ours: Option<&OurComment>,
    number: &str,
    notes: &mut Vec<Text>,
) -> Result<Plan, Stop> {
    let as_it_is = StageMove {
        before: item.stage.clone(),
        after: item.stage.clone(),
    };
    let keep = |stages: StageMove| Plan {
        stages,
        stage: None,
        comment_first: false,
    };
    let left = |stages: StageMove| Plan {
        comment_first: true,
        ..keep(stages)
    };
    if let Some(ours) = ours {
        // Everything but perhaps the field was done before; a stage changed since then is somebody's will.
        if let Some((_, after)) = ours.stages.changed()
            && item.stage.as_deref() != Some(after)
        {
            notes.push(moved_since(stage_name(item, stages)));
        }
        return Ok(keep(ours.stages.clone()));
    }
    if !aim.settles() && aim.mapping.stage(Of::Invoices, aim.funnel, aim.status).is_none() {
        return Ok(keep(as_it_is));
    }
    match semantics(item, stages) {
        // Refused above unless an earlier attempt of ours has been here: a person has cancelled it since.
        Some(Semantics::Failure) => {
            notes.push(moved_since(stage_name(item, stages)));
            return Ok(keep(as_it_is));
        }
        // With an earlier message of ours that set it, only the id was taken out since.
        Some(Semantics::Success) if (held || aim.insists) && aim.settles() => {
            return Ok(keep(set_before(item, stages, notes)));
        }
        Some(Semantics::Success) if held => return Ok(keep(as_it_is)),
        Some(Semantics::Success) => {
            let name = stage_name(item, stages);
            notes.push(Text::new(
                format!("Счёт уже стоял в стадии «{name}», её поставили не мы: оставлена."),
                format!("The invoice stood in «{name}» already, and not by our doing: left as it is."),
            ));
            return Ok(left(as_it_is));
        }
        Some(Semantics::Open) | None => {}
    }
    let Some(target) = aim.stage(stages, number)? else {
        return Ok(keep(as_it_is));
    };
    let now = item.stage.as_deref();
    if now == Some(&target.id) {
        return Ok(if held || aim.insists {
            keep(set_before(item, stages, notes))
        } else {
            // Another part of the payment set it, or a person.
            left(as_it_is)
        });
    }
    let was_there = item.previous_stage.as_ref() == Some(&target.id);
    if held && !aim.insists && (was_there || (aim.settles() && was_successful(item, stages))) {
        notes.push(moved_since(stage_name(item, stages)));
        return Ok(keep(StageMove {
            before: None,
            after: item.previous_stage.clone(),
        }));
    }
    if !aim.insists && now.is_some_and(|now| !aim.may_leave(now)) {
        notes.push(does_not_follow(aim.status, stage_name(item, stages)));
        return Ok(left(as_it_is));
    }
    Ok(Plan {
        stages: StageMove {
            before: item.stage.clone(),
            after: Some(target.id.clone()),
        },
        stage: Some(target.id.clone()),
        comment_first: false,
    })
}

/// The id and the stage are one write, so an attempt of ours set this stage and its answer was lost.
fn set_before(item: &Item, stages: &[Stage], notes: &mut Vec<Text>) -> StageMove {
    let before = item.previous_stage.clone().filter(|previous| {
        let stage = stages.iter().find(|stage| stage.id == *previous);
        stage.is_some_and(|stage| stage.semantics == Semantics::Open)
    });
    let overtaken = stages
        .iter()
        .find(|stage| stage.semantics == Semantics::Failure && Some(&stage.id) == item.previous_stage.as_ref());
    if let Some(overtaken) = overtaken {
        notes.push(overwritten(&overtaken.name));
    } else if before.is_none() {
        notes.push(Text::new(
            "Какой была стадия до оплаты, портал не помнит: при отмене её придётся вернуть вручную.",
            "The portal does not remember the stage before the payment: an undo leaves it to be put back by hand.",
        ));
    }
    StageMove {
        before,
        after: item.stage.clone(),
    }
}

fn semantics(item: &Item, stages: &[Stage]) -> Option<Semantics> {
    let stage = stages.iter().find(|stage| Some(&stage.id) == item.stage.as_ref());
    stage.map(|stage| stage.semantics)
}

/// The stage before this one was a successful one: ours, where the payment id came with it.
fn was_successful(item: &Item, stages: &[Stage]) -> bool {
    let mut successful = stages.iter().filter(|stage| stage.semantics == Semantics::Success);
    successful.any(|stage| Some(&stage.id) == item.previous_stage.as_ref())
}

/// Two wrote at once and ours came last: the portal knows no «only if it is still so».
fn overwritten(name: &str) -> Text {
    Text::new(
        format!(
            "В ту же минуту стадию счёта сменили на «{name}», и запись об оплате легла поверх. Проверьте счёт в Битрикс24."
        ),
        format!(
            "In the same minute somebody moved the invoice to «{name}», and the payment was written over it. Check the \
             invoice in Bitrix24."
        ),
    )
}

/// The stage that was chosen is gone, and nothing is put in its place.
pub(super) fn left_for_want_of(target: &str, status: PaymentStatus) -> Text {
    let why = stage_is_gone(target, status);
    Text::new(
        format!("Стадия счёта не изменена: {}.", why.ru),
        format!("The invoice's stage is left: {}.", why.en),
    )
}

/// A stage that is no longer what our write made of it stays: it is somebody's will.
pub(super) fn moved_since(name: &str) -> Text {
    Text::new(
        format!("После нашей записи стадию счёта сменили на «{name}»: оставлена."),
        format!("After our write somebody moved the invoice to «{name}»: left as it is."),
    )
}

pub(super) fn stage_name<'a>(item: &'a Item, stages: &'a [Stage]) -> &'a str {
    let id = item.stage.as_deref().unwrap_or("?");
    stages
        .iter()
        .find(|stage| stage.id == id)
        .map_or(id, |stage| stage.name.as_str())
}
