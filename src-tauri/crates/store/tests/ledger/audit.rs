use domain::Actor;

use crate::given::{AT, Given, a_ledger, event, person};

fn with_links() -> Given {
    let given = a_ledger();
    for n in 0..5 {
        given.ledger.append_audit(&event("test", &n.to_string())).unwrap();
    }
    given
}

#[test]
fn an_untouched_chain_holds() {
    let given = with_links();
    let verdict = given.ledger.audit_verify().unwrap();
    // The first link is the making of the ledger.
    assert_eq!((verdict.links, verdict.broken_at), (6, None));
    let links = given.ledger.audit_list(4, 1).unwrap();
    assert_eq!((links[0].seq, links[0].event.subject.as_str()), (5, "3"));
}

#[test]
fn a_change_of_the_past_shows() {
    let cases = [
        (
            "UPDATE audit SET body = '{\"x\":1}' WHERE seq = 3",
            3,
            "it does not say what it said when it was written",
        ),
        (
            "UPDATE audit SET at = at + 1 WHERE seq = 6",
            6,
            "it does not say what it said when it was written",
        ),
        ("UPDATE audit SET actor = 'x' WHERE seq = 2", 2, "damaged"),
        (
            "UPDATE audit SET previous = 'x' WHERE seq = 4",
            4,
            "it does not follow the link before it",
        ),
        ("DELETE FROM audit WHERE seq = 3", 4, "links are missing before it"),
        ("DELETE FROM audit WHERE seq = 6", 6, "links are missing at the end"),
    ];
    for (sql, seq, why) in cases {
        let given = with_links();
        let raw = given.raw();
        raw.execute_batch("DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;")
            .unwrap();
        assert_eq!(raw.execute(sql, []).unwrap(), 1, "{sql}");
        let verdict = given.ledger.audit_verify().unwrap();
        assert_eq!(verdict.broken_at, Some(seq), "{sql}");
        assert!(verdict.why.unwrap().contains(why), "{sql}");
    }
}

#[test]
fn writes_bring_their_events() {
    let given = a_ledger();
    let ledger = &given.ledger;
    let program = Actor::Program;
    ledger.set_setting("folder", "C:\\bank", &person(), AT).unwrap();
    ledger.set_setting("folder", "C:\\bank", &person(), AT).unwrap();
    ledger.set_secret("webhook", b"sealed", &program, AT).unwrap();
    ledger.delete_secret("webhook", &program, AT).unwrap();
    ledger.delete_secret("webhook", &program, AT).unwrap();
    let actions: Vec<String> = ledger
        .audit_list(1, 10)
        .unwrap()
        .into_iter()
        .map(|link| link.event.action)
        .collect();
    assert_eq!(actions, ["setting.changed", "secret.changed", "secret.deleted"]);
    assert_eq!(ledger.audit_verify().unwrap().broken_at, None);
}
