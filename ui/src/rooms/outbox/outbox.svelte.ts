// Очередь: what the CRM must still be told, and what became of each message.

import { PagedRows } from '../../grid/paged-rows.svelte';
import type { Session } from '../../session.svelte';
import type { DriftAnswer, DriftRow, MessageRow, MessageState, MessageView, OutboxPage } from '../../wire';

export class OutboxRoom {
  filter = $state<MessageState | null>(null);
  chosen = $state<string | null>(null);
  index = $state(0);
  view = $state.raw<MessageView | null>(null);
  busy = $state(false);
  /** Invoices that somebody changed in the CRM after our write. */
  drifts = $state.raw<DriftRow[]>([]);
  /** The change whose payment the person is asked about before it is undone. */
  undoing = $state.raw<DriftRow | null>(null);
  readonly rows: PagedRows<MessageRow, OutboxPage>;
  readonly #session: Session;
  #viewQuestion = 0;

  constructor(session: Session) {
    this.#session = session;
    this.rows = new PagedRows(
      (offset, limit) => session.backend.call('outbox_page', { state: this.filter, offset, limit }),
      (error) => session.failed(error),
    );
  }

  async setFilter(filter: MessageState | null): Promise<void> {
    this.filter = filter;
    this.index = 0;
    await this.rows.restart();
  }

  async reload(): Promise<void> {
    await Promise.all([this.rows.reload(), this.#loadView(), this.#loadDrifts()]);
    const at = this.rows.indexOf((row) => row.message === this.chosen);
    if (at >= 0) this.index = at;
  }

  choose(message: string, index: number): void {
    this.index = index;
    if (this.chosen === message) return;
    this.chosen = message;
    this.view = null;
    void this.#loadView();
  }

  chooseAt(index: number): void {
    this.index = index;
    const row = this.rows.at(index);
    if (row) this.choose(row.message, index);
  }

  async retry(message: string): Promise<void> {
    await this.#act(() => this.#session.ask('message_retry', { message }));
  }

  async park(message: string): Promise<void> {
    await this.#act(() => this.#session.ask('message_park', { message }));
  }

  /** To undo takes a decision back, so it is asked once more; `true`: it is done. */
  async answer(drift: DriftRow, answer: DriftAnswer): Promise<boolean> {
    if (this.busy) return false;
    if (answer === 'undo' && this.undoing === null) {
      this.undoing = drift;
      return false;
    }
    this.undoing = null;
    this.busy = true;
    const done = await this.#session.ask('drift_answer', { drift: drift.drift, answer });
    this.busy = false;
    if (!done) return false;
    this.#session.tell(done.message);
    this.#session.changed();
    await Promise.all([this.#loadDrifts(), this.#loadView()]);
    return true;
  }

  async sync(): Promise<void> {
    this.busy = true;
    const done = await this.#session.ask('sync_now', {});
    this.busy = false;
    if (done) this.#session.tell(done.message);
    this.#session.changed();
  }

  async #act(done: () => Promise<MessageView | null>): Promise<void> {
    this.busy = true;
    const view = await done();
    this.busy = false;
    if (view) this.view = view;
    this.#session.changed();
  }

  async #loadDrifts(): Promise<void> {
    const answer = await this.#session.ask('drift_list', {});
    if (answer) this.drifts = answer.rows;
  }

  async #loadView(): Promise<void> {
    const message = this.chosen;
    if (message === null) return;
    this.#viewQuestion += 1;
    const question = this.#viewQuestion;
    const view = await this.#session.ask('message_view', { message });
    if (question === this.#viewQuestion) this.view = view;
  }
}
