// One headless Chromium with the measured page, and how a measurement reads from it.
import { chromium } from 'playwright-core';
import { installProbe } from './probe.mjs';
import { orrery, peer } from './subject.mjs';
import { pause } from './wait.mjs';

/** The page does not answer any more: nothing else can be measured. */
export class Unresponsive extends Error {}

export class Session {
  static async open(plan) {
    const session = new Session();
    session.plan = plan;
    session.figures = {};
    session.errors = [];
    session.browser = await chromium.launch({
      executablePath: plan.chromium, headless: true,
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync', '--js-flags=--expose-gc', '--enable-precise-memory-info',
      ],
    });
    session.page = await session.browser.newPage({ viewport: { width: 1280, height: 800 } });
    session.page.on('pageerror', (error) => session.errors.push(String(error)));
    session.devtools = await session.page.context().newCDPSession(session.page);
    session.browserDevtools = await session.browser.newBrowserCDPSession();
    // The CPU time of the page's own thread: what else the machine does is not counted.
    await session.devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    await session.page.addInitScript(installProbe);
    session.subject = plan.page === 'orrery' ? orrery(session) : peer(session);
    return session;
  }

  /** Evaluates in the page; fails with `Unresponsive` when it has not answered for a minute. */
  evaluate(work, argument) {
    const timeout = pause(60_000).then(() => Promise.reject(new Unresponsive('the page does not answer')));
    return Promise.race([this.page.evaluate(work, argument), timeout]);
  }

  /** `{seq, count, hash?}` of what the page has applied. */
  state() {
    return this.evaluate(() => (window.orrery ?? window.peer)?.state());
  }

  async post(path, body) {
    const headers = { 'content-type': 'application/json' };
    return fetch(this.plan.base + path, { method: 'POST', headers, body: JSON.stringify(body ?? {}) });
  }

  /** Sends `{events_a_second, seconds, ids?}` to the feed and returns its state after the last event. */
  async feed(request) {
    return (await this.post('/feed', request)).json();
  }

  async feedState() {
    return (await fetch(`${this.plan.base}/feed`)).json();
  }

  async metrics() {
    const { metrics } = await this.devtools.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  }

  elementCount() {
    return this.evaluate(() => document.getElementsByTagName('*').length);
  }

  /** Memory after three garbage collections, in MB. */
  async memory() {
    for (let times = 0; times < 3; times++) await this.devtools.send('HeapProfiler.collectGarbage');
    const heap = (await this.devtools.send('Runtime.getHeapUsage')).usedSize;
    const wasm = await this.evaluate(() => window.bench.wasm?.buffer.byteLength ?? 0);
    return { heap: heap / 1e6, wasm: wasm / 1e6, total: (heap + wasm) / 1e6 };
  }

  close() {
    return Promise.race([this.browser.close(), pause(5_000)]);
  }
}
