// A node that draws what Orrery's card shows, and a block in the colour of its status when it is far away.
import { LGraphNode, LiteGraph } from '@comfyorg/litegraph';

export const SIZE = [240, 130];
const FAR = 0.25;
const BLOCK = { online: '#3a5', offline: '#999', degraded: '#c80', provisioning: '#58c' };

export class Card extends LGraphNode {
  static title = 'Workspace';
  static title_mode = LiteGraph.NO_TITLE;

  constructor(title) {
    super(title);
    this.size = SIZE;
  }

  onDrawForeground(ctx, canvas) {
    const [width, height] = SIZE;
    const { data } = this;
    if (canvas.ds.scale < FAR) {
      ctx.fillStyle = BLOCK[data.status] ?? '#ccc';
      return ctx.fillRect(0, 0, width, height);
    }
    const text = (words, x, y, colour = '#222', limit = width - 16) => {
      ctx.fillStyle = colour;
      ctx.fillText(words, x, y, limit);
    };
    ctx.fillStyle = '#fff';
    ctx.fillRect(0, 0, width, height);
    ctx.strokeStyle = data.status === 'degraded' ? '#c80' : '#ccc';
    ctx.strokeRect(0, 0, width, height);
    ctx.textAlign = 'left';
    ctx.textBaseline = 'top';
    ctx.font = 'bold 13px system-ui, sans-serif';
    text(data.name, 8, 8, '#222', 140);
    ctx.font = '12px system-ui, sans-serif';
    text(data.status, 156, 8, '#222', 56);
    text(`T${data.tier}`, 218, 8);
    text(data.role ?? '', 8, 28, '#666');
    if (data.current_task) {
      ctx.fillStyle = '#fe9';
      ctx.fillRect(8, 46, width - 16, 20);
      text(data.current_task, 14, 50);
    }
    skills(data).forEach((name, index) => {
      ctx.fillStyle = '#eee';
      ctx.fillRect(8 + index * 57, 74, 53, 18);
      text(name, 12 + index * 57, 77, '#222', 45);
    });
    text(`${data.active_tasks} tasks`, 8, 106, '#666');
  }
}

const skills = ({ agent_card }) => (agent_card?.skills ?? []).slice(0, 4).map((skill) => skill.name ?? skill.id ?? skill);
