// Money that goes back to the customer of the first payment.

import type { AllocationView, CandidateView, UndoesView } from '../../src/wire';
import type { Story } from './demo';
import { both, rub } from './words';

/** The words of its purpose that prove it. */
export const REFUND_WORDS = 'Возврат оплаты по счету № 145';
export const WENT_BACK = both('деньги возвращены: отменён прежний платёж', 'money went back: an earlier payment is undone');
export const ASKED = both('возврат покупателю всегда подтверждает человек', 'a refund to a customer is always confirmed by a person');

export const REFUND: Story = {
  payer: 'ООО «Ромашка»',
  inn: '7707083893',
  amount: '15000.00',
  purpose: 'Возврат оплаты по счету № 145 от 12.03.2025, услуги не оказаны. В т.ч. НДС 20% - 2500.00',
  state: 'review',
  automatic: false,
  reason: both('полный возврат платежа от 28.03.2025 на 15 000,00 ₽', 'a full refund of the payment of 2025-03-28, 15,000.00 ₽'),
  invoices: [],
  undoes: 'e1',
};
/** Its place in the list. */
export const REFUND_AT = 5;

export function undoesOf(undone: string): UndoesView {
  return {
    entry: undone,
    date: '2025-03-28',
    number: '318',
    payer: REFUND.payer,
    purpose: 'Оплата по счету № 145 от 12.03.2025 за услуги связи. В т.ч. НДС 20% - 2500.00',
    sum: rub(REFUND.amount),
    full: true,
    outgoing: false,
  };
}

/** What is open again. */
function reopened(customer: string): AllocationView {
  const sum = rub('15000.00');
  return { invoice: 'b24:31:145', number: '145', date: '2025-03-12', customer, amount: sum, open: rub('0.00'), allocated: sum, crm: null, company: null };
}

export function refundOf(undone: string, customer: string): CandidateView {
  return {
    allocations: [reopened(customer)],
    remainder: rub('0.00'),
    reasons: [
      both('тот же ИНН', 'the same INN'),
      both('сумма до копейки равна тому, что осталось от платежа', 'the sum is exactly what is left of the payment'),
    ],
    against: [],
    behind: null,
    undoes: undoesOf(undone),
  };
}
