import { useSyncExternalStore } from 'react'
import type { LiveMessage } from './stream'

/** The state of the line to the city, as the status bar shows it. Times are this machine's, in ms. */
export type Link = {
  state: 'connecting' | 'live' | 'reconnecting' | 'cut'
  since: number
  heardAt: number | null
  /** The server's clock less this machine's, in ms; null until the server told its time. */
  offset: number | null
}

const cutAfterMs = 20_000
const unsureAfterMs = 10_000

export function nextLink(link: Link, message: LiveMessage, now: number): Link {
  switch (message.kind) {
    case 'hello':
    case 'beat':
      return { state: 'live', since: link.state === 'live' ? link.since : now, heardAt: now, offset: offsetOf(link, message.at, now) }
    case 'change':
    case 'reset':
      return link.state === 'live' ? { ...link, heardAt: now } : { ...link, state: 'live', since: now, heardAt: now }
    case 'broken': {
      const since = link.state === 'live' ? now : link.since
      return { ...link, since, state: standing({ ...link, since, state: 'reconnecting' }, now) }
    }
    case 'refused':
      return { ...link, state: 'cut', since: link.state === 'live' ? now : link.since }
    default:
      return message satisfies never
  }
}

/** One late beat must not move the clock: the smallest delay seen is the truest, and the estimate follows slowly. */
function offsetOf(link: Link, at: number, now: number): number | null {
  if (!Number.isFinite(at)) return link.offset
  const seen = at - now
  return link.offset === null || Math.abs(seen - link.offset) > 5_000 ? seen : Math.max(seen, link.offset - 20)
}

/** How the line stands now: a line that is silent or broken for long turns bad by the clock alone. */
export function standing(link: Link, now: number): Link['state'] {
  const silent = link.heardAt === null ? 0 : now - link.heardAt
  if (link.state === 'live') return silent > unsureAfterMs ? 'reconnecting' : 'live'
  return now - link.since > cutAfterMs ? 'cut' : link.state
}

let link: Link = { state: 'connecting', since: Date.now(), heardAt: null, offset: null }
const listeners = new Set<() => void>()

export function putLink(next: Link): void {
  link = next
  for (const listener of listeners) listener()
}

export function presentLink(): Link {
  return link
}

export function useLink(): Link {
  return useSyncExternalStore(listen, presentLink)
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The city's time as the server tells it, in ms. */
export function cityNow(): number {
  return Date.now() + (link.offset ?? 0)
}
