//! The rules about modules over small made-up crates: each shows that its rule can fail.

use super::module_graph::{Arrow, ModuleGraph, cycles};
use super::module_table::{differences, read_module_table};
use super::{Source, references};

/// A crate below `src/` with these files.
fn graph(files: &[(&str, &str)]) -> ModuleGraph {
    let source = |(path, text): &(&str, &str)| Source { path: format!("src/{path}"), text: (*text).to_owned() };
    ModuleGraph::read("src/", &files.iter().map(source).collect::<Vec<_>>())
}

/// The arrows between its top-level modules, as `from > to`.
fn arrows(files: &[(&str, &str)]) -> Vec<String> {
    let arrows = graph(files).arrows(&[]);
    arrows.iter().map(|arrow| format!("{} > {}", arrow.from, arrow.to)).collect()
}

/// The arrows of a module `a` with this text, beside `b` and `c`.
fn imports_of_a(text: &str) -> Vec<String> {
    let files = [("lib.rs", "mod a; mod b; mod c;"), ("a.rs", text), ("b.rs", "pub mod d {}"), ("c/mod.rs", "")];
    arrows(&files).into_iter().filter_map(|arrow| arrow.strip_prefix("a > ").map(str::to_owned)).collect()
}

#[test]
fn every_way_to_name_a_module_is_an_import() {
    for text in [
        "use crate::b;",
        "use crate::b::Thing;",
        "pub(crate) use crate::b::Thing as Other;",
        "use crate::{b::{Thing, d::{self, More}}};",
        "use std::fmt; use {std::io, crate::b::*};",
        "use super::b::Thing;",
        "mod inner { use super::super::b; }",
        "fn f() -> crate::b::Thing { todo!() }",
        "fn f() { let x = crate::b::d::make::<u8>(); }",
        "fn f() { view! { <p class=\"x\"><crate::b::Thing/></p> } }",
        "fn f() { Vec::<crate::b::Thing>::new(); }",
        "impl crate::b::Thing for u8 {}",
        "#[derive(Clone)] struct A { b: super::b::Thing }",
        "#[cfg(test)] use crate::c::Thing;\nuse crate::b::Thing;",
        "struct A { #[cfg(test)] c: HashMap<u8, crate::c::Thing>, b: crate::b::Thing }",
    ] {
        assert_eq!(imports_of_a(text), ["b"], "{text}");
    }
    assert_eq!(imports_of_a("use crate::{b, c};"), ["b", "c"]);
}

