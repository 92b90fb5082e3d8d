import { useSyncExternalStore } from 'react'

/** What is being replayed. One at a time: two voices at once are none. */
export type Replay = { id: string; state: 'loading' | 'playing' | 'failed'; at: number; of: number; why?: string } | null

let replay: Replay = null
let audio: HTMLAudioElement | null = null
let turn = 0
const listeners = new Set<() => void>()

function put(next: Replay): void {
  replay = next
  for (const listener of listeners) listener()
}

/** Fetches and plays; whatever played before stops. A second call for the same one stops it. */
export async function playSpurt(id: string, fetchIt: () => Promise<Blob>): Promise<void> {
  const mine = ++turn
  const same = replay?.id === id && replay.state !== 'failed'
  stopSpurt()
  if (same) return
  put({ id, state: 'loading', at: 0, of: 0 })
  try {
    const url = URL.createObjectURL(await fetchIt())
    if (mine !== turn) return URL.revokeObjectURL(url)
    const player = new Audio(url)
    audio = player
    const seconds = () => (Number.isFinite(player.duration) ? player.duration : 0)
    player.ontimeupdate = () => mine === turn && put({ id, state: 'playing', at: player.currentTime, of: seconds() })
    player.onended = () => {
      URL.revokeObjectURL(url)
      if (mine === turn) put(null)
    }
    player.onerror = () => mine === turn && put({ id, state: 'failed', at: 0, of: 0 })
    await player.play()
    if (mine === turn) put({ id, state: 'playing', at: 0, of: seconds() })
  } catch (cause) {
    if (mine === turn) put({ id, state: 'failed', at: 0, of: 0, why: cause instanceof Error ? cause.message : String(cause) })
  }
}

export function seekSpurt(part: number): void {
  if (audio && Number.isFinite(audio.duration)) audio.currentTime = audio.duration * Math.max(0, Math.min(1, part))
}

export function stopSpurt(): void {
  if (audio) {
    audio.onended = null
    audio.onerror = null
    audio.ontimeupdate = null
    audio.pause()
    URL.revokeObjectURL(audio.src)
  }
  audio = null
  if (replay) put(null)
}

export function useReplaying(): Replay {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => replay,
  )
}
