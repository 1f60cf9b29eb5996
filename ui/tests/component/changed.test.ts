// Invoices that managers changed in the CRM after our write: asked about in the outbox, answered there.

import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { enter, page, requests, said } from './page';

const row = (drift: string): HTMLElement => {
  const found = screen.getAllByTestId('drift-row').find((one) => one.dataset['drift'] === drift);
  if (!found) throw new Error(`no row ${drift}`);
  return found;
};

const answers = (of: HTMLElement): string[] =>
  within(of)
    .getAllByRole('button')
    .map((button) => button.dataset['testid'] ?? '');

test('each change is told in words with the answers that make sense for it', async () => {
  await page();
  await enter('outbox');
  await screen.findAllByTestId('drift-row');
  expect(said(screen.getByTestId('outbox-changed'))).toContain('Изменены в CRM после нашей записи: 2 счёта');
  expect(said(row('d1'))).toContain('вернули в стадию «Отправлен клиенту»');
  expect(said(row('d1'))).toContain('убрали коды платежей (1)');
  expect(answers(row('d1'))).toEqual(['drift-write_again', 'drift-leave_it', 'drift-ask', 'drift-undo', 'drift-later']);
  expect(answers(row('d2'))).toEqual(['drift-leave_it', 'drift-ask', 'drift-undo', 'drift-later']);
  // Counted where the rooms are: one parked and two changed.
  await waitFor(() => expect(screen.getByTestId('room-outbox').textContent).toContain('3'));
});

test('an answer goes to the program and its row goes', async () => {
  const { memory } = await page();
  await enter('outbox');
  await screen.findAllByTestId('drift-row');
  await fireEvent.click(within(row('d1')).getByTestId('drift-write_again'));
  await waitFor(() => expect(screen.getAllByTestId('drift-row')).toHaveLength(1));
  expect(requests(memory, 'drift_answer')).toEqual([{ drift: 'd1', answer: 'write_again' }]);
});

test('to undo is asked once more, and no is no', async () => {
  const { memory } = await page();
  await enter('outbox');
  await screen.findAllByTestId('drift-row');
  await fireEvent.click(within(row('d2')).getByTestId('drift-undo'));
  expect(requests(memory, 'drift_answer')).toEqual([]);
  expect((await screen.findByRole('dialog')).textContent).toContain('счёта № 139');
  await fireEvent.click(within(screen.getByRole('dialog')).getByText('Отмена'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(requests(memory, 'drift_answer')).toEqual([]);
  await fireEvent.click(within(row('d2')).getByTestId('drift-undo'));
  await fireEvent.click(await screen.findByTestId('ask-yes'));
  await waitFor(() => expect(requests(memory, 'drift_answer')).toEqual([{ drift: 'd2', answer: 'undo' }]));
});

test('what is put off stays and presses nobody', async () => {
  await page();
  await enter('outbox');
  await screen.findAllByTestId('drift-row');
  await fireEvent.click(within(row('d2')).getByTestId('drift-later'));
  await waitFor(() => expect(said(row('d2'))).toContain('отложено'));
  expect(answers(row('d2'))).toEqual(['drift-leave_it', 'drift-ask', 'drift-undo']);
  await waitFor(() => expect(screen.getByTestId('room-outbox').textContent).toContain('2'));
});

test('whoever is responsible is asked once, and the invoice stays in the list', async () => {
  const { memory } = await page();
  await enter('outbox');
  await screen.findAllByTestId('drift-row');
  await fireEvent.click(within(row('d2')).getByTestId('drift-ask'));
  await waitFor(() => expect(said(row('d2'))).toContain('отложено'));
  expect(answers(row('d2'))).toEqual(['drift-leave_it', 'drift-undo']);
  expect(requests(memory, 'drift_answer')).toEqual([{ drift: 'd2', answer: 'ask' }]);
});

test('a message shows what became of its invoice, and is answered there too', async () => {
  const { memory } = await page({ language: 'en' });
  await enter('outbox');
  const rows = await screen.findAllByTestId('message-row');
  await fireEvent.click(rows.find((one) => one.dataset['message'] === 'm2') as HTMLElement);
  const drift = await screen.findByTestId('message-drift');
  expect(said(drift)).toContain('was moved back to');
  await fireEvent.click(within(drift).getByTestId('drift-leave_it'));
  await waitFor(() => expect(screen.queryByTestId('message-drift')).toBeNull());
  expect(requests(memory, 'drift_answer')).toEqual([{ drift: 'd1', answer: 'leave_it' }]);
});
