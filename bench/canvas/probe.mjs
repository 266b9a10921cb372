// Runs in the page before its own scripts: records the frames, the moment it is usable, and the memory of its wasm.
export function installProbe() {
  const bench = (window.bench = { frames: [], usable: 0, wasm: null });
  let request = 0;
  let last = performance.now();
  const onFrame = (now) => {
    bench.frames.push(now);
    // Usable: a card or the drawn overview is there, and the page answers within 100 ms again.
    const shown = document.querySelector('[data-workspace-id]') ?? document.querySelector('[data-count]:not([data-count="0"]) canvas');
    if (!bench.usable && shown && now - last < 100) bench.usable = performance.now();
    last = now;
    request = requestAnimationFrame(onFrame);
  };
  bench.startFrames = () => void (request = requestAnimationFrame(onFrame));
  // A page that draws frames is not idle.
  bench.stopFrames = () => cancelAnimationFrame(request);
  bench.startFrames();
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[name].bind(WebAssembly);
    WebAssembly[name] = async (...given) => {
      const instantiated = await original(...given);
      bench.wasm = (instantiated.instance ?? instantiated).exports.memory ?? bench.wasm;
      return instantiated;
    };
  }
}
