// Measures one page in one headless Chromium and prints its figures as one line of JSON.
//
// The plan is the first argument: {base, page: 'orrery' | a peer's name, path, workspaces, chromium, gesture_seconds, event_seconds,
// sustained_seconds, sustained_rate, idle_seconds, filter_times, endurance_events, reconnects, patience_seconds, picture?}
import { measureEndurance } from './endurance.mjs';
import { measureEvents, measureSustained } from './events.mjs';
import { measureFilter } from './filter.mjs';
import { measureGestures } from './gestures.mjs';
import { measureIdle } from './idle.mjs';
import { Session, Unresponsive } from './session.mjs';
import { pause, until } from './wait.mjs';

const plan = JSON.parse(process.argv[2]);
const session = await Session.open(plan);
const { figures, page, subject } = session;

async function load() {
  // A browser that was just started is busy with itself.
  await pause(4000);
  const started = Date.now();
  await page.goto(plan.base + plan.path, { waitUntil: 'commit' });
  const patience = plan.patience_seconds;
  if (!(await until(() => page.evaluate(() => window.bench.usable), patience))) throw new Error(`not usable within ${patience} s`);
  figures.usable_ms = await page.evaluate(() => window.bench.usable);
  const complete = await until(async () => (await session.state())?.count >= plan.workspaces, patience);
  figures.complete_ms = complete ? Date.now() - started : -1;
  await pause(1000);
}

async function measureMemory() {
  await subject.fit();
  const { heap, wasm, total } = await session.memory();
  Object.assign(figures, { heap_mb: heap, wasm_mb: wasm, memory_mb: total });
}

async function measureNear() {
  await subject.near();
  figures.elements = await session.elementCount();
  await measureEvents(session);
}

function measurements() {
  if (plan.endurance_events) return [measureEndurance];
  const all = [measureNear, measureGestures, measureMemory];
  if (subject.isOrrery) all.push(measureFilter);
  if (plan.idle_seconds) all.push(measureIdle);
  if (plan.sustained_seconds) all.push(measureSustained);
  return all;
}

const failed = [];
try {
  await load();
  for (const measure of measurements()) {
    try {
      await measure(session);
    } catch (error) {
      failed.push(`${measure.name}: ${error}`);
      if (error instanceof Unresponsive) break;
    }
  }
  if (plan.picture) await page.screenshot({ path: plan.picture });
} catch (error) {
  failed.push(String(error));
} finally {
  if (failed.length) figures.failed = failed.join(' | ');
  if (session.errors.length) figures.page_errors = session.errors.slice(0, 3).join(' | ');
  console.log(JSON.stringify(figures));
  await session.close();
  process.exit();
}
