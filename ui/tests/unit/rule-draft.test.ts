import { expect, test } from 'vitest';

import { bodyOf, draftOf, emptyDraft } from '../../src/rooms/rules/draft';
import type { RuleBody, RuleThen } from '../../src/wire';

const BODY: RuleBody = {
  name: 'Заказы',
  purpose_contains: 'заказ',
  purpose_matches: 'заказ (?<n>\\d+)',
  payer: { inn: '7707083893', account: null, name: 'Ромашка' },
  sum_from: '100.00',
  sum_to: null,
  currency: 'EUR',
  then: { invoice: 'СЧ-$n' },
};

test.each<RuleThen>([
  { invoice: 'СЧ-$n' },
  { category: 'loan' },
  { customer_inn: '7701234567' },
  { never_automatic: true },
])('a rule comes out of the form as it went in: %o', (then) => {
  expect(bodyOf(draftOf({ ...BODY, then }))).toEqual({ ...BODY, then });
});

test('an empty field asks for nothing', () => {
  expect(bodyOf({ ...emptyDraft(), name: ' Все ', contains: '  ' })).toEqual({
    name: 'Все',
    purpose_contains: null,
    purpose_matches: null,
    payer: { inn: null, account: null, name: null },
    sum_from: null,
    sum_to: null,
    currency: null,
    then: { never_automatic: true },
  });
});

test.each([
  ['100 000,50', '100000.50'],
  ['100\u00a0000', '100000'],
  ['12.30', '12.30'],
  ['много', 'много'],
])('a sum is typed as people do: %s', (typed, sent) => {
  expect(bodyOf({ ...emptyDraft(), sumFrom: typed }).sum_from).toBe(sent);
});
