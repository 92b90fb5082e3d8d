import type { Point } from 'geojson'
import type { Camera, City } from '../../api/types'
import { inside, metres } from '../../format'

/** How a camera is, as people are told: what should be recorded and is not is `lost`, whatever the recorder calls it. */
export type CameraSigns = 'recording' | 'live' | 'connecting' | 'lost' | 'off'

export function signOf(camera: Camera): CameraSigns {
  if (camera.state === 'recording') return camera.record ? 'recording' : 'live'
  if (camera.state === 'off') return camera.record ? 'lost' : 'off'
  return camera.state === 'stalled' ? 'lost' : 'connecting'
}

/** Cameras that should be on disk now and are not: the longest first. */
export function notRecording(cameras: readonly Camera[]): Camera[] {
  return cameras.filter((one) => one.record && one.state !== 'recording').sort((a, b) => Date.parse(a.stateSince) - Date.parse(b.stateSince))
}

export type Near = { camera: Camera; metres: number }

/** The nearest cameras within sight of a place, nearest first. */
export function nearest(cameras: readonly Camera[], place: Point, most: number, withinMetres: number): Near[] {
  return cameras
    .map((camera) => ({ camera, metres: metres(camera.place, place) }))
    .filter((one) => one.metres <= withinMetres)
    .sort((a, b) => a.metres - b.metres)
    .slice(0, most)
}

export function districtOf(camera: Camera, city: Pick<City, 'districts'>): string | null {
  return city.districts.find((one) => inside(camera.place, one.area))?.id ?? null
}

/** The part of a camera’s URN that an address of the console carries. */
export function shortId(id: string): string {
  return id.slice(id.lastIndexOf(':') + 1)
}

export function longId(id: string): string {
  return id.startsWith('urn:') ? id : `urn:ngsi-ld:Camera:${id}`
}
