import { useSyncExternalStore } from 'react'
import { type Draft, emptyDraft } from './incident'

/** The call being taken. It outlives the form: Esc, a look elsewhere or a reload lose nothing that was typed. */
const place = 'conurb.draft'
const listeners = new Set<() => void>()

function stored(): Draft {
  try {
    return { ...emptyDraft, ...(JSON.parse(sessionStorage.getItem(place) ?? '{}') as Partial<Draft>) }
  } catch {
    return emptyDraft
  }
}

let draft: Draft = typeof sessionStorage === 'undefined' ? emptyDraft : stored()

export function putDraft(change: Partial<Draft>): void {
  draft = { ...draft, ...change }
  try {
    sessionStorage.setItem(place, JSON.stringify(draft))
  } catch {
    // Kept in memory then.
  }
  for (const listener of listeners) listener()
}

export function clearDraft(): void {
  putDraft(emptyDraft)
}

export function useDraft(): Draft {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => draft,
  )
}

export function isDraftEmpty(one: Draft): boolean {
  return Object.entries(emptyDraft).every(([name, value]) => one[name as keyof Draft] === value)
}
