// Bun's own server: uWebSockets underneath, a native topic for the broadcast.
let seq = 0;

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  async fetch(request, server) {
    const { pathname } = new URL(request.url);
    if (pathname === '/ws') return server.upgrade(request) ? undefined : new Response(null, { status: 400 });
    const body = await request.json();
    if (pathname === '/workspaces') return Response.json({ id: 'ws-bench' });
    const event = JSON.stringify({
      event: 'TASK_UPDATED',
      workspace_id: body.workspace_id,
      timestamp: new Date().toISOString(),
      payload: { current_task: body.current_task, active_tasks: body.active_tasks },
      seq: ++seq,
    });
    server.publish('all', event);
    return Response.json({ status: 'ok' });
  },
  websocket: {
    open: (socket) => socket.subscribe('all'),
    message() {},
  },
});

console.log(`listening on http://127.0.0.1:${server.port}`);
