//! Compresses files at build time with the highest quality.

use std::io::Write;

use anyhow::Result;
use flate2::{Compression, write::GzEncoder};

pub fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: content.len(), ..Default::default() };
    let mut squeezed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut squeezed, &parameters)?;
    Ok(squeezed)
}

pub fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}
