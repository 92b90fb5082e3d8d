import { useEffect, useState } from 'react'
import { request } from '../../api/http'
import { cityNow } from '../../live'
import { cameraPath, type Purpose, under } from './purpose'
import { stripAt, type Tile, tileAt } from './strip'

const restsMs = 120
const keptMost = 40
/** A strip that reaches up to now is asked for again after this. */
const youngMs = 20_000

type Kept = { tiles: readonly Tile[]; until: number }
type Answer = { items: { takenAt: string; jpeg: string }[] }

/** Strips already looked at, by camera, zoom and purpose; the oldest go first. */
const kept = new Map<string, Kept>()

function keep(key: string, strip: Kept): void {
  kept.delete(key)
  kept.set(key, strip)
  for (const old of kept.keys()) {
    if (kept.size <= keptMost) break
    kept.delete(old)
  }
}

/** A small picture of a moment, once the pointer rests near it: one answer brings those of its neighbours, too. */
export function useThumb(camera: string | null, wall: number | null, msPerPixel: number, purpose: Purpose | null): string | null {
  const strip = wall === null ? null : stripAt(wall, msPerPixel)
  const key = camera === null || strip === null || purpose === null ? null : `${camera} ${strip.from} ${strip.step} ${purpose.grant ?? purpose.case ?? ''}`
  const [, setAnswered] = useState(0)
  const { grant, case: incident } = purpose ?? {}
  const { from, to, step } = strip ?? {}
  useEffect(() => {
    if (key === null || camera === null || from === undefined || to === undefined || step === undefined) return
    if ((kept.get(key)?.until ?? 0) > Date.now()) return
    const abort = new AbortController()
    const timer = setTimeout(() => {
      const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString(), step: String(step / 1_000), width: '160' }
      request<Answer>('GET', cameraPath(camera, `thumbnails${under({ grant, case: incident }, span)}`), { signal: abort.signal, timeoutMs: 8_000 }).then(
        ({ items }) => {
          const tiles = items.map((one) => ({ at: Date.parse(one.takenAt), src: `data:image/jpeg;base64,${one.jpeg}` }))
          keep(key, { tiles, until: to > cityNow() - youngMs ? Date.now() + youngMs : Infinity })
          setAnswered((before) => before + 1)
        },
        () => {},
      )
    }, restsMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [key, camera, from, to, step, grant, incident])
  if (key === null || wall === null || step === undefined) return null
  return tileAt(kept.get(key)?.tiles ?? [], wall, step)?.src ?? null
}
