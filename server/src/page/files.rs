//! Where the page's files are: inside this program, or in a folder. Never how they are sent.

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::encoding::Encoding;

mod bundle {
    include!(concat!(env!("OUT_DIR"), "/bundle.rs"));
}

#[derive(Debug, Clone)]
pub enum Files {
    Embedded(&'static [(&'static str, &'static [u8])]),
    /// Read at each request, so that a new build is seen at once.
    Folder(PathBuf),
}

impl Files {
    /// The bundle, unless a folder is named.
    pub fn new(folder: Option<&Path>) -> Self {
        match folder {
            Some(folder) => Self::Folder(folder.into()),
            None if cfg!(debug_assertions) => Self::Folder(concat!(env!("CARGO_MANIFEST_DIR"), "/../dist").into()),
            None => Self::Embedded(bundle::FILES),
        }
    }

    /// The file in the first of these encodings that is there.
    pub async fn find(&self, name: &str, encodings: &[Encoding]) -> Option<(Encoding, Bytes)> {
        if !is_plain(name) {
            return None;
        }
        for encoding in encodings {
            let squeezed = format!("{name}{}", encoding.ending());
            let found = match self {
                Self::Embedded(files) => {
                    let at = files.binary_search_by_key(&squeezed.as_str(), |(name, _)| name).ok();
                    at.map(|at| Bytes::from_static(files[at].1))
                }
                Self::Folder(folder) => tokio::fs::read(folder.join(squeezed)).await.ok().map(Bytes::from),
            };
            if let Some(bytes) = found {
                return Some((*encoding, bytes));
            }
        }
        None
    }
}

/// A name inside the folder: nothing that climbs out of it, and nothing hidden.
fn is_plain(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'/');
    name.bytes().all(allowed) && name.split('/').all(|part| !part.is_empty() && !part.starts_with('.'))
}

/// Files whose name tells their content never change.
pub fn is_hashed(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let hash = stem.rsplit_once('-').map_or("", |(_, hash)| hash);
    hash.len() >= 8 && hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// The same for the same bytes.
pub fn tag(bytes: &[u8], encoding: Encoding) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    format!("\"{:016x}{}\"", hasher.finish(), encoding.ending())
}

pub fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_folder_has_a_name() {
        for good in ["index.html", "orrery-754882a641abf14f.js", "a/b.svg"] {
            assert!(is_plain(good), "{good}");
        }
        for bad in ["", "..", "../x", "a/../../x", ".git/config", "a//b", "/etc/passwd", "a\\b", "a%2e", "a\0"] {
            assert!(!is_plain(bad), "{bad}");
        }
    }

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        assert!(is_hashed("orrery-754882a641abf14f.js") && is_hashed("a/style-2fe416e382f0d6f5.css"));
        assert!(!is_hashed("index.html") && !is_hashed("config.json") && !is_hashed("my-style.css"));
    }
}
