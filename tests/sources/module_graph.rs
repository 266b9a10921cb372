//! The modules of a crate and which of them refer to which, read from its sources.

use std::collections::{BTreeMap, BTreeSet};

use super::Source;
use super::references::{Reference, file_references};

/// The node of the crate's root file (`lib.rs`), for what is defined in it.
pub const ROOT: &str = "(root)";

/// How many re-exports are followed from one name; more are a circle.
const MAX_REEXPORTS: usize = 16;

type Path = Vec<String>;

/// The modules of one crate and the references between them.
pub struct ModuleGraph {
    modules: BTreeSet<Path>,
    references: Vec<(String, Reference)>,
    /// What names that are imported into a module stand for.
    aliases: BTreeMap<(Path, String), Path>,
}

/// One module refers to another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrow {
    pub from: String,
    pub to: String,
    /// The first reference: `src/canvas/view.rs:12`.
    pub place: String,
}

impl ModuleGraph {
    /// Reads the crate whose `lib.rs` lies in `folder`, which ends with `/`. A `main.rs` beside it is another crate.
    pub fn read(folder: &str, sources: &[Source]) -> Self {
        let is_of_crate = |source: &&Source| source.path.starts_with(folder) && source.path.ends_with(".rs");
        let files = sources.iter().filter(is_of_crate).filter(|source| source.path != format!("{folder}main.rs"));
        let parsed: Vec<_> = files
            .map(|source| {
                let module = module_of(&source.path[folder.len()..]);
                (source, file_references(&source.text, &module), module)
            })
            .collect();
        let test_files: Vec<String> = parsed
            .iter()
            .flat_map(|(source, file, _)| file.test_modules.iter().map(|name| file_of(&source.path, name)))
            .collect();
        let is_test = |path: &str| {
            test_files.iter().any(|file| path == format!("{file}.rs") || path.starts_with(&format!("{file}/")))
        };
        let mut graph = Self { modules: BTreeSet::new(), references: Vec::new(), aliases: BTreeMap::new() };
        for (source, file, module) in parsed.into_iter().filter(|(source, ..)| !is_test(&source.path)) {
            graph.modules.insert(module);
            graph.modules.extend(file.inline_modules);
            for reference in file.references {
                if let Some(alias) = &reference.alias {
                    graph.aliases.insert((reference.module.clone(), alias.clone()), reference.path.clone());
                }
                graph.references.push((source.path.clone(), reference));
            }
        }
        graph
    }

    /// Returns the names of the modules directly inside `parent`; of the crate, if that is empty.
    pub fn children(&self, parent: &[String]) -> Vec<String> {
        let inside =
            self.modules.iter().filter(|module| module.len() == parent.len() + 1 && module.starts_with(parent));
        inside.map(|module| module[parent.len()].clone()).collect()
    }

    /// Returns every module that has modules inside, the crate itself first.
    pub fn parents(&self) -> Vec<Path> {
        let parents: BTreeSet<Path> =
            self.modules.iter().filter_map(|module| Some(module.split_last()?.1.to_vec())).collect();
        parents.into_iter().collect()
    }

    /// Returns the arrows between the modules directly inside `parent`, each once. In the crate itself, its root file is one of
    /// them; a re-export there leads to the module that it names.
    pub fn arrows(&self, parent: &[String]) -> Vec<Arrow> {
        let mut arrows: BTreeMap<(String, String), String> = BTreeMap::new();
        for (file, reference) in &self.references {
            let Some(from) = node(&reference.module, parent) else { continue };
            let Some(to) = self.resolve(&reference.module, &reference.path, 0) else { continue };
            let Some(to) = node(&to, parent) else { continue };
            let is_reexport = from == ROOT && reference.is_reexport;
            if from != to && !is_reexport {
                arrows.entry((from, to)).or_insert_with(|| format!("{file}:{}", reference.line));
            }
        }
        arrows.into_iter().map(|((from, to), place)| Arrow { from, to, place }).collect()
    }

