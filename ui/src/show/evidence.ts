// Kinds of evidence as they are drawn in a purpose: few enough to be told apart by the shape of their line.

export const MARK_GROUPS = ['number', 'date', 'who', 'part', 'other'] as const;
export type MarkGroup = (typeof MARK_GROUPS)[number];

const GROUPS: Readonly<Record<string, MarkGroup>> = {
  invoice_number: 'number',
  invoice_number_by_digits: 'number',
  invoice_number_slip: 'number',
  number_in_text: 'number',
  invoice_date: 'date',
  customer_inn_in_text: 'who',
  customer_name_in_text: 'who',
  named_part: 'part',
};

/** A kind that a newer program has is drawn as the last group, and still explained in the program's words. */
export function markGroup(kind: string): MarkGroup {
  return Object.hasOwn(GROUPS, kind) ? (GROUPS[kind] ?? 'other') : 'other';
}
