//! The one calm line that says how everything stands: the most pressing thing first; being offline is no error.

use domain::Text;

use crate::{
    wire::{Condition, CrmState, CrmStatus, FolderState, FolderStatus, InboxCounts, OutboxCounts, Words},
    words::plural,
};

/// What the line rests on.
pub(crate) struct Standing<'a> {
    pub inbox: &'a InboxCounts,
    pub outbox: &'a OutboxCounts,
    pub folder: &'a FolderStatus,
    /// All of them together.
    pub crm: &'a CrmStatus,
    pub crms: &'a [CrmStatus],
    pub orders_waiting: u64,
    /// The first account whose balances do not add up.
    pub broken: Option<&'a Text>,
    /// Nothing was ever imported.
    pub new: bool,
}

pub(crate) fn headline(stands: &Standing<'_>) -> (Condition, Text) {
    let (condition, text) = trouble(stands)
        .or_else(|| first_steps(stands))
        .or_else(|| needs(stands).map(|needs| (Condition::NeedsYou, needs)))
        .unwrap_or_else(|| calm(stands));
    (
        condition,
        Text {
            ru: capitalised(&text.ru),
            en: capitalised(&text.en),
        },
    )
}

fn trouble(stands: &Standing<'_>) -> Option<(Condition, Text)> {
    if stands.folder.state == FolderState::Gone {
        return Some((Condition::Error, said(&stands.folder.message)));
    }
    if matches!(stands.crm.state, CrmState::Unauthorised | CrmState::Failing) {
        return Some((Condition::Error, said(&stands.crm.message)));
    }
    stands.broken.map(|broken| (Condition::NeedsYou, broken.clone()))
}

/// A new ledger does nothing yet, and says what it waits for.
fn first_steps(stands: &Standing<'_>) -> Option<(Condition, Text)> {
    if !stands.new {
        return None;
    }
    let step = if stands.folder.state == FolderState::NotChosen {
        Text::new(
            "выберите папку, в которую банк-клиент кладёт выписки",
            "choose the folder that the bank client writes statements to",
        )
    } else if stands.crm.state == CrmState::NotConnected {
        Text::new(
            "подключите CRM, в которой вы выставляете счета",
            "connect the CRM that holds your invoices",
        )
    } else {
        return None;
    };
    Some((Condition::NeedsYou, step))
}

fn needs(stands: &Standing<'_>) -> Option<Text> {
    let needs = [
        (
            stands.inbox.review,
            ["платёж ждёт решения", "платежа ждут решения", "платежей ждут решения"],
            ["payment to decide", "payments to decide"],
        ),
        (
            stands.inbox.not_found,
            ["платёж без счёта", "платежа без счёта", "платежей без счёта"],
            ["payment without an invoice", "payments without an invoice"],
        ),
        (
            stands.inbox.asked,
            [
                "строка выписки под вопросом",
                "строки выписки под вопросом",
                "строк выписки под вопросом",
            ],
            ["line of a statement in question", "lines of statements in question"],
        ),
        (
            stands.outbox.parked,
            [
                "запись в CRM отложена",
                "записи в CRM отложены",
                "записей в CRM отложено",
            ],
            ["message to the CRM parked", "messages to the CRM parked"],
        ),
        (
            stands.outbox.drifts,
            [
                "оплаченный счёт изменён в CRM",
                "оплаченных счёта изменены в CRM",
                "оплаченных счетов изменено в CRM",
            ],
            ["paid invoice changed in the CRM", "paid invoices changed in the CRM"],
        ),
        (
            stands.orders_waiting,
            [
                "платёжка ждёт утверждения",
                "платёжки ждут утверждения",
                "платёжек ждут утверждения",
            ],
            ["order to approve", "orders to approve"],
        ),
    ];
    let needs: Vec<Text> = needs
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, ru, en)| counted(count, ru, en))
        .collect();
    let joined = |shown: fn(&Text) -> &str| needs.iter().map(shown).collect::<Vec<_>>().join(", ");
    (!needs.is_empty()).then(|| Text::new(joined(|text| &text.ru), joined(|text| &text.en)))
}

