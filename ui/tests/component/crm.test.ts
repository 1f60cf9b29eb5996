// Connecting a CRM, looking at the connection, and choosing its stages.

import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { enter, page, requests, said } from './page';

async function typed(testid: string, value: string): Promise<HTMLInputElement> {
  const input = (await screen.findByTestId(testid)) as HTMLInputElement;
  await fireEvent.input(input, { target: { value } });
  return input;
}

async function way(value: string): Promise<void> {
  await fireEvent.change(await screen.findByTestId('crm-way'), { target: { value } });
}

const submitted = (input: HTMLElement) => fireEvent.submit(input.closest('form') as HTMLFormElement);
const select = (field: string) => document.querySelector(`[data-field="stages.${field}"]`) as HTMLSelectElement;

test('each thing that a connection is made of has a line with its state in words', async () => {
  await page();
  await enter('settings');
  await fireEvent.click(await screen.findByTestId('crm-check'));
  const result = await screen.findByTestId('crm-result');
  expect(result.getAttribute('role')).toBe('status');
  const lines = [...result.querySelectorAll('li')].map((line) => [line.dataset['check'], said(line)]);
  expect(lines).toEqual([
    ['address', 'Адрес, в порядке: Битрикс24 отвечает'],
    ['rights', 'Права, в порядке: права: crm'],
    ['field', 'Поле для кода платежа, не хватает: Поле «Платежи» ещё не создано'],
    ['clock', 'Часы, не проверено: CRM не сообщила времени'],
  ]);
});

test('a local application is connected in the page, and its secrets are forgotten at once', async () => {
  const { memory } = await page();
  await enter('settings');
  await way('application');
  expect(screen.queryByTestId('crm-webhook')).toBeNull();
  expect((screen.getByTestId('crm-address') as HTMLButtonElement).disabled).toBe(true);
  await typed('crm-portal', 'https://firm.bitrix24.ru');
  await typed('crm-clientId', 'app.1');
  await fireEvent.click(screen.getByTestId('crm-address'));
  const address = (await screen.findByTestId('crm-address-shown')) as HTMLInputElement;
  expect(address.value).toBe('https://firm.bitrix24.ru/oauth/authorize/?client_id=app.1');
  const secret = await typed('crm-clientSecret', 's3cr3t');
  const code = await typed('crm-code', 'c0de');
  expect([secret.type, code.type]).toEqual(['password', 'password']);
  await submitted(code);
  await screen.findByTestId('crm-result');
  expect(requests(memory, 'connect_application')).toEqual([
    { client_id: 'app.1', client_secret: 's3cr3t', code: 'c0de', connection: null, name: null },
  ]);
  expect([secret.value, code.value]).toEqual(['', '']);
});

test('amoCRM is connected by a token or by an integration', async () => {
  const { memory } = await page();
  await enter('settings');
  await way('token');
  await typed('crm-account', 'https://firm.amocrm.ru');
  await submitted(await typed('crm-token', 't0ken'));
  await screen.findByTestId('crm-result');
  await way('integration');
  await typed('crm-account', 'https://firm.amocrm.ru');
  await typed('crm-clientId', 'id');
  await typed('crm-clientSecret', 's3cr3t');
  await typed('crm-redirect', 'https://example.org');
  await submitted(await typed('crm-code', 'c0de'));
  await waitFor(() =>
    expect(requests(memory, 'connect_amocrm')).toEqual([
      { account: 'https://firm.amocrm.ru', token: 't0ken', integration: null, lead_paid: null, connection: null, name: null },
      {
        account: 'https://firm.amocrm.ru',
        token: null,
        integration: { client_id: 'id', client_secret: 's3cr3t', redirect_uri: 'https://example.org', code: 'c0de' },
        lead_paid: null,
        connection: null,
        name: null,
      },
    ]),
  );
});

test('what is typed for one way is not sent by another', async () => {
  await page();
  await enter('settings');
  await typed('crm-webhook', 'https://firm.bitrix24.ru/rest/1/secret/');
  await way('token');
  await way('webhook');
  expect(((await screen.findByTestId('crm-webhook')) as HTMLInputElement).value).toBe('');
});