    /// Returns the module that a path leads to; `None` if it leads to another crate.
    fn resolve(&self, module: &[String], path: &[String], reexports: usize) -> Option<Path> {
        let (head, rest) = path.split_first()?;
        let (mut current, rest) = match head.as_str() {
            "crate" => (Vec::new(), rest),
            "self" => (module.to_vec(), rest),
            "super" => {
                let supers = path.iter().take_while(|segment| *segment == "super").count();
                (module[..module.len().checked_sub(supers)?].to_vec(), &path[supers..])
            }
            _ if self.modules.contains(&child(module, head)) => (module.to_vec(), path),
            _ => return self.follow(module, head, rest, reexports),
        };
        for (index, segment) in rest.iter().enumerate() {
            let next = child(&current, segment);
            if !self.modules.contains(&next) {
                return Some(self.follow(&current, segment, &rest[index + 1..], reexports).unwrap_or(current));
            }
            current = next;
        }
        Some(current)
    }

    /// Resolves a name that a `use` brought into a module.
    fn follow(&self, module: &[String], name: &str, rest: &[String], reexports: usize) -> Option<Path> {
        let alias = self.aliases.get(&(module.to_vec(), name.to_owned()))?;
        let is_itself = alias.len() == 1 && alias[0] == name;
        if reexports == MAX_REEXPORTS || is_itself {
            return None;
        }
        let path: Path = alias.iter().chain(rest).cloned().collect();
        self.resolve(module, &path, reexports + 1)
    }
}

/// Returns the groups of modules that reach each other, each sorted.
pub fn cycles(arrows: &[Arrow]) -> Vec<Vec<String>> {
    let nodes: BTreeSet<&str> = arrows.iter().flat_map(|arrow| [arrow.from.as_str(), arrow.to.as_str()]).collect();
    let reached: BTreeMap<&str, BTreeSet<&str>> = nodes.iter().map(|node| (*node, reachable(arrows, node))).collect();
    let groups: BTreeSet<Vec<String>> = nodes
        .iter()
        .filter(|node| reached[**node].contains(**node))
        .map(|node| {
            let group =
                nodes.iter().filter(|other| reached[*node].contains(**other) && reached[**other].contains(*node));
            group.map(|name| (*name).to_owned()).collect()
        })
        .collect();
    groups.into_iter().collect()
}

/// Returns the nodes at the ends of the ways that begin at `node`.
fn reachable<'a>(arrows: &'a [Arrow], node: &'a str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        let next = arrows.iter().filter(|arrow| arrow.from == node).map(|arrow| arrow.to.as_str());
        open.extend(next.filter(|next| reached.insert(*next)));
    }
    reached
}

/// Returns the child of `parent` that a module lies in; the root file itself is `ROOT`, any other parent is no node.
fn node(module: &[String], parent: &[String]) -> Option<String> {
    match module.strip_prefix(parent)? {
        [first, ..] => Some(first.clone()),
        [] => parent.is_empty().then(|| ROOT.to_owned()),
    }
}

fn child(module: &[String], name: &str) -> Path {
    module.iter().cloned().chain([name.to_owned()]).collect()
}

/// Returns the module of a file, from its path below the folder of `lib.rs`.
fn module_of(path: &str) -> Path {
    let path = path.trim_end_matches(".rs");
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "lib" | "mod")).collect();
    parts.into_iter().map(str::to_owned).collect()
}

/// Returns the path, without its ending, of the file of a module that is declared in `declared_in`.
fn file_of(declared_in: &str, name: &str) -> String {
    let (folder, file) = declared_in.rsplit_once('/').unwrap_or(("", declared_in));
    match (name.strip_suffix(".rs"), file) {
        (Some(name), _) => format!("{folder}/{name}"),
        (None, "lib.rs" | "main.rs" | "mod.rs") => format!("{folder}/{name}"),
        (None, file) => format!("{folder}/{}/{name}", file.trim_end_matches(".rs")),
    }
}
