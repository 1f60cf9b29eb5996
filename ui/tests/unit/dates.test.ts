import { expect, test } from 'vitest';

import { parseDate, showDate, showMoment, today, typedDate } from '../../src/show/dates';

test('a day is the same day in every time zone', () => {
  expect(showDate('2024-07-03', 'ru-RU')).toBe('03.07.2024');
  expect(showDate('2024-12-31', 'en-GB')).toBe('31 Dec 2024');
  expect(showDate('without a date', 'ru-RU')).toBe('without a date');
});

test('a moment shows day and time, and what is none as it came', () => {
  expect(showMoment('2025-03-28T12:00:00Z', 'ru-RU')).toMatch(/^\d\d\.03\.2025, \d\d:00$/);
  expect(showMoment('soon', 'ru-RU')).toBe('soon');
});

test.each([
  ['22.11.2026', '2026-11-22'],
  ['1.2.2026', '2026-02-01'],
  ['2026-11-22', '2026-11-22'],
  [' 22/11/2026 ', '2026-11-22'],
  ['29.02.2024', '2024-02-29'],
  ['29.02.2025', null],
  ['30.02.2026', null],
  ['31.13.2026', null],
  ['22.11.26', null],
  ['22.11', null],
  ['', null],
])('%s is typed for %s', (typed, iso) => {
  expect(parseDate(typed)).toBe(iso);
});

test('a date survives being shown for typing and typed again', () => {
  expect(typedDate('2026-01-09')).toBe('09.01.2026');
  expect(parseDate(typedDate('2026-01-09'))).toBe('2026-01-09');
});

test("today is this machine's day", () => {
  expect(today(new Date(2026, 0, 9, 23, 59))).toBe('2026-01-09');
});
