// Waiting, for all measurements.

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `condition` holds, for at most `seconds`, and returns whether it held. */
export async function until(condition, seconds) {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    if (await condition()) return true;
    await pause(50);
  }
  return false;
}
