//! Which stages of the CRM stand for which payment status: what the CRM offers, what the user chose, and whether the two
//! still fit.

use std::sync::Arc;

use crm::{Choice, Extras, Funnel, Mapping, Of};
use domain::{PaymentStatus, Text};
use store::{ConnectionPart, ConnectionRow};

use crate::{
    connect::{Line, crm_failure},
    failure::{Failure, broken_json},
    pull::not_connected,
    session::Session,
    wire::{
        ConnectionRequest, ExtrasChoice, ExtrasView, FunnelKind, FunnelView, MappingChoice, MappingSaveRequest,
        MappingView, StageChoice, StatusRow,
    },
};

impl Session {
    /// What the CRM offers now, with what is chosen of it.
    ///
    /// # Errors
    /// No such CRM is connected, or it does not answer.
    pub async fn mapping(self: &Arc<Self>, request: &ConnectionRequest) -> Result<MappingView, Failure> {
        let row = self.the_connection(request.connection.as_deref())?;
        let line = self.line_of(&row)?.ok_or_else(not_connected)?;
        let funnels = offered(&line).await?;
        let extras = offered_extras(&line).await?;
        let mapping = mapping_of(&row)?;
        self.mapping_fits(&row.id, &mapping, &funnels);
        Ok(view(&line, &mapping, &funnels, extras))
    }

    /// Keeps the choices, all of them, once they fit what the CRM offers. Messages that wait go by them too.
    ///
    /// # Errors
    /// No such CRM is connected, or it does not answer; a choice that does not fit; the ledger cannot be written.
    pub async fn mapping_save(self: &Arc<Self>, request: &MappingSaveRequest) -> Result<MappingView, Failure> {
        let line = self.line(request.connection.as_deref())?;
        let choices = request.choices.iter().map(choice).collect::<Result<_, _>>()?;
        let mapping = Mapping { choices };
        let funnels = offered(&line).await?;
        if let Some(first) = mapping.objections(&funnels).into_iter().next() {
            return Err(Failure::new(
                "crm/mapping",
                first,
                Text::new(
                    "выберите стадию из списка или оставьте поле пустым",
                    "choose a stage of the list, or leave the field empty",
                ),
            ));
        }
        self.keep_mapping(&line.id, &mapping)?;
        if let Some(extras) = &request.extras {
            let text = serde_json::to_string(extras).map_err(|error| broken_json(&error))?;
            self.change_connection(&line.id, ConnectionPart::Extras, &text)?;
        }
        self.mapping_fits(&line.id, &mapping, &funnels);
        self.deliver_bell.notify_one();
        self.changed();
        // The line is another one by now.
        let connection = Some(line.id);
        self.mapping(&ConnectionRequest { connection }).await
    }

    /// Whether the chosen stages are still there is what Health says from now on. A CRM that does not answer keeps no
    /// other from being asked.
    ///
    /// # Errors
    /// One does not answer; the ledger cannot be read.
    pub(crate) async fn check_mapping(self: &Arc<Self>) -> Result<(), Failure> {
        let rows = self.connected()?;
        let looks = rows.iter().map(async |row| -> Result<(), Failure> {
            if let Some(line) = self.line_of(row)? {
                self.mapping_objections(&line).await?;
            }
            Ok(())
        });
        futures_util::future::join_all(looks).await.into_iter().collect()
    }

    /// What was chosen and is no longer there; nothing is asked where nothing is chosen.
    pub(crate) async fn mapping_objections(&self, line: &Line) -> Result<Vec<Text>, Failure> {
        let row = self.ledger.connection(&line.id)?.ok_or_else(not_connected)?;
        let mapping = mapping_of(&row)?;
        let funnels = if mapping.is_empty() {
            Vec::new()
        } else {
            offered(line).await?
        };
        self.mapping_fits(&line.id, &mapping, &funnels);
        Ok(mapping.objections(&funnels))
    }

    /// What Health says of the chosen stages, beside what it hears of the CRM.
    fn mapping_fits(&self, connection: &str, mapping: &Mapping, funnels: &[Funnel]) {
        let trouble = mapping.objections(funnels).into_iter().next();
        let mut live = self.live();
        let before = match trouble.clone() {
            Some(trouble) => live.mappings.insert(connection.to_owned(), trouble),
            None => live.mappings.remove(connection),
        };
        drop(live);
        if before != trouble {
            self.changed();
        }
    }

    pub(crate) fn keep_mapping(&self, connection: &str, mapping: &Mapping) -> Result<(), Failure> {
        let text = serde_json::to_string(mapping).map_err(|error| broken_json(&error))?;
        self.change_connection(connection, ConnectionPart::Mapping, &text)
    }
}

