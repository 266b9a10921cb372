// A million events and two hundred dropped sockets: how much memory stays behind. Orrery's page only.
import { until } from './wait.mjs';

export async function measureEndurance(session) {
  const { figures, plan } = session;
  const rounds = plan.reconnects;
  const warmUp = Math.ceil(rounds / 10);
  for (let times = 0; times < warmUp; times++) await feedAndDrop(session, plan.endurance_events / rounds);
  const before = await session.memory();
  for (let times = warmUp; times < rounds; times++) await feedAndDrop(session, plan.endurance_events / rounds);
  const after = await session.memory();
  figures.endurance_before_mb = before.total;
  figures.endurance_after_mb = after.total;
  figures.endurance_growth_percent = (100 * (after.total - before.total)) / before.total;
  const [now, truth] = [await session.state(), await session.feedState()];
  figures.endurance_hash_equal = now.hash === truth.hash ? 1 : 0;
}

/** Feeds some events, drops the socket and waits until the page is live again. */
async function feedAndDrop(session, events) {
  await session.feed({ events_a_second: 20_000, seconds: events / 20_000 });
  const { head } = await session.feedState();
  await until(async () => (await session.state()).seq >= head, 60);
  // Observed from within: a page may be live again before the driver looks.
  await session.evaluate(() => {
    const app = document.querySelector('[data-connection]');
    window.bench.dropped = new Promise((resolve, reject) => {
      const check = () => app.dataset.connection !== 'live' && resolve();
      new MutationObserver(check).observe(app, { attributes: true });
      setTimeout(() => reject(new Error('the page did not notice that its socket was dropped')), 5_000);
    });
  });
  await session.post('/feed/drop');
  await session.evaluate(() => window.bench.dropped);
  // The pause grows with each drop in a row, unless the browser reports that the network is back.
  await session.evaluate(() => window.dispatchEvent(new Event('online')));
  const isLive = async () => (await session.evaluate(() => document.querySelector('[data-connection]')?.dataset.connection)) === 'live';
  if (!(await until(isLive, 60))) throw new Error('the page did not come back');
}
