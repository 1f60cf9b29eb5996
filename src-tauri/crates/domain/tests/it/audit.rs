use domain::{Actor, AuditEvent, AuditLink, PersonId, Timestamp};

fn event(n: i64) -> AuditEvent {
    AuditEvent {
        at: Timestamp(n),
        actor: Actor::Person {
            id: PersonId::from("anna"),
        },
        action: "decision.made".to_owned(),
        subject: format!("d{n}"),
        body: "{}".to_owned(),
    }
}

fn chain(length: i64) -> Vec<AuditLink> {
    let mut links: Vec<AuditLink> = Vec::new();
    for n in 0..length {
        links.push(AuditLink::after(links.last(), event(n)));
    }
    links
}

fn broken_at(links: &[AuditLink]) -> Option<usize> {
    (0..links.len()).find(|&at| !links[at].holds_after(at.checked_sub(1).map(|before| &links[before])))
}

#[test]
fn a_chain_holds_until_anything_changes() {
    assert_eq!(broken_at(&chain(5)), None);
    type Change = fn(&mut AuditLink);
    let changes: [Change; 6] = [
        |link| link.event.body = "{\"x\":1}".to_owned(),
        |link| link.event.at = Timestamp(99),
        |link| link.event.actor = Actor::Program,
        |link| link.event.action.push('!'),
        |link| link.event.subject.clear(),
        |link| link.seq += 1,
    ];
    for change in changes {
        let mut links = chain(5);
        change(&mut links[2]);
        assert_eq!(broken_at(&links), Some(2));
    }
}

#[test]
fn a_removed_or_swapped_link_shows() {
    let mut links = chain(5);
    links.remove(1);
    assert_eq!(broken_at(&links), Some(1));
    let mut links = chain(5);
    links.swap(3, 4);
    assert_eq!(broken_at(&links), Some(3));
}

#[test]
fn a_rewritten_link_breaks_the_next() {
    let mut links = chain(5);
    let mut changed = event(2);
    changed.body = "{\"sum\":\"0\"}".to_owned();
    links[2] = AuditLink::after(Some(&links[1]), changed);
    assert_eq!(broken_at(&links), Some(3));
}
