//! What a payment makes of an invoice's status, and what taking it back makes of it. Pure: what is there goes in.

use domain::{Money, PaymentStatus, Text};

use super::{
    element::Element,
    funnels::INVOICES,
    layout::Layout,
    notes::OurNote,
    status::{ADVANCE, CREATED, PAID, PARTLY, choice, name_of},
};
use crate::{
    attempt::{Stop, covers},
    mapping::{Mapping, Of, does_not_follow, is_told_so, stage_is_gone},
    moves::{Chain, StageMove},
};

/// What is to be done about the status.
#[derive(Debug)]
pub struct Plan {
    pub stages: StageMove,
    /// The status to write.
    pub status: Option<String>,
    /// The invoice stands as somebody else put it. The note is then written first: an attempt that comes back and finds
    /// the payment id without a note knows that the status was its own doing.
    pub note_first: bool,
}

/// Before the first write: an invoice that can take this payment at all.
pub fn acceptable(element: &Element, amount: Money, number: &str) -> Result<(), Stop> {
    let Some(asked) = element.amount else {
        return Err(Stop::Refused(Text::new(
            format!("в счёте {number} не читается сумма"),
            format!("the sum of invoice {number} cannot be read"),
        )));
    };
    if asked.currency() != amount.currency() {
        let (asked, paid) = (asked.currency(), amount.currency());
        return Err(Stop::Refused(Text::new(
            format!("аккаунт amoCRM ведётся в валюте {asked}, а платёж в {paid}"),
            format!("the amoCRM account is kept in {asked}, and the payment in {paid}"),
        )));
    }
    covers(asked, amount, number)
}

/// The only payment of an invoice cannot settle it if the CRM now asks for more: it is recorded as a part.
pub fn asks_for_more(element: &Element, payment: &str, amount: Money, notes: &mut Vec<Text>) -> bool {
    let only = element.payments.iter().all(|held| held == payment);
    match element.amount {
        Some(asked) if only && asked > amount => {
            let (asked, paid) = (asked.text(), amount.text());
            notes.push(Text::new(
                format!(
                    "Счёт в amoCRM теперь на {}, а оплачено {}: записана часть оплаты. Обновите счета из CRM.",
                    asked.ru, paid.ru
                ),
                format!(
                    "The invoice asks for {} in amoCRM now, and {} is paid: a part is recorded. Pull the invoices again.",
                    asked.en, paid.en
                ),
            ));
            true
        }
        _ => false,
    }
}

/// The status of invoices that stands for a payment status: what the user chose, else the CRM's own.
fn status_for(mapping: &Mapping, status: PaymentStatus) -> Option<&str> {
    let own = match status {
        PaymentStatus::Awaiting => Some(CREATED),
        PaymentStatus::PartlyPaid => Some(PARTLY),
        PaymentStatus::Paid => Some(PAID),
        _ => None,
    };
    mapping.stage(Of::Invoices, INVOICES, status).or(own)
}

/// What an invoice's status stands for; nothing for one that the account made itself and nobody mapped.
pub fn standing(mapping: &Mapping, status: Option<&str>) -> Vec<PaymentStatus> {
    let chosen: Vec<_> = status
        .into_iter()
        .flat_map(|status| mapping.standing(Of::Invoices, INVOICES, status))
        .collect();
    if !chosen.is_empty() {
        return chosen;
    }
    match status {
        None | Some(CREATED) => vec![PaymentStatus::Awaiting],
        Some(PARTLY) => vec![PaymentStatus::PartlyPaid],
        Some(PAID | ADVANCE) => vec![PaymentStatus::Paid],
        Some(_) => Vec::new(),
    }
}

/// What is known of earlier attempts.
pub struct Before<'a> {
    /// The payment's id is in the invoice already.
    pub held: bool,
    pub note: Option<&'a OurNote>,
    /// There is a lead, so an earlier attempt would have left a note where the status was not its own doing.
    pub remembers: bool,
    /// A person says that our write was right: a status that somebody changed since is set once more.
    pub insists: bool,
}

