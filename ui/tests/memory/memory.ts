// A backend that holds the demo answers in memory and changes them as the program would. For tests only.

import type { AnswerOf, Backend, BackendEvents, CommandName, RequestOf } from '../../src/backend/backend';
import type {
  AskedRow,
  DefectView,
  Done,
  DriftRow,
  Draft,
  InboxCounts,
  MessageState,
  MessageView,
  OrderView,
  People,
  Settings,
  Status,
  Words,
} from '../../src/wire';
import { Companies } from './companies';
import { Crm, NO_CRM } from './crm';
import { drifts } from './drifts';
import { Learning } from './learning';
import { messages } from './outbox';
import { refused } from './refused';
import { remarks } from './remarks';
import { asked, both, entries, orders, OUR_ACCOUNT, rowOf, rub, US, viewOf, type Entry } from './demo';
import { invoices } from './invoices';

export { refused };

export type Handlers = { [C in CommandName]: (request: RequestOf<C>) => AnswerOf<C> };

export interface Scene {
  /** Nothing has been set up yet. */
  empty?: boolean;
  offline?: boolean;
  language?: string | null;
  /** What the program met and a person must know of. */
  notices?: Words[];
  /** A second portal beside the demo's. */
  several?: boolean;
  /** More payments than the demo has: for the speed of lists. */
  entries?: number;
}

export class Memory {
  readonly calls: { command: CommandName; request: unknown }[] = [];
  entries: Entry[];
  orders: OrderView[];
  asked: AskedRow[];
  drifts: DriftRow[];
  people: People;
  settings: Settings;
  readonly learning: Learning;
  readonly crm = new Crm();
  readonly companies = new Companies();
  readonly #scene: Scene;
  #undone: { entry: string; from: Entry }[] = [];
  readonly #handlers: Handlers;
  readonly #listeners = new Map<keyof BackendEvents, Set<(payload: never) => void>>();

  constructor(scene: Scene = {}) {
    this.#scene = scene;
    const empty = scene.empty ?? false;
    this.entries = empty ? [] : grown(entries(), scene.entries);
    this.orders = empty ? [] : orders();
    this.learning = new Learning(empty);
    this.asked = empty ? [] : asked();
    this.drifts = empty ? [] : drifts();
    this.people = {
      people: empty
        ? []
        : [
            { name: 'Анна', role: 'owner' },
            { name: 'Борис', role: 'approver' },
          ],
      sole_operator: false,
    };
    this.settings = {
      language: scene.language ?? null,
      folder: empty ? null : 'C:\\Клиент-банк\\Выписки',
      folder_is_remote: false,
      export_folder: empty ? null : 'C:\\Клиент-банк\\Поручения',
      hide_sums: false,
      payer: empty ? { ...US, name: '', inn: '', kpp: '', account: '', bik: '' } : US,
    };
    this.#handlers = this.#answers();
  }

  call<C extends CommandName>(command: C, request: RequestOf<C>): AnswerOf<C> {
    this.calls.push({ command, request });
    return this.#handlers[command](request);
  }

  /** The same as a backend of the page. */
  backend(): Backend {
    return {
      capabilities: { filePicker: false, folderPicker: false },
      call: async (command, request) => structuredClone(this.call(command, request)),
      on: (event, handler) => {
        const listeners = this.#listeners.get(event) ?? new Set();
        this.#listeners.set(event, listeners);
        listeners.add(handler as (payload: never) => void);
        return () => listeners.delete(handler as (payload: never) => void);
      },
    };
  }

  emit<E extends keyof BackendEvents>(event: E, payload: BackendEvents[E]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(payload as never);
  }

  counts(): InboxCounts {
    const count = (state: Entry['state']) => this.entries.filter((entry) => entry.state === state).length;
    return {
      review: count('review'),
      not_found: count('not_found'),
      decided: count('decided'),
      advances: this.entries.filter((entry) => entry.advance !== undefined).length,
      not_customers: count('not_customers'),
      asked: this.asked.length,
    };
  }

