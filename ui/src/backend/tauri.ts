// The desktop as the host. The only file that knows Tauri.

import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { getCurrentWebview } from '@tauri-apps/api/webview';

import { asFailure, type Backend, type BackendEvents, type Unsubscribe } from './backend';

/** The shell's names of the events. */
const SHELL_EVENTS: Record<keyof BackendEvents, string> = {
  changed: 'changed',
  money_came: 'money-came',
  open_entry: 'open-entry',
  open_room: 'open-room',
};

async function invoked<T>(command: string, args: Record<string, unknown>): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (error) {
    throw asFailure(error);
  }
}

/** Subscribing is asynchronous in Tauri and leaving may come before it is done. */
function subscribed(subscription: Promise<Unsubscribe>): Unsubscribe {
  let left = false;
  let leave: Unsubscribe | null = null;
  subscription.then(
    (unsubscribe) => {
      if (left) unsubscribe();
      else leave = unsubscribe;
    },
    (error: unknown) => console.error('the shell refused a subscription', error),
  );
  return () => {
    left = true;
    leave?.();
  };
}

export function tauriBackend(): Backend {
  return {
    capabilities: { filePicker: true, folderPicker: true },
    call: (command, request) => invoked('rpc', { command, request }),
    on: (event, handler) =>
      subscribed(listen<BackendEvents[typeof event]>(SHELL_EVENTS[event], ({ payload }) => handler(payload))),
    onFilesDropped: (handler) =>
      subscribed(
        getCurrentWebview().onDragDropEvent(({ payload }) => {
          if (payload.type === 'drop') handler(payload.paths);
        }),
      ),
    pickFiles: () => invoked<string[]>('pick', { what: 'files' }),
    pickFolder: async () => (await invoked<string[]>('pick', { what: 'folder' }))[0] ?? null,
  };
}
