import { expect, test } from 'vitest'
import type { Warning } from '../../api/types'
import { areaNames, byArea, byGravity, holds, notReal, unwrapped } from './warning'

const warning = (id: string, more: Partial<Warning> = {}): Warning => ({
  id, identifier: id, sent: '2026-01-01T10:00:00Z', status: 'Actual', real: true, state: 'active', organisation: 'o', event: 'Flood', severity: 'Moderate', expires: '2026-01-01T12:00:00Z', areas: [{ name: 'Harbour', polygon: null }], ...more,
})

test('what is not real is always marked, whatever else it says', () => {
  expect(notReal(warning('a'))).toBeNull()
  expect([notReal(warning('a', { status: 'Exercise', real: false })), notReal(warning('a', { status: 'Test' })), notReal(warning('a', { real: false })), notReal(warning('a', { status: 'Draft', real: false }))])
    .toEqual(['exercise', 'test', 'test', 'draft'])
})
test('real before not real, then the gravest, then what ends first', () => {
  const list = [warning('drill', { severity: 'Extreme', status: 'Exercise', real: false }), warning('late', { expires: '2026-01-02T00:00:00Z' }), warning('soon'), warning('grave', { severity: 'Extreme' })]
  expect(list.sort(byGravity).map((one) => one.id)).toEqual(['grave', 'soon', 'late', 'drill'])
})
test('it ends at its time, also when nobody says so', () => {
  expect([holds(warning('a'), Date.parse('2026-01-01T11:59:59Z')), holds(warning('a'), Date.parse('2026-01-01T12:00:01Z')), holds(warning('a', { expires: null }), 9e12)]).toEqual([true, false, true])
})
test('areas are listed by name, also several in one text', () => {
  expect(areaNames(warning('a', { areas: [{ name: 'Lake, FL; Volusia, FL', polygon: null }] }))).toEqual(['Lake, FL', 'Volusia, FL'])
  const groups = byArea([warning('a', { areas: [{ name: 'X; Y', polygon: null }] }), warning('b', { severity: 'Extreme', areas: [{ name: 'Y', polygon: null }] })])
  expect(groups.map((group) => [group.area, group.warnings.map((one) => one.id)])).toEqual([['Y', ['b', 'a']], ['X', ['a']]])
})

test('text broken for teleprinters flows, lists and paragraphs stay', () => {
  const line = 'Portions of east central Ohio, northwest, southwest, and'
  expect(unwrapped(`* WHERE...${line}\nwestern Pennsylvania.\n\n* WHEN...Tonight.\n* WHAT...Frost.`)).toBe(`* WHERE...${line} western Pennsylvania.\n\n* WHEN...Tonight.\n* WHAT...Frost.`)
  expect(unwrapped('short\nlines')).toBe('short\nlines')
})
