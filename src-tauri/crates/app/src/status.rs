//! How everything stands: one calm headline and what it rests on.

use domain::{Proof, Text};
use store::{AccountProof, OrderState};

use crate::{
    failure::Failure,
    session::Session,
    settings::WATCH_PAUSED,
    wire::{
        AccountStatus, Condition, CrmState, CrmStatus, FolderState, FolderStatus, InboxCounts, OutboxCounts, Status,
    },
    words::plural,
};

impl Session {
    /// # Errors
    /// The ledger cannot be read.
    pub fn status(&self) -> Result<Status, Failure> {
        let inbox = self.inbox_counts()?;
        let outbox = self.outbox_counts()?;
        let folder = self.folder_status()?;
        let crm = self.crm_status()?;
        let orders_waiting = self.ledger.orders(Some(OrderState::Submitted))?.len() as u64;
        let accounts: Vec<AccountStatus> = self.ledger.account_proofs()?.iter().map(account).collect();
        let broken = accounts.iter().any(|account| account.blocked_from.is_some());
        let (condition, headline) = headline(&inbox, &outbox, &folder, &crm, orders_waiting, broken);
        Ok(Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            condition,
            headline: headline.into(),
            folder,
            crm,
            inbox,
            outbox,
            orders_waiting,
            accounts,
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
        self.watch_bell.notify_one();
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
        let message = match state {
            FolderState::NotChosen => Text::new(
                "папка с выписками не выбрана: выберите её в настройках",
                "no folder with statements is chosen: choose it in the settings",
            ),
            FolderState::Paused => Text::new("наблюдение приостановлено", "watching is paused"),
            FolderState::Watching => Text::new("папка под наблюдением", "the folder is watched"),
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

fn account(proof: &AccountProof) -> AccountStatus {
    let broken = proof.days.iter().find_map(|day| match &day.proof {
        Proof::Broken { difference, .. } => Some(*difference),
        Proof::Proven | Proof::Silent => None,
    });
    let proven = match (broken, proof.days.iter().any(|day| day.proof == Proof::Proven)) {
        (Some(_), _) => Some(false),
        (None, true) => Some(true),
        (None, false) => None,
    };
    AccountStatus {
        account: proof.account.clone(),
        closing: proof.closing.map(Into::into),
        closing_date: proof.last_day.map(|day| day.to_string()),
        proven,
        blocked_from: proof.blocked_from.map(|day| day.to_string()),
        difference: broken.map(Into::into),
    }
}

/// The most pressing thing first; being offline is calm, not an error.
fn headline(
    inbox: &InboxCounts,
    outbox: &OutboxCounts,
    folder: &FolderStatus,
    crm: &CrmStatus,
    orders_waiting: u64,
    broken: bool,
) -> (Condition, Text) {
    if folder.state == FolderState::Gone {
        return (
            Condition::Error,
            Text {
                ru: folder.message.ru.clone(),
                en: folder.message.en.clone(),
            },
        );
    }
    if crm.state == CrmState::Unauthorised {
        return (
            Condition::Error,
            Text {
                ru: crm.message.ru.clone(),
                en: crm.message.en.clone(),
            },
        );
    }
    if broken {
        return (
            Condition::NeedsYou,
            Text::new(
                "остатки по счёту не сходятся: проверьте выписку",
                "the balances do not add up: look at the statement",
            ),
        );
    }
    let mut needs_ru = Vec::new();
    let mut needs_en = Vec::new();
    let mut need = |count: u64, forms: [&'static str; 3], en: &str| {
        if count > 0 {
            needs_ru.push(format!("{count} {}", plural(count, forms)));
            needs_en.push(format!("{count} {en}"));
        }
    };
    need(
        inbox.review,
        ["платёж ждёт решения", "платежа ждут решения", "платежей ждут решения"],
        "payments to decide",
    );
    need(
        inbox.asked,
        [
            "строка выписки под вопросом",
            "строки выписки под вопросом",
            "строк выписки под вопросом",
        ],
        "statement lines to ask about",
    );
    need(
        outbox.parked,
        ["запись отложена", "записи отложены", "записей отложено"],
        "messages parked",
    );
    need(
        orders_waiting,
        [
            "платёжка ждёт утверждения",
            "платёжки ждут утверждения",
            "платёжек ждут утверждения",
        ],
        "orders to approve",
    );
    if !needs_ru.is_empty() {
        return (Condition::NeedsYou, Text::new(needs_ru.join(", "), needs_en.join(", ")));
    }
    let waiting = outbox.waiting;
    if crm.state == CrmState::Offline {
        let (records, go) = (
            plural(waiting, ["запись", "записи", "записей"]),
            plural(waiting, ["уйдёт сама", "уйдут сами", "уйдут сами"]),
        );
        return (
            Condition::Offline,
            Text::new(
                format!("Нет сети: {waiting} {records} {go}"),
                format!("Offline: {waiting} messages will go by themselves"),
            ),
        );
    }
    if waiting > 0 {
        let records = plural(waiting, ["запись уходит", "записи уходят", "записей уходят"]);
        return (
            Condition::Ok,
            Text::new(
                format!("{waiting} {records} в CRM"),
                format!("{waiting} messages on the way to the CRM"),
            ),
        );
    }
    (Condition::Ok, Text::new("Всё сделано", "All done"))
}
