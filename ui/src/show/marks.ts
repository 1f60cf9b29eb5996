// Splits a purpose into plain and proving pieces.

import type { Mark, Words } from '../wire';
import { markGroup, MARK_GROUPS, type MarkGroup } from './evidence';

export interface Piece {
  text: string;
  /** What the piece proves; empty for plain text. */
  says: Words[];
  /** How it is drawn: by the first of the groups it belongs to; null for plain text. */
  group: MarkGroup | null;
}

/**
 * Marks count Unicode characters, JavaScript counts UTF-16 units: an emoji would shift every mark after it.
 * Overlapping marks share the piece they overlap in; marks outside the text are cut to it.
 */
export function piecesOf(purpose: string, marks: readonly Mark[]): Piece[] {
  const characters = Array.from(purpose);
  const whole = marks
    .map((mark) => ({ ...mark, end: Math.min(mark.end, characters.length) }))
    .filter((mark) => mark.start < mark.end);
  const edges = new Set([0, characters.length]);
  for (const mark of whole) edges.add(mark.start).add(mark.end);
  const cuts = [...edges].sort((left, right) => left - right);
  return cuts.slice(0, -1).map((start, index) => {
    const end = cuts[index + 1] ?? characters.length;
    const over = whole.filter((mark) => mark.start <= start && end <= mark.end);
    return {
      text: characters.slice(start, end).join(''),
      says: over.map((mark) => mark.says),
      group: MARK_GROUPS.find((group) => over.some((mark) => markGroup(mark.kind) === group)) ?? null,
    };
  });
}
