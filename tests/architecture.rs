//! The "Never" lines of ARCHITECTURE.md, executed over the sources. Never a matter of taste: each row says what it protects.

mod contract;
mod sources;

use sources::{Source, dependencies, sources};

struct Never {
    /// A folder or a file, by how its path begins.
    room: &'static str,
    /// Paths that begin so are where it belongs.
    except: &'static [&'static str],
    says: &'static [&'static str],
    because: &'static str,
}

const NEVER: &[Never] = &[
    Never {
        room: "crates/protocol/src/",
        except: &[],
        says: &["std::time::Instant", "SystemTime", "now_utc", "std::fs", "std::net", "tokio", "web_sys", "async fn"],
        because: "the protocol is what is said: no clock, no I/O, nothing asynchronous",
    },
    Never {
        room: "crates/model/src/",
        except: &[],
        says: &["std::time", "SystemTime", "now_utc", "std::fs", "std::net", "tokio", "web_sys", "leptos", "async fn"],
        because: "the model folds alike in the server and in the page: pure, time is passed in",
    },
    Never {
        room: "crates/layout/src/",
        except: &[],
        says: &["leptos", "web_sys", "js_sys", "wasm_bindgen", "std::time", "std::fs", "async fn"],
        because: "layout is arithmetic, tested without a browser",
    },
    Never {
        room: "crates/client/src/",
        except: &[],
        says: &["leptos", "web_sys", "js_sys", "wasm_bindgen", "std::time", "std::net", "async fn"],
        because: "the client is sans-I/O: the page and native programs pass in sockets, time and randomness",
    },
    Never {
        room: "src/store/",
        except: &[],
        says: &["web_sys", "view!", "crate::canvas", "crate::panel"],
        because: "the store knows nothing of the DOM",
    },
    Never {
        room: "src/canvas/",
        except: &[],
        says: &["serde_json::from", "Deserialize", "orrery_model::reduce", "WebSocket", "crate::sync"],
        because: "a view never decodes, folds or transports",
    },
    Never {
        room: "src/ui/",
        except: &[],
        says: &["orrery_model", "orrery_protocol", "crate::store", "crate::session", "crate::canvas", "crate::panel"],
        because: "small parts know no domain",
    },
    Never {
        room: "src/",
        except: &[],
        says: &["inner_html", "set_inner_html", "insert_adjacent_html", "set_outer_html", "document.write", "eval("],
        because: "the text of an event is shown as text, never as markup",
    },
    Never {
        room: "src/",
        except: &[],
        says: &["tokio", "axum", "sqlx", "orrery_server"],
        because: "the page and the server never meet",
    },
    Never {
        room: "server/src/",
        except: &[],
        says: &["leptos", "web_sys", "wasm_bindgen", "gloo_"],
        because: "the page and the server never meet",
    },
    Never {
        room: "server/src/",
        except: &["server/src/publish", "server/src/log"],
        says: &["log.append(", "log().append(", "Log::append("],
        because: "the door is the one place that publishes: check, append, announce",
    },
    Never {
        room: "",
        except: &["xtask/", "bench/", "examples/", "server/src/main.rs", "tests/architecture.rs"],
        says: &["anyhow"],
        because: "edges name their errors; only a program's outermost part may be vague",
    },
    Never {
        room: "",
        except: &["tests/architecture.rs"],
        says: &["#[ignore", "mod util", "mod helper", "mod manager", "mod handler"],
        because: "a test that does not run is no test, and a name says what is in it",
    },
];

struct DependsOnly {
    package: &'static str,
    on: &'static [&'static str],
}

const DEPENDS_ONLY: &[DependsOnly] = &[
    DependsOnly {
        package: "crates/protocol",
        on: &["serde", "serde_json", "serde_path_to_error", "thiserror", "time"],
    },
    DependsOnly { package: "crates/model", on: &["orrery-protocol", "serde", "serde_json", "thiserror"] },
];

struct DependsNever {
    package: &'static str,
    on: &'static [&'static str],
}

const DEPENDS_NEVER: &[DependsNever] = &[
    DependsNever { package: ".", on: &["orrery-server", "tokio", "axum", "sqlx", "anyhow"] },
    DependsNever { package: "server", on: &["orrery", "leptos", "web-sys", "wasm-bindgen"] },
];

