import type { Geometry, Point, Position } from 'geojson'

/** `43.73110, 7.41970`: latitude first, five digits, as it is read aloud. */
export function coordinates(point: Point): string {
  const [longitude, latitude] = point.coordinates
  return `${(latitude ?? 0).toFixed(5)}, ${(longitude ?? 0).toFixed(5)}`
}

/** Reads `latitude, longitude` in degrees; null when it is not a place on earth. */
export function readCoordinates(text: string): Point | null {
  const match = /^\s*(-?\d{1,2}(?:[.]\d+)?)\s*°?\s*([NS])?\s*[,;\s]\s*(-?\d{1,3}(?:[.]\d+)?)\s*°?\s*([EWO])?\s*$/i.exec(text)
  if (!match) return null
  const latitude = Number(match[1]) * (match[2]?.toUpperCase() === 'S' ? -1 : 1)
  const longitude = Number(match[3]) * (/[WO]/i.test(match[4] ?? '') ? -1 : 1)
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null
  return { type: 'Point', coordinates: [longitude, latitude] }
}

/** Great-circle distance in metres (haversine, mean earth radius). */
export function metres(a: Point, b: Point): number {
  const rad = Math.PI / 180
  const [lonA = 0, latA = 0] = a.coordinates
  const [lonB = 0, latB = 0] = b.coordinates
  const h =
    Math.sin(((latB - latA) * rad) / 2) ** 2 +
    Math.cos(latA * rad) * Math.cos(latB * rad) * Math.sin(((lonB - lonA) * rad) / 2) ** 2
  return 2 * 6_371_008.8 * Math.asin(Math.sqrt(h))
}

export function distance(m: number, language: string): string {
  const [value, unit, digits] = m < 950 ? ([Math.round(m / 10) * 10, 'meter', 0] as const) : ([m / 1000, 'kilometer', m < 9_950 ? 1 : 0] as const)
  return new Intl.NumberFormat(`${language}-u-nu-latn`, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits }).format(value)
}

/** Whether a point lies in a polygon or multi-polygon (even-odd rule over all rings). */
export function inside(point: Point, area: Geometry): boolean {
  if (area.type === 'MultiPolygon') return area.coordinates.some((rings) => inRings(point, rings))
  return area.type === 'Polygon' && inRings(point, area.coordinates)
}

function inRings(point: Point, rings: Position[][]): boolean {
  const [x = 0, y = 0] = point.coordinates
  let within = false
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi = 0, yi = 0] = ring[i] ?? []
      const [xj = 0, yj = 0] = ring[j] ?? []
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within
    }
  }
  return within
}

/** West, south, east, north of any geometry; null when it has no point. */
export function bounds(geometries: Geometry[]): [number, number, number, number] | null {
  let box: [number, number, number, number] | null = null
  const visit = (coordinates: unknown): void => {
    if (!Array.isArray(coordinates)) return
    if (typeof coordinates[0] === 'number' && typeof coordinates[1] === 'number') {
      const [x, y] = coordinates as [number, number]
      box = box ? [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)] : [x, y, x, y]
    } else for (const each of coordinates) visit(each)
  }
  for (const geometry of geometries) if ('coordinates' in geometry) visit(geometry.coordinates)
  return box
}

/** The middle of an area's bounding box: good enough to place a call that names only a district. */
export function middle(area: Geometry): Point | null {
  const box = bounds([area])
  return box && { type: 'Point', coordinates: [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] }
}
