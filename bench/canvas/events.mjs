// What events cost the page: a few on cards that are on the screen, and ten thousand a second while it is panned.
import { addSmoothness, pan } from './gestures.mjs';
import { pause, until } from './wait.mjs';

/** The page's CPU time for an event whose card is on the screen, less what it spends anyway: one in a frame, then many, then very many. */
export async function measureEvents(session) {
  const { figures, plan, subject } = session;
  const ids = await subject.visibleIds();
  figures.cards_on_screen = ids.length;
  if (!ids.length) return;
  const seconds = plan.event_seconds;
  const spend = async (work) => {
    const [before, from] = [await session.metrics(), (await session.state()).seq];
    await work();
    const [after, to] = [await session.metrics(), (await session.state()).seq];
    const times = ['ScriptDuration', 'TaskDuration'].map((name) => after[name] - before[name]);
    return { times, events: to - from };
  };
  await session.feed({ events_a_second: 25, seconds: 1, ids });
  const idle = await spend(() => pause(seconds * 1000));
  for (const rate of [25, 1000, ...(subject.isOrrery ? [5000] : [])]) {
    const busy = await spend(() => session.feed({ events_a_second: rate, seconds, ids }));
    const each = busy.times.map((time, index) => Math.max(0, ((time - idle.times[index]) * 1e6) / Math.max(1, busy.events)));
    [figures[`script_us_at_${rate}`], figures[`task_us_at_${rate}`]] = each;
  }
}

/** Many events a second, about all workspaces, while the canvas is panned. */
export async function measureSustained(session) {
  const { figures, plan, subject } = session;
  const [before, seen] = [await session.feedState(), await session.state()];
  const started = Date.now();
  const feeding = session.feed({ events_a_second: plan.sustained_rate, seconds: plan.sustained_seconds });
  addSmoothness(session, 'sustained', await pan(session, plan.sustained_seconds));
  const after = await feeding;
  const sent = after.head - before.head;
  const applied = (await session.state()).seq - (seen.seq || before.head);
  figures.sustained_events_a_second = applied / ((Date.now() - started) / 1000);
  await until(async () => (await session.state()).seq >= after.head, 20);
  const now = await session.state();
  figures.sustained_lost = sent - (now.seq - (seen.seq || before.head));
  if (subject.isOrrery) figures.sustained_hash_equal = now.hash === after.hash ? 1 : 0;
}
