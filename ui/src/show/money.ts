// Exact sums as people write them. Sums are decimal strings; no floating point touches them.

import type { Sum } from '../wire';

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;
const MINUS = '\u2212';

/** «15 000,00 ₽». What is not a decimal is shown as it came. */
export function showSum(sum: Sum, locale: string): string {
  const match = DECIMAL.exec(sum.amount);
  if (!match) return `${sum.amount} ${sum.currency}`.trim();
  const [, sign = '', whole = '0', fraction = ''] = match;
  const parts = partsOf(BigInt(whole), fraction, sum.currency, locale);
  return (sign && !isZero(sum.amount) ? MINUS : '') + parts;
}

/** A sum typed in an order: formatted where it already is a decimal, else as typed. */
export function showTyped(amount: string, currency: string, locale: string): string {
  return DECIMAL.test(amount) ? showSum({ amount, currency }, locale) : amount;
}

export function isZero(amount: string): boolean {
  return /^-?0+(\.0+)?$/.test(amount);
}

/** Sums of one currency together, exact. null where there are none, or not decimals of one currency and precision. */
export function totalOf(sums: readonly Sum[]): Sum | null {
  const [first, ...others] = sums;
  return others.reduce<Sum | null>((total, sum) => total && combined(total, sum, 1n), first ?? null);
}

/** What is left of the first; null as above. */
export function leftOf(sum: Sum, taken: Sum): Sum | null {
  return combined(sum, taken, -1n);
}

function combined(left: Sum, right: Sum, sign: bigint): Sum | null {
  const [one, other] = [minorOf(left.amount), minorOf(right.amount)];
  if (!one || !other || left.currency !== right.currency || one.digits !== other.digits) return null;
  return { amount: decimalOf(one.minor + sign * other.minor, one.digits), currency: left.currency };
}

function minorOf(amount: string): { minor: bigint; digits: number } | null {
  const match = DECIMAL.exec(amount);
  if (!match) return null;
  const [, sign = '', whole = '', fraction = ''] = match;
  return { minor: BigInt(`${sign}${whole}${fraction}`), digits: fraction.length };
}

function decimalOf(minor: bigint, digits: number): string {
  const negative = minor < 0n;
  const text = String(negative ? -minor : minor).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const fraction = digits > 0 ? `.${text.slice(-digits)}` : '';
  return `${negative ? '-' : ''}${whole}${fraction}`;
}

function partsOf(whole: bigint, fraction: string, currency: string, locale: string): string {
  const digits = fraction.length;
  const format = formatOf(currency, digits, locale);
  return format
    .formatToParts(whole)
    .map(({ type, value }) => (type === 'fraction' ? fraction : value))
    .join('');
}

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string, digits: number, locale: string): Intl.NumberFormat {
  const key = `${locale} ${currency} ${digits}`;
  const known = formats.get(key);
  if (known) return known;
  const fractionDigits = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const format = /^[A-Z]{3}$/.test(currency)
    ? new Intl.NumberFormat(locale, {
        style: 'currency',
        currency,
        currencyDisplay: 'narrowSymbol',
        ...fractionDigits,
      })
    : new Intl.NumberFormat(locale, fractionDigits);
  formats.set(key, format);
  return format;
}
