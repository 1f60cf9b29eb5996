//! What the engine is taught: rules tried on the past, facts with their sources, refusals, replays.

use std::process::ExitCode;

use app::{
    Session,
    wire::{
        CapRequest, ChangeName, EntryRequest, FactRequest, Facts, RejectRequest, RejectScope, ReplayView, RuleBody,
        RuleChange, RulePayer, RulePreviewRequest, RuleSaveRequest, RuleThen, RulesView,
    },
};
use domain::Text;

use crate::{
    args::{FactsCommand, RejectArgs, RuleArgs, RulesCommand, ThenArgs},
    output::{Done, Output, money},
};

pub fn rules(session: &Session, command: RulesCommand, output: &Output) -> Done {
    let (change, accept) = match command {
        RulesCommand::List => {
            show_rules(&session.rules()?, output)?;
            return Ok(ExitCode::SUCCESS);
        }
        RulesCommand::Preview { rule } => {
            let change = added(session, *rule)?;
            show_replay(&session.rule_preview(&RulePreviewRequest { change })?, output)?;
            return Ok(ExitCode::SUCCESS);
        }
        RulesCommand::Add { rule, accept } => (added(session, *rule)?, accept),
        RulesCommand::Remove { rule, accept } => (RuleChange::Remove { rule }, accept),
        RulesCommand::Move { rule, place, accept } => (RuleChange::Move { rule, place }, accept),
    };
    let saved = session.rule_save(&RuleSaveRequest {
        change,
        breaks_accepted: accept.accept_breaks,
    })?;
    show_rules(&saved, output)?;
    Ok(ExitCode::SUCCESS)
}

