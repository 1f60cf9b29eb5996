import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { chosen, enter, page, requests, said } from './page';

function field(name: string): HTMLInputElement {
  const found = document.querySelector<HTMLInputElement>(`[data-field="rule.${name}"]`);
  if (!found) throw new Error(`no field ${name}`);
  return found;
}

async function type(name: string, value: string): Promise<void> {
  await fireEvent.input(field(name), { target: { value } });
}

async function press(testid: string): Promise<void> {
  await fireEvent.click(await screen.findByTestId(testid));
}

async function tryIt(): Promise<void> {
  await fireEvent.submit(await screen.findByTestId('rule-form'));
}

test('the order is said in plain words', async () => {
  await page();
  await enter('rules');
  const rules = await screen.findAllByTestId('rule');
  expect(rules.map(({ dataset }) => dataset['rule'])).toEqual(['r1', 'r2', 'r3']);
  expect(said(rules[0] as HTMLElement)).toContain('Правило 1: Займы учредителя плательщик с ИНН 772816897100: это не оплата покупателя');
});

test('a rule made from a line is tried, looked at, and confirmed twice because it breaks something', async () => {
  const { memory } = await page();
  await chosen('e2');
  await press('rule-from-line');
  await waitFor(() => expect(field('inn').value).toBe('771234567890'));
  expect((screen.getByTestId('rule-source-purpose') as HTMLTextAreaElement).value).toContain('За мебель');
  await fireEvent.click(screen.getByTestId('then-category'));
  await fireEvent.change(field('category'), { target: { value: 'loan' } });
  await tryIt();
  expect((await screen.findByTestId('trial-summary')).textContent).toBe('+38 верных, ломает 2');
  const rows = screen.getAllByTestId('trial-row');
  expect(rows.slice(0, 3).map(({ dataset }) => dataset['change'])).toEqual(['broken', 'broken', 'better']);
  expect(said(rows[0] as HTMLElement)).toContain('вы решили: счёт № 145; было: верно, без вас; станет: неверно');
  // Years of payments are not drawn at once.
  expect(rows).toHaveLength(27);
  await tryIt();
  await screen.findByRole('dialog');
  expect(requests(memory, 'rule_save')).toEqual([]);
  await press('ask-yes');
  await waitFor(() =>
    expect(requests(memory, 'rule_save')).toMatchObject([
      {
        change: { add: { place: null, body: { payer: { inn: '771234567890' }, then: { category: 'loan' } } } },
        breaks_accepted: true,
      },
    ]),
  );
  await waitFor(() => expect(screen.getAllByTestId('rule')).toHaveLength(4));
  expect(screen.queryByTestId('rule-form')).toBeNull();
});

test('words selected in the purpose become a condition', async () => {
  await page();
  await chosen('e3');
  await press('rule-from-line');
  const purpose = (await screen.findByTestId('rule-source-purpose')) as HTMLTextAreaElement;
  purpose.setSelectionRange(0, 'Предоплата'.length);
  await fireEvent.keyUp(purpose);
  await press('rule-take');
  expect(field('contains').value).toBe('Предоплата');
});

test('what was tried is what is saved: a change asks for another trial', async () => {
  const { memory } = await page();
  await enter('rules');
  await fireEvent.click((await screen.findAllByTestId('rule-edit'))[2] as HTMLElement);
  await tryIt();
  await screen.findByTestId('rule-save');
  await type('sumFrom', '150 000,00');
  expect(screen.queryByTestId('rule-save')).toBeNull();
  expect(screen.getByTestId('rule-try')).toBeTruthy();
  await tryIt();
  await screen.findByTestId('rule-save');
  await tryIt();
  await waitFor(() => expect(requests(memory, 'rule_save')).toHaveLength(1));
  // Nothing breaks: no second word is asked for, and the rule keeps its place.
  expect(requests(memory, 'rule_save')).toMatchObject([
    { change: { rewrite: { rule: 'r3', body: { sum_from: '150000.00' } } }, breaks_accepted: false },
  ]);
});

