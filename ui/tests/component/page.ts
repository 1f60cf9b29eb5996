// The page with a backend in memory, and what every test of it asks.

import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { expect } from 'vitest';

import App from '../../src/App.svelte';
import type { RoomName } from '../../src/backend/backend';
import { Session } from '../../src/session.svelte';
import { Memory, type Scene } from '../memory/memory';

export async function page(scene: Scene = {}): Promise<{ memory: Memory; session: Session }> {
  const memory = new Memory({ language: 'ru', ...scene });
  const session = new Session(memory.backend());
  render(App, { session });
  if (!scene.empty) await screen.findAllByTestId('inbox-row');
  return { memory, session };
}

export function requests(memory: Memory, command: string): unknown[] {
  return memory.calls.filter((call) => call.command === command).map(({ request }) => request);
}

export async function chosen(entry: string): Promise<HTMLElement> {
  const row = screen.getAllByTestId('inbox-row').find((one) => one.dataset['entry'] === entry);
  if (!row) throw new Error(`no row ${entry}`);
  await fireEvent.click(row);
  await waitFor(() => expect(screen.getByTestId('payment').dataset['entry']).toBe(entry));
  return row;
}

export async function enter(room: RoomName): Promise<void> {
  await fireEvent.click(screen.getByTestId(`room-${room}`));
}

/** What is said, on one line. */
export function said(element: HTMLElement): string {
  return element.textContent.replaceAll(/\s+/g, ' ').trim();
}
