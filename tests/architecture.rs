//! Checks the sources against the rules of ARCHITECTURE.md: what a folder must not contain, what a package may depend on, the
//! form of files. Each rule says what it protects.

mod contract;
mod module_rules;
mod sources;

use sources::{Source, dependencies, sources};

/// Texts that the code of a folder must not contain.
struct ForbiddenText {
    /// Beginnings of the paths that the rule is for.
    folders: &'static [&'static str],
    /// Beginnings of paths that the rule is not for.
    except: &'static [&'static str],
    texts: &'static [&'static str],
    reason: &'static str,
}

const PURE_CRATES: &[&str] = &["crates/protocol/src/", "crates/model/src/", "crates/layout/src/", "crates/client/src/"];

const FORBIDDEN_TEXTS: &[ForbiddenText] = &[
    ForbiddenText {
        folders: PURE_CRATES,
        except: &[],
        texts: &["leptos", "web_sys", "js_sys", "wasm_bindgen", "gloo_", "tokio", "std::fs", "std::net", "async fn"],
        reason: "the crates that page, server and native clients share are pure: no browser, no I/O, nothing asynchronous",
    },
    ForbiddenText {
        folders: PURE_CRATES,
        except: &[],
        texts: &["std::time", "Instant::now", "SystemTime", "now_utc", "Date::now", "thread_rng", "getrandom"],
        reason: "time and randomness are passed in, so that the same input has the same result everywhere",
    },
    ForbiddenText {
        folders: &["src/store/"],
        except: &[],
        texts: &["web_sys", "view!", "crate::canvas", "crate::panel"],
        reason: "the store is the state of the page, without its views",
    },
    ForbiddenText {
        folders: &["src/canvas/"],
        except: &[],
        texts: &["serde_json::from", "Deserialize", "orrery_model::reduce", "WebSocket", "crate::sync"],
        reason: "the canvas shows state; decoding, reducing and transport are in sync and store",
    },
    ForbiddenText {
        folders: &["src/ui/"],
        except: &[],
        texts: &["orrery_model", "orrery_protocol", "crate::store", "crate::session", "crate::canvas", "crate::panel"],
        reason: "the design system is independent of what the page shows",
    },
    ForbiddenText {
        folders: &["src/"],
        except: &[],
        texts: &["inner_html", "set_inner_html", "insert_adjacent_html", "set_outer_html", "document.write", "eval("],
        reason: "the text of an event is shown as text, never as markup",
    },
    ForbiddenText {
        folders: &["src/"],
        except: &[],
        texts: &["tokio", "axum", "sqlx", "orrery_server"],
        reason: "page and server share only the crates under crates/",
    },
    ForbiddenText {
        folders: &["server/src/"],
        except: &[],
        texts: &["leptos", "web_sys", "wasm_bindgen", "gloo_"],
        reason: "page and server share only the crates under crates/",
    },
    ForbiddenText {
        folders: &["server/src/"],
        except: &["server/src/publish", "server/src/log"],
        texts: &["log.append(", "log().append(", "Log::append("],
        reason: "one writer appends: it checks, appends and publishes",
    },
    ForbiddenText {
        folders: &[""],
        except: &["xtask/", "bench/", "examples/", "server/src/main.rs", "tests/architecture.rs"],
        texts: &["anyhow"],
        reason: "libraries have named errors; only programs may use anyhow",
    },
    ForbiddenText {
        folders: &[""],
        except: &["tests/architecture.rs"],
        texts: &["#[ignore", "mod util", "mod helper", "mod manager", "mod handler"],
        reason: "an ignored test checks nothing, and a module's name states its contents",
    },
];

/// All dependencies that a package may have.
struct AllowedDependencies {
    package: &'static str,
    names: &'static [&'static str],
}

const ALLOWED_DEPENDENCIES: &[AllowedDependencies] = &[
    AllowedDependencies {
        package: "crates/protocol",
        names: &["serde", "serde_json", "serde_path_to_error", "thiserror", "time"],
    },
    AllowedDependencies { package: "crates/model", names: &["orrery-protocol", "serde", "serde_json", "thiserror"] },
    AllowedDependencies { package: "crates/layout", names: &["orrery-protocol", "orrery-model"] },
    AllowedDependencies {
        package: "crates/client",
        names: &["orrery-protocol", "orrery-model", "serde", "serde_json", "thiserror"],
    },
];

/// Dependencies that a package must not have.
struct ForbiddenDependencies {
    package: &'static str,
    names: &'static [&'static str],
}

const FORBIDDEN_DEPENDENCIES: &[ForbiddenDependencies] = &[
    ForbiddenDependencies { package: ".", names: &["orrery-server", "tokio", "axum", "sqlx", "anyhow"] },
    ForbiddenDependencies { package: "server", names: &["orrery", "leptos", "web-sys", "wasm-bindgen"] },
];

