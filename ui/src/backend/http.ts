// A plain browser against a host that speaks HTTP: POST /rpc/{command}, and server-sent events at /events.

import type { Failure } from '../wire';
import { asFailure, isRoom, type Backend, type BackendEvents, type Unsubscribe } from './backend';

const UNREACHABLE: Failure = {
  code: 'page/unreachable',
  message: { ru: 'Программа не отвечает.', en: 'The program does not answer.' },
  remedy: {
    ru: 'Проверьте, что она запущена, и повторите. Ничего не потеряно.',
    en: 'Check that it is running and try again. Nothing is lost.',
  },
};

async function post(command: string, request: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`/rpc/${command}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
  } catch {
    throw UNREACHABLE;
  }
  let body: unknown;
  try {
    body = await response.json();
  } catch {
    throw UNREACHABLE;
  }
  if (!response.ok) throw asFailure(body);
  return body;
}

/** The payload of an event, or null where it is not what the contract says. */
function payloadOf<E extends keyof BackendEvents>(event: E, text: string): BackendEvents[E] | null {
  const parsed: unknown = text === '' ? undefined : JSON.parse(text);
  if (event === 'open_room' && !isRoom(parsed)) return null;
  return parsed as BackendEvents[E];
}

export function httpBackend(): Backend {
  const events = new EventSource('/events');
  const on: Backend['on'] = (event, handler) => {
    const listener = (message: MessageEvent<string>) => {
      const payload = payloadOf(event, message.data);
      if (payload !== null) handler(payload);
    };
    events.addEventListener(event, listener);
    const leave: Unsubscribe = () => events.removeEventListener(event, listener);
    return leave;
  };
  return {
    capabilities: { filePicker: false, folderPicker: false },
    call: async (command, request) => (await post(command, request)) as never,
    on,
  };
}
