import { describe, expect, test } from 'vitest'
import type { Camera, Change, Incident, Unit, Warning } from '../api/types'
import { ChangeLog } from './changes'
import { nextLink } from './link'
import { patchAssigned, patchCameras, patchIncidents, patchUnits, patchWarnings } from './patch'

const at = '2026-01-01T10:00:00Z'
const unit: Unit = { id: 'u1', callSign: 'E12', kind: 'engine', organisation: 'fire', status: { code: '1', state: 'AVAILABLE', since: at }, incident: null }
const incident: Incident = {
  id: 'i1', number: 'I-1', type: 'fire.smoke', priority: 2, state: 'open', place: { type: 'Point', coordinates: [7, 43] }, description: 'smoke', organisation: 'fire',
  openedAt: at, modifiedAt: at, closedAt: null, version: 3, units: [], grant: 'g',
}
const warning: Warning = {
  id: 'w1', identifier: 'x', sent: at, status: 'Actual', real: true, state: 'active', organisation: 'fire', event: 'Flood', severity: 'Severe', expires: null, areas: [{ name: 'Harbour', polygon: null }],
}
const change = (type: string, id: string, entity: Record<string, unknown> | null, how: Change['change'] = 'updated'): Change => ({ seq: 1, change: how, type, id, organisation: 'fire', at, entity })
const entity = { number: 'I-1', incidentType: 'fire.smoke', priority: 1, state: 'open', location: incident.place, openedAt: at, closedAt: null, version: 4, assignedUnit: ['u1'] }

describe('an incident', () => {
  test('takes what changed and keeps what the change may not tell', () => {
    const [patched] = patchIncidents([incident], change('Incident', 'i1', entity), [unit])
    expect(patched).toMatchObject({ priority: 1, version: 4, description: 'smoke', grant: 'g' })
    expect(patched?.units).toEqual([{ id: 'u1', callSign: 'E12', kind: 'engine', assignedAt: at, status: unit.status }])
  })
  test('is not set back by an older change', () => {
    expect(patchIncidents([incident], change('Incident', 'i1', { ...entity, version: 2 }), [])[0]).toBe(incident)
  })
  test('comes when it is opened, goes when it is closed or deleted', () => {
    expect(patchIncidents([], change('Incident', 'i1', entity, 'created'), [])).toHaveLength(1)
    expect(patchIncidents([incident], change('Incident', 'i1', { ...entity, state: 'closed' }), [])).toEqual([])
    expect(patchIncidents([incident], change('Incident', 'i1', null, 'deleted'), [])).toEqual([])
  })
  test('is the same after the same change twice', () => {
    const once = patchIncidents([incident], change('Incident', 'i1', entity), [unit])
    expect(patchIncidents(once, change('Incident', 'i1', entity), [unit])).toEqual(once)
  })
  test('takes one assigned unit told without a list, and survives nonsense', () => {
    expect(patchIncidents([incident], change('Incident', 'i1', { ...entity, assignedUnit: 'u1' }), [])[0]?.units).toHaveLength(1)
    expect(patchIncidents([incident], change('Incident', 'i1', { version: 9, assignedUnit: 7, location: 'here', priority: null }), [])[0]?.units).toEqual([])
  })
  test('shows the status of its units', () => {
    const assigned = { ...incident, units: [{ id: 'u1', callSign: 'E12', kind: 'engine', assignedAt: at, status: unit.status }] }
    const status = { code: '4', state: 'ON_SCENE' as const, since: '2026-01-01T10:05:00Z' }
    expect(patchAssigned([assigned], { ...unit, status })[0]?.units[0]?.status).toEqual(status)
    const list = [incident]
    expect(patchAssigned(list, unit)).toBe(list)
  })
})

