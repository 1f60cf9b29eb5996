// Очередь: what the CRM must still be told, and what became of each message.

import { PagedRows } from '../../grid/paged-rows.svelte';
import type { Session } from '../../session.svelte';
import type { MessageRow, MessageState, MessageView, OutboxPage } from '../../wire';

export class OutboxRoom {
  filter = $state<MessageState | null>(null);
  chosen = $state<string | null>(null);
  index = $state(0);
  view = $state.raw<MessageView | null>(null);
  busy = $state(false);
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
    await Promise.all([this.rows.reload(), this.#loadView()]);
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

  async #loadView(): Promise<void> {
    const message = this.chosen;
    if (message === null) return;
    this.#viewQuestion += 1;
    const question = this.#viewQuestion;
    const view = await this.#session.ask('message_view', { message });
    if (question === this.#viewQuestion) this.view = view;
  }
}
