//! CPU time and memory of another process, from `/proc`.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

/// The unit of process times in `/proc`, on every architecture that Linux runs on here.
const TICKS_A_SECOND: f64 = 100.0;

/// Returns the user and system time of all threads so far, ended ones too.
pub fn cpu_time(pid: u32) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).context("the server is not running any more")?;
    // The name is in brackets and may contain spaces; the first field behind it is the state.
    let (_, fields) = stat.rsplit_once(')').context("a stat line has a name")?;
    let ticks: u64 = fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Ok(Duration::from_secs_f64(ticks as f64 / TICKS_A_SECOND))
}

/// Returns the resident memory in KiB.
pub fn resident_kib(pid: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).context("the server is not running any more")?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("a process has a resident size")?;
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).context("a resident size is a number")
}
