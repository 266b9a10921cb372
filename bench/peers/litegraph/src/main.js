// Rows in, LiteGraph nodes out, each event applied as it comes. A parent with its children is a group.
import { LGraph, LGraphCanvas, LGraphGroup, LiteGraph } from '@comfyorg/litegraph';
import { Card, SIZE } from './card.js';

const changesOf = {
  TASK_UPDATED: (payload) => ({ current_task: payload.current_task, active_tasks: payload.active_tasks }),
  WORKSPACE_ONLINE: () => ({ status: 'online' }),
  WORKSPACE_OFFLINE: () => ({ status: 'offline' }),
  WORKSPACE_DEGRADED: (payload) => ({
    status: 'degraded',
    last_error_rate: payload.error_rate,
    last_sample_error: payload.sample_error,
  }),
};

LiteGraph.registerNodeType('workspace', Card);
const root = document.getElementById('root');
const element = root.querySelector('canvas');
[element.width, element.height] = [innerWidth, innerHeight];
const graph = new LGraph();
const canvas = new LGraphCanvas(element, graph);
canvas.ds.min_scale = 0.001;
canvas.show_info = false;
const nodes = new Map();
let seq = 0;

function add(row) {
  const node = LiteGraph.createNode('workspace');
  node.data = row;
  node.pos = [row.x ?? 0, row.y ?? 0];
  graph.add(node, true);
  nodes.set(row.id, node);
}

function addGroup(members) {
  const { left, top, right, bottom } = boundsOf(members);
  const group = new LGraphGroup(members[0].data.name);
  group.pos = [left - 16, top - 16 - group.titleHeight];
  group.size = [right - left + 32, bottom - top + 32 + group.titleHeight];
  graph.add(group);
}

function apply(event) {
  const node = nodes.get(event.workspace_id);
  const fields = changesOf[event.event]?.(event.payload);
  if (node && fields) {
    node.data = { ...node.data, ...fields };
    node.setDirtyCanvas(true, false);
  }
  seq = event.seq;
}

function boundsOf(members) {
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { pos: [x, y] } of members) {
    bounds.left = Math.min(bounds.left, x);
    bounds.top = Math.min(bounds.top, y);
    bounds.right = Math.max(bounds.right, x + SIZE[0]);
    bounds.bottom = Math.max(bounds.bottom, y + SIZE[1]);
  }
  return bounds;
}

function fit() {
  const { left, top, right, bottom } = boundsOf(nodes.values());
  canvas.ds.fitToBounds([left, top, right - left, bottom - top], { zoom: 0.95 });
  canvas.setDirty(true, true);
}

function near() {
  Object.assign(canvas.ds, { offset: [40, 40], scale: 1 });
  canvas.setDirty(true, true);
}

// What the bench needs to know and do.
window.peer = {
  state: () => ({ seq, count: nodes.size }),
  fit,
  near,
  visible: () => canvas.visible_nodes.map((node) => node.data.id),
};

const rows = await (await fetch('/workspaces')).json();
rows.forEach(add);
const families = Map.groupBy(rows, (row) => row.parent_id ?? row.id);
families.forEach((family) => addGroup(family.map((row) => nodes.get(row.id))));
const socket = new WebSocket(`ws://${location.host}/ws`);
socket.onmessage = (message) => apply(JSON.parse(message.data));
// The library draws in the next frame.
requestAnimationFrame(() => requestAnimationFrame(() => (root.dataset.count = nodes.size)));
