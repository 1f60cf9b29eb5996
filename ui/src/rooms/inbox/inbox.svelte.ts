// Поступления: which payments and refunds are listed, which one is chosen, and what is done with it.

import { PagedRows } from '../../grid/paged-rows.svelte';
import type { Session } from '../../session.svelte';
import type { CandidateView, EntryState, EntryView, InboxPage, InboxRow, RejectScope } from '../../wire';

/** While typing a search, the question waits this long for the next letter. */
const TYPING_QUIET_MS = 120;
const FILTER_KEY = 'sverka.inbox.filter';
export const ENTRY_STATES: readonly EntryState[] = ['review', 'not_found', 'decided', 'not_customers'];

/** Payments in one state, or those of which something is an advance. */
export type InboxFilter = EntryState | 'advances';

export class InboxRoom {
  filter = $state<InboxFilter | null>(null);
  search = $state('');
  /** The chosen payment's id; it stays chosen while the list moves. */
  chosen = $state<string | null>(null);
  /** Where the chosen payment stands, or stood, in the list. */
  index = $state(0);
  view = $state.raw<EntryView | null>(null);
  /** Which candidate the person has marked. */
  candidate = $state(0);
  busy = $state(false);
  /** The payment the person is asked about before it is rejected. */
  rejecting = $state(false);
  /** The payment the person is asked about before it is said to have gone back. */
  refunding = $state(false);
  /** The suggestion the person is refusing. */
  refusing = $state.raw<CandidateView | null>(null);
  readonly rows: PagedRows<InboxRow, InboxPage>;
  readonly #session: Session;
  #typing: ReturnType<typeof setTimeout> | null = null;
  #viewQuestion = 0;

  constructor(session: Session) {
    this.#session = session;
    this.filter = savedFilter();
    this.rows = new PagedRows(
      (offset, limit) =>
        session.backend.call('inbox_page', {
          state: this.filter === 'advances' ? null : this.filter,
          advances: this.filter === 'advances',
          search: this.search,
          offset,
          limit,
        }),
      (error) => session.failed(error),
    );
  }

  setFilter(filter: InboxFilter | null): void {
    this.filter = filter;
    saveFilter(filter);
    this.index = 0;
    void this.restart();
  }

