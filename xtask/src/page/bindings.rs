//! Makes the JavaScript that a wasm program needs around it. Never optimises: the profile `wasm` has.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

pub struct Bindings {
    pub script: Vec<u8>,
    pub wasm: Vec<u8>,
}

pub fn bindings(program: &Path, work: &Path) -> Result<Bindings> {
    if work.exists() {
        fs::remove_dir_all(work)?;
    }
    let work = work.to_owned();
    let arguments = [
        "wasm-bindgen".as_ref(),
        program.as_os_str(),
        "--out-dir".as_ref(),
        work.as_os_str(),
        "--out-name".as_ref(),
        "page".as_ref(),
        "--target".as_ref(),
        "web".as_ref(),
        "--no-typescript".as_ref(),
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
    Ok(Bindings { script: read("page.js")?, wasm: read("page_bg.wasm")? })
}
