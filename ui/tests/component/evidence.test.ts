import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import type { EntryView } from '../../src/wire';
import { chosen, page, requests, said } from './page';

test('kinds of marks are told apart by class and named beneath, with their words for who cannot see them', async () => {
  await page();
  await chosen('e1');
  const kinds = screen.getAllByTestId('evidence-mark').map((mark) => mark.classList[0]);
  expect(kinds).toEqual(['number', 'date']);
  expect(said(screen.getByTestId('mark-legend'))).toBe('номер счёта: «счету № 145»дата счёта: «12.03.2025»');
});

test('a set is one solution with all its invoices and their sum, and the rest of an invoice is called so', async () => {
  await page();
  await chosen('e2');
  const [set, single] = screen.getAllByTestId('candidate');
  expect(said(set as HTMLElement)).toContain('Вместе 2 счёта48 250,50 ₽ Разница до нуля: сходится полностью 0,00 ₽');
  expect(said(set as HTMLElement)).toContain('остаток: счёт будет оплачен полностью');
  // Money above the invoice is an advance, and what that obliges to is said.
  expect(said(single as HTMLElement)).toContain('Аванс: 18 250,50 ₽ сверх счетов');
  expect(said(single as HTMLElement)).toContain('в течение пяти дней');
});

test('the runner-up says why it lost, the first says nothing of it', async () => {
  await page();
  await chosen('e3');
  const [first] = screen.getAllByTestId('candidate');
  expect(said(first as HTMLElement)).toContain('предоплата: останется открыто 120 000,00 ₽');
  const behind = screen.getAllByTestId('behind');
  expect(behind).toHaveLength(1);
  expect(said(behind[0] as HTMLElement)).toContain('у первого есть: слова называют часть');
  expect(said(behind[0] as HTMLElement)).toContain('здесь против: в назначении названа часть');
});

test('a tie is said to be one', async () => {
  const { memory } = await page();
  const answer = memory.call.bind(memory);
  memory.call = (command, request) => {
    const view = structuredClone(answer(command, request));
    if (command === 'entry_view') for (const one of (view as EntryView).candidates) if (one.behind) one.behind = { lacks: [], against: [] };
    return view;
  };
  await chosen('e3');
  expect(said(screen.getByTestId('behind'))).toBe('Ничем не слабее первого: выберите сами.');
});

test('Delete refuses the marked suggestion: this invoice of the set, for this payment', async () => {
  const { memory } = await page();
  const row = await chosen('e2');
  await fireEvent.keyDown(row, { code: 'Delete' });
  const invoices = await screen.findAllByTestId('refuse-invoice');
  expect(invoices).toHaveLength(2);
  await fireEvent.click(invoices[1] as HTMLElement);
  await fireEvent.submit(screen.getByTestId('refuse-yes').closest('form') as HTMLFormElement);
  await waitFor(() =>
    expect(requests(memory, 'reject')).toEqual([{ entry: 'e2', invoice: 'b24:31:152', scope: 'payment' }]),
  );
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  // The payment goes on waiting.
  expect(screen.getByTestId('payment').dataset['entry']).toBe('e2');
});

test('a refusal for the payer that the program does not take is said in the dialog', async () => {
  const { memory } = await page();
  await chosen('e3');
  await fireEvent.click(screen.getAllByTestId('refuse')[1] as HTMLElement);
  await fireEvent.click(await screen.findByTestId('refuse-payer'));
  await fireEvent.submit(screen.getByTestId('refuse-yes').closest('form') as HTMLFormElement);
  expect((await screen.findByTestId('failure')).textContent).toContain('плательщик и есть покупатель');
  expect(screen.getByRole('dialog')).toBeTruthy();
  expect(requests(memory, 'reject')).toEqual([{ entry: 'e3', invoice: 'b24:31:149', scope: 'payer' }]);
});
