//! Compressed sizes of the files of the bundle, and their limits.

use std::fmt;

#[cfg(any(feature = "release", test))]
use anyhow::{Result, ensure};

/// What a first visit may load until the fleet is seen and live. What does not fit belongs behind `src/lazy`.
const FIRST_LOAD_LIMIT: usize = 295 * 1024;
/// What all files of the page may weigh together.
const TOTAL_LIMIT: usize = 650 * 1024;

/// When a browser loads a file.
#[derive(Clone, Copy, PartialEq)]
pub enum Load {
    /// Program, scripts and style of the first picture.
    First,
    /// Once the fleet is seen and live.
    Lazy,
    /// The document, its icon and its settings, which count in the total alone.
    Document,
}

/// The files of a bundle, in the order they were written.
#[derive(Default)]
pub struct Sizes(Vec<FileSize>);

struct FileSize {
    name: String,
    load: Load,
    brotli: usize,
}

impl Sizes {
    pub fn add(&mut self, name: &str, load: Load, brotli: usize) {
        self.0.push(FileSize { name: name.to_owned(), load, brotli });
    }

    #[cfg(any(feature = "release", test))]
    /// Fails when the first load or all files together are above their limit.
    pub fn ensure_within_limits(&self) -> Result<()> {
        let (first, total) = (self.of(Load::First), self.total());
        ensure!(
            first <= FIRST_LOAD_LIMIT,
            "the first load weighs {} and may weigh {}: move what the first picture does not need behind src/lazy",
            kilobytes(first),
            kilobytes(FIRST_LOAD_LIMIT)
        );
        ensure!(
            total <= TOTAL_LIMIT,
            "the page weighs {} and may weigh {}: look for what grew in the table above",
            kilobytes(total),
            kilobytes(TOTAL_LIMIT)
        );
        Ok(())
    }

    fn of(&self, load: Load) -> usize {
        self.0.iter().filter(|file| file.load == load).map(|file| file.brotli).sum()
    }

    fn total(&self) -> usize {
        self.0.iter().map(|file| file.brotli).sum()
    }
}

/// A table: each file, then the two sums that have a limit.
impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (load, when) in [(Load::First, "first"), (Load::Lazy, "lazy"), (Load::Document, "")] {
            for file in self.0.iter().filter(|file| file.load == load) {
                writeln!(f, "  {:<14} {:<6} {:>10}", file.name, when, kilobytes(file.brotli))?;
            }
        }
        for (words, size, limit) in
            [("first load", self.of(Load::First), FIRST_LOAD_LIMIT), ("all files", self.total(), TOTAL_LIMIT)]
        {
            writeln!(f, "  {words:<21} {:>10} of {} in brotli", kilobytes(size), kilobytes(limit))?;
        }
        Ok(())
    }
}

fn kilobytes(bytes: usize) -> String {
    format!("{:.1} KB", bytes as f64 / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(first: usize, lazy: usize, document: usize) -> Sizes {
        let mut sizes = Sizes::default();
        sizes.add("orrery.wasm", Load::First, first - 1024);
        sizes.add("style.css", Load::First, 1024);
        sizes.add("lazy.wasm", Load::Lazy, lazy);
        sizes.add("index.html", Load::Document, document);
        sizes
    }

    #[test]
    fn one_byte_above_a_limit_is_an_error() {
        let lazy = TOTAL_LIMIT - FIRST_LOAD_LIMIT - 2048;
        assert!(sizes(FIRST_LOAD_LIMIT, lazy, 2048).ensure_within_limits().is_ok());
        let first = sizes(FIRST_LOAD_LIMIT + 1, 0, 0).ensure_within_limits().unwrap_err();
        assert!(first.to_string().starts_with("the first load weighs 295.0 KB"), "{first}");
        let total = sizes(FIRST_LOAD_LIMIT, lazy, 2049).ensure_within_limits().unwrap_err();
        assert!(total.to_string().starts_with("the page weighs 650.0 KB"), "{total}");
    }

    #[test]
    fn the_table_lists_every_file_and_both_sums() {
        let table = sizes(100 * 1024, 50 * 1024, 1024).to_string();
        for line in [
            "  orrery.wasm    first     99.0 KB",
            "  lazy.wasm      lazy      50.0 KB",
            "  index.html                1.0 KB",
            "  first load              100.0 KB of 295.0 KB in brotli",
            "  all files               151.0 KB of 650.0 KB in brotli",
        ] {
            assert!(table.lines().any(|it| it == line), "{line:?} in\n{table}");
        }
    }
}
