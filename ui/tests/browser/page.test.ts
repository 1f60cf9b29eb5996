// The built page in a real browser, under the desktop's content security policy and with its frozen prototypes.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { ROOMS, type RoomName } from '../../src/backend/backend';
import type { Scene } from '../memory/memory';
import { launch } from './chromium';
import { serve, type Host } from './host';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const DESKTOP = { width: 1240, height: 780 };
/** The same window at 200 % zoom has half the CSS pixels. */
const ZOOMED = { width: 620, height: 390 };

let browser: Browser;
const close: (() => Promise<void>)[] = [];

beforeAll(async () => {
  browser = await launch();
});

afterAll(async () => {
  await browser.close();
});

afterEach(async () => {
  for (const closing of close.splice(0).reverse()) await closing();
});

async function open(scene: Scene = {}, options: BrowserContextOptions = {}): Promise<{ page: Page; host: Host; said: string[] }> {
  const host = await serve({ language: 'ru', ...scene });
  close.push(() => host.close());
  const context = await browser.newContext({ viewport: DESKTOP, ...options });
  close.push(() => context.close());
  const page = await context.newPage();
  // tauri.conf.json: freezePrototype.
  await page.addInitScript('Object.freeze(Object.prototype)');
  const said: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') said.push(message.text());
  });
  page.on('pageerror', (error) => said.push(error.message));
  await page.goto(host.url);
  await page.getByTestId('status-headline').and(page.locator('[data-condition]')).waitFor();
  return { page, host, said };
}

async function enter(page: Page, room: RoomName): Promise<void> {
  await page.getByTestId(`room-${room}`).click();
  const first: Record<RoomName, string> = {
    inbox: '[data-testid=inbox-row][data-entry=e2]',
    invoices: '[data-testid=invoice-row]',
    orders: '[data-order=o1]',
    outbox: '[data-message=m2]',
    rules: '[data-rule=r1] [data-testid=rule-edit]',
    facts: '[data-fact=f1] [data-testid=fact-sources]',
    settings: '[data-testid=settings-folder]',
  };
  const element = page.locator(first[room]).first();
  await element.waitFor();
  if (room !== 'settings') await element.click();
  const shown: Partial<Record<RoomName, string>> = {
    inbox: 'payment',
    orders: 'order',
    outbox: 'receipt',
    rules: 'rule-form',
    facts: 'fact-source',
  };
  const detail = shown[room];
  if (detail) await page.getByTestId(detail).first().waitFor();
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    // @ts-expect-error axe puts itself on the window.
    const { violations: found } = await window.axe.run();
    return found.map(
      (rule: { id: string; nodes: { html: string }[] }) => `${rule.id}: ${rule.nodes.map((node) => node.html).join(' | ')}`,
    );
  });
}

async function sideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}

describe.each(['ru', 'en'])('in %s', (language) => {
  test.each(['light', 'dark'] as const)('every room is accessible, %s', async (colorScheme) => {
    const { page, said } = await open({ language }, { colorScheme });
    for (const room of ROOMS) {
      await enter(page, room);
      expect(await violations(page), room).toEqual([]);
      expect(await sideways(page), room).toBe(false);
    }
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    expect(said).toEqual([]);
  });

  test('at 200 % zoom nothing scrolls sideways and everything stays reachable', async () => {
    const { page } = await open({ language }, { viewport: ZOOMED });
    for (const room of ROOMS) {
      await enter(page, room);
      expect(await sideways(page), room).toBe(false);
      expect(await violations(page), room).toEqual([]);
    }
    await page.setViewportSize({ width: 400, height: 600 });
    for (const room of ROOMS) {
      await page.getByTestId(`room-${room}`).click();
      expect(await sideways(page), `${room}, narrow`).toBe(false);
    }
  });
});

