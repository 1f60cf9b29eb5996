//! Who works with this ledger.

use std::process::ExitCode;

use app::{
    Session,
    wire::{Credentials, PersonAddRequest, RoleName, SoleOperatorRequest},
};

use super::credentials;
use crate::{
    args::{PeopleCommand, RoleArg, Switch},
    output::{Done, Output},
};

pub fn run(session: &Session, command: PeopleCommand, output: &Output) -> Done {
    let people = match command {
        PeopleCommand::List => session.people()?,
        PeopleCommand::Add {
            name,
            role,
            owner,
            passphrase_stdin,
        } => {
            let passphrase = credentials::passphrase(&name, passphrase_stdin, output)?;
            let owner = owner
                .map(|owner| {
                    let passphrase = credentials::passphrase(&owner, passphrase_stdin, output)?;
                    Ok::<_, app::Failure>(Credentials {
                        name: owner,
                        passphrase,
                    })
                })
                .transpose()?;
            let role = match role {
                RoleArg::Owner => RoleName::Owner,
                RoleArg::Accountant => RoleName::Accountant,
                RoleArg::Approver => RoleName::Approver,
                RoleArg::Viewer => RoleName::Viewer,
            };
            session.person_add(&PersonAddRequest {
                person: Credentials { name, passphrase },
                role,
                owner,
            })?
        }
        PeopleCommand::SoleOperator { state, who } => {
            let owner = credentials::of(&who, output)?;
            session.sole_operator_set(&SoleOperatorRequest {
                on: state == Switch::On,
                owner,
            })?
        }
    };
    output.either(&people, |people| {
        let names: Vec<String> = people
            .people
            .iter()
            .map(|person| format!("{}  {}", person.name, role(person.role, output)))
            .collect();
        let alone = if people.sole_operator {
            output.pick("единоличное утверждение включено", "a sole operator may approve")
        } else {
            output.pick("утверждает второй человек", "a second person approves")
        };
        format!("{}\n{alone}", names.join("\n"))
    })?;
    Ok(ExitCode::SUCCESS)
}

fn role(role: RoleName, output: &Output) -> &'static str {
    match role {
        RoleName::Owner => output.pick("владелец", "owner"),
        RoleName::Accountant => output.pick("бухгалтер", "accountant"),
        RoleName::Approver => output.pick("утверждающий", "approver"),
        RoleName::Viewer => output.pick("наблюдатель", "viewer"),
    }
}
