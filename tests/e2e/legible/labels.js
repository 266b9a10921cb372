// Runs in the page: looks at the labels of teams and at the tiles, in numbers and in painted pixels.
window.labels = (() => {
  const meets = (one, other, edge) =>
    one.x < other.x + other.width - edge && other.x < one.x + one.width - edge
    && one.y < other.y + other.height - edge && other.y < one.y + one.height - edge;
  // The painted pixels of a rectangle of the window, or null where they are not all painted.
  const painted = rect => {
    const map = document.querySelector('.canvas-map');
    if (map.hidden) return null;
    const all = map.getBoundingClientRect(), ratio = map.width / all.width;
    const [left, top] = [Math.round((rect.x - all.left) * ratio), Math.round((rect.y - all.top) * ratio)];
    const [width, height] = [Math.floor(rect.width * ratio), Math.floor(rect.height * ratio)];
    if (left < 0 || top < 0 || left + width > map.width || top + height > map.height || width < 1 || height < 1) return null;
    return map.getContext('2d').getImageData(left, top, width, height).data;
  };
  const isPlain = pixels => {
    for (let at = 4; at < pixels.length; at += 4) {
      for (let channel = 0; channel < 4; channel++) if (pixels[at + channel] !== pixels[channel]) return false;
    }
    return true;
  };
  return {
    look(teams, leaves) {
      const result = {bands: 0, tiles: 0, plain: 0, wrong: []};
      const canvas = document.querySelector('.canvas').getBoundingClientRect();
      const isSeen = rect => meets(rect, canvas, 0);
      const bands = teams.map(id => [id, window.orrery.label(id)]).filter(([, band]) => band && isSeen(band));
      const tiles = leaves.map(id => [id, window.orrery.rect(id)]).filter(([, rect]) => isSeen(rect));
      result.bands = bands.length;
      result.tiles = tiles.length;
      for (const [team, band] of bands) {
        if (band.height < 11) result.wrong.push(`the band of ${team} is ${band.height} high`);
        for (const [id, tile] of tiles) {
          if (meets(band, tile, 0.01)) result.wrong.push(`the band of ${team} lies over ${id}`);
        }
      }
      // From far away, what is healthy or works is one colour inside its outline.
      if (document.querySelector('.canvas').dataset.detail !== 'far') return result;
      const isQuiet = id => !document.querySelector(`[data-workspace-id="${id}"]`);
      // A team without a band may be one block in place of its tiles.
      const blocks = teams.filter(id => !window.orrery.label(id)).map(id => window.orrery.rect(id));
      const isTile = (id, tile) => tile.height > 6 && isQuiet(id) && !blocks.some(block => meets(block, tile, 0));
      for (const [id, tile] of tiles.filter(([id, tile]) => isTile(id, tile))) {
        const inner = {x: tile.x + 3, y: tile.y + 3, width: tile.width - 6, height: tile.height - 6};
        // The mark of a problem lies in the middle: the upper left part is looked at.
        const pixels = painted({...inner, width: inner.width / 6, height: Math.min(inner.height, 3)});
        if (!pixels) continue;
        result.plain += 1;
        if (!isPlain(pixels)) result.wrong.push(`something lies over ${id} at ${JSON.stringify(tile)}`);
      }
      return result;
    },
  };
})();
