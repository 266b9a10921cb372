// Measures one page in one headless Chromium: loading, panning, events, memory. Prints its figures as one line of JSON.
// Never compares pages.
import { chromium } from 'playwright-core';

const plan = JSON.parse(process.argv[2]);
// {base, page: 'orrery' | 'react-flow', path, workspaces, chromium, gesture_seconds, storm_seconds, storm_rate, filter_times, endurance_events, reconnects}
const figures = {};
const isOrrery = plan.page === 'orrery';
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const browser = await chromium.launch({
  executablePath: plan.chromium, headless: true,
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--js-flags=--expose-gc', '--enable-precise-memory-info',
  ],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
const errors = [];
page.on('pageerror', (error) => errors.push(String(error)));
const devtools = await page.context().newCDPSession(page);
// The thread's own time: what else the machine does is not on the page's account.
await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });

// In the page before its own scripts: the frames that come, and the memory of its wasm.
await page.addInitScript(() => {
  const bench = (window.bench = { frames: [], usable: 0, wasm: null });
  let last = performance.now();
  const frame = (now) => {
    bench.frames.push(now);
    // Usable: a card or the drawn fleet is there, and the page answers within 100 ms again.
    const there = document.querySelector('[data-workspace-id]') ?? document.querySelector('[data-count]:not([data-count="0"]) canvas');
    if (!bench.usable && there && now - last < 100) bench.usable = performance.now();
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[name].bind(WebAssembly);
    WebAssembly[name] = async (...given) => {
      const made = await original(...given);
      bench.wasm = (made.instance ?? made).exports.memory ?? bench.wasm;
      return made;
    };
  }
});

const post = (path, body) =>
  fetch(plan.base + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) });
const feed = async (wish) => (await post('/feed', wish)).json();
const feedState = async () => (await fetch(`${plan.base}/feed`)).json();
/** A page that does not answer for a minute is not measured any further. */
const answer = (asked) => Promise.race([asked, pause(60_000).then(() => Promise.reject(new Error('the page does not answer')))]);
const state = () => answer(page.evaluate(() => (window.orrery ?? window.peer)?.state()));

/** Waits until `wanted` holds and says whether it came to that. */
async function until(wanted, seconds) {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    if (await wanted()) return true;
    await pause(50);
  }
  return false;
}

