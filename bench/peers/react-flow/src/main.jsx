import { Background, Handle, MiniMap, Position, ReactFlow } from '@xyflow/react';
import { memo, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { useShallow } from 'zustand/react/shallow';
import '@xyflow/react/dist/style.css';
import './card.css';
import { useStore } from './store.js';

const skills = (card) => (card?.skills ?? []).map((skill) => skill.name ?? skill.id ?? skill);

const Card = memo(function Card({ data }) {
  const names = skills(data.agent_card);
  return (
    <div className={`card ${data.status}`} data-workspace-id={data.id}>
      <Handle type="target" position={Position.Top} />
      <div className="row">
        <span className="mark">{data.status}</span>
        <b className="name">{data.name}</b>
        <span className="tier">T{data.tier}</span>
      </div>
      <div className="sub">{data.role ?? data.agent?.model}</div>
      {data.current_task && <div className="task">{data.current_task}</div>}
      <div className="skills">
        {names.slice(0, 4).map((name) => (
          <span key={name}>{name}</span>
        ))}
      </div>
      <div className="foot">{data.active_tasks} tasks</div>
      <Handle type="source" position={Position.Bottom} />
    </div>
  );
});

const nodeTypes = { workspace: Card };
const parameters = new URLSearchParams(location.search);
const onlyVisible = parameters.has('visible');
const selectFlow = (state) => ({ nodes: state.nodes, edges: state.edges, onNodesChange: state.onNodesChange });

function Canvas() {
  const { nodes, edges, onNodesChange } = useStore(useShallow(selectFlow));
  useEffect(() => {
    let socket;
    fetch('/workspaces')
      .then((response) => response.json())
      .then((rows) => {
        useStore.getState().load(rows);
        socket = new WebSocket(`ws://${location.host}/ws`);
        socket.onmessage = (message) => useStore.getState().apply(JSON.parse(message.data));
      });
    return () => socket?.close();
  }, []);
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      onNodesChange={onNodesChange}
      nodeTypes={nodeTypes}
      minZoom={0.001}
      panOnDrag={[0, 1]}
      onlyRenderVisibleElements={onlyVisible}
      onInit={(flow) => {
        window.peer.fit = () => flow.fitView({ padding: 0.05 });
        window.peer.near = () => flow.setViewport({ x: 40, y: 40, zoom: 1 });
      }}
    >
      <Background />
      <MiniMap />
    </ReactFlow>
  );
}

// What the bench needs to know and do.
window.peer = { state: () => ({ seq: useStore.getState().seq, count: useStore.getState().nodes.length }) };
createRoot(document.getElementById('root')).render(<Canvas />);
