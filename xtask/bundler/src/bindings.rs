//! Generates the JavaScript bindings of the wasm program.

use std::path::Path;

use anyhow::{Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

pub struct Bindings {
    pub script: String,
    pub wasm: Vec<u8>,
}

pub fn generate(program: &Path) -> Result<Bindings> {
    let mut output = Bindgen::new()
        .input_path(program)
        .out_name("page")
        .web(true)?
        .typescript(false)
        // A lazily loaded program uses the first one's table and stack.
        .keep_lld_exports(true)
        .remove_name_section(cfg!(feature = "release"))
        .remove_producers_section(true)
        .omit_default_module_path(true)
        .generate_output()?;
    ensure!(
        output.snippets().values().all(Vec::is_empty) && output.local_modules().is_empty(),
        "the page uses wasm-bindgen snippets, which the build does not carry over"
    );
    Ok(Bindings { script: output.js().to_owned(), wasm: output.wasm_mut().emit_wasm() })
}
