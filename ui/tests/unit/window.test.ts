import { expect, test } from 'vitest';

import { PAGE_ROWS, pagesOf, rowAfterKey, rowsInView, scrollToShow, SPARE_ROWS } from '../../src/grid/window';

test('the rows in view and a few spare ones, never outside the list', () => {
  expect(rowsInView(0, 460, 46, 1000)).toEqual({ first: 0, end: 10 + SPARE_ROWS });
  expect(rowsInView(46 * 500, 460, 46, 1000)).toEqual({ first: 500 - SPARE_ROWS, end: 510 + SPARE_ROWS });
  expect(rowsInView(46 * 995, 460, 46, 1000)).toEqual({ first: 995 - SPARE_ROWS, end: 1000 });
  expect(rowsInView(0, 460, 46, 0)).toEqual({ first: 0, end: 0 });
  // The list shrank under the scroll bar.
  expect(rowsInView(46 * 900, 460, 46, 3)).toEqual({ first: 3, end: 3 });
});

test('pages change exactly at their edge', () => {
  expect(pagesOf({ first: 0, end: 0 })).toEqual([]);
  expect(pagesOf({ first: 0, end: PAGE_ROWS })).toEqual([0]);
  expect(pagesOf({ first: 0, end: PAGE_ROWS + 1 })).toEqual([0, 1]);
  expect(pagesOf({ first: PAGE_ROWS, end: PAGE_ROWS + 1 })).toEqual([1]);
  expect(pagesOf({ first: 99_950, end: 100_000 })).toEqual([999]);
});

test('scrolls as little as it can', () => {
  expect(scrollToShow(5, 0, 460, 46)).toBe(0);
  expect(scrollToShow(9, 0, 460, 46)).toBe(0);
  expect(scrollToShow(10, 0, 460, 46)).toBe(46);
  expect(scrollToShow(2, 460, 460, 46)).toBe(92);
});

test.each([
  ['ArrowDown', 3, 4],
  ['ArrowDown', 99, 99],
  ['ArrowUp', 3, 2],
  ['ArrowUp', 0, 0],
  ['PageDown', 3, 12],
  ['PageDown', 95, 99],
  ['PageUp', 20, 11],
  ['PageUp', 4, 0],
  ['Home', 50, 0],
  ['End', 50, 99],
  ['KeyA', 50, null],
])('%s from row %i leads to %s', (code, row, expected) => {
  expect(rowAfterKey(code, row, 100, 10)).toBe(expected);
});

test('an empty list leads nowhere', () => {
  expect(rowAfterKey('End', 0, 0, 10)).toBeNull();
});
