//! `ui/src/wire.ts`, made from the contract. A test keeps the committed file equal; `cargo xtask wire` writes it anew.

use ts_rs::{Config, TS, TypeVisitor};

use super::{
    AccountCompanyRequest, AccountStatus, Address, AskedAnswerRequest, AskedList, AuthoriseRequest, CapRequest,
    CompaniesView, CompanyNamed, CompanyRequest, ConnectAmocrmRequest, ConnectApplicationRequest, ConnectRequest,
    Connected, ConnectionRequest, DecideRequest, Done, DriftAnswerRequest, DriftList, EntryRequest, EntryView,
    FactDetail, FactRequest, Facts, Failure, ImportAnswer, ImportRequest, InboxPage, InboxPageRequest, InvoicesPage,
    InvoicesPageRequest, MappingSaveRequest, MappingView, MessageRequest, MessageView, MoneyCame, Nothing,
    OrderCheckRequest, OrderChecked, OrderRejectRequest, OrderRequest, OrderSaveRequest, OrderSignAloneRequest,
    OrderSignRequest, OrderView, OrdersExportRequest, OrdersExported, OrdersPage, OrdersPageRequest, OutboxPage,
    OutboxPageRequest, OwnPayers, PauseRequest, People, PersonAddRequest, RejectRequest, ReplayView, RuleBody,
    RulePreviewRequest, RuleSaveRequest, RulesView, ServesRequest, Settings, SoleOperatorRequest, Status, UndoRequest,
};

/// Gathers every type reachable from the commands, each once.
struct Gathered<'a> {
    config: &'a Config,
    declarations: std::collections::BTreeMap<String, String>,
}

impl TypeVisitor for Gathered<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Only named types have a file of their own; strings and lists do not.
        if T::output_path().is_none() {
            T::visit_dependencies(self);
            return;
        }
        let name = T::ident(self.config);
        if self.declarations.contains_key(&name) {
            return;
        }
        self.declarations.insert(name, T::decl(self.config));
        T::visit_dependencies(self);
    }
}

macro_rules! commands {
    ($($name:ident($request:ty) -> $answer:ty,)*) => {
        fn commands(config: &Config) -> Gathered<'_> {
            let mut gathered = Gathered { config, declarations: std::collections::BTreeMap::new() };
            $(
                gathered.visit::<$request>();
                gathered.visit::<$answer>();
            )*
            gathered
        }

        /// Command, request and answer, as the page calls them.
        fn table(config: &Config) -> Vec<(&'static str, String, String)> {
            vec![$((stringify!($name), <$request as TS>::name(config), <$answer as TS>::name(config)),)*]
        }
    };
}
crate::with_commands!(commands);

/// The whole file.
#[must_use]
pub fn typescript() -> String {
    let config = Config::new().with_large_int("number");
    let mut gathered = commands(&config);
    gathered.visit::<Failure>();
    gathered.visit::<AccountStatus>();
    gathered.visit::<MoneyCame>();
    let mut file = String::from("// Made from the contract in Rust by `cargo xtask wire`. Do not edit.\n\n");
    for declaration in gathered.declarations.values() {
        file.push_str("export ");
        file.push_str(declaration);
        file.push('\n');
    }
    file.push_str("\n/** Every command: its request and its answer. */\nexport interface Commands {\n");
    for (name, request, answer) in table(&config) {
        file.push_str(&format!("  {name}: [{request}, {answer}];\n"));
    }
    file.push_str("}\n");
    file
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_has_the_contract_of_today() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../ui/src/wire.ts");
        let made = super::typescript();
        if std::env::var_os("SVERKA_WRITE_WIRE").is_some() {
            std::fs::create_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
            std::fs::write(path, &made).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
        assert!(
            committed == made,
            "ui/src/wire.ts is not what the contract says: run `cargo xtask wire`"
        );
    }
}
