//! Gives what the program and its script call each other short names: as wasm-bindgen writes them, with sixteen random
//! digits each, they are a twentieth of what a first visit loads. Never changes what a name stands for.

use std::collections::HashMap;

use anyhow::{Context, Result};
use wasmparser::{Parser, Payload};

use super::leb;

const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;
/// The names that only the script knows. Others are called by the loader, too.
const INNER: [&str; 4] = ["__wb", "__externref", "wasm_bindgen__", "intounderlying"];
/// The name of the script in the program's imports.
const MODULE: &str = "./page_bg.js";

#[derive(Default)]
struct Names(HashMap<String, String>);

/// The program and its script, again.
pub fn shortened(wasm: &[u8], script: &[u8]) -> Result<(Vec<u8>, Vec<u8>)> {
    let script = std::str::from_utf8(script).context("wasm-bindgen's script is not text")?;
    let mut names = Names::default();
    names.0.insert(MODULE.into(), "$".into());
    let mut shorter = wasm.get(..8).context("this is no wasm file")?.to_vec();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        match &payload {
            Payload::ImportSection(imports) => {
                let all = imports.clone().into_imports_with_offsets().collect::<Result<Vec<_>, _>>()?;
                let places = all.iter().map(|(at, import)| (*at, vec![import.module, import.name]));
                let content = names.rewritten(wasm, places.collect(), imports.range().end)?;
                shorter.extend(leb::section(IMPORTS, &content));
            }
            Payload::ExportSection(exports) => {
                let all = exports.clone().into_iter_with_offsets().collect::<Result<Vec<_>, _>>()?;
                let places = all.iter().map(|(at, export)| (*at, vec![export.name]));
                let content = names.rewritten(wasm, places.collect(), exports.range().end)?;
                shorter.extend(leb::section(EXPORTS, &content));
            }
            other => {
                if let Some((number, range)) = other.as_section() {
                    shorter.extend(leb::section(number, &wasm[range]));
                }
            }
        }
    }
    Ok((shorter, names.in_script(script).into_bytes()))
}

impl Names {
    /// A section's content with the names at the beginning of its entries made short.
    fn rewritten(&mut self, wasm: &[u8], entries: Vec<(usize, Vec<&str>)>, end: usize) -> Result<Vec<u8>> {
        let mut content = Vec::new();
        leb::write(&mut content, entries.len());
        let ends = entries.iter().skip(1).map(|(at, _)| *at).chain([end]).collect::<Vec<_>>();
        for ((mut at, names), end) in entries.into_iter().zip(ends) {
            for name in names {
                let (length, digits) = leb::read(&wasm[at..]).context("a name of the wasm file has no length")?;
                at += digits + length;
                let short = self.short(name);
                leb::write(&mut content, short.len());
                content.extend_from_slice(short.as_bytes());
            }
            content.extend_from_slice(&wasm[at..end]);
        }
        Ok(content)
    }

    fn short(&mut self, name: &str) -> String {
        if !self.0.contains_key(name) && !INNER.iter().any(|inner| name.starts_with(inner)) {
            return name.to_owned();
        }
        let next = self.0.len();
        self.0.entry(name.to_owned()).or_insert_with(|| letters(next)).clone()
    }

    fn in_script(&self, script: &str) -> String {
        let is_in_name = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '$');
        let script = script.replace(&format!("\"{MODULE}\""), "\"$\"");
        let mut shorter = String::with_capacity(script.len());
        let mut rest = script.as_str();
        while let Some(start) = rest.find(is_in_name) {
            let end = rest[start..].find(|sign| !is_in_name(sign)).map_or(rest.len(), |length| start + length);
            let word = &rest[start..end];
            shorter.push_str(&rest[..start]);
            shorter.push_str(self.0.get(word).map_or(word, String::as_str));
            rest = &rest[end..];
        }
        shorter + rest
    }
}

/// A name that is no word of the language.
fn letters(mut number: usize) -> String {
    let mut name = String::from("$");
    loop {
        name.push(char::from(b"abcdefghijklmnopqrstuvwxyz"[number % 26]));
        number /= 26;
        if number == 0 {
            return name;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_renamed_as_a_whole_and_others_stay() {
        let names = Names(HashMap::from([("__wbg_x_01".to_owned(), "$b".to_owned())]));
        let script = "__wbg_x_01: function() { return wasm.__wbg_x_012('__wbg_y'); }";
        assert_eq!(names.in_script(script), "$b: function() { return wasm.__wbg_x_012('__wbg_y'); }");
    }

    #[test]
    fn program_and_script_agree_on_the_new_name() {
        let mut imports = vec![1];
        for name in [MODULE, "__wbg_now_0123456789abcdef"] {
            leb::write(&mut imports, name.len());
            imports.extend_from_slice(name.as_bytes());
        }
        imports.extend([0, 0]);
        let types = leb::section(1, &[1, 0x60, 0, 0]);
        let wasm = [&b"\0asm\x01\0\0\0"[..], &types, &leb::section(IMPORTS, &imports)].concat();
        let script = r#"{ __wbg_now_0123456789abcdef: now } { "./page_bg.js": it }"#;
        let (wasm, script) = shortened(&wasm, script.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(script).unwrap(), r#"{ $b: now } { "$": it }"#);
        assert_eq!(wasm, [&b"\0asm\x01\0\0\0"[..], &types, &leb::section(IMPORTS, b"\x01\x01$\x02$b\0\0")].concat());
    }
}