test('a stage that is gone is said, another one is chosen, and only what is chosen is sent', async () => {
  const { memory } = await page();
  await enter('settings');
  await fireEvent.click(await screen.findByTestId('stages-read'));
  expect(said(await screen.findByTestId('stages-troubles'))).toContain('больше нет');
  const paid = select('invoices:3:paid');
  expect(paid.getAttribute('aria-invalid')).toBe('true');
  expect([...paid.options].map((option) => said(option))).toEqual([
    'Само: «Оплачен»',
    'DT31_3:GONE — больше нет',
    'Выставлен',
    'Оплачен',
  ]);
  const save = screen.getByTestId('stages-save') as HTMLButtonElement;
  expect(save.disabled).toBe(true);
  await fireEvent.change(paid, { target: { value: 'DT31_3:P' } });
  expect(paid.getAttribute('aria-invalid')).toBe('false');
  expect(save.disabled).toBe(false);
  await submitted(save);
  await waitFor(() => expect(screen.queryByTestId('stages-troubles')).toBeNull());
  expect(requests(memory, 'mapping_save')).toEqual([
    {
      connection: 'b24',
      choices: [{ of: 'invoices', funnel: '3', status: 'paid', stage: 'DT31_3:P' }],
      extras: { notifies: true, vouchers: false, act_template: null },
    },
  ]);
  expect(select('invoices:3:partly_paid').value).toBe('');
});

test('what else is told is switched here, with what the key lacks beside it', async () => {
  const { memory } = await page();
  await enter('settings');
  await fireEvent.click(await screen.findByTestId('stages-read'));
  await fireEvent.click(await screen.findByTestId('extras-notifies'));
  await fireEvent.change(screen.getByTestId('extras-act'), { target: { value: '39' } });
  expect(said(screen.getByTestId('stages'))).toContain('нужно право sale');
  await submitted(screen.getByTestId('stages-save'));
  await waitFor(() => expect(requests(memory, 'mapping_save')).toHaveLength(1));
  expect(requests(memory, 'mapping_save')[0]).toMatchObject({
    extras: { notifies: false, vouchers: false, act_template: '39' },
  });
  await waitFor(() => expect((screen.getByTestId('stages-save') as HTMLButtonElement).disabled).toBe(true));
});

test('without a CRM there is nothing to check and nothing to choose', async () => {
  await page({ empty: true });
  await enter('settings');
  await screen.findByTestId('crm-webhook');
  for (const absent of ['crm-check', 'crm-disconnect', 'stages-read']) expect(screen.queryByTestId(absent)).toBeNull();
});

test('several CRMs are listed, and each is looked at, chosen for and let go by itself', async () => {
  const { memory } = await page({ several: true });
  await enter('settings');
  const cards = await screen.findAllByTestId('crm-connection');
  expect(cards.map((card) => [card.dataset['connection'], said(card.querySelector('h3') as HTMLElement)])).toEqual([
    ['b24', 'demo.bitrix24.ru'],
    ['b24-2', 'Вторая фирма'],
  ]);
  const second = within(cards[1] as HTMLElement);
  await fireEvent.click(second.getByTestId('crm-check'));
  await second.findByTestId('crm-result');
  expect(within(cards[0] as HTMLElement).queryByTestId('crm-result')).toBeNull();
  await fireEvent.click(second.getByTestId('stages-read'));
  await second.findByTestId('stages');
  await fireEvent.click(second.getByTestId('crm-disconnect'));
  await screen.findByText('Отключить Вторая фирма?');
  await fireEvent.click(await screen.findByTestId('ask-yes'));
  await waitFor(() => expect(requests(memory, 'disconnect')).toEqual([{ connection: 'b24-2' }]));
  expect(requests(memory, 'connection_check')).toEqual([{ connection: 'b24-2' }]);
  expect(requests(memory, 'mapping')).toEqual([{ connection: 'b24-2' }]);
  // The frame says how each of them stands.
  expect(screen.getAllByTestId('status-crm').map((line) => said(line))).toEqual([
    'demo.bitrix24.ru: на связи',
    'Вторая фирма: нет сети',
  ]);
});

test('another CRM is connected beside the first, under a name of its own', async () => {
  const { memory } = await page();
  await enter('settings');
  expect(said(await screen.findByTestId('crm-another'))).toBe('Подключить ещё одну CRM');
  await typed('crm-name', 'Филиал');
  await submitted(await typed('crm-webhook', 'https://second.bitrix24.ru/rest/1/secret/'));
  await waitFor(() =>
    expect(requests(memory, 'connect')).toEqual([
      { webhook: 'https://second.bitrix24.ru/rest/1/secret/', connection: null, name: 'Филиал' },
    ]),
  );
});
