// In development only: reloads the page when its files have been built again.
const tag = async () => (await fetch('./', { method: 'HEAD', cache: 'no-store' })).headers.get('etag');
let shown;
setInterval(async () => {
  // While the server starts again there is no answer, and nothing to reload.
  const now = await tag().catch(() => null);
  if (shown && now && now !== shown) location.reload();
  shown ??= now;
}, 300);
