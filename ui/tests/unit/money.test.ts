import { expect, test } from 'vitest';

import { isZero, showSum, showTyped } from '../../src/show/money';

/** Intl's no-break spaces, told apart for the reader. */
function plain(text: string): string {
  return text.replaceAll(/[\u00a0\u202f]/g, ' ');
}

test.each([
  ['15000.00', 'RUB', 'ru-RU', '15 000,00 ₽'],
  ['0.00', 'RUB', 'ru-RU', '0,00 ₽'],
  ['0.05', 'RUB', 'ru-RU', '0,05 ₽'],
  ['-0.50', 'RUB', 'ru-RU', '−0,50 ₽'],
  ['-0.00', 'RUB', 'ru-RU', '0,00 ₽'],
  ['15000.00', 'RUB', 'en-GB', '₽15,000.00'],
  ['-120.00', 'EUR', 'en-GB', '−€120.00'],
  ['1200', 'JPY', 'ru-RU', '1 200 ¥'],
  ['12.345', 'KWD', 'ru-RU', '12,345 KWD'],
  // 2^53 + 1 and more: a float would round these.
  ['9007199254740993.01', 'RUB', 'ru-RU', '9 007 199 254 740 993,01 ₽'],
  ['92233720368547758.07', 'RUB', 'ru-RU', '92 233 720 368 547 758,07 ₽'],
])('%s %s in %s is %s', (amount, currency, locale, expected) => {
  expect(plain(showSum({ amount, currency }, locale))).toBe(expected);
});

test('what is not a decimal is shown as it came', () => {
  expect(showSum({ amount: '12O0', currency: 'RUB' }, 'ru-RU')).toBe('12O0 RUB');
  expect(showSum({ amount: '5.00', currency: '' }, 'ru-RU')).toBe('5,00');
  expect(showTyped('1 200,5', 'RUB', 'ru-RU')).toBe('1 200,5');
  expect(plain(showTyped('1200.50', 'RUB', 'ru-RU'))).toBe('1 200,50 ₽');
});

test.each([
  ['0.00', true],
  ['-0.00', true],
  ['0', true],
  ['0.01', false],
  ['10.00', false],
  ['', false],
])('%s is zero: %s', (amount, zero) => {
  expect(isZero(amount)).toBe(zero);
});
