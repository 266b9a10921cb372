// From a changed filter text to its answer and to the frame that shows it. Orrery's page only.
import { pause } from './wait.mjs';

// No text begins with the one before it, so that each is compared with all workspaces.
const TEXTS = ['a', 'analyst', 'reports 77', 'nowhere', 'claude summarise', 'ws-0000'];

/** Returns the milliseconds to the answer (who is dimmed, how many match) and to the end of the frame that shows it. */
const changeFilter = (session, text) => session.evaluate((text) => new Promise((resolve, reject) => {
  const field = document.querySelector('[name=filter-text]');
  const began = performance.now();
  field.value = text;
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  // The page answers in microtasks of this event. A timer might come after the frame that draws the answer.
  (async () => {
    for (let turn = 0; turn < 100; turn++) await null;
    const answered = performance.now() - began;
    const matchCount = () => document.querySelector('.filter-count').textContent;
    const answer = matchCount();
    // Asked for after the page's own frame, so it comes after the drawing.
    requestAnimationFrame((frame) => {
      if (matchCount() !== answer) return reject(new Error('the filter answered later than was measured'));
      resolve([answered, answered + performance.now() - frame]);
    });
  })();
}), text);

/** The slowest of the texts, each the median of some repetitions. */
export async function measureFilter(session) {
  const { figures, page, plan } = session;
  await page.keyboard.press('/');
  await page.waitForSelector('[name=filter-text]', { timeout: 10_000 });
  await pause(2000);
  const median = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
  const slowest = { answered: 0, drawn: 0 };
  for (const text of TEXTS) {
    const times = [];
    for (let time = 0; time < plan.filter_times; time++) {
      times.push(await changeFilter(session, text));
      await pause(100);
      await changeFilter(session, '');
      await pause(100);
    }
    slowest.answered = Math.max(slowest.answered, median(times.map(([answered]) => answered)));
    slowest.drawn = Math.max(slowest.drawn, median(times.map(([, drawn]) => drawn)));
  }
  [figures.filter_ms, figures.filter_drawn_ms] = [slowest.answered, slowest.drawn];
  figures.filter_memory_mb = (await session.memory()).total;
  await page.keyboard.press('Escape');
}
