// Runs before the app: applies the theme before the first paint, starts the first requests, and explains when the app cannot start.
// A file of its own because the server's content security policy allows no inline script.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem('orrery.theme');
  } catch {
    // Storage may be disabled; then the system's theme applies.
  }
  document.documentElement.dataset.theme = theme === 'light' || theme === 'dark' ? theme : 'system';

  // Requested while the program is being loaded, which takes the responses over (src/api/early.rs).
  const request = (path, cache, accept) => fetch(path, { cache, headers: { accept } }).catch(() => null);
  const config = request('config.json', 'no-cache', 'application/json');
  // Only a page without a server in config.json came from the server itself: a static host has no snapshot.
  const snapshot = config.then((response) => (response?.ok ? response.clone().json() : {})).catch(() => ({})).then((settings) => {
    return settings?.server ? null : request('snapshot', 'no-store', 'application/x-ndjson');
  });
  window.orreryEarly = { config, snapshot };

  let hasStarted = false;

  const part = (name) => document.getElementById(`shell${name}`);

  const showError = (title, message, cause) => {
    part('').dataset.state = 'failed';
    part('').setAttribute('role', 'alert');
    part('-title').textContent = title;
    part('-message').textContent = message;
    part('-cause').textContent = cause;
    part('-reload').hidden = false;
    part('').hidden = false;
  };

  const showStartError = (cause) => {
    const message = 'The app did not load. Check that the server is running and that your browser is up to date, then reload the page.';
    const show = () => showError('Orrery could not start', message, cause);
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', show, { once: true });
    else show();
  };

  const onError = (error) => {
    const cause = String(error?.message ?? error ?? 'unknown error');
    if (!hasStarted) showStartError(cause);
    // After a trap the program no longer runs: a page that still looked alive would mislead.
    else if (error instanceof WebAssembly.RuntimeError) {
      showError('Orrery has stopped', 'An unexpected error stopped the app. Data on the server is not affected. Reload the page to continue.', cause);
    }
  };

  // Files that fail to load dispatch their error event in the capture phase only.
  addEventListener('error', (event) => {
    const file = event.target?.src ?? event.target?.href;
    if (!file) onError(event.error ?? event.message);
    else if (!hasStarted) showStartError(`${new URL(file).pathname} could not be loaded`);
  }, true);
  addEventListener('unhandledrejection', (event) => onError(event.reason));

  addEventListener('TrunkApplicationStarted', () => {
    hasStarted = true;
    part('').hidden = true;
  });

  addEventListener('DOMContentLoaded', () => part('-reload').addEventListener('click', () => location.reload()));
})();
