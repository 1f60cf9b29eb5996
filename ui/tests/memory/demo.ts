// Answers as a small firm's ledger would give them. Names and requisites are made up.

import type {
  AskedRow,
  CandidateView,
  Draft,
  DraftParty,
  EntryState,
  EntryView,
  InboxRow,
  Mark,
  OrderView,
  Words,
} from '../../src/wire';

import { messages } from './outbox';
import { ASKED, REFUND, REFUND_AT, REFUND_WORDS, refundOf, undoesOf, WENT_BACK } from './refund';
import { both, rub } from './words';

export { both, rub } from './words';

export const OUR_ACCOUNT = '40702810900000000001';

export const US: DraftParty = {
  name: 'ООО «Северный свет»',
  inn: '7701234567',
  kpp: '770101001',
  account: OUR_ACCOUNT,
  bik: '044525225',
  bank_name: 'ПАО СБЕРБАНК',
  bank_city: 'г. Москва',
  correspondent_account: '30101810400000000225',
};

export interface Story {
  payer: string;
  inn: string;
  amount: string;
  purpose: string;
  state: EntryState;
  automatic: boolean;
  reason: Words;
  invoices: string[];
  /** Payer, INN, sum and purpose of each payment the bank booked as one. */
  batch?: [string, string | null, string, string][];
  /** What is above its invoices, and the last day for the invoice of that. */
  advance?: [amount: string, due: string];
  /** Money that goes back: the entry it takes back. */
  undoes?: string;
}

export const STORIES: Story[] = [
  {
    payer: 'ООО «Ромашка»',
    inn: '7707083893',
    amount: '15000.00',
    purpose: 'Оплата по счету № 145 от 12.03.2025 за услуги связи. В т.ч. НДС 20% - 2500.00',
    state: 'decided',
    automatic: true,
    reason: both('номер счёта, ИНН и сумма сходятся', 'invoice number, INN and sum agree'),
    invoices: ['145'],
  },
  {
    payer: 'ИП Ёлкина Мария Сергеевна',
    inn: '771234567890',
    amount: '48250.50',
    purpose: 'За мебель 🪑 по договору 7/25, сч. №151 и сч. №152. НДС не облагается',
    state: 'review',
    automatic: false,
    reason: both('сумма двух счетов сходится, номера названы оба', 'the sum of two invoices agrees, both are named'),
    invoices: ['151', '152'],
  },
  {
    payer: 'АО «Волжский завод»',
    inn: '6321000018',
    amount: '120000.00',
    purpose: 'Предоплата по договору поставки',
    state: 'review',
    automatic: false,
    reason: both('два счёта на ту же сумму', 'two invoices for the same sum'),
    invoices: ['148', '149'],
    batch: [
      ['АО «Волжский завод»', '6321000018', '100000.00', 'Предоплата по договору поставки'],
      ['Кузнецов Пётр', null, '20000.00', 'Оплата за доставку, сч. 149'],
    ],
  },
  {
    payer: 'ООО «Торговый дом Исполинский с очень длинным названием и филиалами по всей стране»',
    inn: '5404000017',
    amount: '7300.00',
    purpose: 'Оплата за товар по накладной 88 от 01.03.2025',
    state: 'not_found',
    automatic: false,
    reason: both('счёта на эту сумму нет', 'no invoice of this sum'),
    invoices: [],
  },
  {
    payer: 'ООО «Северный свет»',
    inn: '7701234567',
    amount: '500000.00',
    purpose: 'Перевод собственных средств на расчётный счёт',
    state: 'not_customers',
    automatic: true,
    reason: both('свой перевод между счетами', 'own transfer between accounts'),
    invoices: [],
  },
];

/** As long as a quarter of a small firm: enough to scroll through several pages. */
export const ENTRIES = 340;

export function pad(number: number): string {
  return String(number).padStart(2, '0');
}

export interface Entry extends Story {
  entry: string;
  date: string;
}

export function entries(): Entry[] {
  return Array.from({ length: ENTRIES }, (_, index) => {
    const usual = STORIES[index < STORIES.length ? index : (index * 7) % STORIES.length] as Story;
    const story = index === REFUND_AT ? REFUND : usual;
    const day = 28 - (Math.floor(index / 5) % 28);
    const month = 3 - (Math.floor(index / 140) % 3);
    return { ...story, entry: `e${index + 1}`, date: `2025-${pad(month)}-${pad(day)}` };
  });
}

export function rowOf(entry: Entry): InboxRow {
  const { entry: id, date, payer, purpose, state, automatic, reason, invoices } = entry;
  const advance = entry.advance ? { sum: rub(entry.advance[0]), invoice_due: entry.advance[1] } : null;
  const back = { outgoing: entry.undoes !== undefined, went_back: null };
  return { entry: id, date, payer, sum: rub(entry.amount), purpose, state, automatic, reason, invoices, advance, ...back };
}

