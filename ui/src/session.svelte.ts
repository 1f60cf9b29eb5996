// What every room shares: the backend, the language, what the program says of itself, and what just went wrong.

import { getContext, setContext } from 'svelte';

import {
  asFailure,
  type AnswerOf,
  type Backend,
  type CommandName,
  type RequestOf,
  type RoomName,
  type Unsubscribe,
} from './backend/backend';
import { languageOf, Speech } from './i18n/speech.svelte';
import { Imports } from './shell/imports.svelte';
import { FactsRoom } from './rooms/facts/facts.svelte';
import { InboxRoom } from './rooms/inbox/inbox.svelte';
import { InvoicesRoom } from './rooms/invoices/invoices.svelte';
import { OrdersRoom } from './rooms/orders/orders.svelte';
import { OutboxRoom } from './rooms/outbox/outbox.svelte';
import { RulesRoom } from './rooms/rules/rules.svelte';
import type { Failure, People, Settings, Status, Words } from './wire';

/** News closer together than this are shown as one: an import of a thousand lines is one repaint, not a thousand. */
const NEWS_QUIET_MS = 120;

export interface Notice {
  words: Words;
  /** The payment to show, where the notice is about one. */
  entry: string | null;
}

export class Session {
  readonly backend: Backend;
  readonly speech: Speech;
  room = $state<RoomName>('inbox');
  /** Grows when something shown may have changed; rooms reload on it. */
  revision = $state(0);
  status = $state.raw<Status | null>(null);
  settings = $state.raw<Settings | null>(null);
  people = $state.raw<People | null>(null);
  failure = $state.raw<Failure | null>(null);
  notice = $state.raw<Notice | null>(null);
  readonly inbox: InboxRoom;
  readonly invoices: InvoicesRoom;
  readonly orders: OrdersRoom;
  readonly outbox: OutboxRoom;
  readonly rules: RulesRoom;
  readonly facts: FactsRoom;
  readonly imports: Imports;
  readonly #systemLanguage: string;
  #newsTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(backend: Backend, systemLanguage: string = navigator.language) {
    this.backend = backend;
    this.#systemLanguage = systemLanguage;
    this.speech = new Speech(languageOf(null, systemLanguage));
    this.inbox = new InboxRoom(this);
    this.invoices = new InvoicesRoom(this);
    this.orders = new OrdersRoom(this);
    this.outbox = new OutboxRoom(this);
    this.rules = new RulesRoom(this);
    this.facts = new FactsRoom(this);
    this.imports = new Imports(this);
  }

  /** Listens to the host until the answer is called. */
  start(): Unsubscribe {
    const leave = [
      this.backend.on('changed', () => this.changed()),
      this.backend.on('money_came', (money) => {
        const hidden = this.settings?.hide_sums ?? true;
        this.notice = { words: hidden ? money.says_hidden : money.says, entry: money.first_entry };
        this.changed();
      }),
      this.backend.on('open_entry', (entry) => this.openEntry(entry)),
      this.backend.on('open_room', (room) => {
        this.room = room;
      }),
      this.imports.listen(),
    ];
    void this.refreshSettings();
    void this.refreshStatus();
    return () => {
      for (const unsubscribe of leave) unsubscribe();
      if (this.#newsTimer !== null) clearTimeout(this.#newsTimer);
    };
  }

  /** Says that something changed: by the host's news, or by what was just done here. */
  changed(): void {
    if (this.#newsTimer !== null) return;
    this.#newsTimer = setTimeout(() => {
      this.#newsTimer = null;
      this.revision += 1;
      void this.refreshStatus();
    }, NEWS_QUIET_MS);
  }

  /** Asks the program; a failure is shown and gives null. */
  async ask<C extends CommandName>(command: C, request: RequestOf<C>): Promise<AnswerOf<C> | null> {
    try {
      return await this.backend.call(command, request);
    } catch (error) {
      this.failed(error);
      return null;
    }
  }

  /** Asks again for everything shown. What the person was doing is not repeated: that is theirs to decide. */
  retry(): void {
    this.failure = null;
    this.revision += 1;
    void this.refreshSettings();
    void this.refreshStatus();
  }

  failed(error: unknown): void {
    this.failure = asFailure(error);
  }

  tell(words: Words): void {
    this.notice = { words, entry: null };
  }

  openEntry(entry: string): void {
    this.room = 'inbox';
    this.inbox.choose(entry);
  }

  async saveSettings(settings: Settings): Promise<boolean> {
    const saved = await this.ask('settings_save', settings);
    if (!saved) return false;
    this.#take(saved);
    this.changed();
    return true;
  }

  async refreshStatus(): Promise<void> {
    const status = await this.ask('status', {});
    if (status) this.status = status;
  }

  async refreshPeople(): Promise<void> {
    const people = await this.ask('people', {});
    if (people) this.people = people;
  }

  async refreshSettings(): Promise<void> {
    const settings = await this.ask('settings', {});
    if (settings) this.#take(settings);
  }

  #take(settings: Settings): void {
    this.settings = settings;
    this.speech.language = languageOf(settings.language, this.#systemLanguage);
  }
}

const KEY = Symbol('session');

export function provideSession(session: Session): void {
  setContext(KEY, session);
}

export function useSession(): Session {
  return getContext<Session>(KEY);
}
