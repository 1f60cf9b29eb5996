//! Rules of the user: made from a line, tried on the past, confirmed twice where they break something; and the replay.

use super::desk::{Coming, Desk, day};
use crate::{
    Failure,
    settings::ENGINE_SEEN,
    wire::{
        AnswerName, ChangeName, EntryRequest, EntryState, ReplayView, RuleBody, RuleChange, RulePayer,
        RulePreviewRequest, RuleSaveRequest, RuleThen, RulesView,
    },
};

const FLOWER: &str = "7707083893";
const LENDER: &str = "7728168971";

fn body(name: &str, then: RuleThen) -> RuleBody {
    RuleBody {
        name: name.to_owned(),
        purpose_contains: None,
        purpose_matches: None,
        payer: RulePayer::default(),
        sum_from: None,
        sum_to: None,
        currency: None,
        then,
    }
}

fn orders() -> RuleBody {
    RuleBody {
        purpose_matches: Some(r"заказ (?<n>\d+)".to_owned()),
        ..body("Заказы", RuleThen::Invoice("СЧ-$n".to_owned()))
    }
}

fn loans_of(inn: &str) -> RuleBody {
    RuleBody {
        payer: RulePayer {
            inn: Some(inn.to_owned()),
            ..RulePayer::default()
        },
        ..body("Займы", RuleThen::Category("loan".to_owned()))
    }
}

fn add(body: RuleBody) -> RuleChange {
    RuleChange::Add {
        body: Box::new(body),
        place: None,
    }
}

fn preview(desk: &Desk, change: RuleChange) -> ReplayView {
    desk.session.rule_preview(&RulePreviewRequest { change }).unwrap()
}

fn save(desk: &Desk, change: RuleChange, breaks_accepted: bool) -> Result<RulesView, Failure> {
    desk.session.rule_save(&RuleSaveRequest {
        change,
        breaks_accepted,
    })
}

/// Three payments by order number that a person gave to invoices, one by invoice number that the machine did.
fn with_a_past() -> Desk {
    let mut desk = Desk::new();
    for (at, number) in ["145", "146", "147"].into_iter().enumerate() {
        let sum = 100_000 + 10_000 * i64::try_from(at).unwrap();
        desk.invoice(&format!("СЧ-{number}"), FLOWER, day("2025-03-12"), sum);
        let entry = desk.pays(&Coming {
            day: day("2025-03-14"),
            inn: FLOWER,
            kopecks: sum,
            purpose: &format!("заказ {number}"),
        });
        desk.give(&entry, &[(&format!("СЧ-{number}"), &format!("1{at}00.00"))])
            .unwrap();
    }
    desk.invoice("СЧ-148", FLOWER, day("2025-03-12"), 500_000);
    let entry = desk.pays(&Coming {
        day: day("2025-03-15"),
        inn: FLOWER,
        kopecks: 500_000,
        purpose: "по счету № 148",
    });
    assert!(desk.is_automatic(&entry));
    desk
}

#[test]
fn a_rule_is_tried_on_the_past_before_it_is_saved() {
    let mut desk = with_a_past();
    let seen = preview(&desk, add(orders()));
    assert_eq!((seen.past, seen.better, seen.broken), (4, 3, 0));
    assert_eq!(seen.summary.ru, "+3 верных, ломает 0");
    assert!(
        seen.changes
            .iter()
            .all(|row| row.change == ChangeName::Better && row.after == AnswerName::Right)
    );
    assert_eq!(desk.session.rules().unwrap().rules.len(), 0, "a look saves nothing");
    let saved = save(&desk, add(orders()), false).unwrap();
    assert!(
        saved.rules[0].says.ru.contains("номер счёта — «СЧ-$n»"),
        "{}",
        saved.rules[0].says.ru
    );
    desk.invoice("СЧ-150", FLOWER, day("2025-03-12"), 700_000);
    let entry = desk.pays(&Coming {
        day: day("2025-03-20"),
        inn: FLOWER,
        kopecks: 700_000,
        purpose: "заказ 150",
    });
    assert!(desk.is_automatic(&entry));
    assert!(desk.view(&entry).decision.unwrap().by.ru.contains("Заказы"));
}

#[test]
fn a_rule_that_breaks_something_needs_a_second_word() {
    let desk = with_a_past();
    let seen = preview(&desk, add(loans_of(FLOWER)));
    assert_eq!((seen.better, seen.broken), (0, 4));
    assert_eq!(seen.changes[0].change, ChangeName::Broken);
    assert_eq!(seen.changes.last().unwrap().before, AnswerName::Right);
    assert!(seen.changes.iter().any(|row| row.invoices == ["СЧ-148"]));
    let refused = save(&desk, add(loans_of(FLOWER)), false).unwrap_err();
    assert_eq!(refused.code, "rules/breaks");
    assert!(refused.message.ru.contains("ломает 4"), "{}", refused.message.ru);
    assert_eq!(desk.session.rules().unwrap().rules.len(), 0);
    let saved = save(&desk, add(loans_of(FLOWER)), true).unwrap();
    // Taking it away again is better, and to move it is nothing.
    let rule = saved.rules[0].rule.clone();
    assert_eq!(preview(&desk, RuleChange::Remove { rule: rule.clone() }).better, 4);
    assert_eq!(preview(&desk, RuleChange::Move { rule, place: 1 }).changes.len(), 0);
}