fn calm(stands: &Standing<'_>) -> (Condition, Text) {
    let waiting = stands.outbox.waiting;
    let waits = counted(
        waiting,
        ["запись ждёт отправки", "записи ждут отправки", "записей ждут отправки"],
        ["message waits", "messages wait"],
    );
    let stranded = stranded(stands);
    if stranded > 0 {
        let waits = counted(
            stranded,
            ["запись ждёт", "записи ждут", "записей ждут"],
            ["message waits", "messages wait"],
        );
        return (
            Condition::NeedsYou,
            Text::new(
                format!("{} отключённой CRM: подключите её", waits.ru),
                format!("{} for a CRM that is disconnected: connect it", waits.en),
            ),
        );
    }
    if let Some(away) = some_away(stands.crms) {
        return (Condition::Offline, away);
    }
    match (stands.crm.state, waiting) {
        (CrmState::Offline, 0) => (
            Condition::Offline,
            Text::new(
                "нет связи с CRM, отправлять пока нечего",
                "the CRM is not reached, and nothing waits",
            ),
        ),
        (CrmState::Offline, _) => {
            let go = plural(waiting, ["уйдёт сама", "уйдут сами", "уйдут сами"]);
            let records = plural(waiting, ["запись", "записи", "записей"]);
            (
                Condition::Offline,
                Text::new(
                    format!("нет сети: {waiting} {records} {go}"),
                    format!("offline: {}, to be sent later", waits.en),
                ),
            )
        }
        (CrmState::NotConnected, 1..) => (
            Condition::NeedsYou,
            Text::new(
                format!("CRM не подключена: {}", waits.ru),
                format!("no CRM is connected: {}", waits.en),
            ),
        ),
        (_, 1..) => (
            Condition::Ok,
            counted(
                waiting,
                ["запись уходит в CRM", "записи уходят в CRM", "записей уходят в CRM"],
                ["message on its way to the CRM", "messages on their way to the CRM"],
            ),
        ),
        (_, 0) if stands.folder.state == FolderState::Paused => (Condition::Ok, said(&stands.folder.message)),
        (_, 0) => (Condition::Ok, Text::new("всё сделано", "all done")),
    }
}

/// Some CRMs do not answer and others do: then it is not the network.
fn some_away(crms: &[CrmStatus]) -> Option<Text> {
    let away: Vec<&CrmStatus> = crms.iter().filter(|crm| crm.state == CrmState::Offline).collect();
    if away.is_empty() || away.len() == crms.len() {
        return None;
    }
    let names = away.iter().filter_map(|crm| crm.name.as_deref());
    let names: Vec<String> = names.map(|name| format!("«{name}»")).collect();
    let (names, several) = (names.join(", "), away.len() > 1);
    let (no_answer_ru, no_answer_en) = if several {
        ("не отвечают", "do not answer")
    } else {
        ("не отвечает", "does not answer")
    };
    let waiting = away.iter().map(|crm| crm.waiting).sum();
    if waiting == 0 {
        return Some(Text::new(
            format!("{names} {no_answer_ru}, отправлять туда пока нечего"),
            format!("{names} {no_answer_en}, and nothing waits for it"),
        ));
    }
    let go = plural(waiting, ["уйдёт сама", "уйдут сами", "уйдут сами"]);
    let waits = counted(
        waiting,
        ["запись", "записи", "записей"],
        ["message waits", "messages wait"],
    );
    Some(Text::new(
        format!("{names} {no_answer_ru}: {} {go}", waits.ru),
        format!("{names} {no_answer_en}: {}, to be sent later", waits.en),
    ))
}

/// How much waits for a CRM that was disconnected, while others are connected.
fn stranded(stands: &Standing<'_>) -> u64 {
    if stands.crms.is_empty() {
        return 0;
    }
    let on_its_way: u64 = stands.crms.iter().map(|crm| crm.waiting).sum();
    stands.outbox.waiting.saturating_sub(on_its_way)
}

fn counted(count: u64, ru: [&'static str; 3], [one, many]: [&'static str; 2]) -> Text {
    let en = if count == 1 { one } else { many };
    Text::new(format!("{count} {}", plural(count, ru)), format!("{count} {en}"))
}

