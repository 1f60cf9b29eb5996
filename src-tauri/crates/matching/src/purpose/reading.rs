//! From words to findings: a word announces a kind, the next number is of that kind, lists go on until a word ends them.

use super::{
    Finding, FindingKind, Reading, behalf,
    context::{Context, WORDS_BEFORE_SIGN_MAX},
    dates::{self, Day},
    enumeration, invoice_word,
    lexicon::Topics,
    months, part, phrases, refund, shapes,
    tokens::{TokenKind, Tokens},
    vat::{self, Vat},
    words::{self, Meaning},
};

/// Reads a payment purpose. Any text has a reading; most of a strange one is no finding at all.
#[must_use]
pub fn read(purpose: &str) -> Reading {
    let mut reader = Reader {
        tokens: Tokens::cut(purpose),
        findings: Vec::new(),
        context: None,
        sign: None,
        signs: false,
        resume: None,
        outside: None,
        lists: 0,
    };
    let mut at = 0;
    while at < reader.tokens.list.len() {
        at = reader.step(at).max(at + 1);
    }
    reader.whole()
}

/// Letters of a shortened word.
pub(super) const ABBREVIATION_MAX: usize = 4;

pub(super) struct Reader<'a> {
    pub tokens: Tokens<'a>,
    pub findings: Vec<Finding>,
    pub context: Option<Context>,
    /// The token of a number sign that directly precedes.
    pub sign: Option<usize>,
    /// «№№»
    pub signs: bool,
    /// The list of invoices that goes on after a sum: «№ 145 на сумму 1000-00, № 146».
    pub resume: Option<Context>,
    /// The list that a bracket interrupts.
    outside: Option<Context>,
    /// Enumerations so far.
    pub lists: u32,
}

