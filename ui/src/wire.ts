// Made from the contract in Rust by `cargo xtask wire`. Do not edit.

export type AccountCompanyRequest = { account: string, 
/**
 * The INN; null: as the statements say.
 */
company: string | null, };
export type AccountOwner = { account: string, 
/**
 * The INN; null: it is not known.
 */
company: string | null, 
/**
 * A person said so; else the statements name it, or there is no other.
 */
chosen: boolean, 
/**
 * The INN that the account's statements name.
 */
named: string | null, };
export type AccountStatus = { account: string, closing: Sum | null, closing_date: string | null, 
/**
 * true: the chain of days adds up; false: it is broken; null: nothing is declared.
 */
proven: boolean | null, 
/**
 * Automatic decisions stop from this day on.
 */
blocked_from: string | null, difference: Sum | null, };
export type Address = { address: string, };
export type AdvanceView = { sum: Sum, 
/**
 * The last day for a VAT payer's advance invoice (счёт-фактура на аванс): five calendar days (Tax Code of Russia,
 * article 168, clause 3), counted from the day after the money came (article 6.1, clause 2).
 */
invoice_due: string, };
export type AllocationRequest = { invoice: string, 
/**
 * A decimal in the payment's currency.
 */
amount: string, };
export type AllocationView = { invoice: string, 
/**
 * What its CRM is called; null where there is only one.
 */
crm: string | null, 
/**
 * Our company that issued it, by name; null where there is only one, or it is not known.
 */
company: string | null, number: string, date: string, customer: string, 
/**
 * What the invoice is for, and what of it is open before this allocation.
 */
amount: Sum, open: Sum, 
/**
 * What this payment settles of it.
 */
allocated: Sum, };
export type AnswerName = "right" | "asked_right" | "asked" | "wrong";
export type AskedAnswer = "credit" | "debit" | "drop";
export type AskedAnswerRequest = { asked: number, answer: AskedAnswer, };
export type AskedList = { rows: Array<AskedRow>, };
export type AskedRow = { asked: number, file: string, 
/**
 * The line of the file it begins at.
 */
line: number, account: string, date: string, sum: Sum, 
/**
 * The other side, as the bank wrote it.
 */
counterparty: string, purpose: string, 
/**
 * Why it was not booked.
 */
reason: Words, 
/**
 * The file says which way the money went: then only booking it or not is asked.
 */
direction_known: boolean, };
export type AttemptView = { number: number, started: string, ended: string | null, outcome: Words, };
export type AuthoriseRequest = { 
/**
 * The portal's address, as a browser shows it.
 */
portal: string, client_id: string, };
export type BehindView = { 
/**
 * Reasons of the first that it does not have.
 */
lacks: Array<Words>, 
/**
 * What speaks against it and not against the first.
 */
against: Array<Words>, };
export type CandidateView = { allocations: Array<AllocationView>, remainder: Sum, reasons: Array<Words>, against: Array<Words>, 
/**
 * Why it is not the first; null for the first itself.
 */
behind: BehindView | null, 
/**
 * Of a refund: what it takes back. The allocations then go out of the invoices, the remainder out of what no invoice
 * was given.
 */
undoes: UndoesView | null, };
export type CapRequest = { 
/**
 * A decimal in roubles; null: no limit.
 */
sum: string | null, };
export type CategoryView = { category: string, says: Words, };
export type ChangeName = "better" | "asked_now" | "broken";
export type CheckLine = { check: CheckPart, state: CheckState, 
/**
 * What is there; or what is missing, and how to give it.
 */
says: Words, };
export type CheckPart = "address" | "key" | "rights" | "stages" | "field" | "clock";
export type CheckState = "good" | "lacking" | "failed" | "not_looked";
export type ClassView = { class: string, 
/**
 * Suggestions confirmed in a row, since the last that was undone.
 */
confirmed: number, earned: boolean, };
export type CompaniesView = { companies: Array<CompanyView>, 
/**
 * The accounts that there are statements of.
 */
accounts: Array<AccountOwner>, connections: Array<ConnectionServes>, };
export type CompanyNamed = { inn: string, };
export type CompanyRequest = { inn: string, name: string, kpp: string | null, };
export type CompanyView = { inn: string, 
/**
 * Empty where only statements or a CRM name it.
 */
name: string, kpp: string | null, 
/**
 * false: nobody added it; the settings, a statement or a CRM name it.
 */
kept: boolean, };
export type Condition = "ok" | "needs_you" | "offline" | "error";
export type ConnectAmocrmRequest = { 
/**
 * The account's address, as a browser shows it.
 */
account: string, 
/**
 * The long-lived token, a secret; null where the integration gives a code.
 */
token: string | null, 
/**
 * The integration and the code it showed; null where there is a token.
 */
integration: IntegrationCode | null, 
/**
 * Where a lead goes when its invoice is paid in full; null: leads keep their status.
 */
lead_paid: LeadStatusChoice | null, 
/**
 * As in [`ConnectRequest`].
 */
connection: string | null, name: string | null, };
export type ConnectApplicationRequest = { client_id: string, 
/**
 * A secret.
 */
client_secret: string, 
/**
 * The code, or the whole address that the browser ended at; it works for half a minute.
 */
code: string, 
/**
 * As in [`ConnectRequest`].
 */
connection: string | null, name: string | null, };
export type ConnectRequest = { 
/**
 * The inbound webhook's address, a secret.
 */
webhook: string, 
/**
 * Renew the key of this connection and make no other; null: the portal's own, or a new one.
 */
connection: string | null, 
/**
 * What people call it; null: as before, or by its address.
 */
name: string | null, };
export type Connected = { 
/**
 * Its id, the first part of the ids of its invoices.
 */
connection: string, 
/**
 * What people call it.
 */
name: string, kind: CrmKind, portal: string, state: CrmState, 
/**
 * In the order in which they were looked at.
 */
checks: Array<CheckLine>, };
export type ConnectionRequest = { 
/**
 * Its id; null: the only one there is.
 */
connection: string | null, };
export type ConnectionServes = { connection: string, name: string, 
/**
 * INNs; empty: it is not known. An invoice's own company, where the CRM names one, goes before it.
 */
companies: Array<string>, };
export type Credentials = { name: string, passphrase: string, };
export type CrmKind = "bitrix24" | "amocrm";
export type CrmState = "not_connected" | "ok" | "offline" | "unauthorised" | "failing";
export type CrmStatus = { 
/**
 * The id of the connection, the first part of the ids of its invoices; null: none is connected.
 */
connection: string | null, 
/**
 * What people call it.
 */
name: string | null, kind: CrmKind | null, state: CrmState, 
/**
 * The portal's host; never its key.
 */
portal: string | null, message: Words, 
/**
 * When open invoices were last pulled, ISO 8601 UTC.
 */
pulled_at: string | null, 
/**
 * Messages on their way to it.
 */
waiting: number, };
export type DecideRequest = { entry: string, 
/**
 * Empty: the best candidate.
 */
allocations: Array<AllocationRequest>, 
/**
 * The entry that this one takes back; null: of a debit, as the best candidate says.
 */
undoes: string | null, };
export type DecisionView = { decision: string, at: string, by: Words, allocations: Array<AllocationView>, remainder: Sum, 
/**
 * Of a refund, as in [`CandidateView`].
 */
undoes: UndoesView | null, };
export type DefectView = { 
/**
 * `number`, `payee.account`, …
 */
field: string, message: Words, };
export type DetailView = { sum: Sum, payer: Party, purpose: string, };
export type DiagnosticView = { severity: string, code: string, line: number, column: number, 
/**
 * The piece of the file it speaks of, cut short; may be empty.
 */
excerpt: string, message: Words, remedy: Words, 
/**
 * The file inside of an archive that it speaks of.
 */
part: string | null, };
export type Done = { message: Words, 
/**
 * The decision made or undone, where there is one.
 */
decision: string | null, };
export type Draft = { number: string, 
/**
 * ISO, or null while there is none.
 */
date: string | null, amount: string, payer: DraftParty, payee: DraftParty, purpose: string, priority: string, uin: string, };
export type DraftParty = { name: string, inn: string, kpp: string, account: string, bik: string, bank_name: string, bank_city: string, correspondent_account: string, };
export type DriftAnswer = "write_again" | "leave_it" | "ask" | "undo" | "later";
export type DriftAnswerRequest = { drift: string, answer: DriftAnswer, };
export type DriftList = { 
/**
 * Those put off last, the oldest first.
 */
rows: Array<DriftRow>, };
export type DriftRow = { drift: string, invoice: string, invoice_number: string, 
/**
 * What its CRM is called; null where there is only one.
 */
crm: string | null, customer: string, 
/**
 * When it was found, ISO 8601 UTC.
 */
found: string, 
/**
 * What is otherwise than our write left it, a sentence each.
 */
says: Array<Words>, 
/**
 * What may be done, in the order to offer it.
 */
answers: Array<DriftAnswer>, 
/**
 * A person put it off.
 */
later: boolean, };
export type EntryRequest = { entry: string, };
export type EntryState = "review" | "not_found" | "decided" | "not_customers";
export type EntryView = { entry: string, account: string, 
/**
 * Our company whose account it is, by name; null where there is only one, or it is not known.
 */
company: string | null, date: string, sum: Sum, payer: Party, kind: string | null, number: string | null, document_date: string | null, purpose: string, 
/**
 * The payments it is made of, where the bank booked several as one and tells of each.
 */
details: Array<DetailView>, state: EntryState, automatic: boolean, 
/**
 * Words of the purpose that prove something.
 */
marks: Array<Mark>, reasons: Array<Words>, against: Array<Words>, 
/**
 * Best first. Empty when decided.
 */
candidates: Array<CandidateView>, decision: DecisionView | null, 
/**
 * What the CRM is told of it.
 */
messages: Array<MessageRow>, 
/**
 * Money going out.
 */
outgoing: boolean, 
/**
 * The refunds of it that stand, the earliest first.
 */
refunds: Array<RefundView>, };
export type ExtrasChoice = { 
/**
 * Whoever answers for an invoice is notified.
 */
notifies: boolean, 
/**
 * Number and date of the payment order go into the invoice's payment.
 */
vouchers: boolean, 
/**
 * The template of the act that an invoice paid in full gets; null: no act.
 */
act_template: string | null, };
export type ExtrasView = { chosen: ExtrasChoice, 
/**
 * The templates of acts that there are.
 */
templates: Array<StageChoice>, 
/**
 * What the key lacks for some of it, and how to give it.
 */
lacking: Array<Words>, };
export type FactDetail = { fact: FactView, 
/**
 * Decisions it comes from, the latest first.
 */
sources: Array<FactSourceView>, };
export type FactRequest = { 
/**
 * Of a fact or of a refusal.
 */
fact: string, };
export type FactSourceView = { decision: string, entry: string, date: string, 
/**
 * For the fact, or against it.
 */
holds: boolean, };
export type FactStateName = "in_force" | "too_few" | "intermediary" | "exceptions";
export type FactView = { 
/**
 * What it is removed by.
 */
fact: string, 
/**
 * The payer as the last statement called it.
 */
payer: string, says: Words, state: FactStateName, 
/**
 * The state in words.
 */
state_says: Words, count: number, exceptions: number, 
/**
 * Days of the first and the last payment that show it.
 */
first: string, last: string, };
export type Facts = { facts: Array<FactView>, rejected: Array<RejectedView>, payers: Array<PayerView>, 
/**
 * The largest sum that is decided without a person; null: no limit.
 */
cap: Sum | null, 
/**
 * Confirmations that make a fact count.
 */
confirmations_for_a_fact: number, 
/**
 * Confirmations of a class in a row that earn it.
 */
confirmations_to_earn: number, };
export type Failure = { 
/**
 * Stable, for programs: `ledger/read-only`, `crm/unauthorised`.
 */
code: string, message: Words, remedy: Words, };
export type FolderState = "not_chosen" | "watching" | "paused" | "gone" | "idle";
export type FolderStatus = { path: string | null, state: FolderState, message: Words, };
export type FunnelKind = "invoices" | "deals";
export type FunnelView = { of: FunnelKind, 
/**
 * The CRM's number of it.
 */
funnel: string, says: Words, rows: Array<StatusRow>, };
export type ImportAnswer = { files: Array<ImportedFile>, };
export type ImportRequest = { paths: Array<string>, };
export type ImportedFile = { file: string, 
/**
 * `statement`, `orders`, or null where it could not be read.
 */
content: string | null, entries_new: number, entries_known: number, entries_asked: number, 
/**
 * Provisional lines and advices: nothing of them is booked.
 */
entries_not_booked: number, summary: Words, diagnostics: Array<DiagnosticView>, };
export type InboxCounts = { review: number, not_found: number, decided: number, 
/**
 * Of the decided ones, those of which something is kept as an advance.
 */
advances: number, not_customers: number, 
/**
 * Lines of statements that could not be booked without a person.
 */
asked: number, };
export type InboxPage = { total: number, counts: InboxCounts, rows: Array<InboxRow>, };
export type InboxPageRequest = { 
/**
 * null: all.
 */
state: EntryState | null, 
/**
 * Only payments of which something is kept as an advance.
 */
advances: boolean, search: string, offset: number, 
/**
 * 1 to 500.
 */
limit: number, };
export type InboxRow = { entry: string, date: string, payer: string, sum: Sum, purpose: string, state: EntryState, 
/**
 * Decided by the engine, not by a person.
 */
automatic: boolean, 
/**
 * Why it is in this state, in a few words.
 */
reason: Words, 
/**
 * Numbers of the invoices it pays, or may pay.
 */
invoices: Array<string>, 
/**
 * What of it is above the invoices it was given to.
 */
advance: AdvanceView | null, 
/**
 * Money going out: it is listed because it takes a payment back, or says so.
 */
outgoing: boolean, 
/**
 * What of it went back by refunds that stand.
 */
went_back: Sum | null, };
export type IntegrationCode = { client_id: string, client_secret: string, redirect_uri: string, code: string, };
export type InvoiceRow = { invoice: string, number: string, date: string, due: string | null, customer: string, inn: string | null, amount: Sum, open: Sum, 
/**
 * `open`, `paid`, `cancelled`.
 */
status: string, 
/**
 * What its CRM is called; null where there is only one.
 */
crm: string | null, 
/**
 * Our company that issued it, by name; null where there is only one, or it is not known.
 */
company: string | null, };
export type InvoicesPage = { total: number, rows: Array<InvoiceRow>, };
export type InvoicesPageRequest = { search: string, only_open: boolean, offset: number, 
/**
 * 1 to 500.
 */
limit: number, };
export type LeadStatusChoice = { pipeline: number, status: number, };
export type MappingChoice = { of: FunnelKind, funnel: string, status: string, stage: string, };
export type MappingSaveRequest = { 
/**
 * null: the only connection there is.
 */
connection: string | null, choices: Array<MappingChoice>, 
/**
 * null: as it is.
 */
extras: ExtrasChoice | null, };
export type MappingView = { 
/**
 * The id of the connection, and what it is called.
 */
connection: string, name: string, funnels: Array<FunnelView>, 
/**
 * What was chosen and does not fit any longer, with what to do.
 */
troubles: Array<Words>, 
/**
 * What else the CRM can be told of a payment; null: nothing.
 */
extras: ExtrasView | null, };
export type Mark = { start: number, end: number, kind: string, says: Words, };
export type MessageRequest = { message: string, };
export type MessageRow = { message: string, 
/**
 * `record_payment`, `reverse_payment`, `refund_payment`, `recall_payment`, `restore_payment`, `mark_status`,
 * `ask_responsible` or `remove_repeats`.
 */
operation: string, invoice: string, invoice_number: string, 
/**
 * What its CRM is called; null where there is only one.
 */
crm: string | null, 
/**
 * null: it is about no money.
 */
sum: Sum | null, 
/**
 * How the invoice is told to stand, where it is about no money.
 */
status: Words | null, state: MessageState, attempts: number, created: string, 
/**
 * When it is tried next, ISO 8601 UTC.
 */
due: string | null, 
/**
 * What it waits for, in words.
 */
says: Words, };
export type MessageState = "queued" | "in_flight" | "delivered" | "parked" | "withdrawn";
export type MessageView = { row: MessageRow, 
/**
 * null: no money is told of.
 */
payment_id: string | null, attempts: Array<AttemptView>, receipt: ReceiptView | null, 
/**
 * What somebody changed in its invoice since, while nobody has said what to do about it.
 */
drift: DriftRow | null, };
export type MoneyCame = { count: number, 
/**
 * A sum a currency.
 */
total: Array<Sum>, 
/**
 * How many of them wait for a person.
 */
waiting: number, says: Words, 
/**
 * The same without sums, for a screen others can see.
 */
says_hidden: Words, 
/**
 * The first of them, to open when the notification is clicked.
 */
first_entry: string | null, };
export type Nothing = Record<symbol, never>;
export type OrderCheckRequest = { 
/**
 * The order being typed again, so that it is not compared with itself; null: a new one.
 */
order: string | null, draft: Draft, };
export type OrderChecked = { defects: Array<DefectView>, 
/**
 * Nothing forbids it, but look: the same sum to the same payee lately, a payee never paid before.
 */
warnings: Array<Words>, };
export type OrderRejectRequest = { order: string, who: Credentials, reason: string, };
export type OrderRequest = { order: string, };
export type OrderRow = { order: string, number: string, date: string | null, payee: string, 
/**
 * As typed where it is not a sum yet.
 */
amount: string, purpose: string, state: OrderState, 
/**
 * Approved by the sole operator.
 */
alone: boolean, };
export type OrderSaveRequest = { 
/**
 * null: a new order.
 */
order: string | null, draft: Draft, };
export type OrderSignAloneRequest = { order: string, content_hash: string, who: Credentials, 
/**
 * The order's sum once more, typed by hand.
 */
repeated_amount: string, };
export type OrderSignRequest = { order: string, 
/**
 * [`OrderView::content_hash`] of what was shown: a consent is to that and nothing else.
 */
content_hash: string, who: Credentials, };
export type OrderState = "draft" | "submitted" | "approved" | "exported" | "executed" | "rejected";
export type OrderStep = { at: string, says: Words, };
export type OrderView = { order: string, state: OrderState, draft: Draft, 
/**
 * Names this very content; null while there are defects.
 */
content_hash: string | null, defects: Array<DefectView>, warnings: Array<Words>, author: string | null, approved_by: string | null, alone: boolean, file: string | null, executed_entry: string | null, history: Array<OrderStep>, };
export type OrdersExportRequest = { 
/**
 * Empty: every approved one.
 */
orders: Array<string>, 
/**
 * null: the export folder of the settings.
 */
folder: string | null, };
export type OrdersExported = { 
/**
 * The first of `files`.
 */
file: string, 
/**
 * One for each bank client that is to take some of the orders.
 */
files: Array<string>, orders: Array<string>, total: Sum, message: Words, };
export type OrdersPage = { total: number, rows: Array<OrderRow>, };
export type OrdersPageRequest = { state: OrderState | null, offset: number, 
/**
 * 1 to 500.
 */
limit: number, };
export type OutboxCounts = { waiting: number, parked: number, delivered: number, withdrawn: number, 
/**
 * Invoices that somebody changed in the CRM after our write, and nobody here has said a word to.
 */
drifts: number, };
export type OutboxPage = { total: number, counts: OutboxCounts, rows: Array<MessageRow>, };
export type OutboxPageRequest = { state: MessageState | null, offset: number, 
/**
 * 1 to 500.
 */
limit: number, };
export type OwnPayers = { 
/**
 * As the settings say first, then as statements do; what nobody says is empty.
 */
payers: Array<DraftParty>, };
export type Party = { name: string, inn: string | null, kpp: string | null, account: string | null, bank: string | null, bank_name: string | null, };
export type PauseRequest = { paused: boolean, };
export type PayerView = { 
/**
 * `inn:7701234567`, or `account:…`.
 */
payer: string, name: string, decisions: number, undone: number, 
/**
 * The largest share of wrong decisions that this record leaves possible at 95 per cent, in per cent with two digits
 * after the point: `0.96`. With nothing undone it is `1 - 0.05^(1/decisions)`, rounded up.
 */
bound_percent: string, 
/**
 * «312 решений, 0 отмен: ошибочных не больше 0,96 %».
 */
says: Words, classes: Array<ClassView>, };
export type People = { people: Array<PersonView>, 
/**
 * The owner lets a sole operator approve own orders.
 */
sole_operator: boolean, };
export type PersonAddRequest = { person: Credentials, role: RoleName, 
/**
 * The owner's consent; null only for the first person, who is the owner.
 */
owner: Credentials | null, };
export type PersonView = { name: string, role: RoleName, };
export type ReceiptView = { stage_before: string | null, stage_after: string | null, payments: Array<string>, comment: string | null, found_done: boolean, notes: Array<Words>, 
/**
 * Each thing touched: what, its number in the CRM, what was and what is, when by the CRM's clock.
 */
traces: Array<Words>, };
export type RefundView = { decision: string, 
/**
 * The entry by which the money went back.
 */
entry: string, date: string, number: string | null, sum: Sum, };
export type RejectRequest = { entry: string, invoice: string, scope: RejectScope, };
export type RejectScope = "payment" | "payer";
export type RejectedView = { 
/**
 * What it is taken back by.
 */
fact: string, entry: string, says: Words, by: Words, at: string, };
export type ReplayRow = { entry: string, date: string, sum: Sum, payer: string, purpose: string, 
/**
 * Numbers of the invoices that people gave it to.
 */
invoices: Array<string>, before: AnswerName, after: AnswerName, change: ChangeName, };
export type ReplayView = { 
/**
 * Payments that were looked at: those decided last, where there are more than fit.
 */
past: number, better: number, broken: number, asked_now: number, 
/**
 * «+38 верных, ломает 2».
 */
summary: Words, 
/**
 * Every payment that changes; what breaks stands first.
 */
changes: Array<ReplayRow>, };
export type RoleName = "owner" | "accountant" | "approver" | "viewer";
export type RuleBody = { name: string, purpose_contains: string | null, 
/**
 * A regular expression; named groups can stand in the invoice's number.
 */
purpose_matches: string | null, payer: RulePayer, sum_from: string | null, sum_to: string | null, 
/**
 * Of the sums; null: roubles.
 */
currency: string | null, then: RuleThen, };
export type RuleChange = { "add": { body: RuleBody, 
/**
 * Counted from 1; null: behind the last.
 */
place: number | null, } } | { "rewrite": { rule: string, body: RuleBody, } } | { "remove": { rule: string, } } | { "move": { rule: string, place: number, } };
export type RulePayer = { inn: string | null, account: string | null, name: string | null, };
export type RulePreviewRequest = { change: RuleChange, };
export type RuleSaveRequest = { change: RuleChange, 
/**
 * The second confirmation: needed where the change breaks anything of the past.
 */
breaks_accepted: boolean, };
export type RuleThen = { "category": string } | { "customer_inn": string } | { "invoice": string } | { "never_automatic": boolean };
export type RuleView = { rule: string, body: RuleBody, 
/**
 * In plain words.
 */
says: Words, by: Words, at: string, };
export type RulesView = { 
/**
 * In their order: the first that fits a payment holds.
 */
rules: Array<RuleView>, categories: Array<CategoryView>, };
export type ServesRequest = { connection: string, 
/**
 * INNs.
 */
companies: Array<string>, };
export type Settings = { 
/**
 * `ru` or `en`; null: the system's.
 */
language: string | null, 
/**
 * Where the bank client drops statements.
 */
folder: string | null, 
/**
 * A network drive: look by itself instead of waiting for events.
 */
folder_is_remote: boolean, 
/**
 * Where payment order files go.
 */
export_folder: string | null, 
/**
 * Notifications without sums.
 */
hide_sums: boolean, 
/**
 * Our own requisites: every new order starts with them.
 */
payer: DraftParty, };
export type SoleOperatorRequest = { on: boolean, owner: Credentials, };
export type StageChoice = { stage: string, name: string, };
export type Status = { version: string, condition: Condition, 
/**
 * One calm line: «Всё сделано», «2 платежа ждут решения», «Нет сети: 12 записей уйдут сами».
 */
headline: Words, folder: FolderStatus, 
/**
 * The one CRM there is; of several the one that most wants a person, with the sentence saying which.
 */
crm: CrmStatus, 
/**
 * Each connected CRM, in the order in which they were connected.
 */
crms: Array<CrmStatus>, inbox: InboxCounts, outbox: OutboxCounts, orders_waiting: number, 
/**
 * What a person should hear of and no list shows: a file that cannot be read, a balance that does not add up.
 */
notices: Array<Words>, accounts: Array<AccountStatus>, };
export type StatusRow = { 
/**
 * `paid`, `partly_paid`, …
 */
status: string, says: Words, 
/**
 * What happens where nothing is chosen.
 */
unchosen: Words, chosen: string | null, 
/**
 * The chosen stage is none of `stages` any longer.
 */
gone: boolean, 
/**
 * Those that may stand for this status.
 */
stages: Array<StageChoice>, };
export type Sum = { 
/**
 * A decimal with a point and the currency's digits after it.
 */
amount: string, currency: string, };
export type UndoRequest = { 
/**
 * null: the last live decision.
 */
decision: string | null, };
export type UndoesView = { entry: string, date: string, number: string | null, payer: string, purpose: string, sum: Sum, 
/**
 * Nothing of it is left with this refund.
 */
full: boolean, 
/**
 * It was a payment of our own.
 */
outgoing: boolean, };
export type Words = { ru: string, en: string, };

