// What the demo firm has taught the program: rules, facts, payers' records and refused pairs.

import type {
  FactView,
  PayerView,
  RejectedView,
  ReplayRow,
  ReplayView,
  RuleBody,
  RuleChange,
  RuleView,
  Sum,
  Words,
} from '../../src/wire';
import { both, rub, type Entry } from './demo';
import type { Handlers } from './memory';
import { refused } from './refused';

type LearningCommand =
  | 'reject'
  | 'facts'
  | 'fact_view'
  | 'fact_remove'
  | 'autonomy_cap'
  | 'rules'
  | 'rule_draft'
  | 'rule_preview'
  | 'rule_save'
  | 'replay';

const ANNA = both('Анна', 'Anna');

export class Learning {
  rules: RuleView[];
  facts: FactView[];
  rejected: RejectedView[];
  payers: PayerView[];
  cap: Sum | null;

  constructor(empty: boolean) {
    this.rules = empty ? [] : rules();
    this.facts = empty ? [] : facts();
    this.rejected = empty ? [] : rejected();
    this.payers = empty ? [] : payers();
    this.cap = empty ? null : rub('100000.00');
  }

  answers(entryOf: (id: string) => Entry): Pick<Handlers, LearningCommand> {
    return {
      reject: ({ entry, invoice, scope }) => {
        if (scope === 'payer' && entryOf(entry).payer.includes('Волжский')) {
          throw refused(
            'reject/himself',
            both('плательщик и есть покупатель: за себя он платить может', 'the payer is the customer'),
            both('отклоните только для этого платежа', 'refuse it for this payment only'),
          );
        }
        const number = invoice.split(':').at(-1) ?? invoice;
        const says = both(`этот платёж — не за счёт ${number}`, `this payment is not for invoice ${number}`);
        this.rejected = [{ fact: `rejected:${entry}:${number}`, entry, says, by: ANNA, at: '2025-03-28T09:00:00Z' }, ...this.rejected];
        return { message: both(`запомнено: ${says.ru}`, `remembered: ${says.en}`), decision: null };
      },
      facts: () => this.#facts(),
      fact_view: ({ fact }) => ({
        fact: this.facts.find((known) => known.fact === fact) as FactView,
        sources: [
          { decision: 'd-e4', entry: 'e4', date: '2025-03-27', holds: true },
          { decision: 'd-e1', entry: 'e1', date: '2025-03-12', holds: true },
          { decision: 'd-e6', entry: 'e6', date: '2025-02-03', holds: false },
        ],
      }),
      fact_remove: ({ fact }) => {
        this.facts = this.facts.filter((known) => known.fact !== fact);
        this.rejected = this.rejected.filter((known) => known.fact !== fact);
        return this.#facts();
      },
      autonomy_cap: ({ sum }) => {
        const amount = sum?.replaceAll(/\s/g, '').replace(',', '.') ?? null;
        if (amount !== null && !/^\d+(\.\d{1,2})?$/.test(amount)) {
          throw refused(
            'facts/cap',
            both('предел — не сумма', 'the limit is no sum'),
            both('впишите сумму цифрами: 100000,00', 'write the sum in digits: 100000.00'),
          );
        }
        this.cap = amount === null ? null : rub(amount.includes('.') ? amount : `${amount}.00`);
        return this.#facts();
      },
      rules: () => this.#rules(),
      rule_draft: ({ entry }) => {
        const { payer, inn } = entryOf(entry);
        return body(payer, { payer: { inn, account: null, name: null } });
      },
      rule_preview: ({ change }) => this.#preview(change),
      rule_save: ({ change, breaks_accepted }) => {
        const seen = this.#preview(change);
        if (seen.broken > 0 && !breaks_accepted) {
          throw refused('rules/breaks', seen.summary, both('посмотрите список', 'look at the list'));
        }
        this.#change(change);
        return this.#rules();
      },
      replay: () => replayed([], [['e1', 'asked_right', 'right']]),
    };
  }

