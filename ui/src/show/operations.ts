// What a message to the CRM says, by the words the program has for it.

import type { ru } from '../i18n/ru';

export type OperationName = keyof typeof ru.outbox.operations;

const NAMES: Record<OperationName, true> = {
  record_payment: true,
  reverse_payment: true,
  refund_payment: true,
  restore_payment: true,
  mark_status: true,
};

/** A program that is newer than the page may know more of them: a payment is what most are about. */
export function operationOf(name: string): OperationName {
  return Object.hasOwn(NAMES, name) ? (name as OperationName) : 'record_payment';
}
