import { queryOptions } from '@tanstack/react-query'
import { request } from '../../api/http'
import { cacheKeys } from '../../api/keys'

export const faults = ['none', 'stop', 'stall', 'cut', 'frozen', 'black', 'moved'] as const
export type Fault = (typeof faults)[number]

/** What the demo's own process tells of its invented city. */
export type DemoState = {
  speed: number
  callsPaused: boolean
  calls: number
  units: { id: string; callSign: string; kind: string; doing: string; linked: boolean }[]
  cameras: { id: string; name: string; fault: string }[]
  scenes: { id: string; title: string }[]
}
export type Invented = { username: string; name: string; roles: Record<string, string[]> }

export const demoQuery = queryOptions({
  queryKey: cacheKeys.demo,
  queryFn: ({ signal }) => request<DemoState>('GET', '/api/demo/state', { signal }),
  refetchInterval: 3_000,
  retry: false,
})

export const inventedQuery = queryOptions({
  queryKey: [...cacheKeys.demo, 'people'],
  queryFn: async ({ signal }) => (await request<{ items: Invented[] }>('GET', '/api/session/people', { signal })).items,
  staleTime: 60_000,
  retry: false,
})
