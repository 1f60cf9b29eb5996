// A rule as it is typed: every field a text, an empty one asks for nothing. What it means is the program's to say.

import type { RuleBody, RuleThen } from '../../wire';

export const THEN_KINDS = ['never_automatic', 'category', 'customer_inn', 'invoice'] as const;
export type ThenKind = (typeof THEN_KINDS)[number];

export interface RuleDraft {
  name: string;
  contains: string;
  matches: string;
  inn: string;
  account: string;
  payerName: string;
  sumFrom: string;
  sumTo: string;
  currency: string;
  then: ThenKind;
  /** What belongs to each kind is kept while the person tries another. */
  category: string;
  customerInn: string;
  invoice: string;
}

export function emptyDraft(): RuleDraft {
  return {
    name: '',
    contains: '',
    matches: '',
    inn: '',
    account: '',
    payerName: '',
    sumFrom: '',
    sumTo: '',
    currency: '',
    then: 'never_automatic',
    category: '',
    customerInn: '',
    invoice: '',
  };
}

export function draftOf(body: RuleBody): RuleDraft {
  const { then } = body;
  return {
    ...emptyDraft(),
    name: body.name,
    contains: body.purpose_contains ?? '',
    matches: body.purpose_matches ?? '',
    inn: body.payer.inn ?? '',
    account: body.payer.account ?? '',
    payerName: body.payer.name ?? '',
    sumFrom: body.sum_from ?? '',
    sumTo: body.sum_to ?? '',
    currency: body.currency ?? '',
    then: THEN_KINDS.find((kind) => kind in then) ?? 'never_automatic',
    category: 'category' in then ? then.category : '',
    customerInn: 'customer_inn' in then ? then.customer_inn : '',
    invoice: 'invoice' in then ? then.invoice : '',
  };
}

export function bodyOf(draft: RuleDraft): RuleBody {
  return {
    name: draft.name.trim(),
    purpose_contains: given(draft.contains),
    purpose_matches: given(draft.matches),
    payer: { inn: given(draft.inn), account: given(draft.account), name: given(draft.payerName) },
    sum_from: decimal(draft.sumFrom),
    sum_to: decimal(draft.sumTo),
    currency: given(draft.currency.toUpperCase()),
    then: thenOf(draft),
  };
}

function thenOf(draft: RuleDraft): RuleThen {
  switch (draft.then) {
    case 'category':
      return { category: draft.category };
    case 'customer_inn':
      return { customer_inn: draft.customerInn.trim() };
    case 'invoice':
      return { invoice: draft.invoice.trim() };
    case 'never_automatic':
      return { never_automatic: true };
  }
}

function given(typed: string): string | null {
  const text = typed.trim();
  return text === '' ? null : text;
}

/** «100 000,50» as people type it is `100000.50` in a rule. */
function decimal(typed: string): string | null {
  const text = given(typed);
  return text === null ? null : text.replaceAll(/\s/g, '').replace(',', '.');
}
