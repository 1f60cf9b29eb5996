// Invoices that managers of the small firm changed in the CRM.

import type { DriftRow } from '../../src/wire';
import { both } from './demo';

export function drifts(): DriftRow[] {
  return [
    {
      drift: 'd1',
      invoice: 'b24:31:145',
      invoice_number: '145',
      crm: null,
      customer: 'ООО «Ромашка»',
      found: '2025-03-28T09:30:00Z',
      says: [
        both(
          'Счёт 145 с записанной оплатой вернули в стадию «Отправлен клиенту».',
          'Invoice 145, with a recorded payment, was moved back to «Отправлен клиенту».',
        ),
        both('Из счёта 145 убрали коды платежей (1).', 'Codes of payments were taken out of invoice 145 (1).'),
      ],
      answers: ['write_again', 'leave_it', 'ask', 'undo', 'later'],
      later: false,
    },
    {
      drift: 'd2',
      invoice: 'b24:31:139',
      invoice_number: '139',
      crm: null,
      customer: '',
      found: '2025-03-28T09:31:00Z',
      says: [both('Счёт 139 с записанной оплатой удалён в CRM.', 'Invoice 139, with a recorded payment, was deleted in the CRM.')],
      answers: ['leave_it', 'ask', 'undo', 'later'],
      later: false,
    },
  ];
}