test.each(['light', 'dark'] as const)('first start, dialogs and failures are accessible, %s', async (colorScheme) => {
  const { page, said } = await open({ empty: true }, { colorScheme });
  await page.getByTestId('first-start').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByTestId('room-settings').click();
  await page.getByTestId('person-add').click();
  await page.getByTestId('person-name').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByTestId('crm-webhook').fill('не адрес');
  await page.getByTestId('crm-connect').click();
  await page.getByTestId('failure').waitFor();
  expect(await violations(page)).toEqual([]);
  // The browser itself reports the refused request; the page says nothing more.
  expect(said.filter((line) => !line.includes('422'))).toEqual([]);
});

test.each(['ru', 'en'])('a refund is recorded and undone with the keyboard alone, %s', async (language) => {
  const { page, host } = await open({ language });
  const row = page.locator('[data-testid=inbox-row][data-entry=e6]');
  await row.click();
  await page.getByTestId('undone-invoice').waitFor();
  expect(await violations(page)).toEqual([]);
  expect(await sideways(page)).toBe(false);
  await page.keyboard.press('Enter');
  await expect.poll(() => host.memory.calls.filter(({ command }) => command === 'decide').length).toBe(1);
  await row.click();
  await page.getByTestId('undo').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.locator('[data-testid=inbox-row][data-entry=e1]').click();
  await page.getByTestId('refund-of').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Control+KeyZ');
  await page.getByTestId('refund').click();
  await page.getByRole('dialog').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
});

test('several CRMs and own companies are accessible, also at 200 % zoom', async () => {
  const { page, said } = await open({ several: true }, { viewport: ZOOMED });
  await page.getByTestId('room-settings').click();
  await page.getByTestId('crm-connection').nth(1).waitFor();
  await page.getByTestId('company-take').click();
  await page.getByTestId('company-name').fill('ООО «Северный ветер»');
  await page.getByTestId('company-save').click();
  await page.getByTestId('company-remove').waitFor();
  expect(await violations(page)).toEqual([]);
  expect(await sideways(page)).toBe(false);
  expect(said).toEqual([]);
});

test.each(['ru', 'en'])('a change in the CRM is answered with the keyboard alone, %s', async (language) => {
  const { page, host } = await open({ language });
  await page.getByTestId('room-outbox').click();
  await page.getByTestId('drift-row').first().waitFor();
  expect(await violations(page)).toEqual([]);
  const focused = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['testid'] ?? null);
  for (let presses = 0; presses < 40 && (await focused()) !== 'drift-undo'; presses += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByTestId('ask-yes').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByTestId('ask-yes').waitFor({ state: 'detached' });
  expect(host.memory.drifts).toHaveLength(2);
  await expect.poll(focused).toBe('drift-undo');
  await page.keyboard.press('Shift+Tab');
  expect(await focused()).toBe('drift-ask');
  await page.keyboard.press('Shift+Tab');
  expect(await focused()).toBe('drift-leave_it');
  await page.keyboard.press('Enter');
  await expect.poll(() => host.memory.drifts.length).toBe(1);
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('SUMMARY');
});

test.each(['light', 'dark'] as const)('the checks of a connection and its stages are accessible, %s', async (colorScheme) => {
  const { page } = await open({}, { colorScheme });
  await page.getByTestId('room-settings').click();
  await page.getByTestId('crm-check').click();
  await page.getByTestId('crm-result').waitFor();
  await page.getByTestId('stages-read').click();
  await page.getByTestId('stages-troubles').waitFor();
  expect(await violations(page)).toEqual([]);
  for (const way of ['application', 'token', 'integration']) {
    await page.getByTestId('crm-way').selectOption(way);
    expect(await violations(page), way).toEqual([]);
  }
  // With the keyboard alone: to the list, to a stage, to the button.
  await page.locator('[data-field="stages.invoices:3:paid"]').focus();
  await page.keyboard.press('End');
  for (const next of ['extras-notifies', 'extras-vouchers', 'extras-act', 'stages-save']) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['testid'])).toBe(next);
  }
  await page.keyboard.press('Enter');
  await page.getByTestId('stages-troubles').waitFor({ state: 'detached' });
});