#[test]
fn rules_hold_in_their_order_and_over_a_restart() {
    let mut desk = Desk::new();
    let fees = RuleBody {
        purpose_contains: Some("транш".to_owned()),
        ..body("Сборы", RuleThen::Category("fee".to_owned()))
    };
    save(&desk, add(loans_of(LENDER)), false).unwrap();
    let saved = save(&desk, add(fees), false).unwrap();
    let entry = desk.pays(&Coming {
        day: day("2025-03-14"),
        inn: LENDER,
        kopecks: 100_000,
        purpose: "Транш 5",
    });
    let says = |desk: &Desk| {
        let view = desk.view(&entry);
        assert_eq!(view.state, EntryState::NotCustomers);
        view.reasons[0].ru.clone()
    };
    assert_eq!(says(&desk), "заём или кредит");
    let rule = saved.rules[1].rule.clone();
    save(
        &desk,
        RuleChange::Move {
            rule: rule.clone(),
            place: 1,
        },
        false,
    )
    .unwrap();
    assert_eq!(says(&desk), "комиссия");
    let desk = desk.restarted();
    let names: Vec<String> = desk
        .session
        .rules()
        .unwrap()
        .rules
        .into_iter()
        .map(|rule| rule.body.name)
        .collect();
    assert_eq!(names, ["Сборы", "Займы"]);
    save(&desk, RuleChange::Remove { rule: rule.clone() }, false).unwrap();
    assert_eq!(says(&desk), "заём или кредит");
    assert_eq!(
        save(&desk, RuleChange::Remove { rule }, false).unwrap_err().code,
        "ledger/not-found"
    );
}

#[test]
fn a_rule_is_written_anew_in_its_place() {
    let desk = with_a_past();
    save(&desk, add(orders()), false).unwrap();
    let saved = save(&desk, add(body_of_nobody()), false).unwrap();
    let rule = saved.rules[0].rule.clone();
    let rewrite = |body: RuleBody| RuleChange::Rewrite {
        rule: rule.clone(),
        body: Box::new(body),
    };
    let lender = rewrite(loans_of(LENDER));
    // Without it those three payments are asked about again: a look takes the old rule out before it puts the new in.
    assert_eq!(preview(&desk, lender.clone()).asked_now, 3);
    assert_eq!(
        save(&desk, rewrite(loans_of(FLOWER)), false).unwrap_err().code,
        "rules/breaks"
    );
    let saved = save(&desk, lender, false).unwrap();
    let names: Vec<&str> = saved.rules.iter().map(|rule| rule.body.name.as_str()).collect();
    assert_eq!(names, ["Займы", "Ничьи"]);
    assert_eq!(saved.rules[0].rule, rule);
    let unknown = RuleChange::Rewrite {
        rule: "нет такого".to_owned(),
        body: Box::new(orders()),
    };
    assert_eq!(save(&desk, unknown, false).unwrap_err().code, "ledger/not-found");
}

fn body_of_nobody() -> RuleBody {
    RuleBody {
        purpose_contains: Some("ничего такого".to_owned()),
        ..body("Ничьи", RuleThen::NeverAutomatic(true))
    }
}

#[test]
fn a_rule_is_begun_from_a_line() {
    let mut desk = Desk::new();
    let entry = desk.pays(&Coming {
        day: day("2025-03-14"),
        inn: LENDER,
        kopecks: 100_000,
        purpose: "Транш 5",
    });
    let draft = desk.session.rule_draft(&EntryRequest { entry }).unwrap();
    assert_eq!(draft.payer.inn.as_deref(), Some(LENDER));
    save(&desk, add(draft), false).unwrap();
}

#[test]
fn a_rule_that_cannot_be_used_says_why() {
    let desk = Desk::new();
    let refused = |body: RuleBody| save(&desk, add(body), true).unwrap_err();
    assert_eq!(
        refused(body("x", RuleThen::NeverAutomatic(true))).code,
        "rules/unusable"
    );
    let unknown = refused(RuleBody {
        then: RuleThen::Category("gift".to_owned()),
        ..loans_of(LENDER)
    });
    assert!(unknown.remedy.ru.contains("loan"), "{}", unknown.remedy.ru);
}

#[test]
fn another_engine_replays_the_past_once_and_tells_of_what_breaks() {
    let desk = with_a_past();
    let now = desk.session.replay().unwrap();
    assert_eq!(
        (now.past, now.broken),
        (4, 0),
        "the engine that decided it breaks nothing"
    );
    // As if an older engine had decided: then a rule came in behind its back that today's engine would go by.
    save(&desk, add(loans_of(FLOWER)), true).unwrap();
    desk.session.put_setting(ENGINE_SEEN, "1").unwrap();
    let desk = desk.restarted();
    let status = desk.session.status().unwrap();
    assert!(
        status.notices.iter().any(|notice| notice.ru.contains("ломает 4")),
        "{:?}",
        status.notices
    );
    let replays = || {
        let links = desk.session.audit_list(0, 1000).unwrap();
        links
            .iter()
            .filter(|link| link.event.action == "engine.replayed")
            .count()
    };
    assert_eq!(replays(), 1);
    desk.session.catch_up().unwrap();
    assert_eq!(replays(), 1, "once a version");
}
