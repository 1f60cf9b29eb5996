// Выученное: facts, payers' records, refused pairs and the cap.

import { en } from '../../i18n/en';
import { ru } from '../../i18n/ru';
import type { Session } from '../../session.svelte';
import type { FactDetail, Facts, FactView, RejectedView, Words } from '../../wire';

export class FactsRoom {
  view = $state.raw<Facts | null>(null);
  search = $state('');
  /** The fact whose decisions are shown. */
  detail = $state.raw<FactDetail | null>(null);
  /** The fact the person is asked about before it is forgotten. */
  forgetting = $state.raw<FactView | null>(null);
  busy = $state(false);
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async load(): Promise<void> {
    const view = await this.#session.ask('facts', {});
    if (!view) return;
    this.view = view;
    const shown = this.detail?.fact.fact;
    if (shown === undefined) return;
    if (view.facts.some(({ fact }) => fact === shown)) await this.#detail(shown);
    else this.detail = null;
  }

  /** Facts that a decision has shown: what was only ever contradicted is no fact. */
  get shown(): FactView[] {
    return this.view?.facts.filter(({ count }) => count > 0) ?? [];
  }

  /** Facts that hold the words searched for, in either language. */
  get found(): FactView[] {
    const wanted = this.search.trim().toLowerCase();
    const facts = this.shown;
    if (wanted === '') return facts;
    return facts.filter(({ payer, says, fact }) =>
      [payer, says.ru, says.en, fact].some((text) => text.toLowerCase().includes(wanted)),
    );
  }

  async show(fact: string): Promise<void> {
    if (this.detail?.fact.fact === fact) this.detail = null;
    else await this.#detail(fact);
  }

  async forget(): Promise<void> {
    const { forgetting } = this;
    this.forgetting = null;
    if (forgetting) await this.#remove(forgetting.fact, { ru: ru.facts.forgotten, en: en.facts.forgotten });
  }

  async takeBack(pair: RejectedView): Promise<void> {
    await this.#remove(pair.fact, { ru: ru.facts.takenBack, en: en.facts.takenBack });
  }

  /** null takes the limit off. Whether it was taken. */
  async cap(sum: string | null): Promise<boolean> {
    return this.#act(() => this.#session.ask('autonomy_cap', { sum }), {
      ru: ru.facts.capSaved,
      en: en.facts.capSaved,
    });
  }

  async #remove(fact: string, says: Words): Promise<void> {
    await this.#act(() => this.#session.ask('fact_remove', { fact }), says);
  }

  async #act(done: () => Promise<Facts | null>, says: Words): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    const view = await done();
    this.busy = false;
    if (!view) return false;
    this.view = view;
    this.#session.tell(says);
    this.#session.changed();
    return true;
  }

  async #detail(fact: string): Promise<void> {
    this.detail = await this.#session.ask('fact_view', { fact });
  }
}
