import { queryOptions } from '@tanstack/react-query'
import { request } from '../../api/http'
import { cacheKeys } from '../../api/keys'
import type { Page } from '../../api/types'
import { cityNow } from '../../live'
import { cameraPath } from './purpose'

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

/** What is wrong with pictures that do come: open findings only. */
export const healthQuery = queryOptions({
  queryKey: cacheKeys.cameraHealth,
  queryFn: async ({ signal }) => {
    const told = await request<{ findings?: (Partial<Finding> & { kind?: string; openedAt?: string; finding?: string })[] }>('GET', '/api/video/health', { signal })
    return (told.findings ?? []).flatMap((one): Finding[] =>
      one.camera && (one.kind === 'black' || one.kind === 'frozen' || one.kind === 'moved') ? [{ id: one.id ?? `${one.camera} ${one.kind}`, camera: one.camera, kind: one.kind, since: one.since ?? one.openedAt ?? new Date(cityNow()).toISOString() }] : [],
    )
  },
  refetchInterval: 30_000,
  retry: false,
})
