import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import type { Point } from 'geojson'
import { newKey, Refused, request } from '../../api/http'
import { newId } from '../../api/ids'
import { cacheKeys } from '../../api/keys'
import { cityQuery, sessionQuery } from '../../api/session'
import type { Incident, Severity, Unit } from '../../api/types'
import { nameIn } from '../../format'
import { textNow, useText } from '../../i18n'
import { cityNow } from '../../live'
import { ChangedMeanwhile, perform } from '../../ui'
import { type Difference, differences, type IncidentPatch } from './changes'
import { grantFor, rememberGrant } from './incidents.queries'

export type NewIncident = {
  type: string
  priority: Severity
  place: Point
  description: string
  caller?: { name?: string; phone?: string }
}

const path = (incident: Pick<Incident, 'id'>, rest = '') => `/api/incidents/${encodeURIComponent(incident.id)}${rest}`

/** Brings an answer into everything that shows the incident. An answer older than what is held is left out. */
function put(client: QueryClient, incident: Incident): void {
  const place = (state: 'open' | 'closed') => (held: Incident[] | undefined) => {
    if (!held) return held
    const others = held.filter((one) => one.id !== incident.id)
    const old = held.find((one) => one.id === incident.id)
    if (old && !old.pending && old.version > incident.version) return held
    return incident.state === state ? [...others, incident] : others
  }
  client.setQueryData(cacheKeys.openIncidents, place('open'))
  client.setQueryData(cacheKeys.closedIncidents, place('closed'))
  client.setQueryData<Incident>(cacheKeys.incident(incident.id), (held) => (held && held.version > incident.version ? held : incident))
  void client.invalidateQueries({ queryKey: cacheKeys.timeline(incident.id) })
}

/** Changes the incident wherever it is held, before the server has said so. */
function change(client: QueryClient, id: string, by: (incident: Incident) => Incident): void {
  const inList = (held: Incident[] | undefined) => held?.map((one) => (one.id === id ? by(one) : one))
  client.setQueryData(cacheKeys.openIncidents, inList)
  client.setQueryData(cacheKeys.closedIncidents, inList)
  client.setQueryData<Incident>(cacheKeys.incident(id), (held) => held && by(held))
}

/** The newest version of each incident whose changes by others a person was told of. */
const toldOf = new Map<string, number>()

/**
 * Sends a change with the version that was seen. Where others were first, their changes are fetched: if none of them
 * shows, ours is sent again, else the person is told and may apply it after all.
 */
async function sendChange(client: QueryClient, seen: Incident, body: IncidentPatch | { state: 'open' | 'closed' }, key: string, words: (found: Difference[]) => string): Promise<Incident> {
  const send = (version: number, once: string) => request<Incident>('PATCH', path(seen), { body, key: once, grant: grantFor(seen.id), ifMatch: version })
  const known = toldOf.get(seen.id) ?? 0
  try {
    // After others were told of, the key is another one: the refused try is not to be answered again.
    return await send(Math.max(seen.version, known), known > seen.version ? newKey() : key)
  } catch (failure) {
    if (!(failure instanceof Refused && failure.problem.type.endsWith('/incident-changed'))) throw failure
    const now = await request<Incident>('GET', path(seen), { grant: grantFor(seen.id) })
    put(client, now)
    const found = differences(seen, now)
    if (found.length === 0) return send(now.version, newKey())
    toldOf.set(seen.id, now.version)
    throw new ChangedMeanwhile(words(found), { cause: failure })
  }
}

const without = (unit: string) => (incident: Incident) => ({ ...incident, units: incident.units.filter((one) => one.id !== unit) })

