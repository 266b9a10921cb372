//! Writes `dist/`: hashed names, and each file also as brotli and gzip.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::bindings::Bindings;
use super::directive::{Directive, directives};
use super::shell::{Names, rewrite};
use super::sizes::{Load, Sizes};
use super::split::{LOADER, SCRIPT};
use super::{boot, compress, stylesheet};

/// Writes the bundle and returns what its files weigh.
pub fn write(root: &Path, dist: &Path, bindings: &Bindings) -> Result<Sizes> {
    let mut bundle = Bundle { dist, written: BTreeSet::new(), sizes: Sizes::default() };
    fs::create_dir_all(dist)?;
    let html = read_text(root, "index.html")?;
    let directives = directives(&html)?;

    let wasm = bundle.add("orrery.wasm", Load::First, &bindings.wasm)?;
    let chunk = bundle.add("lazy.wasm", Load::Lazy, &bindings.chunk.1)?;
    let (script, loader) = bundle.add_pair(bindings, &chunk)?;
    let boot = bundle.add("boot.js", Load::First, boot::script(&script, &wasm).as_bytes())?;

    let (mut stylesheets, mut lazy_stylesheets, mut files) = (Vec::new(), Vec::new(), Vec::new());
    for (_, directive) in &directives {
        match directive {
            Directive::Rust => {}
            Directive::Css(path) => stylesheets.push(read_text(root, path)?),
            Directive::LazyCss(path) => lazy_stylesheets.push(read_text(root, path)?),
            Directive::Icon(path) => {
                files.push((path.clone(), bundle.add(file_name(path), Load::Document, &read(root, path)?)?));
            }
            Directive::CopyFile(path) => {
                let name = file_name(path);
                bundle.add_as(name.to_owned(), name, Load::Document, &read(root, path)?)?;
            }
            Directive::Script(path) => {
                files.push((path.clone(), bundle.add(file_name(path), Load::First, &read(root, path)?)?));
            }
        }
    }
    let stylesheet = bundle.add("style.css", Load::First, stylesheet::join_stylesheets(&stylesheets).as_bytes())?;
    let lazy_stylesheet =
        bundle.add("lazy.css", Load::Lazy, stylesheet::join_stylesheets(&lazy_stylesheets).as_bytes())?;
    let names = Names { stylesheet, lazy_stylesheet, bindings: script, loader, wasm, boot, files };
    let page = rewrite(&html, &directives, &names);
    bundle.add_as("index.html".into(), "index.html", Load::Document, page.as_bytes())?;
    bundle.remove_old()?;
    Ok(bundle.sizes)
}

struct Bundle<'a> {
    dist: &'a Path,
    written: BTreeSet<String>,
    sizes: Sizes,
}

impl Bundle<'_> {
    /// Adds a file under a name that changes with its content, so that a browser may keep it for ever.
    fn add(&mut self, name: &str, load: Load, content: &[u8]) -> Result<String> {
        let (stem, extension) = name.rsplit_once('.').context("a bundled file has an extension")?;
        let mut hasher = DefaultHasher::new();
        content.hash(&mut hasher);
        self.add_as(format!("{stem}-{:016x}.{extension}", hasher.finish()), name, load, content)
    }

    /// Adds a file under exactly the name `plain`, listed as `name`, and returns `plain`.
    fn add_as(&mut self, plain: String, name: &str, load: Load, content: &[u8]) -> Result<String> {
        let (br, gz) = (format!("{plain}.br"), format!("{plain}.gz"));
        // Squeezing is the slow part, so what is there unchanged is kept.
        let kept = fs::read(self.dist.join(&plain)).is_ok_and(|old| old == content) && self.dist.join(&gz).exists();
        if !kept {
            fs::write(self.dist.join(&br), compress::brotli(content)?)?;
            fs::write(self.dist.join(&plain), content)?;
            fs::write(self.dist.join(&gz), compress::gzip(content)?)?;
        }
        self.sizes.add(name, load, fs::metadata(self.dist.join(&br))?.len() as usize);
        self.written.extend([plain.clone(), br, gz]);
        Ok(plain)
    }

    /// The program's script and the loader name each other, so one hash of both is in both names.
    fn add_pair(&mut self, bindings: &Bindings, chunk: &str) -> Result<(String, String)> {
        let script = String::from_utf8(bindings.script.clone()).context("wasm-bindgen's script is not text")?;
        let mut hasher = DefaultHasher::new();
        (&script, &bindings.loader, chunk).hash(&mut hasher);
        let hash = hasher.finish();
        let (script_name, loader_name) = (format!("orrery-{hash:016x}.js"), format!("lazy-{hash:016x}.js"));
        let script = renamed(&script, LOADER, &loader_name)?;
        let loader = renamed(&bindings.loader, SCRIPT, &script_name)?;
        let loader = renamed(&loader, &format!("./{}", bindings.chunk.0), chunk)?;
        let loader = self.add_as(loader_name, "lazy.js", Load::First, loader.as_bytes())?;
        let script = self.add_as(script_name, "orrery.js", Load::First, script.as_bytes())?;
        Ok((script, loader))
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
