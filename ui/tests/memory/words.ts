// The fewest words for what answers are made of.

import type { Sum, Words } from '../../src/wire';

export const both = (ru: string, en: string): Words => ({ ru, en });
export const rub = (amount: string): Sum => ({ amount, currency: 'RUB' });
