// Which rows of a long list are on the screen, and which pages of them to ask for. Pure arithmetic.

export const PAGE_ROWS = 100;
/** Rows kept ready above and below what is seen, so that scrolling shows no blank. */
export const SPARE_ROWS = 8;

export interface Rows {
  first: number;
  /** One past the last. */
  end: number;
}

export function rowsInView(scrollTop: number, height: number, rowHeight: number, total: number): Rows {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - SPARE_ROWS);
  const end = Math.min(total, Math.ceil((scrollTop + height) / rowHeight) + SPARE_ROWS);
  return { first: Math.min(first, end), end };
}

/** Numbers of the pages that hold these rows. */
export function pagesOf({ first, end }: Rows): number[] {
  if (end <= first) return [];
  const from = Math.floor(first / PAGE_ROWS);
  const to = Math.floor((end - 1) / PAGE_ROWS);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Where to scroll so that the row is whole on the screen, moving as little as possible. */
export function scrollToShow(row: number, scrollTop: number, height: number, rowHeight: number): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  const bottom = top + rowHeight;
  return bottom > scrollTop + height ? bottom - height : scrollTop;
}

/** The row a key leads to, or null where the key leads nowhere. `code` is the key's place, not its letter. */
export function rowAfterKey(code: string, row: number, total: number, rowsPerScreen: number): number | null {
  if (total === 0) return null;
  const last = total - 1;
  const screen = Math.max(1, rowsPerScreen - 1);
  switch (code) {
    case 'ArrowDown':
      return Math.min(last, row + 1);
    case 'ArrowUp':
      return Math.max(0, row - 1);
    case 'PageDown':
      return Math.min(last, Math.max(row, 0) + screen);
    case 'PageUp':
      return Math.max(0, row - screen);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
