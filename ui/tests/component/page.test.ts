import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import App from '../../src/App.svelte';
import { Session } from '../../src/session.svelte';
import { both } from '../memory/demo';
import { Memory, refused } from '../memory/memory';
import { chosen, enter, page, requests, said } from './page';

test('the list says how long it is and where each row stands', async () => {
  await page();
  const grid = screen.getByRole('grid');
  expect(grid.getAttribute('aria-rowcount')).toBe('341');
  const [first] = screen.getAllByTestId('inbox-row');
  expect(first?.getAttribute('aria-rowindex')).toBe('2');
  expect(first?.getAttribute('tabindex')).toBe('0');
  expect(screen.getAllByTestId('inbox-row').length).toBeLessThan(40);
});

test('the proving words are marked though an emoji stands before them', async () => {
  await page();
  await chosen('e2');
  expect(screen.getAllByTestId('evidence-mark').map((mark) => mark.textContent)).toEqual(['сч. №151', 'сч. №152']);
  expect(screen.getByTestId('entry-purpose').textContent).toBe(
    'За мебель 🪑 по договору 7/25, сч. №151 и сч. №152. НДС не облагается',
  );
});

test('the payments that a bank booked as one sum are told one by one', async () => {
  await page();
  await chosen('e3');
  const told = screen.getAllByTestId('entry-detail').map((detail) => detail.textContent.replaceAll(/\s+/g, ' ').trim());
  expect(told).toEqual([
    'АО «Волжский завод» 100 000,00 ₽ ИНН 6321000018 · Предоплата по договору поставки',
    'Кузнецов Пётр 20 000,00 ₽ Оплата за доставку, сч. 149',
  ]);
  await chosen('e2');
  expect(screen.queryAllByTestId('entry-detail')).toEqual([]);
});

test('what is said of an imported file has its place where it has one', async () => {
  const { session } = await page();
  await session.imports.take(['выписки.zip']);
  const file = await screen.findByTestId('imported-file');
  const told = [...file.querySelectorAll('.remarks li')].map((one) => one.textContent.replaceAll(/\s+/g, ' ').trim());
  expect(told).toEqual([
    'ошибка июль.xml, строка 8, место 31 «12..34» не сумма попросите файл у банка ещё раз camt/amount',
    'заметка расширение обещает другое ничего делать не нужно format/extension',
  ]);
});

test('Enter confirms exactly the candidate on the screen and moves on', async () => {
  const { memory } = await page();
  const row = await chosen('e2');
  await fireEvent.keyDown(row, { code: 'Enter' });
  await waitFor(() => expect(screen.getByTestId('payment').dataset['entry']).toBe('e3'));
  expect(requests(memory, 'decide')).toEqual([
    {
      entry: 'e2',
      allocations: [
        { invoice: 'b24:31:151', amount: '30000.00' },
        { invoice: 'b24:31:152', amount: '18250.50' },
      ],
      undoes: null,
    },
  ]);
});

test('the other candidate is sent when it is the one marked', async () => {
  const { memory } = await page();
  await chosen('e3');
  const [, second] = screen.getAllByRole('radio');
  await fireEvent.click(second as HTMLElement);
  await fireEvent.click(screen.getByTestId('confirm'));
  await waitFor(() => expect(requests(memory, 'decide')).toHaveLength(1));
  expect(requests(memory, 'decide')).toEqual([
    { entry: 'e3', allocations: [{ invoice: 'b24:31:149', amount: '120000.00' }], undoes: null },
  ]);
});

test('under a filter the decided payment leaves the list and the next one takes its place', async () => {
  await page();
  await fireEvent.click(screen.getByTestId('filter-review'));
  await waitFor(() => expect(screen.getAllByTestId('inbox-row')[0]?.dataset['entry']).toBe('e2'));
  const row = await chosen('e2');
  await fireEvent.keyDown(row, { code: 'NumpadEnter' });
  await waitFor(() => expect(screen.getAllByTestId('inbox-row')[0]?.dataset['entry']).toBe('e3'));
  await waitFor(() => expect(screen.getByTestId('payment').dataset['entry']).toBe('e3'));
  const [first] = screen.getAllByTestId('inbox-row');
  expect([first?.getAttribute('aria-selected'), first?.getAttribute('tabindex')]).toEqual(['true', '0']);
});

test('Enter on a decided payment decides nothing', async () => {
  const { memory } = await page();
  const row = await chosen('e1');
  await fireEvent.keyDown(row, { code: 'Enter' });
  expect(requests(memory, 'decide')).toEqual([]);
});

test('a decided payment shows what it gave, and foretells nothing of what stays open', async () => {
  await page();
  await chosen('e1');
  const payment = await screen.findByTestId('payment');
  expect(said(payment)).toContain('Зачтено');
  expect(said(payment)).not.toContain('предоплата');
  expect(within(payment).queryByTestId('portion')).toBeNull();
});

