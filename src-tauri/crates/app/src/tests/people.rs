//! Who may say who works here.

use super::firm::{add_person, unconnected, who};
use crate::wire::{PersonAddRequest, RoleName};

#[test]
fn the_first_person_owns_and_every_other_needs_the_owner() {
    let (_place, session) = unconnected();
    add_person(&session, "Ольга", RoleName::Viewer, None).unwrap();
    assert_eq!(session.people().unwrap().people[0].role, RoleName::Owner);
    let code = |name, owner| add_person(&session, name, RoleName::Approver, owner).unwrap_err().code;
    assert_eq!(code("Анна", None), "people/owner-only");
    add_person(&session, "Анна", RoleName::Approver, Some("Ольга")).unwrap();
    assert_eq!(code("Борис", Some("Анна")), "people/owner-only");
    assert_eq!(code("Борис", Some("Никто")), "people/wrong-passphrase");
    assert_eq!(code("анна", Some("Ольга")), "people/name-taken");
    assert_eq!(code("  ", Some("Ольга")), "people/no-name");
    let mut short = PersonAddRequest {
        person: who("Борис"),
        role: RoleName::Approver,
        owner: Some(who("Ольга")),
    };
    short.person.passphrase = "коротко".to_owned();
    assert_eq!(session.person_add(&short).unwrap_err().code, "people/short-passphrase");
    assert!(!format!("{short:?}").contains("фраза") && !format!("{short:?}").contains("коротко"));
}
