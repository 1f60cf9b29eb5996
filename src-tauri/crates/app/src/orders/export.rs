//! Writing approved orders for the bank client: whole or not at all, and never twice.
//!
//! The file is first written beside its place under a temporary name and flushed; then the ledger records the export;
//! then the file gets its name. A power cut before the record leaves nothing but a temporary file, one after it leaves
//! a file that [`Session::finish_exports`] still has to name. So no order is ever in two files.

use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
};

use domain::{Approved, Currency, Money, OrderId, Text};
use store::{OrderEvent, OrderRecord, OrderState};

use crate::{
    failure::{Failure, io_failure, not_a_folder},
    session::Session,
    wire::{OrdersExportRequest, OrdersExported, Sum},
};

/// The most orders of one file: what bank clients are known to take at once.
pub const ORDERS_PER_FILE_MAX: usize = 500;

impl Session {
    /// Writes approved orders into one 1C exchange file.
    ///
    /// # Errors
    /// An order that is not approved; no folder; a full or read-only disk.
    pub fn orders_export(&self, request: &OrdersExportRequest) -> Result<OrdersExported, Failure> {
        self.finish_exports()?;
        let folder = self.export_folder(request)?;
        let records = self.records_to_export(request)?;
        let approved = records
            .iter()
            .map(restored)
            .collect::<Result<Vec<Approved>, Failure>>()?;
        let total = total(&approved)?;
        let now = self.host.local();
        let header = formats::onec::OrderFileHeader {
            sender: format!("Sverka {}", env!("CARGO_PKG_VERSION")),
            created: now.date(),
            time: now.time(),
        };
        let bytes = formats::onec::write_orders(&approved, &header).map_err(|error| unwritable(&error))?;
        let sha256 = crate::files::sha256(&bytes);
        let name = format!("1c_to_kl-{}-{}.txt", now.format("%Y-%m-%d-%H%M%S"), &sha256[..8]);
        let place = folder.join(&name);
        let waiting = waiting_name(&place);
        write_flushed(&waiting, &bytes).map_err(|error| io_failure(&waiting, &error))?;
        for record in &records {
            let event = OrderEvent::Exported {
                file_name: name.clone(),
                file_sha256: sha256.clone(),
                folder: folder.display().to_string(),
            };
            self.ledger
                .record_order_event(&record.id, &event, &self.operator()?, self.host.now())?;
        }
        publish(&waiting, &place).map_err(|error| io_failure(&place, &error))?;
        self.changed();
        let shown = place.display();
        Ok(OrdersExported {
            file: shown.to_string(),
            orders: records.iter().map(|record| record.id.0.clone()).collect(),
            total: Sum::from(total),
            message: Text::new(
                format!(
                    "выгружено платёжек: {}, на {} ₽, файл «{shown}», контрольная сумма {}",
                    records.len(),
                    total.decimal(),
                    &sha256[..8]
                ),
                format!(
                    "orders exported: {}, {} RUB, file «{shown}», control sum {}",
                    records.len(),
                    total.decimal(),
                    &sha256[..8]
                ),
            )
            .into(),
        })
    }