test('what cannot be used is said in the form, and nothing typed is lost', async () => {
  await page();
  await enter('rules');
  await press('rule-new');
  await type('name', 'Скобка');
  await type('matches', '(');
  await tryIt();
  expect((await screen.findByTestId('failure')).textContent).toContain('скобка не закрыта');
  expect(field('matches').value).toBe('(');
});

test('a move that changes nothing is made at once, one that breaks is looked at first', async () => {
  const { memory } = await page();
  await enter('rules');
  await fireEvent.click((await screen.findAllByTestId('rule-down'))[0] as HTMLElement);
  const order = () => screen.getAllByTestId('rule').map(({ dataset }) => dataset['rule']);
  await waitFor(() => expect(order()).toEqual(['r2', 'r1', 'r3']));
  // The focus goes with the rule.
  await waitFor(() => expect(document.activeElement?.closest('li')?.dataset['rule']).toBe('r1'));
  await fireEvent.click(screen.getAllByTestId('rule-up')[1] as HTMLElement);
  expect(said(await screen.findByTestId('trial'))).toContain('Поставить правило «Займы учредителя» на место 1?');
  expect(requests(memory, 'rule_save')).toHaveLength(1);
  await press('rule-save');
  await press('ask-yes');
  await waitFor(() => expect(order()).toEqual(['r1', 'r2', 'r3']));
  expect(requests(memory, 'rule_save')[1]).toEqual({ change: { move: { rule: 'r1', place: 1 } }, breaks_accepted: true });
});

test('a removal is looked at first', async () => {
  const { memory } = await page();
  await enter('rules');
  await fireEvent.click((await screen.findAllByTestId('rule-remove'))[1] as HTMLElement);
  expect(said(await screen.findByTestId('trial'))).toContain('Станет спрашивать: 1');
  expect(requests(memory, 'rule_save')).toEqual([]);
  await press('rule-save');
  await waitFor(() => expect(screen.getAllByTestId('rule')).toHaveLength(2));
});

test('a line of the trial leads to its payment, and the rule being written waits', async () => {
  await page();
  await enter('rules');
  await press('rule-new');
  await type('name', 'Займы');
  await fireEvent.click(screen.getByTestId('then-category'));
  await fireEvent.change(field('category'), { target: { value: 'loan' } });
  await tryIt();
  await fireEvent.click((await screen.findAllByTestId('trial-entry'))[1] as HTMLElement);
  await waitFor(() => expect(screen.getByTestId('payment').dataset['entry']).toBe('e2'));
  await enter('rules');
  expect(field('name').value).toBe('Займы');
  expect(screen.getByTestId('trial-summary').textContent).toBe('+38 верных, ломает 2');
});

test('an unsaved rule is never dropped without a word', async () => {
  await page();
  await enter('rules');
  await press('rule-new');
  await type('name', 'Займы');
  await fireEvent.click(screen.getAllByTestId('rule-edit')[0] as HTMLElement);
  await screen.findByRole('dialog');
  expect(field('name').value).toBe('Займы');
  await press('ask-yes');
  await waitFor(() => expect(field('name').value).toBe('Займы учредителя'));
});

test('the program of today is tried on the past without a change', async () => {
  const { memory } = await page();
  await enter('rules');
  await press('rules-replay');
  expect(said(await screen.findByTestId('trial'))).toContain('Нынешняя программа на прошлом +1 верных, ломает 0');
  expect(screen.queryByTestId('rule-save')).toBeNull();
  expect(requests(memory, 'replay')).toHaveLength(1);
});

test('without rules the room says how to begin', async () => {
  await page({ empty: true });
  await enter('rules');
  expect((await screen.findByTestId('rules-empty')).textContent).toContain('Сделать правило из строки');
});
