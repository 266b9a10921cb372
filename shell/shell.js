// What the page does before the program is there: the theme without a flash, the first requests for what the program will need,
// and plain words when it cannot start. Never the program's work. A file of its own because the server's content policy allows no inline script.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem('orrery.theme');
  } catch {
    // Storage may be forbidden; the system's theme will do.
  }
  document.documentElement.dataset.theme = theme === 'light' || theme === 'dark' ? theme : 'system';

  // On their way while the program is; it takes them (src/api/early.rs).
  const early = (path, cache, accept) => fetch(path, { cache, headers: { accept } }).catch(() => null);
  window.orreryEarly = {
    config: early('config.json', 'no-cache', 'application/json'),
    snapshot: early('/snapshot', 'no-store', 'application/x-ndjson'),
  };

  let started = false;

  const part = (name) => document.getElementById(`shell${name}`);

  const say = (title, words, cause) => {
    part('').dataset.state = 'failed';
    part('').setAttribute('role', 'alert');
    part('-title').textContent = title;
    part('-words').textContent = words;
    part('-cause').textContent = cause;
    part('-again').hidden = false;
    part('').hidden = false;
  };

  const fail = (cause) => {
    const words = 'The program of this page did not load. Is the server still running, and is this browser a current one?';
    const show = () => say('Orrery could not start', words, cause);
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', show, { once: true });
    else show();
  };

  const hear = (error) => {
    const cause = String(error?.message ?? error ?? 'unknown error');
    if (!started) fail(cause);
    // After a trap nothing of the program runs any more: a page that looks alive would lie.
    else if (error instanceof WebAssembly.RuntimeError) {
      say('Orrery has stopped', 'An error ended the program of this page. Nothing is lost on the server.', cause);
    }
  };

  // In the capture phase one also hears of files that did not load.
  addEventListener('error', (event) => {
    const file = event.target?.src ?? event.target?.href;
    if (!file) hear(event.error ?? event.message);
    else if (!started) fail(`${new URL(file).pathname} could not be loaded`);
  }, true);
  addEventListener('unhandledrejection', (event) => hear(event.reason));

  addEventListener('TrunkApplicationStarted', () => {
    started = true;
    part('').hidden = true;
  });

  addEventListener('DOMContentLoaded', () => part('-again').addEventListener('click', () => location.reload()));
})();
