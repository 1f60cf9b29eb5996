import { expect, test } from 'vitest';

import { en } from '../../src/i18n/en';
import { pluralEn, pluralRu } from '../../src/i18n/plural';
import { ru } from '../../src/i18n/ru';
import { languageOf } from '../../src/i18n/speech.svelte';

test.each([
  [0, 'платежей'],
  [1, 'платёж'],
  [2, 'платежа'],
  [4, 'платежа'],
  [5, 'платежей'],
  [11, 'платежей'],
  [12, 'платежей'],
  [21, 'платёж'],
  [22, 'платежа'],
  [111, 'платежей'],
  [1001, 'платёж'],
])('%i %s', (count, form) => {
  expect(pluralRu(count, 'платёж', 'платежа', 'платежей')).toBe(form);
});

test('English has two forms', () => {
  expect([0, 1, 2, 21].map((count) => pluralEn(count, 'one', 'many'))).toEqual(['many', 'one', 'many', 'many']);
});

type Phrase = string | ((...args: never[]) => string) | { [key: string]: Phrase };

/** Every phrase with its path; functions are called with what their number of arguments allows. */
function phrases(tree: Phrase, path = ''): [string, string][] {
  if (typeof tree === 'string') return [[path, tree]];
  if (typeof tree === 'function') return [[path, tree(...(Array.from({ length: tree.length }, () => 2) as never[]))]];
  return Object.entries(tree).flatMap(([key, value]) => phrases(value, path ? `${path}.${key}` : key));
}

test('every phrase exists in both languages and says something', () => {
  const russian = phrases(ru);
  const english = phrases(en);
  expect(english.map(([path]) => path)).toEqual(russian.map(([path]) => path));
  for (const [path, phrase] of [...russian, ...english]) expect(phrase.trim(), path).not.toBe('');
});

test('no Russian is left in the English', () => {
  for (const [path, phrase] of phrases(en)) expect(phrase, path).not.toMatch(/\p{Script=Cyrillic}/u);
});

test.each([
  ['ru', 'en-GB', 'ru'],
  ['en', 'ru-RU', 'en'],
  [null, 'ru-RU', 'ru'],
  [null, 'RU', 'ru'],
  [null, 'en-GB', 'en'],
  [undefined, 'de-DE', 'en'],
] as const)('chosen %s on a %s system speaks %s', (chosen, system, language) => {
  expect(languageOf(chosen, system)).toBe(language);
});