/// Where a payment would take an invoice's status.
struct Step<'a> {
    target: &'a str,
    /// What the status of now stands for.
    stands: Vec<PaymentStatus>,
    /// The payment may move it.
    open: bool,
    /// It is there already.
    there: bool,
}

impl<'a> Step<'a> {
    fn of(mapping: &'a Mapping, now: Option<&str>, status: PaymentStatus, insists: bool) -> Self {
        let own = if status == PaymentStatus::Paid { PAID } else { PARTLY };
        let target = status_for(mapping, status).unwrap_or(own);
        let stands = standing(mapping, now);
        let insists = insists && !stands.contains(&PaymentStatus::Paid);
        Self {
            target,
            open: insists || stands.iter().any(|before| status.may_follow(*before)),
            there: now == Some(target),
            stands,
        }
    }
}

/// Whether an earlier attempt may have left its note: the write of the invoice is done, or the note goes before it. Any
/// other invoice is without one.
pub fn may_have_told(element: &Element, layout: &Layout, held: bool, status: PaymentStatus, insists: bool) -> bool {
    let step = Step::of(&layout.mapping, element.status_id().as_deref(), status, insists);
    held || !step.open || step.there
}

pub fn record(
    element: &Element,
    layout: &Layout,
    status: PaymentStatus,
    before: &Before<'_>,
    notes: &mut Vec<Text>,
) -> Result<Plan, Stop> {
    let mapping = &layout.mapping;
    let held = before.held;
    let now = element.status_id();
    let keep = |stages: StageMove| Plan {
        stages,
        status: None,
        note_first: false,
    };
    let as_it_is = StageMove {
        before: now.clone(),
        after: now.clone(),
    };
    if let Some(ours) = before.note {
        // Everything but perhaps the field was done before; a status changed since then is somebody's will.
        if ours
            .invoice
            .changed()
            .is_some_and(|(_, after)| now.as_deref() != Some(after))
        {
            notes.push(moved_since(element.status_name()));
        }
        return Ok(keep(ours.invoice.clone()));
    }
    let Step {
        target,
        stands,
        open,
        there,
    } = Step::of(mapping, now.as_deref(), status, before.insists);
    if (held || before.insists) && there {
        // Id and status are one write, so an attempt of ours set this status and its answer was lost. What was there
        // before shows in the other payments.
        if !before.remembers {
            notes.push(Text::new(
                "Каким был статус до оплаты, неизвестно: при отмене его придётся вернуть вручную.",
                "What the status was before the payment is not known: an undo leaves it to be put back by hand.",
            ));
            return Ok(keep(as_it_is));
        }
        let was = if element.payments.len() > 1 {
            status_for(mapping, PaymentStatus::PartlyPaid).unwrap_or(PARTLY)
        } else {
            status_for(mapping, PaymentStatus::Awaiting).unwrap_or(CREATED)
        };
        let before = Some(was.to_owned());
        return Ok(keep(StageMove { before, after: now }));
    }
    if held && !open {
        notes.push(moved_since(element.status_name()));
        return Ok(keep(as_it_is));
    }
    if !open || there {
        if stands.is_empty() || stands.contains(&PaymentStatus::Paid) {
            notes.push(not_ours(element.status_name()));
        } else if !there {
            notes.push(does_not_follow(status, element.status_name()));
        }
        return Ok(Plan {
            note_first: true,
            ..keep(as_it_is)
        });
    }
    if layout.status_field().and_then(|field| choice(field, target)).is_none() {
        if mapping.stage(Of::Invoices, INVOICES, status).is_some() {
            return Err(Stop::Refused(stage_is_gone(target, status)));
        }
        let name = name_of(layout.status_field(), target);
        if status == PaymentStatus::Paid {
            return Err(Stop::Refused(Text::new(
                format!("у счетов amoCRM нет статуса «Оплачен» ({name}): верните его в настройках списка"),
                format!("invoices of amoCRM have no status «Paid» ({name}): put it back in the list's settings"),
            )));
        }
        notes.push(Text::new(
            "У счетов amoCRM нет статуса «Частично оплачен»: статус не изменён.",
            "Invoices of amoCRM have no status «Partially paid»: the status is left.",
        ));
        return Ok(keep(as_it_is));
    }
    Ok(Plan {
        stages: StageMove {
            before: now,
            after: Some(target.to_owned()),
        },
        status: Some(target.to_owned()),
        note_first: false,
    })
}

