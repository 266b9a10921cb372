// The Zustand store: rows in, React Flow nodes out, each event applied as it comes, as React Flow's own guide does.
import { applyNodeChanges } from '@xyflow/react';
import { create } from 'zustand';

// Parents enclose their children in Orrery; here they are joined by an edge, which is what React Flow is made for.
const node = (row) => ({ id: row.id, type: 'workspace', position: { x: row.x ?? 0, y: row.y ?? 0 }, data: row });
const edge = (row) => ({ id: `e-${row.id}`, source: row.parent_id, target: row.id });

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

export const useStore = create((set, get) => ({
  nodes: [],
  edges: [],
  seq: 0,
  load: (rows) => set({ nodes: rows.map(node), edges: rows.filter((row) => row.parent_id).map(edge) }),
  onNodesChange: (changes) => set({ nodes: applyNodeChanges(changes, get().nodes) }),
  apply: (event) => {
    const fields = changesOf[event.event]?.(event.payload);
    if (!fields) return set({ seq: event.seq });
    const nodes = get().nodes.map((node) =>
      node.id === event.workspace_id ? { ...node, data: { ...node.data, ...fields } } : node,
    );
    set({ nodes, seq: event.seq });
  },
}));
