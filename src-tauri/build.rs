//! Builds what Tauri needs at compile time: the capabilities, the permissions of our own commands, the Windows resources.

use std::{fs, io, path::Path};

use tauri_build::{AppManifest, Attributes};

fn main() {
    println!("cargo::rerun-if-changed=ui/dist");
    let embeds_the_page = std::env::var_os("CARGO_FEATURE_CUSTOM_PROTOCOL").is_some();
    if embeds_the_page && !Path::new("ui/dist/index.html").exists() {
        fail("the page is not built: run `npm ci && npm run build` in ui (or `cargo xtask run`, which does it)");
    }
    let attributes = Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(AppManifest::new().permissions_path_pattern("./src-tauri/permissions/**/*.toml"));
    if let Err(error) = tauri_build::try_build(attributes) {
        fail(&format!("{error:#}"));
    }
    if let Err(error) = move_schemas() {
        fail(&format!(
            "gen/schemas could not be moved to src-tauri/gen/schemas: {error}"
        ));
    }
}

/// Tauri writes the schemas beside Cargo.toml, wherever that is; ours belong under src-tauri.
fn move_schemas() -> io::Result<()> {
    let made = Path::new("gen/schemas");
    if !made.exists() {
        return Ok(());
    }
    let home = Path::new("src-tauri/gen/schemas");
    fs::create_dir_all(home)?;
    for schema in fs::read_dir(made)? {
        let schema = schema?;
        fs::rename(schema.path(), home.join(schema.file_name()))?;
    }
    fs::remove_dir(made)?;
    // Somebody may keep other files in gen: it goes only when it is empty.
    match fs::remove_dir("gen") {
        Err(error) if error.kind() != io::ErrorKind::DirectoryNotEmpty => Err(error),
        _ => Ok(()),
    }
}

fn fail(why: &str) -> ! {
    eprintln!("error: {why}");
    std::process::exit(1)
}
