//! An `orrery-server` process with a port and a data folder of its own.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use tempfile::TempDir;

use crate::http::Http;
use crate::program::Program;
use crate::socket::Socket;

pub struct Server {
    data: TempDir,
    options: Vec<String>,
    /// `127.0.0.1:PORT`; kept over a restart, so that clients find the server again.
    address: String,
    program: Program,
}

impl Server {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts a server with flags beside `--listen`, `--data-dir` and `--dist`.
    pub async fn start_with(options: &[&str]) -> Self {
        let data = tempfile::Builder::new().prefix("orrery-data-").tempdir().expect("a temporary folder can be made");
        let options: Vec<_> = options.iter().map(|&option| option.to_owned()).collect();
        let (program, address) = launch("127.0.0.1:0", data.path(), &options).await;
        Self { data, options, address, program }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn http(&self) -> Http {
        Http::to(&self.url(""))
    }

    /// Opens a WebSocket to a path such as `/ws?since=…`.
    pub async fn socket(&self, path: &str) -> Socket {
        Socket::open(&self.socket_url(path), &[]).await
    }

    pub fn socket_url(&self, path: &str) -> String {
        format!("ws://{}{path}", self.address)
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn data_dir(&self) -> &Path {
        self.data.path()
    }

    pub fn log(&self) -> String {
        self.program.log()
    }

    /// The process, for signals.
    pub fn program(&mut self) -> &mut Program {
        &mut self.program
    }

    /// Sends SIGKILL.
    pub fn kill(&mut self) {
        self.program.kill();
    }

    /// Sends SIGTERM and returns the exit status.
    pub async fn stop(&mut self) -> ExitStatus {
        self.program.terminate().await
    }

    /// Starts the server again with the same data and address.
    pub async fn restart(&mut self) {
        self.program.kill();
        (self.program, self.address) = launch(&self.address, self.data.path(), &self.options).await;
    }
}

/// Returns the folder of the built page, which only the tests of the page need.
pub fn dist() -> PathBuf {
    env::var_os("ORRERY_DIST").map_or_else(|| workspace().join("dist"), PathBuf::from)
}

async fn launch(listen: &str, data: &Path, options: &[String]) -> (Program, String) {
    let mut command = Command::new(binary());
    command.args(["--listen", listen, "--data-dir"]).arg(data).args(options);
    let chosen = |flag: &str| options.iter().any(|option| option == flag);
    if dist().join("index.html").exists() && !chosen("--dist") {
        command.arg("--dist").arg(dist());
    }
    let mut program = Program::start("orrery-server", &mut command);
    let address = program.line("the server's address", |line| {
        let (_, address) = line.split_once("listening on http://")?;
        let end = address.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':')).unwrap_or(address.len());
        Some(address[..end].to_owned())
    });
    let address = address.await;
    (program, address)
}

pub fn binary() -> PathBuf {
    if let Some(named) = env::var_os("ORRERY_SERVER_BIN") {
        return named.into();
    }
    let this = env::current_exe().expect("a test knows where it lies");
    let folder = this.ancestors().nth(2).expect("cargo puts a test into target/PROFILE/deps");
    let built = folder.join(format!("orrery-server{}", env::consts::EXE_SUFFIX));
    assert!(built.exists(), "{} is not built: run `cargo xtask test whole`", built.display());
    built
}

pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the workspace")
}
