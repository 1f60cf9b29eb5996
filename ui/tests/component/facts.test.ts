import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { enter, page, requests, said } from './page';

test('a fact says what it is, why it counts or not, and where it comes from', async () => {
  await page();
  await enter('facts');
  const [first, second, third, fourth, ...others] = await screen.findAllByTestId('fact');
  // What was only ever contradicted is not listed; who has no name is called by the account.
  expect(others).toEqual([]);
  expect(said(fourth as HTMLElement)).toMatch(/^счёт 40702810500000000777 платит/);
  expect(said(first as HTMLElement)).toContain('учитывается платит за покупателя с ИНН 7707083893 14 решений, с 03.06.2024 по 27.03.2025');
  expect(said(second as HTMLElement)).toContain('пока 1 из 2');
  expect(said(third as HTMLElement)).toContain('похоже на посредника');
  await fireEvent.click(within(first as HTMLElement).getByTestId('fact-sources'));
  const sources = await screen.findAllByTestId('fact-source');
  expect(sources.map(said)).toEqual([
    'Платёж от 27.03.2025 подтверждает',
    'Платёж от 12.03.2025 подтверждает',
    'Платёж от 03.02.2025 противоречит',
  ]);
  await fireEvent.click(within(sources[0] as HTMLElement).getByRole('button'));
  await waitFor(() => expect(screen.getByTestId('payment').dataset['entry']).toBe('e4'));
});

test('a fact is forgotten after one question', async () => {
  const { memory } = await page();
  await enter('facts');
  await fireEvent.click((await screen.findAllByTestId('fact-forget'))[0] as HTMLElement);
  expect((await screen.findByRole('dialog')).textContent).toContain('платит за покупателя с ИНН 7707083893');
  expect(requests(memory, 'fact_remove')).toEqual([]);
  await fireEvent.click(screen.getByTestId('ask-yes'));
  await waitFor(() => expect(requests(memory, 'fact_remove')).toEqual([{ fact: 'f1' }]));
  await waitFor(() => expect(screen.getAllByTestId('fact')).toHaveLength(3));
});

test('a search finds facts by payer and by words', async () => {
  await page();
  await enter('facts');
  await fireEvent.input(await screen.findByTestId('facts-search'), { target: { value: 'ромашка' } });
  await waitFor(() => expect(screen.getAllByTestId('fact').map(({ dataset }) => dataset['fact'])).toEqual(['f2']));
});

test('a payer shows its record, the bound it implies and what it has earned', async () => {
  await page();
  await enter('facts');
  const [earned, earning] = await screen.findAllByTestId('payer');
  expect(said(earned as HTMLElement)).toContain('312 решений, 0 отмен: ошибочных не больше 0,96 %');
  expect(said(earned as HTMLElement)).toContain('плательщик и сумма, номера нет решает сама');
  expect(said(earning as HTMLElement)).toContain('21 решение, 1 отмена: ошибочных не больше 20,68 %');
  expect(said(earning as HTMLElement)).toContain('подтверждено 12 из 29');
  expect(said(screen.getByTestId('bound'))).toContain('1 − 0,05^(1/n)');
});

test('a refused pair is taken back', async () => {
  const { memory } = await page();
  await enter('facts');
  await fireEvent.click(await screen.findByTestId('refused-back'));
  await waitFor(() => expect(requests(memory, 'fact_remove')).toEqual([{ fact: 'rejected:1' }]));
  await screen.findByTestId('refused-empty');
});

test('the limit is set as people write sums, and taken off', async () => {
  const { memory } = await page();
  await enter('facts');
  const sum = (await screen.findByTestId('cap-sum')) as HTMLInputElement;
  expect(sum.value).toBe('100000,00');
  await fireEvent.input(sum, { target: { value: '250 000,50' } });
  await fireEvent.submit(sum.closest('form') as HTMLFormElement);
  await waitFor(() => expect(said(screen.getByTestId('cap-now'))).toBe('Сейчас предел 250 000,50 ₽.'));
  await fireEvent.input(sum, { target: { value: 'много' } });
  await fireEvent.submit(sum.closest('form') as HTMLFormElement);
  expect((await screen.findByTestId('failure')).textContent).toContain('предел — не сумма');
  // What was typed stays to be mended.
  expect(sum.value).toBe('много');
  await fireEvent.click(screen.getByTestId('cap-off'));
  await waitFor(() => expect(said(screen.getByTestId('cap-now'))).toBe('Предела сейчас нет.'));
  expect(requests(memory, 'autonomy_cap')).toEqual([{ sum: '250 000,50' }, { sum: 'много' }, { sum: null }]);
});
