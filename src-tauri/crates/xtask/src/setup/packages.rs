//! System packages, on Debian and its descendants. Other Linux systems get the list to install by hand; Windows and macOS
//! bring what is needed.

use std::{collections::BTreeSet, fs};

use anyhow::{Result, bail};

use crate::program::{answer, found, line, must, program};

/// For SQLite and TLS.
const CORE: [&str; 3] = ["build-essential", "pkg-config", "libssl-dev"];
/// For the window and the tray.
const DESKTOP: [&str; 3] = ["libwebkit2gtk-4.1-dev", "libayatana-appindicator3-dev", "librsvg2-dev"];
/// For a private desktop with a driver for the window, and pictures of it.
const TESTS: [&str; 5] = ["xvfb", "dbus", "webkit2gtk-driver", "gnome-keyring", "imagemagick"];
/// For the page's own tests, unless some other build of the same browser is there.
const BROWSER: &str = "chromium";
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    Core,
    Desktop,
    Tests,
}

impl Wanted {
    fn packages(self, browser_is_there: bool) -> Vec<&'static str> {
        let mut packages = CORE.to_vec();
        if self >= Self::Desktop {
            packages.extend(DESKTOP);
        }
        if self >= Self::Tests {
            packages.extend(TESTS);
            if !browser_is_there {
                packages.push(BROWSER);
            }
        }
        packages
    }
}

pub fn install(wanted: Wanted) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let packages = wanted.packages(BROWSERS.into_iter().any(found));
    if !is_debian(&fs::read_to_string("/etc/os-release").unwrap_or_default()) {
        println!(
            "set-up: this is not Debian or Ubuntu, so packages are not installed. Needed, by their Debian names: {}",
            packages.join(" ")
        );
        return Ok(());
    }
    let known = answer(program("dpkg-query").args(["--show", "--showformat=${Package} ${db:Status-Status}\n"]));
    let missing = missing(&packages, &known.unwrap_or_default());
    if missing.is_empty() {
        return Ok(());
    }
    println!("set-up: apt-get install {}", missing.join(" "));
    apt_get(&["update", "-qq"])?;
    let mut words = vec!["install", "-y", "-qq", "--no-install-recommends"];
    words.extend(missing);
    apt_get(&words)
}

fn missing<'a>(packages: &[&'a str], known: &str) -> Vec<&'a str> {
    let installed: BTreeSet<&str> = known
        .lines()
        .filter_map(|line| line.strip_suffix(" installed"))
        .collect();
    packages
        .iter()
        .copied()
        .filter(|package| !installed.contains(package))
        .collect()
}

fn is_debian(os_release: &str) -> bool {
    os_release.lines().any(|line| {
        let Some((key, value)) = line.split_once('=') else {
            return false;
        };
        matches!(key, "ID" | "ID_LIKE")
            && value
                .trim_matches('"')
                .split(' ')
                .any(|id| matches!(id, "debian" | "ubuntu"))
    })
}

fn apt_get(words: &[&str]) -> Result<()> {
    let am_root = answer(program("id").arg("-u")).as_deref() == Some("0");
    // Through `env`, because sudo drops the variables it does not know.
    let mut command = if am_root { program("env") } else { program("sudo") };
    if !am_root {
        if !found("sudo") {
            bail!(
                "packages are missing and there is no sudo: as root, run `apt-get {}`",
                words.join(" ")
            );
        }
        command.arg("env");
    }
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(words);
    must(&mut command).map_err(|error| error.context(format!("the set-up stopped; try `{}` by hand", line(&command))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_what_descends_from_it_is_known() {
        for (release, known) in [
            ("NAME=\"Debian GNU/Linux\"\nID=debian\n", true),
            ("ID=ubuntu\nID_LIKE=debian\n", true),
            ("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", true),
            ("ID=fedora\n", false),
            ("ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n", false),
            ("PRETTY_NAME=\"not debian\"\n", false),
            ("", false),
        ] {
            assert_eq!(is_debian(release), known, "{release:?}");
        }
    }

    #[test]
    fn a_package_removed_but_configured_is_missing() {
        let known = "pkg-config installed\nxvfb config-files\nlibssl-dev installed\n";
        assert_eq!(
            missing(&["pkg-config", "xvfb", "dbus", "libssl-dev"], known),
            ["xvfb", "dbus"]
        );
    }

    #[test]
    fn the_core_needs_no_web_view_and_a_browser_is_not_installed_twice() {
        assert!(
            !Wanted::Core
                .packages(false)
                .iter()
                .any(|package| package.contains("webkit"))
        );
        assert!(Wanted::Tests.packages(false).contains(&BROWSER));
        assert!(!Wanted::Tests.packages(true).contains(&BROWSER));
    }
}
