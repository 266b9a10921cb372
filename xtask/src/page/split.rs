//! Cuts the program in two: what the first picture needs, and the rest (`src/later`). Never decides what comes later.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use wasm_split_cli_support::{Options, transform};

use super::leb;
use super::traps::silenced;

/// What wasm-bindgen will name the first file's script: the second file's loader asks it for the memory they share.
pub const SCRIPT: &str = "./page.js";
/// What the first file imports the loader from.
pub const LOADER: &str = "./__wasm_split.js";

pub struct Cut {
    /// Still to be given its bindings.
    pub first: PathBuf,
    pub loader: String,
    /// The name by which the loader asks for it, and the file.
    pub later: (String, Vec<u8>),
}

pub fn cut(program: &Path, work: &Path) -> Result<Cut> {
    let bytes = silenced(fs::read(program)?)?;
    let first = work.join("first.wasm");
    let mut options = Options::new(&bytes);
    options.output_dir = work;
    options.main_out_path = &first;
    options.link_name = LOADER;
    options.main_module = SCRIPT;
    let cut = transform(options).map_err(|error| anyhow!("the page could not be cut in two: {error:#}"))?;
    ensure!(cut.split_modules.len() == 1, "one part comes later, not {}: see src/later", cut.split_modules.len());
    let later = &cut.split_modules[0];
    let name = later.file_name().context("a part has a name")?.to_string_lossy().into_owned();
    let loader = fs::read_to_string(work.join(LOADER)).context("no loader was written for what comes later")?;
    Ok(Cut { first, loader, later: (name, without_custom_sections(&fs::read(later)?)?) })
}

/// Names and notes for tools are half of such a file, and no browser reads them.
fn without_custom_sections(wasm: &[u8]) -> Result<Vec<u8>> {
    const HEADER: usize = 8;
    let mut kept = wasm.get(..HEADER).context("this is no wasm file")?.to_vec();
    let mut at = HEADER;
    while at < wasm.len() {
        let start = at;
        let (length, digits) = leb::read(&wasm[at + 1..]).context("a section of the wasm file has no length")?;
        at += 1 + digits + length;
        let section = wasm.get(start..at).context("a section of the wasm file is cut off")?;
        if wasm[start] != 0 {
            kept.extend_from_slice(section);
        }
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_sections_go_and_the_others_stay_in_order() {
        let header = b"\0asm\x01\0\0\0";
        let wasm = [header, &b"\x01\x02ab"[..], b"\x00\x03xyz", b"\x0a\x81\x80\x80\x80\x00c"].concat();
        let kept = [header, &b"\x01\x02ab"[..], b"\x0a\x81\x80\x80\x80\x00c"].concat();
        assert_eq!(without_custom_sections(&wasm).unwrap(), kept);
        assert!(without_custom_sections(&wasm[..wasm.len() - 1]).is_err());
    }
}