test('Backspace asks once; Ctrl+Z takes it back by the place of the key', async () => {
  const { memory } = await page();
  const row = await chosen('e2');
  await fireEvent.keyDown(row, { code: 'Backspace' });
  expect(requests(memory, 'dismiss')).toEqual([]);
  await fireEvent.click(await screen.findByTestId('ask-yes'));
  await waitFor(() => expect(requests(memory, 'dismiss')).toEqual([{ entry: 'e2' }]));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  // The Russian layout types «я» with this key.
  await fireEvent.keyDown(document.body, { code: 'KeyZ', key: 'я', ctrlKey: true });
  await waitFor(() => expect(requests(memory, 'undo')).toEqual([{ decision: null }]));
});

test('keys typed into the search are left to it', async () => {
  const { memory } = await page();
  await chosen('e2');
  const search = screen.getByTestId('inbox-search');
  await fireEvent.keyDown(search, { code: 'Backspace' });
  await fireEvent.keyDown(search, { code: 'KeyZ', ctrlKey: true });
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(requests(memory, 'undo')).toEqual([]);
});

test('news reloads what is shown and keeps the chosen payment', async () => {
  const { memory } = await page();
  await chosen('e3');
  const before = requests(memory, 'inbox_page').length;
  memory.entries = [{ ...(memory.entries[0] as (typeof memory.entries)[0]), entry: 'new' }, ...memory.entries];
  memory.emit('changed', undefined);
  memory.emit('changed', undefined);
  memory.emit('changed', undefined);
  await waitFor(() => expect(screen.getAllByTestId('inbox-row')[0]?.dataset['entry']).toBe('new'));
  // Every piece of news has had its time by now: three of them were one reload.
  await new Promise((passed) => setTimeout(passed, 200));
  expect(requests(memory, 'inbox_page')).toHaveLength(before + 1);
  expect(screen.getByTestId('payment').dataset['entry']).toBe('e3');
  await waitFor(() => {
    const selected = screen.getAllByTestId('inbox-row').find((row) => row.getAttribute('aria-selected') === 'true');
    expect([selected?.dataset['entry'], selected?.getAttribute('tabindex')]).toEqual(['e3', '0']);
  });
});

test('advances are listed apart, with the day their invoice is due', async () => {
  const { memory, session } = await page();
  expect(screen.queryByTestId('filter-advances')).toBeNull();
  const paid = memory.entries[0] as (typeof memory.entries)[0];
  memory.entries = [{ ...paid, entry: 'above', advance: ['500.00', '2025-04-02'] }, ...memory.entries];
  memory.emit('changed', undefined);
  await fireEvent.click(await screen.findByTestId('filter-advances'));
  await waitFor(() => expect(screen.getAllByTestId('inbox-row').map((row) => row.dataset['entry'])).toEqual(['above']));
  const row = screen.getByTestId('inbox-row');
  expect(row.textContent).toContain('Аванс 500,00');
  expect(row.textContent).toContain('до 02.04.2025');
  expect(session.inbox.filter).toBe('advances');
});

test('a failure says what happened and what to do', async () => {
  const { session } = await page();
  session.failed(
    refused('ledger/read-only', both('Диск только для чтения', 'read-only'), both('Освободите диск', 'free the disk')),
  );
  const alert = await screen.findByTestId('failure');
  expect(alert.textContent).toContain('Диск только для чтения');
  expect(alert.textContent).toContain('Освободите диск');
  await fireEvent.click(within(alert).getByText('Закрыть'));
  expect(screen.queryByTestId('failure')).toBeNull();
});

test('a program that does not answer is said once and asked again on request', async () => {
  const memory = new Memory({ language: 'ru' });
  const backend = memory.backend();
  const gone = refused('page/unreachable', both('Программа не отвечает.', 'no answer'), both('Повторите.', 'again'));
  let answers = false;
  const call: typeof backend.call = (command, request) =>
    answers ? backend.call(command, request) : Promise.reject(gone);
  const session = new Session({ ...backend, call }, 'ru-RU');
  render(App, { session });
  const alert = await screen.findByTestId('failure');
  expect(screen.getByTestId('status-headline').textContent).toBe('Ошибка');
  answers = true;
  await fireEvent.click(within(alert).getByText('Повторить'));
  await screen.findAllByTestId('inbox-row');
  expect(screen.queryByTestId('failure')).toBeNull();
});

