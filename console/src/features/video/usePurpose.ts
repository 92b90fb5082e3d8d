import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { request } from '../../api/http'
import { useCity, useSignedIn } from '../../api/session'
import { nameIn } from '../../format'
import { useText } from '../../i18n'
import { cityNow } from '../../live'
import { perform } from '../../ui'
import { openIncidentsQuery } from '../incidents'
import type { Purpose } from './purpose'

/** Grants that a person took in this tab for looking at cameras without an incident, by purpose. */
type Taken = { id: string; until: number; purpose: string; person: string }
let taken: Taken | null = null
const listeners = new Set<() => void>()

function put(next: Taken | null): void {
  taken = next
  for (const listener of listeners) listener()
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export type Chosen = { purpose: Purpose; words: string | null }

/** Under what the screen looks: the incident of the address, else the purpose that was taken; and how to choose another. */
export function usePurpose(incident: string | undefined, choose: (incident: string | undefined) => void) {
  const { t, language } = useText()
  const city = useCity()
  const client = useQueryClient()
  const session = useSignedIn()
  const held = useSyncExternalStore(listen, () => taken)
  const open = useQuery(openIncidentsQuery(client)).data ?? []
  const person = session.person.id
  const name = (code: string) => nameIn(city.purposes.find((one) => one.code === code)?.name ?? code, language, city.languages)
  const typeName = (code: string) => nameIn(city.incidentTypes.find((one) => one.code === code)?.name ?? code, language, city.languages)
  const grant = held && held.person === person && held.until > cityNow() ? held : null
  const current = open.find((one) => one.id === incident)
  const chosen: Chosen = incident
    ? { purpose: { case: incident }, words: current?.number ?? t('video.incident') }
    : grant ? { purpose: { grant: grant.id }, words: name(grant.purpose) } : { purpose: {}, words: null }
  const take = (purpose: string) =>
    perform({
      done: t('video.taken', { purpose: name(purpose) }),
      failed: t('video.takeFailed', { purpose: name(purpose) }),
      quiet: true,
      send: (key) => request<{ id: string; until: string }>('POST', '/api/grants', { body: { purpose }, key }),
      settled: (answer) => {
        put({ id: answer.id, until: Date.parse(answer.until), purpose, person })
        choose(undefined)
      },
    })
  return {
    chosen,
    value: incident ? `case ${incident}` : grant ? `purpose ${grant.purpose}` : '',
    incidents: open.map((one) => ({ id: one.id, words: `${one.number} ${typeName(one.type)}` })),
    purposes: city.purposes.filter((one) => !one.needsCase && (one.roles?.some((role) => session.roles.includes(role)) ?? true)).map((one) => ({ code: one.code, words: name(one.code) })),
    pick: (value: string) => {
      const [kind, id] = [value.slice(0, value.indexOf(' ')), value.slice(value.indexOf(' ') + 1)]
      if (kind === 'case') choose(id)
      else if (kind === 'purpose') void take(id)
      else {
        put(null)
        choose(undefined)
      }
    },
  }
}