/// From which status to which taking a payment back moves the invoice; both the same where the status stays.
///
/// `moves` are the moves of ours that are known, the oldest first; `status` is how the invoice stands from now on.
pub fn reverse(
    element: &Element,
    layout: &Layout,
    moves: &[StageMove],
    held: bool,
    status: PaymentStatus,
    notes: &mut Vec<Text>,
) -> StageMove {
    let now = element.status_id();
    let stay = StageMove {
        before: now.clone(),
        after: now.clone(),
    };
    let mapping = &layout.mapping;
    let stands = standing(mapping, now.as_deref());
    let says_paid = stands
        .iter()
        .any(|status| matches!(status, PaymentStatus::Paid | PaymentStatus::PartlyPaid));
    let changed = moves.iter().filter_map(|moved| {
        // Nothing was chosen before: that is an invoice just created.
        let before = moved.before.as_deref().unwrap_or(CREATED);
        let after = moved.after.as_deref()?;
        (before != after).then_some((before, after))
    });
    let Some(chain) = Chain::of(changed) else {
        if says_paid {
            notes.push(Text::new(
                format!(
                    "Статус «{}» оставлен: его поставили не мы или неизвестно, что было до него. Проверьте счёт в amoCRM.",
                    element.status_name()
                ),
                format!(
                    "The status «{}» is left: it was not our doing, or what was before it is not known. Check the \
                     invoice in amoCRM.",
                    element.status_name()
                ),
            ));
        }
        return stay;
    };
    let chosen = mapping.stage(Of::Invoices, INVOICES, status);
    let has = |id: &str| layout.status_field().and_then(|field| choice(field, id)).is_some();
    if let Some(chosen) = chosen.filter(|chosen| !has(chosen)) {
        let why = stage_is_gone(chosen, status);
        notes.push(Text::new(
            format!("Счёт возвращён в прежний статус: {}.", why.ru),
            format!("The invoice goes back to the status before: {}.", why.en),
        ));
    }
    let others = matches!(status, PaymentStatus::PartlyPaid | PaymentStatus::PartialRefund);
    let back = match chosen.filter(|chosen| has(chosen)) {
        Some(chosen) => chosen.to_owned(),
        None if others => status_for(mapping, PaymentStatus::PartlyPaid)
            .unwrap_or(PARTLY)
            .to_owned(),
        None => chain.original,
    };
    if now.as_deref() == Some(&back) {
        // An earlier attempt has put it back, or it stays: the other payments keep it so.
        let before = if held { back.clone() } else { chain.current };
        return StageMove {
            before: Some(before),
            after: Some(back),
        };
    }
    if now.as_deref() != Some(&chain.current) {
        notes.push(moved_since(element.status_name()));
        return stay;
    }
    if !has(&back) {
        notes.push(Text::new(
            format!(
                "Прежнего статуса ({back}) больше нет, счёт остался «{}». Смените вручную.",
                element.status_name()
            ),
            format!(
                "The status before ({back}) is gone, the invoice stays «{}». Change it by hand.",
                element.status_name()
            ),
        ));
        return stay;
    }
    StageMove {
        before: Some(chain.current),
        after: Some(back),
    }
}

