// Our own companies: named, their accounts given to them, and the CRMs that bill for them.

import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { enter, page, requests, said } from './page';

const INN = '7802641756';
const fill = async (testid: string, value: string) =>
  fireEvent.input(await screen.findByTestId(testid), { target: { value } });
const field = (name: string) => document.querySelector(`[data-field="${name}"]`) as HTMLElement | null;

test('a company that statements name is known by its INN until a person names it', async () => {
  const { memory } = await page();
  await enter('settings');
  const [company] = await screen.findAllByTestId('company');
  expect(said(company as HTMLElement)).toContain(`ИНН ${INN}`);
  expect(field('account.40702810900000000001')).toBeNull();
  await fireEvent.click(screen.getByTestId('company-take'));
  expect((screen.getByTestId('company-inn') as HTMLInputElement).value).toBe(INN);
  await fill('company-name', 'ООО «Северный ветер»');
  await fireEvent.submit(screen.getByTestId('company-save').closest('form') as HTMLFormElement);
  await screen.findByTestId('company-remove');
  expect(requests(memory, 'company_save')).toEqual([{ inn: INN, name: 'ООО «Северный ветер»', kpp: null }]);
  await waitFor(() => expect((screen.getByTestId('company-inn') as HTMLInputElement).value).toBe(''));
});

test('an account is given to a company, and a CRM says for whom it bills', async () => {
  const { memory } = await page();
  await enter('settings');
  await fireEvent.click(await screen.findByTestId('company-take'));
  await fill('company-name', 'Северный ветер');
  await fireEvent.submit(screen.getByTestId('company-save').closest('form') as HTMLFormElement);
  const account = await waitFor(() => {
    const found = document.querySelector('[data-field^="account."]') as HTMLSelectElement | null;
    expect(found).not.toBeNull();
    return found as HTMLSelectElement;
  });
  expect([...account.options].map((option) => said(option))).toEqual(['Сам: Северный ветер', 'Северный ветер']);
  await fireEvent.change(account, { target: { value: INN } });
  await waitFor(() => expect(requests(memory, 'account_company')).toHaveLength(1));
  expect(requests(memory, 'account_company')[0]).toMatchObject({ company: INN });
  const serves = field(`serves.b24.${INN}`) as HTMLInputElement;
  await waitFor(() => expect(serves.disabled).toBe(false));
  await fireEvent.click(serves);
  await waitFor(() =>
    expect(requests(memory, 'connection_companies')).toEqual([{ connection: 'b24', companies: [INN] }]),
  );
});

test('an order is paid from the account that is chosen, with its owner and its bank', async () => {
  const { memory } = await page();
  const other = {
    name: 'ООО «Южный ветер»',
    inn: '7707083893',
    kpp: '770701001',
    account: '40702810200000007702',
    bik: '044525593',
    bank_name: 'АО «АЛЬФА-БАНК»',
    bank_city: 'г. Москва',
    correspondent_account: '30101810200000000593',
  };
  await enter('orders');
  await fireEvent.click(await screen.findByTestId('order-new'));
  // One account of ours goes without saying.
  expect(screen.queryByTestId('order-pay-from')).toBeNull();
  memory.companies.others = [other];
  memory.emit('changed', undefined);
  const from = (await screen.findByTestId('order-pay-from')) as HTMLSelectElement;
  expect([...from.options].map((option) => said(option))[1]).toBe(`${other.name} · ${other.account} · ${other.bank_name}`);
  await fireEvent.change(from, { target: { value: other.account } });
  await waitFor(() => expect((field('payer.account') as HTMLInputElement).value).toBe(other.account));
  await fireEvent.click(screen.getByTestId('order-save'));
  await waitFor(() => expect(requests(memory, 'order_save')).toMatchObject([{ draft: { payer: other } }]));
});
