// What the CRM was told, is told, and could not be told.

import type { MessageView } from '../../src/wire';
import { both, rub } from './words';

export function messages(): MessageView[] {
  return [
    {
      row: {
        message: 'm1',
        operation: 'record_payment',
        invoice: 'b24:31:151',
        invoice_number: '151',
        crm: null,
        sum: rub('30000.00'),
        status: null,
        state: 'queued',
        attempts: 2,
        created: '2025-03-28T07:16:00Z',
        due: '2025-03-28T07:21:00Z',
        says: both('ждёт сети', 'waits for the network'),
      },
      drift: null,
      payment_id: 'sv1:4f1c9a',
      attempts: [
        {
          number: 1,
          started: '2025-03-28T07:16:01Z',
          ended: '2025-03-28T07:16:31Z',
          outcome: both('ответ не пришёл за 30 секунд: исход неизвестен', 'no answer in 30 seconds: the outcome is unknown'),
        },
        { number: 2, started: '2025-03-28T07:17:05Z', ended: '2025-03-28T07:17:05Z', outcome: both('нет сети', 'no network') },
      ],
      receipt: null,
    },
    {
      row: {
        message: 'm2',
        operation: 'record_payment',
        invoice: 'b24:31:145',
        invoice_number: '145',
        crm: null,
        sum: rub('15000.00'),
        status: null,
        state: 'delivered',
        attempts: 1,
        created: '2025-03-28T07:15:00Z',
        due: null,
        says: both('записано в CRM', 'written to the CRM'),
      },
      drift: null,
      payment_id: 'sv1:8b02d7',
      attempts: [
        { number: 1, started: '2025-03-28T07:15:01Z', ended: '2025-03-28T07:15:02Z', outcome: both('принято', 'accepted') },
      ],
      receipt: {
        stage_before: 'Отправлен клиенту',
        stage_after: 'Оплачен',
        payments: ['sv1:8b02d7'],
        comment: 'Оплата 15 000,00 ₽ от 28.03.2025, п/п № 12',
        found_done: false,
        notes: [
          both('Сделки № 25 больше нет, код платежа записан только в счёт.', "Deal 25 is gone, only the invoice carries the payment's code."),
        ],
        traces: [
          both('счёт № 315: DT31_3:S → DT31_3:P, 2025-03-28T10:15:02+03:00', 'invoice 315: DT31_3:S → DT31_3:P, 2025-03-28T10:15:02+03:00'),
        ],
      },
    },
    {
      row: {
        message: 'm3',
        operation: 'reverse_payment',
        invoice: 'b24:31:140',
        invoice_number: '140',
        crm: null,
        sum: rub('9900.00'),
        status: null,
        state: 'parked',
        attempts: 6,
        created: '2025-03-27T12:00:00Z',
        due: null,
        says: both('CRM отвечает «нет доступа»: проверьте вебхук', 'the CRM answers “no access”: check the webhook'),
      },
      drift: null,
      payment_id: 'sv1:77aa10',
      attempts: [
        { number: 6, started: '2025-03-27T13:10:00Z', ended: '2025-03-27T13:10:01Z', outcome: both('нет доступа', 'no access') },
      ],
      receipt: null,
    },
    {
      row: {
        message: 'm4',
        operation: 'mark_status',
        invoice: 'b24:31:152',
        invoice_number: '152',
        crm: null,
        sum: null,
        status: both('просрочен', 'overdue'),
        state: 'delivered',
        attempts: 1,
        created: '2025-03-26T06:00:00Z',
        due: null,
        says: both('доставлено и проверено', 'delivered and checked'),
      },
      drift: null,
      payment_id: null,
      attempts: [
        { number: 1, started: '2025-03-26T06:00:01Z', ended: '2025-03-26T06:00:02Z', outcome: both('принято', 'accepted') },
      ],
      receipt: {
        stage_before: 'Отправлен клиенту',
        stage_after: 'Просрочен',
        payments: [],
        comment: '7',
        found_done: false,
        notes: [],
        traces: [],
      },
    },
  ];
}