describe('a unit', () => {
  const told = { callSign: 'E12', kind: 'engine', statusCode: '4', unitState: 'ON_SCENE', statusSince: '2026-01-01T10:05:00Z', incident: 'i1' }
  test('takes a newer status and leaves an older one', () => {
    const [newer] = patchUnits([unit], change('Unit', 'u1', told))
    expect(newer).toMatchObject({ status: { code: '4', state: 'ON_SCENE' }, incident: 'i1' })
    expect(patchUnits([newer as Unit], change('Unit', 'u1', { ...told, statusCode: '1', unitState: 'AVAILABLE', statusSince: at }))[0]?.status.code).toBe('4')
  })
  test('never moves back in time', () => {
    const here = { type: 'Point', coordinates: [1, 1] }
    const moved = patchUnits([unit], change('Unit', 'u1', { ...told, location: here, locationAt: '2026-01-01T10:06:00Z' }))
    const late = patchUnits(moved, change('Unit', 'u1', { ...told, location: { type: 'Point', coordinates: [9, 9] }, locationAt: '2026-01-01T10:01:00Z' }))
    expect(late[0]?.position).toEqual(here)
  })
})

describe('a warning', () => {
  test('leaves the list when it ends', () => {
    expect(patchWarnings([warning], change('Alert', 'w1', { state: 'cancelled', real: true, status: 'Actual' }))).toEqual([])
  })
  test('is real only when both the mark and the status say so', () => {
    const as = (real: unknown, status: string) => patchWarnings([], change('Alert', 'w2', { real, status, state: 'active' }, 'created'))[0]?.real
    expect([as(true, 'Actual'), as(true, 'Exercise'), as(false, 'Actual'), as(undefined, 'Actual'), as('true', 'Actual')]).toEqual([true, false, false, false, false])
  })
  test('comes with the names of its areas', () => {
    expect(patchWarnings([], change('Alert', 'w2', { areaNames: ['A', 'B'], state: 'active' }))[0]?.areas.map((area) => area.name)).toEqual(['A', 'B'])
  })
})

test('what was heard while a list was fetched is found again, and the log stays bounded', () => {
  const log = new ChangeLog()
  for (let seq = 0; seq < 3_000; seq++) log.add({ ...change('Unit', 'u1', {}), seq })
  const mark = log.mark()
  log.add({ ...change('Unit', 'u1', {}), seq: 9_999 })
  expect(log.since(mark).map((one) => one.seq)).toEqual([9_999])
  expect(log.since(0).length).toBeLessThanOrEqual(2_000)
})

test('the line is live, then reconnecting, then cut off since it broke', () => {
  const start = { state: 'connecting' as const, since: 0, heardAt: null, offset: null }
  const live = nextLink(start, { kind: 'hello', at: 5_000, resumed: false }, 1_000)
  expect(live).toEqual({ state: 'live', since: 1_000, heardAt: 1_000, offset: 4_000 })
  const broken = nextLink(live, { kind: 'broken', attempt: 1, nextInMs: 1 }, 2_000)
  expect(broken).toMatchObject({ state: 'reconnecting', since: 2_000, heardAt: 1_000 })
  expect(nextLink(broken, { kind: 'broken', attempt: 9, nextInMs: 1 }, 40_000)).toMatchObject({ state: 'cut', since: 2_000 })
})

describe('a camera', () => {
  const camera: Camera = { id: 'c1', name: 'Gate', organisation: 'police', record: true, place: { type: 'Point', coordinates: [7, 43] }, heading: 90, state: 'recording', reason: '', stateSince: at, bitsPerSecond: 1, version: 3 }
  test('takes its state from the stream and keeps what the stream does not tell', () => {
    const [patched] = patchCameras([camera], change('Camera', 'c1', { state: 'stalled', stateSince: '2026-01-01T10:01:00Z', reason: 'No packet for 5 s', recorded: true, name: 'Gate' }))
    expect(patched).toMatchObject({ state: 'stalled', reason: 'No packet for 5 s', heading: 90, bitsPerSecond: 1, version: 3 })
    expect(patchCameras([patched as Camera], change('Camera', 'c1', { state: 'recording', stateSince: at }))[0]).toMatchObject({ state: 'stalled', reason: 'No packet for 5 s' })
  })
  test('appears when it is new and has a place, and goes when it is removed', () => {
    expect(patchCameras([], change('Camera', 'c2', { name: 'Quay' }, 'created'))).toEqual([])
    expect(patchCameras([], change('Camera', 'c2', { name: 'Quay', location: camera.place, state: 'nonsense' }, 'created'))[0]).toMatchObject({ id: 'c2', name: 'Quay', state: 'connecting' })
    expect(patchCameras([camera], change('Camera', 'c1', null, 'deleted'))).toEqual([])
  })
})
