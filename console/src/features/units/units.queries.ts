import { type QueryClient, queryOptions, useQueryClient } from '@tanstack/react-query'
import { fetchAll, request } from '../../api/http'
import { cacheKeys } from '../../api/keys'
import type { Incident, Unit, UnitState } from '../../api/types'
import { textNow } from '../../i18n'
import { cityNow, fetchedWithChanges, patchAssigned, patchUnits } from '../../live'
import { perform } from '../../ui'

export const unitsQuery = queryOptions({
  queryKey: cacheKeys.units,
  queryFn: ({ signal }) => fetchedWithChanges('Unit', () => fetchAll<Unit>('/api/units?limit=500', signal), patchUnits),
  staleTime: Number.POSITIVE_INFINITY,
})

function put(client: QueryClient, unit: Unit): void {
  client.setQueryData<Unit[]>(cacheKeys.units, (held) => held?.map((one) => (one.id === unit.id ? { ...one, ...unit } : one)))
  client.setQueryData<Incident[]>(cacheKeys.openIncidents, (held) => held && patchAssigned(held, unit))
  if (unit.incident) client.setQueryData<Incident>(cacheKeys.incident(unit.incident), (held) => held && patchAssigned([held], unit)[0])
}

export function useSetStatus(): (unit: Unit, status: { code: string; state: UnitState; name: string }) => Promise<boolean> {
  const client = useQueryClient()
  const t = textNow()
  return (unit, status) => {
    const names = { unit: unit.callSign, status: status.name }
    return perform({
      done: t('actions.statusSet', names),
      failed: t('actions.statusFailed', names),
      send: (key) => request<Unit>('POST', `/api/units/${encodeURIComponent(unit.id)}/status`, { body: { code: status.code }, key }),
      apply: () => {
        put(client, { ...unit, status: { code: status.code, state: status.state, since: new Date(cityNow()).toISOString() } })
        return () => put(client, unit)
      },
      settled: (answer) => put(client, answer),
    })
  }
}
