import type { Caller, Incident, Severity } from '../../api/types'
import { coordinates, readCoordinates } from '../../format'
import type { Point } from 'geojson'
import type { Draft } from './incident'

export type IncidentPatch = { type?: string; priority?: Severity; place?: Point; description?: string; caller?: { name?: string; phone?: string } }

/** The incident as the form shows it. */
export function draftOf(incident: Incident): Draft {
  return {
    type: incident.type,
    priority: incident.priority,
    place: incident.place ? coordinates(incident.place) : '',
    description: incident.description ?? '',
    callerName: incident.caller?.name ?? '',
    callerPhone: incident.caller?.phone ?? '',
  }
}

/** What a person has changed, and only that: what others change meanwhile stays theirs. */
export function patchOf(before: Incident, draft: Draft): IncidentPatch {
  const old = draftOf(before)
  const patch: IncidentPatch = {}
  if (draft.type !== old.type) patch.type = draft.type
  if (draft.priority !== null && draft.priority !== old.priority) patch.priority = draft.priority
  const place = readCoordinates(draft.place)
  if (place && draft.place !== old.place) patch.place = place
  if (draft.description.trim() !== old.description.trim()) patch.description = draft.description.trim()
  const [name, phone] = [draft.callerName.trim(), draft.callerPhone.trim()]
  if (name !== old.callerName || phone !== old.callerPhone) patch.caller = { ...(name ? { name } : {}), ...(phone ? { phone } : {}) }
  return patch
}

export type Difference = { member: 'type' | 'priority' | 'place' | 'description' | 'caller' | 'state' | 'units'; now: string }

/** What others have changed since one looked. What is withheld from one of the two is not compared. */
export function differences(before: Incident, now: Incident): Difference[] {
  const found: Difference[] = []
  const compare = (member: Difference['member'], a: string | undefined, b: string | undefined) => {
    if (a !== undefined && b !== undefined && a !== b) found.push({ member, now: b })
  }
  const caller = (one: Caller | null | undefined) => [one?.name, one?.phone].filter(Boolean).join(' ')
  compare('type', before.type, now.type)
  compare('priority', String(before.priority), String(now.priority))
  compare('place', before.place ? coordinates(before.place) : '', now.place ? coordinates(now.place) : '')
  compare('description', before.description ?? undefined, now.description ?? undefined)
  if (before.description !== null && before.description !== undefined) compare('caller', caller(before.caller), caller(now.caller))
  compare('state', before.state, now.state)
  const units = (one: Incident) => one.units.map((unit) => unit.callSign).sort().join(' ')
  compare('units', units(before), units(now))
  return found
}