#[test]
fn comments_strings_tests_and_other_crates_are_no_imports() {
    for text in [
        "//! crate::b::Thing\n/// crate::b\n/* use crate::b; */",
        "const B: &str = \"crate::b::Thing\";",
        "const B: &str = r#\"use crate::b;\"#;",
        "#[cfg(test)] mod tests { use crate::b::Thing; }",
        "#[cfg(all(test, target_arch = \"wasm32\"))]\nmod tests { use crate::b::Thing; }",
        "#[cfg(test)] fn helper() -> crate::b::Thing { todo!() }",
        "use ::b::Thing;",
        "use b::Thing;",
        "use std::b::Thing;",
        "use self::inner::Thing; mod inner { pub struct Thing; }",
        "pub(crate) fn f<'a>() -> impl Sized + use<'a> {}",
        "fn f() { let b = 1; match b { b => b } }",
        "use crate::a::Other;",
    ] {
        assert_eq!(imports_of_a(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn files_that_only_tests_compile_are_left_out() {
    let files = [
        ("lib.rs", "mod a; mod b;"),
        ("a/mod.rs", "#[cfg(test)] mod tests;\n#[cfg(test)]\n#[path = \"more_tests.rs\"]\nmod more;"),
        ("a/tests.rs", "use crate::b::Thing;"),
        ("a/more_tests.rs", "use crate::b::Thing;"),
        ("b.rs", "#[cfg(test)] mod tests;"),
        ("b/tests/deep.rs", "use crate::a::Thing;"),
        ("main.rs", "use crate::b;"),
    ];
    assert_eq!(arrows(&files), Vec::<String>::new());
}

#[test]
fn a_reexport_leads_to_the_module_that_it_names() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c; pub use b::Thing; pub struct Size;"),
        ("a.rs", "use crate::Thing; use crate::c::Other;"),
        ("b.rs", "use crate::Size;"),
        ("c/mod.rs", "pub use inner::Other; mod inner;"),
        ("c/inner.rs", "pub use crate::b::Other;"),
    ];
    let all = ["a > b", "b > (root)", "c > b"];
    assert_eq!(arrows(&files), all, "`Other` is a `b`, wherever it is named");
    let uses =
        [("lib.rs", "mod a; mod b; pub struct Size; fn f() { a::g(); }"), ("a.rs", "use crate::Size;"), ("b.rs", "")];
    assert_eq!(cycles(&graph(&uses).arrows(&[])), [["(root)", "a"]]);
}

#[test]
fn modules_that_import_each_other_are_a_cycle() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c; mod d;"),
        ("a.rs", "use crate::b::B;"),
        ("b.rs", "// The way back is a path in code.\nfn f() { crate::c::g(); }"),
        ("c.rs", "use crate::{a::A, d::D};"),
        ("d.rs", ""),
    ];
    assert_eq!(cycles(&graph(&files).arrows(&[])), [["a", "b", "c"]]);
    let place = graph(&files).arrows(&[]).into_iter().find(|arrow| arrow.from == "b").map(|arrow| arrow.place);
    assert_eq!(place.as_deref(), Some("src/b.rs:2"));
    let without_c = [("lib.rs", "mod a; mod b;"), files[1], ("b.rs", "")];
    assert_eq!(cycles(&graph(&without_c).arrows(&[])), Vec::<Vec<String>>::new());
}

#[test]
fn modules_inside_a_module_can_form_a_cycle_too() {
    let files = [
        ("lib.rs", "mod a;"),
        ("a/mod.rs", "mod one; mod two;"),
        ("a/one.rs", "use super::two::Two;"),
        ("a/two.rs", "use crate::a::one::One;"),
    ];
    let graph = graph(&files);
    assert_eq!(graph.arrows(&[]), []);
    assert_eq!(graph.parents(), [vec![], vec!["a".to_owned()]]);
    assert_eq!(cycles(&graph.arrows(&["a".to_owned()])), [["one", "two"]]);
}

#[test]
fn references_have_the_line_that_they_begin_at() {
    let file = references::file_references("\nuse crate::{\n    a,\n    b::C,\n};\n", &[]);
    assert_eq!(file.references.iter().map(|reference| reference.line).collect::<Vec<_>>(), [3, 4]);
}

#[test]
fn the_table_of_modules_is_held_against_the_arrows() {
    let page = "# A\n## Modules of the page\nWords.\n\n| module | what it is | may import |\n|---|---|---|\n\
        | `ui` | parts | - |\n| `panel` | a panel | `ui`, `api` |\n| `old` | gone | `ui` |\n\n## Next\n| `x` |";
    let table = read_module_table(page).expect("the page has a table");
    assert_eq!(table["panel"], ["ui", "api"]);
    let arrow = |from: &str, to: &str| Arrow { from: from.into(), to: to.into(), place: "src/x.rs:1".into() };
    let modules = ["ui", "panel", "app"].map(str::to_owned);
    let found = differences(&table, &modules, &[arrow("panel", "ui"), arrow("ui", "panel")]);
    assert_eq!(
        found,
        [
            "`app` has no row",
            "`old` has a row, but there is no such module",
            "`panel` may import `api`, but does not",
            "src/x.rs:1: `ui` imports `panel`, which its row does not list",
        ]
    );
    assert!(read_module_table("# A").is_err());
    assert!(read_module_table("## Modules of the page\n| a | b | c |\n|---|---|---|\n| `a` | b |").is_err());
}