    /// Names files whose export was recorded just before the program was ended.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn finish_exports(&self) -> Result<(), Failure> {
        for record in self.ledger.orders(Some(OrderState::Exported))? {
            let Some(exported) = &record.exported else { continue };
            let place = Path::new(&exported.folder).join(&exported.file_name);
            let waiting = waiting_name(&place);
            if waiting.exists() {
                publish(&waiting, &place).map_err(|error| io_failure(&place, &error))?;
            }
        }
        Ok(())
    }

    fn export_folder(&self, request: &OrdersExportRequest) -> Result<PathBuf, Failure> {
        let chosen = request.folder.clone().or(self.settings()?.export_folder);
        let folder = PathBuf::from(chosen.ok_or_else(|| {
            Failure::new(
                "orders/no-folder",
                Text::new(
                    "не выбрана папка для банк-клиента",
                    "no folder for the bank client is chosen",
                ),
                Text::new(
                    "выберите её в настройках или назовите: --to ПАПКА",
                    "choose it in the settings or name it: --to FOLDER",
                ),
            )
        })?);
        let meta = std::fs::metadata(&folder).map_err(|error| io_failure(&folder, &error))?;
        if meta.is_dir() {
            Ok(folder)
        } else {
            Err(not_a_folder(&folder))
        }
    }

    fn records_to_export(&self, request: &OrdersExportRequest) -> Result<Vec<OrderRecord>, Failure> {
        let records = if request.orders.is_empty() {
            self.ledger.orders(Some(OrderState::Approved))?
        } else {
            request
                .orders
                .iter()
                .map(|id| self.order(&OrderId(id.clone())))
                .collect::<Result<_, _>>()?
        };
        if let Some(record) = records.iter().find(|record| record.state != OrderState::Approved) {
            return Err(not_approved(record));
        }
        match records.len() {
            0 => Err(Failure::new(
                "orders/none-approved",
                Text::new("утверждённых платёжек нет", "there are no approved orders"),
                Text::new("утвердите платёжку и повторите", "approve an order and try again"),
            )),
            count if count > ORDERS_PER_FILE_MAX => Err(Failure::new(
                "orders/too-many",
                Text::new(
                    format!("{count} платёжек в одном файле, а можно не больше {ORDERS_PER_FILE_MAX}"),
                    format!("{count} orders in one file, at most {ORDERS_PER_FILE_MAX} are allowed"),
                ),
                Text::new("выгрузите их частями", "export them in parts"),
            )),
            _ => Ok(records),
        }
    }
}

/// The order as a type that may be written: the approval still fits what the ledger holds.
fn restored(record: &OrderRecord) -> Result<Approved, Failure> {
    let order = record.draft.check().map_err(|defects| super::defective(&defects))?;
    let approval = record.approval.clone().ok_or_else(|| not_approved(record))?;
    Ok(Approved::restore(order, approval)?)
}

fn total(approved: &[Approved]) -> Result<Money, Failure> {
    approved
        .iter()
        .try_fold(Money::zero(Currency::RUB), |sum, order| {
            sum.checked_add(order.order().amount)
        })
        .map_err(|error| {
            Failure::new(
                "orders/total",
                Text::new(
                    format!("сумма файла не считается: {error}"),
                    format!("the file's total cannot be made: {error}"),
                ),
                Text::new("выгрузите платёжки частями", "export the orders in parts"),
            )
        })
}

fn not_approved(record: &OrderRecord) -> Failure {
    let number = &record.draft.number;
    Failure::new(
        "orders/not-approved",
        Text::new(
            format!("платёжка № {number} не утверждена"),
            format!("order No. {number} is not approved"),
        ),
        Text::new(
            "выгружаются только утверждённые платёжки",
            "only approved orders can be exported",
        ),
    )
}

fn unwritable(error: &formats::onec::WriteError) -> Failure {
    Failure::new(
        "orders/unwritable",
        error.text(),
        Text::new(
            "исправьте названное поле и утвердите платёжку заново",
            "correct the field named and approve the order again",
        ),
    )
}

/// Hidden and `.tmp`: neither a bank client nor our own watcher takes it.
fn waiting_name(place: &Path) -> PathBuf {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    place.with_file_name(format!(".{name}.tmp"))
}

fn write_flushed(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Gives the file its name, unless a file of that name is there.
fn publish(waiting: &Path, place: &Path) -> std::io::Result<()> {
    if place.exists() {
        return Err(std::io::Error::new(
            std::io::ErrorKind::AlreadyExists,
            "a file of this name is there already",
        ));
    }
    std::fs::rename(waiting, place)?;
    crate::files::sync_folder(place)
}
