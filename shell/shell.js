// What the page does before the program is there: the theme without a flash, and plain words when the program cannot start.
// Never the program's work. A file of its own because the server's content policy allows no inline script.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem('orrery.theme');
  } catch {
    // Storage may be forbidden; the system's theme will do.
  }
  document.documentElement.dataset.theme = theme === 'light' || theme === 'dark' ? theme : 'system';

  let started = false;

  const say = (title, cause) => {
    const shell = document.getElementById('shell');
    if (!shell) return;
    shell.dataset.state = 'failed';
    shell.setAttribute('role', 'alert');
    document.getElementById('shell-title').textContent = title;
    document.getElementById('shell-words').textContent = cause;
    document.getElementById('shell-again').hidden = false;
    shell.hidden = false;
  };

  const failed = (cause) => {
    const whenParsed = () => say('Orrery could not start', cause);
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', whenParsed, { once: true });
    else whenParsed();
  };

  const heard = (error) => {
    const words = String(error?.message ?? error ?? 'unknown error');
    if (!started) failed(`${words}. Reload the page; if that does not help, the server or the browser is the place to look.`);
    // After a trap nothing of the program runs any more: a page that looks alive would lie.
    else if (error instanceof WebAssembly.RuntimeError) say('Orrery has stopped', `${words}. What you see is no longer live.`);
  };

  // In the capture phase also the files that did not load are heard of.
  addEventListener('error', (event) => {
    const file = event.target?.src ?? event.target?.href;
    if (file && !started) failed(`${new URL(file).pathname} could not be loaded. Is the server still there?`);
    else if (!file) heard(event.error ?? event.message);
  }, true);
  addEventListener('unhandledrejection', (event) => heard(event.reason));

  addEventListener('TrunkApplicationStarted', () => {
    started = true;
    document.getElementById('shell').hidden = true;
  });

  addEventListener('DOMContentLoaded', () => {
    document.getElementById('shell-again').addEventListener('click', () => location.reload());
  });
})();
