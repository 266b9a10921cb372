//! A private PostgreSQL for one measurement, in a temporary folder, with the default settings for durability.

use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use anyhow::{Context, Result, ensure};

use crate::process;

pub struct Postgres {
    server: Child,
    folder: PathBuf,
    port: u16,
}

const START_TIMEOUT: Duration = Duration::from_secs(30);

impl Postgres {
    /// Starts a server; prints why and returns `None` where PostgreSQL is not available.
    pub fn start_if_available() -> Option<Self> {
        Self::start().inspect_err(|error| eprintln!("  without PostgreSQL, which is not available: {error:#}")).ok()
    }

    fn start() -> Result<Self> {
        let folder = env::temp_dir().join(format!("orrery-bench-postgres-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        if let Some((user, group)) = other_user()? {
            chown(&folder, Some(user), Some(group))?;
        }
        let mut initdb = command("initdb")?;
        initdb.arg("-D").arg(folder.join("data"));
        initdb.args(["-U", "orrery", "--auth=trust", "--locale=C", "--encoding=UTF8"]);
        process::output(&mut initdb)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut server = command("postgres")?;
        server.arg("-D").arg(folder.join("data")).args(["-h", "127.0.0.1", "-k", "", "-p", &port.to_string()]);
        let server = server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let postgres = Self { server, folder, port };
        let started = Instant::now();
        while let Err(error) = postgres.run("SELECT 1") {
            ensure!(started.elapsed() < START_TIMEOUT, "PostgreSQL does not answer: {error:#}");
            thread::sleep(Duration::from_millis(50));
        }
        Ok(postgres)
    }

    /// Creates an empty database, in place of the one before, and returns its URL.
    pub fn create_database(&self) -> Result<String> {
        self.run("DROP DATABASE IF EXISTS bench")?;
        self.run("CREATE DATABASE bench")?;
        Ok(format!("postgres://orrery@127.0.0.1:{}/bench", self.port))
    }

    fn run(&self, sql: &str) -> Result<String> {
        let mut psql = command("psql")?;
        psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
        process::output(psql.args(["-U", "orrery", "-d", "postgres", "-c", sql]))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGKILL would leave the backends and their shared memory behind.
        let _ = Command::new("kill").args(["-QUIT", &self.server.id().to_string()]).status();
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn command(program: &str) -> Result<Command> {
    let mut command = Command::new(find_binary(program)?);
    if let Some((user, group)) = other_user()? {
        command.uid(user).gid(group).current_dir("/");
    }
    Ok(command)
}

/// Returns the user and group to run the server as: it refuses to run as root.
fn other_user() -> Result<Option<(u32, u32)>> {
    if fs::metadata("/proc/self")?.uid() != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd")?;
    let line = users.lines().find(|line| line.starts_with("postgres:")).context("there is no user `postgres`")?;
    let mut numbers = line.split(':').skip(2).map_while(|number| number.parse().ok());
    Ok(Some(numbers.next().zip(numbers.next()).context("a user has numbers")?))
}

/// Returns the program's path in the folder of the newest version, where Debian installs servers, or on the PATH.
fn find_binary(program: &str) -> Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort();
    let path = env::var_os("PATH").unwrap_or_default();
    let mut candidates = folders.into_iter().rev().chain(env::split_paths(&path)).map(|folder| folder.join(program));
    candidates.find(|path: &PathBuf| Path::is_file(path)).with_context(|| format!("there is no `{program}`"))
}