test('money that came is announced, without sums where they are hidden', async () => {
  const { memory, session } = await page();
  const money = {
    count: 2,
    total: [],
    waiting: 1,
    says: both('Поступило 2 платежа на 100,00 ₽', 'a'),
    says_hidden: both('Поступило 2 платежа', 'b'),
    first_entry: 'e4',
  };
  memory.emit('money_came', money);
  expect((await screen.findByTestId('notice')).textContent).toContain('100,00');
  session.settings = { ...memory.settings, hide_sums: true };
  memory.emit('money_came', money);
  await waitFor(() => expect(screen.getByTestId('notice').textContent).not.toContain('100,00'));
  await fireEvent.click(within(screen.getByTestId('notice')).getByText('Показать'));
  await waitFor(() => expect(screen.getByTestId('payment').dataset['entry']).toBe('e4'));
});

test('the empty program says how to begin', async () => {
  await page({ empty: true });
  const start = await screen.findByTestId('first-start');
  expect(within(start).getAllByRole('listitem')).toHaveLength(3);
});

test('an order is checked while it is typed, saved, submitted and signed', async () => {
  const { memory } = await page();
  await fireEvent.click(screen.getByTestId('room-orders'));
  await fireEvent.click(await screen.findByTestId('order-new'));
  const field = (name: string) => {
    const found = document.querySelector<HTMLInputElement>(`[data-field="${name}"]`);
    if (!found) throw new Error(`no field ${name}`);
    return found;
  };
  await waitFor(() => expect(screen.getByTestId('order-defects').textContent).toContain('4 замечания'));
  // Nobody has been to the field yet: it is not blamed.
  expect(field('payee.account').getAttribute('aria-invalid')).toBe('false');
  await fireEvent.input(field('payee.account'), { target: { value: '4070' } });
  await waitFor(() => expect(field('payee.account').getAttribute('aria-invalid')).toBe('true'));
  await fireEvent.input(field('date'), { target: { value: '09.01.2026' } });
  await fireEvent.input(field('amount'), { target: { value: '1 200,50' } });
  await fireEvent.input(field('payee.account'), { target: { value: '40702810000000000001' } });
  await fireEvent.input(field('payee.name'), { target: { value: 'ООО «Вега»' } });
  await fireEvent.input(field('purpose'), { target: { value: 'За печать' } });
  await fireEvent.click(screen.getByTestId('order-submit'));
  await screen.findByRole('dialog');
  expect(requests(memory, 'order_save')).toMatchObject([
    { order: null, draft: { date: '2026-01-09', amount: '1 200,50', payer: { inn: '7701234567' } } },
  ]);

  await fireEvent.input(screen.getByTestId('who-name'), { target: { value: 'Анна' } });
  await fireEvent.input(screen.getByTestId('who-passphrase'), { target: { value: 'не та' } });
  await fireEvent.submit(screen.getByTestId('who-ok').closest('form') as HTMLFormElement);
  // The dialog stays, says why, and forgets what was typed.
  expect((await screen.findByTestId('failure')).textContent).toContain('не подходят');
  expect((screen.getByTestId('who-passphrase') as HTMLInputElement).value).toBe('');
  await fireEvent.input(screen.getByTestId('who-passphrase'), { target: { value: 'верная фраза' } });
  await fireEvent.submit(screen.getByTestId('who-ok').closest('form') as HTMLFormElement);
  await waitFor(() => expect(screen.getByTestId('order').dataset['state']).toBe('submitted'));
  expect(field('amount').readOnly).toBe(true);
});

test('a consent is to what was on the screen when the dialog opened', async () => {
  const { memory } = await page();
  await fireEvent.click(screen.getByTestId('room-orders'));
  const waiting = memory.orders.find((order) => order.state === 'submitted');
  if (!waiting) throw new Error('the demo has an order that waits');
  const rows = await screen.findAllByTestId('order-row');
  const row = rows.find((found) => found.dataset['order'] === waiting.order);
  await fireEvent.click(row as HTMLElement);
  await fireEvent.click(await screen.findByTestId('order-approve'));
  await screen.findByRole('dialog');
  const before = waiting.content_hash;
  // Somebody saves another sum while the approver types the passphrase.
  memory.orders = memory.orders.map((order) =>
    order === waiting ? { ...order, content_hash: 'another', draft: { ...order.draft, amount: '948500.00' } } : order,
  );
  memory.emit('changed', undefined);
  await fireEvent.input(screen.getByTestId('who-name'), { target: { value: 'Борис' } });
  await fireEvent.input(screen.getByTestId('who-passphrase'), { target: { value: 'верная фраза' } });
  await fireEvent.submit(screen.getByTestId('who-ok').closest('form') as HTMLFormElement);
  expect((await screen.findByTestId('failure')).textContent).toContain('изменилась');
  expect(requests(memory, 'order_approve')).toMatchObject([{ content_hash: before }]);
});

