//! Words of `sverka stages`.

use std::str::FromStr;

use super::Switch;
use app::wire::{FunnelKind, MappingChoice};
use clap::Args;

#[derive(Args)]
pub struct StagesArgs {
    /// Of this CRM, as `health` names it; needed where there are several.
    #[arg(long, value_name = "CONNECTION")]
    pub connection: Option<String>,
    /// Choose a stage for a payment status of a pipeline, repeatable.
    #[arg(long, value_name = "PIPELINE:STATUS=STAGE")]
    pub set: Vec<StageArg>,
    /// Choose none for a payment status, repeatable: the CRM's own meaning counts again.
    #[arg(long, value_name = "PIPELINE:STATUS")]
    pub unset: Vec<StatusArg>,
    /// Notify whoever answers for an invoice (Bitrix24).
    #[arg(long, value_name = "SWITCH")]
    pub notify: Option<Switch>,
    /// Write number and date of the payment order into the invoice's payment (Bitrix24).
    #[arg(long, value_name = "SWITCH")]
    pub vouchers: Option<Switch>,
    /// Make an act of this template when an invoice is paid in full (Bitrix24); `none`: no act.
    #[arg(long, value_name = "TEMPLATE")]
    pub act: Option<String>,
}

/// `invoices:3:paid`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusArg {
    pub of: FunnelKind,
    pub funnel: String,
    pub status: String,
}

impl StatusArg {
    pub fn is_of(&self, choice: &MappingChoice) -> bool {
        (choice.of, &choice.funnel, &choice.status) == (self.of, &self.funnel, &self.status)
    }
}

impl FromStr for StatusArg {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.split(':').collect();
        let of = match parts.first() {
            Some(&"invoices") => Some(FunnelKind::Invoices),
            Some(&"deals") => Some(FunnelKind::Deals),
            _ => None,
        };
        match (of, parts.as_slice()) {
            (Some(of), [_, funnel, status]) if !funnel.is_empty() && !status.is_empty() => Ok(Self {
                of,
                funnel: (*funnel).to_owned(),
                status: (*status).to_owned(),
            }),
            _ => Err("PIPELINE:STATUS is expected, for example invoices:3:paid, as `sverka stages` lists them"),
        }
    }
}

/// `invoices:3:paid=DT31_3:P`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageArg(pub MappingChoice);

impl FromStr for StageArg {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parted = text.split_once('=').filter(|(_, stage)| !stage.is_empty());
        let (status, stage) =
            parted.ok_or("PIPELINE:STATUS=STAGE is expected, for example invoices:3:paid=DT31_3:P")?;
        let StatusArg { of, funnel, status } = status.parse()?;
        Ok(Self(MappingChoice {
            of,
            funnel,
            status,
            stage: stage.to_owned(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_may_hold_the_signs_that_part_the_rest() {
        let StageArg(parsed) = "deals:0:partly_paid=C7:A=B".parse().unwrap();
        assert_eq!((parsed.of, parsed.funnel.as_str()), (FunnelKind::Deals, "0"));
        assert_eq!(
            (parsed.status.as_str(), parsed.stage.as_str()),
            ("partly_paid", "C7:A=B")
        );
        for wrong in [
            "",
            "paid=P",
            "invoices:paid=P",
            "invoices:3:paid",
            "invoices:3:paid=",
            "leads:3:paid=P",
        ] {
            assert!(wrong.parse::<StageArg>().is_err(), "{wrong}");
        }
    }
}
