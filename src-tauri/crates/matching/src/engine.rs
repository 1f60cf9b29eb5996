//! The engine: decides the payments of a day together, day after day, and remembers what they took.

use domain::{Allocation, Invoice, InvoiceId, Money, Text};
use rustc_hash::FxHashMap;

use crate::{
    against, autonomy,
    book::{Book, Taken},
    candidate,
    case::Case,
    decided::{Against, Candidate, Decided, Evidence, Verdict},
    facts::{Learned, PayerLink, payer_links},
    payment::{PayerKeys, Payment},
    policy::Policy,
    purpose::{self, FindingKind, Reading},
    reasons::{AgainstKind, EvidenceKind},
    rules::Applied,
    said::Said,
    search,
    several::{self, Several, Together},
    standing::{self, Placed},
    strangers::{self, Own},
    table::Fact,
    taught::{self, Taught},
    turn,
    undo::{History, Undone},
};

/// Candidates shown to a person.
pub const CANDIDATES_MAX: usize = 5;
/// Of those that only the payer speaks for, with nothing better found.
pub const LAST_RESORTS_MAX: usize = 3;

/// Holds the open invoices and what was decided in this run.
#[derive(Debug)]
pub struct Engine {
    book: Book,
    own: Own,
    learned: Learned,
    taught: Taught,
    cap: Option<Money>,
    history: History,
}

impl Engine {
    /// The order of `invoices` changes nothing.
    #[must_use]
    pub fn new(invoices: Vec<Invoice>, policy: Policy) -> Self {
        let book = Book::new(invoices);
        Self {
            own: Own::of(&policy),
            learned: Learned::new(&policy.facts, &book),
            taught: Taught::of(&policy),
            cap: policy.caps.automatic_sum,
            history: History::default(),
            book,
        }
    }

    /// Decides the payments of one day. Their order changes nothing but the order of the answers: those of known payers
    /// that name an invoice come first, then others that name one, then those that do not, then what goes out and what is
    /// taken back, each by id.
    ///
    /// What is decided automatically is no longer open for the next; what is put before a person makes its candidates
    /// contested.
    pub fn decide_day(&mut self, payments: &[Payment]) -> Vec<Decided> {
        let readings = payments.iter().map(|payment| purpose::read(&payment.purpose));
        self.decide_day_read(payments, readings.collect())
    }

    /// [`Engine::decide_day`] for a caller who has read the purposes, each with [`purpose::read`], on another thread.
    ///
    /// # Panics
    /// When there are not as many readings as payments.
    pub fn decide_day_read(&mut self, payments: &[Payment], readings: Vec<Reading>) -> Vec<Decided> {
        self.each_in_turn(payments, readings, |engine, at, reading| {
            engine.decide_read(&payments[at], reading)
        })
    }

    /// What would be decided about the payments of one day, each after those before it were posted as `truth` says, in
    /// the same order: what people gave them to, whatever the engine would have done.
    pub fn look_at_day(&mut self, payments: &[Payment], truth: &[&[Allocation]]) -> Vec<Decided> {
        let readings = payments.iter().map(|payment| purpose::read(&payment.purpose)).collect();
        self.each_in_turn(payments, readings, |engine, at, reading| {
            let decided = engine.look_read(&payments[at], &PayerKeys::of(&payments[at]), reading);
            engine.post(truth.get(at).copied().unwrap_or_default(), &payments[at], reading);
            decided
        })
    }

    fn each_in_turn(
        &mut self,
        payments: &[Payment],
        mut readings: Vec<Reading>,
        mut answer: impl FnMut(&mut Self, usize, &Reading) -> Decided,
    ) -> Vec<Decided> {
        assert_eq!(payments.len(), readings.len(), "each payment has its reading");
        for (payment, reading) in payments.iter().zip(&mut readings) {
            self.amend(payment, reading);
        }
        let mut order: Vec<usize> = (0..payments.len()).collect();
        order.sort_by_cached_key(|at| {
            let payment = &payments[*at];
            let turn = turn::of(payment, &readings[*at], &self.learned, &self.book);
            let id = (payment.id.len(), &payment.id);
            (turn, id, payment.amount.minor(), turn::content(payment))
        });
        let mut answers: Vec<Option<Decided>> = payments.iter().map(|_| None).collect();
        for at in order {
            answers[at] = Some(answer(self, at, &readings[at]));
        }
        answers.into_iter().flatten().collect()
    }

