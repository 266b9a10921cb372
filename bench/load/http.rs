//! A minimal HTTP/1.1 client: one request at a time over a persistent connection, and the handshake of a WebSocket.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

const READ_TIMEOUT: Duration = Duration::from_secs(60);

pub struct Connection {
    stream: BufReader<TcpStream>,
    address: SocketAddr,
}

impl Connection {
    pub fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).with_context(|| format!("connect to {address}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(READ_TIMEOUT))?;
        Ok(Self { stream: BufReader::new(stream), address })
    }

    pub fn get(&mut self, path: &str) -> Result<Value> {
        self.call("GET", path, "application/json", &[])
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Result<Value> {
        self.call("POST", path, "application/json", body.to_string().as_bytes())
    }

    pub fn post_lines(&mut self, path: &str, lines: &[u8]) -> Result<Value> {
        self.call("POST", path, "application/x-ndjson", lines)
    }

    fn call(&mut self, method: &str, path: &str, kind: &str, body: &[u8]) -> Result<Value> {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        let mut request = head.into_bytes();
        request.extend_from_slice(body);
        self.stream.get_mut().write_all(&request)?;
        let head = self.read_head()?;
        let status = head.split(' ').nth(1).context("a response has a status")?.to_owned();
        let body =
            if header(&head, "transfer-encoding").is_some() { self.read_chunked()? } else { self.read_sized(&head)? };
        ensure!(status.starts_with('2'), "{method} {path}: {status} {}", String::from_utf8_lossy(&body));
        Ok(serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    fn read_head(&mut self) -> Result<String> {
        let mut head = String::new();
        loop {
            let read = self.stream.read_line(&mut head)?;
            ensure!(read > 0, "the server closed the connection");
            if head.ends_with("\r\n\r\n") {
                return Ok(head);
            }
        }
    }

    fn read_sized(&mut self, head: &str) -> Result<Vec<u8>> {
        let length = header(head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(body)
    }

    fn read_chunked(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let size = usize::from_str_radix(line.trim(), 16).context("a chunk begins with its size")?;
            let start = body.len();
            body.resize(start + size + 2, 0);
            self.stream.read_exact(&mut body[start..])?;
            body.truncate(start + size);
            if size == 0 {
                return Ok(body);
            }
        }
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
}

/// Opens a WebSocket and returns it with the bytes that the server sent right behind the handshake.
pub fn open_websocket(address: SocketAddr, path: &str, headers: &str) -> Result<(TcpStream, Vec<u8>)> {
    let mut stream = TcpStream::connect(address).with_context(|| format!("connect to {address}"))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(READ_TIMEOUT))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
    )?;
    let mut response = Vec::new();
    let mut part = [0; 4096];
    loop {
        let read = stream.read(&mut part)?;
        ensure!(read > 0, "the server closed the socket in its handshake");
        response.extend_from_slice(&part[..read]);
        if let Some(end) = memchr::memmem::find(&response, b"\r\n\r\n") {
            ensure!(
                response.starts_with(b"HTTP/1.1 101"),
                "the server refused the socket: {}",
                String::from_utf8_lossy(&response)
            );
            return Ok((stream, response.split_off(end + 4)));
        }
    }
}
