import type { ExpressionSpecification, GeoJSONSource, Map as MapView } from 'maplibre-gl'
import { colour } from '../tokens'
import { bold, byProperty, labelPaint, regular } from './style'

export const ownSources = ['grid', 'districts', 'areas', 'links', 'cameras', 'units', 'incidents', 'marks', 'draft'] as const
export type OwnSource = (typeof ownSources)[number]

const points = ['==', ['geometry-type'], 'Point'] as ExpressionSpecification
const shapes = ['!=', ['geometry-type'], 'Point'] as ExpressionSpecification

/** Adds what the console draws over the ground. Called again after each change of style. */
export function addLayers(map: MapView, stateTokens: Record<string, string>): void {
  for (const id of ownSources) map.addSource(id, { type: 'geojson', data: { type: 'FeatureCollection', features: [] } })
  const levels = ['match', ['get', 'level'], 1, colour('sev-1'), 2, colour('sev-2'), 3, colour('sev-3'), colour('sev-4')] as unknown as ExpressionSpecification
  const warned = ['case', ['get', 'real'], levels, colour('test')] as unknown as ExpressionSpecification

  map.addLayer({ id: 'grid', type: 'line', source: 'grid', paint: { 'line-color': colour('line'), 'line-width': 1 } })
  map.addLayer({
    id: 'grid-labels', type: 'symbol', source: 'grid', paint: labelPaint('muted'),
    layout: { 'symbol-placement': 'line', 'symbol-spacing': 400, 'text-field': ['get', 'label'], 'text-font': regular, 'text-size': 10, 'text-keep-upright': true },
  })
  map.addLayer({ id: 'districts', type: 'line', source: 'districts', paint: { 'line-color': colour('line-strong'), 'line-width': 1, 'line-opacity': 0.55 } })
  map.addLayer({
    id: 'district-labels', type: 'symbol', source: 'districts', filter: points, maxzoom: 14.5, paint: { ...labelPaint('muted'), 'text-opacity': 0.9 },
    layout: { 'text-field': ['get', 'label'], 'text-font': bold, 'text-size': 12, 'text-letter-spacing': 0.06 },
  })
  map.addLayer({ id: 'areas-fill', type: 'fill', source: 'areas', filter: ['all', shapes, ['get', 'real']], paint: { 'fill-color': levels, 'fill-opacity': 0.1 } })
  map.addLayer({ id: 'areas', type: 'line', source: 'areas', filter: ['all', shapes, ['get', 'real']], paint: { 'line-color': levels, 'line-width': 1.6, 'line-dasharray': [4, 3] } })
  // What is not real has no fill, another colour and dots, and says so in words.
  map.addLayer({ id: 'areas-unreal', type: 'line', source: 'areas', filter: ['all', shapes, ['!', ['get', 'real']]], layout: { 'line-cap': 'round' }, paint: { 'line-color': colour('test'), 'line-width': 1.6, 'line-dasharray': [0.2, 3] } })
  map.addLayer({
    id: 'area-labels', type: 'symbol', source: 'areas', filter: points, paint: { 'text-color': warned, 'text-halo-color': colour('map-halo'), 'text-halo-width': 1.6 },
    // What it is about must never give way to other words; that it is only an exercise least of all.
    layout: { 'text-field': ['get', 'label'], 'text-font': bold, 'text-size': 11, 'text-anchor': 'bottom', 'text-offset': [0, -0.3], 'text-allow-overlap': true, 'text-ignore-placement': true },
  })
  map.addLayer({ id: 'links', type: 'line', source: 'links', layout: { 'line-cap': 'round' }, paint: { 'line-color': colour('state-assigned'), 'line-width': 2.5, 'line-dasharray': [0.3, 2.2] } })
  map.addLayer({
    id: 'incident-halo', type: 'circle', source: 'incidents', filter: ['get', 'selected'],
    paint: { 'circle-radius': 34, 'circle-color': colour('accent'), 'circle-opacity': 0.1, 'circle-stroke-color': colour('accent'), 'circle-stroke-opacity': 0.7, 'circle-stroke-width': 1.5 },
  })
  map.addLayer({
    id: 'cameras', type: 'symbol', source: 'cameras', minzoom: 11, paint: { ...labelPaint('muted'), 'icon-opacity': ['interpolate', ['linear'], ['zoom'], 11, 0.6, 13, 1] },
    layout: {
      'icon-image': ['get', 'image'], 'icon-rotate': ['get', 'turn'], 'icon-rotation-alignment': 'map', 'icon-size': ['interpolate', ['linear'], ['zoom'], 11, 0.55, 15, 1], 'icon-allow-overlap': true, 'icon-ignore-placement': true,
      'symbol-sort-key': ['-', 0, ['get', 'rank']], 'text-field': ['step', ['zoom'], '', 15, ['get', 'label']], 'text-font': regular, 'text-size': 10.5, 'text-anchor': 'top', 'text-offset': [0, 1], 'text-optional': true,
    },
  })
  map.addLayer({
    id: 'units-free', type: 'circle', source: 'units', filter: ['in', ['get', 'state'], ['literal', ['AVAILABLE', 'OUT_OF_SERVICE']]],
    paint: {
      'circle-color': ['case', ['get', 'stale'], colour('surface'), byProperty('state', stateTokens, 'muted')], 'circle-radius': ['interpolate', ['linear'], ['zoom'], 9, 3, 14, 6],
      'circle-stroke-color': ['case', ['get', 'stale'], byProperty('state', stateTokens, 'muted'), colour('map-halo')], 'circle-stroke-width': ['case', ['get', 'stale'], 2, 1.5],
    },
  })
  map.addLayer({
    id: 'units-free-labels', type: 'symbol', source: 'units', minzoom: 11, filter: ['in', ['get', 'state'], ['literal', ['AVAILABLE', 'OUT_OF_SERVICE']]],
    paint: labelPaint(), layout: { 'text-field': ['get', 'label'], 'text-font': regular, 'text-size': 10.5, 'text-anchor': 'left', 'text-offset': [0.8, 0], 'text-optional': true },
  })
  map.addLayer({
    id: 'incidents', type: 'symbol', source: 'incidents',
    paint: labelPaint(),
    layout: {
      'icon-image': ['get', 'image'], 'icon-allow-overlap': true, 'icon-ignore-placement': true, 'symbol-sort-key': ['-', ['get', 'level']],
      'text-field': ['get', 'label'], 'text-font': bold, 'text-size': 11.5, 'text-anchor': 'left', 'text-offset': [1.2, 0], 'text-optional': true,
    },
  })
  map.addLayer({
    id: 'units-busy', type: 'symbol', source: 'units', filter: ['!', ['in', ['get', 'state'], ['literal', ['AVAILABLE', 'OUT_OF_SERVICE']]]],
    paint: { 'text-color': ['case', ['get', 'stale'], colour('text'), colour('map-halo')] },
    layout: {
      'icon-image': ['concat', 'unit-', ['get', 'state'], ['case', ['get', 'stale'], '-stale', '']], 'text-offset': ['array', 'number', 2, ['get', 'offset']], 'icon-text-fit': 'both', 'icon-text-fit-padding': [1, 3, 1, 3], 'icon-allow-overlap': true, 'text-allow-overlap': true,
      'text-field': ['get', 'label'], 'text-font': bold, 'text-size': 11,
    },
  })
  map.addLayer({ id: 'marks-lines', type: 'line', source: 'marks', filter: shapes, paint: { 'line-color': colour('accent'), 'line-width': 2 } })
  map.addLayer({ id: 'marks', type: 'circle', source: 'marks', filter: points, paint: { 'circle-radius': 5, 'circle-color': colour('accent'), 'circle-stroke-color': colour('map-halo'), 'circle-stroke-width': 1.5 } })
  map.addLayer({ id: 'draft', type: 'circle', source: 'draft', paint: { 'circle-radius': 8, 'circle-color': colour('accent'), 'circle-stroke-color': colour('text'), 'circle-stroke-width': 2 } })
}

export function put(map: MapView, source: OwnSource, data: GeoJSON.FeatureCollection): void {
  map.getSource<GeoJSONSource>(source)?.setData(data)
}
