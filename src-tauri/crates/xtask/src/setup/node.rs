//! Node and the page's packages.

use std::{fs, path::Path, time::SystemTime};

use anyhow::{Context, Result, bail};

use crate::{
    program::{answer, must, npm, program},
    project,
};

/// The oldest Node the page's tools run on.
const OLDEST_NODE: u32 = 20;

pub fn check() -> Result<()> {
    let Some(version) = answer(program("node").arg("--version")) else {
        bail!("Node is missing: install Node {OLDEST_NODE} or newer with npm (https://nodejs.org)");
    };
    match major(&version) {
        Some(major) if major >= OLDEST_NODE => {}
        _ => bail!("Node {version} is too old: install Node {OLDEST_NODE} or newer with npm (https://nodejs.org)"),
    }
    if answer(&mut npm(&["--version"])).is_none() {
        bail!("npm is missing beside Node {version}: install it (on Debian: apt-get install npm)");
    }
    Ok(())
}

fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// `npm ci`, unless what is installed is what the lock says.
pub fn install_page_packages() -> Result<()> {
    let lock = project::ui().join("package-lock.json");
    // npm writes this file last.
    let installed = project::ui().join("node_modules/.package-lock.json");
    if newer(&installed, &lock) {
        return Ok(());
    }
    println!("set-up: npm ci in ui");
    must(&mut npm(&["ci", "--no-audit", "--no-fund", "--loglevel=error"]))
}

fn newer(this: &Path, that: &Path) -> bool {
    let written = |path: &Path| -> Option<SystemTime> { fs::metadata(path).ok()?.modified().ok() };
    matches!((written(this), written(that)), (Some(this), Some(that)) if this >= that)
}

pub fn build_page() -> Result<()> {
    must(&mut npm(&["run", "--silent", "build"]))
}

/// Whether the page has such a script.
pub fn has_script(name: &str) -> Result<bool> {
    let path = project::ui().join("package.json");
    let text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let package: serde_json::Value =
        serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))?;
    Ok(package["scripts"][name].is_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_version_is_read() {
        for (version, expected) in [("v20.19.0", Some(20)), ("v9.1", Some(9)), ("20.1.0", None), ("", None)] {
            assert_eq!(major(version), expected, "{version:?}");
        }
    }
}
