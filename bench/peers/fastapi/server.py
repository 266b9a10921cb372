"""FastAPI with a connection manager as its documentation shows it, served by uvicorn with uvloop."""

import json
import socket
from datetime import datetime, timezone

import uvicorn
from fastapi import FastAPI, Request, WebSocket, WebSocketDisconnect

app = FastAPI()


class ConnectionManager:
    def __init__(self):
        self.connections: set[WebSocket] = set()

    async def broadcast(self, text: str):
        for connection in list(self.connections):
            try:
                await connection.send_text(text)
            except Exception:
                self.connections.discard(connection)


manager = ConnectionManager()
seq = 0


@app.post("/workspaces")
async def create():
    return {"id": "ws-bench"}


@app.post("/registry/heartbeat")
async def heartbeat(request: Request):
    global seq
    body = await request.json()
    seq += 1
    event = {
        "event": "TASK_UPDATED",
        "workspace_id": body["workspace_id"],
        "timestamp": datetime.now(timezone.utc).isoformat(),
        "payload": {"current_task": body["current_task"], "active_tasks": body["active_tasks"]},
        "seq": seq,
    }
    await manager.broadcast(json.dumps(event))
    return {"status": "ok"}


@app.websocket("/ws")
async def ws(websocket: WebSocket):
    await websocket.accept()
    manager.connections.add(websocket)
    try:
        while True:
            await websocket.receive_text()
    except WebSocketDisconnect:
        manager.connections.discard(websocket)


if __name__ == "__main__":
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    listener.listen(4096)
    print(f"listening on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(app, log_level="warning", ws_per_message_deflate=False)
    uvicorn.Server(config).run(sockets=[listener])
