// Which shape and tone says a state. The words are the speech's.

import type { ShapeName } from '../shell/Shape.svelte';
import type { ChangeName, Condition, EntryState, FactStateName, MessageState, OrderState } from '../wire';

export interface Look {
  shape: ShapeName;
  tone: 'done' | 'review' | 'not-found' | 'calm';
}

export const ENTRY_LOOKS: Record<EntryState, Look> = {
  review: { shape: 'half', tone: 'review' },
  not_found: { shape: 'empty', tone: 'not-found' },
  decided: { shape: 'full', tone: 'done' },
  not_customers: { shape: 'dash', tone: 'calm' },
};

export const ORDER_LOOKS: Record<OrderState, Look> = {
  draft: { shape: 'empty', tone: 'calm' },
  submitted: { shape: 'half', tone: 'review' },
  approved: { shape: 'full', tone: 'done' },
  exported: { shape: 'arrow', tone: 'calm' },
  executed: { shape: 'full', tone: 'done' },
  rejected: { shape: 'cross', tone: 'not-found' },
};

export const MESSAGE_LOOKS: Record<MessageState, Look> = {
  queued: { shape: 'empty', tone: 'calm' },
  in_flight: { shape: 'arrow', tone: 'calm' },
  delivered: { shape: 'full', tone: 'done' },
  parked: { shape: 'half', tone: 'review' },
  withdrawn: { shape: 'dash', tone: 'calm' },
};

export const CONDITION_LOOKS: Record<Condition, Look> = {
  ok: { shape: 'full', tone: 'done' },
  needs_you: { shape: 'half', tone: 'review' },
  offline: { shape: 'dash', tone: 'calm' },
  error: { shape: 'cross', tone: 'not-found' },
};

/** What a change of the rules does to a payment of the past. */
export const CHANGE_LOOKS: Record<ChangeName, Look> = {
  broken: { shape: 'cross', tone: 'not-found' },
  asked_now: { shape: 'half', tone: 'review' },
  better: { shape: 'full', tone: 'done' },
};

export const FACT_LOOKS: Record<FactStateName, Look> = {
  in_force: { shape: 'full', tone: 'done' },
  too_few: { shape: 'half', tone: 'calm' },
  intermediary: { shape: 'cross', tone: 'review' },
  exceptions: { shape: 'cross', tone: 'review' },
};

/** What the chain of a bank account's days says: true, false, or nothing declared. */
export function proofLook(proven: boolean | null): Look {
  if (proven === null) return { shape: 'dash', tone: 'calm' };
  return proven ? { shape: 'full', tone: 'done' } : { shape: 'cross', tone: 'not-found' };
}
