// Gives the page /verify and what it loads from what offline.js kept, when there is no network; else it is in nobody's way.

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (e) => e.waitUntil(self.clients.claim()))
self.addEventListener('fetch', (e) => {
  const { origin, pathname } = new URL(e.request.url)
  const ours = origin === self.location.origin && e.request.method === 'GET'
  if (ours && (pathname === '/verify' || pathname === '/favicon.svg' || pathname.startsWith('/assets/')))
    e.respondWith(fromNetworkOrKept(e.request))
})

async function fromNetworkOrKept(request) {
  try {
    return await fetch(request)
  } catch (e) {
    const cache = await caches.open('helianthus-verify-page')
    // The answer varies with language and cookie; the one that was kept is better than none.
    const kept = await cache.match(request, { ignoreVary: true })
    const any = request.mode === 'navigate' && (await cache.match('/verify', { ignoreVary: true, ignoreSearch: true }))
    if (kept || any) return kept || any
    throw e
  }
}
