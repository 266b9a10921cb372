//! A client in a process of its own, so that it can be stopped as processes are. It tells what it hears line by line. Never
//! judges it.

use std::env;
use std::io::{BufRead, BufReader, Read, stdin};
use std::process::{Child, ChildStdout, Command, Stdio, exit};
use std::sync::Mutex;
use std::thread;

use orrery_protocol::Cursor;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::listener::{Client, Role};

/// In the environment of such a process: what it listens for.
pub const ASKED: &str = "ORRERY_FAULTS_CLIENT";
/// The test that listens instead when it is asked to.
const LISTENS: &str = "every_acknowledged_event_reaches_every_client_once_and_in_order";
pub const FRAME: &str = "frame: ";
pub const CUT: &str = "cut: ";

/// Dropped, it ends.
pub struct Apart(Mutex<Child>);

impl Apart {
    /// This very program again; `main` sees the environment and listens instead.
    pub fn start(role: &Role, doors: &[String], number: usize, from: &Cursor) -> (Self, ChildStdout) {
        let agent = if let Role::Agent(id) = role { Some(id) } else { None };
        let asked = json!({"agent": agent, "doors": doors, "number": number, "from": from.to_string()});
        let mut command = Command::new(env::current_exe().expect("a test knows where it lies"));
        command.args(["--nocapture", "--test-threads=1", "--exact", LISTENS]).env(ASKED, asked.to_string());
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = child.expect("a test can start itself");
        let told = child.stdout.take().expect("it is piped");
        (Self(Mutex::new(child)), told)
    }

    pub fn stop(&self, stopped: bool) {
        let signal = if stopped { Signal::STOP } else { Signal::CONT };
        kill_process(Pid::from_child(&self.0.lock().unwrap()), signal).expect("it is still there");
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        let child = self.0.get_mut().unwrap();
        child.kill().ok();
        child.wait().ok();
    }
}

/// Hands each frame to `hear` and each cut to `cut`, until the process ends.
pub fn follow(told: ChildStdout, hear: impl Fn(&str) + Send + 'static, cut: impl Fn() + Send + 'static) {
    thread::spawn(move || {
        for line in BufReader::new(told).lines().map_while(Result::ok) {
            // The harness of tests may have begun the line.
            if let Some((_, text)) = line.split_once(FRAME) {
                hear(text);
            } else if line.contains(CUT) {
                cut();
            }
        }
    });
}

/// What `main` does in such a process, until whoever started it is gone.
pub async fn listen(asked: &str) {
    thread::spawn(|| {
        stdin().read_to_end(&mut Vec::new()).ok();
        exit(0);
    });
    let asked: Value = serde_json::from_str(asked).unwrap();
    let role = asked["agent"].as_str().map_or(Role::Canvas, |id| Role::Agent(id.to_owned()));
    let doors = asked["doors"].as_array().unwrap().iter().map(|door| door.as_str().unwrap().to_owned()).collect();
    let from: Cursor = asked["from"].as_str().unwrap().parse().unwrap();
    Client::new(role, doors, &from).aloud().live(asked["number"].as_u64().unwrap() as usize).await;
}
