import type { Point } from 'geojson'
import { useSyncExternalStore } from 'react'
import { textNow } from '../../i18n'
import { showToast } from '../../ui'
import { radio } from './radio'

/** An emergency wants a second of holding, so that nobody raises it by brushing a key. */
export const holdMs = 1_000
const placeAgeMs = 60_000

let since: number | null = null
let timer: ReturnType<typeof setTimeout> | undefined
let place: Point | undefined
const listeners = new Set<() => void>()

function put(next: number | null): void {
  since = next
  for (const listener of listeners) listener()
}

export function beginEmergency(): void {
  if (since !== null) return
  void lookWhere()
  clearTimeout(timer)
  timer = setTimeout(() => {
    put(null)
    raise()
  }, holdMs)
  put(Date.now())
}

export function cancelEmergency(): void {
  clearTimeout(timer)
  if (since !== null) put(null)
}

function raise(): void {
  const t = textNow()
  const out = radio.emergency(place)
  showToast(out ? { tone: 'done', text: t('talk.emergencyRaised'), actions: [] } : { tone: 'failed', text: t('talk.emergencyFailed'), detail: t('talk.emergencyFailedDetail'), actions: [] }, out ? 6_000 : null)
}

/** Where this device is, if the person has allowed it before: nobody is asked in an emergency. A unit's own position the server knows. */
async function lookWhere(): Promise<void> {
  try {
    const allowed = await navigator.permissions.query({ name: 'geolocation' })
    if (allowed.state === 'granted') watchPlace((found) => { place = found })
  } catch {
    // No position is no reason to wait.
  }
}

function watchPlace(found: (place: Point) => void): void {
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => found({ type: 'Point', coordinates: [coords.longitude, coords.latitude] }),
    () => {},
    { enableHighAccuracy: true, maximumAge: placeAgeMs, timeout: holdMs },
  )
}

export function useEmergencyHold(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => since !== null,
  )
}
