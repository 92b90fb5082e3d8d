import { type Flavor, DARK, LIGHT, layers } from '@protomaps/basemaps'
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl'
import { colour } from '../tokens'
import { placeLayer, placeName, responderKinds } from './places'

/** No glyph files exist: a style without `glyphs` lets MapLibre draw every label with the browser's own fonts. The first name carries the weight. */
export const regular = ['Label Regular', 'system-ui', 'Noto Sans', 'sans-serif']
export const bold = ['Label Bold', 'system-ui', 'Noto Sans', 'sans-serif']

/** The ground without a map: plain, so that the grid and what happens stand out. */
function ground(): LayerSpecification {
  return { id: 'background', type: 'background', paint: { 'background-color': colour('map-ground') } }
}

export function baseStyle(mapUrl: string | null, attribution: string, language: string): StyleSpecification {
  if (mapUrl === null) return { version: 8, sources: {}, layers: [ground()] }
  return {
    version: 8,
    sources: { city: { type: 'vector', url: `pmtiles://${mapUrl}`, attribution } },
    layers: cityLayers(language),
  }
}

function cityLayers(language: string): LayerSpecification[] {
  const drawn = layers('city', flavour(), { lang: language.startsWith('zh') ? 'zh-Hans' : language })
  const city = drawn
    .filter((layer) => !['roads_oneway', 'roads_shields', 'address_label', 'places_country', 'places_region'].includes(layer.id))
    .map((layer) => (layer.type === 'symbol' ? withoutSprites(layer as Extract<LayerSpecification, { type: 'symbol' }>, language) : (layer as LayerSpecification)))
  return [...city, placeLayer(language)]
}

function withoutSprites(layer: Extract<LayerSpecification, { type: 'symbol' }>, language: string): LayerSpecification {
  const layout = Object.fromEntries(Object.entries(layer.layout ?? {}).filter(([name]) => !name.startsWith('icon-')))
  const isPoi = layer.id === 'pois'
  return {
    ...layer,
    // Responders' places have a layer of their own.
    ...(isPoi ? { filter: ['all', layer.filter ?? true, ['!', ['in', ['get', 'kind'], ['literal', responderKinds]]]] as NonNullable<typeof layer.filter> } : {}),
    layout: {
      ...layout,
      // One name in one script: two scripts in one label come out garbled along a street.
      'text-field': placeName(language),
      // The city knows its own name; what is written large is what happens in it.
      ...(/^places_(locality|subplace)/.test(layer.id) ? { 'text-size': 12, 'text-transform': 'none' as const, 'text-letter-spacing': 0.04 } : {}),
      'text-font': /city|place|country|locality/.test(layer.id) ? bold : regular,
      ...(isPoi ? { 'text-size': 11, 'text-anchor': 'center', 'text-variable-anchor': ['center', 'top', 'bottom'], 'text-offset': [0, 0] } : {}),
    } as NonNullable<typeof layer.layout>,
    paint: isPoi
      ? { 'text-color': colour('map-label'), 'text-halo-color': colour('map-halo'), 'text-halo-width': 1.2, 'text-opacity': 0.85 }
      : (layer.paint ?? {}),
  }
}

/** Protomaps' flavour in our own colours: few, quiet ones, so that units and incidents are the brightest things. */
function flavour(): Flavor {
  const dark = getComputedStyle(document.documentElement).colorScheme.includes('dark')
  const base = dark ? DARK : LIGHT
  const [land, water, green, built, building, road, major, label, halo] = [
    'map-ground', 'map-water', 'map-green', 'map-built', 'map-building', 'map-road', 'map-road-major', 'map-label', 'map-halo',
  ].map(colour) as [string, string, string, string, string, string, string, string, string]
  const casing = dark ? land : colour('line')
  const painted: Partial<Record<keyof Flavor, string>> = {}
  for (const name of Object.keys(base) as (keyof Flavor)[]) {
    if (typeof base[name] !== 'string') continue
    if (/casing/.test(name)) painted[name] = casing
    else if (/_halo$/.test(name)) painted[name] = halo
    else if (/_label/.test(name)) painted[name] = label
    else if (/highway|major/.test(name)) painted[name] = major
    else if (/minor|link|other|railway|pier|runway/.test(name)) painted[name] = road
    else if (/park|wood|scrub|zoo|sand|beach|glacier/.test(name)) painted[name] = green
    else if (/hospital|school|industrial|pedestrian|aerodrome|military/.test(name)) painted[name] = built
  }
  const flavourColours = {
    ...base,
    ...painted,
    background: land, earth: land, water, buildings: building, boundaries: label, ocean_label: label,
  } as Flavor
  // Natural land cover of small scales would flood a city view with flat colour.
  delete (flavourColours as Partial<Flavor>).landcover
  return flavourColours
}

/** Text with the halo of the present theme. */
export function labelPaint(token = 'text') {
  return { 'text-color': colour(token), 'text-halo-color': colour('map-halo'), 'text-halo-width': 1.6 }
}

/** Picks a token's colour by a feature's property. */
export function byProperty(property: string, tokens: Record<string, string>, otherwise: string): ExpressionSpecification {
  return ['match', ['get', property], ...Object.entries(tokens).flatMap(([value, token]) => [value, colour(token)]), colour(otherwise)] as unknown as ExpressionSpecification
}
