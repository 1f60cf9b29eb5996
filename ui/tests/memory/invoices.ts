// Invoices in memory: what the CRM says is owed. For tests only.

import type { InvoiceRow } from '../../src/wire';
import { pad, rub, STORIES } from './demo';

export function invoices(): InvoiceRow[] {
  return Array.from({ length: 64 }, (_, index) => {
    const open = index % 5 === 0 ? '4200.00' : '18400.00';
    return {
      invoice: `b24:31:${200 - index}`,
      number: `СЧ-${200 - index}`,
      crm: null,
      company: null,
      date: `2025-03-${pad(28 - (index % 28))}`,
      due: index % 3 === 0 ? null : `2025-04-${pad(28 - (index % 28))}`,
      customer: STORIES[index % STORIES.length]?.payer ?? '',
      inn: STORIES[index % STORIES.length]?.inn ?? null,
      amount: rub('18400.00'),
      open: rub(index % 7 === 6 ? '0.00' : open),
      status: index % 7 === 6 ? 'paid' : 'open',
    };
  });
}
