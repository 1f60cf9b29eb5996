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

type Heard<E extends keyof BackendEvents> = { payload: BackendEvents[E] } | null;

/** What an event carries, or null where it is not what the contract says. */
function heard<E extends keyof BackendEvents>(event: E, text: string): Heard<E> {
  if (event === 'changed') return { payload: undefined as BackendEvents[E] };
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch {
    return null;
  }
  if (event === 'open_room' && !isRoom(payload)) return null;
  return { payload: payload as BackendEvents[E] };
}

export function httpBackend(): Backend {
  const events = new EventSource('/events');
  const on: Backend['on'] = (event, handler) => {
    const listener = (message: MessageEvent<string>) => {
      const news = heard(event, message.data);
      if (news) handler(news.payload);
    };
    events.addEventListener(event, listener);
    const leave: Unsubscribe = () => events.removeEventListener(event, listener);
    if (event !== 'changed') return leave;
    // While the connection was down anything may have changed.
    let lost = false;
    const reopened = () => {
      if (lost) handler(undefined as never);
      lost = false;
    };
    const broken = () => {
      lost = true;
    };
    events.addEventListener('open', reopened);
    events.addEventListener('error', broken);
    return () => {
      leave();
      events.removeEventListener('open', reopened);
      events.removeEventListener('error', broken);
    };
  };
  return {
    capabilities: { filePicker: false, folderPicker: false },
    call: async (command, request) => (await post(command, request)) as never,
    on,
  };
}
