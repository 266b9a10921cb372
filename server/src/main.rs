//! Starts the server. Never policy.
fn main() {}
