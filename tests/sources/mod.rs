//! The project's own files, read as text. Never judges them.

use std::fs;
use std::path::Path;

use orrery_tests::server::workspace;

pub struct Source {
    /// From the root of the workspace, with `/`.
    pub path: String,
    pub text: String,
}

const ROOMS: &[&str] = &["crates", "server", "src", "style", "shell", "xtask", "tests", "examples", "bench"];

/// Every file with one of these extensions, `index.html` among them.
pub fn sources(extensions: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    for room in ROOMS {
        collect(&workspace().join(room), extensions, &mut found);
    }
    if extensions.contains(&"html") {
        found.push(read(&workspace().join("index.html")));
    }
    assert!(!found.is_empty(), "there are no files to judge");
    found
}

impl Source {
    /// The numbered lines that are neither comment nor unit test.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().zip(1..).map(|(line, number)| (number, line));
        let product = lines.take_while(|(_, line)| !line.starts_with("#[cfg(test)]"));
        product.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// The names under `[dependencies]` of a package.
pub fn dependencies(package: &str) -> Vec<String> {
    let manifest = read(&workspace().join(package).join("Cargo.toml")).text;
    let section = manifest.split_once("\n[dependencies]\n").expect("a manifest lists its dependencies").1;
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    let named = lines.filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(['=', '.']));
    named.map(|(name, _)| name.trim().to_owned()).collect()
}

fn collect(folder: &Path, extensions: &[&str], found: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            let generated = path.ends_with("target") || path.ends_with("node_modules");
            if !generated {
                collect(&path, extensions, found);
            }
        } else if path.extension().is_some_and(|it| extensions.contains(&&*it.to_string_lossy())) {
            found.push(read(&path));
        }
    }
}

fn read(path: &Path) -> Source {
    let below = path.strip_prefix(workspace()).expect("it lies in the workspace");
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).filter(|part| part != ".").collect();
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Source { path: parts.join("/"), text }
}
