// What must stay absent.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));
const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(ts|svelte)$/.test(path))
  .map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(SRC, path), 'utf8') }));

function holding(pattern: RegExp): string[] {
  return sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
}

test('only one file knows Tauri', () => {
  expect(holding(/from '@tauri-apps\//)).toEqual(['backend/tauri.ts']);
});

test('no sum goes through a floating point number', () => {
  expect(holding(/parseFloat|toFixed|Number\((?!isNaN)|\bNumber\.parse/)).toEqual([]);
});

test('nothing is put into the page as HTML, and no style needs the policy loosened', () => {
  expect(holding(/\{@html|innerHTML|insertAdjacentHTML|\bstyle="/)).toEqual([]);
});

test('no Russian or English sentence hides in a component', () => {
  const components = sources.filter(({ path }) => path.endsWith('.svelte'));
  const spoken = components.filter(({ text }) => {
    const withoutComments = text.replaceAll(/<!--[\s\S]*?-->|\/\/.*$|\/\*[\s\S]*?\*\//gm, '');
    // A language's own name is the same in every language.
    return /\p{Script=Cyrillic}/u.test(withoutComments.replaceAll('Русский', ''));
  });
  expect(spoken.map(({ path }) => path)).toEqual([]);
});