impl Reader<'_> {
    /// Everything found, with what only the whole text says.
    fn whole(self) -> Reading {
        let mut findings = self.findings;
        let parts = part::parts(&self.tokens, &findings);
        let refunds = refund::refunds(&self.tokens, &findings);
        findings.extend(parts);
        findings.extend(refunds);
        if self.tokens.topics.has(Topics::SOMEBODY) {
            findings.extend(behalf::behalf(&self.tokens));
        }
        findings.sort_by_key(|finding| (finding.start, finding.end));
        let money = phrases::found(&self.tokens);
        let months = months::named(&self.tokens, &findings);
        Reading {
            findings,
            money,
            months,
        }
    }

    /// Reads the token at `at` and says where to go on.
    fn step(&mut self, at: usize) -> usize {
        match self.tokens.list[at].kind {
            TokenKind::Sign => {
                self.signed(at, false);
                at + 1
            }
            TokenKind::Mark(mark) => {
                self.mark(at, mark);
                at + 1
            }
            TokenKind::Word => {
                let next = self.word(at);
                if self.sign.is_some_and(|sign| sign < at) {
                    self.forget_sign();
                }
                next
            }
            TokenKind::Number => {
                let next = self.number(at);
                self.forget_sign();
                next
            }
        }
    }

    pub fn forget_sign(&mut self) {
        self.sign = None;
        self.signs = false;
    }

    fn signed(&mut self, at: usize, several: bool) {
        if several || self.sign.is_some_and(|sign| sign + 1 == at) {
            self.signs = true;
        }
        self.sign.get_or_insert(at);
    }

    fn mark(&mut self, at: usize, mark: char) {
        match mark {
            '(' => self.outside = self.context.filter(|context| !context.is_waiting()),
            // «№ 100 (март), № 101»: what stands in brackets ends no list, unless it announced something itself.
            ')' => {
                if let Some(outside) = self.outside.take()
                    && self.context.is_none()
                {
                    self.context = Some(outside);
                }
            }
            _ => {}
        }
        let Some(context) = &mut self.context else { return };
        let listed = !context.is_waiting();
        match mark {
            ',' | ';' | '+' | '&' | '/' | '\\' | '|' if listed => context.separated = true,
            // «сч.», «г.» are short words; after anything else a full stop ends what was announced.
            '.' => {
                let dots = self.tokens.mark_at(at + 1) == Some('.')
                    || at.checked_sub(1).and_then(|before| self.tokens.mark_at(before)) == Some('.');
                if dots {
                    return;
                }
                // «по акту вып. работ № 145»: a short word is an abbreviation.
                let abbreviated = at > 0
                    && context.kind != FindingKind::InvoiceNumber
                    && self
                        .tokens
                        .word_at(at - 1)
                        .is_some_and(|word| word.chars().count() <= ABBREVIATION_MAX);
                let unknown = context.unknown_words > 0 && !abbreviated;
                let after_year = at > 0
                    && (self.tokens.word_at(at - 1).is_some_and(words::is_year_word)
                        || self.tokens.number_at(at - 1).is_some_and(|day| day.ends_with('г')));
                if (listed || unknown) && !after_year {
                    self.context = None;
                }
            }
            ',' | ';' if context.unknown_words > 0 => self.context = None,
            _ => {}
        }
    }

    fn word(&mut self, at: usize) -> usize {
        if !self.is_before_invoice(at)
            && let Some(vat) = vat::vat_at(&self.tokens, at)
        {
            return self.vat(vat);
        }
        if let Some(next) = self.day_by_month(at).or_else(|| self.lettered_number(at)) {
            return next;
        }
        let start = self.tokens.list[at].start;
        if let Some(tail) = self.tax_tail(at) {
            self.context = Some(Context::new(FindingKind::TaxInvoice, start));
            return tail + 1;
        }
        let (meaning, last) = self.wrapped(at);
        match meaning {
            _ if meaning.is_invoice() => return self.invoice_word(at, last, meaning),
            Meaning::Announces(FindingKind::Contract) if self.is_supplement(at) => {}
            // «счёт исх. № 145»: under which number it went out.
            Meaning::Announces(FindingKind::Code) if self.is_registered(at) => {}
            Meaning::Announces(kind) => self.announced(kind, start),
            Meaning::NumberSign if self.is_denied(at) => self.context = None,
            Meaning::NumberSign => self.signed(at, false),
            Meaning::NumberSigns => self.signed(at, true),
            Meaning::And => {
                if let Some(context) = &mut self.context {
                    context.separated = true;
                }
            }
            Meaning::NoNumber => self.context = None,
            // «, а также 146»
            _ if self.tokens.text(at) == "а" && self.tokens.meaning_at(at + 1) == Some(Meaning::And) => {}
            Meaning::Unknown => self.unknown_word(at),
            _ => {}
        }
        last + 1
    }

    /// «счёт», with what makes it something else than an invoice for payment.
    fn invoice_word(&mut self, at: usize, last: usize, meaning: Meaning) -> usize {
        let start = self.tokens.list[at].start;
        if let Some(kind) = self.other_than_invoice(at) {
            self.context = Some(Context::new(kind, start));
            return last + 1;
        }
        if self.is_idiom(at, last) {
            self.context = None;
            return last + 1;
        }
        let mut context = Context::new(FindingKind::InvoiceNumber, start);
        context.several = meaning == Meaning::AnnouncesSeveral;
        context.perhaps_several = meaning == Meaning::AnnouncesOneOrMore;
        context.abbreviated = self.tokens.text(at) == "сч";
        self.context = Some(context);
        self.compound_tail(at, last).unwrap_or(last) + 1
    }

    fn announced(&mut self, kind: FindingKind, start: usize) {
        // «договору аренды помещения № 145»: what is let has no number, the contract has.
        if kind == FindingKind::Code
            && let Some(before) = &mut self.context
            && before.kind == FindingKind::Contract
            && before.is_waiting()
            && before.unknown_words > 0
        {
            before.unknown_words += 1;
            return;
        }
        let mut context = Context::new(kind, start);
        self.resume = self.context.filter(|before| {
            before.kind == FindingKind::InvoiceNumber && !before.is_waiting() && kind == FindingKind::Sum
        });
        if kind == FindingKind::Code
            && let Some(before) = self.context.filter(Context::is_waiting)
        {
            context.instead_of_invoice = (before.kind == FindingKind::InvoiceNumber)
                .then_some(before.start)
                .or(before.instead_of_invoice);
        }
        self.context = Some(context);
    }

    fn unknown_word(&mut self, at: usize) {
        let is_month = self.tokens.month_at(at).is_some();
        let Some(context) = &mut self.context else { return };
        // «по счетам за март 100, 101»
        if is_month && context.is_waiting() {
            return;
        }
        context.unknown_words += 1;
        if !context.is_waiting() || context.unknown_words > WORDS_BEFORE_SIGN_MAX {
            self.context = None;
        }
    }

    /// What a word says, though a line may have ended in its middle: «сче ту», «дого-\nвору». And its last token.
    fn wrapped(&self, at: usize) -> (Meaning, usize) {
        const WHOLE_LENGTH_MIN: usize = 5;
        let meaning = self.tokens.list[at].meaning;
        let hyphen = self.tokens.mark_at(at + 1) == Some('-') && self.tokens.is_beside(at, at + 1);
        let tail = at + 1 + usize::from(hyphen);
        if !matches!(meaning, Meaning::Unknown | Meaning::Preposition) && !meaning.is_invoice() || self.sign.is_some() {
            return (meaning, at);
        }
        let beside = self.tokens.gap(tail - 1, tail) == Some(1)
            && self.tokens.meaning_at(tail) == Some(Meaning::Unknown)
            || (self.tokens.gap(tail - 1, tail) == Some(1)
                && matches!(self.tokens.text(tail), "у" | "е" | "а" | "т" | "ту" | "ет"));
        if !beside {
            return (meaning, at);
        }
        let whole = [self.tokens.text(at), self.tokens.text(tail)].concat();
        if whole.chars().count() < WHOLE_LENGTH_MIN || !words::is_listed_or_stem(&whole) {
            return (meaning, at);
        }
        let of_whole = words::meaning(&whole);
        let announces = of_whole.is_invoice() || of_whole == Meaning::Announces(FindingKind::Contract);
        if announces { (of_whole, tail) } else { (meaning, at) }
    }

    /// «сч. ф.», «счёт - фактура», «с.ф.»: where the tail stands.
    fn tax_tail(&self, at: usize) -> Option<usize> {
        let tokens = &self.tokens;
        let marked = matches!(tokens.mark_at(at + 1), Some('.' | '-' | '/'));
        let head = tokens.list[at].meaning.is_invoice() || (tokens.text(at) == "с" && marked);
        let mut tail = if marked { at + 2 } else { at + 1 };
        // «сч.-ф.»
        if matches!(tokens.mark_at(tail), Some('-' | '/')) {
            tail += 1;
        }
        (head && tokens.word_at(tail).is_some_and(words::is_tax_tail)).then_some(tail)
    }

    /// «счёт - договор», «счету договору»: still one document, an invoice. Where its second half stands.
    fn compound_tail(&self, at: usize, last: usize) -> Option<usize> {
        let dash = self.tokens.mark_at(last + 1) == Some('-');
        let tail = last + 1 + usize::from(dash);
        let meaning = self.tokens.meaning_at(tail)?;
        let document = matches!(
            meaning,
            Meaning::Announces(FindingKind::Contract | FindingKind::Order | FindingKind::Specification)
        );
        let case = |word: &str| match word.chars().next_back() {
            Some('у' | 'ю') => 'у',
            Some('а' | 'я' | 'ы') => 'а',
            Some('м') => 'м',
            Some('е') => 'е',
            _ => ' ',
        };
        let short = self.tokens.text(tail).chars().count() <= 4;
        let agree = !short && case(self.tokens.text(at)) == case(self.tokens.text(tail));
        (document && (dash || agree)).then_some(tail)
    }

    /// What «счёт» is by the words around it, if no invoice for payment.
    fn other_than_invoice(&self, at: usize) -> Option<FindingKind> {
        if self.is_account_word(at) {
            return Some(FindingKind::Account);
        }
        let before = at.checked_sub(1).and_then(|before| self.tokens.word_at(before))?;
        let tax = invoice_word::makes_it_a_tax_invoice(before) && self.is_before_invoice(at - 1);
        let else_ = invoice_word::makes_it_something_else(before, self.tokens.text(at))
            && self.tokens.meaning_at(at - 1) == Some(Meaning::Unknown);
        match (tax, else_) {
            (true, _) => Some(FindingKind::TaxInvoice),
            // Nobody knows what its number is; it is none of an invoice.
            (false, true) => Some(FindingKind::BareNumber),
            (false, false) => None,
        }
    }

    /// «VAT invoice», but not «20% VAT, invoice» nor «without VAT invoice».
    fn is_before_invoice(&self, at: usize) -> bool {
        let told = at.checked_sub(1).is_some_and(|before| {
            self.tokens.mark_at(before) == Some('%')
                || self.tokens.number_at(before).is_some()
                || self
                    .tokens
                    .word_at(before)
                    .is_some_and(|word| words::is_latin(word, "without"))
        });
        let invoice = self.tokens.meaning_at(at + 1).is_some_and(Meaning::is_invoice);
        invoice
            && !told
            && self
                .tokens
                .word_at(at)
                .is_some_and(invoice_word::makes_it_a_tax_invoice)
    }

    fn is_registered(&self, at: usize) -> bool {
        let waits = self.context.is_some_and(|context| {
            context.is_waiting() && context.kind != FindingKind::Code && context.unknown_words == 0
        });
        waits && matches!(self.tokens.text(at), "исх" | "вх")
    }

    /// «р/с», «расчётный счёт», «расч. счет».
    fn is_account_word(&self, at: usize) -> bool {
        let mark = at.checked_sub(1).and_then(|before| self.tokens.mark_at(before));
        let before = match mark {
            Some('.' | '/') => at.checked_sub(2),
            _ => at.checked_sub(1),
        };
        let adjective = before
            .and_then(|before| self.tokens.word_at(before))
            .is_some_and(words::makes_it_an_account);
        adjective || self.tokens.text(at + 1).starts_with("получател") || is_account_to_fill(&self.tokens, at)
    }

    /// «в счёт взаиморасчётов», «за счёт средств»: no document, unless its number follows.
    fn is_idiom(&self, at: usize, last: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.tokens.word_at(before));
        let follows = matches!(
            self.tokens.kind_at(last + 1),
            Some(TokenKind::Number | TokenKind::Sign | TokenKind::Mark(_)) | None
        );
        let number_follows = follows
            || self
                .tokens
                .meaning_at(last + 1)
                .is_some_and(|next| next.is_number_sign() || matches!(next, Meaning::Preposition | Meaning::NoNumber));
        let on = self.tokens.text(at) == "счет" && matches!(before, Some("в" | "за"));
        on && !number_follows
    }

    /// «доп. соглашение»: the second half of a name.
    fn is_supplement(&self, at: usize) -> bool {
        let waits = self.context.is_some_and(|context| {
            context.is_waiting() && context.kind == FindingKind::Specification && context.unknown_words == 0
        });
        waits && self.tokens.text(at).starts_with("соглаш")
    }

    /// «без номера».
    fn is_denied(&self, at: usize) -> bool {
        at.checked_sub(1).and_then(|before| self.tokens.word_at(before)) == Some("без")
    }

    fn day_by_month(&mut self, at: usize) -> Option<usize> {
        self.tokens.month_at(at)?;
        let year = at
            .checked_sub(1)
            .into_iter()
            .flat_map(|last| (last.saturating_sub(2)..=last).rev())
            .find_map(|before| self.tokens.number_at(before).and_then(shapes::whole_year));
        let day = dates::month_first(&self.tokens, at, year)?;
        self.date_found(at, day);
        Some(day.last + 1)
    }

    pub fn vat(&mut self, vat: Vat) -> usize {
        let (start, end) = (self.tokens.list[vat.first].start, self.tokens.list[vat.last].end);
        // «20% НДС»: the percentage turned out to be the tax's.
        while self.findings.last().is_some_and(|last| last.start >= start) {
            self.findings.pop();
        }
        let finding = self.finding(FindingKind::Vat, start, end);
        self.findings.push(Finding {
            percent: vat.percent,
            sum: vat.sum,
            ..finding
        });
        self.context = None;
        vat.last + 1
    }

    pub fn date_found(&mut self, at: usize, day: Day) {
        let (start, end) = (self.tokens.list[at].start, self.tokens.list[day.last].end);
        let finding = self.finding(FindingKind::Date, start, end);
        self.findings.push(Finding {
            date: day.date,
            ..finding
        });
        let (Some(date), Some(context)) = (day.date, &mut self.context) else {
            return;
        };
        if context.is_waiting() {
            context.date = Some((date, start, end));
        } else {
            enumeration::give_date(&mut self.findings, context.kind);
        }
    }

    /// A finding whose value is the whole of its place.
    pub fn finding(&self, kind: FindingKind, start: usize, end: usize) -> Finding {
        Finding::new(kind, start, end, self.tokens.typed(start, end).into())
    }
}

/// «пополнение счёта 145», «перевод на счёт 145», «зачисление на счёт»: an account, not a document.
fn is_account_to_fill(tokens: &Tokens, at: usize) -> bool {
    const VERBS: [&str; 6] = ["пополн", "перевод", "зачислен", "зачислить", "перевести", "внесени"];
    const BACK: usize = 4;
    let on = at.checked_sub(1).and_then(|before| tokens.word_at(before)) == Some("на");
    let is_verb = |word: &str| VERBS.iter().any(|verb| word.starts_with(verb));
    let mut before = (at.saturating_sub(if on { BACK } else { 1 })..at).rev();
    before.any(|place| tokens.word_at(place).is_some_and(is_verb))
}
