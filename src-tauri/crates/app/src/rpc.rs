//! Commands by name, for hosts that speak JSON: the desktop's page and the browser's.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    failure::{Failure, broken_json},
    session::Session,
    wire::*,
};

macro_rules! dispatcher {
    ($($name:ident($request:ty) -> $answer:ty,)*) => {
        /// Answers the command named.
        ///
        /// # Errors
        /// No such command; a request of another shape; what the command itself says.
        pub async fn answer(session: &Arc<Session>, command: &str, request: Value) -> Result<Value, Failure> {
            match command {
                $(stringify!($name) => {
                    let request: $request = parsed(request)?;
                    let answer: $answer = handlers::$name(session, request).await?;
                    serde_json::to_value(answer).map_err(|error| broken_json(&error))
                })*
                _ => Err(unknown(command)),
            }
        }
    };
}
crate::with_commands!(dispatcher);

fn parsed<T: DeserializeOwned>(request: Value) -> Result<T, Failure> {
    let request = if request.is_null() {
        Value::Object(serde_json::Map::new())
    } else {
        request
    };
    serde_json::from_value(request).map_err(|error| broken_json(&error))
}

fn unknown(command: &str) -> Failure {
    Failure::new(
        "request/unknown-command",
        domain::Text::new(
            format!("команды «{command}» нет"),
            format!("there is no command «{command}»"),
        ),
        domain::Text::new("обновите программу целиком", "update the whole program"),
    )
}

/// Adapters from the contract's one shape to the use cases. A command without one does not compile.
mod handlers {
    use super::*;

    type Answer<T> = Result<T, Failure>;

