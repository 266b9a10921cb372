//! Checks docs/protocol.md against the code: its sections, routes, kinds of events and examples.

use std::collections::BTreeSet;
use std::fs;

use orrery_protocol::message::CloseCode;
use orrery_protocol::{RunEventKind, WorkspaceEventKind};
use orrery_tests::server::workspace;
use serde_json::Value;

use crate::sources::{Source, sources};

/// This file names sections that do not exist, to show that they would be found.
const SELF: &str = "tests/contract.rs";
/// The document, as sources refer to it.
const DOCUMENT: &str = "docs/protocol.md";

fn protocol() -> String {
    fs::read_to_string(workspace().join(DOCUMENT)).expect("the contract is in the repository")
}

/// Returns the numbers of all headings: `4` and `4.2`.
fn headings(page: &str) -> BTreeSet<String> {
    let titles = page.lines().filter(|line| line.starts_with("## ") || line.starts_with("### "));
    titles.filter_map(|line| line.trim_start_matches('#').trim().split(' ').next()).map(str::to_owned).collect()
}

/// Returns the numbers that a text refers to, as "section 4.2 of docs/protocol.md", "chapters 9 to 12 of …", "…, section 4.2" or "…#4.2".
fn references(text: &str) -> Vec<String> {
    // A comment may break the line anywhere.
    let words: Vec<&str> =
        text.split_whitespace().filter(|word| !matches!(*word, "//!" | "///" | "//" | "#")).collect();
    let text = words.join(" ");
    let mut found = Vec::new();
    for (at, _) in text.match_indices("protocol.md") {
        let before = &text[..at];
        let before = before.rsplit(' ').take(9).collect::<Vec<_>>();
        let place = before
            .iter()
            .position(|word| ["section", "sections", "chapter", "chapters"].contains(&without_punctuation(word)));
        // "section 4.2 of": nothing else stands between the word and the page but numbers.
        let listed = place.map(|place| &before[..place]).filter(|words| words.contains(&"of"));
        found.extend(listed.into_iter().flatten().filter_map(|word| number(word)));
        let after = &text[at + "protocol.md".len()..];
        let after = after.strip_prefix('#').or_else(|| after.strip_prefix(", section "));
        found.extend(after.and_then(|after| number(after.split([' ', ')', '"', '`']).next()?)));
    }
    found
}

fn without_punctuation(word: &str) -> &str {
    word.trim_matches(['(', '"'])
}

fn number(word: &str) -> Option<String> {
    let word = word.trim_matches(|sign: char| !sign.is_ascii_digit());
    let is_number = !word.is_empty() && word.split('.').all(|part| part.parse::<u32>().is_ok());
    is_number.then(|| word.to_owned())
}

#[test]
fn sections_that_sources_refer_to_exist() {
    let known = headings(&protocol());
    let mut sources = sources(&["rs", "py", "js", "mjs", "css", "html", "md", "toml"]);
    for page in ["README.md", "ARCHITECTURE.md", "docs/operations.md"] {
        let text = fs::read_to_string(workspace().join(page)).expect("the page is there");
        sources.push(Source { path: page.into(), text });
    }
    let (mut count, mut missing) = (0, Vec::new());
    for source in sources.iter().filter(|source| source.path != SELF) {
        for reference in references(&source.text) {
            count += 1;
            if !known.contains(&reference) {
                missing.push(format!("{}: section {reference}", source.path));
            }
        }
    }
    println!("{count} references to {} sections", known.len());
    assert!(missing.is_empty(), "not in {DOCUMENT}:\n{}", missing.join("\n"));
    assert!(count >= 60, "only {count} references were found: are they written in another way now?");
}

#[test]
fn references_are_recognised_in_every_spelling() {
    for (text, expected) in [
        ("(see section 4.2 of docs/protocol.md)", vec!["4.2"]),
        ("//! Whatever (see section\n//! 99.9 of docs/protocol.md). More.", vec!["99.9"]),
        ("see chapters 9 to 12 of docs/protocol.md", vec!["12", "9"]),
        ("docs/protocol.md, section 4.2", vec!["4.2"]),
        ("[the contract](docs/protocol.md#10.4)", vec!["10.4"]),
        ("in docs/protocol.md are 3 sections", vec![]),
    ] {
        assert_eq!(references(text), expected, "{text}");
    }
}