/** Every command: its request and its answer. */
export interface Commands {
  status: [Nothing, Status];
  inbox_page: [InboxPageRequest, InboxPage];
  entry_view: [EntryRequest, EntryView];
  decide: [DecideRequest, Done];
  dismiss: [EntryRequest, Done];
  undo: [UndoRequest, Done];
  refund: [UndoRequest, Done];
  reject: [RejectRequest, Done];
  facts: [Nothing, Facts];
  fact_view: [FactRequest, FactDetail];
  fact_remove: [FactRequest, Facts];
  autonomy_cap: [CapRequest, Facts];
  rules: [Nothing, RulesView];
  rule_draft: [EntryRequest, RuleBody];
  rule_preview: [RulePreviewRequest, ReplayView];
  rule_save: [RuleSaveRequest, RulesView];
  replay: [Nothing, ReplayView];
  import_files: [ImportRequest, ImportAnswer];
  asked_list: [Nothing, AskedList];
  asked_answer: [AskedAnswerRequest, Done];
  invoices_page: [InvoicesPageRequest, InvoicesPage];
  orders_page: [OrdersPageRequest, OrdersPage];
  order_view: [OrderRequest, OrderView];
  order_check: [OrderCheckRequest, OrderChecked];
  order_save: [OrderSaveRequest, OrderView];
  order_submit: [OrderSignRequest, OrderView];
  order_approve: [OrderSignRequest, OrderView];
  order_approve_alone: [OrderSignAloneRequest, OrderView];
  order_reject: [OrderRejectRequest, OrderView];
  orders_export: [OrdersExportRequest, OrdersExported];
  own_payers: [Nothing, OwnPayers];
  people: [Nothing, People];
  person_add: [PersonAddRequest, People];
  sole_operator_set: [SoleOperatorRequest, People];
  outbox_page: [OutboxPageRequest, OutboxPage];
  message_view: [MessageRequest, MessageView];
  message_retry: [MessageRequest, MessageView];
  message_park: [MessageRequest, MessageView];
  drift_list: [Nothing, DriftList];
  drift_answer: [DriftAnswerRequest, Done];
  sync_now: [Nothing, Done];
  settings: [Nothing, Settings];
  settings_save: [Settings, Settings];
  mapping: [ConnectionRequest, MappingView];
  mapping_save: [MappingSaveRequest, MappingView];
  connect: [ConnectRequest, Connected];
  connect_amocrm: [ConnectAmocrmRequest, Connected];
  connect_application: [ConnectApplicationRequest, Connected];
  authorise_address: [AuthoriseRequest, Address];
  connection_check: [ConnectionRequest, Connected];
  disconnect: [ConnectionRequest, Done];
  watch_pause: [PauseRequest, Status];
  companies: [Nothing, CompaniesView];
  company_save: [CompanyRequest, CompaniesView];
  company_remove: [CompanyNamed, CompaniesView];
  account_company: [AccountCompanyRequest, CompaniesView];
  connection_companies: [ServesRequest, CompaniesView];
}
