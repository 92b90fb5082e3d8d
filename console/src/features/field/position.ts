import type { Point } from 'geojson'
import { useEffect } from 'react'
import { request } from '../../api/http'

const accurateMetres = 100
const standardSeconds = 60

/** Whether a place is worth telling: near enough to the truth, and due at the rate that the incident asks. */
export function isDue(accuracy: number, lastAt: number, now: number, everySeconds: number): boolean {
  return accuracy <= accurateMetres && now - lastAt >= everySeconds * 1_000
}

/** Tells where the unit is while on duty, as often as its incident asks; only where the person has allowed it, only while the page is seen. */
export function usePosition(unit: string | null, everySeconds: number = standardSeconds): void {
  useEffect(() => {
    if (unit === null || !navigator.geolocation) return
    let lastAt = 0
    const watch = navigator.geolocation.watchPosition(
      ({ coords, timestamp }) => {
        const now = Date.now()
        if (!isDue(coords.accuracy, lastAt, now, everySeconds)) return
        lastAt = now
        const place: Point = { type: 'Point', coordinates: [coords.longitude, coords.latitude] }
        // One that does not get through is old when the next is due: it is not sent again.
        request('POST', `/api/units/${encodeURIComponent(unit)}/position`, { body: { place, at: new Date(timestamp).toISOString() }, timeoutMs: 8_000 }).catch(() => {})
      },
      () => {},
      { enableHighAccuracy: everySeconds <= 20, maximumAge: everySeconds * 500, timeout: 30_000 },
    )
    return () => navigator.geolocation.clearWatch(watch)
  }, [unit, everySeconds])
}
