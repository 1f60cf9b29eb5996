import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { chosen, page, requests, said } from './page';

test('a refund shows the payment it takes back and is recorded by one key', async () => {
  const { memory } = await page();
  const row = await chosen('e6');
  expect(said(row)).toContain('−15 000,00 ₽');
  expect(said(row)).toContain('Возврат');
  expect(said(screen.getByTestId('entry-sum'))).toBe('−15 000,00 ₽');
  expect(screen.getByTestId('evidence-mark').textContent).toBe('Возврат оплаты по счету № 145');
  const candidate = screen.getByTestId('candidate');
  expect(said(candidate)).toContain('Весь платёж от 28.03.2025 на 15 000,00 ₽');
  const [invoice] = within(candidate).getAllByTestId('undone-invoice');
  expect(within(invoice as HTMLElement).getAllByRole('cell').map(said)).toEqual(['№ 145 от 12.03.2025', '0,00 ₽', '15 000,00 ₽']);
  // Nobody refuses an invoice here, and no rule is made of a debit.
  expect(screen.queryByTestId('refuse')).toBeNull();
  expect(screen.queryByTestId('rule-from-line')).toBeNull();
  expect(said(screen.getByTestId('confirm'))).toContain('Провести возврат');
  await fireEvent.keyDown(row, { code: 'Enter' });
  await waitFor(() =>
    expect(requests(memory, 'decide')).toEqual([
      { entry: 'e6', allocations: [{ invoice: 'b24:31:145', amount: '15000.00' }], undoes: 'e1' },
    ]),
  );
  await chosen('e6');
  await waitFor(() => expect(said(screen.getByTestId('undo'))).toBe('Отменить возврат'));
  expect(screen.getByTestId('undone')).toBeTruthy();
  expect(screen.queryByTestId('refund')).toBeNull();
  // The payment says that it went back, leads there, and is not said to go back once more.
  await chosen('e1');
  const line = await screen.findByTestId('refund-of');
  expect(screen.queryByTestId('refund')).toBeNull();
  await fireEvent.click(line);
  await waitFor(() => expect(screen.getByTestId('payment').dataset['entry']).toBe('e6'));
});

test('that it is no refund is asked about once, in words of its own', async () => {
  const { memory } = await page();
  const row = await chosen('e6');
  await fireEvent.keyDown(row, { code: 'Backspace' });
  const question = await screen.findByRole('dialog');
  expect(said(question)).toContain('Это не возврат покупателю?');
  await fireEvent.click(screen.getByTestId('ask-yes'));
  await waitFor(() => expect(requests(memory, 'dismiss')).toEqual([{ entry: 'e6' }]));
});

test('a posted payment is said to have gone back after a question', async () => {
  const { memory } = await page();
  await chosen('e1');
  await fireEvent.click(screen.getByTestId('refund'));
  const question = await screen.findByRole('dialog');
  expect(said(question)).toContain('Деньги вернулись покупателю?');
  expect(requests(memory, 'refund')).toEqual([]);
  await fireEvent.click(screen.getByTestId('ask-yes'));
  await waitFor(() => expect(requests(memory, 'refund')).toEqual([{ decision: 'd-e1' }]));
  await waitFor(() => expect(screen.queryByTestId('refund')).toBeNull());
});
