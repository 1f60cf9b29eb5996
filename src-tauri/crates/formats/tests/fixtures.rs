//! Every file of `fixtures/<format>/{ok,err}` reads as its snapshot says. A new bank is a new file there, not a new test.

#![expect(clippy::unwrap_used, reason = "what a test stands on must be there")]

use std::fs::File;

use formats::{Collected, Options, read_all};
use serde_json::Value;

/// The fields a bank wrote are many and repeat what the entry says: their number stands for them.
fn brief(collected: &Collected) -> Value {
    let mut value = serde_json::to_value(collected).unwrap();
    for statement in value["statements"].as_array_mut().unwrap() {
        for entry in statement["entries"].as_array_mut().unwrap() {
            entry["raw"] = entry["raw"].as_array().unwrap().len().into();
        }
    }
    value
}

macro_rules! folders {
    ($($folder:ident),*) => {$(
        #[test]
        fn $folder() {
            insta::glob!(concat!("../../../../fixtures/", stringify!($folder)), "{ok,err}/*", |path| {
                let collected = read_all(File::open(path).unwrap(), &Options::default()).unwrap();
                let folder = path.parent().and_then(|folder| folder.file_name()).unwrap();
                assert_eq!(collected.has_errors(), folder == "err", "{}", path.display());
                assert!(!collected.statements.is_empty(), "{}", path.display());
                insta::assert_snapshot!(serde_json::to_string_pretty(&brief(&collected)).unwrap());
            });
        }
    )*};
}

folders!(onec, mt, camt, json, table, archive);
