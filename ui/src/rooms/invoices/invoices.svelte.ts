// Счета: the CRM's invoices as last pulled.

import { PagedRows } from '../../grid/paged-rows.svelte';
import type { Session } from '../../session.svelte';
import type { InvoiceRow, InvoicesPage } from '../../wire';

const TYPING_QUIET_MS = 120;

export class InvoicesRoom {
  search = $state('');
  onlyOpen = $state(true);
  index = $state(0);
  busy = $state(false);
  readonly rows: PagedRows<InvoiceRow, InvoicesPage>;
  readonly #session: Session;
  #typing: ReturnType<typeof setTimeout> | null = null;

  constructor(session: Session) {
    this.#session = session;
    this.rows = new PagedRows(
      (offset, limit) =>
        session.backend.call('invoices_page', { search: this.search, only_open: this.onlyOpen, offset, limit }),
      (error) => session.failed(error),
    );
  }

  setOnlyOpen(onlyOpen: boolean): void {
    this.onlyOpen = onlyOpen;
    this.index = 0;
    void this.rows.restart();
  }

  setSearch(search: string): void {
    this.search = search;
    if (this.#typing !== null) clearTimeout(this.#typing);
    this.#typing = setTimeout(() => {
      this.#typing = null;
      this.index = 0;
      void this.rows.restart();
    }, TYPING_QUIET_MS);
  }

  async refresh(): Promise<void> {
    this.busy = true;
    const done = await this.#session.ask('sync_now', {});
    this.busy = false;
    if (!done) return;
    this.#session.tell(done.message);
    this.#session.changed();
  }
}
