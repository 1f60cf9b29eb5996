import type { Draft, DraftParty } from '../../wire';

/** The fields of one side, in the order of the form. */
export const PARTY_FIELDS = [
  'inn',
  'kpp',
  'name',
  'account',
  'bank_name',
  'bank_city',
  'bik',
  'correspondent_account',
] as const satisfies readonly (keyof DraftParty)[];

export function emptyParty(): DraftParty {
  return {
    name: '',
    inn: '',
    kpp: '',
    account: '',
    bik: '',
    bank_name: '',
    bank_city: '',
    correspondent_account: '',
  };
}

export function sameParty(left: DraftParty, right: DraftParty): boolean {
  return PARTY_FIELDS.every((field) => left[field] === right[field]);
}

export function sameDraft(left: Draft, right: Draft): boolean {
  return (
    left.number === right.number &&
    left.date === right.date &&
    left.amount === right.amount &&
    left.purpose === right.purpose &&
    left.priority === right.priority &&
    left.uin === right.uin &&
    sameParty(left.payer, right.payer) &&
    sameParty(left.payee, right.payee)
  );
}

export function copyDraft(draft: Draft): Draft {
  return { ...draft, payer: { ...draft.payer }, payee: { ...draft.payee } };
}
