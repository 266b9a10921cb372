//! A private PostgreSQL on a free port, in a folder of its own.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{env, fs, thread};

use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::program::Program;
use crate::{ports, wait};

pub struct Postgres {
    folder: TempDir,
    port: u16,
    program: Program,
}

impl Postgres {
    pub async fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("orrery-postgres-").tempdir().expect("a temporary folder");
        if let Some((user, group)) = other_user() {
            chown(folder.path(), Some(user), Some(group)).expect("root may give a folder away");
        }
        let mut initdb = command("initdb");
        initdb.arg("-D").arg(folder.path().join("data"));
        initdb.args(["-U", "orrery", "--auth=trust", "--no-sync", "--locale=C", "--encoding=UTF8"]);
        let made = initdb.stdin(Stdio::null()).output().expect("initdb can be started");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let port = ports::free();
        let program = launch(folder.path(), port);
        let postgres = Self { folder, port, program };
        postgres.ready().await;
        postgres
    }

    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// Returns the address of another database in this server.
    pub fn url_of(&self, database: &str) -> String {
        format!("postgres://orrery@127.0.0.1:{}/{database}", self.port)
    }

    /// Returns the address of the database through a proxy.
    pub fn url_through(&self, address: &str) -> String {
        format!("postgres://orrery@{address}/postgres")
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Returns the server that all tests of this process share. A watcher ends it after the process.
    pub async fn of_this_process() -> &'static Self {
        static ONE: OnceCell<(Postgres, Child)> = OnceCell::const_new();
        let start = async || {
            let postgres = Self::start().await;
            let (id, folder) = (postgres.program.id().to_string(), postgres.folder.path());
            // Its end of the pipe closes with this process, however that ends.
            let mut watcher = Command::new("sh");
            watcher.args(["-c", "read end; kill -QUIT $0; sleep 1; rm -rf \"$1\"", &id]).arg(folder);
            let watcher = watcher.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
            (postgres, watcher.expect("sh can be started"))
        };
        &ONE.get_or_init(start).await.0
    }

    /// Creates a database in this server, unless it exists, and returns its address.
    pub async fn database(&self, name: &str) -> String {
        if self.run(&format!("SELECT 1 FROM pg_database WHERE datname = '{name}'")).await.is_empty() {
            self.run(&format!("CREATE DATABASE {name}")).await;
        }
        self.url_of(name)
    }

    /// Stops in immediate mode: the next start recovers from the write-ahead log.
    pub async fn stop_immediately(&mut self) {
        self.program.signal("QUIT");
        wait::until_some("postgres to end", async || self.program.exit_status()).await;
    }

    pub async fn restart(&mut self) {
        self.program = launch(self.folder.path(), self.port);
        self.ready().await;
    }

    /// Ends every other connection.
    pub async fn terminate_backends(&self) {
        self.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
        )
        .await;
    }

    /// Returns the rows of a statement as unaligned text.
    pub async fn run(&self, sql: &str) -> String {
        self.try_run(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    async fn try_run(&self, sql: &str) -> Result<String, String> {
        let mut psql = tokio::process::Command::from(command("psql"));
        psql.args(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql]).arg(self.url());
        let output = psql.stdin(Stdio::null()).output().await.expect("psql can be started");
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
            false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        }
    }

    async fn ready(&self) {
        wait::until("postgres to answer", async || self.try_run("SELECT 1").await, Result::is_ok).await.unwrap();
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Killed outright it would leave its backends and their shared memory behind.
        if self.program.exit_status().is_none() {
            self.program.signal("QUIT");
            let ended = (0..500).any(|_| {
                thread::sleep(Duration::from_millis(10));
                self.program.exit_status().is_some()
            });
            if !ended {
                self.program.kill();
            }
        }
    }
}

/// Another program of the same installation, as `pg_dump`, run by the same user.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(binary(program));
    if let Some((user, group)) = other_user() {
        command.uid(user).gid(group).current_dir("/");
    }
    command
}

fn launch(folder: &Path, port: u16) -> Program {
    let mut command = command("postgres");
    command.arg("-D").arg(folder.join("data")).args(["-h", "127.0.0.1", "-k", "", "-p", &port.to_string()]);
    // Small and quick to start; what makes a commit durable stays as it is.
    for setting in ["shared_buffers=32MB", "max_connections=120", "max_wal_size=256MB", "log_min_messages=fatal"] {
        command.args(["-c", setting]);
    }
    Program::start("postgres", &mut command)
}

/// The server refuses to run as root.
fn other_user() -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt;
    let this = fs::metadata("/proc/self").map(|process| process.uid()).unwrap_or(1);
    (this == 0).then(|| {
        let users = fs::read_to_string("/etc/passwd").expect("users are listed in /etc/passwd");
        let line =
            users.lines().find(|line| line.starts_with("postgres:")).expect("PostgreSQL brings the user postgres");
        let numbers: Vec<u32> = line.split(':').skip(2).take(2).map(|number| number.parse().unwrap()).collect();
        (numbers[0], numbers[1])
    })
}

/// On the PATH, or in the newest version's folder, where Debian keeps servers off the PATH.
fn binary(program: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort();
    let path = env::var_os("PATH").unwrap_or_default();
    let mut places = folders.into_iter().rev().chain(env::split_paths(&path)).map(|folder| folder.join(program));
    places.find(|place| place.is_file()).unwrap_or_else(|| panic!("{program} is missing: apt-get install postgresql"))
}