/// From which status to which taking a refund back moves the invoice; both the same where the status stays.
///
/// `refund` is what the refund moved; `status` is how the invoice stands from now on.
pub fn restore(
    element: &Element,
    layout: &Layout,
    refund: Option<&StageMove>,
    status: PaymentStatus,
    notes: &mut Vec<Text>,
) -> StageMove {
    let now = element.status_id();
    let stay = StageMove {
        before: now.clone(),
        after: now.clone(),
    };
    let Some((_, after)) = refund.and_then(StageMove::changed) else {
        return stay;
    };
    // With another refund standing, a part is paid.
    let target = status_for(&layout.mapping, status).unwrap_or(PARTLY);
    let target_is_there = layout.status_field().and_then(|field| choice(field, target)).is_some();
    match now.as_deref() {
        _ if !target_is_there => {
            notes.push(left_for_want_of(target, status));
            stay
        }
        // Where the refund left it, or where an earlier attempt of ours has put it.
        Some(now) if now == after || now == target => StageMove {
            before: Some(after.to_owned()),
            after: Some(target.to_owned()),
        },
        _ => {
            notes.push(moved_since(element.status_name()));
            stay
        }
    }
}

/// What is known of our earlier messages to an invoice whose status without money is to be told.
pub struct Followed<'a> {
    /// Where the last one left it, `Some(None)`: it left it to somebody else; `None`: there was none.
    pub left_at: Option<Option<&'a str>>,
    /// What was there before the first that told such a status.
    pub before: Option<&'a str>,
}

/// From which status to which an invoice moves that stands so without money; both the same where nothing is to be done,
/// and to none where it is not ours to move.
pub fn stand(
    element: &Element,
    layout: &Layout,
    status: PaymentStatus,
    followed: &Followed<'_>,
    notes: &mut Vec<Text>,
) -> StageMove {
    // Nothing was chosen yet: that is an invoice just created.
    let now = element.status_id().unwrap_or_else(|| CREATED.to_owned());
    let to = |after: Option<String>| StageMove {
        before: Some(now.clone()),
        after,
    };
    let chosen = layout.mapping.stage(Of::Invoices, INVOICES, status);
    let back = followed.before.filter(|_| status == PaymentStatus::Awaiting);
    let Some(target) = chosen.or(back) else {
        return to(Some(now.clone()));
    };
    if now == target {
        return to(Some(now.clone()));
    }
    if layout.status_field().and_then(|field| choice(field, target)).is_none() {
        notes.push(left_for_want_of(target, status));
        return to(None);
    }
    let ours = followed.left_at.is_none_or(|left_at| left_at == Some(now.as_str()));
    let stands = standing(&layout.mapping, Some(&now));
    if status == PaymentStatus::Awaiting && !stands.iter().any(|stands| is_told_so(*stands)) {
        // Money has moved it on since, or nobody chose that status any more: nothing to take back.
        return to(Some(now.clone()));
    }
    let may_follow = stands.is_empty() || stands.iter().any(|before| status.may_follow(*before));
    if !ours || !may_follow {
        notes.push(moved_since(element.status_name()));
        return to(None);
    }
    to(Some(target.to_owned()))
}

/// The status that was chosen is gone, and nothing is put in its place.
fn left_for_want_of(target: &str, status: PaymentStatus) -> Text {
    let why = stage_is_gone(target, status);
    Text::new(
        format!("Статус счёта не изменён: {}.", why.ru),
        format!("The invoice's status is left: {}.", why.en),
    )
}

/// A status that is no longer what our write made of it stays: it is somebody's will.
pub fn moved_since(name: &str) -> Text {
    Text::new(
        format!("После нашей записи статус счёта сменили на «{name}»: оставлен."),
        format!("After our write somebody moved the invoice to «{name}»: left as it is."),
    )
}

fn not_ours(name: &str) -> Text {
    Text::new(
        format!("Счёт уже стоял в статусе «{name}», его поставили не мы: оставлен."),
        format!("The invoice stood in «{name}» already, and not by our doing: left as it is."),
    )
}