    /// An earlier payment, decided before this run, that money of this run may go back for; of it, `left` was not taken back
    /// yet.
    pub fn recall(&mut self, payment: &Payment, left: Money) {
        let reading = purpose::read(&payment.purpose);
        self.history.recall(payment, &PayerKeys::of(payment), &reading, left);
    }

    /// Decides a payment that is alone on its day.
    pub fn decide(&mut self, payment: &Payment) -> Decided {
        self.decide_read(payment, &self.read(payment))
    }

    /// What would be decided about one payment; nothing is remembered.
    #[must_use]
    pub fn look(&self, payment: &Payment) -> Decided {
        self.look_read(payment, &PayerKeys::of(payment), &self.read(payment))
    }

    /// What the purpose says, and what a rule of the user reads in it.
    fn read(&self, payment: &Payment) -> Reading {
        let mut reading = purpose::read(&payment.purpose);
        self.amend(payment, &mut reading);
        reading
    }

    fn amend(&self, payment: &Payment, reading: &mut Reading) {
        if let Some(rule) = self.taught.rule(payment) {
            rule.amend(reading);
        }
    }

    fn decide_read(&mut self, payment: &Payment, reading: &Reading) -> Decided {
        let keys = PayerKeys::of(payment);
        if turn::goes_back(payment, reading) {
            self.history.index();
        }
        let decided = self.look_read(payment, &keys, reading);
        self.remember(&decided, payment, &keys, reading);
        decided
    }

    fn look_read(&self, payment: &Payment, keys: &PayerKeys, reading: &Reading) -> Decided {
        if let Some(evidence) = strangers::by_facts(payment, keys, &self.own) {
            return self.money_back(none(payment, evidence), payment, keys, reading);
        }
        let rule = self.taught.rule(payment);
        if let Some(rule) = &rule
            && let Some(kind) = rule.category()
        {
            let mut hidden = none(payment, Evidence::plain(kind));
            hidden.evidence.push(rule.evidence(payment));
            return self.money_back(hidden, payment, keys, reading);
        }
        let said = Said::new(payment, reading);
        let case = Case {
            payment,
            said: &said,
            book: &self.book,
            own: &self.own,
            refused: self.taught.refused(payment),
        };
        let mut links = payer_links(keys, reading, &self.learned, &self.book);
        if let Some(inn) = rule.as_ref().and_then(Applied::customer)
            && let Some(customer) = self.book.customer_by_inn(inn)
        {
            // Whom the rule names, and nobody else.
            links = vec![(customer, PayerLink::Learned)];
        }
        let placed = search::fitting(case, &links);
        let several = self.together(case, &placed, &links);
        let stranger = strangers::by_words(payment, keys, reading);
        let is_a_customers = standing::is_a_customers(&placed, stranger.as_ref()) || several.speaks();
        let known = links.iter().any(|(_, link)| link.is_sure());
        let speaks = |evidence: &Evidence| known && strangers::opens_as_a_payment(payment, evidence);
        if let Some(evidence) = stranger
            .clone()
            .filter(|evidence| !(is_a_customers || speaks(evidence)))
        {
            return self.money_back(none(payment, evidence), payment, keys, reading);
        }
        if placed.is_empty() && several.ways.is_empty() {
            return none(payment, Evidence::plain(EvidenceKind::NothingFits));
        }
        let mut of_payment = against::against_payment(payment, self.cap);
        // Who pays is no word against what he says: a marketplace may be a customer.
        let words = stranger.filter(|evidence| evidence.start.is_some());
        of_payment.extend(words.map(|evidence| reads_as(&evidence)));
        of_payment.extend(self.taught.against(payment, rule.as_ref()));
        let mut decided = judge(case, &placed, several, of_payment, &self.taught);
        if let Some(rule) = &rule {
            decided.add_to_all(&rule.evidence(payment));
        }
        decided
    }

    /// Posts what somebody else decided about a payment.
    fn post(&mut self, allocations: &[Allocation], payment: &Payment, reading: &Reading) {
        self.history.remember(payment, &PayerKeys::of(payment), reading);
        for allocation in allocations {
            self.book.take(allocation, taken(payment, reading, true));
        }
    }

