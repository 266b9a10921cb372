// What the page costs while nobody touches it: without events, and with one event a second about a card on the screen.
import { readFile, readdir } from 'node:fs/promises';
import { pause } from './wait.mjs';

/** Adds CPU and script time, in milliseconds a second, as `idle_…` and `one_event_…`. */
export async function measureIdle(session) {
  const { figures, plan, subject } = session;
  await subject.near();
  const ids = await subject.visibleIds();
  // The probe asks for frames, and a page that draws frames is not idle.
  await session.evaluate(() => window.bench.stopFrames());
  // Whatever the last input started (transitions, timers, garbage collection) is over by then.
  await pause(3000);
  const seconds = plan.idle_seconds;
  Object.assign(figures, prefixed('idle', await spend(session, () => pause(seconds * 1000))));
  const oneEventASecond = () => session.feed({ events_a_second: 1, seconds, ids });
  Object.assign(figures, prefixed('one_event', await spend(session, oneEventASecond)));
  await session.evaluate(() => window.bench.startFrames());
}

/** Returns what the page spent in each second of `work`. */
async function spend(session, work) {
  const before = await measureCpu(session);
  await work();
  const after = await measureCpu(session);
  const seconds = (after.at - before.at) / 1000;
  const rate = (name) => (after[name] - before[name]) / seconds;
  return { renderer: rate('renderer'), main_thread: rate('main_thread'), browser: rate('browser'), script: rate('script') };
}

const prefixed = (name, rates) =>
  Object.fromEntries(Object.entries(rates).map(([part, rate]) => [`${name}_${part}_ms_a_second`, rate]));

/** Milliseconds of CPU time so far: of the renderer's process and its main thread, of all of the browser's processes, and of script. */
async function measureCpu(session) {
  const { processInfo } = await session.browserDevtools.send('SystemInfo.getProcessInfo');
  const cpu = { at: performance.now(), renderer: 0, main_thread: 0, browser: 0 };
  for (const { type, id } of processInfo) {
    const threads = await threadTimes(id);
    const total = threads.reduce((sum, [, time]) => sum + time, 0);
    cpu.browser += total;
    if (type !== 'renderer') continue;
    cpu.renderer += total;
    // The main thread has the number of its process.
    cpu.main_thread += threads.find(([thread]) => thread === String(id))?.[1] ?? 0;
  }
  cpu.script = (await session.metrics()).ScriptDuration * 1000;
  return cpu;
}

/** Returns the number and the milliseconds of CPU time of each thread of a process, exact to the nanosecond on Linux. */
async function threadTimes(process) {
  const folder = `/proc/${process}/task`;
  const threads = await readdir(folder);
  const time = async (thread) => Number((await readFile(`${folder}/${thread}/schedstat`, 'utf8')).split(' ')[0]) / 1e6;
  // A thread may end between the two reads.
  return Promise.all(threads.map(async (thread) => [thread, await time(thread).catch(() => 0)]));
}
