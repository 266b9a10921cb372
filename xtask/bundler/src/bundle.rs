//! Writes the folder: hashed names, and in the page that ships each file also as brotli and gzip.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::bindings::Bindings;
use crate::directive::{Directive, directives};
use crate::shell::{Names, rewrite};
use crate::sizes::{Load, Sizes};
use crate::{boot, compress, stylesheet};

/// The second program, and the script that fetches it.
pub struct LazyProgram {
    pub loader: String,
    /// The name by which the program's script imports the loader.
    pub loader_name: &'static str,
    /// The name by which the loader imports the program's script.
    pub script_name: &'static str,
    /// The name by which the loader fetches the second program.
    pub wasm_name: String,
    pub wasm: Vec<u8>,
}

/// Writes the bundle and returns what its files weigh.
pub fn write(root: &Path, dist: &Path, bindings: &Bindings, lazy: Option<&LazyProgram>) -> Result<Sizes> {
    let mut bundle = Bundle { dist, written: BTreeSet::new(), sizes: Sizes::default() };
    fs::create_dir_all(dist)?;
    let html = read_text(root, "index.html")?;
    let directives = directives(&html)?;

    let wasm = bundle.add("orrery.wasm", Load::First, &bindings.wasm)?;
    let (script, loader) = match lazy {
        Some(lazy) => bundle.add_scripts(&bindings.script, lazy)?,
        None => (bundle.add("orrery.js", Load::First, bindings.script.as_bytes())?, None),
    };
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
        let path = self.dist.join(&plain);
        // Compressing is the slow part, so what is there unchanged is kept.
        let is_kept = fs::read(&path).is_ok_and(|old| old == content) && compress::is_done(&path);
        if !is_kept {
            compress::write(&path, content)?;
            fs::write(&path, content)?;
        }
        self.sizes.add(name, load, compress::size(&path)?);
        self.written.extend(compress::names(&plain));
        self.written.insert(plain.clone());
        Ok(plain)
    }

    /// The program's script and the loader name each other, so one hash of both is in both names.
    fn add_scripts(&mut self, script: &str, lazy: &LazyProgram) -> Result<(String, Option<String>)> {
        let wasm = self.add("lazy.wasm", Load::Lazy, &lazy.wasm)?;
        let mut hasher = DefaultHasher::new();
        (script, &lazy.loader, &wasm).hash(&mut hasher);
        let hash = hasher.finish();
        let (script_name, loader_name) = (format!("orrery-{hash:016x}.js"), format!("lazy-{hash:016x}.js"));
        let script = renamed(script, lazy.loader_name, &loader_name)?;
        let loader = renamed(&lazy.loader, lazy.script_name, &script_name)?;
        let loader = renamed(&loader, &lazy.wasm_name, &wasm)?;
        let loader = self.add_as(loader_name, "lazy.js", Load::First, loader.as_bytes())?;
        let script = self.add_as(script_name, "orrery.js", Load::First, script.as_bytes())?;
        Ok((script, Some(loader)))
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
