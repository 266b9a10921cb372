//! A process with its output, which is killed when its value is dropped.

use std::fmt::Debug;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::wait;

pub struct Program {
    name: String,
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
}

impl Program {
    pub fn start(name: &str, command: &mut Command) -> Self {
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.unwrap_or_else(|error| panic!("cannot start {name} ({command:?}): {error}"));
        let log = Arc::default();
        keep(child.stdout.take().expect("stdout is piped"), &log);
        keep(child.stderr.take().expect("stderr is piped"), &log);
        Self { name: name.to_owned(), child, log }
    }

    /// Waits for a line for which `wanted` returns a value.
    pub async fn line<T: Debug>(&mut self, what: &str, wanted: impl Fn(&str) -> Option<T>) -> T {
        let found = self.try_line(what, wanted).await;
        found.unwrap_or_else(|status| panic!("{what}: the program ended with {status}:\n{}", self.log()))
    }

    /// Waits likewise, and returns an error if the program ends.
    pub async fn try_line<T: Debug>(
        &mut self,
        what: &str,
        wanted: impl Fn(&str) -> Option<T>,
    ) -> Result<T, ExitStatus> {
        let look = async || match self.log().lines().find_map(&wanted) {
            Some(found) => Some(Ok(found)),
            None => self.exit_status().map(Err),
        };
        wait::until_some(what, look).await
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Returns the output so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().join("\n")
    }

    pub fn exit_status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child can be asked")
    }

    /// Sends a signal by its name: `TERM`, `STOP`, `CONT`.
    pub fn signal(&self, signal: &str) {
        let sent = Command::new("sh").args(["-c", &format!("kill -{signal} {}", self.id())]).status();
        assert!(sent.is_ok_and(|status| status.success()), "cannot send {signal} to {}", self.name);
    }

    /// Sends SIGKILL.
    pub fn kill(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }

    /// Asks it to end and waits until it did.
    pub async fn terminate(&mut self) -> ExitStatus {
        self.signal("TERM");
        let what = format!("{} to end", self.name);
        wait::until_some(&what, async || self.exit_status()).await
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
        if thread::panicking() {
            eprintln!("---- log of {} ----\n{}\n----", self.name, self.log());
        }
    }
}

/// Reads until the end, so that the program never blocks on a full pipe.
fn keep(stream: impl Read + Send + 'static, log: &Arc<Mutex<Vec<String>>>) {
    let log = Arc::clone(log);
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            log.lock().unwrap().push(String::from_utf8_lossy(&line).into_owned());
        }
    });
}