    /// Lists and sets, where one invoice alone is not the answer.
    fn together(&self, case: Case<'_, '_>, placed: &[Placed<'_>], links: &[(usize, PayerLink)]) -> Several {
        let listed = several::listed(case, links);
        if !listed.ways.is_empty() {
            return listed;
        }
        let alone = placed
            .iter()
            .any(|one| one.can_take() && !one.fit.after_payment && one.fit.is_exact() && one.fit.link.is_some());
        if alone {
            Several::default()
        } else {
            several::unnamed(case, links)
        }
    }

    /// Adds which earlier payment is taken back.
    fn money_back(&self, mut decided: Decided, payment: &Payment, keys: &PayerKeys, reading: &Reading) -> Decided {
        if !payment.reversal && !speaks_of_money_back(&decided, reading) {
            return decided;
        }
        match self.history.undone_by(payment, keys, reading) {
            Undone::Nothing => {}
            Undone::One(undoes) => {
                decided.undoes = Some(undoes);
                decided.evidence.push(refund(payment, reading));
            }
            Undone::OneOf(payments) => {
                decided.evidence.push(refund(payment, reading));
                decided.may_undo = payments;
            }
        }
        decided
    }

    fn remember(&mut self, decided: &Decided, payment: &Payment, keys: &PayerKeys, reading: &Reading) {
        if let Some(undoes) = &decided.undoes {
            self.history.take_back(undoes, payment, keys);
        } else {
            self.history.remember(payment, keys, reading);
        }
        match decided.verdict {
            Verdict::Auto => {
                for allocation in &decided.allocations {
                    self.book.take(allocation, taken(payment, reading, true));
                }
            }
            Verdict::Review => {
                // One payment takes an invoice once, however many candidates name it.
                let mut wanted: FxHashMap<&InvoiceId, &Allocation> = FxHashMap::default();
                for allocation in decided.candidates.iter().flat_map(|candidate| &candidate.allocations) {
                    let known = wanted.entry(&allocation.invoice).or_insert(allocation);
                    if known.amount.minor() < allocation.amount.minor() {
                        *known = allocation;
                    }
                }
                for allocation in wanted.into_values() {
                    self.book.contest(allocation, taken(payment, reading, false));
                }
            }
            Verdict::None => {}
        }
    }
}

fn taken(payment: &Payment, reading: &Reading, posted: bool) -> Taken {
    Taken {
        payment: payment.id.as_str().into(),
        amount: payment.amount,
        words: Said::new(payment, reading).words(),
        posted,
    }
}

fn judge(
    case: Case<'_, '_>,
    placed: &[Placed<'_>],
    several: Several,
    of_payment: Vec<Against>,
    taught: &Taught,
) -> Decided {
    let payment = case.payment;
    let mut shown = shown(case, placed, &several);
    for (at, one) in shown.iter_mut().enumerate() {
        one.candidate.rank = u32::try_from(at + 1).unwrap_or(u32::MAX);
        taught.explain(payment, &mut one.candidate);
    }
    let class = shown.first().map(|best| best.standing.code());
    let certain = of_payment.is_empty()
        && shown
            .first()
            .is_some_and(|best| best.standing.is_certain() && best.candidate.against.is_empty());
    let can_be_earned = !certain
        && shown
            .first()
            .is_some_and(|best| taught::can_be_earned(best.standing.code(), &best.candidate, &of_payment));
    let earned = can_be_earned && of_payment.is_empty() && class.is_some_and(|class| taught.earned(payment, class));
    if earned && let Some(best) = shown.first_mut() {
        best.candidate.evidence.push(Evidence::plain(EvidenceKind::Earned));
    }
    let automatic = certain || earned;
    let candidates: Vec<Candidate> = shown.into_iter().map(|one| one.candidate).collect();
    let best = candidates.first();
    let evidence = best.map_or_else(Vec::new, |best| best.evidence.clone());
    let allocations = best
        .filter(|_| automatic)
        .map_or_else(Vec::new, |best| best.allocations.clone());
    let mut reasons = Vec::new();
    if !automatic {
        reasons = why_asked(&candidates);
        reasons.extend(several.against);
        reasons.extend(of_payment);
    }
    Decided {
        payment: payment.id.clone(),
        verdict: if automatic { Verdict::Auto } else { Verdict::Review },
        class,
        earns: certain || can_be_earned,
        remainder: candidate::remainder(payment.amount, &allocations),
        allocations,
        evidence,
        against: reasons,
        candidates,
        undoes: None,
        may_undo: Vec::new(),
    }
}

/// The candidates, best first. Those that only the payer speaks for are shown where there is nothing else.
fn shown(case: Case<'_, '_>, placed: &[Placed<'_>], several: &Several) -> Vec<Together> {
    let mut shown = several.ways.clone();
    let better = placed.iter().any(|one| !one.standing.is_last_resort());
    let last_resorts = if better || !shown.is_empty() {
        0
    } else {
        LAST_RESORTS_MAX
    };
    // Where several make up the payment, one of them alone does only if its sum does.
    let only_exact = several.is_exact();
    let singles = placed
        .iter()
        .filter(|one| !one.standing.is_last_resort() && (one.fit.is_exact() || !only_exact || !one.can_take()));
    let last = placed
        .iter()
        .filter(|one| one.standing.is_last_resort())
        .take(last_resorts);
    for one in singles.chain(last).take(CANDIDATES_MAX) {
        let mut of_one = against::against_one(one, placed, case);
        let may_be_decided = if one.standing.is_certain() {
            of_one.is_empty()
        } else {
            autonomy::only_of_class(one.standing.code(), &of_one)
        };
        if may_be_decided && one.fit.rests_on_sum() && several::made_up_otherwise(one.fit.slot, case) {
            of_one.push(Against::plain(AgainstKind::Tie));
        }
        let evidence = candidate::evidence_for(&one.fit, case.said, case.book);
        shown.push(Together {
            standing: one.standing,
            candidate: candidate::candidate(one, case.payment, evidence, of_one, case.book),
        });
    }
    // Stable: lists and sets before single invoices of the same row, which keep their order, those of another company of
    // ours than was paid behind the others. What can take no money comes last, and before it what the words contradict
    // while they speak for another.
    let has = |one: &Together, facts: [Fact; 2]| facts.iter().all(|fact| one.standing.row().facts.contains(fact));
    let for_another = |one: &Together| {
        let mut against = one.candidate.against.iter();
        against.any(|reason| reason.kind == AgainstKind::OtherCustomerNamed)
    };
    let by_share = shown.iter().any(|one| has(one, [Fact::AllNamed, Fact::SumNamedPart]));
    let of_named = shown
        .iter()
        .any(|one| has(one, [Fact::NumberNamed, Fact::SumExact]) && !for_another(one));
    let contradicted = |one: &Together| {
        let mut against = one.candidate.against.iter();
        of_named && for_another(one) || by_share && against.any(|reason| reason.kind == AgainstKind::PartDiffers)
    };
    let of_another_company = |one: &Together| {
        let mut against = one.candidate.against.iter();
        against.any(|reason| reason.kind == AgainstKind::OtherCompany)
    };
    shown.sort_by_key(|one| {
        let can_take_none = one.candidate.allocations.is_empty();
        (can_take_none, contradicted(one), one.standing, of_another_company(one))
    });
    shown.truncate(CANDIDATES_MAX);
    shown
}

fn why_asked(candidates: &[Candidate]) -> Vec<Against> {
    let mut reasons = candidates.first().map_or_else(Vec::new, |best| best.against.clone());
    // A named number whose invoice is closed is why the next best is only asked about.
    let closed = candidates
        .iter()
        .skip(1)
        .filter(|candidate| candidate.allocations.is_empty());
    for reason in closed.flat_map(|candidate| &candidate.against) {
        let tells = matches!(
            reason.kind,
            AgainstKind::InvoicePaid | AgainstKind::InvoiceCancelled | AgainstKind::OtherCurrency
        );
        if tells && !reasons.contains(reason) {
            reasons.push(reason.clone());
        }
    }
    reasons
}

fn none(payment: &Payment, evidence: Evidence) -> Decided {
    Decided {
        payment: payment.id.clone(),
        verdict: Verdict::None,
        class: None,
        earns: false,
        allocations: Vec::new(),
        remainder: payment.amount,
        evidence: vec![evidence],
        against: Vec::new(),
        candidates: Vec::new(),
        undoes: None,
        may_undo: Vec::new(),
    }
}

fn speaks_of_money_back(decided: &Decided, reading: &Reading) -> bool {
    let returned = decided
        .evidence
        .iter()
        .any(|evidence| matches!(evidence.kind, EvidenceKind::Returned | EvidenceKind::Reversal));
    returned || reading.of(FindingKind::Refund).next().is_some()
}

fn refund(payment: &Payment, reading: &Reading) -> Evidence {
    reading.of(FindingKind::Refund).next().map_or_else(
        || Evidence::plain(EvidenceKind::Refund),
        |finding| Said::new(payment, reading).quote(EvidenceKind::Refund, finding.start, finding.end),
    )
}

fn reads_as(evidence: &Evidence) -> Against {
    let what = evidence.kind.text();
    let quote = evidence
        .text
        .as_deref()
        .map_or_else(String::new, |text| format!(" («{text}»)"));
    Against {
        kind: AgainstKind::ReadsAsOther,
        text: Text::new(
            format!("по назначению похоже на другое: {}{quote}", what.ru),
            format!("the purpose reads like something else: {}{quote}", what.en),
        ),
    }
}
