//! Payment orders: draft, checks, consent, export, and the debit that closes them.

mod bank_file;
mod execution;
mod export;
mod views;

pub use export::ORDERS_PER_FILE_MAX;

use domain::{Approved, OrderDraft, OrderId, PaymentOrder, Permission, Submitted, Text};
use store::{OrderEvent, OrderRecord, OrderState, Person, Role};

use crate::{
    failure::Failure,
    session::Session,
    wire::{
        Credentials, DefectView, OrderCheckRequest, OrderChecked, OrderRejectRequest, OrderRequest, OrderSaveRequest,
        OrderSignAloneRequest, OrderSignRequest, OrderView, Words,
    },
};

impl Session {
    /// Checks a draft while it is typed; nothing is stored.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn order_check(&self, request: &OrderCheckRequest) -> Result<OrderChecked, Failure> {
        let draft = OrderDraft::from(request.draft.clone());
        Ok(OrderChecked {
            defects: defects(&draft),
            warnings: self.warnings(&draft, request.order.clone().map(OrderId).as_ref())?,
        })
    }

    /// Saves a draft, whatever is wrong in it. A submitted or approved order that is saved again is a draft again.
    ///
    /// # Errors
    /// The order is already at the bank.
    pub fn order_save(&self, request: &OrderSaveRequest) -> Result<OrderView, Failure> {
        let id = match &request.order {
            Some(id) => self.order(&OrderId(id.clone()))?.id,
            None => OrderId(self.host.new_id()),
        };
        let draft = OrderDraft::from(request.draft.clone());
        let domain::Actor::Person { id: author } = self.operator()? else {
            return Err(unknown_order(&id));
        };
        self.ledger.save_order_draft(&id, &draft, &author, self.host.now())?;
        self.changed();
        self.order_view(&OrderRequest { order: id.0 })
    }

    /// Hands a checked order over for approval, in the name of its author.
    ///
    /// # Errors
    /// Defects in the draft; a wrong passphrase; the order is not a draft.
    pub fn order_submit(&self, request: &OrderSignRequest) -> Result<OrderView, Failure> {
        let author = self.signing(&request.who, may_sign)?;
        let id = OrderId(request.order.clone());
        let record = self.order(&id)?;
        let order = record.draft.check().map_err(|defects| defective(&defects))?;
        is_what_was_shown(&order, &request.content_hash)?;
        let actor = domain::Actor::Person { id: author.id.clone() };
        self.ledger
            .record_order_event(&id, &OrderEvent::Submitted { by: author.id }, &actor, self.host.now())?;
        self.changed();
        self.order_view(&OrderRequest { order: id.0 })
    }

    /// Another person's consent.
    ///
    /// # Errors
    /// The approver is the author; a wrong passphrase; a role that may not approve; the order was not submitted.
    pub fn order_approve(&self, request: &OrderSignRequest) -> Result<OrderView, Failure> {
        let approver = self.signing(&request.who, may_approve)?;
        let id = OrderId(request.order.clone());
        let submitted = self.submitted(&id)?;
        is_what_was_shown(submitted.order(), &request.content_hash)?;
        let approved = submitted.approve(approver.id.clone(), self.host.now())?;
        self.approve(&id, &approved, domain::Actor::Person { id: approver.id })
    }

    /// The only operator's consent, where the owner switched that on.
    ///
    /// # Errors
    /// It is not switched on; another sum; a wrong passphrase.
    pub fn order_approve_alone(&self, request: &OrderSignAloneRequest) -> Result<OrderView, Failure> {
        let operator = self.signing(&request.who, may_sign)?;
        let id = OrderId(request.order.clone());
        let submitted = self.submitted(&id)?;
        is_what_was_shown(submitted.order(), &request.content_hash)?;
        let currency = submitted.order().amount.currency();
        let repeated = crate::words::typed_money(&request.repeated_amount, currency)
            .map_err(|_| domain::ApprovalError::ConfirmationDiffers)?;
        let permission = Permission {
            sole_operator: self.sole_operator()?,
        };
        let approved = submitted.approve_alone(operator.id.clone(), permission, repeated, self.host.now())?;
        self.approve(&id, &approved, domain::Actor::Person { id: operator.id })
    }

    fn approve(&self, id: &OrderId, approved: &Approved, actor: domain::Actor) -> Result<OrderView, Failure> {
        let event = OrderEvent::Approved {
            approval: approved.approval().clone(),
        };
        self.ledger.record_order_event(id, &event, &actor, self.host.now())?;
        self.changed();
        self.order_view(&OrderRequest { order: id.0.clone() })
    }

    /// # Errors
    /// A wrong passphrase; the order waits for no approval.
    pub fn order_reject(&self, request: &OrderRejectRequest) -> Result<OrderView, Failure> {
        let person = self.signing(&request.who, may_sign)?;
        let id = self.order(&OrderId(request.order.clone()))?.id;
        let actor = domain::Actor::Person { id: person.id.clone() };
        let event = OrderEvent::Rejected {
            by: person.id,
            reason: request.reason.clone(),
        };
        self.ledger.record_order_event(&id, &event, &actor, self.host.now())?;
        self.changed();
        self.order_view(&OrderRequest { order: id.0 })
    }

    /// The person, proven and of a role that may do this.
    fn signing(&self, who: &Credentials, may: fn(Role) -> bool) -> Result<Person, Failure> {
        let person = self.proven(who)?;
        if may(person.role) {
            return Ok(person);
        }
        Err(Failure::new(
            "orders/may-not-approve",
            Text::new(
                format!("у «{}» нет на это права", person.name),
                format!("«{}» may not do this", person.name),
            ),
            Text::new(
                "утверждает владелец или утверждающий; наблюдатель только смотрит",
                "the owner or an approver approves; a viewer only looks",
            ),
        ))
    }

    pub(crate) fn order(&self, id: &OrderId) -> Result<OrderRecord, Failure> {
        self.ledger.order(id)?.ok_or_else(|| unknown_order(id))
    }

    /// The order as it was submitted, still free of defects.
    fn submitted(&self, id: &OrderId) -> Result<Submitted, Failure> {
        let record = self.order(id)?;
        let author = record.submitted_by.clone().ok_or_else(|| not_submitted(&record))?;
        let order = record.draft.check().map_err(|defects| defective(&defects))?;
        Ok(Submitted::new(order, author))
    }

    /// What nothing forbids and still deserves a look: banks and fraudsters both repeat themselves.
    fn warnings(&self, draft: &OrderDraft, own_id: Option<&OrderId>) -> Result<Vec<Words>, Failure> {
        let others = self.ledger.orders(None)?;
        let others = || others.iter().filter(|record| Some(&record.id) != own_id);
        let payee = draft.payee.account.trim();
        if payee.is_empty() {
            return Ok(Vec::new());
        }
        let to_payee = || others().filter(|record| record.draft.payee.account.trim() == payee);
        let mut warnings = Vec::new();
        if !to_payee().any(|record| record.exported.is_some()) {
            warnings.push(Text::new(
                "первый платёж на эти реквизиты: сверьте их с получателем по телефону",
                "the first payment to these requisites: confirm them with the payee by telephone",
            ));
        }
        let sum = |draft: &OrderDraft| crate::words::typed_money(&draft.amount, domain::Currency::RUB).ok();
        let twin = sum(draft).and_then(|amount| {
            let mut standing = to_payee().filter(|record| record.state != OrderState::Rejected);
            standing.find(|record| sum(&record.draft) == Some(amount))
        });
        if let Some(twin) = twin {
            let number = &twin.draft.number;
            warnings.push(Text::new(
                format!("этому получателю на ту же сумму уже есть платёжка № {number}"),
                format!("order No. {number} to this payee has the same sum"),
            ));
        }
        Ok(warnings.into_iter().map(Words::from).collect())
    }
}

