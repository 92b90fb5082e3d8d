import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { cacheKeys } from '../../api/keys'
import { fetchAll, request } from '../../api/http'
import type { Incident, Page, TimelineItem, Unit } from '../../api/types'
import { fetchedWithChanges, patchIncidents } from '../../live'

const most = 2_000

export const openIncidentsQuery = (client: QueryClient) =>
  queryOptions({
    queryKey: cacheKeys.openIncidents,
    queryFn: ({ signal }) =>
      fetchedWithChanges('Incident', () => fetchAll<Incident>('/api/incidents?state=open&limit=500', signal, most), (held, change) =>
        patchIncidents(held, change, client.getQueryData<Unit[]>(cacheKeys.units) ?? []),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** The last hundred closed ones: enough to reopen what was closed by mistake. */
export const closedIncidentsQuery = queryOptions({
  queryKey: cacheKeys.closedIncidents,
  queryFn: async ({ signal }) => (await request<Page<Incident>>('GET', '/api/incidents?state=closed&limit=100', { signal })).items,
  staleTime: 30_000,
})

const grants = new Map<string, string>()

/** Remembers the grant a person asked for, so that what it opens is shown while it lasts. */
export function rememberGrant(incident: string, grant: string): void {
  grants.set(incident, grant)
}

export function grantFor(incident: string): string | undefined {
  return grants.get(incident)
}

export const incidentQuery = (id: string) =>
  queryOptions({
    queryKey: cacheKeys.incident(id),
    queryFn: ({ signal }) => request<Incident>('GET', `/api/incidents/${encodeURIComponent(id)}`, { signal, grant: grantFor(id) }),
    staleTime: 60_000,
  })

/** Every mark, notes too, makes a change of its incident: the stream tells when to ask again. */
export const timelineQuery = (id: string) =>
  queryOptions({
    queryKey: cacheKeys.timeline(id),
    queryFn: ({ signal }) =>
      request<{ items: TimelineItem[] }>('GET', `/api/incidents/${encodeURIComponent(id)}/timeline`, { signal, grant: grantFor(id) }),
    staleTime: 60_000,
  })
