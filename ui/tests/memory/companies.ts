// Our own companies in memory. For tests only.

import type { CompaniesView, CompanyRequest, DraftParty } from '../../src/wire';
import { OUR_ACCOUNT } from './demo';

export class Companies {
  #view: CompaniesView = {
    companies: [{ inn: '7802641756', name: '', kpp: null, kept: false }],
    accounts: [{ account: OUR_ACCOUNT, company: '7802641756', chosen: false, named: '7802641756' }],
    connections: [{ connection: 'b24', name: 'demo.bitrix24.ru', companies: [] }],
  };

  /** What statements say of our other accounts. */
  others: DraftParty[] = [];

  payers(set: DraftParty): DraftParty[] {
    return set.account === '' ? this.others : [set, ...this.others];
  }

  view(): CompaniesView {
    return this.#view;
  }

  save({ inn, name, kpp }: CompanyRequest): CompaniesView {
    const others = this.#view.companies.filter((company) => company.inn !== inn);
    return (this.#view = { ...this.#view, companies: [...others, { inn, name, kpp, kept: true }] });
  }

  remove(inn: string): CompaniesView {
    return (this.#view = { ...this.#view, companies: this.#view.companies.filter((company) => company.inn !== inn) });
  }

  own(account: string, company: string | null): CompaniesView {
    const changed = this.#view.accounts.map((one) =>
      one.account === account ? { ...one, company: company ?? one.named, chosen: company !== null } : one,
    );
    return (this.#view = { ...this.#view, accounts: changed });
  }

  serve(connection: string, companies: string[]): CompaniesView {
    const changed = this.#view.connections.map((one) => (one.connection === connection ? { ...one, companies } : one));
    return (this.#view = { ...this.#view, connections: changed });
  }
}