#[test]
fn no_room_says_what_it_must_never_say() {
    let sources = sources(&["rs"]);
    let mut broken = Vec::new();
    for never in NEVER {
        let is_test = |source: &&Source| source.path.ends_with("tests.rs");
        let belongs = |source: &&Source| never.except.iter().any(|path| source.path.starts_with(path));
        let of_the_room = sources.iter().filter(|it| it.path.starts_with(never.room));
        for source in of_the_room.filter(|it| !belongs(it) && !is_test(it)) {
            for (number, line) in source.code() {
                for said in never.says.iter().filter(|said| line.contains(**said)) {
                    broken.push(format!("{}:{number} says {said:?}: {}", source.path, never.because));
                }
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn each_package_depends_only_on_what_its_place_allows() {
    for DependsOnly { package, on } in DEPENDS_ONLY {
        let others: Vec<_> = dependencies(package).into_iter().filter(|name| !on.contains(&name.as_str())).collect();
        assert!(others.is_empty(), "{package} depends on {others:?}");
    }
    for DependsNever { package, on } in DEPENDS_NEVER {
        let found: Vec<_> = dependencies(package).into_iter().filter(|name| on.contains(&name.as_str())).collect();
        assert!(found.is_empty(), "{package} depends on {found:?}");
    }
}

#[test]
fn every_file_says_what_lives_in_it() {
    let silent: Vec<_> =
        sources(&["rs"]).into_iter().filter(|it| !it.text.starts_with("//!")).map(|it| it.path).collect();
    assert!(silent.is_empty(), "these do not open with `//!`: {silent:#?}");
}

#[test]
fn no_file_is_longer_than_three_hundred_lines() {
    let lines = |source: &Source| source.text.lines().count();
    let sources = sources(&["rs", "css", "js"]);
    let long: Vec<_> = sources.iter().filter(|it| lines(it) > 300).map(|it| (&it.path, lines(it))).collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn colours_are_named_in_the_tokens_alone() {
    let mut raw = Vec::new();
    for source in sources(&["rs", "css", "js", "html"]) {
        let of_the_page = ["src/", "style/", "shell/", "index.html"].iter().any(|room| source.path.starts_with(room));
        if of_the_page && source.path != "style/tokens.css" {
            let coloured = source.code().filter(|(_, line)| has_raw_colour(line));
            raw.extend(coloured.map(|(number, line)| format!("{}:{number}: {}", source.path, line.trim())));
        }
    }
    assert!(raw.is_empty(), "\n{}", raw.join("\n"));
}

#[test]
fn live_gives_out_signals_to_read_alone() {
    let mut writable = Vec::new();
    for source in sources(&["rs"]).iter().filter(|it| it.path.starts_with("src/store/rendered_nodes")) {
        let given =
            source.code().filter(|(_, line)| line.trim_start().starts_with("pub ") && !line.contains("pub type"));
        let written = given.filter(|(_, line)| line.contains("RwSignal") || line.contains("WriteSignal"));
        writable.extend(written.map(|(number, line)| format!("{}:{number}: {}", source.path, line.trim())));
    }
    assert!(writable.is_empty(), "\n{}", writable.join("\n"));
}

#[test]
fn every_sheet_is_in_the_page() {
    let page = sources(&["html"]).into_iter().find(|it| it.path == "index.html").expect("there is a page").text;
    let sheets = sources(&["css"]).into_iter().map(|it| it.path).filter(|path| path.starts_with("style/"));
    let missing: Vec<_> = sheets.filter(|path| !page.contains(path)).collect();
    assert!(missing.is_empty(), "index.html does not list {missing:?}");
}

fn has_raw_colour(line: &str) -> bool {
    let functions = ["oklch(", "oklab(", "rgb(", "rgba(", "hsl(", "hsla("];
    functions.iter().any(|function| line.contains(function)) || line.split('#').skip(1).any(begins_as_hex_colour)
}

fn begins_as_hex_colour(text: &str) -> bool {
    let digits = text.chars().take_while(char::is_ascii_hexdigit).count();
    let ends = text[digits..].chars().next().is_none_or(|next| !(next.is_alphanumeric() || next == '-' || next == '_'));
    [3, 4, 6, 8].contains(&digits) && ends
}

/// The rules can fail.
#[test]
fn a_raw_colour_is_recognised_and_a_selector_is_not() {
    for raw in ["color: #fff;", "stroke=\"#4f6bed\"", "background: oklch(0.5 0.1 20)", "#00000080"] {
        assert!(has_raw_colour(raw), "{raw}");
    }
    for named in ["#shell-cause {", "color: var(--text);", "r#\"abc\"#", "#[cfg(test)]", "href=\"#face-1\""] {
        assert!(!has_raw_colour(named), "{named}");
    }
}
