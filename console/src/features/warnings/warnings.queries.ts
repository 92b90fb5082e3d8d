import { queryOptions } from '@tanstack/react-query'
import { fetchAll, request } from '../../api/http'
import { cacheKeys } from '../../api/keys'
import type { Page, Warning } from '../../api/types'
import { fetchedWithChanges, patchWarnings } from '../../live'

export const activeWarningsQuery = queryOptions({
  queryKey: cacheKeys.activeWarnings,
  queryFn: ({ signal }) => fetchedWithChanges('Alert', () => fetchAll<Warning>('/api/warnings?state=active&limit=500', signal, 5_000), patchWarnings),
  staleTime: Number.POSITIVE_INFINITY,
})

export const endedWarningsQuery = queryOptions({
  queryKey: cacheKeys.endedWarnings,
  queryFn: async ({ signal }) => (await request<Page<Warning>>('GET', '/api/warnings?state=ended&limit=500', { signal })).items,
  staleTime: 60_000,
})

export const warningQuery = (id: string) =>
  queryOptions({
    queryKey: cacheKeys.warning(id),
    queryFn: ({ signal }) => request<Warning>('GET', `/api/warnings/${encodeURIComponent(id)}`, { signal }),
    staleTime: 60_000,
  })
