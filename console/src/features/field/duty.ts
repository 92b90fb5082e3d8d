import { useSyncExternalStore } from 'react'

/** As what one is on duty in this browser: a unit, or only oneself at one's seat (null). Absent: not on duty. */
export type Duty = { person: string; unit: string | null }

const place = 'conurb.field'
const listeners = new Set<() => void>()

function stored(): Duty | null {
  try {
    const kept = JSON.parse(localStorage.getItem(place) ?? 'null') as Partial<Duty> | null
    return kept && typeof kept.person === 'string' && (kept.unit === null || typeof kept.unit === 'string') ? { person: kept.person, unit: kept.unit } : null
  } catch {
    return null
  }
}

let duty = typeof localStorage === 'undefined' ? null : stored()

export function goOnDuty(next: Duty | null): void {
  duty = next
  try {
    if (next) localStorage.setItem(place, JSON.stringify(next))
    else localStorage.removeItem(place)
  } catch {
    // It holds until the page is closed.
  }
  for (const listener of listeners) listener()
}

export function useDuty(person: string): Duty | null {
  const now = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => duty,
  )
  // Who signs in after somebody else on the same phone chooses anew.
  return now?.person === person ? now : null
}
