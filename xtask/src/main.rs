//! The commands of the project. Never anything a user of Orrery needs at run time.
fn main() {}
