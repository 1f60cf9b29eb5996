// Our own legal entities.

import type { companiesRu } from './companies.ru';

export const companiesEn: typeof companiesRu = {
  title: 'Own companies',
  text: 'Where there are several, money that came to one never closes an invoice of another by itself: the program asks.',
  none: 'None is named yet.',
  name: 'Name',
  inn: 'INN',
  kpp: 'KPP (optional)',
  save: 'Add or change',
  take: 'Name it',
  remove: 'Remove',
  removeOne: (name: string) => `Remove ${name}`,
  numbers: (inn: string, kpp: string | null) => (kpp === null ? `INN ${inn}` : `INN ${inn}, KPP ${kpp}`),
  byInn: (inn: string) => `INN ${inn}`,
  unknown: 'not known',
  accounts: 'Whose account',
  bySelf: (name: string) => `By itself: ${name}`,
  connections: 'Who issues invoices',
  connectionsText: 'Needed where the CRM does not name the company on the invoice itself.',
};
