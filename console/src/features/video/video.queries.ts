import { queryOptions } from '@tanstack/react-query'
import { request } from '../../api/http'
import { cacheKeys } from '../../api/keys'
import type { Page } from '../../api/types'
import { cityNow } from '../../live'
import { cameraPath } from './purpose'
import type { Uptimes } from './districtUptime'

export const gapReasons = ['unknown', 'unreachable', 'silent', 'no-key-frame', 'packets-lost', 'overrun', 'disk-full', 'disk-failed', 'clock-jump', 'stream-restarted', 'not-running', 'switched-off', 'damaged'] as const
export type GapReason = (typeof gapReasons)[number]
export type Gap = { from: number; to: number; reason: GapReason }
export type CameraDay = { from: number; to: number; covered: { from: number; to: number }[]; gaps: Gap[]; coveredSeconds: number; bytes: number }
type Told = { from: string; to: string }
type ToldDay = Told & { covered: Told[]; gaps: (Told & { reason: string })[]; coveredSeconds: number; bytes: number }

const span = (one: Told) => ({ from: Date.parse(one.from), to: Date.parse(one.to) })

export function readDay(told: ToldDay): CameraDay {
  const reason = (text: string): GapReason => gapReasons.find((one) => one === text) ?? 'unknown'
  return {
    ...span(told),
    covered: told.covered.map(span),
    gaps: told.gaps.map((one) => ({ ...span(one), reason: reason(one.reason) })),
    coveredSeconds: told.coveredSeconds,
    bytes: told.bytes,
  }
}

/** A camera's day in the city's time zone. What is still being written grows, so today is asked for again. */
export const dayQuery = (id: string, day: string, today: boolean) =>
  queryOptions({
    queryKey: cacheKeys.cameraDay(id, day),
    queryFn: async ({ signal }) => readDay(await request<ToldDay>('GET', cameraPath(id, `timeline?day=${day}`), { signal })),
    staleTime: today ? 10_000 : 5 * 60_000,
    ...(today ? { refetchInterval: 20_000 } : {}),
  })

/** Why a moment is not recorded, where that is known. */
export function reasonAt(day: CameraDay | undefined, wall: number): GapReason | null {
  return day?.gaps.find((gap) => wall >= gap.from && wall < gap.to)?.reason ?? null
}

export type ExportState = 'queued' | 'running' | 'ready' | 'failed' | 'expired'
export type ExportPart = { camera: string; from: string; to: string }
export type VideoExport = {
  id: string
  state: ExportState
  percent: number
  by: string
  case: string
  reason: string
  parts: (ExportPart & { name: string; organisation: string })[]
  at: string
  finishedAt: string | null
  detail: string
  bytes: number
  sha256: string
  bundle?: string
}

export const exportsQuery = queryOptions({
  queryKey: cacheKeys.videoExports,
  queryFn: async ({ signal }) => (await request<Page<VideoExport>>('GET', '/api/video/exports?limit=100', { signal })).items,
  refetchInterval: (query) => (query.state.data?.some((one) => one.state === 'queued' || one.state === 'running') ? 1_500 : 30_000),
})

export type FindingKind = 'black' | 'frozen' | 'moved'
export type Finding = { id: string; camera: string; kind: FindingKind; since: string }

type ToldFinding = { id: string; kind?: string; camera?: string; openedAt?: string }

/** The kind of a finding about a picture; null for those about recording, which the camera's own state tells. */
export function pictureFinding(kind: string | undefined): FindingKind | null {
  return (['black', 'frozen', 'moved'] as const).find((one) => kind?.toLowerCase().includes(one)) ?? null
}

/** The last 24 hours; changes slowly. */
export const uptimeQuery = queryOptions({
  queryKey: cacheKeys.cameraUptime,
  queryFn: ({ signal }) => request<Uptimes>('GET', '/api/video/uptime', { signal }),
  refetchInterval: 60_000,
  retry: false,
})

/** What is wrong with pictures that do come: open findings only. */
export const healthQuery = queryOptions({
  queryKey: cacheKeys.cameraHealth,
  queryFn: async ({ signal }) => {
    const query = new URLSearchParams({ type: 'CameraFinding', q: 'state=="open"', options: 'keyValues', limit: '500' })
    const told = await request<ToldFinding[]>('GET', `/ngsi-ld/v1/entities?${query.toString()}`, { signal })
    return told.flatMap((one): Finding[] => {
      const kind = pictureFinding(one.kind)
      return kind && one.camera ? [{ id: one.id, camera: one.camera, kind, since: one.openedAt ?? new Date(cityNow()).toISOString() }] : []
    })
  },
  refetchInterval: 60_000,
  retry: false,
})
