//! A client in a process of its own, which can be stopped by signals. It prints each frame as a line.

use std::env;
use std::io::{BufRead, BufReader, Read, stdin};
use std::process::{Child, ChildStdout, Command, Stdio, exit};
use std::sync::Mutex;
use std::thread;

use orrery_protocol::Cursor;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::listener::{Client, Role};

/// Environment variable with the arguments of the client.
pub const ASKED: &str = "ORRERY_FAULTS_CLIENT";
/// The test that runs the client instead, if the environment tells it to.
const CLIENT_TEST: &str = "every_acknowledged_event_reaches_every_client_once_and_in_order";
pub const FRAME: &str = "frame: ";
pub const CUT: &str = "cut: ";

/// The process, which is killed when it is dropped.
pub struct ClientProcess(Mutex<Child>);

impl ClientProcess {
    /// Starts this program again; its `main` sees the environment and runs the client.
    pub fn start(role: &Role, addresses: &[String], number: usize, from: &Cursor) -> (Self, ChildStdout) {
        let agent = if let Role::Agent(id) = role { Some(id) } else { None };
        let arguments = json!({"agent": agent, "addresses": addresses, "number": number, "from": from.to_string()});
        let mut command = Command::new(env::current_exe().expect("a test knows where it lies"));
        command.args(["--nocapture", "--test-threads=1", "--exact", CLIENT_TEST]).env(ASKED, arguments.to_string());
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = child.expect("a test can start itself");
        let output = child.stdout.take().expect("it is piped");
        (Self(Mutex::new(child)), output)
    }

    pub fn stop(&self, stopped: bool) {
        let signal = if stopped { Signal::STOP } else { Signal::CONT };
        kill_process(Pid::from_child(&self.0.lock().unwrap()), signal).expect("it is still there");
    }
}

impl Drop for ClientProcess {
    fn drop(&mut self) {
        let child = self.0.get_mut().unwrap();
        child.kill().ok();
        child.wait().ok();
    }
}

/// Hands each frame to `on_frame` and each cut to `cut`, until the process ends.
pub fn follow(output: ChildStdout, on_frame: impl Fn(&str) + Send + 'static, cut: impl Fn() + Send + 'static) {
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            // The test harness may have written the beginning of the line.
            if let Some((_, text)) = line.split_once(FRAME) {
                on_frame(text);
            } else if line.contains(CUT) {
                cut();
            }
        }
    });
}

/// Runs the client in such a process until its parent is gone.
pub async fn listen(arguments: &str) {
    thread::spawn(|| {
        stdin().read_to_end(&mut Vec::new()).ok();
        exit(0);
    });
    let arguments: Value = serde_json::from_str(arguments).unwrap();
    let role = arguments["agent"].as_str().map_or(Role::Canvas, |id| Role::Agent(id.to_owned()));
    let addresses =
        arguments["addresses"].as_array().unwrap().iter().map(|address| address.as_str().unwrap().to_owned()).collect();
    let from: Cursor = arguments["from"].as_str().unwrap().parse().unwrap();
    Client::new(role, addresses, &from).with_output().live(arguments["number"].as_u64().unwrap() as usize).await;
}
