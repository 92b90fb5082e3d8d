import { expect, test } from 'vitest'
import { type MapUnit, unitFeatures } from './features'

const unit = (label: string, state: string, longitude: number): MapUnit => ({ id: label, label, state, stale: false, place: { type: 'Point', coordinates: [longitude, 43.7] } })
const told = (units: MapUnit[]) => unitFeatures(units).features.map((one) => [one.properties?.label, one.properties?.offset[1]])

test('free units in one yard are named together, once', () => {
  expect(told([unit('E1', 'AVAILABLE', 7.4), unit('E2', 'AVAILABLE', 7.4002), unit('E3', 'AVAILABLE', 7.41)])).toEqual([['E1 E2', 0], ['', 1.7], ['E3', 0]])
})
test('busy units in one place stand one below the other, each with its name', () => {
  expect(told([unit('E1', 'ON_SCENE', 7.4), unit('A1', 'AVAILABLE', 7.4), unit('E2', 'ASSIGNED', 7.4001)])).toEqual([['E1', 0], ['E2', 1.7], ['A1', 0]])
})
