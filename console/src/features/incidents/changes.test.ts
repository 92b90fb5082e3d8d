import { describe, expect, test } from 'vitest'
import type { Incident } from '../../api/types'
import { differences, draftOf, patchOf } from './changes'

const at = '2026-01-01T10:00:00Z'
const incident: Incident = {
  id: 'i', number: 'I-1', type: 'fire.smoke', priority: 2, state: 'open', place: { type: 'Point', coordinates: [7.4197001, 43.7311] }, description: 'smoke', caller: { name: 'Ada', phone: '1' },
  organisation: 'fire', openedAt: at, modifiedAt: at, closedAt: null, version: 3, units: [],
}

describe('an edit', () => {
  test('sends nothing where nothing was changed, whatever the digits of the place', () => expect(patchOf(incident, draftOf(incident))).toEqual({}))
  test('sends what was changed and leaves the rest to others', () => {
    expect(patchOf(incident, { ...draftOf(incident), type: 'fire.vehicle', place: '43.7, 7.4' })).toEqual({ type: 'fire.vehicle', place: { type: 'Point', coordinates: [7.4, 43.7] } })
    expect(patchOf(incident, { ...draftOf(incident), description: ' ', callerName: '' })).toEqual({ description: '', caller: { phone: '1' } })
  })
  test('leaves the place where what was typed is none', () => expect(patchOf(incident, { ...draftOf(incident), place: 'somewhere' })).toEqual({}))
})
describe('what others did meanwhile', () => {
  test('is told member by member', () => {
    const unit = { id: 'u', callSign: 'E1', kind: 'engine', assignedAt: at, status: { code: '5', state: 'ASSIGNED' as const, since: at } }
    expect(differences(incident, { ...incident, priority: 1, caller: { name: 'Ada' }, units: [unit], version: 5 })).toEqual([
      { member: 'priority', now: '1' }, { member: 'caller', now: 'Ada' }, { member: 'units', now: 'E1' },
    ])
  })
  test('is nothing when only the version has moved, or when words are withheld', () => {
    expect(differences(incident, { ...incident, version: 9 })).toEqual([])
    const { description: _d, caller: _c, ...withheld } = incident
    expect(differences(withheld, incident)).toEqual([])
  })
})