fn may_sign(role: Role) -> bool {
    role != Role::Viewer
}

fn may_approve(role: Role) -> bool {
    matches!(role, Role::Approver | Role::Owner)
}

fn defects(draft: &OrderDraft) -> Vec<DefectView> {
    let defects = draft.check().err().unwrap_or_default();
    defects
        .into_iter()
        .map(|defect| DefectView {
            field: defect.field,
            message: defect.message.into(),
        })
        .collect()
}

fn defective(defects: &[domain::Defect]) -> Failure {
    let listed = |lang| {
        let lines: Vec<String> = defects
            .iter()
            .map(|defect| format!("{}: {}", defect.field, defect.message.get(lang)))
            .collect();
        lines.join("; ")
    };
    Failure::new(
        "orders/defects",
        Text::new(
            format!("в платёжке есть ошибки: {}", listed(domain::Lang::Ru)),
            format!("the order has defects: {}", listed(domain::Lang::En)),
        ),
        Text::new("исправьте названные поля", "correct the fields named"),
    )
}

/// Between the look and the consent somebody may have saved another sum or another account.
fn is_what_was_shown(order: &PaymentOrder, shown: &str) -> Result<(), Failure> {
    if order.content_hash() == shown {
        return Ok(());
    }
    let number = &order.number;
    Err(Failure::new(
        "orders/changed-meanwhile",
        Text::new(
            format!("платёжка № {number} изменилась, пока вы на неё смотрели"),
            format!("order No. {number} changed while you looked at it"),
        ),
        Text::new(
            "посмотрите на неё ещё раз: сумму, получателя, счёт",
            "look at it once more: the sum, the payee, the account",
        ),
    ))
}

fn unknown_order(id: &OrderId) -> Failure {
    Failure::new(
        "orders/unknown",
        Text::new(format!("платёжки «{id}» нет"), format!("there is no order «{id}»")),
        Text::new("список: `sverka orders list`", "the list: `sverka orders list`"),
    )
}

fn not_submitted(record: &OrderRecord) -> Failure {
    let number = &record.draft.number;
    Failure::new(
        "orders/not-submitted",
        Text::new(
            format!("платёжка № {number} не ждёт утверждения"),
            format!("order No. {number} waits for no approval"),
        ),
        Text::new(
            "сначала автор отправляет её на утверждение",
            "first its author submits it",
        ),
    )
}
