// What differs between Orrery and its peers: how the camera is moved, and how it is known which cards are on the screen.
import { pause } from './wait.mjs';

export const orrery = (session) => ({
  isOrrery: true,
  // Ctrl zooms; the wheel alone pans.
  wheelModifiers: 2,
  async fit() {
    await session.page.keyboard.press('f');
    await pause(1500);
  },
  /** Zooms in until a handful of cards fills the screen. */
  async near() {
    // Far away, a team may be an element: the one that has the focus.
    const width = () => session.evaluate(() => document.querySelector('.card')?.getBoundingClientRect().width ?? 0);
    for (let times = 0; times < 40 && (await width()) < 200; times++) await session.page.keyboard.press('+');
    await pause(1000);
  },
  visibleIds: () => session.evaluate(idsOnScreen),
});

/** A peer's page offers `window.peer`: `state`, `fit`, `near`, and `visible` where its cards are no elements. */
export const peer = (session) => ({
  isOrrery: false,
  wheelModifiers: 0,
  async fit() {
    await session.evaluate(() => window.peer.fit());
    await pause(1500);
  },
  async near() {
    await session.evaluate(() => window.peer.near());
    await pause(1000);
  },
  async visibleIds() {
    const drawn = await session.evaluate(() => window.peer.visible?.().slice(0, 12));
    return drawn ?? (await session.evaluate(idsOnScreen));
  },
});

/** Runs in the page: the ids of up to twelve cards that are elements. */
function idsOnScreen() {
  return [...document.querySelectorAll('[data-workspace-id]')]
    .filter((card) => {
      const { left, top, right, bottom } = card.getBoundingClientRect();
      return right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
    })
    .map((card) => card.dataset.workspaceId)
    .slice(0, 12);
}
