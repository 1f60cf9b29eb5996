// Russian has three forms where English has two.

const russian = new Intl.PluralRules('ru');
const english = new Intl.PluralRules('en');

/** «1 платёж, 2 платежа, 5 платежей» */
export function pluralRu(count: number, one: string, few: string, many: string): string {
  const form = russian.select(count);
  return form === 'one' ? one : form === 'few' ? few : many;
}

export function pluralEn(count: number, one: string, other: string): string {
  return english.select(count) === 'one' ? one : other;
}
