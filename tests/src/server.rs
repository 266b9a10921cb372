//! A real `orrery-server` on a port and in a folder of its own. Never in this process: it must be killable.

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

    /// With more flags than `--listen`, `--data-dir` and `--dist`.
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

    /// A WebSocket to this path, as `/ws?since=…`.
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

    /// SIGKILL: no farewell, nothing flushed.
    pub fn kill(&mut self) {
        self.program.kill();
    }

    /// SIGTERM, and the exit status when it is down.
    pub async fn stop(&mut self) -> ExitStatus {
        self.program.terminate().await
    }

    /// Starts it again on the same data and address, whether it was killed or stopped.
    pub async fn restart(&mut self) {
        self.program.kill();
        (self.program, self.address) = launch(&self.address, self.data.path(), &self.options).await;
    }
}

/// What the built page is served from; the tests of the page need it, the others do not.
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