#[test]
fn headings_have_anchors_and_links_have_headings() {
    let page = protocol();
    let known = headings(&page);
    let titles = page.lines().filter(|line| line.starts_with("## ") || line.starts_with("### "));
    let anchored = |line: &&str| {
        let number = line.trim_start_matches('#').trim().split(' ').next().unwrap_or_default();
        line.ends_with(&format!("<a id=\"{number}\"></a>"))
    };
    let bare: Vec<&str> = titles.clone().filter(|line| !anchored(line)).collect();
    assert!(bare.is_empty(), "without an anchor of their number: {bare:#?}");
    assert_eq!(known.len(), titles.count(), "two headings have the same number");
    let links = page.split("(#").skip(1).filter_map(|rest| rest.split(')').next());
    let broken: Vec<&str> = links.filter(|link| !known.contains(*link)).collect();
    assert!(broken.is_empty(), "links to no section: {broken:?}");
}

/// Returns the routes of the router, such as `GET /workspaces/{id}`; those of sockets without their method.
fn routes() -> BTreeSet<String> {
    let router = fs::read_to_string(workspace().join("server/src/routes/mod.rs")).expect("the router is there");
    let mut routes = BTreeSet::new();
    for line in router.lines().filter_map(|line| line.trim().strip_prefix(".route(\"")) {
        let (path, methods) = line.split_once('"').expect("a path is quoted");
        for method in ["get", "post", "put", "patch", "delete"] {
            let is_there = [" ", "."].iter().any(|before| methods.contains(&format!("{before}{method}(")));
            if is_there && path.starts_with("/ws/") {
                routes.insert(path.to_owned());
            } else if is_there {
                routes.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    routes
}

/// Returns the routes that the document names between backticks.
fn documented_routes(prose: &str) -> BTreeSet<String> {
    let quoted = prose.split('`').skip(1).step_by(2).map(|text| text.split('?').next().unwrap_or_default());
    let is_route = |text: &&str| match text.split_once(' ') {
        Some((method, path)) => is_method(method) && path.starts_with('/'),
        None => text.starts_with("/ws/") && !text.contains('*'),
    };
    quoted.filter(is_route).map(str::to_owned).collect()
}

fn is_method(word: &str) -> bool {
    ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&word)
}

#[test]
fn every_route_is_documented_and_every_documented_route_exists() {
    let page = protocol();
    // Code blocks have backticks of their own.
    let prose: String = page.split("```").step_by(2).collect();
    let (routes, documented) = (routes(), documented_routes(&prose));
    assert!(routes.len() > 50, "the router reads differently now: {routes:#?}");
    let undocumented: Vec<_> = routes.difference(&documented).collect();
    assert!(undocumented.is_empty(), "not in {DOCUMENT}: {undocumented:#?}");
    let unknown: Vec<_> = documented.difference(&routes).collect();
    assert!(unknown.is_empty(), "in {DOCUMENT}, but not in the router: {unknown:#?}");
}

#[test]
fn every_kind_and_every_close_code_is_documented() {
    let page = protocol();
    let kinds = WorkspaceEventKind::ALL.iter().map(|kind| kind.as_str().to_owned());
    let kinds = kinds.chain(RunEventKind::KNOWN.iter().map(|kind| kind.as_str().to_owned()));
    let missing: Vec<_> = kinds.filter(|kind| !page.contains(&format!("`{kind}`"))).collect();
    assert!(missing.is_empty(), "not in {DOCUMENT}: {missing:?}");
    let codes = (4000..5000).filter_map(CloseCode::parse).map(|code| code as u16);
    let undocumented: Vec<_> = codes.filter(|code| !page.contains(&format!("| {code} |"))).collect();
    assert!(undocumented.is_empty(), "close codes that are not in {DOCUMENT}: {undocumented:?}");
}

#[test]
fn every_example_equals_its_fixture() {
    let page = protocol();
    let blocks = page.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next());
    let mut compared = 0;
    for block in blocks {
        let shown: Value = serde_json::from_str(block).unwrap_or_else(|error| panic!("{error} in:\n{block}"));
        let name = ["event", "event_type", "type"].iter().find_map(|key| shown.get(key)?.as_str());
        let Some(name) = name.filter(|name| *name != "subscribe") else { continue };
        let path = workspace().join(format!("crates/protocol/examples/{name}.json"));
        let example = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(shown, serde_json::from_str::<Value>(&example).expect("an example is JSON"), "{name}");
        compared += 1;
    }
    assert!(compared >= WorkspaceEventKind::ALL.len(), "only {compared} examples are shown");
}
