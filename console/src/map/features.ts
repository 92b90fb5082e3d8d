import type { Feature, FeatureCollection, Geometry, Point } from 'geojson'
import { bounds, metres, middle } from '../format'

/** What the map shows. It knows no feature of the console: places, signs and words come in. */
export type MapUnit = { id: string; label: string; state: string; place: Point; stale: boolean }
export type MapIncident = { id: string; label: string; level: number; place: Point }
export type MapArea = { id: string; label: string; level: number; real: boolean; area: Geometry }
/** `heading`: degrees clockwise from north, where it is known. */
export type MapCamera = { id: string; label: string; sign: string; place: Point; heading: number | null }
export type MapDistrict = { id: string; label: string; area: Geometry }

const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features })

/** Units this near to each other stand in one yard: free ones are named together, busy ones one below the other. */
const crowdMetres = 60
const free = (unit: MapUnit) => unit.state === 'AVAILABLE' || unit.state === 'OUT_OF_SERVICE'

export function unitFeatures(units: readonly MapUnit[]): FeatureCollection {
  const crowds: [MapUnit, ...MapUnit[]][] = []
  // Among very many, units are told apart by looking closer; comparing all with all would take too long.
  for (const unit of units) {
    const crowd = units.length > 500 ? undefined : crowds.find(([first]) => free(first) === free(unit) && metres(first.place, unit.place) < crowdMetres)
    if (crowd) crowd.push(unit)
    else crowds.push([unit])
  }
  return collection(
    crowds.flatMap((crowd) =>
      crowd.map(({ place, ...properties }, at) => {
        const label = !free(crowd[0]) ? properties.label : at === 0 ? crowd.map((one) => one.label).join(' ') : ''
        return { type: 'Feature' as const, geometry: place, properties: { ...properties, label, offset: [0, at * 1.7] } }
      }),
    ),
  )
}

export function cameraFeatures(cameras: readonly MapCamera[]): FeatureCollection {
  return collection(cameras.map(({ place, heading, ...one }) => ({
    type: 'Feature', geometry: place,
    properties: { ...one, image: `camera-${one.sign}${heading === null ? '' : '-facing'}`, turn: heading ?? 0, rank: one.sign === 'lost' ? 0 : 1 },
  })))
}

export function incidentFeatures(incidents: readonly MapIncident[], selected: string | null): FeatureCollection {
  return collection(incidents.map(({ place, ...one }) => ({ type: 'Feature', geometry: place, properties: { ...one, image: `incident-${one.level}`, selected: one.id === selected } })))
}

/** `named` says where the name stands: amid the area, or over its northern edge, out of the way of what happens inside. */
export function areaFeatures(areas: readonly (MapArea | MapDistrict)[], named: 'amid' | 'over'): FeatureCollection {
  return collection(areas.flatMap(({ area, ...properties }) => labelled(area, properties, named)))
}

/** The area, and a point that carries its name: a polygon cut by tiles would be named once in each. */
function labelled(area: Geometry, properties: Record<string, unknown>, named: 'amid' | 'over'): Feature[] {
  const box = bounds([area])
  const centre: Point | null = named === 'amid' ? middle(area) : box && { type: 'Point', coordinates: [(box[0] + box[2]) / 2, box[3]] }
  return [{ type: 'Feature', geometry: area, properties }, ...(centre ? [{ type: 'Feature' as const, geometry: centre, properties }] : [])]
}

/** Bare places. */
export function markFeatures(places: readonly Geometry[]): FeatureCollection {
  return collection(places.map((geometry) => ({ type: 'Feature', geometry, properties: {} })))
}

/** Lines from the selected incident to the units sent to it. */
export function linkFeatures(incident: Point | null, units: readonly Point[]): FeatureCollection {
  return collection(
    incident === null ? []
    : units.map((unit) => ({ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: [unit.coordinates, incident.coordinates] } })),
  )
}
