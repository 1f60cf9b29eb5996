//! Rules of the user: made from a line, tried on the past, saved in their order.

use domain::{Actor, Text, Timestamp};
use matching::{
    Policy, Rules,
    rules::{CATEGORIES, InvalidRule, NAME_CHARS_MAX, PayerIs, RuleSpec, Then},
};
use store::RuleRow;

use crate::{
    failure::{Failure, broken_json},
    session::Session,
    wire::{
        CategoryView, EntryRequest, ReplayView, RuleBody, RuleChange, RulePayer, RulePreviewRequest, RuleSaveRequest,
        RuleThen, RuleView, RulesView,
    },
};

impl Session {
    /// # Errors
    /// The ledger cannot be read, or holds a rule that no version of this program wrote.
    pub fn rules(&self) -> Result<RulesView, Failure> {
        let mut rules = Vec::new();
        for row in self.ledger.rules()? {
            let spec = spec_of(&row)?;
            rules.push(RuleView {
                says: spec.text().into(),
                body: body_of(spec),
                by: self.name_of(&row.actor)?.into(),
                at: row.at.iso(),
                rule: row.id,
            });
        }
        let categories = CATEGORIES.iter().map(|kind| CategoryView {
            category: kind.code().to_owned(),
            says: kind.text().into(),
        });
        Ok(RulesView {
            rules,
            categories: categories.collect(),
        })
    }

    /// A rule to begin with, from a payment: its payer, and that a person decides. What is not wanted is taken out.
    ///
    /// # Errors
    /// There is no such payment.
    pub fn rule_draft(&self, request: &EntryRequest) -> Result<RuleBody, Failure> {
        let entry = self.entry_record(&request.entry)?.ledger_entry.entry;
        let payer = entry.counterparty;
        let given =
            |text: Option<String>| text.filter(|text| text.chars().any(|character| character.is_alphanumeric()));
        let inn = given(payer.inn.map(String::from));
        let account = given(payer.account.map(String::from)).filter(|_| inn.is_none());
        let name = given(payer.name);
        let called = name.clone().unwrap_or_else(|| entry.purpose.clone());
        Ok(RuleBody {
            name: called.chars().take(NAME_CHARS_MAX).collect(),
            purpose_contains: None,
            purpose_matches: None,
            payer: RulePayer {
                name: name.filter(|_| inn.is_none() && account.is_none()),
                inn,
                account,
            },
            sum_from: None,
            sum_to: None,
            currency: (entry.amount.currency() != domain::Currency::RUB)
                .then(|| entry.amount.currency().code().to_owned()),
            then: RuleThen::NeverAutomatic(true),
        })
    }

    /// What a change of the rules would have done to the confirmed past.
    ///
    /// # Errors
    /// The rule cannot be used; there is no such rule.
    pub fn rule_preview(&self, request: &RulePreviewRequest) -> Result<ReplayView, Failure> {
        let rules = self.changed_rules(&request.change)?;
        let own = self.own_book()?;
        let before = self.policy(&own)?;
        let after = Policy {
            rules,
            ..before.clone()
        };
        self.replayed(&own, before, after)
    }

    /// Changes the rules, after a look at the past.
    ///
    /// # Errors
    /// The rule cannot be used; there is no such rule; it breaks something of the past and that was not accepted.
    pub fn rule_save(&self, request: &RuleSaveRequest) -> Result<RulesView, Failure> {
        let seen = self.rule_preview(&RulePreviewRequest {
            change: request.change.clone(),
        })?;
        if seen.broken > 0 && !request.breaks_accepted {
            return Err(breaks(&seen));
        }
        let (actor, at) = (self.operator()?, self.host.now());
        match &request.change {
            RuleChange::Add { body, place } => {
                let row = row(self.host.new_id(), body, actor, at)?;
                self.ledger.add_rule(&row, place.map_or(u64::MAX, u64::from))?;
            }
            RuleChange::Rewrite { rule, body } => {
                self.ledger.rewrite_rule(&row(rule.clone(), body, actor, at)?)?;
            }
            RuleChange::Remove { rule } => self.ledger.remove_rule(rule, &actor, at)?,
            RuleChange::Move { rule, place } => self.ledger.move_rule(rule, u64::from(*place), &actor, at)?,
        }
        self.match_new()?;
        self.changed();
        self.rules()
    }

    /// The rules of the ledger, made ready. One that cannot be used stops matching: without it a machine might decide
    /// what it says is a person's.
    pub(crate) fn compiled_rules(&self) -> Result<Rules, Failure> {
        let rows = self.ledger.rules()?;
        let specs = rows.iter().map(spec_of).collect::<Result<Vec<_>, _>>()?;
        Rules::compile(specs).map_err(|invalid| unusable(&invalid))
    }

