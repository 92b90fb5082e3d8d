import { useEffect, useState } from 'react'
import { requestAs } from '../../api/http'
import { cameraPath, type Purpose, under } from './purpose'

const grainMs = 10_000
const restsMs = 120
const keptMost = 60

/** Small pictures of moments already looked at, by camera and moment; the oldest go first. */
const kept = new Map<string, string>()

function keep(key: string, picture: Blob): string {
  const src = URL.createObjectURL(picture)
  kept.set(key, src)
  for (const [old, oldSrc] of kept) {
    if (kept.size <= keptMost) break
    URL.revokeObjectURL(oldSrc)
    kept.delete(old)
  }
  return src
}

/** A small picture of a moment, once the pointer rests on it. It stands under the same purpose as playing. */
export function useThumb(camera: string | null, wall: number | null, purpose: Purpose | null): string | null {
  const moment = wall === null ? null : Math.floor(wall / grainMs) * grainMs
  const key = camera === null || moment === null || purpose === null ? null : `${camera} ${moment} ${purpose.grant ?? purpose.case ?? ''}`
  const [shown, setShown] = useState<{ key: string; src: string } | null>(null)
  const { grant, case: incident } = purpose ?? {}
  useEffect(() => {
    if (key === null || camera === null || moment === null) return
    const held = kept.get(key)
    if (held) return setShown({ key, src: held })
    const abort = new AbortController()
    const timer = setTimeout(() => {
      requestAs('GET', cameraPath(camera, `snapshot.jpg${under({ grant, case: incident }, { at: new Date(moment).toISOString(), width: '160' })}`), { signal: abort.signal, timeoutMs: 5_000 }, 'image/jpeg', (answer) => answer.blob())
        .then(({ text: picture }) => setShown({ key, src: keep(key, picture) }))
        .catch(() => {})
    }, restsMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [key, camera, moment, grant, incident])
  return shown !== null && shown.key === key ? shown.src : null
}