    /// Work on the ledger may wait for the disk, and Argon2 is slow on purpose: neither belongs on an async thread.
    async fn blocking<T: Send + 'static>(
        session: &Arc<Session>,
        work: impl FnOnce(&Session) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        let session = Arc::clone(session);
        let done = tokio::task::spawn_blocking(move || work(&session)).await;
        done.unwrap_or_else(|error| {
            Err(Failure::new(
                "internal",
                domain::Text::new(
                    format!("внутренняя ошибка: {error}"),
                    format!("internal error: {error}"),
                ),
                domain::Text::new(
                    "перезапустите программу и пришлите отчёт",
                    "restart the program and send a report",
                ),
            ))
        })
    }

    macro_rules! plain {
        ($($name:ident: $request:ty => $answer:ty;)*) => {
            $(pub async fn $name(session: &Arc<Session>, request: $request) -> Answer<$answer> {
                blocking(session, move |session| session.$name(&request)).await
            })*
        };
    }

    plain! {
        inbox_page: InboxPageRequest => InboxPage;
        entry_view: EntryRequest => EntryView;
        decide: DecideRequest => Done;
        dismiss: EntryRequest => Done;
        undo: UndoRequest => Done;
        refund: UndoRequest => Done;
        reject: RejectRequest => Done;
        fact_view: FactRequest => FactDetail;
        fact_remove: FactRequest => Facts;
        autonomy_cap: CapRequest => Facts;
        rule_draft: EntryRequest => RuleBody;
        rule_preview: RulePreviewRequest => ReplayView;
        rule_save: RuleSaveRequest => RulesView;
        import_files: ImportRequest => ImportAnswer;
        invoices_page: InvoicesPageRequest => InvoicesPage;
        orders_page: OrdersPageRequest => OrdersPage;
        order_view: OrderRequest => OrderView;
        order_check: OrderCheckRequest => OrderChecked;
        order_save: OrderSaveRequest => OrderView;
        order_submit: OrderSignRequest => OrderView;
        order_approve: OrderSignRequest => OrderView;
        order_approve_alone: OrderSignAloneRequest => OrderView;
        order_reject: OrderRejectRequest => OrderView;
        orders_export: OrdersExportRequest => OrdersExported;
        person_add: PersonAddRequest => People;
        sole_operator_set: SoleOperatorRequest => People;
        outbox_page: OutboxPageRequest => OutboxPage;
        message_view: MessageRequest => MessageView;
        message_retry: MessageRequest => MessageView;
        message_park: MessageRequest => MessageView;
        settings_save: Settings => Settings;
        asked_answer: AskedAnswerRequest => Done;
        drift_answer: DriftAnswerRequest => Done;
        authorise_address: AuthoriseRequest => Address;
        disconnect: ConnectionRequest => Done;
        company_save: CompanyRequest => CompaniesView;
        company_remove: CompanyNamed => CompaniesView;
        account_company: AccountCompanyRequest => CompaniesView;
        connection_companies: ServesRequest => CompaniesView;
    }

    pub async fn status(session: &Arc<Session>, _: Nothing) -> Answer<Status> {
        blocking(session, Session::status).await
    }

    pub async fn facts(session: &Arc<Session>, _: Nothing) -> Answer<Facts> {
        blocking(session, Session::facts).await
    }

    pub async fn rules(session: &Arc<Session>, _: Nothing) -> Answer<RulesView> {
        blocking(session, Session::rules).await
    }

    pub async fn replay(session: &Arc<Session>, _: Nothing) -> Answer<ReplayView> {
        blocking(session, Session::replay).await
    }

    pub async fn people(session: &Arc<Session>, _: Nothing) -> Answer<People> {
        blocking(session, Session::people).await
    }

    pub async fn asked_list(session: &Arc<Session>, _: Nothing) -> Answer<AskedList> {
        blocking(session, Session::asked_list).await
    }

    pub async fn drift_list(session: &Arc<Session>, _: Nothing) -> Answer<DriftList> {
        blocking(session, Session::drift_list).await
    }

    pub async fn companies(session: &Arc<Session>, _: Nothing) -> Answer<CompaniesView> {
        blocking(session, Session::companies).await
    }

    pub async fn own_payers(session: &Arc<Session>, _: Nothing) -> Answer<OwnPayers> {
        blocking(session, Session::own_payers).await
    }

    pub async fn settings(session: &Arc<Session>, _: Nothing) -> Answer<Settings> {
        blocking(session, Session::settings).await
    }

    pub async fn watch_pause(session: &Arc<Session>, request: PauseRequest) -> Answer<Status> {
        blocking(session, move |session| session.watch_pause(request.paused)).await
    }

    pub async fn mapping(session: &Arc<Session>, request: ConnectionRequest) -> Answer<MappingView> {
        session.mapping(&request).await
    }

    pub async fn mapping_save(session: &Arc<Session>, request: MappingSaveRequest) -> Answer<MappingView> {
        session.mapping_save(&request).await
    }

    pub async fn connect(session: &Arc<Session>, request: ConnectRequest) -> Answer<Connected> {
        let connected = session.connect(&request).await?;
        first_pull(session).await;
        Ok(connected)
    }

    pub async fn connect_amocrm(session: &Arc<Session>, request: ConnectAmocrmRequest) -> Answer<Connected> {
        let connected = session.connect_amocrm(&request).await?;
        first_pull(session).await;
        Ok(connected)
    }

    pub async fn connect_application(session: &Arc<Session>, request: ConnectApplicationRequest) -> Answer<Connected> {
        let connected = session.connect_application(&request).await?;
        first_pull(session).await;
        Ok(connected)
    }

    pub async fn connection_check(session: &Arc<Session>, request: ConnectionRequest) -> Answer<Connected> {
        session.connection_check(&request).await
    }

    /// She sees her invoices at once; where that fails, the worker tries again and the status says so.
    async fn first_pull(session: &Arc<Session>) {
        if let Err(failure) = session.pull_invoices().await {
            tracing::warn!(code = failure.code, "the first pull failed");
        }
    }

    pub async fn sync_now(session: &Arc<Session>, _: Nothing) -> Answer<Done> {
        let pulls = session.pulls(true).await?;
        session.deliver_bell.notify_one();
        if pulls.iter().all(|one| one.pulled.is_err()) {
            let first = pulls.into_iter().find_map(|one| one.pulled.err());
            return Err(first.unwrap_or_else(crate::pull::not_connected));
        }
        let message = crate::pull::text(&pulls);
        Ok(Done {
            message: message.into(),
            decision: None,
        })
    }
}