fn said(words: &Words) -> Text {
    Text::new(words.ru.clone(), words.en.clone())
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters.as_str().chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Words {
        Words {
            ru: text.to_owned(),
            en: text.to_owned(),
        }
    }

    fn crm_status(name: &str) -> CrmStatus {
        CrmStatus {
            connection: Some(name.to_owned()),
            name: Some(name.to_owned()),
            kind: None,
            state: CrmState::Ok,
            portal: None,
            message: words(name),
            pulled_at: None,
            waiting: 0,
        }
    }

    #[test]
    fn one_of_several_that_does_not_answer_is_named_and_is_not_the_network() {
        let away = |waiting| CrmStatus {
            state: CrmState::Offline,
            waiting,
            ..crm_status("b.bitrix24.ru")
        };
        let says = |crms: &[CrmStatus]| some_away(crms).map(|text| text.ru);
        let here = crm_status("a.bitrix24.ru");
        assert_eq!(
            says(&[here.clone(), away(2)]).as_deref(),
            Some("«b.bitrix24.ru» не отвечает: 2 записи уйдут сами")
        );
        assert_eq!(
            says(&[here.clone(), away(0), away(0)]).as_deref(),
            Some("«b.bitrix24.ru», «b.bitrix24.ru» не отвечают, отправлять туда пока нечего")
        );
        assert_eq!(says(&[here]), None);
        assert_eq!(says(&[away(1), away(1)]), None, "it is the network");
    }

    fn line(
        change: impl FnOnce(&mut InboxCounts, &mut OutboxCounts, &mut FolderStatus, &mut CrmStatus),
    ) -> (Condition, String, String) {
        said_of(false, change)
    }

    fn said_of(
        new: bool,
        change: impl FnOnce(&mut InboxCounts, &mut OutboxCounts, &mut FolderStatus, &mut CrmStatus),
    ) -> (Condition, String, String) {
        let (mut inbox, mut outbox) = (InboxCounts::default(), OutboxCounts::default());
        let mut folder = FolderStatus {
            path: None,
            state: FolderState::Watching,
            message: words("folder"),
        };
        let mut crm = crm_status("crm");
        change(&mut inbox, &mut outbox, &mut folder, &mut crm);
        crm.waiting = outbox.waiting;
        let (condition, text) = headline(&Standing {
            inbox: &inbox,
            outbox: &outbox,
            folder: &folder,
            crm: &crm,
            crms: std::slice::from_ref(&crm),
            orders_waiting: 0,
            broken: None,
            new,
        });
        (condition, text.ru, text.en)
    }

    #[track_caller]
    fn is(line: (Condition, String, String), condition: Condition, ru: &str, en: &str) {
        assert_eq!(line, (condition, ru.to_owned(), en.to_owned()));
    }

    #[test]
    fn the_most_pressing_thing_is_said_in_good_russian() {
        is(line(|_, _, _, _| {}), Condition::Ok, "Всё сделано", "All done");
        is(
            line(|inbox, outbox, _, _| {
                inbox.review = 1;
                outbox.parked = 2;
                outbox.waiting = 9;
            }),
            Condition::NeedsYou,
            "1 платёж ждёт решения, 2 записи в CRM отложены",
            "1 payment to decide, 2 messages to the CRM parked",
        );
        is(
            line(|_, outbox, _, crm| {
                outbox.waiting = 12;
                crm.state = CrmState::Offline;
            }),
            Condition::Offline,
            "Нет сети: 12 записей уйдут сами",
            "Offline: 12 messages wait, to be sent later",
        );
        is(
            line(|_, outbox, _, crm| {
                outbox.waiting = 1;
                crm.state = CrmState::NotConnected;
            }),
            Condition::NeedsYou,
            "CRM не подключена: 1 запись ждёт отправки",
            "No CRM is connected: 1 message waits",
        );
        is(
            line(|inbox, _, _, crm| {
                inbox.review = 3;
                crm.state = CrmState::Unauthorised;
            }),
            Condition::Error,
            "Crm",
            "Crm",
        );
        is(
            line(|_, _, folder, _| folder.state = FolderState::Gone),
            Condition::Error,
            "Folder",
            "Folder",
        );
    }

    #[test]
    fn a_new_ledger_says_what_it_waits_for() {
        let (condition, ru, _) = said_of(true, |_, _, folder, _| folder.state = FolderState::NotChosen);
        assert_eq!(condition, Condition::NeedsYou);
        assert!(ru.starts_with("Выберите папку"), "{ru}");
        let (condition, ru, _) = said_of(true, |_, _, _, crm| crm.state = CrmState::NotConnected);
        assert_eq!(condition, Condition::NeedsYou);
        assert!(ru.starts_with("Подключите CRM"), "{ru}");
        let (_, ru, _) = said_of(true, |_, _, _, _| {});
        assert_eq!(ru, "Всё сделано");
    }
}
