// An invoice's number, with its CRM where there are several.

export function numbered(number: string, crm: string | null): string {
  return crm === null ? number : `${number} · ${crm}`;
}
