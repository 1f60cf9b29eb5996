// Dates and moments as people write them, and dates as people type them.

const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TYPED_DATE = /^(\d{1,2})[.\/ ](\d{1,2})[.\/ ](\d{4})$/;

/** `2024-07-03` as «03.07.2024» or “03 Jul 2024”. What is not a date is shown as it came. */
export function showDate(iso: string, locale: string): string {
  const match = ISO_DATE.exec(iso);
  if (!match) return iso;
  // UTC on both sides: a calendar day must not move with the machine's time zone.
  return dateFormat(locale).format(new Date(`${iso}T00:00:00Z`));
}

/** A moment in UTC as the day and time of this machine. */
export function showMoment(iso: string, locale: string): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return iso;
  return momentFormat(locale).format(moment);
}

/** «22.11.2026» or `2026-11-22` as ISO; null while it is not a day of the calendar. */
export function parseDate(typed: string): string | null {
  const text = typed.trim();
  const iso = ISO_DATE.exec(text);
  const day = iso ? [iso[1], iso[2], iso[3]] : dayOf(text);
  if (!day) return null;
  const [year = '', month = '', date = ''] = day;
  const candidate = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  const parsed = new Date(`${candidate}T00:00:00Z`);
  if (Number.isNaN(parsed.getTime())) return null;
  // `2026-02-30` parses as March in some engines.
  return parsed.toISOString().startsWith(candidate) ? candidate : null;
}

/** Today by this machine's clock, ISO. */
export function today(now: Date): string {
  const month = String(now.getMonth() + 1).padStart(2, '0');
  const date = String(now.getDate()).padStart(2, '0');
  return `${now.getFullYear()}-${month}-${date}`;
}

function dayOf(text: string): string[] | null {
  const match = TYPED_DATE.exec(text);
  if (!match) return null;
  const [, date = '', month = '', year = ''] = match;
  return [year, month, date];
}

const dateFormats = new Map<string, Intl.DateTimeFormat>();
const momentFormats = new Map<string, Intl.DateTimeFormat>();

function monthStyle(locale: string): '2-digit' | 'short' {
  return locale.startsWith('ru') ? '2-digit' : 'short';
}

function dateFormat(locale: string): Intl.DateTimeFormat {
  let format = dateFormats.get(locale);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, {
      day: '2-digit',
      month: monthStyle(locale),
      year: 'numeric',
      timeZone: 'UTC',
    });
    dateFormats.set(locale, format);
  }
  return format;
}

function momentFormat(locale: string): Intl.DateTimeFormat {
  let format = momentFormats.get(locale);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, {
      day: '2-digit',
      month: monthStyle(locale),
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
    });
    momentFormats.set(locale, format);
  }
  return format;
}

/** An ISO date as it is typed. */
export function typedDate(iso: string): string {
  const match = ISO_DATE.exec(iso);
  return match ? `${match[3]}.${match[2]}.${match[1]}` : iso;
}
