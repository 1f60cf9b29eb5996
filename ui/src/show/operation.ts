import type { Phrases } from '../i18n/speech.svelte';
import type { MessageRow } from '../wire';
import { numbered } from './numbers';

type Operations = Phrases['outbox']['operations'];

function isKnown(operations: Operations, name: string): name is keyof Operations & string {
  return Object.hasOwn(operations, name);
}

/** What a message of the queue is about, in words. */
export function operationOf(operations: Operations, row: MessageRow): string {
  const name = isKnown(operations, row.operation) ? row.operation : 'record_payment';
  return operations[name](numbered(row.invoice_number, row.crm));
}
