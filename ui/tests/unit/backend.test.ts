import { expect, test } from 'vitest';

import { asFailure, isRoom } from '../../src/backend/backend';

test('a failure of the core passes as it is', () => {
  const failure = { code: 'ledger/read-only', message: { ru: 'а', en: 'a' }, remedy: { ru: 'б', en: 'b' } };
  expect(asFailure(failure)).toBe(failure);
});

test.each([[new Error('boom')], ['boom'], [null], [undefined], [{ code: 'half', message: 'text' }]])(
  '%s becomes a failure with a remedy',
  (error) => {
    const failure = asFailure(error);
    expect(failure.code).toBe('page/unexpected');
    expect(failure.remedy.ru).not.toBe('');
  },
);

test('rooms are known by name', () => {
  expect([isRoom('outbox'), isRoom('kitchen'), isRoom(undefined)]).toEqual([true, false, false]);
});
