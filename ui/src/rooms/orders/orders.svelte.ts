// Платёжки: the list, and the one order being read or written.

import { PagedRows } from '../../grid/paged-rows.svelte';
import type { Session } from '../../session.svelte';
import type { Draft, DraftParty, OrderChecked, OrderRow, OrdersPage, OrderState, OrderView } from '../../wire';
import { copyDraft, emptyParty, sameDraft } from './draft';

/** While typing, the check waits this long for the next letter. */
const TYPING_QUIET_MS = 200;
export const ORDER_STATES: readonly OrderState[] = [
  'draft',
  'submitted',
  'approved',
  'exported',
  'executed',
  'rejected',
];

export class OrdersRoom {
  filter = $state<OrderState | null>(null);
  index = $state(0);
  /** The order on the screen; null while it is a new one or none. */
  chosen = $state<string | null>(null);
  view = $state.raw<OrderView | null>(null);
  /** What the form holds; null where no order is on the screen. */
  draft = $state<Draft | null>(null);
  checked = $state.raw<OrderChecked>({ defects: [], warnings: [] });
  checking = $state(false);
  /** Our requisites, by account: the first is what a new order begins with. */
  payers = $state.raw<DraftParty[]>([]);
  busy = $state(false);
  /** What to do once the unsaved changes are kept or dropped. */
  leaving = $state.raw<(() => void) | null>(null);
  #saved = $state.raw<Draft | null>(null);
  readonly rows: PagedRows<OrderRow, OrdersPage>;
  readonly #session: Session;
  #typing: ReturnType<typeof setTimeout> | null = null;
  #checkQuestion = 0;
  #viewQuestion = 0;

  constructor(session: Session) {
    this.#session = session;
    this.rows = new PagedRows(
      (offset, limit) => session.backend.call('orders_page', { state: this.filter, offset, limit }),
      (error) => session.failed(error),
    );
  }

  get editable(): boolean {
    return this.draft !== null && (this.view === null || this.view.state === 'draft');
  }

  get unsaved(): boolean {
    return this.editable && this.draft !== null && !(this.#saved !== null && sameDraft(this.draft, this.#saved));
  }

  async setFilter(filter: OrderState | null): Promise<void> {
    this.filter = filter;
    this.index = 0;
    await this.rows.restart();
  }

  async reload(): Promise<void> {
    await Promise.all([
      this.rows.reload(),
      this.unsaved ? Promise.resolve() : this.#loadView(),
      this.#loadPayers(),
    ]);
    const at = this.rows.indexOf((row) => row.order === this.chosen);
    if (at >= 0) this.index = at;
  }

  /** Does it at once, or asks first where changes would be lost. */
  leave(then: () => void): void {
    if (this.unsaved) this.leaving = then;
    else then();
  }

  choose(order: string, index: number): void {
    if (order === this.chosen) {
      this.index = index;
      return;
    }
    this.leave(() => {
      this.index = index;
      this.chosen = order;
      this.view = null;
      this.draft = null;
      void this.#loadView();
    });
  }

  chooseAt(index: number): void {
    const row = this.rows.at(index);
    if (row) this.choose(row.order, index);
    else this.index = index;
  }

  begin(today: string): void {
    this.leave(() => {
      const payer: DraftParty = { ...(this.payers[0] ?? emptyParty()) };
      this.#start({ number: '', date: today, amount: '', payer, payee: emptyParty(), purpose: '', priority: '5', uin: '' });
    });
  }

  copy(today: string): void {
    const { draft } = this;
    if (!draft) return;
    const twin: Draft = $state.snapshot(draft);
    this.leave(() => this.#start({ ...twin, number: '', date: today }));
  }

  /** Changes the draft and checks it while it is typed. */
  edit(change: (draft: Draft) => void): void {
    if (!this.draft) return;
    change(this.draft);
    if (this.#typing !== null) clearTimeout(this.#typing);
    this.checking = true;
    this.#typing = setTimeout(() => {
      this.#typing = null;
      void this.#check();
    }, TYPING_QUIET_MS);
  }

  async save(): Promise<boolean> {
    const { draft } = this;
    if (!draft || this.busy) return false;
    this.busy = true;
    const sent = $state.snapshot(draft);
    const view = await this.#session.ask('order_save', { order: this.chosen, draft: sent });
    this.busy = false;
    if (!view) return false;
    this.take(view);
    return true;
  }

  /** Shows an order as the program answered it. */
  take(view: OrderView): void {
    this.#viewQuestion += 1;
    this.#show(view);
    this.#session.changed();
  }

  async export(): Promise<void> {
    this.busy = true;
    const exported = await this.#session.ask('orders_export', { orders: [], folder: null });
    this.busy = false;
    if (!exported) return;
    this.#session.tell(exported.message);
    this.#session.changed();
  }

  async keepAndLeave(): Promise<void> {
    const then = this.leaving;
    if (await this.save()) {
      this.leaving = null;
      then?.();
    }
  }

  dropAndLeave(): void {
    const then = this.leaving;
    this.leaving = null;
    then?.();
  }

  #start(draft: Draft): void {
    this.#viewQuestion += 1;
    this.chosen = null;
    this.view = null;
    this.draft = draft;
    this.#saved = $state.snapshot(draft);
    void this.#check();
  }

  #show(view: OrderView): void {
    this.chosen = view.order;
    this.view = view;
    this.draft = copyDraft(view.draft);
    this.#saved = view.draft;
    this.checked = { defects: view.defects, warnings: view.warnings };
  }

  async #check(): Promise<void> {
    const { draft } = this;
    if (!draft) return;
    this.#checkQuestion += 1;
    const question = this.#checkQuestion;
    this.checking = true;
    const checked = await this.#session.ask('order_check', { order: this.chosen, draft: $state.snapshot(draft) });
    if (question !== this.#checkQuestion) return;
    this.checking = false;
    if (checked) this.checked = checked;
  }

  async #loadPayers(): Promise<void> {
    const answer = await this.#session.ask('own_payers', {});
    if (answer) this.payers = answer.payers;
  }

  async #loadView(): Promise<void> {
    const order = this.chosen;
    if (order === null) return;
    this.#viewQuestion += 1;
    const question = this.#viewQuestion;
    const view = await this.#session.ask('order_view', { order });
    if (view && question === this.#viewQuestion) this.#show(view);
  }
}
