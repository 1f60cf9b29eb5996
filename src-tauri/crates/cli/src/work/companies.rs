//! Our own legal entities, their accounts, and the CRMs that bill for them.

use std::process::ExitCode;

use app::{
    Session,
    wire::{AccountCompanyRequest, CompaniesView, CompanyNamed, CompanyRequest, ServesRequest},
};

use crate::{
    args::CompaniesCommand,
    output::{Done, Output},
};

pub fn run(session: &Session, command: CompaniesCommand, output: &Output) -> Done {
    let view = match command {
        CompaniesCommand::List => session.companies()?,
        CompaniesCommand::Add { inn, name, kpp } => session.company_save(&CompanyRequest { inn, name, kpp })?,
        CompaniesCommand::Remove { inn } => session.company_remove(&CompanyNamed { inn })?,
        CompaniesCommand::Account { account, inn: company } => {
            session.account_company(&AccountCompanyRequest { account, company })?
        }
        CompaniesCommand::Serves {
            connection,
            inns: companies,
        } => session.connection_companies(&ServesRequest { connection, companies })?,
    };
    output.either(&view, |view| described(view, output))?;
    Ok(ExitCode::SUCCESS)
}

fn described(view: &CompaniesView, output: &Output) -> String {
    let unknown = output.pick("не известно чей", "not known whose");
    let called = |inn: &str| {
        let known = view.companies.iter().find(|company| company.inn == inn);
        let name = known.map(|company| company.name.as_str()).unwrap_or_default();
        if name.is_empty() {
            inn.to_owned()
        } else {
            name.to_owned()
        }
    };
    let mut lines: Vec<String> = Vec::new();
    for company in &view.companies {
        let mark = if company.kept { '●' } else { '○' };
        let kpp = company
            .kpp
            .as_deref()
            .map(|kpp| format!(" / {kpp}"))
            .unwrap_or_default();
        lines.push(
            format!("{mark} {}{kpp}  {}", company.inn, company.name)
                .trim_end()
                .to_owned(),
        );
    }
    for account in &view.accounts {
        let company = account.company.as_deref().map_or_else(|| unknown.to_owned(), called);
        lines.push(format!("{}  {company}", account.account));
    }
    for connection in view
        .connections
        .iter()
        .filter(|connection| !connection.companies.is_empty())
    {
        let companies: Vec<String> = connection.companies.iter().map(|inn| called(inn)).collect();
        lines.push(format!(
            "{} · {}  {}",
            connection.connection,
            connection.name,
            companies.join(", ")
        ));
    }
    if lines.is_empty() {
        lines.push(
            output
                .pick("своих компаний не названо", "no company of ours is named")
                .to_owned(),
        );
    }
    lines.join("\n")
}