test('a payment is confirmed and taken back with the keyboard alone', async () => {
  const { page, host } = await open();
  await page.getByTestId('inbox-row').first().waitFor();
  const focused = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['entry'] ?? null);
  for (let presses = 0; presses < 40 && (await focused()) === null; presses += 1) await page.keyboard.press('Tab');
  expect(await focused()).toBe('e1');
  await page.keyboard.press('ArrowDown');
  await page.locator('[data-testid=payment][data-entry=e2]').waitFor();
  expect(await focused()).toBe('e2');
  await page.keyboard.press('Enter');
  await page.locator('[data-testid=inbox-row][data-entry=e2][data-state=decided]').waitFor();
  await page.locator('[data-testid=payment][data-entry=e3]').waitFor();
  await expect.poll(focused).toBe('e3');
  await page.keyboard.press('Control+KeyZ');
  await page.locator('[data-testid=inbox-row][data-entry=e2][data-state=review]').waitFor();
  expect(host.memory.calls.filter(({ command }) => command === 'decide' || command === 'undo')).toHaveLength(2);

  await page.keyboard.press('Backspace');
  await page.getByTestId('ask-yes').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(host.memory.calls.filter(({ command }) => command === 'dismiss')).toEqual([]);
  await expect.poll(focused).toBe('e3');
});

test('slash searches, and the arrow leads to what was found', async () => {
  const { page } = await open();
  await page.getByTestId('inbox-row').first().focus();
  await page.keyboard.press('Slash');
  await page.keyboard.type('Ёлкина');
  await page.locator('[data-testid=inbox-row][data-entry=e1]').waitFor({ state: 'detached' });
  await page.keyboard.press('ArrowDown');
  const payer = await page.evaluate(() => document.activeElement?.textContent ?? '');
  expect(payer).toContain('Ёлкина');
});

test('a hundred thousand payments: the last is one key away and shows no blank', async () => {
  const { page, host } = await open({ entries: 100_000 });
  await page.getByTestId('inbox-row').first().focus();
  await page.keyboard.press('End');
  await page.locator('[data-testid=payment][data-entry=e100000]').waitFor();
  expect(await page.locator('[data-testid=inbox-row]').count()).toBeLessThan(60);
  expect(await page.locator('[data-entry=e100000][data-testid=inbox-row]').getAttribute('aria-rowindex')).toBe('100001');
  const asked = host.memory.calls.filter(({ command }) => command === 'inbox_page').length;
  expect(asked).toBeLessThan(8);
  await page.keyboard.press('Home');
  await page.locator('[data-testid=payment][data-entry=e1]').waitFor();
});

test('news keeps the chosen payment and the focus', async () => {
  const { page, host } = await open();
  await page.locator('[data-testid=inbox-row][data-entry=e3]').click();
  await page.locator('[data-testid=payment][data-entry=e3]').waitFor();
  const [first] = host.memory.entries;
  if (!first) throw new Error('no entries');
  host.memory.entries = [{ ...first, entry: 'fresh' }, ...host.memory.entries];
  host.tell('changed', undefined);
  await page.locator('[data-testid=inbox-row][data-entry=fresh]').waitFor();
  await expect
    .poll(() => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['entry'] ?? null))
    .toBe('e3');
  expect(await page.getByTestId('payment').getAttribute('data-entry')).toBe('e3');
});

