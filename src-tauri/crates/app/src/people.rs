//! Who works with this ledger. People prove themselves by a passphrase where their consent moves money.

use domain::{Actor, PersonId, Text};
use store::{Person, Role};

use crate::{
    failure::Failure,
    passphrase,
    session::Session,
    settings,
    wire::{Credentials, People, PersonAddRequest, PersonView, RoleName, SoleOperatorRequest},
};

impl Session {
    /// # Errors
    /// The ledger cannot be read.
    pub fn people(&self) -> Result<People, Failure> {
        let people = self.ledger.people()?.into_iter().map(|person| PersonView {
            name: person.name,
            role: match person.role {
                Role::Owner => RoleName::Owner,
                Role::Accountant => RoleName::Accountant,
                Role::Approver => RoleName::Approver,
                Role::Viewer => RoleName::Viewer,
            },
        });
        Ok(People {
            people: people.collect(),
            sole_operator: self.sole_operator()?,
        })
    }

    /// Adds a person. The first one becomes the owner; every other needs the owner's consent.
    ///
    /// # Errors
    /// A name that is taken or empty; a passphrase that is too short; a consent that is not the owner's.
    pub fn person_add(&self, request: &PersonAddRequest) -> Result<People, Failure> {
        let name = request.person.name.trim();
        if name.is_empty() {
            return Err(Failure::new(
                "people/no-name",
                Text::new("у человека нет имени", "the person has no name"),
                Text::new("впишите имя", "type a name"),
            ));
        }
        let known = self.ledger.people()?;
        if known
            .iter()
            .any(|person| person.name.to_lowercase() == name.to_lowercase())
        {
            return Err(Failure::new(
                "people/name-taken",
                Text::new(format!("«{name}» уже есть"), format!("«{name}» is there already")),
                Text::new("возьмите другое имя", "take another name"),
            ));
        }
        let id = PersonId(self.host.new_id());
        let (actor, role) = if known.is_empty() {
            (Actor::Person { id: id.clone() }, Role::Owner)
        } else {
            let role = match request.role {
                RoleName::Owner => Role::Owner,
                RoleName::Accountant => Role::Accountant,
                RoleName::Approver => Role::Approver,
                RoleName::Viewer => Role::Viewer,
            };
            (
                Actor::Person {
                    id: self.owner(request.owner.as_ref())?.id,
                },
                role,
            )
        };
        let passphrase_hash = passphrase::hash(self.host.as_ref(), &request.person.passphrase)?;
        let person = Person {
            id,
            name: name.to_owned(),
            role,
            passphrase_hash,
        };
        self.ledger.add_person(&person, &actor, self.host.now())?;
        self.changed();
        self.people()
    }

    /// The owner lets a sole operator approve own orders, or stops it.
    ///
    /// # Errors
    /// The consent is not the owner's.
    pub fn sole_operator_set(&self, request: &SoleOperatorRequest) -> Result<People, Failure> {
        let owner = self.owner(Some(&request.owner))?;
        let value = if request.on { "on" } else { "off" };
        let actor = Actor::Person { id: owner.id };
        self.ledger
            .set_setting(settings::SOLE_OPERATOR, value, &actor, self.host.now())?;
        self.changed();
        self.people()
    }

    pub(crate) fn sole_operator(&self) -> Result<bool, Failure> {
        Ok(self.ledger.setting(settings::SOLE_OPERATOR)?.as_deref() == Some("on"))
    }

    /// The person whose name and passphrase these are.
    ///
    /// # Errors
    /// An unknown name and a wrong passphrase are told alike.
    pub(crate) fn proven(&self, who: &Credentials) -> Result<Person, Failure> {
        self.ledger
            .person_by_name(who.name.trim())?
            .filter(|person| passphrase::fits(&who.passphrase, &person.passphrase_hash))
            .ok_or_else(|| {
                Failure::new(
                    "people/wrong-passphrase",
                    Text::new(
                        "имя или парольная фраза не подходят",
                        "the name or the passphrase is wrong",
                    ),
                    Text::new(
                        "проверьте раскладку и Caps Lock",
                        "check the keyboard layout and Caps Lock",
                    ),
                )
            })
    }

    fn owner(&self, who: Option<&Credentials>) -> Result<Person, Failure> {
        let person = who.map(|who| self.proven(who)).transpose()?;
        person.filter(|person| person.role == Role::Owner).ok_or_else(|| {
            Failure::new(
                "people/owner-only",
                Text::new("это решает только владелец", "only the owner decides this"),
                Text::new(
                    "нужны имя и парольная фраза владельца",
                    "the owner's name and passphrase are needed",
                ),
            )
        })
    }

    /// What a person is called, for history and receipts.
    pub(crate) fn name_of(&self, actor: &Actor) -> Result<Text, Failure> {
        Ok(match actor {
            Actor::Program => Text::new("программа", "the program"),
            Actor::Rule { name } => Text::new(format!("правило «{name}»"), format!("the rule «{name}»")),
            Actor::Person { id } => {
                let person = self.ledger.people()?.into_iter().find(|person| &person.id == id);
                person.map_or_else(
                    || Text::new("оператор", "the operator"),
                    |person| Text::same(person.name),
                )
            }
        })
    }
}
