// A number of an invoice or an account, with what it is of where there are several.

export function numbered(number: string, ...of: (string | null)[]): string {
  return [number, ...of.filter((part) => part !== null)].join(' · ');
}
