//! Which stages of the CRM stand for which payment status.

use std::{process::ExitCode, sync::Arc};

use app::{
    Failure, Session,
    wire::{ConnectionRequest, ExtrasChoice, ExtrasView, FunnelKind, MappingChoice, MappingSaveRequest, MappingView},
};
use domain::Text;
use serde::Serialize;

use crate::{
    args::{StageArg, StagesArgs, Switch},
    output::{Done, Output},
};

/// One payment status of one pipeline, as it is printed.
#[derive(Serialize)]
struct Line<'a> {
    pipeline: String,
    name: &'a str,
    status: &'a str,
    says: &'a str,
    chosen: Option<&'a str>,
    unchosen: &'a str,
    gone: bool,
    stages: Vec<String>,
}

/// 1 where something that was chosen does not fit any longer.
pub async fn run(session: &Arc<Session>, changes: &StagesArgs, output: &Output) -> Done {
    let connection = changes.connection.clone();
    let mut view = session.mapping(&ConnectionRequest { connection }).await?;
    let extras = extras(&view, changes)?;
    if !changes.set.is_empty() || !changes.unset.is_empty() || extras.is_some() {
        let mut choices = chosen(&view);
        choices.retain(|choice| changes.unset.iter().all(|unset| !unset.is_of(choice)));
        for StageArg(set) in &changes.set {
            choices.retain(|choice| (choice.of, &choice.funnel, &choice.status) != (set.of, &set.funnel, &set.status));
            choices.push(set.clone());
        }
        let connection = Some(view.connection.clone());
        let request = MappingSaveRequest {
            connection,
            choices,
            extras,
        };
        view = session.mapping_save(&request).await?;
    }
    output.list(
        &lines(&view, output),
        (
            ["воронка", "название", "статус", "", "стадия", "можно"],
            ["pipeline", "name", "status", "", "stage", "may be"],
        ),
        |line| {
            vec![
                line.pipeline.clone(),
                line.name.to_owned(),
                line.status.to_owned(),
                line.says.to_owned(),
                line.chosen
                    .map_or_else(|| format!("({})", line.unchosen), ToOwned::to_owned),
                line.stages.join(", "),
            ]
        },
    )?;
    if let Some(extras) = view.extras.as_ref().filter(|_| !output.json) {
        told(extras, output)?;
    }
    for trouble in &view.troubles {
        output.complain(output.words(trouble));
    }
    Ok(if view.troubles.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// What is told besides, with the changes; `None` where nothing of it changes.
fn extras(view: &MappingView, changes: &StagesArgs) -> Result<Option<ExtrasChoice>, Failure> {
    if changes.notify.is_none() && changes.vouchers.is_none() && changes.act.is_none() {
        return Ok(None);
    }
    let offered = view.extras.as_ref().ok_or_else(|| {
        Failure::new(
            "crm/extras",
            Text::new(
                "этой CRM сообщать больше нечего",
                "this CRM can be told nothing besides",
            ),
            Text::new(
                "уведомления, платёжки и акты есть в Битрикс24",
                "notifications, vouchers and acts are Bitrix24's",
            ),
        )
    })?;
    let on = |switch: Option<Switch>, before| switch.map_or(before, |switch| switch == Switch::On);
    Ok(Some(ExtrasChoice {
        notifies: on(changes.notify, offered.chosen.notifies),
        vouchers: on(changes.vouchers, offered.chosen.vouchers),
        act_template: match changes.act.as_deref() {
            None => offered.chosen.act_template.clone(),
            Some("none") => None,
            Some(template) => Some(template.to_owned()),
        },
    }))
}

fn told(extras: &ExtrasView, output: &Output) -> Done<()> {
    let switch = |on| {
        if on {
            output.pick("да", "on")
        } else {
            output.pick("нет", "off")
        }
    };
    let templates: Vec<String> = extras
        .templates
        .iter()
        .map(|template| format!("{} «{}»", template.stage, template.name))
        .collect();
    let act = extras.chosen.act_template.as_deref().unwrap_or("none");
    output.say(&format!(
        "{}: {}\n{}: {}\n{}: {act} ({})",
        output.pick(
            "уведомлять ответственного (--notify)",
            "notify whoever answers (--notify)"
        ),
        switch(extras.chosen.notifies),
        output.pick(
            "платёжка в оплате счёта (--vouchers)",
            "the voucher of the payment (--vouchers)"
        ),
        switch(extras.chosen.vouchers),
        output.pick("акт (--act)", "the act (--act)"),
        templates.join(", ")
    ))
}

fn chosen(view: &MappingView) -> Vec<MappingChoice> {
    let rows = view
        .funnels
        .iter()
        .flat_map(|funnel| funnel.rows.iter().map(move |row| (funnel, row)));
    rows.filter_map(|(funnel, row)| {
        Some(MappingChoice {
            of: funnel.of,
            funnel: funnel.funnel.clone(),
            status: row.status.clone(),
            stage: row.chosen.clone()?,
        })
    })
    .collect()
}

fn lines<'a>(view: &'a MappingView, output: &Output) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for funnel in &view.funnels {
        let of = match funnel.of {
            FunnelKind::Invoices => "invoices",
            FunnelKind::Deals => "deals",
        };
        for row in &funnel.rows {
            let words = |words: &'a app::wire::Words| match output.lang {
                domain::Lang::Ru => words.ru.as_str(),
                domain::Lang::En => words.en.as_str(),
            };
            lines.push(Line {
                pipeline: format!("{of}:{}", funnel.funnel),
                name: words(&funnel.says),
                status: &row.status,
                says: words(&row.says),
                chosen: row.chosen.as_deref(),
                unchosen: words(&row.unchosen),
                gone: row.gone,
                stages: row
                    .stages
                    .iter()
                    .map(|stage| format!("{} «{}»", stage.stage, stage.name))
                    .collect(),
            });
        }
    }
    lines
}
