//! Generates the JavaScript bindings of the wasm program.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::split::{SplitProgram, split_program};

pub struct Bindings {
    pub script: Vec<u8>,
    pub wasm: Vec<u8>,
    /// Fetches the second file, when the program asks for it.
    pub loader: String,
    /// The second file, by the name that the loader knows.
    pub chunk: (String, Vec<u8>),
}

pub fn bindings(program: &Path, work: &Path) -> Result<Bindings> {
    if work.exists() {
        fs::remove_dir_all(work)?;
    }
    fs::create_dir_all(work)?;
    let work = work.to_owned();
    let SplitProgram { first, loader, chunk } = split_program(program, &work)?;
    let arguments = [
        "wasm-bindgen".as_ref(),
        first.as_os_str(),
        "--out-dir".as_ref(),
        work.as_os_str(),
        "--out-name".as_ref(),
        "page".as_ref(),
        "--target".as_ref(),
        "web".as_ref(),
        "--no-typescript".as_ref(),
        // The second file uses the first one's table and stack.
        "--keep-lld-exports".as_ref(),
        "--remove-name-section".as_ref(),
        "--remove-producers-section".as_ref(),
        "--omit-default-module-path".as_ref(),
    ];
    wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(arguments)?;
    ensure!(
        !work.join("snippets").exists(),
        "the page uses wasm-bindgen snippets, which the build does not carry over"
    );
    let read = |name: &str| fs::read(work.join(name)).with_context(|| format!("wasm-bindgen wrote no {name}"));
    Ok(Bindings { script: read("page.js")?, wasm: read("page_bg.wasm")?, loader, chunk })
}