pub fn facts(session: &Session, command: FactsCommand, output: &Output) -> Done {
    match command {
        FactsCommand::List => show_facts(&session.facts()?, output)?,
        FactsCommand::Show { fact } => {
            let detail = session.fact_view(&FactRequest { fact })?;
            output.either(&detail, |detail| {
                let sources = detail.sources.iter().map(|source| {
                    let sign = if source.holds { "+" } else { "−" };
                    format!("  {sign} {}  {}  {}", source.date, source.entry, source.decision)
                });
                let head = output.words(&detail.fact.says).to_owned();
                std::iter::once(head).chain(sources).collect::<Vec<_>>().join("\n")
            })?;
        }
        FactsCommand::Remove { fact } => show_facts(&session.fact_remove(&FactRequest { fact })?, output)?,
        FactsCommand::Cap { sum } => {
            let sum = Some(sum).filter(|sum| sum != "off");
            show_facts(&session.autonomy_cap(&CapRequest { sum })?, output)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub fn reject(session: &Session, arguments: RejectArgs, output: &Output) -> Done {
    let done = session.reject(&RejectRequest {
        entry: arguments.entry,
        invoice: arguments.invoice,
        scope: if arguments.payer {
            RejectScope::Payer
        } else {
            RejectScope::Payment
        },
    })?;
    output.either(&done, |done| output.words(&done.message).to_owned())?;
    Ok(ExitCode::SUCCESS)
}

pub fn replay(session: &Session, output: &Output) -> Done {
    show_replay(&session.replay()?, output)?;
    Ok(ExitCode::SUCCESS)
}

/// The rule that the options say, begun from a payment where one is named.
fn added(session: &Session, arguments: RuleArgs) -> Result<RuleChange, app::Failure> {
    let begun = arguments.entry.map(|entry| session.rule_draft(&EntryRequest { entry }));
    let mut body = begun.transpose()?.unwrap_or_else(|| RuleBody {
        name: String::new(),
        purpose_contains: None,
        purpose_matches: None,
        payer: RulePayer::default(),
        sum_from: None,
        sum_to: None,
        currency: None,
        then: RuleThen::NeverAutomatic(false),
    });
    if let Some(name) = arguments.name {
        body.name = name;
    }
    let named = arguments.payer_inn.is_some() || arguments.payer_account.is_some() || arguments.payer_name.is_some();
    if named {
        body.payer = RulePayer {
            inn: arguments.payer_inn,
            account: arguments.payer_account,
            name: arguments.payer_name,
        };
    }
    body.purpose_contains = arguments.contains;
    body.purpose_matches = arguments.matches;
    body.sum_from = arguments.from;
    body.sum_to = arguments.to;
    body.currency = arguments.currency.or(body.currency);
    let begins_as = std::mem::replace(&mut body.then, RuleThen::NeverAutomatic(false));
    body.then = then(arguments.then, begins_as)?;
    Ok(RuleChange::Add {
        body: Box::new(body),
        place: arguments.place,
    })
}

fn then(arguments: ThenArgs, begins_as: RuleThen) -> Result<RuleThen, app::Failure> {
    let ThenArgs {
        category,
        customer,
        invoice,
        never_automatic,
    } = arguments;
    let said = category
        .map(RuleThen::Category)
        .or(customer.map(RuleThen::CustomerInn))
        .or(invoice.map(RuleThen::Invoice));
    let begun = Some(begins_as).filter(|then| *then == RuleThen::NeverAutomatic(true));
    let only_a_person = never_automatic.then_some(RuleThen::NeverAutomatic(true));
    said.or(only_a_person).or(begun).ok_or_else(|| {
        app::Failure::new(
            "rules/nothing-follows",
            Text::new(
                "не сказано, что следует из правила",
                "it is not said what follows from the rule",
            ),
            Text::new(
                "назовите одно: --category, --customer, --invoice или --never-automatic",
                "name one: --category, --customer, --invoice or --never-automatic",
            ),
        )
    })
}

fn show_rules(rules: &RulesView, output: &Output) -> Done<()> {
    if output.json {
        return output.line(rules);
    }
    let mut place = 0;
    let rows: Vec<Vec<String>> = rules
        .rules
        .iter()
        .map(|rule| {
            place += 1;
            vec![
                place.to_string(),
                rule.body.name.clone(),
                output.words(&rule.says).to_owned(),
                rule.rule.clone(),
            ]
        })
        .collect();
    let head = match output.lang {
        domain::Lang::Ru => ["место", "название", "правило", "код"],
        domain::Lang::En => ["place", "name", "rule", "id"],
    };
    output.table(&head, &rows)
}

fn show_facts(facts: &Facts, output: &Output) -> Done<()> {
    if output.json {
        return output.line(facts);
    }
    let rows: Vec<Vec<String>> = facts
        .facts
        .iter()
        .map(|fact| {
            vec![
                output.words(&fact.says).to_owned(),
                output.words(&fact.state_says).to_owned(),
                fact.count.to_string(),
                fact.first.clone(),
                fact.last.clone(),
                fact.fact.clone(),
            ]
        })
        .chain(facts.rejected.iter().map(|refused| {
            vec![
                output.words(&refused.says).to_owned(),
                output.pick("отклонено", "refused").to_owned(),
                "1".to_owned(),
                refused.at.clone(),
                refused.at.clone(),
                refused.fact.clone(),
            ]
        }))
        .collect();
    let head = match output.lang {
        domain::Lang::Ru => ["факт", "учёт", "раз", "впервые", "в последний раз", "код"],
        domain::Lang::En => ["fact", "state", "count", "first", "last", "id"],
    };
    output.table(&head, &rows)?;
    for payer in &facts.payers {
        let earned: Vec<&str> = payer
            .classes
            .iter()
            .filter(|class| class.earned)
            .map(|class| class.class.as_str())
            .collect();
        let earned = if earned.is_empty() {
            String::new()
        } else {
            format!("; {}: {}", output.pick("заслужено", "earned"), earned.join(", "))
        };
        let name = if payer.name.is_empty() {
            &payer.payer
        } else {
            &payer.name
        };
        output.say(&format!("{name}: {}{earned}", output.words(&payer.says)))?;
    }
    let cap = facts
        .cap
        .as_ref()
        .map_or_else(|| output.pick("нет", "none").to_owned(), |cap| money(cap, output.lang));
    output.say(&format!(
        "{}: {cap}",
        output.pick(
            "предел для решений без человека",
            "limit for decisions without a person"
        )
    ))
}

fn show_replay(replay: &ReplayView, output: &Output) -> Done<()> {
    if output.json {
        return output.line(replay);
    }
    output.say(&format!(
        "{} {}: {}",
        output.pick("прежних решений", "past decisions"),
        replay.past,
        output.words(&replay.summary)
    ))?;
    if replay.changes.is_empty() {
        return Ok(());
    }
    let rows: Vec<Vec<String>> = replay
        .changes
        .iter()
        .map(|row| {
            let change = match row.change {
                ChangeName::Better => output.pick("лучше", "better"),
                ChangeName::AskedNow => output.pick("спросит", "asks"),
                ChangeName::Broken => output.pick("ломает", "breaks"),
            };
            vec![
                change.to_owned(),
                row.date.clone(),
                money(&row.sum, output.lang),
                row.payer.clone(),
                row.invoices.join(", "),
                row.entry.clone(),
            ]
        })
        .collect();
    let head = match output.lang {
        domain::Lang::Ru => ["что", "дата", "сумма", "плательщик", "счета", "платёж"],
        domain::Lang::En => ["what", "date", "sum", "payer", "invoices", "entry"],
    };
    output.table(&head, &rows)
}
