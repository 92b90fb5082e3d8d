import type { Problem } from '../../api/http'

/** How a live picture comes: WebRTC (WHEP), or HTTP Live Streaming where no direct path can be had. */
export type Via = 'whep' | 'hls'
export type Live =
  | { phase: 'idle' }
  | { phase: 'connecting'; via: Via; tries: number }
  | { phase: 'playing'; via: Via }
  | { phase: 'waiting'; until: number; tries: number; why: Failure }
  | { phase: 'refused'; problem: Problem }
/** `noPath`: answered, but nothing came through; `stalled`: it came and stopped. */
export type Failure = 'noAnswer' | 'noPath' | 'stalled' | 'unavailable'
export type LiveEvent =
  | { kind: 'start'; via: Via }
  | { kind: 'playing' }
  | { kind: 'failed'; why: Failure; at: number }
  | { kind: 'refused'; problem: Problem; at: number }
  | { kind: 'due'; via: Via }
  | { kind: 'stop' }

const firstWaitMs = 1_000
const longestWaitMs = 15_000

/**
 * What comes next for one live picture. What is denied is not tried again; WHEP that brings nothing gives way to HLS once,
 * HLS that brings nothing waits, longer each time; a picture that stopped is tried again soon.
 */
export function nextLive(live: Live, event: LiveEvent): Live {
  switch (event.kind) {
    case 'start':
      return live.phase === 'idle' || live.phase === 'refused' ? { phase: 'connecting', via: event.via, tries: 0 } : live
    case 'due':
      return live.phase === 'waiting' ? { phase: 'connecting', via: event.via, tries: live.tries } : live
    case 'playing':
      return live.phase === 'connecting' ? { phase: 'playing', via: live.via } : live
    case 'refused':
      return event.problem.status === 401 || event.problem.status === 403
        ? live.phase === 'idle' ? live : { phase: 'refused', problem: event.problem }
        : nextLive(live, { kind: 'failed', why: 'unavailable', at: event.at })
    case 'failed':
      if (live.phase === 'playing') return { phase: 'waiting', until: event.at + firstWaitMs, tries: 0, why: event.why }
      if (live.phase !== 'connecting') return live
      if (live.via === 'whep') return { phase: 'connecting', via: 'hls', tries: live.tries }
      return { phase: 'waiting', until: event.at + waitMs(live.tries), tries: live.tries + 1, why: event.why }
    case 'stop':
      return { phase: 'idle' }
    default:
      return event satisfies never
  }
}

export function waitMs(tries: number): number {
  return Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(tries, 10))
}
