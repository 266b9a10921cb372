#!/usr/bin/env python3
"""An agent of one's own, with nothing but the standard library: registers, says what it does, answers messages (A2A),
hears what happens around it. Never more than that: it is here to be read.

    python3 examples/agent.py Ada

PLATFORM_URL, WORKSPACE_ID and WORKSPACE_TOKEN are read as `--provisioner process:...` gives them; without an id it makes
a workspace for itself. Ask it for something with "fail" in it to see a failure.
"""

import base64, json, os, socket, sys, threading, time, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

NAME = sys.argv[1] if len(sys.argv) > 1 else "Ada"
SERVER = os.environ.get("PLATFORM_URL", "http://127.0.0.1:8000")
PACE = float(os.environ.get("AGENT_SECONDS", "2"))
workspace = {"id": os.environ.get("WORKSPACE_ID"), "auth_token": os.environ.get("WORKSPACE_TOKEN", "")}
tasks, changed = [], threading.Event()


def call(path, body):
    headers = {"content-type": "application/json"}
    if workspace["auth_token"]:
        headers["authorization"] = "Bearer " + workspace["auth_token"]
    request = urllib.request.Request(SERVER + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


def heartbeats():
    """Every ten seconds, and at once when the task changes."""
    started = time.monotonic()
    while True:
        changed.clear()
        now = list(tasks)
        try:
            call("/registry/heartbeat", {
                "workspace_id": workspace["id"], "error_rate": 0.0, "sample_error": "", "active_tasks": len(now),
                "current_task": now[-1] if now else "", "uptime_seconds": int(time.monotonic() - started)})
        except OSError as error:
            print("heartbeat:", error, file=sys.stderr)
        changed.wait(10)


def work(task):
    tasks.append(task)
    changed.set()
    try:
        time.sleep(PACE)
    finally:
        tasks.remove(task)
        changed.set()
    failed = "fail" in task
    call(f"/workspaces/{workspace['id']}/activity", {
        "activity_type": "agent_log", "summary": "worked on: " + task, "status": "error" if failed else "ok"})
    if failed:
        raise RuntimeError("I could not do this: " + task)
    return "Done: " + task


class Answers(BaseHTTPRequestHandler):
    """A2A's `message/send`: JSON-RPC in, JSON-RPC out."""

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        reply = {"jsonrpc": "2.0", "id": asked.get("id")}
        try:
            if asked.get("method") != "message/send":
                raise RuntimeError("this agent knows message/send only")
            text = work(asked["params"]["message"]["parts"][0]["text"])
            reply["result"] = {"kind": "message", "role": "agent", "messageId": str(asked.get("id")),
                               "parts": [{"kind": "text", "text": text}]}
        except Exception as error:
            reply["error"] = {"code": -32000, "message": str(error)}
        body = json.dumps(reply).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def receive_events():
    """A WebSocket in forty lines. The server sends the events this workspace may receive: its own, and those of its team, children and parent."""
    at = urlsplit(SERVER)
    with socket.create_connection((at.hostname, at.port or 80)) as plain:
        plain.sendall((
            f"GET /ws HTTP/1.1\r\nHost: {at.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n"
            f"X-Workspace-ID: {workspace['id']}\r\n"
            + (f"Authorization: Bearer {workspace['auth_token']}\r\n" if workspace["auth_token"] else "")
            + "\r\n").encode())
        stream = plain.makefile("rb")
        if b" 101 " not in stream.readline():
            raise OSError("the server does not open the socket")
        while stream.readline() not in (b"\r\n", b""):
            pass
        while True:
            first, length = stream.read(2)
            if length == 126:
                length = int.from_bytes(stream.read(2), "big")
            elif length == 127:
                length = int.from_bytes(stream.read(8), "big")
            payload = stream.read(length)
            if first & 15 == 1:
                event = json.loads(payload)
                print("received", event.get("event"), "of", event.get("workspace_id"), flush=True)
            elif first & 15 == 9:  # a ping is answered by a pong, masked as all that a client sends
                mask = os.urandom(4)
                plain.sendall(bytes([0x8A, 0x80 | length]) + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload)))
            elif first & 15 == 8:
                return


def keep_hearing():
    while True:
        try:
            receive_events()
        except (OSError, ValueError) as error:
            print("socket:", error, file=sys.stderr)
        time.sleep(2)


if not workspace["id"]:
    workspace.update(call("/workspaces", {"name": NAME, "role": "example", "model": "example:echo"}))
server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
url = f"http://127.0.0.1:{server.server_port}/"
call("/registry/register", {"id": workspace["id"], "url": url, "agent_card": {
    "name": NAME, "version": "1.0.0", "skills": ["echo"], "capabilities": {"streaming": False}}})
print(NAME, "is", workspace["id"], "and answers at", url, flush=True)
for side_by_side in (heartbeats, keep_hearing):
    threading.Thread(target=side_by_side, daemon=True).start()
server.serve_forever()
