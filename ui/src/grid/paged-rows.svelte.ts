// Rows of a list of any length, fetched by pages as they come into view.

import { PAGE_ROWS, pagesOf, type Rows } from './window';

export interface Page<Row> {
  total: number;
  rows: Row[];
}

/** Pages kept besides those in view: enough to scroll back and forth, little memory. */
const PAGES_KEPT = 20;

export class PagedRows<Row, P extends Page<Row> = Page<Row>> {
  total = $state(0);
  /** Whether an answer to the present question has come. */
  answered = $state(false);
  /** The newest answer, for what it says besides its rows. */
  newest = $state.raw<P | null>(null);
  #pages = $state.raw<ReadonlyMap<number, readonly Row[]>>(new Map());
  #asked = new Set<number>();
  #question = 0;
  #inView: Rows = { first: 0, end: 0 };
  readonly #fetch: (offset: number, limit: number) => Promise<P>;
  readonly #failed: (error: unknown) => void;

  constructor(fetch: (offset: number, limit: number) => Promise<P>, failed: (error: unknown) => void) {
    this.#fetch = fetch;
    this.#failed = failed;
  }

  at(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
  }

  /** The index of a row among the pages at hand, or -1. */
  indexOf(wanted: (row: Row) => boolean): number {
    for (const [page, rows] of this.#pages) {
      const index = rows.findIndex(wanted);
      if (index >= 0) return page * PAGE_ROWS + index;
    }
    return -1;
  }

  show(rows: Rows): void {
    this.#inView = rows;
    for (const page of pagesOf(rows)) {
      if (!this.#asked.has(page)) void this.#ask(page);
    }
  }

  /** Asks again for what is in view. Old rows stay on the screen until the new ones are there. */
  async reload(): Promise<void> {
    this.#question += 1;
    this.#asked.clear();
    const pages = pagesOf(this.#inView);
    const [first = 0, ...rest] = pages;
    await Promise.all([first, ...rest].map((page) => this.#ask(page)));
  }

  /** A new question (filter, search): nothing of the old answer is shown. */
  async restart(): Promise<void> {
    this.#pages = new Map();
    this.total = 0;
    this.answered = false;
    this.#inView = { first: 0, end: 0 };
    await this.reload();
  }

  async #ask(page: number): Promise<void> {
    const question = this.#question;
    this.#asked.add(page);
    try {
      const answer = await this.#fetch(page * PAGE_ROWS, PAGE_ROWS);
      if (question !== this.#question) return;
      this.#keep(page, answer);
    } catch (error) {
      if (question !== this.#question) return;
      this.#asked.delete(page);
      this.#failed(error);
    }
  }

  #keep(page: number, answer: P): void {
    const inView = new Set(pagesOf(this.#inView));
    const pages = new Map(this.#pages);
    // Pages not asked since the last reload are old: they go once something newer is here.
    for (const known of pages.keys()) {
      if (!this.#asked.has(known)) pages.delete(known);
    }
    pages.set(page, answer.rows);
    for (const known of [...pages.keys()]) {
      if (pages.size <= PAGES_KEPT) break;
      if (known !== page && !inView.has(known)) {
        pages.delete(known);
        this.#asked.delete(known);
      }
    }
    this.#pages = pages;
    this.total = answer.total;
    this.newest = answer;
    this.answered = true;
  }
}
