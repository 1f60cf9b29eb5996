//! Payment orders from the command line.

use std::{io::Read, path::Path, process::ExitCode};

use app::{
    Failure, Session,
    wire::{
        DefectView, Draft, DraftParty, OrderRejectRequest, OrderRequest, OrderSaveRequest, OrderSignAloneRequest,
        OrderSignRequest, OrderState, OrderView, OrdersExportRequest, OrdersPageRequest,
    },
};
use domain::Text;

use super::credentials;
use crate::{
    args::{OrdersCommand, Page},
    object,
    output::{Done, Output},
};

pub fn run(session: &Session, command: OrdersCommand, output: &Output) -> Done {
    let view = match command {
        OrdersCommand::Draft { file, from, order } => {
            let mut draft = draft(&file)?;
            if let Some(account) = from {
                draft.payer = payer(session, &account)?;
            }
            let view = session.order_save(&OrderSaveRequest { order, draft })?;
            output.either(&view, |view| described(view, output))?;
            return if view.defects.is_empty() {
                Ok(ExitCode::SUCCESS)
            } else {
                Err(not_ready(&view.defects).into())
            };
        }
        OrdersCommand::Submit { order, who } => {
            let content_hash = shown(session, &order, output)?;
            let who = credentials::of(&who, output)?;
            session.order_submit(&OrderSignRequest {
                order,
                content_hash,
                who,
            })?
        }
        OrdersCommand::Approve {
            order,
            who,
            alone: None,
        } => {
            let content_hash = shown(session, &order, output)?;
            let who = credentials::of(&who, output)?;
            session.order_approve(&OrderSignRequest {
                order,
                content_hash,
                who,
            })?
        }
        OrdersCommand::Approve {
            order,
            who,
            alone: Some(repeated_amount),
        } => {
            let content_hash = shown(session, &order, output)?;
            let who = credentials::of(&who, output)?;
            session.order_approve_alone(&OrderSignAloneRequest {
                order,
                content_hash,
                who,
                repeated_amount,
            })?
        }
        OrdersCommand::Reject { order, who, reason } => {
            let who = credentials::of(&who, output)?;
            session.order_reject(&OrderRejectRequest { order, who, reason })?
        }
        OrdersCommand::Export { orders, to } => {
            let folder = to.map(|path| path.display().to_string());
            let exported = session.orders_export(&OrdersExportRequest { orders, folder })?;
            output.either(&exported, |exported| output.words(&exported.message).to_owned())?;
            return Ok(ExitCode::SUCCESS);
        }
        OrdersCommand::List { page } => return list(session, &page, output),
        OrdersCommand::Show { order } => session.order_view(&OrderRequest { order })?,
    };
    output.either(&view, |view| described(view, output))?;
    Ok(ExitCode::SUCCESS)
}

/// Shows the order before the passphrase is asked for, on standard error so that `--json` stays what it is; the consent
/// is to what was shown.
fn shown(session: &Session, order: &str, output: &Output) -> Result<String, Failure> {
    let view = session.order_view(&OrderRequest {
        order: order.to_owned(),
    })?;
    if !output.json {
        output.complain(&described(&view, output));
    }
    view.content_hash.ok_or_else(|| not_ready(&view.defects))
}

fn list(session: &Session, page: &Page, output: &Output) -> Done {
    let page = session.orders_page(&OrdersPageRequest {
        state: None,
        offset: page.offset,
        limit: page.limit,
    })?;
    output.list(
        &page.rows,
        (
            ["состояние", "номер", "дата", "сумма", "получатель", "платёжка"],
            ["state", "number", "date", "sum", "payee", "order"],
        ),
        |row| {
            let date = row.date.clone().unwrap_or_default();
            let state = state(row.state, output).to_owned();
            vec![
                state,
                row.number.clone(),
                date,
                row.amount.clone(),
                row.payee.clone(),
                row.order.clone(),
            ]
        },
    )?;
    Ok(ExitCode::SUCCESS)
}

fn state(state: OrderState, output: &Output) -> &'static str {
    match state {
        OrderState::Draft => output.pick("черновик", "draft"),
        OrderState::Submitted => output.pick("на утверждении", "submitted"),
        OrderState::Approved => output.pick("утверждено", "approved"),
        OrderState::Exported => output.pick("выгружено", "exported"),
        OrderState::Executed => output.pick("исполнено", "executed"),
        OrderState::Rejected => output.pick("отклонено", "rejected"),
    }
}

fn described(view: &OrderView, output: &Output) -> String {
    let draft = &view.draft;
    let date = draft.date.as_deref().unwrap_or("—");
    let mut lines = vec![
        format!("{}  {}", state(view.state, output), view.order),
        format!("№ {}  {date}  {}  {}", draft.number, draft.amount, draft.payee.name),
    ];
    lines.extend(
        view.defects
            .iter()
            .map(|defect| format!("  ✗ {}: {}", defect.field, output.words(&defect.message))),
    );
    lines.extend(
        view.warnings
            .iter()
            .map(|warning| format!("  ! {}", output.words(warning))),
    );
    lines.extend(
        view.history
            .iter()
            .map(|step| format!("  {}  {}", step.at, output.words(&step.says))),
    );
    if let Some(file) = &view.file {
        lines.push(format!("{}: {file}", output.pick("файл", "file")));
    }
    lines.join("\n")
}

/// Our requisites by one of our accounts.
fn payer(session: &Session, account: &str) -> Result<DraftParty, Failure> {
    let account: String = account.split_whitespace().collect();
    let payers = session.own_payers()?.payers;
    let known: Vec<&str> = payers.iter().map(|payer| payer.account.as_str()).collect();
    let known = known.join(", ");
    payers
        .into_iter()
        .find(|payer| payer.account == account)
        .ok_or_else(|| {
            Failure::new(
                "orders/unknown-account",
                Text::new(
                    format!("реквизиты счёта {account} не известны"),
                    format!("the requisites of account {account} are not known"),
                ),
                Text::new(
                    format!("известны счета: {known}; загрузите выписку этого счёта или впишите payer в файл"),
                    format!("known accounts: {known}; import a statement of this one, or write payer into the file"),
                ),
            )
        })
}

/// The draft is saved, and cannot be submitted as it is.
fn not_ready(defects: &[DefectView]) -> Failure {
    let listed = |words: fn(&DefectView) -> &String| {
        let lines: Vec<String> = defects
            .iter()
            .map(|defect| format!("{}: {}", defect.field, words(defect)))
            .collect();
        lines.join("; ")
    };
    let (ru, en) = (listed(|one| &one.message.ru), listed(|one| &one.message.en));
    Failure::new(
        "orders/defects",
        Text::new(
            format!("черновик сохранён, но в нём есть ошибки: {ru}"),
            format!("the draft is saved, but has defects: {en}"),
        ),
        Text::new(
            "исправьте названные поля и сохраните черновик с --order",
            "correct the fields named, and save the draft with --order",
        ),
    )
}

fn draft(path: &Path) -> Result<Draft, Failure> {
    let text = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    let text = text.map_err(|error| app::io_failure(path, &error))?;
    object::parse(&text).map_err(|error| {
        Failure::new(
            "orders/draft",
            Text::new(
                format!("«{}»: черновик не понят: {error}", path.display()),
                format!("«{}»: the draft is not understood: {error}", path.display()),
            ),
            Text::new(
                "поля: number, date, amount, payer, payee, purpose, priority, uin; все значения — текст",
                "fields: number, date, amount, payer, payee, purpose, priority, uin; every value is text",
            ),
        )
    })
}
