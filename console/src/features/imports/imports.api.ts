import type { Geometry } from 'geojson'
import { queryOptions } from '@tanstack/react-query'
import { request, requestAs } from '../../api/http'
import { cacheKeys } from '../../api/keys'
import type { Mapping } from './mapping'

export type Dialect = { format: 'csv' | 'geojson' | 'json'; encoding?: string | null; delimiter?: string | null; quote?: string | null; decimal?: string | null }
export type RunState = 'ready' | 'running' | 'done' | 'stopped' | 'undoing' | 'undone'
export type Run = {
  id: string
  name: string
  state: RunState
  dialect: Dialect
  bytes: number
  rows: number
  counts: { read: number; created: number; updated: number; unchanged: number; refused: number; reverted: number; kept: number }
  by: string
  at: string
  startedAt: string | null
  endedAt: string | null
  mapping: Mapping | null
  fault: string | null
}
export type Fault = { n: number; row: number | null; line: number | null; column: string | null; entity: string | null; reason: string }
export type Shown = { row: number; line: number; what: 'create' | 'update' | null; entity: Record<string, unknown> | null; faults: { column: string | null; reason: string }[] }
export type Preview = { mapping: Mapping; dialect: Dialect; columns: { name: string; samples: unknown[] }[]; rows: Shown[]; fault: string | null }

const door = '/api/hub/imports'
const hour = 3_600_000

export const isAtWork = (run: Run) => run.state === 'running' || run.state === 'undoing'

export const runsQuery = queryOptions({
  queryKey: cacheKeys.imports,
  queryFn: ({ signal }) => request<{ items: Run[] }>('GET', door, { signal }).then((page) => page.items),
  // While something goes on its progress is followed.
  refetchInterval: (query) => (query.state.data?.some(isAtWork) ? 1_000 : 10_000),
})

export const faultsQuery = (run: Run) => queryOptions({
  queryKey: cacheKeys.importFaults(run.id, run.counts.refused + run.counts.kept),
  queryFn: ({ signal }) => request<{ items: Fault[] }>('GET', `${door}/${run.id}/errors`, { signal }).then((page) => page.items),
})

/** What a mapping makes of the first rows; without one, of the one that is guessed. */
export const previewQuery = (id: string, mapping: Mapping | null) => queryOptions({
  queryKey: cacheKeys.importPreview(id, JSON.stringify(mapping)),
  queryFn: ({ signal }) => request<Preview>('POST', `${door}/${id}/preview`, { body: mapping ? { mapping } : {}, signal }),
  retry: false,
  staleTime: hour,
  gcTime: 60_000,
})

export const sendFile = (file: File, key: string) =>
  requestAs('POST', `${door}?name=${encodeURIComponent(file.name)}`, { sent: { type: 'application/octet-stream', body: file }, key, timeoutMs: hour / 2 }, 'application/json', (answer) => answer.json() as Promise<Run>).then(({ text }) => text)
export const startRun = (id: string, mapping: Mapping, key: string) => request<Run>('POST', `${door}/${id}/start`, { body: { mapping }, key })
export const undoRun = (id: string, key: string) => request<Run>('POST', `${door}/${id}/undo`, { key })
export const discardFile = (id: string, key: string) => request<void>('DELETE', `${door}/${id}`, { key })
export const reportAddress = (id: string) => `${door}/${id}/errors?format=csv`

/** The first place of an entity that is shown, if it has one. */
export function placeOf(shown: Shown): Geometry | null {
  for (const attribute of Object.values(shown.entity ?? {})) {
    const one = attribute as { type?: string; value?: Geometry } | null
    if (one?.type === 'GeoProperty' && one.value) return one.value
  }
  return null
}
