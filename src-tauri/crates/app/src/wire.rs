//! The contract between the core and whoever shows it: one list of commands, each with its request and answer.
//!
//! The desktop's single `rpc` command, the sandbox's browser host and `ui/src/wire.ts` all come from
//! [`with_commands`]. Names are the Rust names; money is a decimal string beside its currency, dates are ISO,
//! ids are strings. Sentences travel in both languages and the page picks.

mod asked;
mod companies;
mod connecting;
mod drift;
mod inbox;
mod invoices;
mod learning;
mod mapping;
mod money;
mod orders;
mod outbox;
mod settings;
mod status;
mod typescript;
mod words;

pub use asked::*;
pub use companies::*;
pub use connecting::*;
pub use drift::*;
pub use inbox::*;
pub use invoices::*;
pub use learning::*;
pub use mapping::*;
pub use money::*;
pub use orders::*;
pub use outbox::*;
pub use settings::*;
pub use status::*;
pub use typescript::typescript;
pub use words::*;

/// Hands the list of commands to the macro named: `name(Request) -> Answer`.
#[macro_export]
macro_rules! with_commands {
    ($apply:ident) => {
        $apply! {
            status(Nothing) -> Status,
            inbox_page(InboxPageRequest) -> InboxPage,
            entry_view(EntryRequest) -> EntryView,
            decide(DecideRequest) -> Done,
            dismiss(EntryRequest) -> Done,
            undo(UndoRequest) -> Done,
            refund(UndoRequest) -> Done,
            reject(RejectRequest) -> Done,
            facts(Nothing) -> Facts,
            fact_view(FactRequest) -> FactDetail,
            fact_remove(FactRequest) -> Facts,
            autonomy_cap(CapRequest) -> Facts,
            rules(Nothing) -> RulesView,
            rule_draft(EntryRequest) -> RuleBody,
            rule_preview(RulePreviewRequest) -> ReplayView,
            rule_save(RuleSaveRequest) -> RulesView,
            replay(Nothing) -> ReplayView,
            import_files(ImportRequest) -> ImportAnswer,
            asked_list(Nothing) -> AskedList,
            asked_answer(AskedAnswerRequest) -> Done,
            invoices_page(InvoicesPageRequest) -> InvoicesPage,
            orders_page(OrdersPageRequest) -> OrdersPage,
            order_view(OrderRequest) -> OrderView,
            order_check(OrderCheckRequest) -> OrderChecked,
            order_save(OrderSaveRequest) -> OrderView,
            order_submit(OrderSignRequest) -> OrderView,
            order_approve(OrderSignRequest) -> OrderView,
            order_approve_alone(OrderSignAloneRequest) -> OrderView,
            order_reject(OrderRejectRequest) -> OrderView,
            orders_export(OrdersExportRequest) -> OrdersExported,
            own_payers(Nothing) -> OwnPayers,
            people(Nothing) -> People,
            person_add(PersonAddRequest) -> People,
            sole_operator_set(SoleOperatorRequest) -> People,
            outbox_page(OutboxPageRequest) -> OutboxPage,
            message_view(MessageRequest) -> MessageView,
            message_retry(MessageRequest) -> MessageView,
            message_park(MessageRequest) -> MessageView,
            drift_list(Nothing) -> DriftList,
            drift_answer(DriftAnswerRequest) -> Done,
            sync_now(Nothing) -> Done,
            settings(Nothing) -> Settings,
            settings_save(Settings) -> Settings,
            mapping(ConnectionRequest) -> MappingView,
            mapping_save(MappingSaveRequest) -> MappingView,
            connect(ConnectRequest) -> Connected,
            connect_amocrm(ConnectAmocrmRequest) -> Connected,
            connect_application(ConnectApplicationRequest) -> Connected,
            authorise_address(AuthoriseRequest) -> Address,
            connection_check(ConnectionRequest) -> Connected,
            disconnect(ConnectionRequest) -> Done,
            watch_pause(PauseRequest) -> Status,
            companies(Nothing) -> CompaniesView,
            company_save(CompanyRequest) -> CompaniesView,
            company_remove(CompanyNamed) -> CompaniesView,
            account_company(AccountCompanyRequest) -> CompaniesView,
            connection_companies(ServesRequest) -> CompaniesView,
        }
    };
}
