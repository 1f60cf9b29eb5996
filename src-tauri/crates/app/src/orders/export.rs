//! Writing approved orders for the bank client: whole or not at all, and never twice.
//!
//! The file is first written beside its place under a temporary name and flushed; then the ledger records the export;
//! then the file gets its name. A power cut before the record leaves nothing but a temporary file, one after it leaves
//! a file that [`Session::finish_exports`] still has to name. So no order is ever in two files.
//!
//! What was written is read back as a bank will read it before the ledger hears of it.

use std::{
    collections::BTreeSet,
    fs::File,
    path::{Path, PathBuf},
};

use domain::{Approved, Currency, Money, OrderId, Text};
use store::{ExportedFile, OrderRecord, OrderState};

use super::bank_file::{FILE_PREFIX, proven, publish, remove_unrecorded, waiting_name, write_flushed};
use crate::{
    failure::{Failure, io_failure},
    session::Session,
    settings::LEDGER_ID,
    wire::{OrdersExportRequest, OrdersExported, Sum},
    words::plural,
};

/// The most orders of one file: what bank clients are known to take at once.
pub const ORDERS_PER_FILE_MAX: usize = 500;
const EXPORT_ELSEWHERE: &str = "orders/export-elsewhere";

impl Session {
    /// Writes approved orders into 1C exchange files, one for each bank client: a bank takes the orders of its own
    /// accounts only, and each of our companies has a bank client of its own.
    ///
    /// # Errors
    /// An order that is not approved or was changed since; no folder; a full or read-only disk; what was written does
    /// not read back equal. Then no order is exported.
    pub fn orders_export(&self, request: &OrdersExportRequest) -> Result<OrdersExported, Failure> {
        let _alone = self.exporting_alone()?;
        self.publish_recorded()?;
        let folder = self.export_folder(request)?;
        remove_unrecorded(&folder, &self.file_mark()?);
        let parts = by_bank_client(self.records_to_export(request)?)?;
        let total = total(parts.iter().flat_map(|part| &part.approved))?;
        let mut written = Vec::new();
        for part in parts {
            match self.write(part, &folder) {
                Ok(one) => written.push(one),
                Err(failure) => {
                    // Should one stay, the next export removes it.
                    written.iter().for_each(|one| drop(std::fs::remove_file(&one.waiting)));
                    return Err(failure);
                }
            }
        }
        for one in &written {
            // Where this fails the file stays: only the ledger, read anew, knows whether it was recorded.
            self.record_exported(&one.part.records, &one.file)?;
            self.hand_over(&one.waiting, &one.place)?;
        }
        self.changed();
        let files: Vec<String> = written.iter().map(|one| one.place.display().to_string()).collect();
        let records = || written.iter().flat_map(|one| &one.part.records);
        Ok(OrdersExported {
            file: files.first().cloned().unwrap_or_default(),
            orders: records().map(|record| record.id.0.clone()).collect(),
            total: Sum::from(total),
            message: exported_text(records().count(), total, &written).into(),
            files,
        })
    }

    /// Writes the orders of one bank client under a temporary name, and reads them back.
    fn write(&self, part: Part, folder: &Path) -> Result<Written, Failure> {
        let now = self.host.local();
        let header = formats::onec::OrderFileHeader {
            sender: format!("Sverka {}", env!("CARGO_PKG_VERSION")),
            created: now.date(),
            time: now.time(),
        };
        let bytes = formats::onec::write_orders(&part.approved, &header).map_err(|error| unwritable(&error))?;
        let sha256 = crate::files::sha256(&bytes);
        let file = ExportedFile {
            name: format!("{FILE_PREFIX}{}-{}.txt", now.format("%Y-%m-%d-%H%M%S"), &sha256[..8]),
            sha256,
            folder: folder.display().to_string(),
        };
        let place = folder.join(&file.name);
        let waiting = waiting_name(&place, &self.file_mark()?);
        let proven = write_flushed(&waiting, &bytes)
            .map_err(|error| io_failure(&waiting, &error))
            .and_then(|()| proven(&waiting, &part.approved));
        if let Err(failure) = proven {
            // Should it stay, the next export removes it.
            let _ = std::fs::remove_file(&waiting);
            return Err(failure);
        }
        Ok(Written {
            part,
            file,
            place,
            waiting,
        })
    }

