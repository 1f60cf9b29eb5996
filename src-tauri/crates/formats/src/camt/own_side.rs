//! The account's owner in an entry: `Cdtr` of what came in, `Dbtr` of what went out; of a batch, as its first payment says.

use domain::{Entry, Inn, Kpp, PartyDraft};

pub(crate) fn own_side(entry: &Entry, came_in: bool) -> PartyDraft {
    let [party, account, agent] = if came_in {
        ["/Cdtr/", "/CdtrAcct/", "/CdtrAgt/"]
    } else {
        ["/Dbtr/", "/DbtrAcct/", "/DbtrAgt/"]
    };
    let mut side = PartyDraft::default();
    let put = |field: &mut String, value: &str| {
        if field.is_empty() {
            value.clone_into(field);
        }
    };
    for (key, value) in entry.raw.iter() {
        let value = value.trim();
        let inside = |of: &str| key.split_once(of).map(|(_, path)| path);
        // From version 08 on a party may be wrapped in `Pty`.
        if let Some(path) = inside(party).map(|path| path.strip_prefix("Pty/").unwrap_or(path)) {
            match path {
                "Nm" => put(&mut side.name, value),
                // Told apart by their control digits and length: the scheme stands after the number.
                _ if path.starts_with("Id/") && Inn::parse(value).is_ok() => put(&mut side.inn, value),
                _ if path.starts_with("Id/") && Kpp::parse(value).is_ok() => put(&mut side.kpp, value),
                _ => {}
            }
        } else if let Some(path) = inside(account) {
            if matches!(path, "Id/Othr/Id" | "Id/IBAN") {
                put(&mut side.account, &value.replace(char::is_whitespace, ""));
            }
        } else if let Some(path) = inside(agent) {
            match path {
                "FinInstnId/Nm" => put(&mut side.bank_name, value),
                "FinInstnId/ClrSysMmbId/MmbId" => {
                    put(
                        &mut side.bik,
                        value.trim_start_matches("RUCBC").trim_start_matches("RU"),
                    );
                }
                _ => {}
            }
        }
    }
    side
}