  #facts() {
    return {
      facts: this.facts,
      rejected: this.rejected,
      payers: this.payers,
      cap: this.cap,
      confirmations_for_a_fact: 2,
      confirmations_to_earn: 29,
    };
  }

  #rules() {
    return {
      rules: this.rules,
      categories: [
        { category: 'loan', says: both('заём или кредит', 'a loan or credit') },
        { category: 'fee', says: both('комиссия', 'a fee') },
      ],
    };
  }

  /** What is no customer's payment breaks two and helps 38; a first place breaks one; the rest changes little. */
  #preview(change: RuleChange): ReplayView {
    const written = 'add' in change ? change.add.body : 'rewrite' in change ? change.rewrite.body : null;
    if (written?.purpose_matches === '(') {
      throw refused(
        'rules/unusable',
        both('правило 1: выражение не понято: скобка не закрыта', 'rule 1: the expression is not understood'),
        both('исправьте правило или удалите его', 'mend the rule, or remove it'),
      );
    }
    if (written && 'category' in written.then) {
      const better = Array.from({ length: 38 }, (_, index): Touched => [`e${index + 6}`, 'asked', 'right']);
      return replayed([['e1', 'right', 'wrong'], ['e2', 'asked_right', 'wrong']], better);
    }
    if ('move' in change && change.move.place === 1) return replayed([['e1', 'right', 'wrong']], []);
    if ('remove' in change) return replayed([], [], [['e1', 'right', 'asked_right']]);
    return replayed([], []);
  }

  #change(change: RuleChange): void {
    const written = (rule: string, known: RuleBody): RuleView => ({
      rule,
      body: known,
      says: both(`плательщик с ИНН ${known.payer.inn}: по-новому`, `payer with INN ${known.payer.inn}: anew`),
      by: ANNA,
      at: '2025-03-28T09:00:00Z',
    });
    if ('add' in change) {
      this.rules = [...this.rules, written(`r${this.rules.length + 1}`, change.add.body)];
    } else if ('rewrite' in change) {
      const { rule, body: known } = change.rewrite;
      this.rules = this.rules.map((one) => (one.rule === rule ? written(rule, known) : one));
    } else if ('remove' in change) {
      this.rules = this.rules.filter(({ rule }) => rule !== change.remove.rule);
    } else {
      const { rule, place } = change.move;
      const moved = this.rules.filter((one) => one.rule === rule);
      const others = this.rules.filter((one) => one.rule !== rule);
      this.rules = [...others.slice(0, place - 1), ...moved, ...others.slice(place - 1)];
    }
  }
}

type Touched = [entry: string, before: ReplayRow['before'], after: ReplayRow['after']];

function replayed(broken: Touched[], better: Touched[], askedNow: Touched[] = []): ReplayView {
  const row =
    (change: ReplayRow['change']) =>
    ([entry, before, after]: Touched, index: number): ReplayRow => ({
      entry,
      date: `2025-03-${String(28 - (index % 28)).padStart(2, '0')}`,
      sum: rub('15000.00'),
      payer: 'ООО «Ромашка»',
      purpose: 'Оплата по счету № 145 от 12.03.2025 за услуги связи',
      invoices: ['145'],
      before,
      after,
      change,
    });
  const says: Words = both(`+${better.length} верных, ломает ${broken.length}`, `+${better.length} right, breaks ${broken.length}`);
  return {
    past: 312,
    better: better.length,
    broken: broken.length,
    asked_now: askedNow.length,
    summary: says,
    changes: [...broken.map(row('broken')), ...askedNow.map(row('asked_now')), ...better.map(row('better'))],
  };
}

function body(name: string, over: Partial<RuleBody> = {}): RuleBody {
  return {
    name,
    purpose_contains: null,
    purpose_matches: null,
    payer: { inn: null, account: null, name: null },
    sum_from: null,
    sum_to: null,
    currency: null,
    then: { never_automatic: true },
    ...over,
  };
}

