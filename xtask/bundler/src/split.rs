//! Splits the program into what the first picture needs and the lazily loaded rest (`src/lazy`).

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use wasm_split_cli_support::{Options, transform};

use crate::bundle::LazyProgram;

/// What wasm-bindgen will name the first file's script: the second file's loader asks it for the memory they share.
const SCRIPT: &str = "./page.js";
/// What the first file imports the loader from.
const LOADER: &str = "./__wasm_split.js";

/// Returns the first program, still without its bindings, and the second. `work` is emptied for the files between.
pub fn split_program(program: &Path, work: &Path) -> Result<(PathBuf, LazyProgram)> {
    if work.exists() {
        fs::remove_dir_all(work)?;
    }
    fs::create_dir_all(work)?;
    let bytes = fs::read(program)?;
    let first = work.join("first.wasm");
    let mut options = Options::new(&bytes);
    options.output_dir = work;
    options.main_out_path = &first;
    options.link_name = LOADER;
    options.main_module = SCRIPT;
    let split = transform(options).map_err(|error| anyhow!("the program could not be split: {error:#}"))?;
    ensure!(
        split.split_modules.len() == 1,
        "the program has one lazily loaded part, not {}: see src/lazy",
        split.split_modules.len()
    );
    let second = &split.split_modules[0];
    let name = second.file_name().context("a part has a name")?.to_string_lossy();
    let loader =
        fs::read_to_string(work.join(LOADER)).context("no loader was written for the lazily loaded program")?;
    let lazy = LazyProgram {
        loader,
        loader_name: LOADER,
        script_name: SCRIPT,
        wasm_name: format!("./{name}"),
        wasm: fs::read(second)?,
    };
    Ok((first, lazy))
}
