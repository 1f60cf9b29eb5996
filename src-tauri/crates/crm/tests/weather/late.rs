//! Something on the way delivers a write a second time when it has long been read back: the next look at the invoice
//! finds it, and so does the next write; nobody is told twice for longer than that.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use crm::{
    CallError, Crm,
    amocrm::{self, Account},
    bitrix24::{self, Portal},
};
use domain::{Message, MessageId, Operation, Receipt};
use outbox::Policy;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::{
    firm::{list, message},
    line::{Calm, Line, Shore, Way, Which},
    program::{Disk, Program},
    small::Small,
    told::Told,
};

const SEEDS: u64 = 12;
/// When the last of them has landed.
const ALL_LANDED_MS: u64 = 40 * 60_000;
const LATE_MS_MAX: u64 = 30 * 60_000;
/// An act that comes later than this might be somebody's own.
const ACT_LATE_MS_MAX: u64 = 100_000;
const TEMPLATE: u64 = 39;

/// Every other write that people read comes a second time, by a dice.
#[derive(Clone)]
struct Late(Arc<Mutex<fastrand::Rng>>);

impl Late {
    fn by(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(fastrand::Rng::with_seed(seed))))
    }

    fn delay(&self, method: &str) -> Option<Duration> {
        let max = match method {
            "crm.timeline.comment.add" => LATE_MS_MAX,
            "crm.documentgenerator.document.add" => ACT_LATE_MS_MAX,
            _ if method.starts_with("POST leads/") && method.ends_with("/notes") => LATE_MS_MAX,
            _ => return None,
        };
        let mut dice = self.0.lock().unwrap();
        dice.bool().then(|| Duration::from_millis(dice.u64(2_000..max)))
    }
}

impl Way for Late {
    async fn carry(&self, shore: &Shore, which: Which, method: &str, params: &Value) -> Result<Value, CallError> {
        let answer = Calm.carry(shore, which, method, params).await;
        if let (Ok(_), Some(delay)) = (&answer, self.delay(method)) {
            let (shore, method, params) = (shore.clone(), method.to_owned(), params.clone());
            tokio::spawn(async move {
                sleep(delay).await;
                // What keeps a request long enough also waits where it is told to.
                while shore
                    .ask(which, &method, &params)
                    .await
                    .is_none_or(|answered| answered.status != 200)
                {
                    sleep(Duration::from_secs(3)).await;
                }
            });
        }
        answer
    }
}

async fn connected(shore: &Shore, which: Which, late: Late) -> Arc<dyn Crm> {
    let (first, line) = (Line::new(shore, which, Calm), Line::new(shore, which, late));
    match which {
        Which::Bitrix24 => {
            let introduced = Crm::connect(&bitrix24::Client::new(first, Portal::new("b24")))
                .await
                .unwrap();
            let mut portal = Portal::remembered("b24", &introduced.remember);
            portal.also.act_template = Some(TEMPLATE);
            Arc::new(bitrix24::Client::new(line, portal))
        }
        Which::Amocrm => {
            Crm::connect(&amocrm::Client::new(first, Account::new("amo")))
                .await
                .unwrap();
            Arc::new(amocrm::Client::new(line, Account::new("amo")))
        }
    }
}

fn delivered(disk: &Disk) -> Vec<(Message, Receipt)> {
    let rows = disk.rows.values();
    rows.map(|row| {
        let receipt = row.delivered.clone();
        (
            row.message.clone(),
            receipt.unwrap_or_else(|| panic!("{}: {:?}", row.message.id, row.reason)),
        )
    })
    .collect()
}

fn removal(of: &Message) -> Message {
    let operation = &of.operation;
    let removal = Operation::RemoveRepeats {
        invoice: operation.invoice().clone(),
        invoice_number: operation.invoice_number().to_owned(),
        deal: operation.deal().map(str::to_owned),
        payment: operation.payment().cloned(),
        amount: operation.amount(),
        of: of.id.clone(),
        reversed: matches!(operation, Operation::ReversePayment { .. }),
        stands: false,
    };
    message(&format!("tidy-{}", of.id), removal)
}