function actions(client: QueryClient, language: string) {
  const t = textNow()
  const typeName = (code: string) => {
    const city = client.getQueryData(cityQuery.queryKey)
    return nameIn(city?.incidentTypes.find((one) => one.code === code)?.name ?? code, language, city?.languages)
  }
  const city = client.getQueryData(cityQuery.queryKey)
  const words = (found: Difference[]) =>
    found.map(({ member, now }) => {
      const label = t(`incident.${member}`)
      if (member === 'type') return `${label}: ${typeName(now)}`
      if (member === 'priority') return `${label}: ${now} ${nameIn(city?.priorities.find((one) => String(one.level) === now)?.name, language, city?.languages)}`
      if (member === 'state') return t(now === 'open' ? 'incident.stateOpen' : 'incident.stateClosed')
      return `${label}: ${now || '–'}`
    }).join(' · ')
  // An undo follows what was just done: it is the newest state that it turns back.
  const latest = (incident: Incident) => {
    const held = client.getQueryData<Incident>(cacheKeys.incident(incident.id))
    return held && held.version > incident.version ? { ...incident, version: held.version } : incident
  }
  const own = {
    assign(incident: Incident, unit: Pick<Unit, 'id' | 'callSign' | 'kind' | 'status'>): Promise<boolean> {
      const names = { unit: unit.callSign, incident: incident.number }
      const at = new Date(cityNow()).toISOString()
      return perform({
        done: t('actions.assigned', names),
        failed: t('actions.assignFailed', names),
        send: (key) => request<Incident>('POST', path(incident, '/units'), { body: { unit: unit.id }, key, grant: grantFor(incident.id) }),
        apply: () => {
          change(client, incident.id, (held) =>
            held.units.some((one) => one.id === unit.id) ? held
            : { ...held, units: [...held.units, { ...unit, assignedAt: at, status: { ...unit.status, state: 'ASSIGNED', since: at }, pending: true }] },
          )
          return () => change(client, incident.id, without(unit.id))
        },
        settled: (answer) => put(client, answer),
        undo: () => void own.release(incident, unit, true),
      })
    },
    release(incident: Incident, unit: Pick<Unit, 'id' | 'callSign' | 'kind' | 'status'>, undoing = false): Promise<boolean> {
      const names = { unit: unit.callSign, incident: incident.number }
      return perform({
        done: t('actions.released', names),
        failed: t('actions.releaseFailed', names),
        send: (key) => request<Incident>('DELETE', path(incident, `/units/${encodeURIComponent(unit.id)}`), { key, grant: grantFor(incident.id) }),
        apply: () => {
          const link = client.getQueryData<Incident[]>(cacheKeys.openIncidents)?.find((one) => one.id === incident.id)?.units.find((one) => one.id === unit.id)
          change(client, incident.id, without(unit.id))
          return () => link && change(client, incident.id, (held) => ({ ...without(unit.id)(held), units: [...without(unit.id)(held).units, link] }))
        },
        settled: (answer) => put(client, answer),
        ...(undoing ? {} : { undo: () => void own.assign(incident, unit) }),
      })
    },
    setState(incident: Incident, state: 'open' | 'closed', undoing = false): Promise<boolean> {
      const names = { incident: incident.number }
      return perform({
        done: t(state === 'closed' ? 'actions.closed' : 'actions.reopened', names),
        failed: t(state === 'closed' ? 'actions.closeFailed' : 'actions.reopenFailed', names),
        send: (key) => sendChange(client, latest(incident), { state }, key, words),
        settled: (answer) => put(client, answer),
        ...(undoing ? {} : { undo: () => void own.setState(incident, state === 'closed' ? 'open' : 'closed', true) }),
      })
    },
    setPriority(incident: Incident, priority: Severity): Promise<boolean> {
      const names = { incident: incident.number, priority }
      const before = incident.priority
      return perform({
        done: t('actions.prioritySet', names),
        failed: t('actions.priorityFailed', names),
        send: (key) => sendChange(client, incident, { priority }, key, words),
        apply: () => {
          change(client, incident.id, (held) => ({ ...held, priority }))
          return () => change(client, incident.id, (held) => (held.priority === priority ? { ...held, priority: before } : held))
        },
        settled: (answer) => put(client, answer),
      })
    },
    edit(incident: Incident, patch: IncidentPatch, done: () => void): Promise<boolean> {
      const names = { incident: incident.number }
      return perform({
        done: t('actions.described', names),
        failed: t('actions.describeFailed', names),
        send: (key) => sendChange(client, incident, patch, key, words),
        settled: (answer) => {
          put(client, answer)
          done()
        },
      })
    },
    addNote(incident: Incident, text: string): Promise<boolean> {
      const names = { incident: incident.number }
      return perform({
        done: t('actions.noted', names),
        failed: t('actions.noteFailed', names),
        quiet: true,
        send: (key) => request<unknown>('POST', path(incident, '/notes'), { body: { text }, key, grant: grantFor(incident.id) }),
        settled: () => void client.invalidateQueries({ queryKey: cacheKeys.timeline(incident.id) }),
      })
    },
    /** Resolves to the incident's id once it is saved, else to null. */
    async create(wanted: NewIncident): Promise<string | null> {
      const id = newId('Incident', cityNow())
      const at = new Date(cityNow()).toISOString()
      const session = client.getQueryData(sessionQuery.queryKey)
      const names = { type: typeName(wanted.type) }
      const shown: Incident = {
        ...wanted, id, number: '…', state: 'open', openedAt: at, modifiedAt: at, closedAt: null, version: 0, units: [], pending: true,
        organisation: session?.signedIn ? session.organisation.id : '',
      }
      const drop = (held: Incident[] | undefined) => held?.filter((one) => !(one.id === id && one.pending))
      const saved = await perform({
        done: t('actions.created', names),
        failed: t('actions.createFailed', names),
        send: (key) => request<Incident>('POST', '/api/incidents', { body: { id, ...wanted }, key }),
        apply: () => {
          client.setQueryData<Incident[]>(cacheKeys.openIncidents, (held) => held && [...held.filter((one) => one.id !== id), shown])
          return () => client.setQueryData(cacheKeys.openIncidents, drop)
        },
        settled: (answer) => put(client, answer),
      })
      return saved ? id : null
    },
    askAccess(incident: Incident, purpose: string): Promise<boolean> {
      return perform({
        done: t('actions.granted', { incident: incident.number }),
        failed: t('actions.grantFailed', { incident: incident.number }),
        send: (key) => request<{ id: string; until: string }>('POST', '/api/grants', { body: { purpose, case: incident.id }, key }),
        settled: (grant) => {
          rememberGrant(incident.id, grant.id)
          void client.invalidateQueries({ queryKey: cacheKeys.incident(incident.id) })
          void client.invalidateQueries({ queryKey: cacheKeys.timeline(incident.id) })
        },
      })
    },
  }
  return own
}

export type IncidentActions = ReturnType<typeof actions>

export function useIncidentActions(): IncidentActions {
  const client = useQueryClient()
  const { language } = useText()
  return actions(client, language)
}
