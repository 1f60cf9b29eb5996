import { expect, test } from 'vitest';

import { PagedRows, type Page } from '../../src/grid/paged-rows.svelte';
import { PAGE_ROWS } from '../../src/grid/window';

interface Asked {
  offset: number;
  answer: (page: Page<number>) => void;
  refuse: (error: unknown) => void;
}

function list() {
  const asked: Asked[] = [];
  const failures: unknown[] = [];
  const rows = new PagedRows<number>(
    (offset) =>
      new Promise((answer, refuse) => {
        asked.push({ offset, answer, refuse });
      }),
    (error) => failures.push(error),
  );
  return { rows, asked, failures };
}

function page(offset: number, total: number): Page<number> {
  return { total, rows: Array.from({ length: Math.min(PAGE_ROWS, total - offset) }, (_, row) => offset + row) };
}

async function settle(): Promise<void> {
  await new Promise((done) => setTimeout(done, 0));
}

test('asks each page in view once and knows its rows', async () => {
  const { rows, asked } = list();
  rows.show({ first: 0, end: 20 });
  rows.show({ first: 5, end: 25 });
  expect(asked.map(({ offset }) => offset)).toEqual([0]);
  asked[0]?.answer(page(0, 1000));
  await settle();
  expect([rows.total, rows.at(0), rows.at(99), rows.at(100)]).toEqual([1000, 0, 99, undefined]);
  expect(rows.indexOf((row) => row === 42)).toBe(42);
  rows.show({ first: 95, end: 110 });
  expect(asked.map(({ offset }) => offset)).toEqual([0, 100]);
});

test('a late answer to an old question is dropped', async () => {
  const { rows, asked } = list();
  void rows.restart();
  void rows.restart();
  asked[1]?.answer(page(0, 7));
  asked[0]?.answer(page(0, 999));
  await settle();
  expect(rows.total).toBe(7);
});

test('old rows stay on the screen until the new ones are there', async () => {
  const { rows, asked } = list();
  rows.show({ first: 0, end: 20 });
  asked[0]?.answer(page(0, 50));
  await settle();
  void rows.reload();
  expect(rows.at(3)).toBe(3);
  asked[1]?.answer({ total: 1, rows: [77] });
  await settle();
  expect([rows.at(0), rows.at(3), rows.total]).toEqual([77, undefined, 1]);
});

test('a page that failed is said and can be asked again', async () => {
  const { rows, asked, failures } = list();
  rows.show({ first: 0, end: 20 });
  asked[0]?.refuse('no network');
  await settle();
  expect(failures).toEqual(['no network']);
  rows.show({ first: 0, end: 20 });
  expect(asked).toHaveLength(2);
});

test('memory stays bounded however far one scrolls', async () => {
  const { rows, asked } = list();
  for (let first = 0; first < 100 * PAGE_ROWS; first += PAGE_ROWS) {
    rows.show({ first, end: first + 20 });
    asked.at(-1)?.answer(page(first, 100_000));
    await settle();
  }
  const kept = Array.from({ length: 100 }, (_, number) => rows.at(number * PAGE_ROWS)).filter((row) => row !== undefined);
  expect(kept.length).toBeLessThanOrEqual(20);
  expect(rows.at(99 * PAGE_ROWS)).toBe(99 * PAGE_ROWS);
});
