// Runs in the page: looks at a workspace, and records what real input of the mouse brought about. Never sends that input.
window.pointing = (() => {
  const frames = async count => {
    for (let frame = 0; frame < count; frame++) await new Promise(next => requestAnimationFrame(next));
  };
  const canvas = () => document.querySelector('.canvas').getBoundingClientRect();
  const centre = id => {
    const rect = window.orrery.rect(id);
    return [rect.x + rect.width / 2, rect.y + rect.height / 2];
  };
  // All of the tile is in sight, and neither the minimap nor the foot lies over its centre.
  const isClear = id => {
    const rect = window.orrery.rect(id), all = canvas(), edge = 30;
    const [x, y] = centre(id);
    const inside = rect.x >= all.left + edge && rect.y >= all.top + edge
      && rect.x + rect.width <= all.right - edge && rect.y + rect.height <= all.bottom - edge;
    return inside && !!document.elementFromPoint(x, y)?.closest('.canvas');
  };
  const wheel = (x, y) => {
    const all = canvas();
    document.querySelector('.canvas').dispatchEvent(new WheelEvent('wheel', {
      deltaX: x, deltaY: y, clientX: all.left + all.width / 2, clientY: all.top + all.height / 2, bubbles: true, cancelable: true,
    }));
  };
  let views = 0;
  let seen = {};
  const rows = [];
  addEventListener('pointermove', event => {
    if (event.buttons) return;
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest('.canvas [data-workspace-id]');
    seen.hovered = document.querySelector('.hover-tip')?.dataset.of ?? under?.dataset.workspaceId ?? null;
    const named = document.querySelector('.hover-tip strong') ?? under?.querySelector('.card-name');
    seen.named = named?.dataset.full || named?.textContent || null;
  });
  addEventListener('contextmenu', () => {
    seen.menu = document.querySelector('.menu-title')?.textContent ?? null;
    // At once: a key that is pressed could come before the menu has the focus.
    document.querySelector('.menu')?.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}));
  });
  addEventListener('pointerup', event => {
    if (event.button !== 0) return;
    const row = seen;
    seen = {};
    rows.push(row);
    // The next press comes after the next frame: a move of the mouse waits for one.
    requestAnimationFrame(() => { row.opened = document.querySelector('.panel-title h2')?.textContent ?? null; });
  });
  return {
    // As a link to that view does.
    async zoom(zoom) {
      views += 1;
      const changed = new Promise(next => addEventListener('hashchange', next, {once: true}));
      location.hash = `at=${views},0,${zoom}`;
      await changed;
      await frames(4);
    },
    // Returns those of these ids whose tiles are clear, each with whole pixels of its centre; pans first if none is.
    async bring_into_view(ids) {
      // What was opened last is brought into sight, if it is not there already, two frames later.
      await frames(3);
      const clear = () => ids.filter(isClear).map(id => [id, ...centre(id).map(Math.round)]);
      if (!clear().length) {
        const [x, y] = centre(ids[0]), all = canvas();
        // To the upper left, where a row begins.
        wheel(x - (all.left + 170), y - (all.top + 130));
        await frames(2);
      }
      return clear();
    },
    // The nearest free place of the canvas where nothing stands, for a drop.
    empty(id) {
      const all = canvas(), [x, y] = centre(id);
      const free = [];
      for (let px = Math.ceil(all.left) + 40; px < all.right - 40; px += 10) {
        for (let py = Math.ceil(all.top) + 40; py < all.bottom - 40; py += 10) {
          if (!window.orrery.at(px, py) && document.elementFromPoint(px, py)?.closest('.canvas')) free.push([px, py]);
        }
      }
      const far = at => Math.hypot(at[0] - x, at[1] - y);
      return free.filter(at => far(at) > 30).sort((one, other) => far(one) - far(other))[0] ?? null;
    },
    async take() {
      await frames(2);
      return rows.splice(0);
    },
    frames,
  };
})();
