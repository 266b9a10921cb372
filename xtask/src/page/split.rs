//! Splits the program into what the first picture needs and the lazily loaded rest (`src/lazy`).

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use wasm_split_cli_support::{Options, transform};

/// What wasm-bindgen will name the first file's script: the second file's loader asks it for the memory they share.
pub const SCRIPT: &str = "./page.js";
/// What the first file imports the loader from.
pub const LOADER: &str = "./__wasm_split.js";

pub struct SplitProgram {
    /// Still to be given its bindings.
    pub first: PathBuf,
    pub loader: String,
    /// The name by which the loader asks for it, and the file.
    pub chunk: (String, Vec<u8>),
}

pub fn split_program(program: &Path, work: &Path) -> Result<SplitProgram> {
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
    let chunk = &split.split_modules[0];
    let name = chunk.file_name().context("a part has a name")?.to_string_lossy().into_owned();
    let loader = fs::read_to_string(work.join(LOADER)).context("no loader was written for the lazily loaded chunk")?;
    Ok(SplitProgram { first, loader, chunk: (name, fs::read(chunk)?) })
}
