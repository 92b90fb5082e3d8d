import { useSyncExternalStore } from 'react'
import { type Draft, emptyDraft } from './incident'

export type DraftStore = { use: () => Draft; put: (change: Partial<Draft>) => void; clear: () => void }

/** What is being typed. It outlives its form: Esc or a look elsewhere lose nothing, and with a place to be kept no reload does. */
function draftStore(place: string | null): DraftStore {
  const listeners = new Set<() => void>()
  let draft = stored()

  function stored(): Draft {
    try {
      return place === null ? emptyDraft : { ...emptyDraft, ...(JSON.parse(sessionStorage.getItem(place) ?? '{}') as Partial<Draft>) }
    } catch {
      return emptyDraft
    }
  }
  const put = (change: Partial<Draft>) => {
    draft = { ...draft, ...change }
    try {
      if (place !== null) sessionStorage.setItem(place, JSON.stringify(draft))
    } catch {
      // Kept in memory then.
    }
    for (const listener of listeners) listener()
  }
  const listen = (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return { put, clear: () => put(emptyDraft), use: () => useSyncExternalStore(listen, () => draft) }
}

/** The call being taken. */
export const newCall = draftStore('conurb.draft')

/** The incident being edited. */
export const edited = draftStore(null)

export function isDraftEmpty(one: Draft): boolean {
  return Object.entries(emptyDraft).every(([name, value]) => one[name as keyof Draft] === value)
}
