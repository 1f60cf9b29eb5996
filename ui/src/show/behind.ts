// Why a candidate stands behind the first: what the first has that it lacks, and what speaks against it alone.

import type { CandidateView, Words } from '../wire';

export interface Behind {
  lacks: Words[];
  against: Words[];
}

export function behind(first: CandidateView, other: CandidateView): Behind {
  return { lacks: without(first.reasons, other.reasons), against: without(other.against, first.against) };
}

function without(all: readonly Words[], known: readonly Words[]): Words[] {
  return all.filter((words) => !known.some((one) => one.ru === words.ru));
}
