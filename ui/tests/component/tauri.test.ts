import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { emit } from '@tauri-apps/api/event';
import { afterEach, expect, test, vi } from 'vitest';

import { tauriBackend } from '../../src/backend/tauri';
import { both } from '../memory/demo';
import { refused } from '../memory/memory';

afterEach(() => clearMocks());

test('a command goes through the one rpc and brings its answer', async () => {
  const asked: unknown[] = [];
  mockIPC((command, args) => {
    asked.push([command, args]);
    return { message: both('готово', 'done'), decision: 'd1' };
  });
  const done = await tauriBackend().call('undo', { decision: null });
  expect(asked).toEqual([['rpc', { command: 'undo', request: { decision: null } }]]);
  expect(done.decision).toBe('d1');
});

test('a refusal of the core is thrown as it is, and a broken bridge as a failure too', async () => {
  const failure = refused('decide/nothing', both('нечего', 'nothing'), both('не нужно', 'no need'));
  mockIPC(() => {
    throw failure;
  });
  await expect(tauriBackend().call('undo', { decision: null })).rejects.toEqual(failure);
  mockIPC(() => {
    throw new Error('bridge');
  });
  await expect(tauriBackend().call('status', {})).rejects.toMatchObject({ code: 'page/unexpected' });
});

test('the dialogs of the system answer with paths or nothing', async () => {
  mockIPC((command, args) => {
    expect(command).toBe('pick');
    return (args as { what: string }).what === 'files' ? ['/a.txt', '/b.txt'] : [];
  });
  expect(await tauriBackend().pickFiles?.()).toEqual(['/a.txt', '/b.txt']);
  expect(await tauriBackend().pickFolder?.()).toBeNull();
});

test("the shell's events arrive under the page's names until one leaves", async () => {
  mockIPC(() => null, { shouldMockEvents: true });
  const opened = vi.fn();
  const leave = tauriBackend().on('open_entry', opened);
  await vi.waitFor(async () => {
    await emit('open-entry', 'e7');
    expect(opened).toHaveBeenCalledWith('e7');
  });
  leave();
  opened.mockClear();
  await emit('open-entry', 'e8');
  expect(opened).not.toHaveBeenCalled();
});
