import { expect, test } from 'vitest';

import { markGroup } from '../../src/show/evidence';
import { piecesOf } from '../../src/show/marks';
import { leftOf, totalOf } from '../../src/show/money';
import type { Sum, Words } from '../../src/wire';

const words = (text: string): Words => ({ ru: text, en: text });
const rub = (amount: string): Sum => ({ amount, currency: 'RUB' });

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
