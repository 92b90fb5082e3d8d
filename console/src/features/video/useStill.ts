import { useEffect, useState } from 'react'
import { type Problem, Refused, requestAs } from '../../api/http'
import { cameraPath, type Purpose, under } from './purpose'

export type Still = { src: string | null; at: number; problem: Problem | null }

const everyMs = 10_000
/** While there is no picture at all, it is asked for sooner. */
const missingMs = 2_000
const none: Still = { src: null, at: 0, problem: null }

/** A still picture, asked for again while it is all there is. The picture before is let go of. */
export function useStill(camera: string, purpose: Purpose, wanted: boolean, width: number): Still {
  const [still, setStill] = useState<Still>(none)
  const { grant, case: incident } = purpose
  useEffect(() => {
    if (!wanted) return
    const abort = new AbortController()
    let held: string | null = null
    let timer: ReturnType<typeof setTimeout> | undefined
    const again = () => {
      timer = setTimeout(ask, held === null ? missingMs : everyMs)
    }
    const ask = () => {
      if (document.hidden) return again()
      const at = Date.now()
      requestAs('GET', cameraPath(camera, `snapshot.jpg${under({ grant, case: incident }, { width: String(width) })}`), { signal: abort.signal, timeoutMs: 8_000 }, 'image/jpeg', (answer) => answer.blob()).then(
        ({ text: picture, response }) => {
          if (abort.signal.aborted) return
          const src = URL.createObjectURL(picture)
          const before = held
          held = src
          const takenAt = Date.parse(response.headers.get('Conurb-Taken-At') ?? '')
          setStill({ src, at: Number.isNaN(takenAt) ? at : takenAt, problem: null })
          if (before) setTimeout(() => URL.revokeObjectURL(before), 1_000)
          again()
        },
        (cause: unknown) => {
          if (abort.signal.aborted) return
          const denied = cause instanceof Refused && (cause.problem.status === 401 || cause.problem.status === 403)
          setStill((old) => ({ ...old, problem: cause instanceof Refused ? cause.problem : null }))
          if (!denied) again()
        },
      )
    }
    ask()
    return () => {
      abort.abort()
      clearTimeout(timer)
      if (held) URL.revokeObjectURL(held)
      setStill(none)
    }
  }, [camera, grant, incident, wanted, width])
  return still
}