    fn changed_rules(&self, change: &RuleChange) -> Result<Rules, Failure> {
        let rows = self.ledger.rules()?;
        let mut specs = rows.iter().map(spec_of).collect::<Result<Vec<_>, _>>()?;
        let position = |id: &String| {
            let found = rows.iter().position(|row| &row.id == id);
            found.ok_or_else(|| store::StoreError::NotFound {
                what: "rule",
                id: id.clone(),
            })
        };
        let index =
            |place: u32, length: usize| usize::try_from(place.saturating_sub(1)).map_or(length, |at| at.min(length));
        match change {
            RuleChange::Add { body, place } => {
                let spec = usable(body)?;
                specs.insert(index(place.unwrap_or(u32::MAX), specs.len()), spec);
            }
            RuleChange::Rewrite { rule, body } => {
                let at = position(rule)?;
                specs.splice(at..=at, [usable(body)?]);
            }
            RuleChange::Remove { rule } => {
                specs.remove(position(rule)?);
            }
            RuleChange::Move { rule, place } => {
                let spec = specs.remove(position(rule)?);
                specs.insert(index(*place, specs.len()), spec);
            }
        }
        Rules::compile(specs).map_err(|invalid| unusable(&invalid))
    }
}

fn breaks(seen: &ReplayView) -> Failure {
    Failure::new(
        "rules/breaks",
        Text::new(
            format!("проверка на {} прежних решениях: {}", seen.past, seen.summary.ru),
            format!("tried on {} past decisions: {}", seen.past, seen.summary.en),
        ),
        Text::new(
            "посмотрите список; если так и нужно, подтвердите ещё раз (в команде: --accept-breaks)",
            "look at the list; if it is meant so, confirm once more (on the command line: --accept-breaks)",
        ),
    )
}

fn unusable(invalid: &InvalidRule) -> Failure {
    let InvalidRule { place, why } = invalid;
    Failure::new(
        "rules/unusable",
        Text::new(
            format!("правило {place}: {}", why.ru),
            format!("rule {place}: {}", why.en),
        ),
        Text::new("исправьте правило или удалите его", "mend the rule, or remove it"),
    )
}

/// Rules are kept in the shape of the policy file.
fn spec_of(row: &RuleRow) -> Result<RuleSpec, Failure> {
    serde_json::from_str(&row.body).map_err(|error| {
        Failure::new(
            "rules/unusable",
            Text::new(
                format!("правило {} в учёте не понято: {error}", row.id),
                format!("rule {} of the ledger is not understood: {error}", row.id),
            ),
            Text::new(
                "обновите программу или удалите правило",
                "update the program, or remove the rule",
            ),
        )
    })
}

fn row(id: String, body: &RuleBody, actor: Actor, at: Timestamp) -> Result<RuleRow, Failure> {
    let body = serde_json::to_string(&spec(body)?).map_err(|error| broken_json(&error))?;
    Ok(RuleRow { id, body, actor, at })
}

/// By itself first, so that the failure is about this one.
fn usable(body: &RuleBody) -> Result<RuleSpec, Failure> {
    let spec = spec(body)?;
    Rules::compile(vec![spec.clone()]).map_err(|invalid| unusable(&invalid))?;
    Ok(spec)
}

fn spec(body: &RuleBody) -> Result<RuleSpec, Failure> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let then = match &body.then {
        RuleThen::Category(code) => {
            let kind = CATEGORIES.iter().find(|kind| kind.code() == code);
            Then::Category(*kind.ok_or_else(|| no_category(code))?)
        }
        RuleThen::CustomerInn(inn) => Then::CustomerInn(inn.clone()),
        RuleThen::Invoice(number) => Then::Invoice(number.clone()),
        RuleThen::NeverAutomatic(on) => Then::NeverAutomatic(*on),
    };
    Ok(RuleSpec {
        name: body.name.clone(),
        purpose_contains: given(&body.purpose_contains),
        purpose_matches: given(&body.purpose_matches),
        payer: PayerIs {
            inn: given(&body.payer.inn),
            account: given(&body.payer.account),
            name: given(&body.payer.name),
        },
        sum_from: given(&body.sum_from),
        sum_to: given(&body.sum_to),
        currency: given(&body.currency),
        then,
    })
}

fn no_category(code: &str) -> Failure {
    let known: Vec<&str> = CATEGORIES.iter().map(|kind| kind.code()).collect();
    let known = known.join(", ");
    Failure::new(
        "rules/unusable",
        Text::new(
            format!("вида поступления «{code}» нет"),
            format!("there is no kind of income «{code}»"),
        ),
        Text::new(format!("есть: {known}"), format!("there are: {known}")),
    )
}

fn body_of(spec: RuleSpec) -> RuleBody {
    RuleBody {
        name: spec.name,
        purpose_contains: spec.purpose_contains,
        purpose_matches: spec.purpose_matches,
        payer: RulePayer {
            inn: spec.payer.inn,
            account: spec.payer.account,
            name: spec.payer.name,
        },
        sum_from: spec.sum_from,
        sum_to: spec.sum_to,
        currency: spec.currency,
        then: match spec.then {
            Then::Category(kind) => RuleThen::Category(kind.code().to_owned()),
            Then::CustomerInn(inn) => RuleThen::CustomerInn(inn),
            Then::Invoice(number) => RuleThen::Invoice(number),
            Then::NeverAutomatic(on) => RuleThen::NeverAutomatic(on),
        },
    }
}
