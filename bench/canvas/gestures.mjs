// Pans and zooms the page by input events, and sums up the frames that it showed meanwhile.
import { pause } from './wait.mjs';

/** Sends input as fast as frames go, never more than two ahead of the page, and returns the times of the frames. */
async function gesture(session, seconds, send) {
  await session.evaluate(() => void (window.bench.frames.length = 0));
  const end = Date.now() + seconds * 1000;
  let pending = 0;
  for (let step = 0; Date.now() < end; step++) {
    const due = Date.now() + 16;
    pending++;
    send(step).finally(() => pending--);
    do await pause(Math.max(1, due - Date.now()));
    while (pending > 2 && Date.now() < end);
  }
  return session.evaluate(() => window.bench.frames.slice());
}

const mouse = (session, type, x, y, more = {}) =>
  session.devtools.send('Input.dispatchMouseEvent', { type, x, y, button: 'middle', buttons: 4, clickCount: 1, ...more });

export async function pan(session, seconds) {
  await mouse(session, 'mousePressed', 640, 400);
  const frames = await gesture(session, seconds, (step) =>
    mouse(session, 'mouseMoved', 640 + 200 * Math.sin(step / 20), 400 + 120 * Math.cos(step / 31)));
  await mouse(session, 'mouseReleased', 640, 400, { buttons: 0 });
  return frames;
}

/** In for 40 steps, out for 40: from the whole fleet to single cards and back. */
export const zoom = (session, seconds) =>
  gesture(session, seconds, (step) => {
    const deltaY = step % 80 < 40 ? -60 : 60;
    const wheel = { deltaX: 0, deltaY, button: 'none', buttons: 0, modifiers: session.subject.wheelModifiers };
    return mouse(session, 'mouseWheel', 640, 400, wheel);
  });

/** Adds `<name>_fps` and `<name>_p95_ms` to the figures. */
export function addSmoothness({ figures, plan }, name, frames) {
  const gaps = frames.slice(1).map((at, index) => at - frames[index]).sort((a, b) => a - b);
  const time = frames.at(-1) - frames[0];
  figures[`${name}_fps`] = gaps.length < 2 ? 0 : (gaps.length * 1000) / time;
  figures[`${name}_p95_ms`] = gaps.length < 2 ? plan.gesture_seconds * 1000 : gaps[Math.ceil(gaps.length * 0.95) - 1];
}

/** Frames while all workspaces are in view. */
export async function measureGestures(session) {
  const { figures, plan, subject } = session;
  await subject.fit();
  figures.elements_fit = await session.elementCount();
  addSmoothness(session, 'pan', await pan(session, plan.gesture_seconds));
  addSmoothness(session, 'zoom', await zoom(session, plan.gesture_seconds));
  figures.elements_zoomed = await session.elementCount();
}
