import { expect, test } from 'vitest'
import type { Incident, Proposal, Unit, UnitState } from '../../api/types'
import { byUrgency, candidates, matches, remarks, waiting } from './incident'

const at = '2026-01-01T10:00:00Z'
const now = Date.parse(at) + 120_000
const incident = (id: string, priority: 1 | 2 | 3 | 4, openedAt = at): Incident => ({
  id, number: id, type: 'x', priority, state: 'open', place: { type: 'Point', coordinates: [0, 0] }, organisation: 'o', openedAt, modifiedAt: at, closedAt: null, version: 1, units: [],
})
const unit = (callSign: string, lon: number | null, state: UnitState = 'AVAILABLE', kind = 'engine'): Unit => ({
  id: callSign, callSign, kind, organisation: 'o', status: { code: '1', state, since: at }, incident: null, position: lon === null ? null : { type: 'Point', coordinates: [lon, 0] },
})

test('the queue has the most urgent first, and among equals the longest waiting', () => {
  const list = [incident('c', 2), incident('b', 1, '2026-01-01T10:01:00Z'), incident('a', 1)]
  expect(list.sort(byUrgency).map((one) => one.id)).toEqual(['a', 'b', 'c'])
})
test('an incident without units is due, and overdue after what the city allows', () => {
  const city = { priorities: [{ level: 1 as const, name: '', unassignedAfterSeconds: 60 }, { level: 2 as const, name: '', unassignedAfterSeconds: 180 }] }
  expect(waiting(incident('a', 1), city, now)).toBe('overdue')
  expect(waiting(incident('a', 2), city, now)).toBe('due')
  expect(waiting(incident('a', 4), city, now)).toBe('due')
  expect(waiting({ ...incident('a', 1), state: 'closed' }, city, now)).toBe('no')
})
test('units are offered nearest first; of unknown place last; busy ones only by name; those out of service never', () => {
  const units = [unit('E3', null), unit('E2', 2), unit('E1', 1), unit('E4', 0.1, 'ON_SCENE'), unit('E5', 0, 'OUT_OF_SERVICE')]
  const offered = (filter: string) => candidates(units, incident('a', 1), [], filter).map((one) => one.unit.callSign)
  expect(offered('')).toEqual(['E1', 'E2', 'E3'])
  expect(offered('E')).toEqual(['E1', 'E2', 'E3', 'E4'])
  expect(offered('e4')).toEqual(['E4'])
})
test('kinds that the type wants come before nearer ones of other kinds', () => {
  const units = [{ ...unit('P1', 0.1), kind: 'patrol' }, { ...unit('E2', 2), kind: 'engine' }, { ...unit('E1', 1), kind: 'engine' }]
  expect(candidates(units, incident('a', 1), ['engine'], '').map((one) => one.unit.callSign)).toEqual(['E1', 'E2', 'P1'])
})
const proposal = (callSign: string, seconds: number | null, ...codes: string[]): Proposal => ({
  unit: callSign, callSign, kind: 'engine', organisation: 'o', status: { code: '1', state: 'AVAILABLE', since: at }, seconds, metres: seconds, estimated: false, suits: true, reasons: codes.map((code) => ({ code, values: { seconds: 700 } })),
})
test('the soonest by road come before the nearest by air; those without a time after, the nearest first', () => {
  const units = [unit('E1', 1), unit('E2', 2), unit('E4', 4), unit('E3', 3)]
  const offered = candidates(units, incident('a', 1), [], '', [proposal('E1', 300), proposal('E2', 200)])
  expect(offered.map((one) => one.unit.callSign)).toEqual(['E2', 'E1', 'E3', 'E4'])
  expect(offered[0]?.proposal?.seconds).toBe(200)
})
test('a wanted kind comes first even when another is there sooner', () => {
  const units = [{ ...unit('P1', 1), kind: 'patrol' }, unit('E1', 2)]
  expect(candidates(units, incident('a', 1), ['engine'], '', [proposal('P1', 10), proposal('E1', 500)]).map((one) => one.unit.callSign)).toEqual(['E1', 'P1'])
})
test('of the reasons only those are told that make it less sure', () => {
  expect(remarks(proposal('E1', 1, 'kind-wanted', 'by-road'))).toEqual([])
  expect(remarks(proposal('E1', 1, 'place-old', 'estimated', 'unheard-of'))).toEqual([{ code: 'place-old', value: 700 }, { code: 'estimated', value: 700 }])
  expect(remarks(undefined)).toEqual([])
})
test('what was typed whole comes first', () => {
  const units = [unit('E12', 0.1), unit('E1', 3)]
  expect(candidates(units, incident('a', 1), [], 'E1').map((one) => one.unit.callSign)).toEqual(['E1', 'E12'])
})
test('a unit already sent is not offered again', () => {
  const one = { ...incident('a', 1), units: [{ id: 'E1', callSign: 'E1', kind: 'engine', assignedAt: at, status: { code: '2', state: 'ASSIGNED' as const, since: at } }] }
  expect(candidates([unit('E1', 1)], one, [], '')).toEqual([])
})
test('a filter finds all its words in any order, in any case', () => {
  expect([matches('school SMOKE', ['Smoke at', 'the School']), matches('smoke bank', ['Smoke at school']), matches('', [])]).toEqual([true, false, true])
})