test('an order is written, signed by two and exported', async () => {
  const { page, host, said } = await open();
  await page.getByTestId('room-orders').click();
  await page.getByTestId('order-new').click();
  const fields: [string, string][] = [
    ['number', '31'],
    ['amount', '1 200,50'],
    ['payee.name', 'ООО «Типография Ладья»'],
    ['payee.account', '40702810500000000777'],
    ['purpose', 'Оплата по счёту № 88 за печать. НДС не облагается'],
  ];
  for (const [field, value] of fields) await page.locator(`[data-field="${field}"]`).fill(value);
  await page.getByTestId('order-save').click();
  await page.locator('[data-testid=order][data-state=draft]').waitFor();
  await page.getByTestId('order-submit').click();
  const sign = async (name: string) => {
    await page.getByTestId('who-name').fill(name);
    await page.getByTestId('who-passphrase').fill('верная фраза');
    await page.getByTestId('who-ok').click();
  };
  await sign('Анна');
  await page.locator('[data-testid=order][data-state=submitted]').waitFor();
  await page.getByTestId('order-approve').click();
  await sign('Борис');
  await page.locator('[data-testid=order][data-state=approved]').waitFor();
  await page.getByTestId('orders-export').click();
  await page.getByTestId('notice').waitFor();
  const steps = host.memory.calls.map(({ command }) => command).filter((command) => command.startsWith('order'));
  expect(steps).toEqual(expect.arrayContaining(['order_check', 'order_save', 'order_submit', 'order_approve', 'orders_export']));
  expect(said).toEqual([]);
});

test('offline is a calm line, not an error', async () => {
  const { page } = await open({ offline: true });
  await enter(page, 'outbox');
  expect(await page.getByTestId('outbox-offline').textContent()).toContain('Нет сети: 1 запись уйдёт сама');
  expect(await page.getByTestId('failure').count()).toBe(0);
});

test('a host that is gone is said once, in words', async () => {
  const { page, host } = await open();
  await page.getByTestId('inbox-row').first().waitFor();
  await host.close();
  await page.getByTestId('room-outbox').click();
  const failure = page.getByTestId('failure');
  await failure.waitFor();
  expect(await failure.getAttribute('data-code')).toBe('page/unreachable');
});

test.each(['light', 'dark'] as const)('a rule is made from a line, tried and confirmed twice by keyboard, %s', async (colorScheme) => {
  const { page, host, said } = await open({}, { colorScheme });
  await page.locator('[data-testid=inbox-row][data-entry=e2]').click();
  await page.getByTestId('rule-from-line').focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-field="rule.name"]:focus').waitFor();
  await page.getByTestId('then-never_automatic').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  expect(await page.locator('[data-field="rule.category"]').inputValue()).toBe('loan');
  await page.getByTestId('rule-try').focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('trial-summary').waitFor();
  await expect.poll(() => page.getByTestId('trial-summary').evaluate((one) => one.getBoundingClientRect().bottom < innerHeight)).toBe(true);
  expect(await violations(page)).toEqual([]);
  await page.getByTestId('rule-save').focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('ask-yes').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Tab');
  await page.getByTestId('ask-yes').press('Enter');
  await page.locator('[data-rule=r4]').waitFor();
  // What had the focus is gone: the next key begins at the list.
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('rules-title');
  expect(host.memory.calls.filter(({ command }) => command === 'rule_save')).toHaveLength(1);
  expect(said).toEqual([]);
});

test.each(['light', 'dark'] as const)('a suggestion is refused with Delete and taken back where refusals are listed, %s', async (colorScheme) => {
  const { page, host } = await open({}, { colorScheme });
  await page.locator('[data-testid=inbox-row][data-entry=e2]').click();
  await page.locator('[data-testid=payment][data-entry=e2]').waitFor();
  await page.keyboard.press('Delete');
  await page.getByTestId('refuse-yes').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByTestId('refuse-yes').press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByTestId('room-facts').click();
  const refused = page.locator('[data-testid=refused][data-fact="rejected:e2:151"]');
  await refused.waitFor();
  await page.getByTestId('bound').locator('summary').press('Enter');
  expect(await violations(page)).toEqual([]);
  await refused.getByTestId('refused-back').press('Enter');
  await refused.waitFor({ state: 'detached' });
  expect(host.memory.calls.filter(({ command }) => command === 'reject')).toHaveLength(1);
});
