/** Where an app has sent its person from, to go on to once signed in: only the authorization door of this very server. */
export function onwardOf(search: string): string | null {
  const wanted = new URLSearchParams(search).get('continue')
  if (wanted === null || !/^\/oauth2\/authorize(\?|$)/.test(wanted)) return null
  const here = new URL('http://here.invalid')
  const there = new URL(wanted, here)
  return there.origin === here.origin && there.pathname === '/oauth2/authorize' ? there.pathname + there.search : null
}

/** Read before the router tidies the address. */
export const onward = typeof location === 'undefined' ? null : onwardOf(location.search)
