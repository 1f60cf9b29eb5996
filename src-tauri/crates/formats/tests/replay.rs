//! What fuzzing found, and a small corpus of what it came through: `fixtures/fuzz/<target>/*`. `cargo xtask fuzz` finds
//! more.

#[path = "../fuzz/src/properties.rs"]
mod properties;

use std::{collections::BTreeSet, fs, path::Path};

use properties::{Target, check};

#[test]
fn what_fuzzing_came_through_still_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures/fuzz");
    for target in Target::ALL {
        let mut files = 0;
        for file in fs::read_dir(folder.join(target.name())).unwrap() {
            let path = file.unwrap().path();
            // Names the file that fails; shown only then.
            println!("{}", path.display());
            check(target, &fs::read(path).unwrap());
            files += 1;
        }
        assert!(files > 0, "{} has nothing to replay", target.name());
    }
    let there: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|folder| folder.unwrap().file_name().into_string().unwrap())
        .collect();
    let known = Target::ALL.map(|target| target.name().to_owned()).into();
    assert_eq!(there, known, "every folder is a target's");
}