async function metrics() {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

const elements = () => page.evaluate(() => document.getElementsByTagName('*').length);

async function memory() {
  for (let times = 0; times < 3; times++) await devtools.send('HeapProfiler.collectGarbage');
  const heap = (await devtools.send('Runtime.getHeapUsage')).usedSize;
  const wasm = await page.evaluate(() => window.bench.wasm?.buffer.byteLength ?? 0);
  return { heap: heap / 1e6, wasm: wasm / 1e6, together: (heap + wasm) / 1e6 };
}

/** Sends input as fast as frames go, never more than two ahead of the page, and returns the frames' times. */
async function gesture(seconds, send) {
  await page.evaluate(() => void (window.bench.frames.length = 0));
  const end = Date.now() + seconds * 1000;
  let waiting = 0;
  for (let step = 0; Date.now() < end; step++) {
    const due = Date.now() + 16;
    waiting++;
    send(step).finally(() => waiting--);
    do await pause(Math.max(1, due - Date.now()));
    while (waiting > 2 && Date.now() < end);
  }
  return answer(page.evaluate(() => window.bench.frames.slice()));
}

const mouse = (type, x, y, more = {}) =>
  devtools.send('Input.dispatchMouseEvent', { type, x, y, button: 'middle', buttons: 4, clickCount: 1, ...more });

async function pan(seconds) {
  await mouse('mousePressed', 640, 400);
  const frames = await gesture(seconds, (step) =>
    mouse('mouseMoved', 640 + 200 * Math.sin(step / 20), 400 + 120 * Math.cos(step / 31)));
  await mouse('mouseReleased', 640, 400, { buttons: 0 });
  return frames;
}

const zoom = (seconds) =>
  gesture(seconds, (step) => {
    // In for 40 steps, out for 40: from the whole fleet to single cards and back.
    const deltaY = step % 80 < 40 ? -60 : 60;
    return mouse('mouseWheel', 640, 400, { deltaX: 0, deltaY, button: 'none', buttons: 0, modifiers: isOrrery ? 2 : 0 });
  });

function smoothness(name, frames) {
  const gaps = frames.slice(1).map((at, index) => at - frames[index]).sort((a, b) => a - b);
  const time = frames.at(-1) - frames[0];
  figures[`${name}_fps`] = gaps.length < 2 ? 0 : (gaps.length * 1000) / time;
  figures[`${name}_p95_ms`] = gaps.length < 2 ? plan.gesture_seconds * 1000 : gaps[Math.ceil(gaps.length * 0.95) - 1];
}

async function fit() {
  if (isOrrery) await page.keyboard.press('f');
  else await page.evaluate(() => window.flow.fitView({ padding: 0.05 }));
  await pause(1500);
}

/** Zooms in until a handful of cards fills the screen. */
async function near() {
  // A team may be an element from afar: the one that the keyboard is at.
  const width = () => page.evaluate(() => document.querySelector('.card')?.getBoundingClientRect().width ?? 0);
  if (!isOrrery) await page.evaluate(() => window.flow.setViewport({ x: 40, y: 40, zoom: 1 }));
  else for (let times = 0; times < 40 && (await width()) < 200; times++) await page.keyboard.press('+');
  await pause(1000);
}

async function load() {
  // A browser that was just started is busy with itself.
  await pause(4000);
  const started = Date.now();
  await page.goto(plan.base + plan.path, { waitUntil: 'commit' });
  const patience = plan.patience_seconds;
  if (!(await until(() => page.evaluate(() => window.bench.usable), patience))) throw new Error(`not usable within ${patience} s`);
  figures.usable_ms = await page.evaluate(() => window.bench.usable);
  const complete = await until(async () => (await state())?.count >= plan.workspaces, patience);
  figures.complete_ms = complete ? Date.now() - started : -1;
  await pause(1000);
}

/** The page's time an event whose card is on the screen, less what it spends anyway: one in a frame, then many, then very many. */
async function events() {
  const ids = await page.evaluate(() =>
    [...document.querySelectorAll('[data-workspace-id]')]
      .filter((card) => {
        const { left, top, right, bottom } = card.getBoundingClientRect();
        return right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
      })
      .map((card) => card.dataset.workspaceId)
      .slice(0, 12),
  );
  figures.cards_on_screen = ids.length;
  if (!ids.length) return;
  const seconds = plan.event_seconds;
  const spent = async (work) => {
    const [before, from] = [await metrics(), (await state()).seq];
    await work();
    const [after, to] = [await metrics(), (await state()).seq];
    const times = ['ScriptDuration', 'TaskDuration'].map((name) => after[name] - before[name]);
    return { times, events: to - from };
  };
  await feed({ events_a_second: 25, seconds: 1, ids });
  const idle = await spent(() => pause(seconds * 1000));
  const rates = [['event', 25], ['burst', 1000], ...(isOrrery ? [['flood', 5000]] : [])];
  for (const [name, rate] of rates) {
    const busy = await spent(() => feed({ events_a_second: rate, seconds, ids }));
    const each = busy.times.map((time, index) => Math.max(0, ((time - idle.times[index]) * 1e6) / Math.max(1, busy.events)));
    [figures[`${name}_script_us`], figures[`${name}_task_us`]] = each;
  }
}

/** From a changed filter to its answer (who is held back, how many pass) and to the frame that shows it: the slowest of some
 * words, each the median of some times. Of everyone each time: no word is the beginning of the one before. */
async function filter() {
  await page.keyboard.press('/');
  await page.waitForSelector('[name=filter-text]');
  await pause(2000);
  const words = ['a', 'analyst', 'reports 77', 'nowhere', 'claude summarise', 'ws-0000'];
  const change = (text) => page.evaluate((text) => new Promise((done, failed) => {
    const field = document.querySelector('[name=filter-text]');
    const began = performance.now();
    field.value = text;
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    // The page answers in microtasks of this event. A timer might come after the frame that draws the answer.
    (async () => {
      for (let turn = 0; turn < 100; turn++) await null;
      const answered = performance.now() - began;
      const counted = () => document.querySelector('.filter-count').textContent;
      const answer = counted();
      // Asked for after the page's own, so it comes after the drawing.
      requestAnimationFrame((frame) => {
        if (counted() !== answer) return failed(new Error('the filter answered later than was measured'));
        done([answered, answered + performance.now() - frame]);
      });
    })();
  }), text);
  const middle = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
  const figure = { answered: 0, drawn: 0 };
  for (const text of words) {
    const times = [];
    for (let time = 0; time < plan.filter_times; time++) {
      times.push(await change(text));
      await pause(100);
      await change('');
      await pause(100);
    }
    figure.answered = Math.max(figure.answered, middle(times.map(([answered]) => answered)));
    figure.drawn = Math.max(figure.drawn, middle(times.map(([, drawn]) => drawn)));
  }
  [figures.filter_ms, figures.filter_drawn_ms] = [figure.answered, figure.drawn];
  figures.filter_memory_mb = (await memory()).together;
  await page.keyboard.press('Escape');
}

/** Many events a second while the fleet is panned. */
async function storm() {
  const [before, seen] = [await feedState(), await state()];
  const started = Date.now();
  const feeding = feed({ events_a_second: plan.storm_rate, seconds: plan.storm_seconds });
  smoothness('storm', await pan(plan.storm_seconds));
  const after = await feeding;
  const wanted = after.head - before.head;
  const applied = (await state()).seq - (seen.seq || before.head);
  figures.storm_events_a_second = applied / ((Date.now() - started) / 1000);
  await until(async () => (await state()).seq >= after.head, 20);
  const now = await state();
  figures.storm_lost = wanted - (now.seq - (seen.seq || before.head));
  if (isOrrery) figures.storm_hash_equal = now.hash === after.hash ? 1 : 0;
}

/** A million events and two hundred reconnects: what stays behind. */
async function endurance() {
  const live = async () => (await page.evaluate(() => document.querySelector('[data-connection]')?.dataset.connection)) === 'live';
  const rounds = plan.reconnects;
  const round = async () => {
    await feed({ events_a_second: 20_000, seconds: plan.endurance_events / rounds / 20_000 });
    const { head } = await feedState();
    await until(async () => (await state()).seq >= head, 60);
    // Watched from within: a page may be live again before it is asked.
    await page.evaluate(() => {
      const app = document.querySelector('[data-connection]');
      window.bench.dropped = new Promise((done, failed) => {
        const watch = () => app.dataset.connection !== 'live' && done();
        new MutationObserver(watch).observe(app, { attributes: true });
        setTimeout(() => failed(new Error('the page did not notice that it was dropped')), 5_000);
      });
    });
    await post('/feed/drop');
    await page.evaluate(() => window.bench.dropped);
    // A line that breaks again and again is tried ever more seldom; one that the browser says is back, at once.
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    if (!(await until(live, 60))) throw new Error('the page did not come back');
  };
  const warm = Math.ceil(rounds / 10);
  for (let times = 0; times < warm; times++) await round();
  const before = await memory();
  for (let times = warm; times < rounds; times++) await round();
  const after = await memory();
  figures.endurance_before_mb = before.together;
  figures.endurance_after_mb = after.together;
  figures.endurance_growth_percent = (100 * (after.together - before.together)) / before.together;
  const [now, truth] = [await state(), await feedState()];
  figures.endurance_hash_equal = now.hash === truth.hash ? 1 : 0;
}

async function everything() {
  await near();
  figures.elements = await elements();
  await events();
  await fit();
  figures.elements_fit = await elements();
  smoothness('pan', await pan(plan.gesture_seconds));
  smoothness('zoom', await zoom(plan.gesture_seconds));
  figures.elements_zoomed = await elements();
  await fit();
  const { heap, wasm, together } = await memory();
  Object.assign(figures, { heap_mb: heap, wasm_mb: wasm, memory_mb: together });
  if (isOrrery) await filter();
  if (plan.storm_seconds) await storm();
}

try {
  await load();
  await (plan.endurance_events ? endurance() : everything());
  if (plan.picture) await page.screenshot({ path: plan.picture });
} catch (error) {
  figures.failed = String(error);
} finally {
  if (errors.length) figures.page_errors = errors.slice(0, 3).join(' | ');
  console.log(JSON.stringify(figures));
  await Promise.race([browser.close(), pause(5_000)]);
  process.exit();
}