/// The invoices that have more than one act, by the judge's eyes.
async fn acts_twice(shore: &Shore) -> usize {
    let documents = list(&shore.told("/state/bitrix24").await["documents"]);
    let of: Vec<String> = documents.iter().map(|row| row["entityId"].to_string()).collect();
    of.len() - of.iter().collect::<BTreeSet<_>>().len()
}

fn says_twice(receipt: &Receipt) -> usize {
    let notes = receipt.notes.iter();
    notes
        .filter(|note| note.en.contains("reached") && note.en.contains("twice"))
        .count()
}

async fn found_by_the_next_look(which: Which) {
    let (mut comments, mut acts) = (0, 0);
    for seed in 0..SEEDS {
        let small = Small::by(&mut fastrand::Rng::with_seed(seed));
        let shore = Shore::new(small.sandbox());
        let crm = connected(&shore, which, Late::by(seed)).await;
        let mut disk = Disk::of(small.messages(which));
        let run = Program::start(Arc::clone(&crm), &shore, Policy::default(), seed, &mut disk);
        { run }.run(&mut disk).await;
        sleep(Duration::from_millis(ALL_LANDED_MS)).await;

        let told = Told::by(&shore, which).await;
        let twice = |told: &Told, id: &MessageId| told.said(id).len() > 1;
        let doubled: BTreeSet<&MessageId> = disk.rows.keys().filter(|id| twice(&told, id)).collect();
        let all = delivered(&disk);
        let found = crm.repeated(&all).await.unwrap();
        assert!(
            doubled.iter().all(|id| found.contains(id)),
            "seed {seed}: {doubled:?} {found:?}"
        );
        let acts_before = acts_twice(&shore).await;
        comments += doubled.len();
        acts += acts_before;
        if acts_before == 0 {
            assert_eq!(found.len(), doubled.len(), "seed {seed}: nothing else is found");
        }

        let messages = all.iter().filter(|(message, _)| found.contains(&message.id));
        let mut tidying = Disk::of(messages.clone().map(|(message, _)| removal(message)));
        // The receipts that the removal needs are those of the messages it is about.
        tidying.receipts = messages
            .map(|(message, receipt)| (message.id.clone(), receipt.clone()))
            .collect();
        let run = Program::start(Arc::clone(&crm), &shore, Policy::default(), seed, &mut tidying);
        { run }.run(&mut tidying).await;
        let tidied = delivered(&tidying);
        let said: usize = tidied.iter().map(|(_, receipt)| says_twice(receipt)).sum();
        assert_eq!(said, doubled.len() + acts_before, "seed {seed}: the receipts say it");
        let told = Told::by(&shore, which).await;
        for (message, receipt) in &all {
            let said = told.said(&message.id);
            assert_eq!(said.len(), 1, "seed {seed}: {}", message.id);
            assert_eq!(
                receipt.comment.as_deref(),
                Some(said[0].to_string().as_str()),
                "the first one stays"
            );
        }
        assert_eq!(acts_twice(&shore).await, 0, "seed {seed}");
        assert_eq!(crm.repeated(&all).await.unwrap(), [], "seed {seed}");
    }
    assert!(comments > 10, "{comments} came twice");
    assert_eq!(acts > 0, which == Which::Bitrix24, "{acts} acts came twice");
}

#[tokio::test(start_paused = true)]
async fn bitrix24_is_tidied_by_the_next_look() {
    found_by_the_next_look(Which::Bitrix24).await;
}

#[tokio::test(start_paused = true)]
async fn amocrm_is_tidied_by_the_next_look() {
    found_by_the_next_look(Which::Amocrm).await;
}

