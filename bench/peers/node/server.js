// Node's own HTTP server with the package `ws`.
import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';

let seq = 0;

const server = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk) => (text += chunk));
  request.on('end', () => {
    const body = JSON.parse(text);
    response.setHeader('content-type', 'application/json');
    if (request.url === '/workspaces') return response.end(JSON.stringify({ id: 'ws-bench' }));
    const event = JSON.stringify({
      event: 'TASK_UPDATED',
      workspace_id: body.workspace_id,
      timestamp: new Date().toISOString(),
      payload: { current_task: body.current_task, active_tasks: body.active_tasks },
      seq: ++seq,
    });
    for (const client of sockets.clients) if (client.readyState === WebSocket.OPEN) client.send(event);
    response.end('{"status":"ok"}');
  });
});

const sockets = new WebSocketServer({ server, path: '/ws', perMessageDeflate: false });

server.listen(0, '127.0.0.1', 4096, () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
