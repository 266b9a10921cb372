//! Programs that the tests need beside a Rust toolchain, and how to install them.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;

/// One program that some test starts.
struct Prerequisite {
    what: &'static str,
    /// Any of these names on the PATH will do.
    programs: &'static [&'static str],
    /// Or below any folder of this one (some systems keep servers off the PATH), in its `bin/`.
    versions: Option<&'static str>,
    /// The package of Debian and Ubuntu.
    apt: &'static str,
    needed_for: &'static str,
}

const PREREQUISITES: &[Prerequisite] = &[
    Prerequisite {
        what: "Chromium",
        programs: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
        versions: None,
        apt: "chromium",
        needed_for: "the tests in a browser",
    },
    Prerequisite {
        what: "ChromeDriver",
        programs: &["chromedriver"],
        versions: None,
        apt: "chromium-driver",
        needed_for: "the tests in a browser",
    },
    Prerequisite {
        what: "PostgreSQL",
        programs: &["postgres"],
        versions: Some("/usr/lib/postgresql"),
        apt: "postgresql",
        needed_for: "the tests of several servers",
    },
    Prerequisite {
        what: "Redis",
        programs: &["redis-server"],
        versions: None,
        apt: "redis-server",
        needed_for: "the tests of several servers",
    },
];

impl Prerequisite {
    fn is_installed(&self) -> bool {
        self.programs.iter().any(|program| process::on_path(program) || self.is_in_version_folder(program))
    }

    fn is_in_version_folder(&self, program: &str) -> bool {
        let Some(Ok(versions)) = self.versions.map(|folder| Path::new(folder).read_dir()) else { return false };
        versions.flatten().any(|version| version.path().join("bin").join(program).is_file())
    }
}

/// Installs what is missing where that can be done without asking, and otherwise says exactly what to install.
pub fn ensure() -> Result<()> {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<_> = missing.iter().map(|it| it.apt).collect();
    if process::on_path("apt-get") && is_root() {
        process::run(apt().args(["update", "-qq"]))?;
        process::run(apt().args(["install", "-y", "-qq", "--no-install-recommends"]).args(&packages))?;
    }
    let still: Vec<_> = self::missing().iter().map(|it| format!("{} (for {})", it.what, it.needed_for)).collect();
    if !still.is_empty() {
        bail!("missing: {}; on Debian or Ubuntu: sudo apt-get install {}", still.join(", "), packages.join(" "));
    }
    Ok(())
}

fn missing() -> Vec<&'static Prerequisite> {
    PREREQUISITES.iter().filter(|it| !it.is_installed()).collect()
}

fn apt() -> Command {
    let mut apt = Command::new("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive");
    apt
}

fn is_root() -> bool {
    process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
