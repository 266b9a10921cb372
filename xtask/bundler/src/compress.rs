//! Compresses each file of the page that ships at build time, with the highest quality. In development it does nothing.

#[cfg(not(feature = "release"))]
mod none;
#[cfg(feature = "release")]
mod release;

#[cfg(not(feature = "release"))]
pub use none::{is_done, names, size, write};
#[cfg(feature = "release")]
pub use release::{is_done, names, size, write};
