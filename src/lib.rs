//! The rooms of the page; see ARCHITECTURE.md.
