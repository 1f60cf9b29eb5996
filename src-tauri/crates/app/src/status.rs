//! How everything stands: one calm headline and what it rests on.

use chrono::NaiveDate;
use domain::{Money, Proof, Text};
use store::{AccountProof, OrderState};

use crate::{
    crm_state::together,
    failure::Failure,
    headline::{Standing, headline},
    session::Session,
    settings::WATCH_PAUSED,
    watch::watched_elsewhere,
    wire::{AccountStatus, FolderState, FolderStatus, Status},
};

impl Session {
    /// # Errors
    /// The ledger cannot be read.
    pub fn status(&self) -> Result<Status, Failure> {
        let inbox = self.inbox_counts()?;
        let outbox = self.outbox_counts()?;
        let folder = self.folder_status()?;
        let crms = self.crm_statuses()?;
        let crm = together(&crms);
        let orders_waiting = self.ledger.orders(Some(OrderState::Submitted))?.len() as u64;
        let proofs = self.ledger.account_proofs()?;
        let broken: Vec<Text> = proofs.iter().filter_map(does_not_add_up).collect();
        let stands = Standing {
            inbox: &inbox,
            outbox: &outbox,
            folder: &folder,
            crm: &crm,
            crms: &crms,
            orders_waiting,
            broken: broken.first(),
            new: proofs.is_empty(),
        };
        let (condition, headline) = headline(&stands);
        let noticed: Vec<Text> = self.live().notices.values().cloned().collect();
        let notices = broken.into_iter().chain(noticed).map(Into::into).collect();
        Ok(Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            condition,
            headline: headline.into(),
            folder,
            crm,
            crms,
            inbox,
            outbox,
            orders_waiting,
            notices,
            accounts: proofs.iter().map(account).collect(),
        })
    }

    pub(crate) fn paused(&self) -> Result<bool, Failure> {
        Ok(self.ledger.setting(WATCH_PAUSED)?.as_deref() == Some("on"))
    }

    /// Stops taking files from the folder, or goes on.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn watch_pause(&self, paused: bool) -> Result<Status, Failure> {
        self.put_setting(WATCH_PAUSED, if paused { "on" } else { "off" })?;
        self.changed();
        self.status()
    }

    fn folder_status(&self) -> Result<FolderStatus, Failure> {
        let path = self.settings()?.folder;
        let live = self.live().clone();
        let state = match (&path, self.paused()?) {
            (None, _) => FolderState::NotChosen,
            (Some(_), true) => FolderState::Paused,
            (Some(_), false) => live.folder,
        };
        let elsewhere = (state == FolderState::Idle).then(|| watched_elsewhere(self)).flatten();
        let state = if elsewhere.is_some() {
            FolderState::Watching
        } else {
            state
        };
        let message = match state {
            FolderState::NotChosen => Text::new(
                "папка с выписками не выбрана: выберите её в настройках",
                "no folder with statements is chosen: choose it in the settings",
            ),
            FolderState::Paused => Text::new("наблюдение приостановлено", "watching is paused"),
            FolderState::Watching => {
                elsewhere.unwrap_or_else(|| Text::new("папка под наблюдением", "the folder is watched"))
            }
            FolderState::Gone => live.folder_message,
            FolderState::Idle => Text::new("за папкой никто не следит", "nobody watches the folder"),
        };
        Ok(FolderStatus {
            path,
            state,
            message: message.into(),
        })
    }
}

/// The first day that does not add up and that nobody has said go about.
fn broken_day(proof: &AccountProof) -> Option<(NaiveDate, Money)> {
    let broken = proof.days.iter().filter(|day| !day.released);
    let broken = broken.filter_map(|day| match &day.proof {
        Proof::Broken {
            day: broken,
            difference,
        } => Some((broken.unwrap_or(day.date), *difference)),
        Proof::Proven | Proof::Silent => None,
    });
    broken.min_by_key(|(day, _)| *day)
}

fn does_not_add_up(proof: &AccountProof) -> Option<Text> {
    let (day, difference) = broken_day(proof)?;
    let (account, difference) = (&proof.account, difference.text());
    Some(Text::new(
        format!(
            "Остатки по счёту {account} не сходятся с {}: разница {}. Автоматических решений по нему нет. Загрузите \
             недостающую выписку или подтвердите расхождение.",
            day.format("%d.%m.%Y"),
            difference.ru
        ),
        format!(
            "The balances of account {account} do not add up from {day} on: they differ by {}. Nothing is decided \
             automatically there. Import the missing statement, or say that the difference is known.",
            difference.en
        ),
    ))
}

fn account(proof: &AccountProof) -> AccountStatus {
    let broken = proof.days.iter().any(|day| matches!(day.proof, Proof::Broken { .. }));
    let proven = match (broken, proof.days.iter().any(|day| day.proof == Proof::Proven)) {
        (true, _) => Some(false),
        (false, true) => Some(true),
        (false, false) => None,
    };
    AccountStatus {
        account: proof.account.clone(),
        closing: proof.closing.map(Into::into),
        closing_date: proof.last_day.map(|day| day.to_string()),
        proven,
        blocked_from: proof.blocked_from.map(|day| day.to_string()),
        difference: broken_day(proof).map(|(_, difference)| difference.into()),
    }
}