#[test]
fn no_folder_contains_what_is_forbidden_there() {
    let sources = sources(&["rs"]);
    let mut violations = Vec::new();
    for rule in FORBIDDEN_TEXTS {
        let is_unit_test = |source: &&Source| source.path.ends_with("tests.rs");
        let is_excepted = |source: &&Source| rule.except.iter().any(|path| source.path.starts_with(path));
        let is_inside = |source: &&Source| rule.folders.iter().any(|folder| source.path.starts_with(folder));
        let checked =
            sources.iter().filter(|source| is_inside(source) && !is_excepted(source) && !is_unit_test(source));
        for source in checked {
            for (number, line) in source.code() {
                for text in rule.texts.iter().filter(|text| line.contains(**text)) {
                    violations.push(format!("{}:{number} contains {text:?}: {}", source.path, rule.reason));
                }
            }
        }
    }
    assert!(violations.is_empty(), "\n{}", violations.join("\n"));
}

#[test]
fn packages_have_only_the_dependencies_that_they_may_have() {
    for AllowedDependencies { package, names } in ALLOWED_DEPENDENCIES {
        let others: Vec<_> = dependencies(package).into_iter().filter(|name| !names.contains(&name.as_str())).collect();
        assert!(others.is_empty(), "{package} depends on {others:?}");
    }
    for ForbiddenDependencies { package, names } in FORBIDDEN_DEPENDENCIES {
        let found: Vec<_> = dependencies(package).into_iter().filter(|name| names.contains(&name.as_str())).collect();
        assert!(found.is_empty(), "{package} depends on {found:?}");
    }
}

#[test]
fn every_rust_file_opens_with_its_documentation() {
    let sources = sources(&["rs"]);
    let undocumented: Vec<_> =
        sources.iter().filter(|source| !source.text.starts_with("//!")).map(|source| &source.path).collect();
    assert!(undocumented.is_empty(), "these do not open with `//!`: {undocumented:#?}");
}

#[test]
fn no_file_is_longer_than_three_hundred_lines() {
    let lines = |source: &Source| source.text.lines().count();
    let sources = sources(&["rs", "css", "js"]);
    let long: Vec<_> =
        sources.iter().filter(|source| lines(source) > 300).map(|source| (&source.path, lines(source))).collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn raw_colours_are_only_in_the_tokens() {
    let mut raw = Vec::new();
    for source in sources(&["rs", "css", "js", "html"]) {
        let of_the_page = ["src/", "style/", "shell/", "index.html"].iter().any(|path| source.path.starts_with(path));
        if of_the_page && source.path != "style/tokens.css" {
            let coloured = source.code().filter(|(_, line)| has_raw_colour(line));
            raw.extend(coloured.map(|(number, line)| format!("{}:{number}: {}", source.path, line.trim())));
        }
    }
    assert!(raw.is_empty(), "\n{}", raw.join("\n"));
}

#[test]
fn rendered_nodes_publish_signals_that_only_they_can_write() {
    let sources = sources(&["rs"]);
    let is_writable = |line: &str| line.contains("RwSignal") || line.contains("WriteSignal");
    let is_public = |line: &str| line.trim_start().starts_with("pub ") && !line.contains("pub type");
    let mut checked = 0;
    let mut writable = Vec::new();
    for source in sources.iter().filter(|source| source.path.starts_with("src/store/rendered_nodes")) {
        checked += 1;
        let public = source.code().filter(|(_, line)| is_public(line) && is_writable(line));
        writable.extend(public.map(|(number, line)| format!("{}:{number}: {}", source.path, line.trim())));
    }
    assert!(checked > 0, "src/store/rendered_nodes is elsewhere now");
    assert!(writable.is_empty(), "\n{}", writable.join("\n"));
}

#[test]
fn index_html_lists_every_stylesheet() {
    let page = sources(&["html"]).into_iter().find(|source| source.path == "index.html").expect("there is a page").text;
    let stylesheets = sources(&["css"]).into_iter().map(|source| source.path).filter(|path| path.starts_with("style/"));
    let missing: Vec<_> = stylesheets.filter(|path| !page.contains(path)).collect();
    assert!(missing.is_empty(), "index.html does not list {missing:?}");
}

fn has_raw_colour(line: &str) -> bool {
    let functions = ["oklch(", "oklab(", "rgb(", "rgba(", "hsl(", "hsla("];
    let is_call = |at: usize| !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_');
    functions.iter().any(|function| line.match_indices(function).any(|(at, _)| is_call(at)))
        || line.split('#').skip(1).any(begins_with_hex_colour)
}

fn begins_with_hex_colour(text: &str) -> bool {
    let digits = text.chars().take_while(char::is_ascii_hexdigit).count();
    let ends = text[digits..].chars().next().is_none_or(|next| !(next.is_alphanumeric() || next == '-' || next == '_'));
    [3, 4, 6, 8].contains(&digits) && ends
}

#[test]
fn raw_colours_are_distinguished_from_selectors() {
    for raw in ["color: #fff;", "stroke=\"#4f6bed\"", "background: oklch(0.5 0.1 20)", "#00000080"] {
        assert!(has_raw_colour(raw), "{raw}");
    }
    for named in [
        "team: to_rgba(&colors.team),",
        "#shell-cause {",
        "color: var(--text);",
        "r#\"abc\"#",
        "#[cfg(test)]",
        "href=\"#face-1\"",
    ] {
        assert!(!has_raw_colour(named), "{named}");
    }
}