function markOf(purpose: string, text: string, kind: string, says: Words): Mark[] {
  const at = purpose.indexOf(text);
  if (at < 0) return [];
  const start = Array.from(purpose.slice(0, at)).length;
  return [{ start, end: start + Array.from(text).length, kind, says }];
}

function candidatesOf(entry: Entry): CandidateView[] {
  const customer = entry.payer;
  if (entry.undoes) return [refundOf(entry.undoes, customer)];
  if (entry.invoices.includes('151')) {
    return [
      {
        allocations: [
          {
            invoice: 'b24:31:151',
            number: '151',
            crm: null,
            company: null,
            date: '2025-03-10',
            customer,
            amount: rub('30000.00'),
            open: rub('30000.00'),
            allocated: rub('30000.00'),
          },
          {
            invoice: 'b24:31:152',
            number: '152',
            crm: null,
            company: null,
            date: '2025-03-11',
            customer,
            amount: rub('20000.00'),
            open: rub('18250.50'),
            allocated: rub('18250.50'),
          },
        ],
        remainder: rub('0.00'),
        reasons: [both('назван «сч. №151» и «сч. №152»', '“сч. №151” and “сч. №152” are named'), both('ИНН плательщика', "the payer's INN")],
        against: [],
        behind: null,
        undoes: null,
      },
      {
        allocations: [
          {
            invoice: 'b24:31:151',
            number: '151',
            crm: null,
            company: null,
            date: '2025-03-10',
            customer,
            amount: rub('30000.00'),
            open: rub('30000.00'),
            allocated: rub('30000.00'),
          },
        ],
        undoes: null,
        remainder: rub('18250.50'),
        reasons: [both('назван «сч. №151»', '“сч. №151” is named')],
        against: [both('сумма больше открытой', 'the sum is more than what is open')],
        behind: {
          lacks: [both('назван «сч. №152»', '“сч. №152” is named')],
          against: [both('сумма больше открытой', 'the sum is more than what is open')],
        },
      },
    ];
  }
  return ['148', '149'].map((number) => ({
    allocations: [
      {
        invoice: `b24:31:${number}`,
        number,
        crm: null,
        company: null,
        date: number === '148' ? '2025-02-27' : '2025-03-03',
        customer,
        amount: rub(number === '148' ? '240000.00' : '120000.00'),
        open: rub(number === '148' ? '240000.00' : '120000.00'),
        allocated: rub('120000.00'),
      },
    ],
    remainder: rub('0.00'),
    undoes: null,
    reasons: [
      both('ИНН плательщика', "the payer's INN"),
      number === '148'
        ? both('слова называют часть, и сумма ей отвечает: «Предоплата»', 'the words name a part, and the sum agrees: «Предоплата»')
        : both('сумма сходится точно', 'the sum agrees exactly'),
    ],
    against: [
      both('номер счёта в назначении не назван', 'the purpose names no invoice number'),
      ...(number === '149' ? [both('в назначении названа часть, а сумма закрывает счёт', 'the purpose names a part, but the sum is the whole')] : []),
    ],
    behind:
      number === '148'
        ? null
        : {
            lacks: [both('слова называют часть, и сумма ей отвечает: «Предоплата»', 'the words name a part, and the sum agrees: «Предоплата»')],
            against: [both('в назначении названа часть, а сумма закрывает счёт', 'the purpose names a part, but the sum is the whole')],
          },
  }));
}

