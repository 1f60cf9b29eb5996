//! Which stages of the CRM stand for which payment status.

use std::{process::ExitCode, sync::Arc};

use app::{
    Session,
    wire::{FunnelKind, MappingChoice, MappingSaveRequest, MappingView},
};
use serde::Serialize;

use crate::{
    args::{StageArg, StagesArgs},
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
    let mut view = session.mapping().await?;
    if !changes.set.is_empty() || !changes.unset.is_empty() {
        let mut choices = chosen(&view);
        choices.retain(|choice| changes.unset.iter().all(|unset| !unset.is_of(choice)));
        for StageArg(set) in &changes.set {
            choices.retain(|choice| (choice.of, &choice.funnel, &choice.status) != (set.of, &set.funnel, &set.status));
            choices.push(set.clone());
        }
        view = session
            .mapping_save(&MappingSaveRequest { choices, extras: None })
            .await?;
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
    for trouble in &view.troubles {
        output.complain(output.words(trouble));
    }
    Ok(if view.troubles.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
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
