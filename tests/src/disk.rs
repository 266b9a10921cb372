//! A disk that is full for one process: a limit on the size of its files, which needs no file system of its own and no rights.
//! Writes beyond it fail with `EFBIG`, which SQLite reports as a full disk or as an I/O error.

use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};

/// From now on no file of the process grows beyond `bytes`; what is larger cannot be written behind that place.
pub fn fill(process: u32, bytes: u64) {
    set(process, Some(bytes));
}

/// Lifts the limit.
pub fn free(process: u32) {
    set(process, getrlimit(Resource::Fsize).maximum);
}

fn set(process: u32, current: Option<u64>) {
    let process = Pid::from_raw(process as i32).expect("a process has a number");
    let maximum = getrlimit(Resource::Fsize).maximum;
    prlimit(Some(process), Resource::Fsize, Rlimit { current, maximum }).expect("a child's limits can be set");
}
