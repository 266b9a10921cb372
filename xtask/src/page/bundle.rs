//! Writes `dist/`: hashed names, every file also in brotli and gzip beside it. Never leaves an old file there.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::bindings::Bindings;
use super::directive::{Directive, directives};
use super::script::compact;
use super::shell::{Names, rewritten};
use super::split::{LOADER, SCRIPT};
use super::{boot, compress, sheet};

/// What a first visit loads until the fleet is seen, squeezed by brotli.
pub struct FirstLoad {
    pub wasm: usize,
    pub scripts: usize,
    pub sheet: usize,
    /// What comes after that, and does not count.
    pub later: usize,
}

impl FirstLoad {
    pub fn total(&self) -> usize {
        self.wasm + self.scripts + self.sheet
    }
}

pub fn write(root: &Path, dist: &Path, bindings: &Bindings) -> Result<FirstLoad> {
    let mut bundle = Bundle { dist, written: BTreeSet::new() };
    fs::create_dir_all(dist)?;
    let html = read_text(root, "index.html")?;
    let directives = directives(&html)?;

    let mut first = FirstLoad { wasm: 0, scripts: 0, sheet: 0, later: 0 };
    let count = |size: &mut usize, (name, squeezed): (String, usize)| {
        *size += squeezed;
        name
    };
    let wasm = count(&mut first.wasm, bundle.add("orrery.wasm", &bindings.wasm)?);
    let later = count(&mut first.later, bundle.add("later.wasm", &bindings.later.1)?);
    let (script, loader) = bundle.add_pair(bindings, &later, &mut first.scripts)?;
    let boot = count(&mut first.scripts, bundle.add("boot.js", boot::script(&script, &wasm).as_bytes())?);

    let (mut sheets, mut later_sheets, mut files) = (Vec::new(), Vec::new(), Vec::new());
    for (_, directive) in &directives {
        match directive {
            Directive::Rust => {}
            Directive::Css(path) => sheets.push(read_text(root, path)?),
            Directive::LaterCss(path) => later_sheets.push(read_text(root, path)?),
            Directive::Icon(path) => files.push((path.clone(), bundle.add(file_name(path), &read(root, path)?)?.0)),
            Directive::CopyFile(path) => drop(bundle.add_as(file_name(path).to_owned(), &read(root, path)?)?),
            Directive::Script(path) => {
                let name = count(
                    &mut first.scripts,
                    bundle.add(file_name(path), compact(&read_text(root, path)?).as_bytes())?,
                );
                files.push((path.clone(), name));
            }
        }
    }
    let sheet = count(&mut first.sheet, bundle.add("style.css", sheet::joined(&sheets).as_bytes())?);
    let later_sheet = count(&mut first.later, bundle.add("later.css", sheet::joined(&later_sheets).as_bytes())?);
    let names = Names { sheet, later_sheet, bindings: script, loader, wasm, boot, files };
    bundle.add_as("index.html".into(), rewritten(&html, &directives, &names).as_bytes())?;
    bundle.remove_old()?;
    Ok(first)
}

struct Bundle<'a> {
    dist: &'a Path,
    written: BTreeSet<String>,
}

impl Bundle<'_> {
    /// Adds a file under a name that changes with its content, so that a browser may keep it for ever.
    fn add(&mut self, name: &str, content: &[u8]) -> Result<(String, usize)> {
        let (stem, extension) = name.rsplit_once('.').context("a bundled file has an extension")?;
        let mut hasher = DefaultHasher::new();
        content.hash(&mut hasher);
        self.add_as(format!("{stem}-{:016x}.{extension}", hasher.finish()), content)
    }

    /// Adds a file under this very name; answers the name and the size in brotli.
    fn add_as(&mut self, name: String, content: &[u8]) -> Result<(String, usize)> {
        let (plain, br, gz) = (name.clone(), format!("{name}.br"), format!("{name}.gz"));
        // Squeezing is the slow part, so what is there unchanged is kept.
        let kept = fs::read(self.dist.join(&plain)).is_ok_and(|old| old == content) && self.dist.join(&gz).exists();
        if !kept {
            fs::write(self.dist.join(&br), compress::brotli(content)?)?;
            fs::write(self.dist.join(&plain), content)?;
            fs::write(self.dist.join(&gz), compress::gzip(content)?)?;
        }
        let size = fs::metadata(self.dist.join(&br))?.len();
        self.written.extend([plain, br, gz]);
        Ok((name, size as usize))
    }

    /// The program's script and the loader name each other, so one hash of both is in both names.
    fn add_pair(&mut self, bindings: &Bindings, later: &str, size: &mut usize) -> Result<(String, String)> {
        let script = String::from_utf8(bindings.script.clone()).context("wasm-bindgen's script is not text")?;
        let mut hasher = DefaultHasher::new();
        (&script, &bindings.loader, later).hash(&mut hasher);
        let hash = hasher.finish();
        let (script_name, loader_name) = (format!("orrery-{hash:016x}.js"), format!("later-{hash:016x}.js"));
        let script = compact(&renamed(&script, LOADER, &loader_name)?);
        let loader = renamed(&bindings.loader, SCRIPT, &script_name)?;
        let loader = renamed(&loader, &format!("./{}", bindings.later.0), later)?;
        *size += self.add_as(loader_name.clone(), loader.as_bytes())?.1;
        *size += self.add_as(script_name.clone(), script.as_bytes())?.1;
        Ok((script_name, loader_name))
    }

    fn remove_old(&self) -> Result<()> {
        for entry in fs::read_dir(self.dist)? {
            let entry = entry?;
            if !self.written.contains(&*entry.file_name().to_string_lossy()) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

/// In an import or a URL: elsewhere the name stands for what the wasm file calls it.
fn renamed(script: &str, from: &str, to: &str) -> Result<String> {
    let named = ["from ", "URL("].into_iter().fold(script.to_owned(), |script, before| {
        script.replace(&format!("{before}\"{from}\""), &format!("{before}\"./{to}\""))
    });
    ensure!(named != script, "a script of the bundle does not name {from}");
    Ok(named)
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn read(root: &Path, path: &str) -> Result<Vec<u8>> {
    fs::read(root.join(path)).with_context(|| format!("index.html names {path}, which cannot be read"))
}

fn read_text(root: &Path, path: &str) -> Result<String> {
    String::from_utf8(read(root, path)?).with_context(|| format!("{path} is not text"))
}
