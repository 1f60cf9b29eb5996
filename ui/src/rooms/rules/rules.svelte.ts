// Правила: their order, the rule being written, and what a change would have done to the past.

import { asFailure } from '../../backend/backend';
import { en } from '../../i18n/en';
import { ru } from '../../i18n/ru';
import type { Session } from '../../session.svelte';
import type { EntryView, Failure, ReplayView, RuleChange, RulesView, RuleView } from '../../wire';
import { bodyOf, draftOf, emptyDraft, type RuleDraft } from './draft';

/** What was tried on the past; without a change: the program as it is. */
export interface Trial {
  change: RuleChange | null;
  seen: ReplayView;
}

export class RulesRoom {
  view = $state.raw<RulesView | null>(null);
  draft = $state<RuleDraft | null>(null);
  /** The rule being rewritten; null: a new one. */
  editing = $state<string | null>(null);
  /** The payment a new rule is made from. */
  source = $state.raw<EntryView | null>(null);
  trial = $state.raw<Trial | null>(null);
  failure = $state.raw<Failure | null>(null);
  busy = $state(false);
  /** What waits until the person has said that the unsaved rule may go. */
  leaving = $state.raw<(() => void) | null>(null);
  /** The person is asked a second time: something breaks. */
  confirming = $state(false);
  readonly #session: Session;
  #begun = '';

  constructor(session: Session) {
    this.#session = session;
  }

  async load(): Promise<void> {
    const view = await this.#session.ask('rules', {});
    if (view) this.view = view;
  }

  /** The change that the form asks for. */
  get change(): RuleChange | null {
    if (!this.draft) return null;
    const body = bodyOf(this.draft);
    return this.editing === null ? { add: { body, place: null } } : { rewrite: { rule: this.editing, body } };
  }

  get unsaved(): boolean {
    return this.draft !== null && JSON.stringify(this.draft) !== this.#begun;
  }

  /** Whether what was tried is what would be saved. */
  get tried(): boolean {
    return this.trial !== null && (this.draft === null || JSON.stringify(this.trial.change) === JSON.stringify(this.change));
  }

  /** A rule of the list by its id. */
  rule(id: string): RuleView | undefined {
    return this.view?.rules.find(({ rule }) => rule === id);
  }

  begin(): void {
    this.#leave(() => this.#write(emptyDraft(), null, null));
  }

  edit(rule: RuleView): void {
    this.#leave(() => this.#write(draftOf(rule.body), rule.rule, null));
  }

  async beginFrom(entry: EntryView): Promise<void> {
    const body = await this.#session.ask('rule_draft', { entry: entry.entry });
    if (!body) return;
    this.#session.room = 'rules';
    this.#leave(() => this.#write(draftOf(body), null, entry));
  }

  /** Puts the form away, after a question where it holds something unsaved. */
  close(): void {
    this.#leave(() => this.#clear());
  }

  /** What the form holds would have done this to the past. */
  async tryDraft(): Promise<void> {
    const { change } = this;
    if (change) await this.#preview(change);
  }

  /** A removal is always looked at first. */
  remove(rule: RuleView): void {
    this.#leave(() => void this.#preview({ remove: { rule: rule.rule } }));
  }

  /** A move that changes nothing of the past is made at once; any other is looked at first. */
  async move(rule: RuleView, place: number): Promise<void> {
    if (this.unsaved) {
      this.#leave(() => void this.move(rule, place));
      return;
    }
    await this.#preview({ move: { rule: rule.rule, place } });
    if (this.trial && this.trial.seen.changes.length === 0) await this.save(false);
  }

  /** Today's program with today's rules, on the past. */
  replay(): void {
    this.#leave(() => void this.#look(null, () => this.#session.backend.call('replay', {})));
  }

  /** The first word; where something breaks the second one is asked for. */
  async ask(): Promise<void> {
    if (!this.trial || !this.tried) return;
    if (this.trial.seen.broken > 0) this.confirming = true;
    else await this.save(false);
  }

  async save(breaksAccepted: boolean): Promise<void> {
    const change = this.trial?.change;
    this.confirming = false;
    if (!change || !this.tried || this.busy) return;
    this.busy = true;
    this.failure = null;
    try {
      this.view = await this.#session.backend.call('rule_save', { change, breaks_accepted: breaksAccepted });
      this.#clear();
      this.#session.tell({ ru: ru.rules.saved, en: en.rules.saved });
      this.#session.changed();
    } catch (error) {
      this.failure = asFailure(error);
    } finally {
      this.busy = false;
    }
    // The past has grown meanwhile: what breaks is shown before it is asked about.
    if (this.failure?.code === 'rules/breaks') {
      const { failure } = this;
      await this.#preview(change);
      this.failure = failure;
    }
  }

  async #preview(change: RuleChange): Promise<void> {
    await this.#look(change, () => this.#session.backend.call('rule_preview', { change }));
  }

  async #look(change: RuleChange | null, answer: () => Promise<ReplayView>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.failure = null;
    this.trial = null;
    try {
      this.trial = { change, seen: await answer() };
    } catch (error) {
      this.failure = asFailure(error);
    } finally {
      this.busy = false;
    }
  }

  #leave(next: () => void): void {
    const go = () => {
      this.leaving = null;
      this.#clear();
      next();
    };
    if (this.unsaved) this.leaving = go;
    else go();
  }

  #write(draft: RuleDraft, editing: string | null, source: EntryView | null): void {
    this.draft = draft;
    this.editing = editing;
    this.source = source;
    this.#begun = JSON.stringify(draft);
  }

  #clear(): void {
    this.draft = null;
    this.editing = null;
    this.source = null;
    this.trial = null;
    this.failure = null;
  }
}
