//! Puts the built page into the release server. Never builds the page: that is `cargo xtask build`.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("bundle.rs");
    println!("cargo::rerun-if-changed=build.rs");
    let mut files = Vec::new();
    // Other builds read the folder when they run: a new page is then no new server.
    if env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
        let dist = root.join("../dist");
        println!("cargo::rerun-if-changed={}", dist.display());
        if dist.is_dir() {
            list(&dist, "", &mut files)?;
            files.sort();
        }
    }
    let entries = files.iter().map(|(name, path)| format!("    ({name:?}, include_bytes!({path:?})),\n"));
    let entries: String = entries.collect();
    fs::write(out, format!("pub static FILES: &[(&str, &[u8])] = &[\n{entries}];\n"))
}

fn list(folder: &Path, prefix: &str, into: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        match entry.file_type()?.is_dir() {
            true => list(&entry.path(), &format!("{name}/"), into)?,
            false => into.push((name, entry.path().canonicalize()?)),
        }
    }
    Ok(())
}