export function viewOf(entry: Entry): EntryView {
  const { purpose } = entry;
  const marks = [
    ...markOf(purpose, REFUND_WORDS, 'refund', WENT_BACK),
    ...markOf(entry.undoes ? '' : purpose, 'счету № 145', 'invoice_number', both('номер счёта 145', 'invoice number 145')),
    ...markOf(entry.undoes ? '' : purpose, '12.03.2025', 'invoice_date', both('дата счёта', 'date of the invoice')),
    ...markOf(purpose, 'Предоплата', 'named_part', both('слова называют часть или остаток', 'the words name a part or the rest')),
    ...markOf(purpose, 'собственных средств', 'own_account', both('перевод между своими счетами', 'a transfer between own accounts')),
    ...markOf(purpose, 'сч. №151', 'invoice_number', both('номер счёта 151', 'invoice number 151')),
    ...markOf(purpose, 'сч. №152', 'invoice_number', both('номер счёта 152', 'invoice number 152')),
  ];
  const decided = entry.state === 'decided';
  return {
    entry: entry.entry,
    account: OUR_ACCOUNT,
    company: null,
    date: entry.date,
    sum: rub(entry.amount),
    payer: {
      name: entry.payer,
      inn: entry.inn,
      kpp: entry.inn.length === 10 ? '770701001' : null,
      account: '40702810500000000777',
      bank: '044525974',
      bank_name: 'АО «ТБанк»',
    },
    kind: 'Платёжное поручение',
    number: '12',
    document_date: entry.date,
    purpose,
    details: (entry.batch ?? []).map(([name, inn, amount, purpose]) => ({
      sum: rub(amount),
      payer: { name, inn, kpp: null, account: null, bank: null, bank_name: null },
      purpose,
    })),
    state: entry.state,
    automatic: entry.automatic,
    marks,
    reasons:
      entry.state === 'not_found'
        ? []
        : entry.undoes
          ? [WENT_BACK]
          : [both('ИНН плательщика совпадает с покупателем', "the payer's INN is the customer's"), entry.reason],
    against:
      entry.undoes !== undefined
        ? [ASKED]
        : entry.state === 'review'
        ? [both('номер договора в CRM другой', 'the contract in the CRM has another number')]
        : [],
    candidates: entry.state === 'review' ? candidatesOf(entry) : [],
    decision: decided
      ? {
          decision: `d-${entry.entry}`,
          at: '2025-03-28T07:15:00Z',
          by: entry.automatic ? both('программа по правилу', 'the program by its rule') : both('Анна', 'Anna'),
          allocations: [
            {
              invoice: 'b24:31:145',
              number: '145',
              crm: null,
              company: null,
              date: '2025-03-12',
              customer: entry.payer,
              amount: rub(entry.amount),
              open: rub(entry.undoes ? entry.amount : '0.00'),
              allocated: rub(entry.amount),
            },
          ],
          remainder: rub('0.00'),
          undoes: entry.undoes ? undoesOf(entry.undoes) : null,
        }
      : null,
    outgoing: entry.undoes !== undefined,
    refunds: [],
    messages: decided ? [messages()[1]?.row].filter((row) => row !== undefined) : [],
  };
}

export function draft(over: Partial<Draft> = {}): Draft {
  return {
    number: '27',
    date: '2025-03-28',
    amount: '36000.00',
    payer: US,
    payee: {
      name: 'ООО «Типография Ладья»',
      inn: '7707083893',
      kpp: '770701001',
      account: '40702810500000000777',
      bik: '044525974',
      bank_name: 'АО «ТБанк»',
      bank_city: 'г. Москва',
      correspondent_account: '30101810145250000974',
    },
    purpose: 'Оплата по счёту № 88 от 25.03.2025 за печать каталогов. В т.ч. НДС 20% - 6000.00',
    priority: '5',
    uin: '',
    ...over,
  };
}

/** Two lines of a statement nobody can book without a person. */
export function asked(): AskedRow[] {
  const row = (id: number, amount: string, purpose: string): AskedRow => ({
    asked: id,
    file: 'kl_to_1c.txt',
    line: 40 + id,
    account: OUR_ACCOUNT,
    date: '2025-03-27',
    sum: rub(amount),
    counterparty: 'ООО «Вега»',
    purpose,
    reason: both('в документе нет своего счёта', 'the document names no account of ours'),
    direction_known: false,
  });
  return [row(1, '1200.00', 'Возмещение расходов'), row(2, '350.00', 'Комиссия')];
}

function order(id: string, state: OrderView['state'], over: Partial<Draft>): OrderView {
  const signed = state !== 'draft';
  const approved = state === 'approved' || state === 'exported' || state === 'executed';
  return {
    order: id,
    state,
    draft: draft(over),
    content_hash: JSON.stringify(draft(over)),
    defects: [],
    warnings: state === 'draft' ? [both('этому получателю ещё не платили', 'this payee was never paid before')] : [],
    author: signed ? 'Анна' : null,
    approved_by: approved ? 'Борис' : null,
    alone: false,
    file: state === 'exported' || state === 'executed' ? '1c_to_kl_2025-03-28.txt' : null,
    executed_entry: state === 'executed' ? 'e5' : null,
    history: [
      { at: '2025-03-28T08:00:00Z', says: both('Черновик создан', 'Draft made') },
      ...(signed ? [{ at: '2025-03-28T08:05:00Z', says: both('Анна: на утверждение', 'Anna: submitted') }] : []),
      ...(approved ? [{ at: '2025-03-28T08:30:00Z', says: both('Борис: утверждено', 'Boris: approved') }] : []),
    ],
  };
}

export function orders(): OrderView[] {
  return [
    order('o1', 'draft', {}),
    order('o2', 'submitted', { number: '26', amount: '118450.00', purpose: 'Аренда офиса за апрель 2025. НДС не облагается' }),
    order('o3', 'approved', { number: '25', amount: '9900.90' }),
    order('o4', 'exported', { number: '24', amount: '1250000.00' }),
    order('o5', 'executed', { number: '23', amount: '42000.00' }),
    order('o6', 'rejected', { number: '22', amount: '777.00' }),
  ];
}
