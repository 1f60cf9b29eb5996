import { expect, test } from 'vitest';

import { piecesOf } from '../../src/show/marks';
import type { Mark } from '../../src/wire';

function mark(start: number, end: number, kind = 'invoice_number'): Mark {
  return { start, end, kind, says: { ru: kind, en: kind } };
}

/** Marked pieces in brackets. */
function drawn(purpose: string, marks: Mark[]): string {
  return piecesOf(purpose, marks)
    .map(({ text, says }) => (says.length > 0 ? `[${text}]` : text))
    .join('');
}

test.each<[string, string, Mark[], string]>([
  ['nothing marked', 'Оплата', [], 'Оплата'],
  ['an empty purpose', '', [mark(0, 3)], ''],
  ['in the middle', 'по сч. № 145 от', [mark(3, 12)], 'по [сч. № 145] от'],
  ['the whole', 'сч. 1', [mark(0, 5)], '[сч. 1]'],
  ['ё is one character', 'Ёлка счёт 7', [mark(5, 9)], 'Ёлка [счёт] 7'],
  ['an emoji before it is one character, not two', 'За 🪑 сч. 7', [mark(5, 8)], 'За 🪑 [сч.] 7'],
  ['an emoji inside it', 'за 🪑🪑 всё', [mark(3, 5)], 'за [🪑🪑] всё'],
  ['touching', 'абвг', [mark(0, 2), mark(2, 4)], '[аб][вг]'],
  ['overlapping', 'абвг', [mark(0, 3), mark(1, 4)], '[а][бв][г]'],
  ['past the end is cut', 'аб', [mark(1, 9)], 'а[б]'],
  ['wholly past the end is nothing', 'аб', [mark(5, 9)], 'аб'],
  ['backwards is nothing', 'аб', [mark(2, 1)], 'аб'],
])('%s', (_, purpose, marks, expected) => {
  expect(drawn(purpose, marks)).toBe(expected);
});

test('no letter is lost or doubled, and overlapping pieces carry both reasons', () => {
  const purpose = 'Оплата 🪑 по сч. № 145, ИНН 7707083893';
  const pieces = piecesOf(purpose, [mark(12, 21, 'a'), mark(16, 25, 'b')]);
  expect(pieces.map(({ text }) => text).join('')).toBe(purpose);
  expect(pieces.map(({ says }) => says.length)).toEqual([0, 1, 2, 1, 0]);
});