test('a statement line in question is answered in the list', async () => {
  const { memory } = await page();
  await screen.findByTestId('inbox-asked');
  const lines = await screen.findAllByTestId('asked-row');
  expect(lines).toHaveLength(2);
  await fireEvent.click(screen.getAllByTestId('asked-credit')[0] as HTMLElement);
  await waitFor(() => expect(requests(memory, 'asked_answer')).toMatchObject([{ asked: 1, answer: 'credit' }]));
  await waitFor(() => expect(screen.getAllByTestId('asked-row')).toHaveLength(1));
});

test('typed changes are never dropped without a word', async () => {
  const { memory } = await page();
  await fireEvent.click(screen.getByTestId('room-orders'));
  await fireEvent.click(await screen.findByTestId('order-new'));
  const purpose = document.querySelector('[data-field="purpose"]') as HTMLTextAreaElement;
  await fireEvent.input(purpose, { target: { value: 'За печать' } });
  const [row] = await screen.findAllByTestId('order-row');
  await fireEvent.click(row as HTMLElement);
  await fireEvent.click(await screen.findByTestId('leave-save'));
  await waitFor(() => expect(requests(memory, 'order_save')).toHaveLength(1));
  await waitFor(() => expect(screen.getByTestId('order').dataset['state']).toBe('draft'));
});

test('an order being typed survives a visit to another room and news', async () => {
  const { memory } = await page();
  await fireEvent.click(screen.getByTestId('room-orders'));
  await fireEvent.click(await screen.findByTestId('order-new'));
  await fireEvent.input(document.querySelector('[data-field="purpose"]') as HTMLElement, { target: { value: 'За печать' } });
  await fireEvent.click(screen.getByTestId('room-outbox'));
  memory.emit('changed', undefined);
  await fireEvent.click(screen.getByTestId('room-orders'));
  await waitFor(() =>
    expect((document.querySelector('[data-field="purpose"]') as HTMLTextAreaElement).value).toBe('За печать'),
  );
});

test('the webhook is a secret: it is sent once and not kept in the page', async () => {
  const { memory } = await page();
  await fireEvent.click(screen.getByTestId('room-settings'));
  const webhook = (await screen.findByTestId('crm-webhook')) as HTMLInputElement;
  expect(webhook.type).toBe('password');
  await fireEvent.input(webhook, { target: { value: 'https://demo.bitrix24.ru/rest/1/secret/' } });
  await fireEvent.submit(webhook.closest('form') as HTMLFormElement);
  expect((await screen.findByTestId('crm-result')).textContent).toContain('Поле «Платежи» ещё не создано');
  expect(requests(memory, 'connect')).toHaveLength(1);
  expect(webhook.value).toBe('');
  expect(document.body.innerHTML).not.toContain('secret');
});

test('the language follows the settings at once', async () => {
  await page();
  await fireEvent.click(screen.getByTestId('room-settings'));
  const language = (await screen.findByTestId('settings-language')) as HTMLSelectElement;
  await fireEvent.change(language, { target: { value: 'en' } });
  await fireEvent.submit(language.closest('form') as HTMLFormElement);
  await waitFor(() => expect(screen.getByTestId('room-inbox').textContent).toContain('Payments in'));
  expect(document.documentElement.lang).toBe('en');
});

test('what the program met stays in sight in every room', async () => {
  await page({ notices: [both('Файл «акт.pdf» не прочитан', 'The file «акт.pdf» was not read')] });
  for (const room of ['inbox', 'outbox']) {
    await fireEvent.click(screen.getByTestId(`room-${room}`));
    expect(screen.getByTestId('standing-notice').textContent).toContain('Файл «акт.pdf» не прочитан');
  }
});

test('a receipt says in the language of the page what was left alone', async () => {
  for (const [language, note] of [
    ['ru', 'Сделки № 25 больше нет'],
    ['en', 'Deal 25 is gone'],
  ] as const) {
    await page({ language });
    await fireEvent.click(screen.getByTestId('room-outbox'));
    const rows = await screen.findAllByTestId('message-row');
    await fireEvent.click(rows.find((row) => row.dataset['state'] === 'delivered') as HTMLElement);
    expect((await screen.findByTestId('receipt')).textContent).toContain(note);
    cleanup();
  }
});

test('how an invoice stands is told without a sum and without a code', async () => {
  await page();
  await enter('outbox');
  await waitFor(() => expect(screen.getAllByTestId('message-row').length).toBeGreaterThan(3));
  const row = screen.getAllByTestId('message-row').find((one) => one.dataset['message'] === 'm4');
  expect(said(row as HTMLElement)).toContain('Счёт № 152: просрочен');
  await fireEvent.click(row as HTMLElement);
  const shown = await screen.findByText('Просрочен', { exact: false, selector: '[data-testid=receipt] *' });
  expect(shown).toBeTruthy();
  expect(said(screen.getByTestId('message'))).not.toContain('Код платежа');
});