  setSearch(search: string): void {
    this.search = search;
    if (this.#typing !== null) clearTimeout(this.#typing);
    this.#typing = setTimeout(() => {
      this.#typing = null;
      this.index = 0;
      void this.restart();
    }, TYPING_QUIET_MS);
  }

  clear(): void {
    this.search = '';
    this.setFilter(null);
  }

  async restart(): Promise<void> {
    await this.rows.restart();
    this.#findChosen();
  }

  /** Asks again for what is shown; keeps the chosen payment. */
  async reload(): Promise<void> {
    await Promise.all([this.rows.reload().then(() => this.#findChosen()), this.#loadView()]);
  }

  choose(entry: string, index?: number): void {
    if (index !== undefined) this.index = index;
    if (this.chosen === entry) return;
    this.chosen = entry;
    this.candidate = 0;
    this.view = null;
    void this.#loadView();
    if (index === undefined) this.#findChosen();
  }

  chooseAt(index: number): void {
    this.index = index;
    const row = this.rows.at(index);
    if (row) this.choose(row.entry, index);
  }

  get marked(): CandidateView | undefined {
    return this.view?.candidates[this.candidate];
  }

  /** Whether there is something to confirm. */
  get open(): boolean {
    return this.view !== null && this.view.decision === null && this.view.candidates.length > 0;
  }

  get rejectable(): boolean {
    return this.view !== null && this.view.decision === null && this.view.state !== 'not_customers';
  }

  /** A payment that was given to invoices, all of which a person may say went back. */
  get refundable(): boolean {
    const { view } = this;
    if (!view?.decision || view.outgoing || view.refunds.length > 0) return false;
    return view.decision.allocations.length > 0 && view.decision.undoes === null;
  }

  /** Sends exactly the candidate on the screen, so that what was seen is what is decided. */
  async confirm(): Promise<void> {
    const { view, marked } = this;
    if (!view || !marked || !this.open || this.busy) return;
    const allocations = marked.allocations.map(({ invoice, allocated }) => ({ invoice, amount: allocated.amount }));
    await this.#act(() => this.#session.ask('decide', { entry: view.entry, allocations, undoes: marked.undoes?.entry ?? null }), true);
  }

  async reject(): Promise<void> {
    const { view } = this;
    this.rejecting = false;
    if (!view || !this.rejectable || this.busy) return;
    await this.#act(() => this.#session.ask('dismiss', { entry: view.entry }), true);
  }

  /** Not this pair. The payment goes on waiting, with what else there is to offer. Throws what the program says. */
  async refuse(entry: string, invoice: string, scope: RejectScope): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const { message } = await this.#session.backend.call('reject', { entry, invoice, scope });
      this.refusing = null;
      this.candidate = 0;
      this.#session.tell(message);
      await this.reload();
    } finally {
      this.busy = false;
    }
    void this.#session.refreshStatus();
  }

  /** null: the last live decision, whatever is on the screen. */
  async undo(decision: string | null): Promise<void> {
    if (this.busy) return;
    await this.#act(() => this.#session.ask('undo', { decision }), false);
  }

  /** The money went back to the customer, though no statement says so yet. */
  async refund(): Promise<void> {
    const { view } = this;
    this.refunding = false;
    if (!view?.decision || !this.refundable || this.busy) return;
    const { decision } = view.decision;
    await this.#act(() => this.#session.ask('refund', { decision }), false);
  }

  async #act(done: () => Promise<{ message: { ru: string; en: string } } | null>, moveOn: boolean): Promise<void> {
    this.busy = true;
    const next = moveOn ? this.#following() : null;
    const answer = await done();
    this.busy = false;
    if (!answer) return;
    this.#session.tell(answer.message);
    if (next) this.choose(next.entry, this.filter === null ? next.index : this.index);
    await this.reload();
    void this.#session.refreshStatus();
  }

  /** The payment to go to once this one is decided. */
  #following(): { entry: string; index: number } | null {
    const next = this.rows.at(this.index + 1);
    if (next) return { entry: next.entry, index: this.index + 1 };
    if (this.filter === null) return null;
    const before = this.rows.at(this.index - 1);
    return before ? { entry: before.entry, index: this.index - 1 } : null;
  }

  #findChosen(): void {
    const { chosen } = this;
    const at = chosen === null ? -1 : this.rows.indexOf((row) => row.entry === chosen);
    if (at >= 0) this.index = at;
    else this.index = Math.min(this.index, Math.max(0, this.rows.total - 1));
    if (chosen === null) {
      const first = this.rows.at(this.index);
      if (first) this.choose(first.entry, this.index);
    }
  }

  async #loadView(): Promise<void> {
    const entry = this.chosen;
    if (entry === null) return;
    this.#viewQuestion += 1;
    const question = this.#viewQuestion;
    const view = await this.#session.ask('entry_view', { entry });
    if (question !== this.#viewQuestion) return;
    this.view = view;
    const candidates = view?.candidates.length ?? 0;
    if (this.candidate >= candidates) this.candidate = 0;
  }
}

function isFilter(text: string | null): text is InboxFilter {
  return text === 'advances' || ENTRY_STATES.some((state) => state === text);
}

/** Storage may be forbidden in a private window: a filter is not worth a failure. */
function savedFilter(): InboxFilter | null {
  try {
    const saved = localStorage.getItem(FILTER_KEY);
    return isFilter(saved) ? saved : null;
  } catch {
    return null;
  }
}

function saveFilter(filter: InboxFilter | null): void {
  try {
    if (filter === null) localStorage.removeItem(FILTER_KEY);
    else localStorage.setItem(FILTER_KEY, filter);
  } catch {
    // As above: it is only not remembered.
  }
}
