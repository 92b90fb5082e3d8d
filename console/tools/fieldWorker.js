// The service worker of /field. It keeps the shell (page, scripts, styles, icons) and nothing that the city says: no answer
// of the interface, no map, no picture. A new build has another version and drops what the old one kept.
const kept = 'conurb-field-__VERSION__'
const shell = ['__SHELL__']
const page = '/field'
const offline = '/field-offline.html'
const patienceMs = 4000
const most = 120

addEventListener('install', (event) => {
  event.waitUntil(
    caches.open(kept).then((cache) => cache.addAll([page, offline, '/icon.svg', ...shell])).then(() => skipWaiting()),
  )
})

addEventListener('activate', (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith('conurb-field-') && name !== kept).map((name) => caches.delete(name))))
      .then(() => clients.claim()),
  )
})

addEventListener('fetch', (event) => {
  const { request } = event
  const address = new URL(request.url)
  if (request.method !== 'GET' || address.origin !== location.origin) return
  if (request.mode === 'navigate' && address.pathname === page) event.respondWith(pageOf(request))
  else if (/^\/(assets|icons)\//.test(address.pathname) || address.pathname === '/icon.svg') event.respondWith(fileOf(request))
})

/** The newest page where the line gives it in time, else the kept one. */
async function pageOf(request) {
  const cache = await caches.open(kept)
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(patienceMs) })
    // A proxy's page of errors is not the shell.
    if (answer.ok && !answer.redirected) return answer
    throw new Error(String(answer.status))
  } catch {
    return (await cache.match(page)) ?? (await cache.match(offline)) ?? Response.error()
  }
}

/** Files carry their contents' hash in their name: what is kept never goes stale. */
async function fileOf(request) {
  const cache = await caches.open(kept)
  const found = await cache.match(request)
  if (found) return found
  const answer = await fetch(request)
  if (answer.ok && (await cache.keys()).length < most) await cache.put(request, answer.clone())
  return answer
}