  #takenBack(): Done {
    const last = this.#undone.pop();
    if (!last) {
      throw refused('decide/nothing', both('Отменять нечего', 'There is nothing to undo'), both('Ничего делать не нужно', 'Nothing to do'));
    }
    this.entries = this.entries.map((known) => (known.entry === last.entry ? last.from : known));
    return { message: both('Решение отменено, CRM узнает', 'Undone; the CRM will know'), decision: null };
  }

  #status(): Status {
    const { empty = false, offline = false, several = false } = this.#scene;
    const crms = empty ? [] : this.crm.statuses(offline, several);
    const counts = this.counts();
    const waiting = counts.review + counts.not_found;
    return {
      version: '0.1.0',
      condition: offline ? 'offline' : empty || waiting > 0 ? 'needs_you' : 'ok',
      headline: empty
        ? both('Выберите папку выписок', 'Choose the statement folder')
        : offline
          ? both('Нет сети: 1 запись уйдёт сама', 'No network: 1 message goes out by itself')
          : both(`${waiting} платежей ждут решения`, `${waiting} payments wait for a decision`),
      folder: {
        path: this.settings.folder,
        state: this.settings.folder === null ? 'not_chosen' : 'watching',
        message: both('Папка наблюдается', 'The folder is watched'),
      },
      crm: crms[0] ?? NO_CRM,
      crms,
      inbox: counts,
      outbox: this.#outboxCounts(),
      orders_waiting: this.orders.filter((order) => order.state === 'submitted').length,
      notices: this.#scene.notices ?? [],
      accounts: empty
        ? []
        : [
            {
              account: OUR_ACCOUNT,
              closing: rub('1284300.55'),
              closing_date: '2025-03-28',
              proven: true,
              blocked_from: null,
              difference: null,
            },
            {
              account: '40702978900000000002',
              closing: { amount: '3100.00', currency: 'EUR' },
              closing_date: '2025-03-27',
              proven: false,
              blocked_from: '2025-03-27',
              difference: { amount: '-120.00', currency: 'EUR' },
            },
          ],
    };
  }

  #outboxCounts() {
    if (this.#scene.empty) return { waiting: 0, parked: 0, delivered: 0, withdrawn: 0, drifts: 0 };
    return { waiting: 1, parked: 1, delivered: 1, withdrawn: 0, drifts: this.drifts.filter((drift) => !drift.later).length };
  }

  #entry(id: string): Entry {
    const found = this.entries.find((entry) => entry.entry === id);
    if (!found) throw refused('ledger/no-entry', both('Такого платежа нет', 'No such payment'), both('Обновите список', 'Refresh'));
    return found;
  }

  #change(id: string, change: Partial<Entry>): void {
    const entry = this.#entry(id);
    this.#undone.push({ entry: id, from: { ...entry } });
    this.entries = this.entries.map((known) => (known.entry === id ? { ...known, ...change } : known));
  }

  #order(id: string): OrderView {
    const found = this.orders.find((order) => order.order === id);
    if (!found) throw refused('orders/unknown', both('Такой платёжки нет', 'No such order'), both('Обновите список', 'Refresh'));
    return found;
  }

  #step(id: string, change: Partial<OrderView>): OrderView {
    const order = { ...this.#order(id), ...change };
    this.orders = this.orders.map((known) => (known.order === id ? order : known));
    return order;
  }

  #shown(order: string, hash: string): void {
    if (this.#order(order).content_hash === hash) return;
    throw refused(
      'orders/changed-meanwhile',
      both('Платёжка изменилась, пока вы на неё смотрели', 'The order changed while you looked at it'),
      both('Посмотрите на неё ещё раз', 'Look at it once more'),
    );
  }

  #known(passphrase: string): void {
    if (passphrase === 'верная фраза') return;
    throw refused(
      'people/passphrase',
      both('Имя или парольная фраза не подходят', 'The name or the passphrase does not fit'),
      both('Проверьте раскладку и наберите ещё раз', 'Check the keyboard layout and type it again'),
    );
  }

  #told(): MessageView[] {
    const drift = (invoice: string) => this.drifts.find((one) => one.invoice === invoice) ?? null;
    return messages().map((view) => ({ ...view, drift: drift(view.row.invoice) }));
  }

  #messages(state: MessageState | null) {
    if (this.#scene.empty) return [];
    return this.#told().filter(({ row }) => state === null || row.state === state);
  }

  #answers(): Handlers {
    const message = (id: string) => {
      const found = this.#told().find(({ row }) => row.message === id);
      if (!found) throw refused('outbox/unknown', both('Такого сообщения нет', 'No such message'), both('Обновите список', 'Refresh'));
      return found;
    };
    return {
      ...this.learning.answers((id) => this.#entry(id)),
      status: () => this.#status(),
      inbox_page: ({ state, advances, search, offset, limit }) => {
        const fits = this.entries.filter(
          (entry) =>
            (state === null || entry.state === state) &&
            (!advances || entry.advance !== undefined) &&
            `${entry.payer} ${entry.purpose} ${entry.amount}`.toLowerCase().includes(search.toLowerCase()),
        );
        return { total: fits.length, counts: this.counts(), rows: fits.slice(offset, offset + limit).map(rowOf) };
      },
      entry_view: ({ entry }) => {
        const back = this.entries.find((one) => one.undoes === entry && one.state === 'decided');
        const refunds = back ? [{ decision: `d-${back.entry}`, entry: back.entry, date: back.date, number: '19', sum: rub(back.amount) }] : [];
        return { ...viewOf(this.#entry(entry)), refunds };
      },
      decide: ({ entry, allocations, undoes }) => {
        if (undoes !== (this.#entry(entry).undoes ?? null)) {
          throw refused('decision/not-a-refund', both('Возвращён другой платёж', 'Another payment went back'), both('Обновите список', 'Refresh'));
        }
        this.#change(entry, { state: 'decided', automatic: false, invoices: allocations.map(({ invoice }) => invoice.split(':').at(-1) ?? invoice) });
        return { message: both('Записано: счёт оплачен', 'Written: the invoice is paid'), decision: `d-${entry}` };
      },
      dismiss: ({ entry }) => {
        this.#change(entry, { state: 'not_customers' });
        return { message: both('Отмечено: не от покупателя', "Noted: not a customer's"), decision: `d-${entry}` };
      },
      undo: () => this.#takenBack(),
      refund: ({ decision }) => {
        const entry = (decision ?? '').replace('d-', '');
        this.#change(entry, { state: 'review', automatic: false });
        return { message: both('Решение отменено, в CRM уйдёт возврат', 'Undone, the CRM will be told of the refund'), decision };
      },
      import_files: ({ paths }) => ({
        files: paths.map((file) => ({
          file,
          content: 'statement',
          entries_new: 3,
          entries_known: 1,
          entries_asked: 0,
          entries_not_booked: 0,
          summary: both('Прочитано 4 платежа', '4 payments read'),
          diagnostics: file.endsWith('.zip') ? remarks() : [],
        })),
      }),
      asked_list: () => ({ rows: this.asked }),
      asked_answer: ({ asked }) => {
        this.asked = this.asked.filter((row) => row.asked !== asked);
        return { message: both('строка занесена как поступление', 'the line is booked as money in'), decision: null };
      },
      invoices_page: ({ search, only_open, offset, limit }) => {
        const rows = this.#scene.empty
          ? []
          : invoices().filter((row) => (!only_open || row.status === 'open') && `${row.number} ${row.customer}`.includes(search));
        return { total: rows.length, rows: rows.slice(offset, offset + limit) };
      },
      orders_page: ({ state, offset, limit }) => {
        const rows = this.orders
          .filter((order) => state === null || order.state === state)
          .map((order) => ({
            order: order.order,
            number: order.draft.number,
            date: order.draft.date,
            payee: order.draft.payee.name,
            amount: order.draft.amount,
            purpose: order.draft.purpose,
            state: order.state,
            alone: order.alone,
          }));
        return { total: rows.length, rows: rows.slice(offset, offset + limit) };
      },
      order_view: ({ order }) => this.#order(order),
      order_check: ({ draft }) => ({ defects: defectsOf(draft), warnings: [] }),
      order_save: ({ order, draft }) => {
        if (order !== null) return this.#step(order, { draft, content_hash: hashOf(draft), defects: defectsOf(draft) });
        const saved: OrderView = {
          order: `o${this.orders.length + 1}`,
          state: 'draft',
          draft: { ...draft, number: draft.number || '28' },
          content_hash: hashOf({ ...draft, number: draft.number || '28' }),
          defects: defectsOf(draft),
          warnings: [],
          author: null,
          approved_by: null,
          alone: false,
          file: null,
          executed_entry: null,
          history: [{ at: '2025-03-28T09:00:00Z', says: both('Черновик создан', 'Draft made') }],
        };
        this.orders = [saved, ...this.orders];
        return saved;
      },
      order_submit: ({ order, content_hash, who }) => {
        this.#known(who.passphrase);
        this.#shown(order, content_hash);
        return this.#step(order, { state: 'submitted', author: who.name });
      },
      order_approve: ({ order, content_hash, who }) => {
        this.#known(who.passphrase);
        this.#shown(order, content_hash);
        return this.#step(order, { state: 'approved', approved_by: who.name });
      },
      order_approve_alone: ({ order, content_hash, who }) => {
        this.#known(who.passphrase);
        this.#shown(order, content_hash);
        return this.#step(order, { state: 'approved', approved_by: who.name, alone: true });
      },
      order_reject: ({ order, who }) => {
        this.#known(who.passphrase);
        return this.#step(order, { state: 'rejected' });
      },
      orders_export: () => ({
        file: 'C:\\Клиент-банк\\Поручения\\1c_to_kl.txt',
        files: ['C:\\Клиент-банк\\Поручения\\1c_to_kl.txt'],
        orders: ['o3'],
        total: rub('9900.90'),
        message: both('Выгружена 1 платёжка', '1 order exported'),
      }),
      people: () => this.people,
      person_add: ({ person, role }) => {
        this.people = { ...this.people, people: [...this.people.people, { name: person.name, role }] };
        return this.people;
      },
      sole_operator_set: ({ on, owner }) => {
        this.#known(owner.passphrase);
        this.people = { ...this.people, sole_operator: on };
        return this.people;
      },
      outbox_page: ({ state, offset, limit }) => {
        const rows = this.#messages(state).map(({ row }) => row);
        return { total: rows.length, counts: this.#outboxCounts(), rows: rows.slice(offset, offset + limit) };
      },
      message_view: ({ message: id }) => message(id),
      message_retry: ({ message: id }) => message(id),
      message_park: ({ message: id }) => message(id),
      drift_list: () => ({ rows: this.drifts }),
      drift_answer: ({ drift, answer }) => {
        this.drifts =
          answer === 'later' || answer === 'ask'
            ? this.drifts.map((one) =>
                one.drift === drift
                  ? { ...one, later: true, answers: one.answers.filter((left) => left === 'later' || left !== answer) }
                  : one,
              )
            : this.drifts.filter((one) => one.drift !== drift);
        return { message: both('Сделано, как вы сказали', 'Done as you said'), decision: null };
      },
      sync_now: () => ({ message: both('CRM обновлена', 'The CRM is up to date'), decision: null }),
      settings: () => this.settings,
      settings_save: (settings) => {
        this.settings = settings;
        return settings;
      },
      connect: ({ webhook }) => this.crm.webhook(webhook),
      connect_amocrm: () => this.crm.connect(),
      connect_application: () => this.crm.connect(),
      authorise_address: ({ portal, client_id }) => ({ address: `${portal}/oauth/authorize/?client_id=${client_id}` }),
      connection_check: ({ connection }) => this.crm.connect(connection),
      mapping: ({ connection }) => this.crm.mapping(connection),
      mapping_save: (request) => this.crm.save(request),
      disconnect: () => ({ message: both('CRM отключена', 'The CRM is disconnected'), decision: null }),
      watch_pause: () => this.#status(),
      own_payers: () => ({ payers: this.companies.payers(this.settings.payer) }),
      companies: () => this.companies.view(),
      company_save: (request) => this.companies.save(request),
      company_remove: ({ inn }) => this.companies.remove(inn),
      account_company: ({ account, company }) => this.companies.own(account, company),
      connection_companies: ({ connection, companies }) => this.companies.serve(connection, companies),
    };
  }
}

/** Names this very content, as the program's hash does. */
export function hashOf(draft: Draft): string | null {
  return defectsOf(draft).length === 0 ? JSON.stringify(draft) : null;
}

export function defectsOf(draft: Draft): DefectView[] {
  const defects: DefectView[] = [];
  if (draft.payee.name === '') defects.push({ field: 'payee.name', message: both('заполните поле', 'the field is empty') });
  if (draft.payee.account.length !== 20) {
    defects.push({ field: 'payee.account', message: both('нужно 20 цифр', '20 digits are needed') });
  }
  if (draft.amount === '') defects.push({ field: 'amount', message: both('укажите сумму', 'name the sum') });
  if (draft.purpose === '') defects.push({ field: 'purpose', message: both('напишите, за что платите', 'say what you pay for') });
  return defects;
}

function grown(known: Entry[], wanted: number | undefined): Entry[] {
  if (wanted === undefined) return known;
  return Array.from({ length: wanted }, (_, index) => {
    const entry = known[index % known.length] as Entry;
    return { ...entry, entry: `e${index + 1}` };
  });
}
