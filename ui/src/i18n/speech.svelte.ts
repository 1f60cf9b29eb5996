// The language spoken now, and everything that depends on it.

import { showDate, showMoment } from '../show/dates';
import { showSum, showTyped } from '../show/money';
import type { Sum, Words } from '../wire';
import { en } from './en';
import { ru } from './ru';

export type Language = 'ru' | 'en';
export type Phrases = typeof ru;

const PHRASES: Record<Language, Phrases> = { ru, en };
const LOCALES: Record<Language, string> = { ru: 'ru-RU', en: 'en-GB' };

/** The person's choice; else Russian for a Russian system and English for any other, as the shell does. */
export function languageOf(chosen: string | null | undefined, system: string): Language {
  const wanted = chosen ?? system;
  return wanted.toLowerCase().startsWith('ru') ? 'ru' : 'en';
}

export class Speech {
  language = $state<Language>('ru');
  readonly t: Phrases = $derived(PHRASES[this.language]);
  readonly locale: string = $derived(LOCALES[this.language]);

  constructor(language: Language) {
    this.language = language;
  }

  say(words: Words): string {
    return words[this.language];
  }

  sum(sum: Sum): string {
    return showSum(sum, this.locale);
  }

  typedSum(amount: string, currency: string): string {
    return showTyped(amount, currency, this.locale);
  }

  date(iso: string): string {
    return showDate(iso, this.locale);
  }

  moment(iso: string): string {
    return showMoment(iso, this.locale);
  }
}