/// What the user chose to tell besides; `None`: nothing was chosen yet.
pub(crate) fn extras_chosen(row: &ConnectionRow) -> Result<Option<ExtrasChoice>, Failure> {
    let kept = row.extras.as_deref();
    kept.map(|kept| serde_json::from_str(kept).map_err(|error| broken_json(&error)))
        .transpose()
}

/// The stages that were chosen for this connection.
pub(crate) fn mapping_of(row: &ConnectionRow) -> Result<Mapping, Failure> {
    match &row.mapping {
        Some(kept) => serde_json::from_str(kept).map_err(|error| broken_json(&error)),
        None => Ok(Mapping::default()),
    }
}

pub(crate) fn lead_paid(pipeline: u64, status: u64) -> Choice {
    Choice {
        of: Of::Deals,
        funnel: pipeline,
        status: PaymentStatus::Paid,
        stage: status.to_string(),
    }
}

async fn offered_extras(line: &Line) -> Result<Option<Extras>, Failure> {
    let extras = line.crm.extras().await;
    extras.map_err(|trouble| crm_failure(&*line.crm, trouble))
}

fn extras_view(extras: Extras) -> ExtrasView {
    let templates = extras.templates.into_iter().map(|(template, name)| StageChoice {
        stage: template.to_string(),
        name,
    });
    ExtrasView {
        chosen: ExtrasChoice {
            notifies: extras.notifies,
            vouchers: extras.vouchers,
            act_template: extras.act_template.map(|template| template.to_string()),
        },
        templates: templates.collect(),
        lacking: extras.lacking.into_iter().map(Into::into).collect(),
    }
}

async fn offered(line: &Line) -> Result<Vec<Funnel>, Failure> {
    let funnels = line.crm.funnels().await;
    funnels.map_err(|trouble| crm_failure(&*line.crm, trouble))
}

fn choice(request: &MappingChoice) -> Result<Choice, Failure> {
    let unknown = || {
        Failure::new(
            "crm/mapping",
            Text::new(
                format!("статус «{}» или воронка «{}» не поняты", request.status, request.funnel),
                format!("«{}» is no status, or «{}» no pipeline", request.status, request.funnel),
            ),
            Text::new(
                "статусы и воронки называет `sverka stages`",
                "`sverka stages` names statuses and pipelines",
            ),
        )
    };
    Ok(Choice {
        of: match request.of {
            FunnelKind::Invoices => Of::Invoices,
            FunnelKind::Deals => Of::Deals,
        },
        funnel: request.funnel.parse().map_err(|_| unknown())?,
        status: request.status.parse().map_err(|_| unknown())?,
        stage: request.stage.clone(),
    })
}

fn view(line: &Line, mapping: &Mapping, funnels: &[Funnel], extras: Option<Extras>) -> MappingView {
    MappingView {
        connection: line.id.clone(),
        name: line.name.clone(),
        extras: extras.map(extras_view),
        funnels: funnels.iter().map(|funnel| funnel_view(mapping, funnel)).collect(),
        troubles: mapping.objections(funnels).into_iter().map(Into::into).collect(),
    }
}

fn funnel_view(mapping: &Mapping, funnel: &Funnel) -> FunnelView {
    let rows = funnel.of.statuses().iter().map(|status| {
        let chosen = mapping.stage(funnel.of, funnel.number, *status);
        let fits = funnel.stages.iter().filter(|stage| stage.means.may_be(*status));
        let stages: Vec<StageChoice> = fits
            .map(|stage| StageChoice {
                stage: stage.id.clone(),
                name: stage.name.clone(),
            })
            .collect();
        StatusRow {
            status: status.to_string(),
            says: status.text().into(),
            unchosen: funnel.unchosen(*status).into(),
            gone: chosen.is_some_and(|chosen| stages.iter().all(|stage| stage.stage != chosen)),
            chosen: chosen.map(str::to_owned),
            stages,
        }
    });
    let (of, says) = match funnel.of {
        Of::Invoices => (
            FunnelKind::Invoices,
            Text::new(format!("Счета: {}", funnel.name), format!("Invoices: {}", funnel.name)),
        ),
        Of::Deals => (
            FunnelKind::Deals,
            Text::new(format!("Сделки: {}", funnel.name), format!("Deals: {}", funnel.name)),
        ),
    };
    FunnelView {
        of,
        funnel: funnel.number.to_string(),
        says: says.into(),
        rows: rows.collect(),
    }
}
