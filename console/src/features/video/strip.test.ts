import { describe, expect, test } from 'vitest'
import { stripAt, tileAt } from './strip'

const noon = Date.UTC(2026, 2, 1, 12)

describe('a strip', () => {
  test('is the same for all moments in it, and bounded however far one zooms out', () => {
    const near = stripAt(noon + 61_000, 500)
    expect(near).toEqual(stripAt(noon + 62_000, 500))
    expect(near.step).toBe(10_000)
    expect(near.from).toBeLessThanOrEqual(noon + 61_000)
    expect(near.to).toBeGreaterThan(noon + 61_000)
    for (const msPerPixel of [1, 100, 10_000, 1_000_000]) {
      const { from, to, step } = stripAt(noon, msPerPixel)
      expect((to - from) / step).toBe(24)
      expect(to - from).toBeLessThanOrEqual(24 * 3_600_000)
    }
  })
  test('shows a moment by the picture before it, and nothing where none is near', () => {
    const tiles = [{ at: noon, src: 'a' }, { at: noon + 10_000, src: 'b' }]
    expect(tileAt(tiles, noon + 4_000, 10_000)?.src).toBe('a')
    expect(tileAt(tiles, noon + 12_000, 10_000)?.src).toBe('b')
    expect(tileAt(tiles, noon - 4_000, 10_000)?.src).toBe('a')
    expect(tileAt(tiles, noon + 60_000, 10_000)).toBeNull()
    expect(tileAt([], noon, 10_000)).toBeNull()
  })
})
