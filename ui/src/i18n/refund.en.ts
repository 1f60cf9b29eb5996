import type { refundRu } from './refund.ru';

export const refundEn: typeof refundRu = {
  title: 'Refund',
  fromAccount: 'From our account',
  which: 'Which payment went back?',
  decided: 'Went back',
  full: (day, sum) => `The whole payment of ${day}, ${sum}`,
  part: (day, sum) => `A part of the payment of ${day}, ${sum}`,
  own: (day, sum) => `Our own payment of ${day}, ${sum}`,
  order: (number) => `order No. ${number}`,
  show: 'Open the payment',
  columns: { invoice: 'Invoice', was: 'Open', again: 'Open again' },
  noInvoice: 'No invoice is touched: this money had not been given to one.',
  advance: (sum) => `Out of the advance, above the invoices: ${sum}`,
  tells: 'The CRM will know of the refund: the stage becomes the one chosen for refunds in the CRM settings.',
  confirm: 'Record the refund',
  reject: 'No refund to a customer',
  rejectTitle: 'Is this no refund to a customer?',
  rejectText: (payer, sum) =>
    `${payer}, ${sum}. The debit leaves the waiting list; invoices and the CRM stay as they are. The decision can be undone.`,
  rejectYes: 'Yes, no refund',
  undo: 'Undo the refund',
  notFound: 'The earlier payment is not found. When its statement is imported, it appears here.',
  went: (sum) => `${sum} went back`,
  of: 'Refunds of this payment',
  line: (day, sum) => `${day}: ${sum}`,
  byHand: 'Refund',
  byHandTitle: 'Did the money go back to the customer?',
  byHandText: (payer, sum) =>
    `${payer}, ${sum}. The invoices are open again and the CRM will know of a refund. If the debit comes on a statement, the program finds it by itself: then nothing needs pressing.`,
  byHandYes: 'Yes, it went back',
};