async fn found_by_the_next_write(which: Which) {
    let mut mended = 0;
    for seed in 0..SEEDS {
        let small = Small::by(&mut fastrand::Rng::with_seed(seed));
        let shore = Shore::new(small.sandbox());
        let crm = connected(&shore, which, Late::by(seed)).await;
        // One after the other, with time for everything to land between.
        let mut seen: Vec<(MessageId, usize)> = Vec::new();
        let mut disk = Disk::default();
        for message in small.messages(which) {
            let seq = u64::try_from(disk.rows.len()).unwrap() + 1;
            disk.add(seq, message.clone());
            let run = Program::start(Arc::clone(&crm), &shore, Policy::default(), seed, &mut disk);
            { run }.run(&mut disk).await;
            let receipt = disk.rows[&message.id].delivered.clone().unwrap();
            seen.push((message.id, says_twice(&receipt)));
            sleep(Duration::from_millis(ALL_LANDED_MS)).await;
        }
        let told = Told::by(&shore, which).await;
        // Only after the last write to an invoice may anything stand there twice.
        let mut last: Vec<&MessageId> = Vec::new();
        for invoice in &small.invoices {
            let own = disk
                .rows
                .values()
                .filter(|row| small.invoice_of(&row.message.operation) == invoice.id);
            last.extend(own.max_by_key(|row| row.seq).map(|row| &row.message.id));
        }
        for (id, _) in &seen {
            let count = told.said(id).len();
            assert!(
                count == 1 || last.contains(&id),
                "seed {seed}: {id} stands there {count} times"
            );
        }
        mended += seen.iter().map(|(_, says)| says).sum::<usize>();
    }
    assert!(mended > 5, "{mended} were found by a write");
}

#[tokio::test(start_paused = true)]
async fn bitrix24_is_tidied_by_the_next_write() {
    found_by_the_next_write(Which::Bitrix24).await;
}

#[tokio::test(start_paused = true)]
async fn amocrm_is_tidied_by_the_next_write() {
    found_by_the_next_write(Which::Amocrm).await;
}

/// Whoever answers for an invoice is asked once, whatever became of the first answers.
#[tokio::test(start_paused = true)]
async fn a_question_is_one_task_however_often_it_is_delivered() {
    for which in [Which::Bitrix24, Which::Amocrm] {
        let small = Small::by(&mut fastrand::Rng::with_seed(3));
        let shore = Shore::new(small.sandbox());
        let crm = connected(&shore, which, Late::by(3)).await;
        let of = &small.messages(which)[0].operation;
        let ask = Operation::AskResponsible {
            invoice: of.invoice().clone(),
            invoice_number: of.invoice_number().to_owned(),
            deal: of.deal().map(str::to_owned),
            payment: of.payment().unwrap().clone(),
            amount: of.amount().unwrap(),
            says: domain::Text::new("Сумма счёта изменена.", "The invoice was re-priced."),
        };
        let asked = message("ask-d1", ask);
        let mut ids = BTreeSet::new();
        for _ in 0..3 {
            let outcome = crm.deliver(&asked, &crm::Earlier::default()).await;
            let domain::Outcome::Delivered { receipt } = outcome else {
                panic!("{which:?}: {outcome:?}");
            };
            ids.insert(receipt.traces[0].id.clone());
        }
        assert_eq!(ids.len(), 1, "{which:?}");
        let (state, part) = match which {
            Which::Bitrix24 => ("/state/bitrix24", "activities"),
            Which::Amocrm => ("/state/amocrm", "tasks"),
        };
        let tasks = list(&shore.told(state).await[part]);
        assert_eq!(tasks.len(), 1, "{which:?}");
        let told = tasks[0].to_string();
        assert!(told.contains("изменена") && told.contains("sv-todo-ask-d1"), "{told}");
    }
    // Gone with its deal: nobody is asked, and nothing waits for it.
    let small = Small::by(&mut fastrand::Rng::with_seed(3));
    let shore = Shore::new(small.sandbox());
    let crm = connected(&shore, Which::Bitrix24, Late::by(3)).await;
    let of = &small.messages(Which::Bitrix24)[0].operation;
    let gone = json!({"delete": {"entity_type_id": 31, "id": small.invoice_of(of)}});
    shore.inside.steer("POST", "/change", Some(&gone)).await.unwrap();
    let ask = Operation::AskResponsible {
        invoice: of.invoice().clone(),
        invoice_number: of.invoice_number().to_owned(),
        deal: None,
        payment: of.payment().unwrap().clone(),
        amount: of.amount().unwrap(),
        says: domain::Text::same("x"),
    };
    let outcome = crm.deliver(&message("ask-d2", ask), &crm::Earlier::default()).await;
    let domain::Outcome::Delivered { receipt } = outcome else {
        panic!("{outcome:?}");
    };
    assert!(receipt.notes[0].ru.contains("спросить некого"), "{:?}", receipt.notes);
}
