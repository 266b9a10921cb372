//! Checks that imports between modules point one way, and that ARCHITECTURE.md lists those of the page.

use std::fs;

use orrery_tests::server::workspace;

use crate::sources::module_graph::{Arrow, ModuleGraph, cycles};
use crate::sources::module_table::{differences, read_module_table};
use crate::sources::sources;

const PAGE: &str = "src/";
/// More would not be found again by somebody who looks for the place to change.
const MAX_PAGE_MODULES: usize = 20;

/// The folders of `lib.rs` of the crates under `crates/`.
fn pure_crates() -> Vec<String> {
    let entries = fs::read_dir(workspace().join("crates")).expect("the folder of the crates is there");
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names.into_iter().map(|name| format!("crates/{name}/src/")).collect()
}

/// Describes each cycle by its modules and the imports among them.
fn cycles_in_words(folder: &str, parent: &[String], arrows: &[Arrow]) -> Vec<String> {
    let within = |cycle: &[String]| {
        let inside = arrows.iter().filter(|arrow| cycle.contains(&arrow.from) && cycle.contains(&arrow.to));
        inside.map(|arrow| format!("\n  {} imports {} ({})", arrow.from, arrow.to, arrow.place)).collect::<String>()
    };
    let place = format!("{folder}{}", parent.join("/"));
    cycles(arrows).iter().map(|cycle| format!("{place}: {} form a cycle:{}", cycle.join(", "), within(cycle))).collect()
}

#[test]
fn modules_of_the_page_do_not_import_each_other() {
    let graph = ModuleGraph::read(PAGE, &sources(&["rs"]));
    let (modules, arrows) = (graph.children(&[]), graph.arrows(&[]));
    println!("{PAGE}: {} modules, {} arrows between them", modules.len(), arrows.len());
    assert!(
        modules.len() > 5 && arrows.len() > modules.len(),
        "the sources read differently now: {modules:?}, {arrows:?}"
    );
    let found = cycles_in_words(PAGE, &[], &arrows);
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn modules_of_the_pure_crates_do_not_import_each_other_at_any_depth() {
    let sources = sources(&["rs"]);
    let mut found = Vec::new();
    for folder in pure_crates() {
        let graph = ModuleGraph::read(&folder, &sources);
        for parent in graph.parents() {
            let (modules, arrows) = (graph.children(&parent), graph.arrows(&parent));
            println!("{folder}{}: {} modules, {} arrows between them", parent.join("/"), modules.len(), arrows.len());
            assert!(!parent.is_empty() || !arrows.is_empty(), "no import was found in {folder}");
            found.extend(cycles_in_words(&folder, &parent, &arrows));
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn architecture_md_lists_the_modules_of_the_page_and_what_they_import() {
    let page = fs::read_to_string(workspace().join("ARCHITECTURE.md")).expect("the page is there");
    let table = read_module_table(&page).expect("ARCHITECTURE.md has the table");
    let graph = ModuleGraph::read(PAGE, &sources(&["rs"]));
    let arrows = graph.arrows(&[]);
    let found = differences(&table, &graph.children(&[]), &arrows);
    let row = |module: &String| {
        let imports = arrows.iter().filter(|arrow| arrow.from == *module).map(|arrow| format!("`{}`", arrow.to));
        format!("`{module}`: {}", imports.collect::<Vec<_>>().join(", "))
    };
    let imports: Vec<String> = graph.children(&[]).iter().map(row).collect();
    assert!(found.is_empty(), "\n{}\n\nThe sources import:\n{}", found.join("\n"), imports.join("\n"));
}

#[test]
fn the_page_has_few_modules() {
    let modules = ModuleGraph::read(PAGE, &sources(&["rs"])).children(&[]);
    println!("{PAGE}: {} modules", modules.len());
    assert!(modules.len() <= MAX_PAGE_MODULES, "{} modules, at most {MAX_PAGE_MODULES}: {modules:?}", modules.len());
}
