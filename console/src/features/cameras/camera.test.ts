import { expect, test } from 'vitest'
import type { Camera } from '../../api/types'
import { longId, nearest, notRecording, shortId, signOf } from './camera'

const camera = (name: string, change: Partial<Camera> = {}): Camera => ({
  id: `urn:ngsi-ld:Camera:${name}`, name, organisation: 'police', record: true, place: { type: 'Point', coordinates: [7, 43] }, heading: null,
  state: 'recording', reason: '', stateSince: '2026-01-01T10:00:00Z', version: 1, ...change,
})

test('not recording is what should be on disk and is not, the longest first', () => {
  const list = [camera('a'), camera('b', { state: 'stalled', stateSince: '2026-01-01T10:05:00Z' }), camera('c', { state: 'off', record: false }), camera('d', { state: 'connecting', stateSince: '2026-01-01T10:02:00Z' })]
  expect(notRecording(list).map((one) => one.name)).toEqual(['d', 'b'])
})
test('a camera switched off on purpose is no loss; one that should record is', () => {
  expect([signOf(camera('a')), signOf(camera('b', { record: false })), signOf(camera('c', { state: 'off', record: false })), signOf(camera('d', { state: 'off' })), signOf(camera('e', { state: 'stalled' }))])
    .toEqual(['recording', 'live', 'off', 'lost', 'lost'])
})
test('the nearest come first, and those out of sight not at all', () => {
  const at = (lon: number) => camera(String(lon), { place: { type: 'Point', coordinates: [lon, 43] } })
  const found = nearest([at(7.02), at(7.001), at(7.004), at(8)], { type: 'Point', coordinates: [7, 43] }, 2, 1_000)
  expect(found.map((one) => one.camera.name)).toEqual(['7.001', '7.004'])
  expect(found[0]?.metres).toBeCloseTo(81, -1)
})
test('ids travel short and come back whole', () => {
  expect(longId(shortId('urn:ngsi-ld:Camera:1-2'))).toBe('urn:ngsi-ld:Camera:1-2')
})