    fn record_exported(&self, records: &[OrderRecord], file: &ExportedFile) -> Result<(), Failure> {
        let orders: Vec<_> = records.iter().map(|record| (&record.id, record.revision)).collect();
        Ok(self
            .ledger
            .record_orders_exported(&orders, file, &self.operator()?, self.host.now())?)
    }

    /// Names files whose export was recorded just before the program was ended. A folder that is away is no failure:
    /// its file gets its name when the folder is back.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn finish_exports(&self) -> Result<(), Failure> {
        match self.exporting_alone() {
            Ok(_alone) => self.publish_recorded(),
            // Whoever is exporting at this moment has done this first.
            Err(failure) if failure.code == EXPORT_ELSEWHERE => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    fn publish_recorded(&self) -> Result<(), Failure> {
        let (mut seen, mark) = (BTreeSet::new(), self.file_mark()?);
        for record in self.ledger.orders(Some(OrderState::Exported))? {
            let Some(exported) = record.exported else { continue };
            let place = Path::new(&exported.folder).join(&exported.file_name);
            let waiting = waiting_name(&place, &mark);
            if seen.insert(place.clone())
                && waiting.exists()
                && let Err(failure) = self.hand_over(&waiting, &place)
            {
                tracing::error!(code = failure.code, "an exported file did not get its name");
            }
        }
        Ok(())
    }

    /// Gives a recorded file its name. A person hears of one that does not get it; it is tried again at every export
    /// and every start.
    fn hand_over(&self, waiting: &Path, place: &Path) -> Result<(), Failure> {
        let about = place.display().to_string();
        match publish(waiting, place) {
            Ok(()) => {
                self.settled(&about);
                Ok(())
            }
            Err(error) => {
                let failure = io_failure(place, &error);
                self.notice(about, unnamed(place, &failure));
                Err(failure)
            }
        }
    }

    /// Two ledgers may export into one folder, and know their unfinished files apart by this.
    pub(crate) fn file_mark(&self) -> Result<String, Failure> {
        let id = self.ledger.setting(LEDGER_ID)?.unwrap_or_default();
        Ok(crate::files::sha256(id.as_bytes())[..8].to_owned())
    }

    /// Two exports at once would take each other's unfinished files for forgotten ones.
    fn exporting_alone(&self) -> Result<File, Failure> {
        crate::files::lock(&self.folder().join("export.lock"), || {
            Failure::new(
                EXPORT_ELSEWHERE,
                Text::new(
                    "платёжки сейчас выгружает другое окно «Сверки»",
                    "another Sverka is exporting orders at this moment",
                ),
                Text::new("подождите и повторите", "wait and try again"),
            )
        })
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
        // Kept in the ledger, so that every process finds it.
        let folder = std::path::absolute(&folder).map_err(|error| io_failure(&folder, &error))?;
        crate::settings::must_be_a_folder(&folder)?;
        Ok(folder)
    }

    fn records_to_export(&self, request: &OrdersExportRequest) -> Result<Vec<OrderRecord>, Failure> {
        let records = if request.orders.is_empty() {
            self.ledger.orders(Some(OrderState::Approved))?
        } else {
            // One named twice is one order.
            let mut named = BTreeSet::new();
            let named = request.orders.iter().filter(|id| named.insert(id.as_str()));
            named
                .map(|id| self.order(&OrderId(id.clone())))
                .collect::<Result<_, _>>()?
        };
        if let Some(record) = records.iter().find(|record| record.state != OrderState::Approved) {
            return Err(not_approved(record));
        }
        if records.is_empty() {
            return Err(Failure::new(
                "orders/none-approved",
                Text::new("утверждённых платёжек нет", "there are no approved orders"),
                Text::new("утвердите платёжку и повторите", "approve an order and try again"),
            ));
        }
        Ok(records)
    }
}

/// Orders that one bank client takes: of one company of ours, from its accounts in one bank.
struct Part {
    records: Vec<OrderRecord>,
    approved: Vec<Approved>,
}

/// A file that is on the disk and was read back, and has not its name yet.
struct Written {
    part: Part,
    file: ExportedFile,
    place: PathBuf,
    waiting: PathBuf,
}

/// In the order in which the bank clients are met, each with its orders in theirs.
fn by_bank_client(records: Vec<OrderRecord>) -> Result<Vec<Part>, Failure> {
    let client = |order: &Approved| {
        let payer = &order.order().payer;
        (payer.inn.clone(), payer.bank.bik.clone())
    };
    let mut parts: Vec<Part> = Vec::new();
    for record in records {
        let order = restored(&record)?;
        let known = parts.iter_mut().find(|part| {
            part.approved
                .first()
                .is_some_and(|first| client(first) == client(&order))
        });
        match known {
            Some(part) => {
                part.records.push(record);
                part.approved.push(order);
            }
            None => parts.push(Part {
                records: vec![record],
                approved: vec![order],
            }),
        }
    }
    match parts.iter().map(|part| part.records.len()).max() {
        Some(count) if count > ORDERS_PER_FILE_MAX => Err(Failure::new(
            "orders/too-many",
            Text::new(
                format!("{count} платёжек в одном файле, а можно не больше {ORDERS_PER_FILE_MAX}"),
                format!("{count} orders in one file, at most {ORDERS_PER_FILE_MAX} are allowed"),
            ),
            Text::new("выгрузите их частями", "export them in parts"),
        )),
        _ => Ok(parts),
    }
}

/// The order as a type that may be written: the approval still fits what the ledger holds.
fn restored(record: &OrderRecord) -> Result<Approved, Failure> {
    let order = record.draft.check().map_err(|defects| super::defective(&defects))?;
    let approval = record.approval.clone().ok_or_else(|| not_approved(record))?;
    Ok(Approved::restore(order, approval)?)
}

fn total<'a>(approved: impl IntoIterator<Item = &'a Approved>) -> Result<Money, Failure> {
    approved
        .into_iter()
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

fn exported_text(count: usize, total: Money, written: &[Written]) -> Text {
    let files = |whose: bool, control: &str| -> String {
        let shown = written.iter().map(|one| {
            let payer = one
                .part
                .approved
                .first()
                .map(|order| &order.order().payer)
                .filter(|_| whose);
            let payer = payer.map(|payer| format!("{}, {}: ", payer.name, payer.bank.name));
            let (payer, place) = (payer.unwrap_or_default(), one.place.display());
            format!("{payer}«{place}», {control} {}", &one.file.sha256[..8])
        });
        shown.collect::<Vec<_>>().join("; ")
    };
    let (count, several, total) = (count as u64, written.len() > 1, total.text());
    let orders = plural(count, ["платёжка", "платёжки", "платёжек"]);
    let en = if count == 1 { "order" } else { "orders" };
    let (file_ru, file_en) = if several {
        ("файлы по банкам", "a file for each bank")
    } else {
        ("файл", "file")
    };
    Text::new(
        format!(
            "выгружено: {count} {orders} на {}, {file_ru}: {}",
            total.ru,
            files(several, "контрольная сумма")
        ),
        format!(
            "exported: {count} {en}, {}, {file_en}: {}",
            total.en,
            files(several, "control sum")
        ),
    )
}

fn unnamed(place: &Path, failure: &Failure) -> Text {
    let shown = place.display();
    Text::new(
        format!(
            "Файл платёжек «{shown}» записан, но ещё не отдан банк-клиенту: {}.",
            failure.message.ru
        ),
        format!(
            "The order file «{shown}» is written and not yet handed to the bank client: {}.",
            failure.message.en
        ),
    )
}