function rules(): RuleView[] {
  const at = '2025-03-20T08:00:00Z';
  return [
    {
      rule: 'r1',
      body: body('Займы учредителя', { payer: { inn: '772816897100', account: null, name: null }, then: { category: 'loan' } }),
      says: both(
        'плательщик с ИНН 772816897100: это не оплата покупателя — заём или кредит',
        "payer with INN 772816897100: not a customer's payment: a loan or credit",
      ),
      by: ANNA,
      at,
    },
    {
      rule: 'r2',
      body: body('Заказы с сайта', { purpose_matches: 'заказ (?<n>\\d+)', then: { invoice: 'СЧ-$n' } }),
      says: both(
        'назначение отвечает выражению «заказ (?<n>\\d+)»: номер счёта — «СЧ-$n»',
        'the purpose matches «заказ (?<n>\\d+)»: the invoice number is «СЧ-$n»',
      ),
      by: both('Борис', 'Boris'),
      at,
    },
    {
      rule: 'r3',
      body: body('Волжский завод', { payer: { inn: '6321000018', account: null, name: null }, sum_from: '100000.00' }),
      says: both(
        'плательщик с ИНН 6321000018, сумма от 100 000,00 ₽: решает только человек',
        'payer with INN 6321000018, sum from 100000.00: only a person decides',
      ),
      by: ANNA,
      at,
    },
  ];
}

function facts(): FactView[] {
  return [
    {
      fact: 'f1',
      payer: 'ИП Ёлкина Мария Сергеевна',
      says: both('платит за покупателя с ИНН 7707083893', 'pays for the customer with INN 7707083893'),
      state: 'in_force',
      state_says: both('учитывается', 'in force'),
      count: 14,
      exceptions: 0,
      first: '2024-06-03',
      last: '2025-03-27',
    },
    {
      fact: 'f2',
      payer: 'ООО «Ромашка»',
      says: both('обычно платит за несколько счетов сразу', 'uses to pay several invoices at once'),
      state: 'too_few',
      state_says: both('пока 1 из 2', '1 of 2 so far'),
      count: 1,
      exceptions: 0,
      first: '2025-03-12',
      last: '2025-03-12',
    },
    {
      fact: 'f3',
      payer: 'ООО «Расчётный центр»',
      says: both('платит за покупателя с ИНН 5404000017', 'pays for the customer with INN 5404000017'),
      state: 'intermediary',
      state_says: both(
        'не учитывается: платит за многих, похоже на посредника',
        'not in force: pays for many, like an intermediary',
      ),
      count: 5,
      exceptions: 2,
      first: '2025-01-15',
      last: '2025-03-20',
    },
    {
      fact: 'f4',
      payer: '',
      says: both('счёт 40702810500000000777 платит за покупателя с ИНН 7707083893', 'account 40702810500000000777 pays for the customer with INN 7707083893'),
      state: 'too_few',
      state_says: both('пока 1 из 2', '1 of 2 so far'),
      count: 1,
      exceptions: 0,
      first: '2025-03-12',
      last: '2025-03-12',
    },
    {
      fact: 'f5',
      payer: 'ООО «Ромашка»',
      says: both('обычно округляет сумму', 'uses to round the sum'),
      state: 'too_few',
      state_says: both('пока 0 из 2', '0 of 2 so far'),
      count: 0,
      exceptions: 1,
      first: '2025-03-12',
      last: '2025-03-12',
    },
  ];
}

function payers(): PayerView[] {
  const classes = (sum: number, name: number) => [
    { class: 'number_mentioned_payer_sum', confirmed: 0, earned: false },
    { class: 'number_name_sum', confirmed: name, earned: name >= 29 },
    { class: 'payer_sum', confirmed: sum, earned: sum >= 29 },
  ];
  return [
    {
      payer: 'inn:7707083893',
      name: 'ООО «Ромашка»',
      decisions: 312,
      undone: 0,
      bound_percent: '0.96',
      says: both('312 решений, 0 отмен: ошибочных не больше 0,96 %', 'decisions: 312, undone: 0; wrong at most 0.96 %'),
      classes: classes(117, 0),
    },
    {
      payer: 'inn:771234567890',
      name: 'ИП Ёлкина Мария Сергеевна',
      decisions: 21,
      undone: 1,
      bound_percent: '20.68',
      says: both('21 решение, 1 отмена: ошибочных не больше 20,68 %', 'decisions: 21, undone: 1; wrong at most 20.68 %'),
      classes: classes(4, 12),
    },
  ];
}

function rejected(): RejectedView[] {
  return [
    {
      fact: 'rejected:1',
      entry: 'e3',
      says: both('плательщик 6321000018 не платит за покупателя с ИНН 7707083893', 'payer 6321000018 does not pay for the customer with INN 7707083893'),
      by: ANNA,
      at: '2025-03-19T10:00:00Z',
    },
  ];
}
