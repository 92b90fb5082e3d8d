import { afterEach, describe, expect, test, vi } from 'vitest'
import { PlayClock } from './playClock'

afterEach(() => vi.useRealTimers())

function room() {
  vi.useFakeTimers({ now: 1_000_000 })
  const clock = new PlayClock(() => Date.now())
  const follower = { at: [] as number[], ready: true, playing: false }
  const leave = clock.join({ follow: (wall, playing) => { follower.at.push(wall); follower.playing = playing }, ready: () => follower.ready })
  return { clock, follower, leave }
}

describe('the common clock', () => {
  test('leads all cameras through the same moments', () => {
    const { clock, follower } = room()
    clock.seek(900_000)
    vi.advanceTimersByTime(1_000)
    expect(clock.wall()).toBe(901_000)
    expect(follower.at[0]).toBe(900_000)
    expect(follower.at.at(-1)).toBe(901_000)
    clock.setRate(4)
    vi.advanceTimersByTime(1_000)
    expect(clock.wall()).toBe(905_000)
  })
  test('waits for a camera that is loading, but not for ever', () => {
    const { clock, follower } = room()
    follower.ready = false
    clock.seek(900_000)
    vi.advanceTimersByTime(3_000)
    expect(clock.wall()).toBe(900_000)
    vi.advanceTimersByTime(3_000)
    expect(clock.wall()).toBeGreaterThan(901_000)
  })
  test('a step from live stands still; a step while standing stays standing', () => {
    const { clock, follower } = room()
    clock.step(-10_000)
    vi.advanceTimersByTime(2_000)
    expect([clock.wall(), follower.playing]).toEqual([990_000, false])
    clock.toggle()
    expect(follower.playing).toBe(true)
  })
  test('never runs into what is not yet on disk', () => {
    const { clock } = room()
    clock.seek(2_000_000)
    expect(clock.wall()).toBe(996_000)
    vi.advanceTimersByTime(5_000)
    expect(clock.wall()).toBeLessThanOrEqual(Date.now() - 4_000)
  })
  test('leaves nothing running: back to live, and with cameras gone', () => {
    const { clock, follower, leave } = room()
    clock.seek(900_000)
    leave()
    const before = follower.at.length
    vi.advanceTimersByTime(1_000)
    expect(follower.at.length).toBe(before)
    clock.goLive()
    expect(vi.getTimerCount()).toBe(0)
  })
})
