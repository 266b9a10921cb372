//! Brotli and gzip beside each file.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use flate2::{Compression, write::GzEncoder};

/// The names of a file's compressed forms.
pub fn names(name: &str) -> Vec<String> {
    vec![format!("{name}.br"), format!("{name}.gz")]
}

pub fn is_done(path: &Path) -> bool {
    with_suffix(path, ".gz").exists()
}

pub fn write(path: &Path, content: &[u8]) -> Result<()> {
    fs::write(with_suffix(path, ".br"), brotli(content)?)?;
    // Last, because `is_done` looks for it.
    fs::write(with_suffix(path, ".gz"), gzip(content)?)?;
    Ok(())
}

/// Bytes of the file as a browser loads it.
pub fn size(path: &Path) -> Result<usize> {
    Ok(fs::metadata(with_suffix(path, ".br"))?.len() as usize)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: content.len(), ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}
