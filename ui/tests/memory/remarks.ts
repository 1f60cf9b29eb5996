// What is said of an imported file.

import type { DiagnosticView } from '../../src/wire';
import { both } from './words';

/** What is said of an archive: of one line of a file inside it, and of the whole. */
export function remarks(): DiagnosticView[] {
  return [
    {
      severity: 'error',
      code: 'camt/amount',
      line: 8,
      column: 31,
      excerpt: '12..34',
      message: both('«12..34» не сумма', '«12..34» is not an amount'),
      remedy: both('попросите файл у банка ещё раз', 'ask the bank for the file again'),
      part: 'июль.xml',
    },
    {
      severity: 'note',
      code: 'format/extension',
      line: 0,
      column: 0,
      excerpt: '.txt',
      message: both('расширение обещает другое', 'the extension promises something else'),
      remedy: both('ничего делать не нужно', 'nothing needs to be done'),
      part: null,
    },
  ];
}
