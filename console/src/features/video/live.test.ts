import { describe, expect, test } from 'vitest'
import { type Live, type LiveEvent, nextLive, waitMs } from './live'

const after = (...events: LiveEvent[]) => events.reduce<Live>(nextLive, { phase: 'idle' })
const start: LiveEvent = { kind: 'start', via: 'whep' }
const failed: LiveEvent = { kind: 'failed', why: 'noPath', at: 1_000 }
const denied = { type: '/problems/denied', title: 'Denied', status: 403 }

describe('a live picture', () => {
  test('comes by WHEP, and by HLS where WHEP brings nothing', () => {
    expect(after(start)).toEqual({ phase: 'connecting', via: 'whep', tries: 0 })
    expect(after(start, { kind: 'playing' })).toEqual({ phase: 'playing', via: 'whep' })
    expect(after(start, failed)).toEqual({ phase: 'connecting', via: 'hls', tries: 0 })
    expect(after(start, failed, { kind: 'playing' })).toEqual({ phase: 'playing', via: 'hls' })
  })
  test('waits longer after each round that brought nothing, never longer than 15 s', () => {
    const once = after(start, failed, failed)
    expect(once).toEqual({ phase: 'waiting', until: 2_000, tries: 1, why: 'noPath' })
    const twice = [{ kind: 'due', via: 'whep' } as const, failed, failed].reduce<Live>(nextLive, once)
    expect(twice).toMatchObject({ phase: 'waiting', until: 3_000, tries: 2 })
    expect([0, 1, 2, 3, 4, 5, 1_000].map(waitMs)).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000])
  })
  test('is tried again at once after it had been there', () => {
    expect(after(start, { kind: 'playing' }, { kind: 'failed', why: 'stalled', at: 5_000 })).toEqual({ phase: 'waiting', until: 6_000, tries: 0, why: 'stalled' })
  })
  test('that is denied is not asked for again by itself, only when a person starts it anew', () => {
    const refused = after(start, { kind: 'refused', problem: denied, at: 0 })
    expect(refused).toEqual({ phase: 'refused', problem: denied })
    expect(nextLive(refused, { kind: 'due', via: 'whep' })).toBe(refused)
    expect(nextLive(refused, failed)).toBe(refused)
    expect(nextLive(refused, start)).toMatchObject({ phase: 'connecting' })
  })
  test('a door that is busy or missing is no denial', () => {
    expect(after(start, { kind: 'refused', problem: { ...denied, status: 503 }, at: 0 })).toMatchObject({ phase: 'connecting', via: 'hls' })
  })
  test('nothing that arrives late wakes what was stopped', () => {
    const late: LiveEvent[] = [{ kind: 'playing' }, failed, { kind: 'due', via: 'whep' }, { kind: 'refused', problem: denied, at: 0 }]
    for (const event of late) expect(after(start, { kind: 'stop' }, event)).toEqual({ phase: 'idle' })
  })
})
