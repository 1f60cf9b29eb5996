import { expect, test } from 'vitest';

import { behind } from '../../src/show/behind';
import { markGroup } from '../../src/show/evidence';
import { piecesOf } from '../../src/show/marks';
import { leftOf, totalOf } from '../../src/show/money';
import type { CandidateView, Sum, Words } from '../../src/wire';

const words = (text: string): Words => ({ ru: text, en: text });
const rub = (amount: string): Sum => ({ amount, currency: 'RUB' });

function candidate(reasons: string[], against: string[]): CandidateView {
  return { allocations: [], remainder: rub('0.00'), reasons: reasons.map(words), against: against.map(words) };
}

test('the runner-up lost by what it lacks and by what speaks against it alone', () => {
  const why = behind(candidate(['номер', 'ИНН'], ['договор']), candidate(['ИНН'], ['договор', 'сумма']));
  expect([why.lacks, why.against]).toEqual([[words('номер')], [words('сумма')]]);
});

test('a tie is behind in nothing', () => {
  const one = candidate(['ИНН'], ['номера нет']);
  expect(behind(one, candidate(['ИНН'], ['номера нет']))).toEqual({ lacks: [], against: [] });
});

test('a kind that is not known is drawn apart, not as a number', () => {
  expect(['invoice_number', 'invoice_date', 'customer_inn_in_text', 'named_part', 'loan', 'toString'].map(markGroup)).toEqual([
    'number',
    'date',
    'who',
    'part',
    'other',
    'other',
  ]);
});

test('where kinds overlap the number is drawn', () => {
  const mark = (start: number, end: number, kind: string) => ({ start, end, kind, says: words(kind) });
  const groups = piecesOf('абвг', [mark(0, 3, 'invoice_date'), mark(1, 2, 'invoice_number')]).map(({ group }) => group);
  expect(groups).toEqual(['date', 'number', 'date', null]);
});

test.each<[string[], string | null]>([
  [['30000.00', '18250.50'], '48250.50'],
  [['0.01', '-0.06'], '-0.05'],
  [['9007199254740993.01', '0.01'], '9007199254740993.02'],
  [['1.00'], '1.00'],
  [[], null],
  [['1.00', '1.000'], null],
  [['1.00', 'много'], null],
])('%j together is %s', (amounts, total) => {
  expect(totalOf(amounts.map(rub))?.amount ?? null).toBe(total);
});

test('currencies are never added up', () => {
  expect(totalOf([rub('1.00'), { amount: '1.00', currency: 'EUR' }])).toBeNull();
  expect(leftOf(rub('240000.00'), rub('120000.50'))).toEqual(rub('119999.50'));
});
