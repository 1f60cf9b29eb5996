// A connected CRM in memory: its checks, its stages, and what was chosen of them. For tests only.

import type { Connected, CrmStatus, ExtrasChoice, MappingSaveRequest, MappingView, StatusRow } from '../../src/wire';
import { both } from './demo';
import { refused } from './refused';

const GONE = 'DT31_3:GONE';
const NAMES: Record<string, string> = { b24: 'demo.bitrix24.ru', 'b24-2': 'Вторая фирма' };

export const NO_CRM: CrmStatus = {
  connection: null,
  name: null,
  kind: null,
  state: 'not_connected',
  portal: null,
  message: both('Не подключена', 'Not connected'),
  pulled_at: null,
  waiting: 0,
};

export class Crm {
  #extras: ExtrasChoice = { notifies: true, vouchers: false, act_template: null };
  #chosen = new Map<string, string>([['invoices:3:paid', GONE]]);

  statuses(offline: boolean, several: boolean): CrmStatus[] {
    const first: CrmStatus = {
      connection: 'b24',
      name: 'demo.bitrix24.ru',
      kind: 'bitrix24',
      state: offline ? 'offline' : 'ok',
      portal: 'demo.bitrix24.ru',
      message: both('Счета обновлены', 'Invoices are fresh'),
      pulled_at: '2025-03-28T07:00:00Z',
      waiting: 0,
    };
    const second: CrmStatus = {
      ...first,
      connection: 'b24-2',
      name: 'Вторая фирма',
      state: 'offline',
      portal: 'second.bitrix24.ru',
      message: both('Нет связи', 'Not reached'),
    };
    return several ? [first, second] : [first];
  }

  connect(connection: string | null = null): Connected {
    const id = connection ?? 'b24';
    return {
      connection: id,
      name: NAMES[id] ?? id,
      kind: 'bitrix24',
      portal: 'demo.bitrix24.ru',
      state: 'ok',
      checks: [
        { check: 'address', state: 'good', says: both('Битрикс24 отвечает', 'Bitrix24 answers') },
        { check: 'rights', state: 'good', says: both('права: crm', 'scopes: crm') },
        {
          check: 'field',
          state: 'lacking',
          says: both('Поле «Платежи» ещё не создано', 'The field “Payments” is not there yet'),
        },
        { check: 'clock', state: 'not_looked', says: both('CRM не сообщила времени', 'The CRM told no time') },
      ],
    };
  }

  webhook(webhook: string): Connected {
    if (webhook.startsWith('https://')) return this.connect();
    throw refused(
      'crm/webhook',
      both('Это не адрес вебхука', 'This is not a webhook address'),
      both('Скопируйте адрес целиком из Битрикс24', 'Copy the whole address from Bitrix24'),
    );
  }

  mapping(connection: string | null = null): MappingView {
    const id = connection ?? 'b24';
    const row = (status: string, ru: string, en: string, unchosen: string, stages: [string, string][]): StatusRow => {
      const chosen = this.#chosen.get(`invoices:3:${status}`) ?? null;
      return {
        status,
        says: both(ru, en),
        unchosen: both(unchosen, unchosen),
        chosen,
        gone: chosen !== null && stages.every(([stage]) => stage !== chosen),
        stages: stages.map(([stage, name]) => ({ stage, name })),
      };
    };
    const gone = [...this.#chosen.values()].includes(GONE);
    return {
      connection: id,
      name: NAMES[id] ?? id,
      extras: {
        chosen: this.#extras,
        templates: [{ stage: '39', name: 'Акт' }],
        lacking: [both('Для номера платёжки нужно право sale.', 'For the voucher the key needs sale.')],
      },
      troubles: gone ? [both(`Стадии «${GONE}» больше нет.`, `The stage “${GONE}” is no longer there.`)] : [],
      funnels: [
        {
          of: 'invoices',
          funnel: '3',
          says: both('Счета: Общая', 'Invoices: Main'),
          rows: [
            row('partly_paid', 'оплачен частично', 'partly paid', 'не меняется', [['DT31_3:S', 'Выставлен']]),
            row('paid', 'оплачен', 'paid', '«Оплачен»', [
              ['DT31_3:S', 'Выставлен'],
              ['DT31_3:P', 'Оплачен'],
            ]),
          ],
        },
      ],
    };
  }

  save({ connection, choices, extras }: MappingSaveRequest): MappingView {
    this.#extras = extras ?? this.#extras;
    this.#chosen = new Map(choices.map(({ of, funnel, status, stage }) => [`${of}:${funnel}:${status}`, stage]));
    return this.mapping(connection);
  }
}
