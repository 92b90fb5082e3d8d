import { useSyncExternalStore } from 'react'
import { cityNow } from './link'

let second = Math.floor(cityNow() / 1000)
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function listen(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    const now = Math.floor(cityNow() / 1000)
    if (now === second) return
    second = now
    for (const each of listeners) each()
  }, 250)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }
}

/** The city's time in ms, in whole steps of so many seconds; renders anew with each step. */
export function useNow(step = 1): number {
  return useSyncExternalStore(listen, () => Math.floor(second / step) * step) * 1000
}
