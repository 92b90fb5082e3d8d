import { describe, expect, test } from 'vitest'
import { age, bounds, bytes, clock, coordinates, distance, inside, isoDay, metres, middle, nameIn, readCoordinates, roughly } from './index'

const point = (lon: number, lat: number) => ({ type: 'Point' as const, coordinates: [lon, lat] })

test('ages are short, steady in width, and never negative', () => {
  expect([0, 51_000, 134_000, 3_600_000, 3_909_000, 90_000_000, -5_000].map(age)).toEqual(['00:00', '00:51', '02:14', '1:00:00', '1:05:09', '1d 01:00', '00:00'])
})
test('lengths of time are told coarsely in each language', () => {
  expect(roughly(90 * 60_000, 'en')).toBe('2 hr')
  expect(roughly(45_000, 'fr')).toMatch(/45\ss/)
  expect(roughly(3 * 86_400_000, 'ar')).toContain('أيام')
})
test('clocks are 24 hours with Latin digits, in the city and in UTC', () => {
  const moment = Date.parse('2026-03-01T23:04:14Z')
  expect(clock(moment, 'en', 'UTC')).toBe('23:04:14')
  expect(clock(moment, 'ar', 'Europe/Paris')).toMatch(/00.04.14/)
  expect(clock(moment, 'zh-CN', 'Europe/Paris')).toBe('00:04:14')
  expect(isoDay(moment, 'Europe/Paris')).toBe('2026-03-02')
})
describe('coordinates', () => {
  test('are written latitude first and read back', () => {
    expect(coordinates(point(7.4197, 43.7311))).toBe('43.73110, 7.41970')
    expect(readCoordinates('43.73110, 7.41970')?.coordinates).toEqual([7.4197, 43.7311])
  })
  test.each([['-33.9 18.4', [18.4, -33.9]], ['33.9 S, 18.4 E', [18.4, -33.9]], ['40.7;74 W', [-74, 40.7]], ['43.7°N 7.4°E', [7.4, 43.7]]])('%s', (typed, expected) => {
    expect(readCoordinates(typed)?.coordinates).toEqual(expected)
  })
  test.each(['', 'Harbour', '91, 0', '0, 181', '12', '1,2,3', 'NaN, 1', '1e9, 0'])('"%s" is no place', (typed) => expect(readCoordinates(typed)).toBeNull())
})
test('distances are great circles, told in metres or kilometres', () => {
  expect(metres(point(2.3522, 48.8566), point(-0.1276, 51.5072))).toBeCloseTo(343_500, -3)
  expect([distance(437, 'en'), distance(1_240, 'en'), distance(12_700, 'en')]).toEqual(['440 m', '1.2 km', '13 km'])
})
test('a point is inside an area unless it is in its hole', () => {
  const ring = (a: number, b: number) => [[a, a], [b, a], [b, b], [a, b], [a, a]]
  const area = { type: 'Polygon' as const, coordinates: [ring(0, 10), ring(4, 6)] }
  expect([point(1, 1), point(5, 5), point(11, 1)].map((one) => inside(one, area))).toEqual([true, false, false])
  expect(middle(area)?.coordinates).toEqual([5, 5])
  expect(bounds([area, point(20, -3)])).toEqual([0, -3, 20, 10])
  expect(bounds([])).toBeNull()
})
test('sizes are told in the unit that fits', () => {
  expect([bytes(0, 'en'), bytes(182e9, 'en'), bytes(1.5e12, 'en')]).toEqual(['0 byte', '182 GB', '1.5 TB'])
})
test('names come in the reader’s language, else the city’s first, else any', () => {
  const name = { en: 'Fire', fr: 'Feu' }
  expect([nameIn(name, 'fr'), nameIn(name, 'ar', ['fr']), nameIn(name, 'ar'), nameIn('Feu', 'en'), nameIn(undefined, 'en'), nameIn({ zh: '火' }, 'zh-CN')]).toEqual(['Feu', 'Feu', 'Fire', 'Feu', '', '火'])
})
