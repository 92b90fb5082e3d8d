import type { ExpressionSpecification, Map as MapView, SymbolLayerSpecification } from 'maplibre-gl'
import { colour } from '../tokens'
import { labelPaint, regular } from './style'

/** What responders look for on the map, each with its own sign on a 14 px grid: quiet, so that incidents and units lead. */
const signs: Record<string, string> = {
  hospital: 'M4.5 3v8M9.5 3v8M4.5 7h5',
  clinic: 'M7 3.5v7M3.5 7h7',
  doctors: 'M7 3.5v7M3.5 7h7',
  pharmacy: 'M3.5 4h7M3.5 4c0 3 1.5 4 3.5 4s3.5-1 3.5-4M7 8v3M5 11h4',
  police: 'M7 2.5l4 1.5v3c0 2.5-2 4-4 4.8C5 11 3 9.5 3 7V4z',
  fire_station: 'M7 2.500c.5 2 3 3 3 5.500a3 3 0 0 1-6 0c0-1 .5-1.7 1-2.2.3.8.7 1.2 1.2 1.200C6.7 5.5 6.2 4 7 2.5',
  ambulance_station: 'M7 3v8M3.5 5l7 4M3.5 9l7-4',
  water_rescue: 'M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8M7 5.500a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3',
  helipad: 'M7 2.500a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M5.5 5v4M8.5 5v4M5.5 7h3',
  fire_hydrant: 'M5 11.500V6a2 2 0 0 1 4 0v5.500M4 11.500h6M3.5 8h7',
  defibrillator: 'M7 11C4 8.5 3 7.3 3 5.700A2 2 0 0 1 7 5a2 2 0 0 1 4 .700C11 7.3 10 8.5 7 11',
  assembly_point: 'M7 3v3M7 11V8M3 7h3M11 7H8',
  school: 'M2.5 5.500L7 3.500l4.5 2L7 7.500zM4.5 6.500V9c1.5 1.3 3.5 1.3 5 0V6.5',
}
export const responderKinds = Object.keys(signs)

const size = 18
const ratio = 2

/** A rounded plate with the sign of one kind. */
export function addPlaceImages(map: MapView): void {
  for (const [kind, path] of Object.entries(signs)) {
    const element = document.createElement('canvas')
    element.width = element.height = size * ratio
    const context = element.getContext('2d')
    if (!context) return
    context.scale(ratio, ratio)
    context.beginPath()
    context.roundRect(1, 1, size - 2, size - 2, 4)
    context.fillStyle = colour('surface')
    context.fill()
    context.strokeStyle = colour('line-strong')
    context.lineWidth = 1
    context.stroke()
    context.translate(2, 2)
    context.lineWidth = 1.5
    context.lineCap = context.lineJoin = 'round'
    context.strokeStyle = colour('map-label')
    context.stroke(new Path2D(path))
    if (map.hasImage(`place-${kind}`)) map.removeImage(`place-${kind}`)
    map.addImage(`place-${kind}`, context.getImageData(0, 0, size * ratio, size * ratio), { pixelRatio: ratio })
  }
}

/** Names in the reader's language where the map has them. */
export function placeName(language: string): ExpressionSpecification {
  const tags = language.startsWith('zh') ? ['name:zh-Hans', 'name:zh'] : [`name:${language}`]
  return ['coalesce', ...tags.map((tag) => ['get', tag]), ['get', 'name'], ''] as unknown as ExpressionSpecification
}

export function placeLayer(language: string): SymbolLayerSpecification {
  return {
    id: 'places', type: 'symbol', source: 'city', 'source-layer': 'pois', minzoom: 12,
    filter: ['in', ['get', 'kind'], ['literal', responderKinds]],
    paint: { ...labelPaint('map-label'), 'text-halo-width': 1.4 },
    layout: {
      'icon-image': ['concat', 'place-', ['get', 'kind']], 'icon-padding': 1, 'symbol-sort-key': ['coalesce', ['get', 'min_zoom'], 15],
      'text-field': ['step', ['zoom'], '', 14, placeName(language)], 'text-font': regular, 'text-size': 10.5, 'text-optional': true, 'text-max-width': 8,
      'text-variable-anchor': ['top', 'left', 'right', 'bottom'], 'text-radial-offset': 1,
    },
  }
}
