import { describe, expect, test } from 'vitest'
import { bars, dayOf, dayStart, hour, minute, nextDay, pan, reveal, ticks, timeAt, xOf, zoom } from './axis'

const paris = 'Europe/Paris'
const at = (text: string) => Date.parse(text)

describe('a day of the city', () => {
  test('begins at its own midnight, also when the clock changes that night', () => {
    expect(dayStart('2026-03-01', paris)).toBe(at('2026-02-28T23:00:00Z'))
    expect(dayStart('2026-03-30', paris)).toBe(at('2026-03-29T22:00:00Z'))
    expect(dayStart('2026-03-29', paris)).toBe(at('2026-03-28T23:00:00Z'))
    expect(dayStart('2026-10-25', 'Pacific/Auckland')).toBe(at('2026-10-24T11:00:00Z'))
  })
  test('is the day that people there call it', () => {
    expect([dayOf(at('2026-03-01T23:30:00Z'), paris), dayOf(at('2026-03-01T22:30:00Z'), paris)]).toEqual(['2026-03-02', '2026-03-01'])
    expect([nextDay('2026-02-28', 1), nextDay('2026-01-01', -1)]).toEqual(['2026-03-01', '2025-12-31'])
  })
})
describe('the axis', () => {
  const bounds = { from: 0, to: 24 * hour }
  test('goes from time to px and back', () => {
    const axis = { from: hour, to: 3 * hour }
    expect(xOf(2 * hour, axis, 800)).toBe(400)
    expect(timeAt(xOf(1.7 * hour, axis, 777), axis, 777)).toBeCloseTo(1.7 * hour, 3)
  })
  test('zooms round the moment under the pointer and stops at a minute and at the day', () => {
    const near = zoom(bounds, 6 * hour, 0.5, bounds)
    expect(near).toEqual({ from: 3 * hour, to: 15 * hour })
    expect(zoom(near, 6 * hour, 100, bounds)).toEqual(bounds)
    const closest = zoom({ from: 0, to: 2 * minute }, minute, 0.001, bounds)
    expect(closest.to - closest.from).toBe(minute)
  })
  test('does not leave the day', () => {
    expect(pan({ from: 22 * hour, to: 23 * hour }, 5 * hour, bounds)).toEqual({ from: 23 * hour, to: 24 * hour })
    expect(reveal({ from: 0, to: hour }, 23.9 * hour, bounds)).toEqual({ from: 23 * hour, to: 24 * hour })
    const axis = { from: 0, to: hour }
    expect(reveal(axis, minute, bounds)).toBe(axis)
  })
  test('has marks on round times of the city, however wide it is', () => {
    const day = { from: dayStart('2026-03-01', 'Asia/Kolkata'), to: dayStart('2026-03-02', 'Asia/Kolkata') }
    expect(ticks(day, 1_000, 'Asia/Kolkata').slice(0, 3).map((one) => one.label)).toEqual(['00:00', '02:00', '04:00'])
    expect(ticks({ from: day.from, to: day.from + minute }, 1_000, 'Asia/Kolkata')[1]?.label).toBe('00:00:05')
    for (const width of [0, 1, 320, 5_000]) expect(ticks(day, width, 'Asia/Kolkata').length).toBeLessThanOrEqual(400)
  })
  test('keeps its marks on the hours through the night the clock changes', () => {
    const day = { from: dayStart('2026-03-29', paris), to: dayStart('2026-03-30', paris) }
    const marks = ticks(day, 2_400, paris)
    expect(marks.find((one) => one.label === '12:00')?.at).toBe(at('2026-03-29T10:00:00Z'))
  })
})
test('spans become bars: cut at the edges, melted where they touch, never thinner than a px', () => {
  const axis = { from: 0, to: 1_000 }
  expect(bars([{ from: -50, to: 100 }, { from: 200, to: 200.1 }, { from: 201, to: 300 }, { from: 900, to: 2_000 }, { from: 3_000, to: 4_000 }], axis, 100))
    .toEqual([{ x: 0, width: 10 }, { x: 20, width: 10 }, { x: 90, width: 10 }])
})
