//! The project's own files, read as text, and what their code says about modules.

pub mod module_graph;
pub mod module_table;
pub mod references;
mod tests;

use std::fs;
use std::path::Path;

use orrery_tests::server::workspace;

/// A file of the repository.
pub struct Source {
    /// Path from the root of the workspace, with `/`.
    pub path: String,
    pub text: String,
}

/// Folders that are searched for sources.
const FOLDERS: &[&str] = &["crates", "server", "src", "style", "shell", "xtask", "tests", "examples", "bench"];

/// Returns every file with one of these extensions, `index.html` among them.
pub fn sources(extensions: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        collect(&workspace().join(folder), extensions, &mut found);
    }
    if extensions.contains(&"html") {
        found.push(read(&workspace().join("index.html")));
    }
    assert!(!found.is_empty(), "no sources were found");
    found
}

impl Source {
    /// Iterates over the numbered lines that are neither comments nor unit tests.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().zip(1..).map(|(line, number)| (number, line));
        let compiled = lines.take_while(|(_, line)| !line.starts_with("#[cfg(test)]"));
        compiled.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// Returns the names under `[dependencies]` of a package.
pub fn dependencies(package: &str) -> Vec<String> {
    let manifest = read(&workspace().join(package).join("Cargo.toml")).text;
    let section = manifest.split_once("\n[dependencies]\n").expect("a manifest lists its dependencies").1;
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    let entries = lines.filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(['=', '.']));
    entries.map(|(name, _)| name.trim().to_owned()).collect()
}

fn collect(folder: &Path, extensions: &[&str], found: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            let generated = path.ends_with("target") || path.ends_with("node_modules");
            if !generated {
                collect(&path, extensions, found);
            }
        } else if path.extension().is_some_and(|extension| extensions.contains(&&*extension.to_string_lossy())) {
            found.push(read(&path));
        }
    }
}

fn read(path: &Path) -> Source {
    let below = path.strip_prefix(workspace()).expect("sources are in the workspace");
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).filter(|part| part != ".").collect();
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Source { path: parts.join("/"), text }
}
